---- MODULE Properties ----
\* sextant-canary 4fc36735-f351-4963-a9fb-d7851561d12b
\* What the lock is for, and what a claim is worth.
EXTENDS Naturals

CONSTANTS Threads, Triers

VARIABLE view

Holds(t) == view.status[t] = "holding"
Claims(t) == view.claim = t

\* One thread at a time has a guard, and there is one exactly while the lock is locked.
MutualExclusion ==
    /\ [](\A t, u \in Threads : Holds(t) /\ Holds(u) => t = u)
    /\ [](view.locked <=> \E t \in Threads : Holds(t))

\* A claim is made on a lock that is held and not yet claimed, after two failed rounds.
ClaimIsEarned ==
    [][\A t \in Threads : ~Claims(t) /\ view'.claim = t
        => /\ view.locked
           /\ view.claim = "none"
           /\ view.status[t] = "spinning"
           /\ view.misses[t] = 2]_view

\* Nobody takes a lock that another claims.
ClaimIsRespected ==
    [][\A t \in Threads : ~Holds(t) /\ view'.status[t] = "holding"
        => view.claim \in {"none", t}]_view

\* A claim ends when the lock is taken on it, and only then.
ClaimIsUsed ==
    [][\A t \in Threads : Claims(t) => (view'.claim = t <=> view'.status[t] # "holding")]_view

\* Whoever claims the lock gets it.
ClaimLeadsToLock == \A t \in Threads : Claims(t) ~> Holds(t)

\* A free lock for which somebody waits is taken.
WaitersTakeIt ==
    (~view.locked /\ \E t \in Threads : view.status[t] = "spinning") ~> view.locked
====

---- MODULE Properties ----
\* sextant-canary 61932dd8-fdac-4ea0-81bb-51c3333a412e
\* What the lock is for, and what its two calls promise.

CONSTANTS Threads, Triers

VARIABLE view

Holds(t) == view.status[t] = "holding"
Spins(t) == view.status[t] = "spinning"

\* One thread at a time has a guard.
MutualExclusion == [](\A t, u \in Threads : Holds(t) /\ Holds(u) => t = u)

\* The flag says whether there is a guard.
LockedIsHeld == [](view.locked <=> \E t \in Threads : Holds(t))

\* `lock` does not give up.
LockNeverFails ==
    [][\A t \in Threads : Spins(t) => view'.status[t] \in {"spinning", "holding"}]_view

\* `try_lock` is refused only while the lock is held, and leaves it as it is.
RefusedForCause ==
    [][\A t \in Threads :
        view.status[t] # "refused" /\ view'.status[t] = "refused"
            => view.locked /\ view'.locked]_view

\* No guard is kept for ever.
GuardIsDropped == \A t \in Threads : Holds(t) ~> ~Holds(t)

\* A free lock for which somebody waits is taken.
WaitersTakeIt == (~view.locked /\ \E t \in Threads : Spins(t)) ~> view.locked
====

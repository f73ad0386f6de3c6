---- MODULE Spec ----
\* Wrong: who takes the lock keeps the count of failed rounds.
EXTENDS Naturals

CONSTANTS
    Threads,    \* who uses the lock
    Triers      \* those of them who also call try_lock

VARIABLES
    locked,     \* the lowest bit of the word
    claim,      \* the rest of the word
    status,     \* what each thread is doing
    misses      \* the rounds that have failed, for each thread

vars == <<locked, claim, status, misses>>

Patience == 2
Nobody == "none"

Init ==
    /\ locked = FALSE
    /\ claim = Nobody
    /\ status = [t \in Threads |-> "idle"]
    /\ misses = [t \in Threads |-> 0]

\* The thread is in no call and has no guard.
CanCall(t) == status[t] \in {"idle", "refused"}

\* The thread may take the lock.
OpenTo(t) == ~locked /\ claim \in {Nobody, t}

\* With the lock, the claim to it is gone.
Take(t) ==
    /\ OpenTo(t)
    /\ locked' = TRUE
    /\ claim' = Nobody
    /\ status' = [status EXCEPT ![t] = "holding"]
    /\ UNCHANGED misses

Lock(t) ==
    /\ CanCall(t)
    /\ status' = [status EXCEPT ![t] = "spinning"]
    /\ misses' = [misses EXCEPT ![t] = 0]
    /\ UNCHANGED <<locked, claim>>

Acquire(t) ==
    /\ status[t] = "spinning"
    /\ Take(t)

Miss(t) ==
    /\ status[t] = "spinning"
    /\ ~OpenTo(t)
    /\ misses[t] < Patience
    /\ misses' = [misses EXCEPT ![t] = @ + 1]
    /\ UNCHANGED <<locked, claim, status>>

\* A free lock is taken instead, and a claimed one cannot be claimed.
Claim(t) ==
    /\ status[t] = "spinning"
    /\ misses[t] = Patience
    /\ locked
    /\ claim = Nobody
    /\ claim' = t
    /\ UNCHANGED <<locked, status, misses>>

TryLock(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ Take(t)

Refuse(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ ~OpenTo(t)
    /\ status' = [status EXCEPT ![t] = "refused"]
    /\ UNCHANGED <<locked, claim, misses>>

Release(t) ==
    /\ status[t] = "holding"
    /\ locked' = FALSE
    /\ status' = [status EXCEPT ![t] = "idle"]
    /\ UNCHANGED <<claim, misses>>

Next == \E t \in Threads :
    \/ Lock(t) \/ Acquire(t) \/ Miss(t) \/ Claim(t)
    \/ TryLock(t) \/ Refuse(t)
    \/ Release(t)

\* Whoever waits goes on with its rounds, and every guard is dropped. Nobody has to call.
Fairness == \A t \in Threads :
    WF_vars(Acquire(t)) /\ WF_vars(Miss(t)) /\ WF_vars(Claim(t)) /\ WF_vars(Release(t))

Spec == Init /\ [][Next]_vars /\ Fairness

View == [locked |-> locked, claim |-> claim, status |-> status, misses |-> misses]
====

---- MODULE Spec ----
\* Wrong: `try_lock` may be refused although the lock is free.
EXTENDS Naturals

CONSTANTS
    Threads,    \* who uses the lock
    Triers      \* those of them who also call try_lock

VARIABLES
    locked,     \* the flag in memory
    status      \* what each thread is doing

vars == <<locked, status>>

Init ==
    /\ locked = FALSE
    /\ status = [t \in Threads |-> "idle"]

\* The thread is in no call and has no guard.
CanCall(t) == status[t] \in {"idle", "refused"}

\* The exchange finds the lock free.
Take(t) ==
    /\ ~locked
    /\ locked' = TRUE
    /\ status' = [status EXCEPT ![t] = "holding"]

Lock(t) ==
    /\ CanCall(t)
    /\ status' = [status EXCEPT ![t] = "spinning"]
    /\ UNCHANGED locked

Acquire(t) ==
    /\ status[t] = "spinning"
    /\ Take(t)

TryLock(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ Take(t)

Refuse(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ status' = [status EXCEPT ![t] = "refused"]
    /\ UNCHANGED locked

Release(t) ==
    /\ status[t] = "holding"
    /\ locked' = FALSE
    /\ status' = [status EXCEPT ![t] = "idle"]

Next == \E t \in Threads :
    Lock(t) \/ Acquire(t) \/ TryLock(t) \/ Refuse(t) \/ Release(t)

\* Whoever waits goes on trying, and every guard is dropped. Nobody has to call.
Fairness == \A t \in Threads : WF_vars(Acquire(t)) /\ WF_vars(Release(t))

Spec == Init /\ [][Next]_vars /\ Fairness

View == [locked |-> locked, status |-> status]
====

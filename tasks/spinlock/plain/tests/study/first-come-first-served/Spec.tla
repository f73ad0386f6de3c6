---- MODULE Spec ----
\* Waiting threads are served in the order of their calls. An expert would ask where the code has a
\* queue: each single step looks right, but whole runs do not.
EXTENDS Naturals, Sequences

CONSTANTS
    Threads,    \* who uses the lock
    Triers      \* those of them who also call try_lock

VARIABLES
    locked,     \* the flag in memory
    status,     \* what each thread is doing
    queue       \* who waits, the first one first

vars == <<locked, status, queue>>

Init ==
    /\ locked = FALSE
    /\ status = [t \in Threads |-> "idle"]
    /\ queue = <<>>

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
    /\ queue' = Append(queue, t)
    /\ UNCHANGED locked

Acquire(t) ==
    /\ status[t] = "spinning"
    /\ Head(queue) = t
    /\ queue' = Tail(queue)
    /\ Take(t)

TryLock(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ Take(t)
    /\ UNCHANGED queue

Refuse(t) ==
    /\ t \in Triers
    /\ CanCall(t)
    /\ locked
    /\ status' = [status EXCEPT ![t] = "refused"]
    /\ UNCHANGED <<locked, queue>>

Release(t) ==
    /\ status[t] = "holding"
    /\ locked' = FALSE
    /\ status' = [status EXCEPT ![t] = "idle"]
    /\ UNCHANGED queue

Next == \E t \in Threads :
    Lock(t) \/ Acquire(t) \/ TryLock(t) \/ Refuse(t) \/ Release(t)

\* Whoever waits goes on trying, and every guard is dropped. Nobody has to call.
Fairness == \A t \in Threads : WF_vars(Acquire(t)) /\ WF_vars(Release(t))

Spec == Init /\ [][Next]_vars /\ Fairness

View == [locked |-> locked, status |-> status]
====

---- MODULE Spec ----
\* Any action may do anything to the flag and to its own thread. An expert would call it hardly a model: it knows who moves and nothing else.
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

Anything(t) ==
    /\ locked' \in BOOLEAN
    /\ \E s \in {"idle", "spinning", "holding", "refused"} : status' = [status EXCEPT ![t] = s]

Lock(t) == Anything(t)
Acquire(t) == Anything(t)
TryLock(t) == Anything(t)
Refuse(t) == Anything(t)
Release(t) == Anything(t)

Next == \E t \in Threads :
    Lock(t) \/ Acquire(t) \/ TryLock(t) \/ Refuse(t) \/ Release(t)

Spec == Init /\ [][Next]_vars

View == [locked |-> locked, status |-> status]
====

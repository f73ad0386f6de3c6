---- MODULE Spec ----
\* The start is right, and nothing ever happens. An expert would call it a type declaration.
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

Lock(t) == FALSE
Acquire(t) == FALSE
TryLock(t) == FALSE
Refuse(t) == FALSE
Release(t) == FALSE

Next == UNCHANGED vars

Spec == Init /\ [][Next]_vars

View == [locked |-> locked, status |-> status]
====

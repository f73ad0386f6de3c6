---- MODULE Spec ----
\* The start is right, and nothing ever happens. An expert would call it a type declaration.
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

Lock(t) == FALSE
Acquire(t) == FALSE
Miss(t) == FALSE
Claim(t) == FALSE
TryLock(t) == FALSE
Refuse(t) == FALSE
Release(t) == FALSE

Next == UNCHANGED vars

Spec == Init /\ [][Next]_vars

View == [locked |-> locked, claim |-> claim, status |-> status, misses |-> misses]
====

---- MODULE Spec ----
\* Any action may do anything to the word and to its thread, which counts rounds only while it waits. An
\* expert would call it no model at all.
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

Anything(t) ==
    /\ locked' \in BOOLEAN
    /\ claim' \in {claim, Nobody, t}
    /\ \E s \in {"idle", "spinning", "holding", "refused"}, n \in 0 .. Patience :
        /\ n > 0 => s = "spinning"
        /\ status' = [status EXCEPT ![t] = s]
        /\ misses' = [misses EXCEPT ![t] = n]

Lock(t) == Anything(t)
Acquire(t) == Anything(t)
Miss(t) == Anything(t)
Claim(t) == Anything(t)
TryLock(t) == Anything(t)
Refuse(t) == Anything(t)
Release(t) == Anything(t)

Next == \E t \in Threads :
    \/ Lock(t) \/ Acquire(t) \/ Miss(t) \/ Claim(t)
    \/ TryLock(t) \/ Refuse(t)
    \/ Release(t)

Spec == Init /\ [][Next]_vars

View == [locked |-> locked, claim |-> claim, status |-> status, misses |-> misses]
====

---- MODULE Spec ----
\* Any action may lead from anything that can be seen to anything else. An expert would call it no model at all.

CONSTANTS
    Threads,    \* who uses the lock
    Triers      \* those of them who also call try_lock

VARIABLE seen   \* what is seen

Plausible ==
    {o \in [locked : BOOLEAN, status : [Threads -> {"idle", "spinning", "holding", "refused"}]] :
        /\ o.locked <=> \E t \in Threads : o.status[t] = "holding"
        /\ \A t, u \in Threads : o.status[t] = "holding" /\ o.status[u] = "holding" => t = u}

Init == seen = [locked |-> FALSE, status |-> [t \in Threads |-> "idle"]]

Anything == seen' \in Plausible

Lock(t) == Anything
Acquire(t) == Anything
TryLock(t) == Anything
Refuse(t) == Anything
Release(t) == Anything

Next == Anything

Spec == Init /\ [][Next]_seen

View == seen
====

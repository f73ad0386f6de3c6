---- MODULE Spec ----
\* Any action may lead from anything that can be seen to anything else. An expert would call it no model at all.
EXTENDS Naturals

CONSTANTS
    Threads,    \* who uses the lock
    Triers      \* those of them who also call try_lock

VARIABLE seen   \* what is seen

Patience == 2

\* What is seen of one thread: a thread in no call has missed nothing.
OfThread(t) ==
    {<<"idle", 0>>, <<"holding", 0>>} \cup ({"spinning"} \X (0 .. Patience))
        \cup (IF t \in Triers THEN {<<"refused", 0>>} ELSE {})

Threadwise == {f \in [Threads -> UNION {OfThread(t) : t \in Threads}] :
    /\ \A t \in Threads : f[t] \in OfThread(t)
    /\ \A t, u \in Threads : f[t][1] = "holding" /\ f[u][1] = "holding" => t = u}

Plausible == UNION {
    {[locked |-> \E t \in Threads : f[t][1] = "holding",
      claim |-> c,
      status |-> [t \in Threads |-> f[t][1]],
      misses |-> [t \in Threads |-> f[t][2]]] :
        c \in {"none"} \cup {t \in Threads : f[t] = <<"spinning", Patience>>}} : f \in Threadwise}

Init == seen = [
    locked |-> FALSE,
    claim |-> "none",
    status |-> [t \in Threads |-> "idle"],
    misses |-> [t \in Threads |-> 0]]

Anything == seen' \in Plausible

Lock(t) == Anything
Acquire(t) == Anything
Miss(t) == Anything
Claim(t) == Anything
TryLock(t) == Anything
Refuse(t) == Anything
Release(t) == Anything

Next == Anything

Spec == Init /\ [][Next]_seen

View == seen
====

---- MODULE Spec ----
\* Wrong: a pop goes on although the queue is empty.
EXTENDS Naturals

CONSTANTS
    Values,     \* what may be pushed
    Size        \* how many slots there are

VARIABLES head, tail, slots, producer, pushing, consumer, popping

vars == <<head, tail, slots, producer, pushing, consumer, popping>>

Nothing == 0
After(index) == (index + 1) % Size

Init ==
    /\ head = 0
    /\ tail = 0
    /\ slots = [i \in 0 .. Size - 1 |-> Nothing]
    /\ producer = "idle"
    /\ pushing = Nothing
    /\ consumer = "idle"
    /\ popping = Nothing

--------------------------------------------------------------------------------
\* The producer

CanPush == producer \in {"idle", "full"}

PushFull(v) ==
    /\ CanPush
    /\ After(tail) = head
    /\ producer' = "full"
    /\ UNCHANGED <<head, tail, slots, pushing, consumer, popping>>

PushRoom(v) ==
    /\ CanPush
    /\ After(tail) # head
    /\ producer' = "writing"
    /\ pushing' = v
    /\ UNCHANGED <<head, tail, slots, consumer, popping>>

Write(v) ==
    /\ producer = "writing"
    /\ v = pushing
    /\ slots' = [slots EXCEPT ![tail] = v]
    /\ producer' = "publishing"
    /\ pushing' = Nothing
    /\ UNCHANGED <<head, tail, consumer, popping>>

Publish ==
    /\ producer = "publishing"
    /\ tail' = After(tail)
    /\ producer' = "idle"
    /\ UNCHANGED <<head, slots, pushing, consumer, popping>>

--------------------------------------------------------------------------------
\* The consumer

CanPop == consumer \in {"idle", "empty"}

PopEmpty ==
    /\ CanPop
    /\ head = tail
    /\ consumer' = "empty"
    /\ UNCHANGED <<head, tail, slots, producer, pushing, popping>>

PopFound ==
    /\ CanPop
    /\ consumer' = "reading"
    /\ UNCHANGED <<head, tail, slots, producer, pushing, popping>>

Take ==
    /\ consumer = "reading"
    /\ popping' = slots[head]
    /\ slots' = [slots EXCEPT ![head] = Nothing]
    /\ consumer' = "releasing"
    /\ UNCHANGED <<head, tail, producer, pushing>>

Release ==
    /\ consumer = "releasing"
    /\ head' = After(head)
    /\ consumer' = "idle"
    /\ popping' = Nothing
    /\ UNCHANGED <<tail, slots, producer, pushing>>

--------------------------------------------------------------------------------

Next ==
    \/ \E v \in Values : PushFull(v) \/ PushRoom(v) \/ Write(v)
    \/ Publish
    \/ PopEmpty \/ PopFound \/ Take \/ Release

\* Calls come to their end, and the consumer pops again and again. Nobody has to push.
Fairness ==
    /\ WF_vars(\E v \in Values : Write(v))
    /\ WF_vars(Publish)
    /\ WF_vars(PopEmpty \/ PopFound)
    /\ WF_vars(Take)
    /\ WF_vars(Release)

Spec == Init /\ [][Next]_vars /\ Fairness

View == [
    head |-> head,
    tail |-> tail,
    slots |-> slots,
    producer |-> producer,
    pushing |-> pushing,
    consumer |-> consumer,
    popping |-> popping
]
====

---- MODULE Spec ----
\* Counts the values and fills every slot, as a queue with a counter would; an expert would say that
\* this code tells full from empty by the free slot.
EXTENDS Naturals

CONSTANTS
    Values,     \* what may be pushed
    Size        \* how many slots there are

VARIABLES head, tail, count, slots, producer, pushing, consumer, popping

vars == <<head, tail, count, slots, producer, pushing, consumer, popping>>

Nothing == 0
After(index) == (index + 1) % Size

Init ==
    /\ head = 0
    /\ tail = 0
    /\ count = 0
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
    /\ count = Size
    /\ producer' = "full"
    /\ UNCHANGED <<head, tail, count, slots, pushing, consumer, popping>>

PushRoom(v) ==
    /\ CanPush
    /\ count < Size
    /\ producer' = "writing"
    /\ pushing' = v
    /\ UNCHANGED <<head, tail, count, slots, consumer, popping>>

Write(v) ==
    /\ producer = "writing"
    /\ v = pushing
    /\ slots' = [slots EXCEPT ![tail] = v]
    /\ producer' = "publishing"
    /\ pushing' = Nothing
    /\ UNCHANGED <<head, tail, count, consumer, popping>>

Publish ==
    /\ producer = "publishing"
    /\ tail' = After(tail)
    /\ count' = count + 1
    /\ producer' = "idle"
    /\ UNCHANGED <<head, slots, pushing, consumer, popping>>

--------------------------------------------------------------------------------
\* The consumer

CanPop == consumer \in {"idle", "empty"}

PopEmpty ==
    /\ CanPop
    /\ count = 0
    /\ consumer' = "empty"
    /\ UNCHANGED <<head, tail, count, slots, producer, pushing, popping>>

PopFound ==
    /\ CanPop
    /\ count > 0
    /\ consumer' = "reading"
    /\ UNCHANGED <<head, tail, count, slots, producer, pushing, popping>>

Take ==
    /\ consumer = "reading"
    /\ popping' = slots[head]
    /\ slots' = [slots EXCEPT ![head] = Nothing]
    /\ consumer' = "releasing"
    /\ UNCHANGED <<head, tail, count, producer, pushing>>

Release ==
    /\ consumer = "releasing"
    /\ head' = After(head)
    /\ count' = count - 1
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

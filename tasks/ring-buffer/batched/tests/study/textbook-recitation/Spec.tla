---- MODULE Spec ----
\* Lamport's queue fitted to the interface, with each index read and written by every call; an expert
\* would say that this is the textbook, not the code.
EXTENDS Naturals

CONSTANTS
    Values,     \* what may be pushed
    Size        \* how many slots there are

VARIABLES
    head, tail, slots,                          \* the ring
    producer, pushing, ownTail, seenHead,       \* the producer, and what its handle carries
    consumer, popping, ownHead, seenTail        \* the consumer, and what its handle carries

ring == <<head, tail, slots>>
producing == <<producer, pushing, ownTail, seenHead>>
consuming == <<consumer, popping, ownHead, seenTail>>
vars == <<ring, producing, consuming>>

Nothing == 0
After(index) == (index + 1) % Size

Init ==
    /\ head = 0
    /\ tail = 0
    /\ slots = [i \in 0 .. Size - 1 |-> Nothing]
    /\ producer = "idle"
    /\ pushing = Nothing
    /\ ownTail = 0
    /\ seenHead = 0
    /\ consumer = "idle"
    /\ popping = Nothing
    /\ ownHead = 0
    /\ seenTail = 0

--------------------------------------------------------------------------------
\* The producer

CanPush == producer \in {"idle", "full"}

PushFull(v) ==
    /\ CanPush
    /\ After(ownTail) = head
    /\ seenHead' = head
    /\ producer' = "full"
    /\ UNCHANGED <<ring, pushing, ownTail, consuming>>

PushRoom(v) ==
    /\ CanPush
    /\ After(ownTail) # head
    /\ seenHead' = head
    /\ producer' = "writing"
    /\ pushing' = v
    /\ UNCHANGED <<ring, ownTail, consuming>>

Write(v) ==
    /\ producer = "writing"
    /\ v = pushing
    /\ slots' = [slots EXCEPT ![ownTail] = v]
    /\ ownTail' = After(ownTail)
    /\ pushing' = Nothing
    /\ producer' = "publishing"
    /\ UNCHANGED <<head, tail, seenHead, consuming>>

Publish ==
    /\ producer = "publishing"
    /\ tail' = ownTail
    /\ producer' = "idle"
    /\ UNCHANGED <<head, slots, pushing, ownTail, seenHead, consuming>>

\* A push publishes its value itself; a flush may hasten that.
Flush ==
    /\ producer = "publishing"
    /\ tail' = ownTail
    /\ producer' = "idle"
    /\ UNCHANGED <<head, slots, pushing, ownTail, seenHead, consuming>>

--------------------------------------------------------------------------------
\* The consumer

CanPop == consumer \in {"idle", "empty"}

PopEmpty ==
    /\ CanPop
    /\ ownHead = tail
    /\ seenTail' = tail
    /\ consumer' = "empty"
    /\ UNCHANGED <<ring, producing, popping, ownHead>>

PopFound ==
    /\ CanPop
    /\ ownHead # tail
    /\ seenTail' = tail
    /\ consumer' = "reading"
    /\ UNCHANGED <<ring, producing, popping, ownHead>>

Take ==
    /\ consumer = "reading"
    /\ slots' = [slots EXCEPT ![ownHead] = Nothing]
    /\ ownHead' = After(ownHead)
    /\ UNCHANGED <<head, tail, producing, seenTail>>
    /\ consumer' = "releasing"
    /\ popping' = slots[ownHead]

Release ==
    /\ consumer = "releasing"
    /\ head' = ownHead
    /\ consumer' = "idle"
    /\ popping' = Nothing
    /\ UNCHANGED <<tail, slots, producing, ownHead, seenTail>>

--------------------------------------------------------------------------------

Next ==
    \/ \E v \in Values : PushFull(v) \/ PushRoom(v) \/ Write(v)
    \/ Publish \/ Flush
    \/ PopEmpty \/ PopFound \/ Take \/ Release

\* Calls come to their end, and the consumer pops and the producer flushes again and again. Nobody
\* has to push.
Fairness ==
    /\ WF_vars(producer = "writing" /\ \E v \in Values : Write(v))
    /\ WF_vars(Publish)
    /\ WF_vars(Flush)
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
    ownTail |-> ownTail,
    seenHead |-> seenHead,
    consumer |-> consumer,
    popping |-> popping,
    ownHead |-> ownHead,
    seenTail |-> seenTail
]
====

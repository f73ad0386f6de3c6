---- MODULE Spec ----
\* Wrong: a flush publishes a slot that was not filled.
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
Batch == 2
After(index) == (index + 1) % Size

\* The producer's handle also counts what is unpublished; that follows from the indices.
Unpublished == (ownTail + Size - tail) % Size

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
SeemsFull == After(ownTail) = seenHead

PushFull(v) ==
    /\ CanPush
    /\ SeemsFull
    /\ After(ownTail) = head
    /\ seenHead' = head
    /\ producer' = "full"
    /\ UNCHANGED <<ring, pushing, ownTail, consuming>>

PushRoom(v) ==
    /\ CanPush
    /\ SeemsFull
    /\ After(ownTail) # head
    /\ seenHead' = head
    /\ producer' = "writing"
    /\ pushing' = v
    /\ UNCHANGED <<ring, ownTail, consuming>>

Write(v) ==
    /\ \/ producer = "writing" /\ v = pushing
       \/ CanPush /\ ~SeemsFull
    /\ slots' = [slots EXCEPT ![ownTail] = v]
    /\ ownTail' = After(ownTail)
    /\ pushing' = Nothing
    /\ UNCHANGED <<head, tail, seenHead, consuming>>
    /\ producer' = IF Unpublished' = Batch \/ SeemsFull' THEN "publishing" ELSE "idle"

Publish ==
    /\ producer = "publishing"
    /\ tail' = ownTail
    /\ producer' = "idle"
    /\ UNCHANGED <<head, slots, pushing, ownTail, seenHead, consuming>>

Flush ==
    /\ CanPush
    /\ tail # ownTail
    /\ tail' = After(ownTail)
    /\ UNCHANGED <<head, slots, producing, consuming>>

--------------------------------------------------------------------------------
\* The consumer

CanPop == consumer \in {"idle", "empty"}
SeemsEmpty == ownHead = seenTail

PopEmpty ==
    /\ CanPop
    /\ SeemsEmpty
    /\ ownHead = tail
    /\ consumer' = "empty"
    /\ UNCHANGED <<ring, producing, popping, ownHead, seenTail>>

PopFound ==
    /\ CanPop
    /\ SeemsEmpty
    /\ ownHead # tail
    /\ seenTail' = tail
    /\ consumer' = "reading"
    /\ UNCHANGED <<ring, producing, popping, ownHead>>

Take ==
    /\ \/ consumer = "reading"
       \/ CanPop /\ ~SeemsEmpty
    /\ slots' = [slots EXCEPT ![ownHead] = Nothing]
    /\ ownHead' = After(ownHead)
    /\ UNCHANGED <<head, tail, producing, seenTail>>
    /\ IF SeemsEmpty'
       THEN consumer' = "releasing" /\ popping' = slots[ownHead]
       ELSE consumer' = "idle" /\ popping' = Nothing

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

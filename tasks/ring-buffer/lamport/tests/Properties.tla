---- MODULE Properties ----
\* What the queue is for. A push puts a value into the slot at the tail and then moves the tail; a pop
\* empties the slot at the head and then moves the head.
EXTENDS Naturals

CONSTANTS Values, Size

VARIABLE view

Slots == 0 .. Size - 1

\* How many values are published and not yet released.
Length == (view.tail + Size - view.head) % Size
Published(i) == (i + Size - view.head) % Size < Length

\* Every published slot holds a value, except the one that a pop has just emptied.
PublishedSlotsHoldValues ==
    [](\A i \in Slots :
        Published(i) => view.slots[i] \in Values \/ (i = view.head /\ view.consumer = "releasing"))

\* Only empty slots are filled.
NothingIsOverwritten ==
    [][\A i \in Slots : view'.slots[i] # view.slots[i] => 0 \in {view.slots[i], view'.slots[i]}]_view

\* What is taken out is the oldest value that is published, and it is what the pop returns.
OldestIsTaken ==
    [][\A i \in Slots :
        view.slots[i] # 0 /\ view'.slots[i] = 0
            => i = view.head /\ Published(i) /\ view'.popping = view.slots[i]]_view

\* A call is in vain only while there is nothing else that it could do.
InVainOnlyIfNeedBe ==
    [][ /\ view'.producer = "full" /\ view.producer # "full" => Length = Size - 1
        /\ view'.consumer = "empty" /\ view.consumer # "empty" => Length = 0 ]_view

\* What is published is taken out and its slot given back.
PublishedIsPopped ==
    \A i \in Slots : (view.head = i /\ Length > 0) ~> (view.head # i)

\* A push that has found room comes to its end.
PushEnds == (view.producer \in {"writing", "publishing"}) ~> (view.producer = "idle")
====

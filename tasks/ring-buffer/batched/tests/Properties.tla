---- MODULE Properties ----
\* What the queue is for, and what its savings may cost.
EXTENDS Naturals

CONSTANTS Values, Size

VARIABLE view

Slots == 0 .. Size - 1
Distance(from, to) == (to + Size - from) % Size

\* The slots from the one that is popped next to the tail are published.
Published(i) == Distance(view.ownHead, i) < Distance(view.ownHead, view.tail)

\* Every published slot that was not yet emptied holds a value.
PublishedSlotsHoldValues == [](\A i \in Slots : Published(i) => view.slots[i] \in Values)

\* Only empty slots are filled.
NothingIsOverwritten ==
    [][\A i \in Slots : view'.slots[i] # view.slots[i] => 0 \in {view.slots[i], view'.slots[i]}]_view

\* What is taken out is the oldest value that is published.
OldestIsTaken ==
    [][\A i \in Slots :
        view.slots[i] # 0 /\ view'.slots[i] = 0 => i = view.ownHead /\ Published(i)]_view

\* A push is refused only if all slots but one are in use, and all that is in them published.
RefusedOnlyIfFull ==
    [][view'.producer = "full" /\ view.producer # "full"
        => /\ Distance(view.head, view.ownTail) = Size - 1
           /\ view.tail = view.ownTail]_view

\* What was pushed is published, so that a consumer gets to see it.
PushedIsPublished == \A i \in Slots : (view.tail = i /\ view.ownTail # i) ~> (view.tail # i)

\* What is published is taken out and its slots given back.
PublishedIsPopped == \A i \in Slots : (view.head = i /\ view.tail # i) ~> (view.head # i)
====

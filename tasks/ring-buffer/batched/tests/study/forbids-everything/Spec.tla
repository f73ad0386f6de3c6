---- MODULE Spec ----
\* Begins right and then does nothing; an expert would say that it keeps every promise of safety and
\* describes no queue.
EXTENDS Naturals

CONSTANTS Values, Size

VARIABLE view

Init == view = [
    head |-> 0,
    tail |-> 0,
    slots |-> [i \in 0 .. Size - 1 |-> 0],
    producer |-> "idle",
    pushing |-> 0,
    ownTail |-> 0,
    seenHead |-> 0,
    consumer |-> "idle",
    popping |-> 0,
    ownHead |-> 0,
    seenTail |-> 0
]

PushFull(v) == FALSE
PushRoom(v) == FALSE
Write(v) == FALSE
Publish == FALSE
Flush == FALSE
PopEmpty == FALSE
PopFound == FALSE
Take == FALSE
Release == FALSE

Next == UNCHANGED view

Spec == Init /\ [][Next]_view

View == view
====

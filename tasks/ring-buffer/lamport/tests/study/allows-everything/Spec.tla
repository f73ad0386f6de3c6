---- MODULE Spec ----
\* Whatever is done, anything that could ever be seen may be seen next; an expert would say that
\* nothing is ruled out, so nothing is described.
EXTENDS Naturals

CONSTANTS Values, Size

VARIABLE view

Indices == 0 .. Size - 1
Nothing == 0

Producers ==
    {<<status, Nothing>> : status \in {"idle", "full", "publishing"}} \cup ({"writing"} \X Values)
Consumers ==
    {<<status, Nothing>> : status \in {"idle", "empty", "reading"}} \cup ({"releasing"} \X Values)

Seen(head, length, values, producer, consumer) ==
    LET tail == (head + length) % Size
        Filled(i) ==
            \/ (i + Size - head) % Size < length /\ ~(i = head /\ consumer[1] = "releasing")
            \/ i = tail /\ producer[1] = "publishing"
    IN  [
            head |-> head,
            tail |-> tail,
            slots |-> [i \in Indices |-> IF Filled(i) THEN values[i] ELSE Nothing],
            producer |-> producer[1],
            pushing |-> producer[2],
            consumer |-> consumer[1],
            popping |-> consumer[2]
        ]

Observations == {
    Seen(head, length, values, producer, consumer) :
        head \in Indices, length \in Indices, values \in [Indices -> Values],
        producer \in Producers, consumer \in Consumers
}

Init == view = Seen(0, 0, [i \in Indices |-> Nothing], <<"idle", Nothing>>, <<"idle", Nothing>>)

Anything == view' \in Observations

PushFull(v) == Anything
PushRoom(v) == Anything
Write(v) == Anything
Publish == Anything
PopEmpty == Anything
PopFound == Anything
Take == Anything
Release == Anything

Next == Anything

Spec == Init /\ [][Next]_view

View == view
====

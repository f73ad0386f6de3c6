---- MODULE Spec ----
\* Whatever is done, anything that could ever be seen may be seen next; an expert would say that
\* nothing is ruled out, so nothing is described.
EXTENDS Naturals

CONSTANTS Values, Size

VARIABLE view

Indices == 0 .. Size - 1
Nothing == 0

\* Where the indices may be, counted from what the producer last read of the head.
Places == {
    p \in [{"head", "ownHead", "seenTail", "tail", "ownTail"} -> Indices] :
        /\ p.head <= p.ownHead
        /\ p.ownHead <= p.seenTail
        /\ p.seenTail <= p.tail
        /\ p.tail <= p.ownTail
}

Producers(p) ==
    LET full == p.ownTail = Size - 1
        unpublished == p.ownTail - p.tail
    IN  {
            <<status, value>> \in
                {"idle", "full", "writing", "publishing"} \X (Values \cup {Nothing}) :
                /\ value # Nothing <=> status = "writing"
                /\ status = "idle" => unpublished = 0 \/ (unpublished = 1 /\ ~full)
                /\ status = "full" => unpublished = 0 /\ full
                /\ status = "writing" => unpublished = 0 /\ ~full
                /\ status = "publishing" => unpublished = 2 \/ (unpublished = 1 /\ full)
        }

Consumers(p) == {
    <<status, value>> \in {"idle", "empty", "reading", "releasing"} \X (Values \cup {Nothing}) :
        /\ value # Nothing <=> status = "releasing"
        /\ status = "idle" => (p.head = p.ownHead <=> p.ownHead = p.seenTail)
        /\ status = "empty" => p.head = p.ownHead /\ p.ownHead = p.seenTail
        /\ status = "reading" => p.head = p.ownHead /\ p.ownHead # p.seenTail
        /\ status = "releasing" => p.head # p.ownHead /\ p.ownHead = p.seenTail
}

Seen(origin, p, values, producer, consumer) ==
    LET At(place) == (origin + place) % Size
        Filled(i) == (i + Size - At(p.ownHead)) % Size < p.ownTail - p.ownHead
    IN  [
            head |-> At(p.head),
            tail |-> At(p.tail),
            slots |-> [i \in Indices |-> IF Filled(i) THEN values[i] ELSE Nothing],
            producer |-> producer[1],
            pushing |-> producer[2],
            ownTail |-> At(p.ownTail),
            seenHead |-> origin,
            consumer |-> consumer[1],
            popping |-> consumer[2],
            ownHead |-> At(p.ownHead),
            seenTail |-> At(p.seenTail)
        ]

Observations == UNION {
    {
        Seen(origin, p, values, producer, consumer) :
            origin \in Indices, values \in [Indices -> Values],
            producer \in Producers(p), consumer \in Consumers(p)
    } : p \in Places
}

Start == [head |-> 0, ownHead |-> 0, seenTail |-> 0, tail |-> 0, ownTail |-> 0]

Init ==
    view = Seen(0, Start, [i \in Indices |-> Nothing], <<"idle", Nothing>>, <<"idle", Nothing>>)

Anything == view' \in Observations

PushFull(v) == Anything
PushRoom(v) == Anything
Write(v) == Anything
Publish == Anything
Flush == Anything
PopEmpty == Anything
PopFound == Anything
Take == Anything
Release == Anything

Next == Anything

Spec == Init /\ [][Next]_view

View == view
====

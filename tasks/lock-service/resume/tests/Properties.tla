---- MODULE Properties ----
\* What a lock service promises.
EXTENDS Naturals, Sequences

CONSTANTS Clients, Daemons, LastSession

VARIABLE view

\* No two clients hold the lock.
MutualExclusion ==
    [](\A c, d \in Clients : view.status[c] = "holding" /\ view.status[d] = "holding" => c = d)

\* Whoever holds the lock has it from the server, for the session it is in.
HeldIsGranted ==
    [](\A c \in Clients : view.status[c] = "holding" =>
         view.holder = c /\ view.known[c] = view.session[c])

\* Each client has one place at most: the lock, or one in the queue.
OnePlace ==
    [](/\ \A i, j \in 1..Len(view.queue) : view.queue[i] = view.queue[j] => i = j
       /\ \A i \in 1..Len(view.queue) : view.queue[i] # view.holder)

Waits(c) == \E i \in 1..Len(view.queue) : view.queue[i] = c

Before(c, d) ==
    \E i, j \in 1..Len(view.queue) : i < j /\ view.queue[i] = c /\ view.queue[j] = d

\* Nobody is overtaken, and the lock goes to the first in the queue.
InOrder ==
    [][/\ \A c, d \in Clients : Before(c, d) => ~Before(d, c)'
       /\ view.holder' \notin {view.holder, "nobody"} =>
            view.queue # <<>> /\ view.holder' = Head(view.queue)]_view

\* A client that rejoins loses nothing by it, neither the lock nor its place in the queue.
RejoiningKeeps ==
    [][\A c \in Clients : view.status[c] = "rejoining" =>
         /\ view.holder = c => view.holder' = c
         /\ Waits(c) => Waits(c)' \/ view.holder' = c]_view

\* A client that wants the lock gets it, unless it crashes first.
WaitingEnds ==
    \A c \in Clients :
        view.status[c] \in {"waiting", "rejoining"} ~> view.status[c] \in {"holding", "down"}
====

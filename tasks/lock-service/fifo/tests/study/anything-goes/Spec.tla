---- MODULE Spec ----
\* Every step of every action may lead from anything to anything.
EXTENDS Naturals, Sequences

CONSTANTS Clients, Daemons, LastSession
VARIABLES holder, queue, known, session, status, toServer, toClients
vars == <<holder, queue, known, session, status, toServer, toClients>>

Sessions == 1..LastSession

Init ==
    /\ holder = "nobody" /\ queue = <<>>
    /\ known = [c \in Clients |-> 0] /\ session = [c \in Clients |-> 0]
    /\ status = [c \in Clients |-> "idle"]
    /\ toServer = <<>> /\ toClients = <<>>

Anything ==
    /\ holder' \in Clients \cup {"nobody"}
    /\ queue' \in {<<>>} \cup {<<c>> : c \in Clients} \cup (Clients \X Clients)
    /\ known' \in [Clients -> 0..LastSession]
    /\ session' \in [Clients -> 0..LastSession]
    /\ status' \in [Clients -> {"idle", "waiting", "holding", "down"}]
    /\ toServer' \in {<<>>} \cup ({"acquire", "release"} \X Clients \X Sessions)
    /\ toClients' \in {<<>>} \cup ({"grant"} \X Clients \X Sessions)

Acquire(c) == Anything
Retry(c) == Anything
Release(c) == Anything
Crash(c) == Anything
Restart(c) == Anything
HandOn(c) == Anything
Remind(c) == Anything
HandleAcquire(c, s) == Anything
HandleRelease(c, s) == Anything
HandleGrant(c, s) == Anything
Lose(m) == Anything

Next == \E c \in Clients : Acquire(c)
Spec == Init /\ [][Next]_vars

View == [holder |-> holder, queue |-> queue, known |-> known, session |-> session,
         status |-> status, toServer |-> toServer, toClients |-> toClients]
====

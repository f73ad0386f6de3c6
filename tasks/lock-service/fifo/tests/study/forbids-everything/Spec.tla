---- MODULE Spec ----
\* A model in which nothing ever happens; an expert would ask what it is for.
EXTENDS Naturals, Sequences

CONSTANTS Clients, Daemons, LastSession

VARIABLES
    holder,     \* the client that has the lock, as the server sees it
    queue,      \* the clients that wait, as the server sees it
    known,      \* the latest session of each client that the server has heard of
    session,    \* the latest session that each client began
    status,     \* what each client is doing
    toServer,   \* the datagram on the link to the server, or <<>>
    toClients   \* the datagram on the link to the clients, or <<>>

server == <<holder, queue, known>>
clients == <<session, status>>
links == <<toServer, toClients>>
vars == <<server, clients, links>>

Sessions == 1..LastSession
Messages == {"acquire", "release", "grant"} \X Clients \X Sessions

Init ==
    /\ holder = "nobody"
    /\ queue = <<>>
    /\ known = [c \in Clients |-> 0]
    /\ session = [c \in Clients |-> 0]
    /\ status = [c \in Clients |-> "idle"]
    /\ toServer = <<>>
    /\ toClients = <<>>

Acquire(c) == FALSE
Retry(c) == FALSE
Release(c) == FALSE
Crash(c) == FALSE
Restart(c) == FALSE
HandOn(c) == FALSE
Remind(c) == FALSE
HandleAcquire(c, s) == FALSE
HandleRelease(c, s) == FALSE
HandleGrant(c, s) == FALSE
Lose(m) == FALSE

Next == FALSE

Spec == Init /\ [][Next]_vars

View == [holder |-> holder, queue |-> queue, known |-> known, session |-> session,
         status |-> status, toServer |-> toServer, toClients |-> toClients]
====

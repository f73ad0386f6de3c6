---- MODULE Spec ----
\* Every step of a client may do to that client whatever a step could, and every step of the server
\* to the server, as long as the result is plausible; an expert would say that it tells types, not
\* behaviour.
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
Messages == {"acquire", "rejoin", "release", "grant"} \X Clients \X Sessions

Init ==
    /\ holder = "nobody"
    /\ queue = <<>>
    /\ known = [c \in Clients |-> 0]
    /\ session = [c \in Clients |-> 0]
    /\ status = [c \in Clients |-> "idle"]
    /\ toServer = <<>>
    /\ toClients = <<>>

Statuses == {"idle", "waiting", "rejoining", "holding", "down"}

Without(c) == SelectSeq(queue, LAMBDA d : d # c)

\* What can be told apart from nonsense without reading any code.
Plausible ==
    /\ \A c \in Clients :
         /\ known[c] <= session[c]
         /\ session[c] <= (IF c \in Daemons THEN LastSession ELSE 1)
         /\ session[c] = 0 => status[c] = "idle"
         /\ c \notin Daemons => status[c] \notin {"rejoining", "down"}
         /\ known[c] = 0 => holder # c /\ Without(c) = queue
         /\ holder = c => Without(c) = queue
         /\ status[c] = "rejoining" => session[c] > 1
         /\ status[c] = "holding" => holder = c /\ known[c] = session[c]
    /\ Len(queue) <= 2
    /\ toServer # <<>> =>
         LET c == toServer[2] IN
         /\ toServer[3] <= session[c]
         /\ toServer[1] # "release" => toServer[3] = session[c]
         /\ toServer[3] = session[c] => (toServer[1] = "release" <=> status[c] = "idle")
    /\ toClients # <<>> => toClients[3] <= known[toClients[2]]

ClientDoes(c, told) ==
    /\ session' \in {session, [session EXCEPT ![c] = @ + 1]}
    /\ status' \in {[status EXCEPT ![c] = t] : t \in Statuses}
    /\ toServer' \in {toServer} \cup ({"acquire", "rejoin", "release"} \X {c} \X ({session[c], told} \cap Sessions))
    /\ UNCHANGED <<server, toClients>>
    /\ Plausible'

ServerDoes(c) ==
    /\ known' \in {known, [known EXCEPT ![c] = session[c]]}
    /\ \/ UNCHANGED <<holder, queue>>
       \/ /\ holder' = (IF holder = c THEN "nobody" ELSE holder)
          /\ queue' \in {Without(c), Append(Without(c), c)}
       \/ holder' = c /\ queue' = Without(c)
    /\ toClients' \in {toClients} \cup ({"grant"} \X {c} \X ({known'[c]} \cap Sessions))
    /\ UNCHANGED <<clients, toServer>>
    /\ Plausible'

Acquire(c) == ClientDoes(c, session[c] + 1)
Retry(c) == ClientDoes(c, session[c])
Release(c) == ClientDoes(c, session[c])
Crash(c) == ClientDoes(c, session[c])
Restart(c) == ClientDoes(c, session[c] + 1)
HandOn(c) == ServerDoes(c)
Remind(c) == ServerDoes(c)
HandleAcquire(c, s) == ServerDoes(c)
HandleRejoin(c, s) == ServerDoes(c)
HandleRelease(c, s) == ServerDoes(c)
HandleGrant(c, s) == ClientDoes(c, s)
Lose(m) ==
    /\ toServer' \in {toServer, <<>>}
    /\ toClients' \in {toClients, <<>>}
    /\ UNCHANGED <<server, clients>>

\* All steps of a client are alike, and so are those of the server.
Next ==
    \/ \E c \in Clients : HandOn(c) \/ \E s \in Sessions : HandleGrant(c, s)
    \/ \E m \in Messages : Lose(m)

Spec == Init /\ [][Next]_vars

View == [holder |-> holder, queue |-> queue, known |-> known, session |-> session,
         status |-> status, toServer |-> toServer, toClients |-> toClients]
====

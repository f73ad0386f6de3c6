---- MODULE Spec ----
\* A client that rejoins answers grants to older sessions like any other client; an expert would say
\* that one line of the client was overlooked.
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

\* What is sent replaces what is on the link.
Tell(kind, c, s) == toServer' = <<kind, c, s>> /\ UNCHANGED toClients
Grant(c, s) == toClients' = <<"grant", c, s>> /\ UNCHANGED toServer

\* Clients.

Last(c) == IF c \in Daemons THEN LastSession ELSE 1

Acquire(c) ==
    /\ status[c] = "idle"
    /\ session[c] < Last(c)
    /\ session' = [session EXCEPT ![c] = @ + 1]
    /\ status' = [status EXCEPT ![c] = "waiting"]
    /\ Tell("acquire", c, session'[c])
    /\ UNCHANGED server

Retry(c) ==
    /\ \/ status[c] = "waiting" /\ Tell("acquire", c, session[c])
       \/ status[c] = "rejoining" /\ Tell("rejoin", c, session[c])
    /\ UNCHANGED <<server, clients>>

Release(c) ==
    /\ status[c] = "holding"
    /\ status' = [status EXCEPT ![c] = "idle"]
    /\ Tell("release", c, session[c])
    /\ UNCHANGED <<server, session>>

Crash(c) ==
    /\ c \in Daemons
    /\ status[c] \in {"waiting", "rejoining", "holding"}
    /\ status' = [status EXCEPT ![c] = "down"]
    /\ UNCHANGED <<server, session, links>>

Restart(c) ==
    /\ status[c] = "down"
    /\ UNCHANGED server
    /\ IF session[c] < Last(c)
         THEN /\ session' = [session EXCEPT ![c] = @ + 1]
              /\ status' = [status EXCEPT ![c] = "rejoining"]
              /\ Tell("rejoin", c, session'[c])
         ELSE /\ status' = [status EXCEPT ![c] = "idle"]
              /\ Tell("release", c, session[c])
              /\ UNCHANGED session

HandleGrant(c, s) ==
    /\ toClients = <<"grant", c, s>>
    /\ status[c] # "down"
    /\ UNCHANGED <<server, session>>
    /\ IF s = session[c] /\ status[c] # "idle"
         THEN status' = [status EXCEPT ![c] = "holding"] /\ UNCHANGED links
         ELSE Tell("release", c, s) /\ UNCHANGED status

\* The server.

Without(c) == SelectSeq(queue, LAMBDA d : d # c)
Freed(c) == IF holder = c THEN "nobody" ELSE holder

Begin(c, s) ==
    /\ s > known[c]
    /\ holder' = Freed(c)
    /\ queue' = Append(Without(c), c)
    /\ known' = [known EXCEPT ![c] = s]
    /\ UNCHANGED links

\* The session is the one that the server knows, and has the lock.
GrantAgain(c, s) ==
    /\ s = known[c]
    /\ holder = c
    /\ Grant(c, s)
    /\ UNCHANGED server

HandleAcquire(c, s) ==
    /\ toServer = <<"acquire", c, s>>
    /\ UNCHANGED clients
    /\ Begin(c, s) \/ GrantAgain(c, s)

\* A new session takes over what the one before it had.
HandleRejoin(c, s) ==
    /\ toServer = <<"rejoin", c, s>>
    /\ UNCHANGED clients
    /\ \/ GrantAgain(c, s)
       \/ holder # c /\ Without(c) = queue /\ Begin(c, s)
       \/ /\ s > known[c]
          /\ holder = c \/ Without(c) # queue
          /\ known' = [known EXCEPT ![c] = s]
          /\ UNCHANGED <<holder, queue>>
          /\ IF holder = c THEN Grant(c, s) ELSE UNCHANGED links

HandleRelease(c, s) ==
    /\ toServer = <<"release", c, s>>
    /\ s >= known[c]
    /\ holder' = Freed(c)
    /\ queue' = Without(c)
    /\ known' = [known EXCEPT ![c] = s]
    /\ UNCHANGED <<clients, links>>

HandOn(c) ==
    /\ holder = "nobody"
    /\ queue # <<>>
    /\ c = Head(queue)
    /\ holder' = c
    /\ queue' = Tail(queue)
    /\ Grant(c, known[c])
    /\ UNCHANGED <<known, clients>>

Remind(c) ==
    /\ holder = c
    /\ Grant(c, known[c])
    /\ UNCHANGED <<server, clients>>

\* The network.

Lose(m) ==
    /\ UNCHANGED <<server, clients>>
    /\ \/ m = toServer /\ toServer' = <<>> /\ UNCHANGED toClients
       \/ m = toClients /\ toClients' = <<>> /\ UNCHANGED toServer

Next ==
    \/ \E c \in Clients :
         \/ Acquire(c) \/ Retry(c) \/ Release(c) \/ Crash(c) \/ Restart(c)
         \/ HandOn(c) \/ Remind(c)
         \/ \E s \in Sessions :
              \/ HandleAcquire(c, s) \/ HandleRejoin(c, s)
              \/ HandleRelease(c, s) \/ HandleGrant(c, s)
    \/ \E m \in Messages : Lose(m)

\* Whoever can go on does so in the end. A datagram is on its link now and then only, so its arrival
\* needs strong fairness: sent again and again, it is handled.
Fairness ==
    /\ \A c \in Clients :
         /\ WF_vars(Retry(c)) /\ WF_vars(Release(c)) /\ WF_vars(Restart(c))
         /\ WF_vars(HandOn(c)) /\ WF_vars(Remind(c))
         /\ \A s \in Sessions :
              /\ SF_vars(HandleAcquire(c, s))
              /\ SF_vars(HandleRejoin(c, s))
              /\ SF_vars(HandleRelease(c, s))
              /\ SF_vars(HandleGrant(c, s))

Spec == Init /\ [][Next]_vars /\ Fairness

View == [holder |-> holder, queue |-> queue, known |-> known, session |-> session,
         status |-> status, toServer |-> toServer, toClients |-> toClients]
====

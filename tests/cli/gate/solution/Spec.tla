---- MODULE Spec ----
CONSTANT Users
VARIABLE who
Init == who = {}
Enter(u) == who = {} /\ who' = {u}
Leave(u) == u \in who /\ who' = {}
Next == \E u \in Users : Enter(u) \/ Leave(u)
Spec == Init /\ [][Next]_who /\ \A u \in Users : WF_who(Leave(u))
View == [inside |-> [u \in Users |-> u \in who], open |-> who = {}]
====

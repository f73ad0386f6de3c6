---------------------------- MODULE VectorClocks ----------------------------
\* Vector clocks are functions from nodes to numbers.
EXTENDS Naturals, Sequences, Functions

LOCAL NotAfter(v, w) ==
  \/ /\ \A i \in DOMAIN v : v[i] <= w[i]
     /\ \E i \in DOMAIN v : v[i] < w[i]
  \/ \E i, j \in DOMAIN v : v[i] < w[i] /\ v[j] > w[j]

\* No entry of the log comes after an entry that it is a cause of.
IsCausalOrder(log, clock(_)) ==
  LET on(c, nodes) == [n \in nodes |-> IF n \notin DOMAIN c THEN 0 ELSE c[n]]
  IN  \A i \in 1..Len(log) : \A j \in 1..(i - 1) :
        LET nodes == DOMAIN clock(log[i]) \cup DOMAIN clock(log[j])
        IN  NotAfter(on(clock(log[j]), nodes), on(clock(log[i]), nodes))

CausalOrder(log, clock(_), node(_), domain(_)) ==
  LET entries == Range(log)
      orders == {order \in [1..Len(log) -> entries] : Range(order) = entries}
  IN  CHOOSE order \in orders : IsCausalOrder(order, clock)
=============================================================================

-------------------------- MODULE UndirectedGraphs --------------------------
\* A graph is a record of a set of nodes and a set of edges, which are sets of
\* one or two nodes.
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets

LOCAL IsRecord(G) == G = [node |-> G.node, edge |-> G.edge]

IsUndirectedGraph(G) ==
  IsRecord(G) /\ \A e \in G.edge : \E m, n \in G.node : {m, n} = e
IsLoopFreeUndirectedGraph(G) ==
  IsRecord(G) /\ \A e \in G.edge : \E m, n \in G.node : {m, n} = e /\ n /= m
UndirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET G.edge] : IsUndirectedGraph(H)}

LOCAL IsPath(p, G) == p /= <<>> /\ \A i \in 1..(Len(p) - 1) : {p[i], p[1 + i]} \in G.edge
Path(G) == {p \in Seq(G.node) : IsPath(p, G)}
SimplePath(G) == {p \in Path(G) : \A i, j \in 1..Len(p) : p[i] = p[j] => i = j}
AreConnectedIn(m, n, G) == \E p \in Path(G) : m = p[1] /\ n = p[Len(p)]

\* The largest sets of nodes that are connected within themselves: what one
\* node reaches, for every node.
ConnectedComponents(G) ==
  LET Reached[n \in Nat] ==
        [m \in G.node |->
          IF n > 0
          THEN LET before == Reached[n - 1][m]
               IN  before \cup {k \in G.node : \E j \in before : {j, k} \in G.edge}
          ELSE {m}]
  IN  {Reached[Cardinality(G.node)][m] : m \in G.node}
IsStronglyConnected(G) == ConnectedComponents(G) = {G.node}

UndirectedGraphs(S) == [node : {S}, edge : SUBSET {{m, n} : m, n \in S}]
=============================================================================

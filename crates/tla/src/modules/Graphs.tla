------------------------------- MODULE Graphs -------------------------------
\* A graph is a record of a set of nodes and a set of edges, which are pairs.
EXTENDS Naturals, Sequences, FiniteSets, SequencesExt, Relation

IsDirectedGraph(G) ==
  /\ G = [node |-> G.node, edge |-> G.edge]
  /\ G.edge \subseteq G.node \X G.node
DirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET (G.node \X G.node)] :
     H.edge \subseteq G.edge /\ IsDirectedGraph(H)}
Transpose(G) == [node |-> G.node, edge |-> {<<e[2], e[1]>> : e \in G.edge}]

IsUndirectedGraph(G) == IsDirectedGraph(G) /\ Transpose(G).edge \subseteq G.edge
UndirectedSubgraph(G) == {H \in DirectedSubgraph(G) : IsUndirectedGraph(H)}

Path(G) ==
  {p \in Seq(G.node) :
     p /= <<>> /\ \A i \in 1..(Len(p) - 1) : <<p[i], p[1 + i]>> \in G.edge}
SimplePath(G) == {p \in Path(G) : \A i, j \in 1..Len(p) : p[i] = p[j] => i = j}
AreConnectedIn(m, n, G) == \E p \in Path(G) : m = p[1] /\ n = p[Len(p)]
IsStronglyConnected(G) == \A m, n \in G.node : AreConnectedIn(m, n, G)

\* Whether there is a path, for every pair of nodes.
ConnectionsIn(G) ==
  LET Through[N \in SUBSET G.node] ==
        IF N /= {}
        THEN LET via == CHOOSE n \in N : TRUE
                 less == Through[N \ {via}]
             IN  [m, n \in G.node |-> less[m, n] \/ (less[m, via] /\ less[via, n])]
        ELSE [m, n \in G.node |-> n = m \/ <<m, n>> \in G.edge]
  IN  Through[G.node]

\* Every edge leads towards the root.
IsTreeWithRoot(G, r) ==
  /\ IsDirectedGraph(G)
  /\ r \in G.node
  /\ \A e \in G.edge : r /= e[1] /\ \A f \in G.edge : e[1] = f[1] => f = e
  /\ \A n \in G.node : AreConnectedIn(n, r, G)

GraphUnion(G, H) == [node |-> G.node \cup H.node, edge |-> G.edge \cup H.edge]
IsBipartiteWithPartitions(G, U, V) ==
  /\ U \cap V = {}
  /\ G.node \subseteq U \cup V
  /\ \A e \in G.edge : (e[1] \in U /\ e[2] \in V) \/ (e[1] \in V /\ e[2] \in U)
HasCycle(G) ==
  \/ \E n \in G.node : <<n, n>> \in G.edge
  \/ LET connected == ConnectionsIn(G)
     IN  \E m, n \in G.node : m /= n /\ connected[m, n] /\ connected[n, m]
IsDag(G) == IsDirectedGraph(G) /\ ~HasCycle(G)

Successors(G, n) == {m \in G.node : <<n, m>> \in G.edge}
AllSuccessors(G, S) == UNION {Successors(G, n) : n \in S}
Predecessors(G, n) == {m \in G.node : <<m, n>> \in G.edge}
AllPredecessors(G, S) == UNION {Predecessors(G, n) : n \in S}
LOCAL Reachable(G) ==
  TransitiveClosure([p \in G.node \X G.node |-> <<p[1], p[2]>> \in G.edge], G.node)
Ancestors(G, n) == {m \in G.node : Reachable(G)[m, n]}
Descendants(G, n) == {m \in G.node : Reachable(G)[n, m]}
InDegree(G, n) == Cardinality(Predecessors(G, n))
OutDegree(G, n) == Cardinality(Successors(G, n))
Roots(G) == {n \in G.node : {} = Predecessors(G, n)}
Leaves(G) == {n \in G.node : {} = Successors(G, n)}

EmptyGraph == [node |-> {}, edge |-> {}]
Graphs(S) == [node : {S}, edge : SUBSET (S \X S)]
=============================================================================

---- MODULE Properties ----
CONSTANT Users
VARIABLE view
OneInside == [](\A u, v \in Users : view.inside[u] /\ view.inside[v] => u = v)
OpensAgain == []<>view.open
====

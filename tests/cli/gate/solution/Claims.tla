---- MODULE Claims ----
CONSTANT Users
VARIABLE view
ClaimOne == [](\A u, v \in Users : view.inside[u] /\ view.inside[v] => u = v)
ClaimOut == \A u \in Users : view.inside[u] ~> ~view.inside[u]
====

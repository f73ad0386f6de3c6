------------------------ MODULE DifferentialEquations -----------------------
\* Real numbers are not evaluated: this is for specifications that are only
\* read.
LOCAL INSTANCE Reals
LOCAL INSTANCE Sequences

LOCAL Between(a, b) == {r \in Real : a < r /\ r < b}
LOCAL Positive == {r \in Real : 0 < r}
LOCAL Near(r, e) == Between(r - e, r + e)
LOCAL IsDerivative(d, f) ==
  \A r \in DOMAIN f : \A e \in Positive : \E n \in Positive :
    \A s \in Near(r, n) \ {r} : (f[s] - f[r]) / (s - r) \in Near(d[r], e)

\* The values at b of the function and its derivatives that solve the equation
\* D = 0 with the values InitVals at a.
Integrate(D, a, b, InitVals) ==
  LET n == Len(InitVals)
      solves(g, e) ==
        /\ g \in [0..n -> [Between(a - e, b + e) -> Real]]
        /\ \A i \in 1..n : IsDerivative(g[i], g[i - 1]) /\ g[i - 1][a] = InitVals[i]
        /\ \A r \in Between(a - e, b + e) :
             D[<<r>> \o [i \in 1..(n + 1) |-> g[i - 1][r]]] = 0
      solution == CHOOSE g : \E e \in Positive : solves(g, e)
  IN  [i \in 1..n |-> solution[i - 1][b]]
=============================================================================

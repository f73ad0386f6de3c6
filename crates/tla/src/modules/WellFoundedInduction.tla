------------------------ MODULE WellFoundedInduction ------------------------
\* The definitions that proofs by induction use; the theorems are for a prover.
EXTENDS NaturalsInduction

IsTransitivelyClosedOn(R, S) ==
  \A x, y, z \in S : <<x, y>> \in R /\ <<y, z>> \in R => <<x, z>> \in R

\* There is no endless descent.
IsWellFoundedOn(R, S) ==
  \A f \in [Nat -> S] : \E n \in Nat : <<f[1 + n], f[n]>> \notin R

SetLessThan(x, R, S) == {y \in S : <<y, x>> \in R}

\* Def(f, x) looks at f below x alone.
WFDefOn(R, S, Def(_, _)) ==
  \A f, g : \A x \in S :
    (\A y \in SetLessThan(x, R, S) : g[y] = f[y]) => Def(g, x) = Def(f, x)
WFInductiveDefines(f, S, Def(_, _)) == f = [x \in S |-> Def(f, x)]
OpDefinesFcn(f, S, Def(_, _)) == f = CHOOSE g : WFInductiveDefines(g, S, Def)
WFInductiveUnique(S, Def(_, _)) ==
  \A f, g : WFInductiveDefines(f, S, Def) /\ WFInductiveDefines(g, S, Def) => g = f

TransitiveClosureOn(R, S) ==
  LET pairs == S \X S
      closed == {T \in SUBSET pairs : R \cap pairs \subseteq T /\ IsTransitivelyClosedOn(T, S)}
  IN  {p \in pairs : \A T \in closed : p \in T}

OpToRel(_\prec_, S) == {p \in S \X S : p[1] \prec p[2]}
PreImage(f(_), S, R) == {p \in S \X S : <<f(p[1]), f(p[2])>> \in R}

\* Pairs and sequences in the order of a dictionary.
LexPairOrdering(R1, R2, S1, S2) ==
  LET less(a, b) == \/ <<a[1], b[1]>> \in R1
                    \/ a[1] = b[1] /\ <<a[2], b[2]>> \in R2
  IN  {p \in (S1 \X S2) \X (S1 \X S2) : less(p[1], p[2])}
LexProductOrdering(R, S, n) ==
  LET less(a, b) == \E k \in 1..n : /\ \A i \in 1..(k - 1) : a[i] = b[i]
                                    /\ <<a[k], b[k]>> \in R
  IN  {p \in [1..n -> S] \X [1..n -> S] : less(p[1], p[2])}
=============================================================================

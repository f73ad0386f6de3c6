-------------------------- MODULE NaturalsInduction -------------------------
\* The definitions that proofs by induction use; the theorems are for a prover.
EXTENDS Integers

NatInductiveDefConclusion(f, f0, Def(_, _)) ==
  f = [n \in Nat |-> IF n /= 0 THEN Def(f[n - 1], n) ELSE f0]
NatInductiveDefHypothesis(f, f0, Def(_, _)) ==
  f = CHOOSE g : NatInductiveDefConclusion(g, f0, Def)

FiniteNatInductiveDefConclusion(f, c, Def(_, _), m, n) ==
  f = [k \in m..n |-> IF k /= m THEN Def(f[k - 1], k) ELSE c]
FiniteNatInductiveDefHypothesis(f, c, Def(_, _), m, n) ==
  f = CHOOSE g : FiniteNatInductiveDefConclusion(g, c, Def, m, n)
=============================================================================

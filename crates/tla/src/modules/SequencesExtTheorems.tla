------------------------ MODULE SequencesExtTheorems ------------------------
\* The definitions that proofs use; the theorems are for a prover.
EXTENDS Sequences, SequencesExt, Functions, Integers, WellFoundedInduction

StrictPrefixesDetermineDef(S, Def(_, _)) ==
  \A f, g : \A s \in Seq(S) :
    (\A p \in Seq(S) : IsStrictPrefix(p, s) => g[p] = f[p]) => Def(g, s) = Def(f, s)
StrictSuffixesDetermineDef(S, Def(_, _)) ==
  \A f, g : \A s \in Seq(S) :
    (\A p \in Seq(S) : IsStrictSuffix(p, s) => g[p] = f[p]) => Def(g, s) = Def(f, s)

TailInductiveDefConclusion(f, S, f0, Def(_, _)) ==
  f = [s \in Seq(S) |-> IF s /= <<>> THEN Def(f[Tail(s)], s) ELSE f0]
TailInductiveDefHypothesis(f, S, f0, Def(_, _)) ==
  f = CHOOSE g : TailInductiveDefConclusion(g, S, f0, Def)
FrontInductiveDefConclusion(f, S, f0, Def(_, _)) ==
  f = [s \in Seq(S) |-> IF s /= <<>> THEN Def(f[Front(s)], s) ELSE f0]
FrontInductiveDefHypothesis(f, S, f0, Def(_, _)) ==
  f = CHOOSE g : FrontInductiveDefConclusion(g, S, f0, Def)
=============================================================================

-------------------------- MODULE FiniteSetTheorems -------------------------
\* The definitions that proofs use; the theorems are for a prover.
EXTENDS FiniteSets, Integers, Functions, WellFoundedInduction

FiniteSubsetsOf(S) == {T \in SUBSET S : IsFiniteSet(T)}
StrictSubsetOrdering(S) ==
  {p \in (SUBSET S) \X (SUBSET S) : p[1] /= p[2] /\ p[1] \subseteq p[2]}
=============================================================================

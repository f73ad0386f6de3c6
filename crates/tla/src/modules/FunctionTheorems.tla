-------------------------- MODULE FunctionTheorems --------------------------
\* The theorems are for a prover.
EXTENDS Functions, Integers, FiniteSets
=============================================================================

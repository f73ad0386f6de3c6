------------------------ MODULE FiniteSetsExtTheorems -----------------------
\* The theorems are for a prover.
EXTENDS FiniteSetsExt, FiniteSets, Integers
=============================================================================

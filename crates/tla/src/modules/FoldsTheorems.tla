---------------------------- MODULE FoldsTheorems ---------------------------
\* The theorems are for a prover.
EXTENDS Folds, FiniteSets
=============================================================================

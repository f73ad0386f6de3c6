---------------------------- MODULE GraphTheorems ---------------------------
\* The theorems are for a prover.
EXTENDS Graphs, Sequences
=============================================================================

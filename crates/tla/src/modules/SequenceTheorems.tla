-------------------------- MODULE SequenceTheorems --------------------------
\* The theorems are for a prover.
EXTENDS Sequences, Functions
=============================================================================

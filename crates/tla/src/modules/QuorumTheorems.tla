---------------------------- MODULE QuorumTheorems --------------------------
\* The theorems are for a prover.
EXTENDS Quorum, Integers, FiniteSets
=============================================================================

---------------------------- MODULE Combinatorics ---------------------------
EXTENDS Naturals

factorial[n \in Nat] == IF n > 0 THEN factorial[n - 1] * n ELSE 1

\* The number of sets of k elements out of n.
choose(n, k) == factorial[n] \div (factorial[n - k] * factorial[k])
=============================================================================

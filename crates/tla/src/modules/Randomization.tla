---------------------------- MODULE Randomization ---------------------------
\* The engine computes the first two, from the seed of the run.
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets

\* Some subset of S with k elements.
RandomSubset(k, S) == CHOOSE T \in SUBSET S : k = Cardinality(T)

\* At most k subsets of S, with n elements on average.
RandomSetOfSubsets(k, n, S) ==
  CHOOSE T \in SUBSET SUBSET S : k \geq Cardinality(T)

\* How many different subsets five choices give.
TestRandomSetOfSubsets(k, n, S) ==
  [try \in 1..5 |-> Cardinality(RandomSetOfSubsets(k, n, S))]
=============================================================================

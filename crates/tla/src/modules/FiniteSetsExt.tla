---------------------------- MODULE FiniteSetsExt ---------------------------
EXTENDS Integers, FiniteSets, Folds, Functions

\* Joins the elements with op, in no particular order.
FoldSet(op(_, _), base, set) ==
  MapThenFoldSet(op, base, LAMBDA e : e, LAMBDA s : CHOOSE e \in s : TRUE, set)
ReduceSet(op(_, _), set, acc) == FoldSet(op, acc, set)
SumSet(set) == FoldSet(+, 0, set)
ProductSet(set) == FoldSet(LAMBDA a, b : a * b, 1, set)
MapThenSumSet(op(_), set) ==
  MapThenFoldSet(+, 0, op, LAMBDA s : CHOOSE e \in s : TRUE, set)

FlattenSet(S) == UNION S
SymDiff(A, B) == (A \cup B) \ (A \cap B)

\* How many elements have the property.
Quantify(S, P(_)) == Cardinality({e \in S : P(e)})

\* All subsets with k elements.
kSubset(k, S) == {T \in SUBSET S : k = Cardinality(T)}

Max(S) == CHOOSE m \in S : \A e \in S : e \leq m
Min(S) == CHOOSE m \in S : \A e \in S : m \leq e

\* All ways to take one element from each of the sets.
Choices(Sets) ==
  LET picks == {f \in [Sets -> UNION Sets] : \A T \in Sets : f[T] \in T}
  IN  {Range(f) : f \in picks}

\* The only element that has the property.
ChooseUnique(S, P(_)) == CHOOSE e \in S : P(e) /\ \A d \in S : P(d) => d = e
=============================================================================

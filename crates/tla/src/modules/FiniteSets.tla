----------------------------- MODULE FiniteSets -----------------------------
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences

\* Whether some sequence lists all elements.
IsFiniteSet(S) ==
  \E list \in Seq(S) : \A e \in S : \E i \in 1..Len(list) : e = list[i]

\* The number of elements of a finite set.
Cardinality(S) ==
  LET Size[T \in SUBSET S] ==
        IF T /= {} THEN 1 + Size[T \ {CHOOSE e : e \in T}] ELSE 0
  IN  Size[S]
=============================================================================

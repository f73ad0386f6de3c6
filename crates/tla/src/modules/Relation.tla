------------------------------ MODULE Relation ------------------------------
\* A relation on S is a function from S \X S to BOOLEAN; the operators with
\* Under take an operator instead.
EXTENDS Naturals, FiniteSets

LOCAL AsRelation(op(_, _), S) == [p \in S \X S |-> op(p[1], p[2])]

IsReflexive(R, S) == \A x \in S : R[x, x]
IsReflexiveUnder(op(_, _), S) == IsReflexive(AsRelation(op, S), S)
IsIrreflexive(R, S) == \A x \in S : ~R[x, x]
IsIrreflexiveUnder(op(_, _), S) == IsIrreflexive(AsRelation(op, S), S)
IsSymmetric(R, S) == \A x, y \in S : R[y, x] <=> R[x, y]
IsSymmetricUnder(op(_, _), S) == IsSymmetric(AsRelation(op, S), S)
IsAntiSymmetric(R, S) == \A x, y \in S : R[x, y] /\ R[y, x] => y = x
IsAntiSymmetricUnder(op(_, _), S) == IsAntiSymmetric(AsRelation(op, S), S)
IsAsymmetric(R, S) == \A x, y \in S : R[x, y] => ~R[y, x]
IsAsymmetricUnder(op(_, _), S) == IsAsymmetric(AsRelation(op, S), S)
IsTransitive(R, S) == \A x, y, z \in S : R[x, y] /\ R[y, z] => R[x, z]
IsTransitiveUnder(op(_, _), S) == IsTransitive(AsRelation(op, S), S)

IsStrictlyPartiallyOrdered(R, S) ==
  IsIrreflexive(R, S) /\ IsAntiSymmetric(R, S) /\ IsTransitive(R, S)
IsStrictlyPartiallyOrderedUnder(op(_, _), S) ==
  IsStrictlyPartiallyOrdered(AsRelation(op, S), S)
IsPartiallyOrdered(R, S) ==
  IsReflexive(R, S) /\ IsAntiSymmetric(R, S) /\ IsTransitive(R, S)
IsPartiallyOrderedUnder(op(_, _), S) == IsPartiallyOrdered(AsRelation(op, S), S)
IsStrictlyTotallyOrdered(R, S) ==
  IsStrictlyPartiallyOrdered(R, S) /\ \A x, y \in S : x = y \/ R[x, y] \/ R[y, x]
IsStrictlyTotallyOrderedUnder(op(_, _), S) ==
  IsStrictlyTotallyOrdered(AsRelation(op, S), S)
IsTotallyOrdered(R, S) ==
  IsPartiallyOrdered(R, S) /\ \A x, y \in S : R[x, y] \/ R[y, x]
IsTotallyOrderedUnder(op(_, _), S) == IsTotallyOrdered(AsRelation(op, S), S)

\* After n rounds, what chains of up to n more steps reach.
TransitiveClosure(R, S) ==
  LET After[n \in Nat] ==
        [x, y \in S |->
          IF n > 0
          THEN \/ After[n - 1][x, y]
               \/ \E z \in S : After[n - 1][x, z] /\ After[n - 1][z, y]
          ELSE R[x, y]]
  IN  After[Cardinality(S)]
ReflexiveTransitiveClosure(R, S) ==
  LET closure == TransitiveClosure(R, S)
  IN  [x, y \in S |-> closure[x, y] \/ y = x]
IsConnected(R, S) ==
  LET closure == ReflexiveTransitiveClosure(R, S)
  IN  \A x, y \in S : closure[x, y]
=============================================================================

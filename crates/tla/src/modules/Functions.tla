------------------------------ MODULE Functions -----------------------------
EXTENDS Integers, Folds

\* The function f on the set S alone.
Restrict(f, S) == [e \in S |-> f[e]]
RestrictDomain(f, Test(_)) == Restrict(f, {e \in DOMAIN f : Test(e)})
RestrictValues(f, Test(_)) == Restrict(f, {e \in DOMAIN f : Test(f[e])})
IsRestriction(narrow, wide) ==
  \A e \in DOMAIN narrow : e \in DOMAIN wide /\ narrow[e] = wide[e]

Range(f) == {f[e] : e \in DOMAIN f}
Pointwise(f, g, T(_, _)) == [e \in DOMAIN f |-> T(f[e], g[e])]

\* For each value in T, an element of S that f maps to it.
Inverse(f, S, T) == [t \in T |-> CHOOSE s \in S : t \in Range(f) => t = f[s]]
AntiFunction(f) == Inverse(f, DOMAIN f, Range(f))

IsInjective(f) == \A d, e \in DOMAIN f : f[d] = f[e] => d = e
Injection(S, T) == {f \in [S -> T] : IsInjective(f)}
Surjection(S, T) == {f \in [S -> T] : T \subseteq Range(f)}
Bijection(S, T) == {f \in Injection(S, T) : T \subseteq Range(f)}
ExistsInjection(S, T) == \E f \in [S -> T] : IsInjective(f)
ExistsSurjection(S, T) == \E f \in [S -> T] : T \subseteq Range(f)
ExistsBijection(S, T) == Bijection(S, T) /= {}

\* Joins the values of fun at the indices with op, in no particular order.
FoldFunctionOnSet(op(_, _), base, fun, indices) ==
  MapThenFoldSet(op, base, LAMBDA i : fun[i], LAMBDA s : CHOOSE e \in s : TRUE, indices)
FoldFunction(op(_, _), base, fun) == FoldFunctionOnSet(op, base, fun, DOMAIN fun)
SumFunctionOnSet(fun, indices) == FoldFunctionOnSet(+, 0, fun, indices)
SumFunction(fun) == FoldFunctionOnSet(+, 0, fun, DOMAIN fun)
=============================================================================

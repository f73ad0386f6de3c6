-------------------------------- MODULE Folds -------------------------------
\* op(f(x1), op(f(x2), … op(f(xn), base))), where x1 is choose(S), x2 is
\* choose(S \ {x1}) and so on.
MapThenFoldSet(op(_, _), base, f(_), choose(_), S) ==
  LET Fold[T \in SUBSET S] ==
        IF T /= {}
        THEN LET first == choose(T)
             IN  op(f(first), Fold[T \ {first}])
        ELSE base
  IN  Fold[S]
=============================================================================

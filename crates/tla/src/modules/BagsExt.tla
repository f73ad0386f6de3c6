------------------------------- MODULE BagsExt ------------------------------
LOCAL INSTANCE Bags
LOCAL INSTANCE Integers
LOCAL INSTANCE Folds

\* One copy more, one copy less, and no copy.
BagAdd(B, x) ==
  [e \in DOMAIN B \cup {x} |-> IF e = x THEN CopiesIn(x, B) + 1 ELSE B[e]]
BagRemove(B, x) ==
  CASE x \notin DOMAIN B -> B
    [] x \in DOMAIN B /\ B[x] > 1 -> [B EXCEPT ![x] = @ - 1]
    [] OTHER -> [e \in DOMAIN B \ {x} |-> B[e]]
BagRemoveAll(B, x) == [e \in DOMAIN B \ {x} |-> B[e]]

\* Joins f of every copy of every element with op.
MapThenFoldBag(op(_, _), base, f(_), choose(_), B) ==
  LET all(x) ==
        LET copies[n \in Nat \ {0}] ==
              op(IF n > 1 THEN copies[n - 1] ELSE base, f(x))
        IN  copies[B[x]]
  IN  MapThenFoldSet(op, base, all, LAMBDA S : CHOOSE e \in S : TRUE, DOMAIN B)
FoldBag(op(_, _), base, B) ==
  MapThenFoldBag(op, base, LAMBDA e : e, LAMBDA S : CHOOSE e \in S : TRUE, B)
SumBag(B) == FoldBag(LAMBDA a, b : a + b, 0, B)
ProductBag(B) == FoldBag(LAMBDA a, b : a * b, 1, B)
=============================================================================

-------------------------------- MODULE Bags --------------------------------
\* A bag is a set that can hold several copies of an element: a function that
\* maps each of its elements to the number of copies, which is positive.
EXTENDS TLC
LOCAL INSTANCE Naturals

IsABag(B) == B \in [DOMAIN B -> Nat \ {0}]
BagToSet(B) == DOMAIN B
SetToBag(S) == [e \in S |-> 1]
BagIn(e, B) == e \in DOMAIN B
EmptyBag == [e \in {} |-> 1]
CopiesIn(e, B) == IF e \notin DOMAIN B THEN 0 ELSE B[e]

\* All copies of both bags.
B1 (+) B2 ==
  [e \in DOMAIN B1 \cup DOMAIN B2 |-> CopiesIn(e, B1) + CopiesIn(e, B2)]

\* The copies of B1 that are left when those of B2 are taken out.
B1 (-) B2 ==
  [e \in {d \in DOMAIN B1 : B1[d] > CopiesIn(d, B2)} |-> B1[e] - CopiesIn(e, B2)]

B1 \sqsubseteq B2 ==
  \A e \in DOMAIN B1 : e \in DOMAIN B2 /\ B1[e] \leq B2[e]

LOCAL Total(f) ==
  LET Of[S \in SUBSET DOMAIN f] ==
        IF S /= {}
        THEN LET one == CHOOSE e \in S : TRUE
             IN  f[one] + Of[S \ {one}]
        ELSE 0
  IN  Of[DOMAIN f]

\* All copies of all bags in a set of bags.
BagUnion(S) ==
  [e \in UNION {DOMAIN B : B \in S} |-> Total([B \in S |-> CopiesIn(e, B)])]

\* All bags that are part of B.
SubBag(B) ==
  LET numbers == UNION {1..B[e] : e \in DOMAIN B}
      fits(C) == \A e \in DOMAIN C : C[e] \leq B[e]
  IN  UNION {{C \in [S -> numbers] : fits(C)} : S \in SUBSET DOMAIN B}

\* The bag of F(e) for every copy of every element.
BagOfAll(F(_), B) ==
  LET sources(e) == {d \in DOMAIN B : e = F(d)}
  IN  [e \in {F(d) : d \in DOMAIN B} |-> Total([d \in sources(e) |-> B[d]])]

BagCardinality(B) == Total(B)
=============================================================================

------------------------------ MODULE Apalache ------------------------------
\* Operators that guide the Apalache model checker; here they only have their
\* meaning.
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences

__x := __e == __e = __x
Gen(__size) == {}
Guess(__S) == CHOOSE __e \in __S : TRUE
Skolem(__e) == __e
Expand(__S) == __S
ConstCardinality(__cardExpr) == __cardExpr

\* A set of pairs as a function.
SetAsFun(__S) ==
  LET __values == {__p[2] : __p \in __S}
  IN  [__key \in {__p[1] : __p \in __S} |->
        CHOOSE __value \in __values : <<__key, __value>> \in __S]
MkSeq(__N, __F(_)) == [__i \in 1..__N |-> __F(__i)]
FunAsSeq(__fn, __len, __capacity) ==
  SubSeq([__i \in 1..__capacity |-> __fn[__i]], 1, __len)

RECURSIVE ApaFoldSet(_, _, _)
ApaFoldSet(__Op(_, _), __v, __S) ==
  IF __S /= {}
  THEN LET __one == CHOOSE __e \in __S : TRUE
       IN  ApaFoldSet(__Op, __Op(__v, __one), __S \ {__one})
  ELSE __v

RECURSIVE ApaFoldSeqLeft(_, _, _)
ApaFoldSeqLeft(__Op(_, _), __v, __seq) ==
  IF __seq /= <<>>
  THEN ApaFoldSeqLeft(__Op, __Op(__v, Head(__seq)), Tail(__seq))
  ELSE __v

RECURSIVE Repeat(_, _, _)
Repeat(__F(_, _), __N, __x) ==
  IF __N > 0 THEN __F(Repeat(__F, __N - 1, __x), __N) ELSE __x
=============================================================================

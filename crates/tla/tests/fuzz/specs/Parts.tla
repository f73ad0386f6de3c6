---- MODULE Parts ----
EXTENDS Naturals, SequencesExt, FiniteSetsExt, Functions, Folds, TLCExt, Randomization, Json, Graphs, Bitwise
CONSTANT K
VARIABLES u, v

---- MODULE Counter ----
EXTENDS Integers
CONSTANT Top, Op(_)
VARIABLE c
Start == c = 0
LOCAL Up == c < Top /\ c' = Op(c)
Move == Up \/ (c = Top /\ c' = 0)
All == INSTANCE Leaf WITH w <- c
====
Inc(n) == n + 1
C == INSTANCE Counter WITH c <- u, Top <- K, Op <- Inc
D(m) == INSTANCE Counter WITH c <- v, Top <- m, Op <- LAMBDA n : n + 1
INSTANCE Leaf WITH w <- <<u, v>>

Ops == /\ FoldSet(LAMBDA a, b : a + b, 0, 0 .. K) >= 0
       /\ FoldFunction(+, 0, [i \in 1 .. K |-> i]) >= K
       /\ FoldLeft(LAMBDA a, b : a \o b, <<>>, <<<<1>>, <<2>>>>) = <<1, 2>>
       /\ SetToSeq(0 .. K) \in SetToSeqs(0 .. K)
       /\ Max(0 .. K) = K /\ kSubset(1, 0 .. K) # {}
       /\ ToSet(Reverse(<<1, 2>>)) = Range(<<2, 1>>)
       /\ ToJson([a |-> <<1, {2}>>]) # ""
       /\ (5 & 3) = 1 /\ shiftR(4, 1) = 2
       /\ RandomSubset(1, 0 .. K) \subseteq 0 .. K
       /\ IsInjective([i \in 1 .. K |-> i])
       /\ SetToSortSeq(0 .. K, <)[1] = 0
ASSUME K \in Nat
Init == C!Start /\ D(K)!Start
Next == \/ C!Move /\ UNCHANGED v
        \/ D(2)!Move /\ UNCHANGED u
        \/ C!All!Is(K) /\ Same
Spec == Init /\ [][Next]_<<u, v>>
Fair == Spec /\ WF_u(C!Move)
Inv == u \in 0 .. K /\ v <= K /\ Ops
Ref == C!Start /\ [][C!Move]_u
Part == Next!1!1 \/ TRUE
====

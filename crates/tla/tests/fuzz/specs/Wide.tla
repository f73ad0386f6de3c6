---- MODULE Wide ----
(* Uses much of the language in little room. *)
EXTENDS Integers, Sequences, FiniteSets, TLC, Bags
CONSTANTS N, Proc, F(_, _), None
ASSUME Sizes == N \in Nat /\ Cardinality(Proc) > 0
VARIABLES x, s, r, f

vars == <<x, s, r, f>>
Range(q) == {q[i] : i \in DOMAIN q}
Apply(Op(_), a) == Op(a)
a \prec b == a < b /\ F(a, b) # None
RECURSIVE Fact(_), Even(_), Odd(_)
Fact(n) == IF n <= 0 THEN 1 ELSE n * Fact(n - 1)
Even(n) == IF n = 0 THEN TRUE ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN FALSE ELSE Even(n - 1)
Fib[n \in 0 .. 20] == IF n < 2 THEN n ELSE Fib[n - 1] + Fib[n - 2]
Sum(S) == LET RECURSIVE Go(_)
              Go(T) == IF T = {} THEN 0 ELSE LET m == CHOOSE m \in T : TRUE IN m + Go(T \ {m})
          IN  Go(S)
Pairs == {<<i, j>> \in (0 .. N) \X (0 .. N) : i \prec j}
Recs == [kind : {"a", "b"}, at : 0 .. N]

TypeOK == /\ x \in -N .. 4 * N
          /\ s \in Seq(0 .. N)
          /\ r \in Recs
          /\ f \in [Proc -> SUBSET (0 .. N)]
Init == /\ x = 0
        /\ s = <<>>
        /\ r \in {q \in Recs : q.at = 0}
        /\ f = [p \in Proc |-> {}]
Push(v) == /\ Len(s) < N
           /\ s' = Append(s, v)
           /\ x' = x + Apply(LAMBDA y : (y * 2) % 3, v)
           /\ UNCHANGED <<r, f>>
Pop == /\ s # <<>>
       /\ LET v == Head(s) IN
            /\ s' = Tail(s)
            /\ r' = [r EXCEPT !.at = v, !.kind = IF @ = "a" THEN "b" ELSE "a"]
       /\ UNCHANGED <<x, f>>
Mark(p) == \E v \in 0 .. N :
             /\ v \notin f[p]
             /\ f' = [f EXCEPT ![p] = @ \cup {v}]
             /\ CASE v = 0 -> x' = 0
                  [] v > 0 /\ Even(v) -> x' \in {x, v}
                  [] OTHER -> UNCHANGED x
             /\ UNCHANGED <<s, r>>
Next == \/ \E v \in 0 .. 1 : Push(v)
        \/ Pop
        \/ \E p \in Proc : Mark(p)
        \/ x > 3 /\ x' = 0 /\ UNCHANGED <<s, r, f>>
Spec == Init /\ [][Next]_vars /\ WF_vars(Pop) /\ \A p \in Proc : SF_vars(Mark(p))

Small == TypeOK => \A q \in Range(s) : q =< N /\ Fact(q) >= 1
Bagged == LET B == SetToBag(Range(s)) (+) EmptyBag IN BagCardinality(B) <= N + 1
Choice == (ENABLED Pop) <=> (s # <<>>)
Fine == ~(x = 7 /\ Sum(DOMAIN s) + Fib[5] = 5) \/ Pairs = {} \/ (1 :> 2 @@ 3 :> 4)[1] = 2
Live == <>(x = 0) /\ []<>(s = <<>>) /\ (x = 1 ~> x = 0)
Grow == [][Len(s') =< Len(s) + 1]_s
Symm == Permutations(Proc)
Bound == x < 6
Seen == <<x, s, r.at>>
Shown == [x |-> x, on |-> ENABLED Pop, next |-> x']
Post == TLCGet("level") >= 0
First(i, j) == IF i < j THEN i ELSE j

THEOREM Safe == Spec => []TypeOK
<1>1. Init => TypeOK
  BY DEF Init, TypeOK
<1>2. ASSUME TypeOK, NEW p \in Proc, Mark(p) PROVE TypeOK'
  <2>1. CASE x = 0
    OBVIOUS
  <2>. QED BY <2>1
<1>. QED BY <1>1, <1>2
====

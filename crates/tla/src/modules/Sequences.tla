------------------------------ MODULE Sequences -----------------------------
\* A sequence of length n is a function with domain 1..n, which is also what a
\* tuple is.
LOCAL INSTANCE Naturals

\* All finite sequences of elements of S.
Seq(S) == UNION {[1..n -> S] : n \in Nat}

Len(s) == CHOOSE n \in Nat : 1..n = DOMAIN s

s \o t ==
  LET n == Len(s)
  IN  [i \in 1..(n + Len(t)) |-> IF i > n THEN t[i - n] ELSE s[i]]

Append(s, e) == s \o <<e>>

Head(s) == s[1]

\* Of a sequence that is not empty.
Tail(s) == CASE s /= <<>> -> [i \in 1..(Len(s) - 1) |-> s[1 + i]]

\* From element m to element n.
SubSeq(s, m, n) == [i \in 1..((n - m) + 1) |-> s[(i + m) - 1]]

\* The elements that pass the test, in order.
SelectSeq(s, Test(_)) ==
  LET Chosen[n \in 0..Len(s)] ==
        CASE n = 0 -> <<>>
          [] n > 0 /\ Test(s[n]) -> Append(Chosen[n - 1], s[n])
          [] OTHER -> Chosen[n - 1]
  IN  Chosen[Len(s)]
=============================================================================

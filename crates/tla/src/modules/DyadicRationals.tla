--------------------------- MODULE DyadicRationals --------------------------
\* Fractions whose denominator is a power of two.
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSetsExt
LOCAL INSTANCE TLC

LOCAL Fraction(num, den) == [num |-> num, den |-> den]

LOCAL Lowest(p) ==
  LET common == {d \in 1..p.den : p.num % d = 0 /\ p.den % d = 0}
      largest == Max(common)
  IN  Fraction(p.num \div largest, p.den \div largest)

IsDyadicRational(r) == \E n \in 0..r.den : r.den = 2^n
Zero == Fraction(0, 1)
One == Fraction(1, 1)

\* Of two powers of two, the larger is a multiple of the smaller.
Add(p, q) ==
  LET den == Max({p.den, q.den})
      sum == p.num * (den \div p.den) + q.num * (den \div q.den)
  IN  IF p = Zero THEN q ELSE Lowest(Fraction(sum, den))
Half(p) == Lowest(Fraction(p.num, 2 * p.den))

PrettyPrint(p) ==
  CASE p = Zero -> "0"
    [] p = One -> "1"
    [] OTHER -> ToString(p.num) \o "/" \o ToString(p.den)
=============================================================================

------------------------------- MODULE Bitwise ------------------------------
\* Natural numbers as strings of binary digits; m says how many digits from
\* place n on there are to look at.
LOCAL INSTANCE Integers

LOCAL Digit(x, n) == (x \div 2^n) % 2
LOCAL Larger(x, y) == IF x < y THEN y ELSE x

RECURSIVE And(_, _, _, _)
LOCAL And(x, y, n, m) ==
  IF m > 0
  THEN Digit(x, n) * Digit(y, n) * 2^n + And(x, y, n + 1, m \div 2)
  ELSE 0
x & y == And(x, y, 0, Larger(x, y))

RECURSIVE Or(_, _, _, _)
LOCAL Or(x, y, n, m) ==
  IF m > 0
  THEN Larger(Digit(x, n), Digit(y, n)) * 2^n + Or(x, y, n + 1, m \div 2)
  ELSE 0
x | y == Or(x, y, 0, Larger(x, y))

RECURSIVE Xor(_, _, _, _)
LOCAL Xor(x, y, n, m) ==
  IF m > 0
  THEN ((Digit(x, n) + Digit(y, n)) % 2) * 2^n + Xor(x, y, n + 1, m \div 2)
  ELSE 0
x ^^ y == Xor(x, y, 0, Larger(x, y))

\* Only the digits up to the first one are turned round.
RECURSIVE NotR(_, _, _)
LOCAL NotR(x, n, m) ==
  IF m > 0
  THEN (1 - Digit(x, n)) * 2^n + NotR(x, n + 1, m \div 2)
  ELSE 0
Not(a) == NotR(a, 0, a)

RECURSIVE shiftR(_, _)
shiftR(n, pos) == IF pos > 0 THEN shiftR(n \div 2, pos - 1) ELSE n
=============================================================================

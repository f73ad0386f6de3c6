-------------------------------- MODULE Reals -------------------------------
\* Real numbers are not evaluated: only integers are.
EXTENDS Integers

Real == CHOOSE R : R = Int
a / b == CHOOSE q \in Real : a = b * q
Infinity == CHOOSE i : i \notin Real /\ \A r \in Real : r < i
=============================================================================

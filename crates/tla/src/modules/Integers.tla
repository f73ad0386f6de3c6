------------------------------ MODULE Integers ------------------------------
EXTENDS Naturals

\* The integers are computed by the engine, too.
Int == UNION {Nat, {0 - n : n \in Nat}}
-. a == 0 - a
=============================================================================

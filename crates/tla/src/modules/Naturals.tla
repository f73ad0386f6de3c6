------------------------------ MODULE Naturals ------------------------------
\* Numbers are primitive: the engine computes everything in this module. The
\* right sides below only say that a result depends on the operands.
Nat == CHOOSE N : N = {0}
a + b == CHOOSE c : c = <<a, b>>
a - b == CHOOSE c : a = c + b
a * b == CHOOSE c : c = <<a, b>>
a ^ b == CHOOSE c : c = <<a, b>>
a < b == <<a, b>> \in {}
a > b == b < a
a \leq b == a < b \/ a = b
a \geq b == b \leq a
a .. b == {c \in Nat : a \leq c /\ c \leq b}
a \div b == CHOOSE q : a = q + b
a % b == CHOOSE r : a = r + b
=============================================================================

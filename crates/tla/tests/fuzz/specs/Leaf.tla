---- MODULE Leaf ----
VARIABLE w
Same == UNCHANGED w
Is(e) == w = e
====

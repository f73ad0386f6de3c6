------------------------------- MODULE Toolbox ------------------------------
\* The trace that is explored, and the place in it.
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE TLC

_TETrace == CHOOSE trace \in [Nat \ {0} -> STRING] : TRUE

_TEPosition ==
  LET last == Cardinality(DOMAIN _TETrace)
      level == TLCGet("level")
  IN  CASE level \geq last -> last
        [] level < last /\ level = 0 -> 1
        [] OTHER -> level
=============================================================================

------------------------------ MODULE RealTime ------------------------------
\* Time as a variable (Specifying Systems, chapter 9).
EXTENDS Reals
VARIABLE now

\* A step of A comes at the earliest D and at the latest E seconds after it
\* became possible.
RTBound(A, v, D, E) ==
  LET Tick(t) == t' = IF ~(ENABLED <<A>>_v)' \/ <<A>>_v
                      THEN 0
                      ELSE (now' - now) + t
      Clock(t) == t = 0 /\ [][Tick(t)]_<<t, v, now>>
      AtMost(t) == [](t \leq E)
      AtLeast(t) == [][A => t \geq D]_v
  IN  \EE t : Clock(t) /\ AtMost(t) /\ AtLeast(t)

\* Time goes on and on, and v does not change with it.
RTnow(v) ==
  LET Advance == now' \in {r \in Real : now < r} /\ UNCHANGED v
  IN  /\ now \in Real
      /\ [][Advance]_now
      /\ \A r \in Real : WF_now(Advance /\ now' > r)
=============================================================================

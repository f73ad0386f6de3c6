-------------------------------- MODULE ShiViz ------------------------------
\* The steps of a trace of PlusCal processes with vector clocks.
LOCAL INSTANCE Integers
LOCAL INSTANCE Json
LOCAL INSTANCE TLC
INSTANCE Toolbox

LOCAL Moved(n) ==
  LET before == _TETrace[n - 1].pc
  IN  {p \in DOMAIN before : before[p] /= _TETrace[n].pc[p]}
LOCAL Hosts ==
  LET host[n \in DOMAIN _TETrace] ==
        CASE n = 1 -> "--"
          [] n > 1 /\ _TETrace[n - 1].pc = _TETrace[n].pc -> host[n - 1]
          [] OTHER -> CHOOSE p \in Moved(n) : TRUE
  IN  TLCEval(host)
Host == Hosts[_TEPosition]

LOCAL Clocks ==
  LET tick(n, p) == IF n > 1 /\ p = Hosts[n] THEN 1 ELSE 0
      clock[n \in DOMAIN _TETrace] ==
        [p \in DOMAIN _TETrace[n].pc |->
          tick(n, p) + (IF n > 1 THEN clock[n - 1][p] ELSE 0)]
  IN  TLCEval(clock)
Clock == ToJsonObject(Clocks[_TEPosition])
=============================================================================

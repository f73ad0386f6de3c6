------------------------------- MODULE TLCExt -------------------------------
\* Operators that talk to the checker are computed by the engine.
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers

\* Like a = b, but prints both where they differ.
AssertEq(a, b) ==
  IF a = b THEN TRUE ELSE PrintT(a) /\ PrintT(b) /\ a = b

\* Whether evaluating exp fails with the message err.
AssertError(err, exp) ==
  LET fails(e) == CHOOSE answer \in BOOLEAN : e = e => answer = answer
      message == CHOOSE text \in STRING : TRUE
  IN  fails(exp) => Assert(message = err, message)

TLCGetOrDefault(key, defaultVal) == CHOOSE value : TRUE
TLCGetAndSet(key, Op(_, _), val, defaultVal) ==
  LET before == TLCGetOrDefault(key, defaultVal)
  IN  CHOOSE value \in {before} : TLCSet(key, Op(before, val))
Trace == TRUE
CounterExample == TRUE
ToTrace(CE) == TRUE
TLCModelValue(str) == CHOOSE value : str = ToString(value)
TLCDefer(expression) == TRUE
TLCNoOp(val) == val
PickSuccessor(exp) == IF exp THEN TRUE ELSE CHOOSE answer \in BOOLEAN : TRUE
TLCCache(expression, closure) == expression
TLCFP(var) == CHOOSE fingerprint \in Int : TRUE
TLCEvalDefinition(definitionName) == TRUE
=============================================================================

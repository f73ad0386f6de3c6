-------------------------------- MODULE Json --------------------------------
\* The engine computes the operators that make text; those that would read or
\* write files are errors when they are evaluated.
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE TLC

\* The members for the keys in D, from the one before which stands a comma or
\* the opening bracket to the closing bracket.
LOCAL Members(F, D, open, close, Member(_)) ==
  LET one == CHOOSE d \in D : TRUE
      before == IF D = DOMAIN F THEN open ELSE ", "
  IN  before \o Member(one) \o (IF D = {one} THEN close ELSE "")

RECURSIVE ToJsonObjectString(_, _)
LOCAL ToJsonObjectString(F, D) ==
  LET one == CHOOSE d \in D : TRUE
      member(d) == ToString(ToString(d)) \o ":" \o ToString(F[d])
  IN  Members(F, D, "{", "}", member)
      \o (IF D = {one} THEN "" ELSE ToJsonObjectString(F, D \ {one}))

RECURSIVE ToJsonArrayString(_, _)
LOCAL ToJsonArrayString(F, D) ==
  LET one == CHOOSE d \in D : TRUE
      member(d) == ToString(F[d])
  IN  Members(F, D, "[", "]", member)
      \o (IF D = {one} THEN "" ELSE ToJsonArrayString(F, D \ {one}))

RECURSIVE ToJsonString(_, _)
LOCAL ToJsonString(F, D) ==
  IF IsFiniteSet(F) THEN ToJsonArrayString(F, D) ELSE ToJsonObjectString(F, D)

ToJson(value) ==
  IF DOMAIN value /= {} THEN ToJsonString(value, DOMAIN value) ELSE "{}"
ToJsonArray(value) ==
  IF DOMAIN value /= {} THEN ToJsonArrayString(value, DOMAIN value) ELSE "[]"
ToJsonObject(value) ==
  IF DOMAIN value /= {} THEN ToJsonObjectString(value, DOMAIN value) ELSE "{}"

JsonSerialize(absoluteFilename, value) == TRUE
JsonDeserialize(absoluteFilename) == CHOOSE value : TRUE
ndJsonSerialize(absoluteFilename, value) == TRUE
ndJsonDeserialize(absoluteFilename) == CHOOSE values : TRUE
=============================================================================

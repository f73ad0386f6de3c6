------------------------------- MODULE IOUtils ------------------------------
\* Operators that would read or write files, run programs or look at the
\* environment are errors when they are evaluated.
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE SequencesExt

LOCAL Outcome == [exitValue : Int, stdout : STRING, stderr : STRING]

IOSerialize(val, absoluteFilename, compress) == TRUE
IODeserialize(absoluteFilename, compressed) == CHOOSE value : TRUE
Serialize(value, dest, options) == CHOOSE outcome \in Outcome : TRUE
Deserialize(src, options) == CHOOSE value : TRUE
IOExec(command) == CHOOSE outcome \in Outcome : TRUE
IOEnvExec(env, command) == CHOOSE outcome \in Outcome : TRUE
IOExecTemplate(commandTemplate, parameters) == CHOOSE outcome \in Outcome : TRUE
IOEnvExecTemplate(env, commandTemplate, parameters) ==
  CHOOSE outcome \in Outcome : TRUE
IOEnv == CHOOSE environment \in [STRING -> STRING] : TRUE

\* The number a text stands for.
atoi(str) == CHOOSE number \in Int : str = ToString(number)

\* The digits of n, with zeros in front up to the width.
zeroPadN(n, width) ==
  LET digits == ToString(n)
      missing == 1..(width - Len(digits))
  IN  FoldLeft(LAMBDA acc, zero : acc \o zero, "", [i \in missing |-> "0"]) \o digits
=============================================================================

--------------------------------- MODULE TLC --------------------------------
\* Operators that talk to the checker are computed by the engine: what stands
\* here is the value that counts.
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets

Print(out, val) == val
PrintT(out) == TRUE
Assert(val, out) == IF val THEN TRUE ELSE CHOOSE failure : TRUE
JavaTime == CHOOSE seconds \in Nat : TRUE
TLCGet(i) == CHOOSE value : TRUE
TLCSet(i, v) == TRUE
TLCEval(v) == v
RandomElement(s) == CHOOSE e \in s : TRUE
Any == CHOOSE everything : TRUE
ToString(v) == CHOOSE text \in STRING : \A w : w = v => text = text

\* The function that maps d to e and nothing else.
d :> e == [x \in {d} |-> e]

\* Both functions together; f is stronger.
f @@ g == [x \in DOMAIN f \cup DOMAIN g |-> IF x \notin DOMAIN f THEN g[x] ELSE f[x]]

Permutations(S) == {p \in [S -> S] : S = {p[e] : e \in S}}

\* The elements of s, ordered by Op.
SortSeq(s, Op(_, _)) ==
  LET places == 1..Len(s)
      ordered(p) == \A i, j \in places :
                      i < j => \/ Op(s[p[i]], s[p[j]])
                               \/ s[p[i]] = s[p[j]]
      order == CHOOSE p \in Permutations(places) : ordered(p)
  IN  [i \in places |-> s[order[i]]]
=============================================================================

---------------------------- MODULE SequencesExt ----------------------------
EXTENDS Sequences, Naturals, FiniteSets, FiniteSetsExt, Folds, Functions, Bags, TLC

ToSet(s) == {s[i] : i \in DOMAIN s}
ToBag(s) == [e \in Range(s) |-> Cardinality({i \in DOMAIN s : s[i] = e})]

\* Sequences that hold each element of S once.
SetToSeqs(S) == {s \in [1..Cardinality(S) -> S] : IsInjective(s)}
SetToSeq(S) == CHOOSE s \in [1..Cardinality(S) -> S] : IsInjective(s)
SetToSortSeq(S, op(_, _)) == SortSeq(SetToSeq(S), op)
SetToAllKPermutations(S) == UNION {SetToSeqs(T) : T \in SUBSET S}

\* Sequences over a set of exactly and of at most n elements.
TupleOf(set, n) == [1..n -> set]
SeqOf(set, n) == UNION {TupleOf(set, m) : m \in 0..n}
BoundedSeq(S, n) == SeqOf(S, n)

Contains(s, e) == \E i \in 1..Len(s) : e = s[i]
IsSorted(s, op(_, _)) == \A i, j \in 1..Len(s) : i < j => op(s[i], s[j])
Reverse(s) == [i \in 1..Len(s) |-> s[(1 + Len(s)) - i]]
Remove(s, e) == SelectSeq(s, LAMBDA d : d /= e)
ReplaceAll(s, old, new) == [i \in 1..Len(s) |-> IF old = s[i] THEN new ELSE s[i]]

\* The first and the last index of an element that passes, or 0.
SelectInSeq(seq, Test(_)) ==
  LET passing == {i \in 1..Len(seq) : Test(seq[i])}
  IN  IF passing = {} THEN 0 ELSE Min(passing)
SelectInSubSeq(seq, from, to, Test(_)) == SelectInSeq(SubSeq(seq, from, to), Test)
SelectLastInSeq(seq, Test(_)) ==
  LET passing == {i \in 1..Len(seq) : Test(seq[i])}
  IN  IF passing = {} THEN 0 ELSE Max(passing)
SelectLastInSubSeq(seq, from, to, Test(_)) ==
  SelectLastInSeq(SubSeq(seq, from, to), Test)

InsertAt(s, i, e) == SubSeq(s, 1, i - 1) \o <<e>> \o SubSeq(s, i, Len(s))
ReplaceAt(s, i, e) == [s EXCEPT ![i] = e]
RemoveAt(s, i) == SubSeq(s, 1, i - 1) \o SubSeq(s, 1 + i, Len(s))
RemoveFirstMatch(s, Test(_)) ==
  LET at == SelectInSeq(s, Test)
  IN  IF at = 0 THEN s ELSE RemoveAt(s, at)
RemoveFirst(s, e) == RemoveFirstMatch(s, LAMBDA d : d = e)

Cons(elt, seq) == <<elt>> \o seq
Snoc(elt, seq) == Append(seq, elt)
Front(s) == SubSeq(s, 1, Len(s) - 1)
Last(s) == s[Len(s)]

IsPrefix(s, t) == Len(s) \leq Len(t) /\ SubSeq(s, 1, Len(s)) = SubSeq(t, 1, Len(s))
IsStrictPrefix(s, t) == s /= t /\ IsPrefix(s, t)
IsSuffix(s, t) == IsPrefix(Reverse(s), Reverse(t))
IsStrictSuffix(s, t) == s /= t /\ IsSuffix(s, t)

Prefixes(s) == {SubSeq(s, 1, n) : n \in 0..Len(s)}
Suffixes(s) == {SubSeq(s, n, Len(s)) : n \in 1..(Len(s) + 1)}
CommonPrefixes(S) ==
  {p \in UNION {Prefixes(s) : s \in S} : \A s \in S : IsPrefix(p, s)}
LongestCommonPrefix(S) ==
  CHOOSE p \in CommonPrefixes(S) : \A q \in CommonPrefixes(S) : Len(p) \geq Len(q)

\* The place among 1..b that counting to a in a circle ends at.
SeqMod(a, b) == IF a % b /= 0 THEN a % b ELSE b

\* Folds: FoldSeq in no particular order, the others from an end.
FoldSeq(op(_, _), base, seq) == FoldFunction(op, base, seq)
FoldLeft(op(_, _), base, seq) ==
  MapThenFoldSet(LAMBDA e, acc : op(acc, e), base, LAMBDA i : seq[i], Max, DOMAIN seq)
FoldRight(op(_, _), seq, base) ==
  MapThenFoldSet(op, base, LAMBDA i : seq[i], Min, DOMAIN seq)
FoldLeftDomain(op(_, _), base, seq) == FoldLeft(op, base, [i \in DOMAIN seq |-> i])
FoldRightDomain(op(_, _), seq, base) == FoldRight(op, [i \in DOMAIN seq |-> i], base)

\* All elements of all sequences in a sequence of sequences.
FlattenSeq(seqs) ==
  LET upTo[n \in 1..Len(seqs)] ==
        IF n > 1 THEN upTo[n - 1] \o seqs[n] ELSE seqs[n]
  IN  IF Len(seqs) > 0 THEN upTo[Len(seqs)] ELSE seqs

\* Pairs of elements at the same place.
Zip(s, t) == [i \in 1..Min({Len(s), Len(t)}) |-> <<s[i], t[i]>>]

\* One-element sequences, of s and t in turn.
Interleave(s, t) ==
  CASE Len(s) = Len(t) /\ Len(s) > 0 ->
         [i \in 1..(2 * Len(s)) |-> IF i % 2 = 1 THEN <<s[(i + 1) \div 2]>> ELSE <<t[i \div 2]>>]
    [] Len(s) = Len(t) /\ Len(s) = 0 -> <<<<>>, <<>>>>

\* Sequences of neighbours, and sequences with any elements left out.
SubSeqs(s) == {SubSeq(s, i + 1, j) : i, j \in 0..Len(s)}
AllSubSeqs(s) ==
  {FoldFunction(Snoc, <<>>, [i \in chosen |-> s[i]]) : chosen \in SUBSET DOMAIN s}

\* Where s stands in t for the first time.
IndexFirstSubSeq(s, t) ==
  LET endsAt(n) == s \in SubSeqs(SubSeq(t, 1, n))
      end == CHOOSE n \in 0..Len(t) : endsAt(n) /\ \A m \in 0..(n - 1) : ~endsAt(m)
  IN  (end + 1) - Len(s)
ReplaceSubSeqAt(i, r, s, t) ==
  SubSeq(t, 1, i - 1) \o r \o SubSeq(t, i + Len(s), Len(t))
ReplaceFirstSubSeq(r, s, t) ==
  IF s \notin SubSeqs(t) THEN t ELSE ReplaceSubSeqAt(IndexFirstSubSeq(s, t), r, s, t)

\* From the left, without looking at what was put in.
ReplaceAllSubSeqs(r, s, t) ==
  LET startsAt(i) == SubSeq(t, i, (i + Len(s)) - 1) = s
      from[i \in 1..(Len(t) + 1)] ==
        CASE i > Len(t) -> <<>>
          [] i \leq Len(t) /\ startsAt(i) ->
               r \o (IF i + Len(s) > Len(t) THEN <<>> ELSE from[i + Len(s)])
          [] OTHER -> <<t[i]>> \o from[i + 1]
  IN  CASE s = t -> r
        [] s /= t /\ r = s -> t
        [] s /= t /\ r /= s /\ Len(s) = 0 -> FlattenSeq([i \in 1..Len(t) |-> r \o <<t[i]>>])
        [] OTHER -> from[1]
=============================================================================

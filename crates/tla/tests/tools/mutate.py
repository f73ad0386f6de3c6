#!/usr/bin/env python3
"""Seeded mutation of TLA+ specifications: near misses for testing a parser and semantic checker.

    mutate.py OUT SEED PER_CLASS BASES...            environment variable CLASSES: a comma-separated choice of classes

BASES are .tla files that the reference parser accepts. For every mutation class PER_CLASS mutants are written to
OUT/<class>/<id>/<Module>.tla, the modules of the base's folder that it depends on beside it, and a line to
OUT/index.tsv: path, class, base, what was done. A class is a function from (Spec, random.Random) to a list of edits
[(start, end, replacement)], or to a whole new text, or to None when the base offers nothing to mutate. The verdict is
asked from the reference parser afterwards: a mutation need not make a specification wrong.
"""
import os
import random
import re
import shutil
import sys

# ---------------------------------------------------------------------------------------------------------------
# Tokens
# ---------------------------------------------------------------------------------------------------------------

SYMBOLS = sorted('''
/\\ \\/ == = # /= => <=> -> |-> <- ~> -+-> [] <> [ ] ]_ << >> >>_ { } ( ) , : :: := ::= ! !! @ @@ :> <: ' ~ .. ... . ^ ^^ ^+ ^* ^#
+ ++ - -- * ** / // % %% & && | || |- -| |= =| $ $$ ?? < > <= >= =< \\ ⟨ ⟩ ; _'''.split(), key=len, reverse=True)

TOKEN = re.compile(r'''
    (?P<space>\s+)
  | (?P<line>\\\*[^\n]*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<dash>-{4,}) | (?P<end>={4,})
  | (?P<fair>[WS]F_)
  | (?P<number>\d+\.\d+ | \d+(?![A-Za-z_\d]) | \\[bB][01]+ | \\[oO][0-7]+ | \\[hH][0-9a-fA-F]+)
  | (?P<word>\w*[A-Za-z_]\w*)
  | (?P<named>\\[A-Za-z]+)
  | (?P<symbol>%s)
  | (?P<other>.)
''' % '|'.join(re.escape(s) for s in SYMBOLS), re.X)

KEYWORDS = set('''ASSUME ASSUMPTION AXIOM CASE CHOOSE CONSTANT CONSTANTS DOMAIN ELSE ENABLED EXCEPT EXTENDS IF IN INSTANCE LET
    LOCAL MODULE OTHER RECURSIVE SUBSET THEN THEOREM LEMMA UNCHANGED UNION VARIABLE VARIABLES WITH LAMBDA PROOF BY OBVIOUS
    OMITTED QED HAVE TAKE PICK WITNESS SUFFICES NEW DEFINE DEF USE HIDE PROVE STATE ACTION TEMPORAL PROPOSITION COROLLARY'''.split())
INFIX = set(r'''/\ \/ => <=> ~> = # /= < > <= >= =< \leq \geq \in \notin \subseteq \subset \union \cup \intersect \cap \ + - * % ^ ..
    \o \circ @@ :> \div \land \lor \equiv \X \times ++ -- ** // ^^ && || %% ## $$ ?? \oplus \cdot |- .'''.split())
PREFIX = set(r'~ \lnot \neg [] <> ENABLED UNCHANGED SUBSET UNION DOMAIN -'.split())
POOL = r'''/\ \/ => = == # ' ( ) [ ] { } << >> , : \in \E \A IF THEN ELSE LET IN CASE [] -> OTHER EXCEPT ! @ |-> ~ + - * .. 0 1 2 TRUE x
    "s" CHOOSE UNCHANGED ENABLED DOMAIN SUBSET UNION <> ~> . \cup \cap \ ^ % LAMBDA INSTANCE WITH <- _ :: := ; & | && || $ ? ----
    ==== VARIABLE CONSTANT EXTENDS ASSUME THEOREM LOCAL RECURSIVE MODULE WF_ ]_ >>_ \o @@ :> :'''.split()


class Tok:
    """A token: its kind (a group of TOKEN), text, offsets, and 0-based line and column."""
    __slots__ = ('kind', 'text', 'start', 'end', 'line', 'col')

    def __init__(self, kind, text, start, line, col):
        self.kind, self.text, self.start, self.end, self.line, self.col = kind, text, start, start + len(text), line, col


class Spec:
    """A specification: its text, its tokens without space and comments, and what mutators look for."""

    def __init__(self, text):
        self.text = text
        m = re.search(r'-{4,}[ \t]*MODULE[ \t]+(\w+)[ \t]*-{4,}', text)
        if not m:
            raise ValueError('no module header')
        self.name, self.head = m.group(1), m
        self.toks = self.scan(m.start())
        last = max((i for i, t in enumerate(self.toks) if t.kind == 'end'), default=None)
        if last is None:
            raise ValueError('no module footer')
        self.footer = self.toks[last]
        self.toks = self.toks[:last]
        self.first = next((i for i, t in enumerate(self.toks) if t.text == '=='), len(self.toks))
        self.variables = self.declared('VARIABLE')
        self.constants = self.declared('CONSTANT')
        self.defs = self.definitions()

    def scan(self, at):
        out, line, bol = [], self.text.count('\n', 0, at), self.text.rfind('\n', 0, at) + 1
        while at < len(self.text):
            if self.text.startswith('(*', at):
                depth, j = 1, at + 2
                while j < len(self.text) and depth:
                    if self.text.startswith('(*', j): depth, j = depth + 1, j + 2
                    elif self.text.startswith('*)', j): depth, j = depth - 1, j + 2
                    else: j += 1
                piece, kind = self.text[at:j], 'block'
            else:
                m = TOKEN.match(self.text, at)
                piece, kind = m.group(), m.lastgroup
            if kind not in ('space', 'line', 'block'):
                if kind == 'word' and piece in KEYWORDS: kind = 'keyword'
                out.append(Tok(kind, piece, at, line, at - bol))
            if '\n' in piece:
                line += piece.count('\n')
                bol = at + piece.rfind('\n') + 1
            at += len(piece)
        return out

    def declared(self, keyword):
        """Names after VARIABLE(S) or CONSTANT(S), plain ones."""
        names = []
        for i, t in enumerate(self.toks):
            if t.text in (keyword, keyword + 'S'):
                j = i + 1
                while j < len(self.toks) and self.toks[j].kind == 'word':
                    names.append(self.toks[j].text)
                    if self.toks[j + 1].text != ',': break
                    j += 2
        return names

    def definitions(self):
        """(name, index of its first token, index of ==, index behind the body) of definitions at column of first one."""
        starts = []
        for i, t in enumerate(self.toks):
            if t.text != '==': continue
            j = i - 1
            if j >= 0 and self.toks[j].text == ')':
                depth = 0
                while j >= 0:
                    depth += (self.toks[j].text == ')') - (self.toks[j].text == '(')
                    j -= 1
                    if depth == 0: break
            if j >= 0 and self.toks[j].kind == 'word' and self.toks[j].col == 0:
                starts.append((self.toks[j].text, j, i))
        out = []
        for k, (name, j, i) in enumerate(starts):
            stop = starts[k + 1][1] if k + 1 < len(starts) else len(self.toks)
            for x in range(i, stop):
                if self.toks[x].col == 0 and x > i and (self.toks[x].kind in ('keyword', 'dash', 'end')): stop = x; break
            out.append((name, j, i, stop))
        return out

    def body(self, pred=lambda s, i: True):
        """Indices of tokens inside definitions' bodies that satisfy the predicate."""
        return [i for (_, _, b, e) in self.defs for i in range(b + 1, e) if pred(self, i)]

    def operands(self):
        """Indices of names and numbers in bodies that stand as whole operands (not called, not fields, not binders)."""
        def whole(s, i):
            t, n, p = s.toks[i], s.next(i), s.prev(i)
            return (t.kind in ('word', 'number') and n not in ('(', '!', ':', '==', '|->', '\\in', ',') and p not in
                    ('.', '!', '\\E', '\\A', 'CHOOSE', ']_', '>>_', 'WF_', 'SF_', 'LAMBDA', 'INSTANCE', ',', 'RECURSIVE'))
        return self.body(whole)

    def next(self, i): return self.toks[i + 1].text if i + 1 < len(self.toks) else ''
    def prev(self, i): return self.toks[i - 1].text if i else ''

    def bullets(self):
        r"""Indices of /\ and \/ that begin an item of a junction list (first on the line, or after another bullet or ==)."""
        return self.body(lambda s, i: s.toks[i].text in ('/\\', '\\/') and
                         (s.toks[i].line != s.toks[i - 1].line or s.prev(i) in ('/\\', '\\/', '==', 'THEN', 'ELSE', 'IN', ':', '->', '(')))

    def calls(self):
        """(index of name, index of '(', indices of top-level commas, index of ')') of operator applications in bodies."""
        out = []
        for i in self.body(lambda s, i: s.toks[i].kind == 'word' and s.next(i) == '(' and s.toks[i + 1].start == s.toks[i].end):
            close = self.match(i + 1)
            if close is None: continue
            depth, commas = 0, []
            for j in range(i + 1, close):
                x = self.toks[j].text
                depth += (x in '([{' or x == '<<') - (x in (')', ']', '}', '>>', ']_', '>>_'))
                if x == ',' and depth == 1: commas.append(j)
            out.append((i, i + 1, commas, close))
        return out

    def match(self, i):
        depth = 0
        for j in range(i, len(self.toks)):
            x = self.toks[j].text
            depth += (x in ('(', '[', '{', '<<')) - (x in (')', ']', '}', '>>', ']_', '>>_'))
            if depth == 0: return j
        return None

    def span(self, i, j):
        """Text from token i up to and with token j."""
        return self.text[self.toks[i].start:self.toks[j].end]

    def line_start(self, t): return self.text.rfind('\n', 0, t.start) + 1

    def first_on_line(self, i):
        t = self.toks[i]
        return not self.text[self.line_start(t):t.start].strip()

    def before_footer(self, addition):
        """An edit that adds lines at the end of the module."""
        at = self.line_start(self.footer)
        return [(at, at, addition.rstrip('\n') + '\n')]

    def top(self, addition):
        """An edit that adds lines before the first definition."""
        if not self.defs: return None
        at = self.line_start(self.toks[self.defs[0][1]])
        return [(at, at, addition.rstrip('\n') + '\n')]


def put(t, text):
    return [(t.start, t.end, text)]


# ---------------------------------------------------------------------------------------------------------------
# Mutation classes
# ---------------------------------------------------------------------------------------------------------------

CLASSES = {}


def mutator(f):
    CLASSES[f.__name__] = f
    return f


def pick(r, items):
    return r.choice(items) if items else None


# -- blind token edits

@mutator
def token_delete(s, r):
    """A token is missing."""
    return put(pick(r, s.toks[4:]), '')


@mutator
def token_insert(s, r):
    """A stray token."""
    t = pick(r, s.toks[4:])
    return [(t.start, t.start, r.choice(POOL) + ' ')]


@mutator
def token_swap(s, r):
    """Two neighbours exchanged."""
    i = r.randrange(4, len(s.toks) - 1)
    a, b = s.toks[i], s.toks[i + 1]
    return [(a.start, b.end, b.text + s.text[a.end:b.start] + a.text)]


@mutator
def token_replace(s, r):
    """Another token in a token's place."""
    return put(pick(r, s.toks[4:]), r.choice(POOL))


@mutator
def token_duplicate(s, r):
    """A token twice."""
    t = pick(r, s.toks[4:])
    return [(t.end, t.end, ' ' + t.text)]


@mutator
def token_move(s, r):
    """A token from one place of a definition to another."""
    d = pick(r, [d for d in s.defs if d[3] - d[2] > 6])
    if not d: return None
    a, b = r.sample(range(d[2] + 1, d[3]), 2)
    return [(s.toks[a].start, s.toks[a].end, ''), (s.toks[b].start, s.toks[b].start, s.toks[a].text + ' ')]


# -- operators and precedence

@mutator
def op_replace(s, r):
    """An infix operator replaced by another, of any precedence."""
    bullets = set(s.bullets())
    i = pick(r, s.body(lambda s, i: s.toks[i].text in INFIX and i not in bullets))
    return i and put(s.toks[i], r.choice(sorted(INFIX - {'.'})))


@mutator
def precedence_mix(s, r):
    """An operand becomes three, joined by two operators without parentheses."""
    i = pick(r, s.operands())
    if i is None: return None
    x, (a, b) = s.toks[i].text, [r.choice(sorted(INFIX - {'|-', '.'})) for _ in range(2)]
    return put(s.toks[i], '%s %s %s %s %s' % (x, a, x, b, x))


@mutator
def precedence_definition(s, r):
    """A definition of three numbers joined by two operators that the base's modules define (or not)."""
    a, b = [r.choice(sorted(INFIX - {'|-', '.'})) for _ in range(2)]
    return s.before_footer('Mixed == %s %s %s %s %s' % (r.choice(['1', '{}', 'TRUE']), a, r.choice(['2', '{1}', '<<>>']), b, '3'))


@mutator
def prefix_mix(s, r):
    """Prefix and postfix operators stacked on an operand."""
    i = pick(r, s.operands())
    if i is None: return None
    return put(s.toks[i], ' '.join(r.choice(sorted(PREFIX)) for _ in range(r.randint(1, 2))) + ' ' + s.toks[i].text + r.choice(['', "'", '^+', '^*', '^#']))


@mutator
def c_style(s, r):
    """Operators of other languages."""
    table = {'=': ['==', '===', ':='], '#': ['!=', '<>', '~='], '/\\': ['&&', 'and', '&'], '\\/': ['||', 'or', '|'], '<=': ['≦', '=<='],
             '~': ['!', 'not '], '%': ['mod', 'MOD'], '\\in': ['in', 'IN', '∈∈'], '=>': ['->', '==>', 'implies'], '==': ['=', ':=', '::='],
             'TRUE': ['true', 'True'], 'FALSE': ['false'], '\\E': ['exists', 'E'], '\\A': ['forall'], '\\notin': ['not in', '\\not\\in'],
             'UNCHANGED': ['unchanged'], 'IF': ['if'], 'ELSE': ['else', 'ELIF', 'ELSEIF'], '\\div': ['/', '//'], '<<': ['['], '|->': [':', '=', '=>'],
             '\\cup': ['|', '\\union '], '\\cap': ['&'], 'Len': ['len'], 'Cardinality': ['#'], "'": ['_next', '"']}
    i = pick(r, s.body(lambda s, i: s.toks[i].text in table))
    return i and put(s.toks[i], r.choice(table[s.toks[i].text]))


@mutator
def op_define(s, r):
    """A user-defined infix, prefix or postfix operator and a use of it: redefinitions, wrong fixity, built-in symbols."""
    op = r.choice(['++', '--', '**', '//', '^^', '%%', '&', '&&', '|', '||', '??', '$', '$$', '##', '!!', '\\oplus', '\\prec', '\\sim', '+', '-',
                   '*', '..', '\\in', '=', '<', '\\cup', '/\\', '<:', ':>', '|-', '::=', ':=', '\\bigcirc', '\\o', '@@', '...', '\\cdot', '\\/', '=>'])
    use = 'UserUse == 1 %s 2%s' % (op, r.choice(['', ' %s 3' % op]))
    return s.before_footer(r.choice(['a1 %s b1 == <<a1, b1>>\n%s' % (op, use), '%s(a1, b1) == <<a1, b1>>\n%s' % (op, use), use,
                                     'a1 %s b1 == a1\na1 %s c1 == c1' % (op, op), 'a1 %s a1 == 1' % op, '%s a1 == a1\nUserUse == %s 1' % (op, op),
                                     'Apply(Op(_, _)) == Op(1, 2)\nUserUse == Apply(%s)' % op, 'Apply(_ %s _) == 1 %s 2\nUserUse == Apply(%s)' % (op, op, op)]))


@mutator
def op_postfix(s, r):
    """Postfix, prefix minus and number-set forms."""
    return s.before_footer(r.choice(['a1^+ == a1\nUserUse == 3^+', 'a1^* == a1', 'a1^# == a1\nUserUse == 1^#^#', '-. a1 == 0 - a1', 'UserUse == -. 1', "a1' == 1",
                                     'UserUse == - 1 - - 2', 'UserUse == 1 - -1', 'UserUse == 2 ^ - 1', 'UserUse == -1..-2', 'UserUse == 1 .. 2 .. 3', 'UserUse == ~ ~ TRUE',
                                     'UserUse == ~ TRUE = FALSE', 'UserUse == TRUE ~ FALSE', 'UserUse == 3^+^*', 'Apply(Op(_)) == Op(1)\nUserUse == Apply(-.)',
                                     'Apply(Op(_)) == Op(1)\nUserUse == Apply(-)', 'Apply(Op(_)) == Op(1)\nUserUse == Apply(~)', 'Apply(Op(_)) == Op(1)\nUserUse == Apply(SUBSET)',
                                     'Apply(Op(_)) == Op(1)\nUserUse == Apply(ENABLED)', "Apply(Op(_)) == Op(1)\nUserUse == Apply(')", 'Apply(_^+) == 1\nUserUse == Apply(^+)',
                                     'Apply(-. _) == 1\nUserUse == Apply(-.)', 'UserUse == 1 \\X 2 \\X 3', 'UserUse == (1 \\X 2) \\X 3 \\X 4', 'UserUse == {1} \\X {2} \\cup {3}',
                                     'UserUse == a.b.c', 'UserUse == [a |-> 1].a + 1', 'UserUse == 1.a', 'UserUse == {} .x', 'UserUse == 1 = 2 = 3', 'UserUse == 1 < 2 < 3',
                                     'UserUse == TRUE => TRUE => TRUE', 'UserUse == TRUE <=> FALSE <=> TRUE', 'UserUse == TRUE /\\ TRUE \\/ FALSE', 'UserUse == {1} \\cup {2} \\cap {3}',
                                     'UserUse == {1} \\ {2} \\ {3}', 'UserUse == 1 - 2 - 3', 'UserUse == 1 - 2 + 3', 'UserUse == 2 * 3 \\div 4', 'UserUse == 2 ^ 3 ^ 4', 'UserUse == 2 % 3 % 4',
                                     'UserUse == 2 \\div 3 \\div 4', 'UserUse == 2 * 3 % 4', 'UserUse == 2 / 3', 'UserUse == <<1>> \\o <<2>> \\o <<3>>', 'UserUse == 1 :> 2 @@ 3 :> 4',
                                     'UserUse == 1 \\in {1} \\in {TRUE}', 'UserUse == DOMAIN <<1>> \\cup {3}', 'UserUse == SUBSET {1} \\cup {2}', 'UserUse == SUBSET SUBSET {1}', 'UserUse == UNION SUBSET {1}',
                                     'UserUse == DOMAIN DOMAIN <<1>>', "UserUse == UNCHANGED UNCHANGED 1", 'UserUse == ENABLED ENABLED TRUE', 'UserUse == [] [] TRUE', 'UserUse == []<>TRUE', 'UserUse == <> ~ [] TRUE',
                                     'UserUse == TRUE ~> FALSE ~> TRUE', 'UserUse == TRUE -+-> FALSE', 'UserUse == TRUE \\cdot TRUE', 'UserUse == TRUE ~> TRUE => TRUE']))


# -- layout

@mutator
def indent_shift(s, r):
    """A junction-list item moved by some columns."""
    i = pick(r, [i for i in s.bullets() if s.first_on_line(i)])
    if i is None: return None
    t, k = s.toks[i], r.choice([-3, -2, -1, 1, 2, 3])
    if k > 0: return [(t.start, t.start, ' ' * k)]
    k = min(-k, t.col)
    return k and [(t.start - k, t.start, '')]


@mutator
def indent_continuation(s, r):
    """A line that continues an item moved to the left, at or beyond the item's bullet."""
    lines = [i for i in s.body() if s.first_on_line(i) and s.toks[i].col > 2]
    i = pick(r, [i for i in lines if s.toks[i].text not in ('/\\', '\\/')] or lines)
    if i is None: return None
    t = s.toks[i]
    return [(s.line_start(t), t.start, ' ' * r.randrange(t.col))]


@mutator
def indent_block(s, r):
    """All lines of a stretch shifted."""
    i = pick(r, [i for i in s.bullets() if s.first_on_line(i)])
    if i is None: return None
    begin, k = s.line_start(s.toks[i]), r.choice([-2, -1, 1, 2, 4])
    end = begin
    for _ in range(r.randint(1, 4)): end = s.text.find('\n', end) + 1 or len(s.text)
    lines = [(' ' * k + l if k > 0 else l[min(-k, len(l) - len(l.lstrip())):]) if l.strip() else l for l in s.text[begin:end].split('\n')]
    return [(begin, end, '\n'.join(lines))]


@mutator
def line_join(s, r):
    """An item joined to the line before it."""
    i = pick(r, [i for i in s.body() if s.first_on_line(i) and '\\*' not in s.text[s.toks[i - 1].end:s.toks[i].start]])
    return i and [(s.toks[i - 1].end, s.toks[i].start, ' ')]


@mutator
def line_split(s, r):
    """A line broken at a token, the rest at a random column."""
    i = pick(r, s.body())
    return i and [(s.toks[i].start, s.toks[i].start, '\n' + ' ' * r.randrange(s.toks[i].col + 3))]


@mutator
def bullet_swap(s, r):
    r"""One /\ of a list becomes \/ or the other way round, or another bullet."""
    i = pick(r, s.bullets())
    if i is None: return None
    other = {'/\\': '\\/', '\\/': '/\\'}[s.toks[i].text]
    return put(s.toks[i], r.choice([other, other, other, '-', '*', '/', '\\', '/\\ /\\', '\\land', '\\lor', '∧', '∨']))


@mutator
def bullet_drop(s, r):
    """A bullet is missing, or its item is."""
    i = pick(r, s.bullets())
    if i is None: return None
    if r.random() < .5: return put(s.toks[i], '  ')
    eol = s.text.find('\n', s.toks[i].end)
    return [(s.toks[i].end, eol, '')]


@mutator
def bullet_tab(s, r):
    """Spaces before a bullet replaced by tabs, which count up to the next multiple of eight or as one."""
    i = pick(r, [i for i in s.bullets() if s.first_on_line(i) and s.toks[i].col >= 1])
    if i is None: return None
    t = s.toks[i]
    return [(s.line_start(t), t.start, r.choice(['\t' * (t.col // 8) + ' ' * (t.col % 8), '\t', '\t' * t.col, ' \t']))]


# -- parentheses and brackets

@mutator
def bracket_drop(s, r):
    """One bracket is missing."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('(', ')', '[', ']', '{', '}', '<<', '>>', ']_')))
    return i and put(s.toks[i], '')


@mutator
def parens_drop(s, r):
    """A matching pair of parentheses is missing (not those of arguments)."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text == '(' and s.toks[i - 1].kind != 'word'))
    j = i and s.match(i)
    return j and [(s.toks[i].start, s.toks[i].end, ''), (s.toks[j].start, s.toks[j].end, '')]


@mutator
def parens_add(s, r):
    """Parentheses around a run of tokens of one line."""
    i = pick(r, s.body())
    if i is None: return None
    j = i
    while r.random() < .7 and j + 1 < len(s.toks) and s.toks[j + 1].line == s.toks[i].line: j += 1
    o, c = r.choice([('(', ')')] * 3 + [('{', '}'), ('<<', '>>'), ('[', ']')])
    return [(s.toks[i].start, s.toks[i].start, o), (s.toks[j].end, s.toks[j].end, c)]


@mutator
def bracket_kind(s, r):
    """A bracket of another kind."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('(', ')', '[', ']', '{', '}', '<<', '>>')))
    return i and put(s.toks[i], r.choice(['(', ')', '[', ']', '{', '}', '<<', '>>', '<', '>', '⟨', '⟩']))


# -- names, arity, scope

@mutator
def rename_use(s, r):
    """One use of a name misspelt, in other case, or another name of the module."""
    i = pick(r, s.body(lambda s, i: s.toks[i].kind == 'word'))
    if i is None: return None
    n = s.toks[i].text
    return put(s.toks[i], r.choice([n + 'x', n.swapcase(), n[:-1] or 'zz', pick(r, [d[0] for d in s.defs] + s.variables + s.constants) or 'zz']))


@mutator
def rename_declaration(s, r):
    """A definition or declaration under another name; its uses stay."""
    i = pick(r, [d[1] for d in s.defs] + [i for i in range(s.first) if s.toks[i].text in s.variables + s.constants])
    return i and put(s.toks[i], s.toks[i].text + 'Renamed')


@mutator
def rename_clash(s, r):
    """A definition takes the name of another, of a standard operator or of a keyword."""
    i = pick(r, [d[1] for d in s.defs])
    return i and put(s.toks[i], r.choice([d[0] for d in s.defs] + s.variables + ['Nat', 'Len', 'Append', 'Cardinality', 'Seq', 'Print', 'IF', 'TRUE', 'BOOLEAN', 'STRING', 'OTHER', 'STATE', 'NEW', 'PROVE', 'Int', 'Tail', 'Assert']))


@mutator
def arity_drop(s, r):
    """An argument is missing."""
    c = pick(r, s.calls())
    if not c: return None
    i, o, commas, e = c
    if not commas: return r.choice([[(s.toks[o].start, s.toks[e].end, '')], [(s.toks[o].end, s.toks[e].start, '')]])
    return [(s.toks[commas[-1]].start, s.toks[e].start, '')]


@mutator
def arity_add(s, r):
    """An argument too many."""
    c = pick(r, s.calls())
    return c and [(s.toks[c[3]].start, s.toks[c[3]].start, r.choice([', 1', ', TRUE', ', {}', ',']))]


@mutator
def arity_constant(s, r):
    """Arguments for what takes none, or none in parentheses."""
    i = pick(r, s.operands())
    return i and [(s.toks[i].end, s.toks[i].end, r.choice(['(1)', '()', '(1, 2)', '(TRUE)', '[1]', '[]', '!1']))]


@mutator
def parameters(s, r):
    """A definition's parameter list changed."""
    d = pick(r, s.defs)
    if not d: return None
    i, e = d[1], d[2]
    old = s.text[s.toks[i].end:s.toks[e].start]
    names = re.findall(r'\w+', old)
    new = r.choice(['', '()', '(p1)', '(p1, p1)', '(p1, p2)', '(p1(_))', '(p1(_, _), p2)', '(p1,)', '(p1 p2)', '(p1', '[p1 \\in {1}]', '[p1 \\in {1}, p2 \\in {2}]',
                    '[p1 \\in {1}, p1 \\in {2}]', '(_)', '(p1(x))', '(p1())', '[p1]', '(p1 \\in {1})', '[<<p1, p2>> \\in {<<1, 2>>}]', '[p1, p2 \\in {1}]',
                    '(%s)' % ', '.join(names + ['extra']), '(%s)' % ', '.join(names[:-1] or ['q']), '(_+_)', '(p1\', p2)', '(1)', '(CONSTANT p1)'])
    return [(s.toks[i].end, s.toks[e].start, new + ' ')]


@mutator
def higher_order(s, r):
    """Operators as arguments: right and wrong arity, lambdas, built-in operators, nesting."""
    return s.before_footer(r.choice([
        'Map(F(_), x1) == F(x1)\nUse == Map(%s, 1)', 'Fold(F(_, _), x1) == F(x1, x1)\nUse == Fold(%s, 1)', 'Const(F) == F\nUse == Const(%s)',
        'Map(F(_), x1) == F\nUse == %s', 'Map(F(_), x1) == F(x1, x1)\nUse == %s', 'Twice(F(_(_))) == 1\nUse == %s', 'Map(F(_), x1) == LET G(y1) == F(y1) IN G(x1)\nUse == Map(%s, 2)',
        'Map(F(_), x1) == Map(F, x1)\nUse == %s', 'RECURSIVE Map(_(_), _)\nMap(F(_), x1) == Map(F, x1)\nUse == %s', 'Use == LET Loc(F(_)) == F(1) IN Loc(%s)',
        'Fold(_+_, x1) == 1 + x1\nUse == Fold(%s, 1)', 'Use == %s', 'Use == [i \\in {1} |-> %s]', 'Use == %s = 1', 'CONSTANT Oc(_)\nUse == Oc(%s)', 'CONSTANT Oc(_, _)\nUse == Oc(1, %s)'])
        % r.choice(['LAMBDA x1 : x1', 'LAMBDA x1, y1 : x1', 'LAMBDA : 1', 'LAMBDA x1 \\in {1} : x1', '1', 'TRUE', '+', '-', '-.', '\\cup', 'DOMAIN', 'SUBSET', 'Len', 'Cardinality',
                    'LAMBDA x1 : LAMBDA y1 : y1', '(LAMBDA x1 : x1)', 'LAMBDA x1 x1', 'LAMBDA <<x1, y1>> : x1', 'LAMBDA x1 : y1', 'Undefined', "'", '=', '\\in', '/\\', 'IF', 'LAMBDA F(_) : F(1)', pick(r, [d[0] for d in s.defs]) or 'Use0']))


@mutator
def shadow(s, r):
    """A bound name, parameter or local definition takes a name that is already known."""
    known = s.variables + s.constants + [d[0] for d in s.defs]
    sites = [i + 1 for i in s.body(lambda s, i: s.toks[i].text in ('\\E', '\\A', 'CHOOSE', '{', 'LET', 'LAMBDA', '\\AA')) if s.toks[i + 1].kind == 'word' and s.next(i + 1) in ('\\in', ',', ':', '==')]
    name = pick(r, known)
    if name is None: return None
    if sites and r.random() < .5:
        i = pick(r, sites)
        old, d = s.toks[i].text, next(d for d in s.defs if d[2] < i < d[3])
        same = [j for j in range(i, d[3]) if s.toks[j].text == old and s.toks[j].kind == 'word'] if r.random() < .7 else [i]
        return [(s.toks[j].start, s.toks[j].end, name) for j in same]
    n = name
    return s.before_footer(r.choice(['Sh(%s) == 1' % n, 'Sh == \\A %s \\in {1} : TRUE' % n, 'Sh == LET %s == 1 IN 2' % n, 'Sh == [%s \\in {1} |-> 1]' % n, 'Sh == {%s \\in {1} : TRUE}' % n,
                                     'Sh == {1 : %s \\in {1}}' % n, 'Sh == CHOOSE %s \\in {1} : TRUE' % n, 'Sh[%s \\in {1}] == 1' % n, 'Sh == \\E q1 \\in {1} : \\E q1 \\in {2} : TRUE', 'Sh(q1) == \\E q1 \\in {1} : TRUE',
                                     'Sh == \\E q1, q1 \\in {1} : TRUE', 'Sh == LET q1 == 1 q1 == 2 IN q1', 'Sh == LET q1 == 1 IN LET q1 == 2 IN q1', 'Sh == [%s |-> 1].%s' % (n, n), 'Sh == LAMBDA %s : 1' % n,
                                     'Sh == \\E q1 \\in {q1} : TRUE', 'Sh == LET q1(%s) == 1 IN q1(2)' % n, 'Sh(%s(_)) == 1' % n, 'Sh == (\\E q1 \\in {1} : TRUE) /\\ q1 = 1', 'Sh == LET Sh == 1 IN Sh', 'Sh(Sh) == 1', 'Sh == \\E Sh \\in {1} : TRUE',
                                     'Sh == \\E <<q1, q1>> \\in {<<1, 2>>} : TRUE', 'Sh == \\AA q1 : \\EE q1 : TRUE', 'Sh == \\EE %s : TRUE' % n, 'Sh == LET q1 == q2 q2 == 1 IN q1', 'Sh == LET q2 == 1 q1 == q2 IN q1', 'Sh == Later\nLater == 1']))


@mutator
def duplicate_definition(s, r):
    """A definition given twice: as it is, changed, with parameters, in LET."""
    d = pick(r, s.defs)
    if not d: return None
    whole = s.span(d[1], d[3] - 1)
    return s.before_footer(r.choice([whole, '%s == 1' % d[0], '%s(p1) == p1' % d[0], 'LOCAL %s == 1' % d[0], '%s[p1 \\in {1}] == p1' % d[0], 'CONSTANT %s' % d[0], 'VARIABLE %s' % d[0], 'RECURSIVE %s(_)' % d[0], '%s == INSTANCE Naturals' % d[0], 'ASSUME %s == TRUE' % d[0], 'THEOREM %s == TRUE' % d[0]]))


@mutator
def duplicate_declaration(s, r):
    """A variable or constant declared twice or as both."""
    n = pick(r, s.variables + s.constants)
    return n and s.top(r.choice(['VARIABLE %s', 'CONSTANT %s', 'VARIABLES q1, %s', 'CONSTANT %s(_)', 'VARIABLES q1, q1 \\* %s', 'VARIABLE %s(_)', 'CONSTANTS q1, q1 \\* %s', '%s == 1']) % n)


@mutator
def drop_extends(s, r):
    """EXTENDS or one of its modules is missing, unknown, or repeated."""
    i = next((i for i, t in enumerate(s.toks) if t.text == 'EXTENDS'), None)
    if i is None: return None
    j = i + 1
    while s.toks[j + 1].text == ',': j += 2
    names = [s.toks[k].text for k in range(i + 1, j + 1, 2)]
    kind, k = r.randrange(6), r.randrange(len(names))
    rest = names[:k] + names[k + 1:]
    new = ['', 'EXTENDS ' + ', '.join(rest) if rest else '', 'EXTENDS ' + ', '.join(names + ['NoSuchModule']), 'EXTENDS ' + ', '.join(names + names[:1]), 'EXTENDS ' + ' '.join(names),
           'EXTENDS ' + ', '.join(rest) + '\nLOCAL INSTANCE ' + names[k] if rest else 'LOCAL INSTANCE ' + names[k]][kind]
    return [(s.toks[i].start, s.toks[j].end, new)]


@mutator
def drop_declaration(s, r):
    """A declaration or a name of it is missing."""
    i = pick(r, [i for i, t in enumerate(s.toks) if t.text in ('VARIABLE', 'VARIABLES', 'CONSTANT', 'CONSTANTS')])
    if i is None: return None
    j = i + 1
    while j + 2 < len(s.toks) and s.toks[j + 1].text == ',': j += 2
    kind = r.randrange(4)
    if kind == 0: return [(s.toks[i].start, s.toks[j].end, '')]
    if kind == 1: return put(s.toks[j], '') if j > i + 1 else [(s.toks[i].start, s.toks[j].end, '')]
    if kind == 2: return [(s.toks[j - 1].start if j > i + 1 else s.toks[i].start, s.toks[j].end, '')]
    return put(s.toks[i], r.choice(['VAR', 'VARIABLE:', 'Variables', 'CONST', 'VARIABLES VARIABLES', 'LOCAL VARIABLE', 'CONSTANTS', 'VARIABLES']))


@mutator
def drop_definition(s, r):
    """A definition is missing, or comes after its use."""
    d = pick(r, s.defs)
    if not d: return None
    a, b = s.toks[d[1]].start, s.toks[d[3] - 1].end
    at = s.line_start(s.footer)
    return [(a, b, '')] if r.random() < .5 or at < b else [(a, b, ''), (at, at, s.text[a:b] + '\n')]


@mutator
def recursion(s, r):
    """RECURSIVE missing, with another arity, unused, or repeated; recursion without it."""
    i = pick(r, [i for i, t in enumerate(s.toks) if t.text == 'RECURSIVE'])
    if i is not None and r.random() < .5:
        j = i + 1
        while s.toks[j].line == s.toks[i].line: j += 1
        return [(s.toks[i].start, s.toks[j - 1].end, r.choice(['', s.span(i, j - 1).replace('_)', '_, _)'), s.span(i, j - 1).replace('(_)', ''), s.span(i, j - 1).replace('_', '_(_)'), s.span(i, j - 1) + '\n' + s.span(i, j - 1), s.span(i, j - 1).replace('(', ' ')]))]
    return s.before_footer(r.choice(['Rec(n1) == Rec(n1)', 'RECURSIVE Rec(_)', 'RECURSIVE Rec(_)\nRec == 1', 'RECURSIVE Rec\nRec == Rec', 'RECURSIVE Rec(_, _)\nRec(n1) == n1', 'RECURSIVE Rec(_)\nRec(n1) == Rec(n1, n1)',
                                     'RECURSIVE Ra(_), Rb(_)\nRa(n1) == Rb(n1)\nRb(n1) == Ra(n1)', 'RECURSIVE Ra(_)\nRa(n1) == Rb(n1)\nRb(n1) == Ra(n1)', 'Rec[n1 \\in {1}] == Rec[n1]', 'Rec == [n1 \\in {1} |-> Rec[n1]]',
                                     'Rec == LET RECURSIVE Lo(_) Lo(n1) == Lo(n1) IN Lo(1)', 'Rec == LET Lo(n1) == Lo(n1) IN Lo(1)', 'RECURSIVE Rec(_)\nVARIABLE rv\nRec(n1) == Rec(n1)', "VARIABLE rv\nRECURSIVE Rec(_)\nRec(n1) == Rec(rv')", "RECURSIVE Rec(_)\nRec(n1) == n1'\nUse == Rec(1)'",
                                     'RECURSIVE Rec(_)\nRec(n1) == [](Rec(n1))', 'RECURSIVE Rec(_)\nUse == Rec(1)\nRec(n1) == Rec(n1)', 'LOCAL RECURSIVE Rec(_)\nRec(n1) == Rec(n1)', 'RECURSIVE Rec(_)\nLOCAL Rec(n1) == Rec(n1)', 'RECURSIVE Rec(_)\nRec[n1 \\in {1}] == 1', 'RECURSIVE Rec(_(_))\nRec(F(_)) == F(1)', 'RECURSIVE Rec(_)\nRec(F(_)) == F(1)', 'RECURSIVE _ ++ _\na1 ++ b1 == a1 ++ b1', 'RECURSIVE Rec(_)\nINSTANCE Naturals\nRec(n1) == n1', 'RECURSIVE Rec(_)\nTHEOREM Rec(1)\nRec(n1) == n1', 'RECURSIVE Rec(x)\nRec(n1) == n1']))


# -- module frame

@mutator
def frame(s, r):
    """Header and footer missing, short, misnamed, doubled; text around them."""
    h, f = s.head, s.footer
    return r.choice([
        [(f.start, f.end, '')], [(f.start, f.end, '===')], [(f.start, f.end, '-----')], [(f.start, f.end, '==== ====')], [(f.start, len(s.text), '====\ntext after & the "end (* of it')],
        [(h.start(), h.end(), '')], [(h.start(), h.end(), '---- MODULE %s' % s.name)], [(h.start(), h.end(), 'MODULE %s ----' % s.name)], [(h.start(), h.end(), '--- MODULE %s ---' % s.name)],
        [(h.start(), h.end(), '---- MODULE %sX ----' % s.name)], [(h.start(), h.end(), '---- Module %s ----' % s.name)], [(h.start(), h.end(), '---- MODULE ----')], [(h.start(), h.end(), '----MODULE %s----' % s.name)],
        [(h.start(), h.end(), h.group() + '\n' + h.group())], [(h.start(), h.start(), 'text before & "the (* start\n')], [(h.start(), h.start(), '(* a comment *)\n')], [(h.end(), h.end(), ' trailing')], [(h.end(), h.end(), ' \\* comment')],
        [(f.start, f.start, '----\n')], [(f.start, f.start, '---- ---- ----\n')], [(f.start, f.start, '--\n')], [(f.start, f.start, '---\n')], [(f.start, f.end, '========\n---- MODULE Second ----\n====')], [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n====\n')],
        [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n')], [(f.start, f.start, '---- MODULE %s ----\nInn == 1\n====\n' % s.name)], [(f.start, f.start, '---- MODULE Inner ----\nEXTENDS %s\n====\n' % s.name)], [(f.start, f.start, '---- MODULE Inner ----\nCONSTANT Ic\nInn == Ic\n====\nI1 == INSTANCE Inner WITH Ic <- 1\nUse == I1!Inn\n')],
        [(f.start, f.start, '---- MODULE Inner ----\nCONSTANT Ic\nInn == Ic\n====\nI1 == INSTANCE Inner\nUse == I1!Inn\n')], [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n====\nUse == Inn\n')], [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n====\nI1 == INSTANCE Inner\nUse == I1!Nope\n')], [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n====\nI1(p1) == INSTANCE Inner\nUse == I1!Inn\n')],
        [(f.start, f.start, '---- MODULE Inner ----\nInn == 1\n====\nI1(p1) == INSTANCE Inner\nUse == I1(2)!Inn\n')], [(f.start, f.end, '=' * 80)], [(h.start(), h.end(), '-' * 70 + ' MODULE ' + s.name + ' -')], [(h.end(), h.end(), '\nEXTENDS Naturals\nEXTENDS Sequences')], [(f.start, f.start, ';\n')], [(f.start, f.start, '\x00\n')], [(f.start, f.start, '\ufeff\n')], [(f.start, f.start, '\x0c\n')], [(0, 0, '\ufeff')]])


@mutator
def crlf(s, r):
    """Line ends and control characters of other systems, in a part of the file or in all of it."""
    if r.random() < .5: return s.text.replace('\n', r.choice(['\r\n', '\r', '\n\r', '\n\n', '\x0b', '\u2028', ' \n']))
    i = pick(r, s.body())
    return i and [(s.toks[i].start, s.toks[i].start, r.choice(['\r', '\x0c', '\u00a0', '\u200b', '\x0b', '\x1a', '\ufeff', '\u3000', '\t', '\r\n', '`', '§', 'é', '😀']))]


@mutator
def comment_open(s, r):
    """Comments and strings left open, closed twice, nested."""
    i = pick(r, s.body())
    return i and [(s.toks[i].start, s.toks[i].start, r.choice(['(* ', '*) ', '(* (* *) ', '(* x *) *) ', '\\* ', '(*) ', '(**) ', '(* "*)" *) ', '(* \\* *) ', '\\*(*\n', '(***) ', '" ', '(* *)', '// ', '-- ', '/* */ ', '# ', '\\ ', "'' "]))]


@mutator
def string_number(s, r):
    """Strings and numbers in odd forms."""
    lit = r.choice(['"a\\q"', '"a\\n"', '"a\\"b"', '"\\\\"', '"a', "'a'", '"é"', '"a\tb"', '"a\nb"', '"(*"', '"\\*"', '""', '1.5', '.5', '1.', '0x1F', '\\b102', '\\b101', '\\hFG', '\\hFF', '\\o18', '\\o17', '1_000', '1e5', '007', '99999999999999999999', '2147483648', '1a', 'a-b', 'a?', '_a', '_', '__', '1.2.3', '\\HFF', '\\B11', '"a" "b"', '1 2', '@', '$x', '&x', '~', 'a!b', 'x.y', '!', 'WF_', '\\x', '\\alpha', '\\', '"\\t\\f\\r"', '0.0', '3.14159'])
    i = pick(r, s.operands())
    if i is not None and r.random() < .6: return put(s.toks[i], lit)
    return s.before_footer('Lit == ' + lit)


@mutator
def keyword_name(s, r):
    """A keyword or an odd word where a name is expected."""
    return s.before_footer(r.choice(['%s == 1', 'Kw(%s) == 1', 'Kw == \\E %s \\in {1} : TRUE', 'VARIABLE %s', 'Kw == [%s |-> 1]', 'Kw == [%s |-> 1].%s', 'Kw == LET %s == 1 IN 2', 'THEOREM %s == TRUE', 'CONSTANT %s(_)', 'Kw == %s', 'Kw == {1 : %s \\in {2}}']).replace('%s', r.choice(['WF_a', 'SF_', 'IN', 'ACTION', 'STATE', 'TEMPORAL', 'NEW', 'PICK', 'BY', 'DEF', 'DEFS', 'ONLY', 'PROOF', 'QED', 'HAVE', 'USE', 'HIDE', 'STRING', 'BOOLEAN', 'TRUE', 'Nat', '1x', 'x1y', '1', 'a_b', '_x', 'x_', 'LAMBDA', 'SUFFICES', 'ONE', 'WITH', 'THEN', 'MODULE', 'PROPOSITION', 'LEMMA', 'COROLLARY', 'AXIOM', 'ASSUMPTION', 'INITIAL', 'OTHER', '\u00e4', 'Wf_x', '__x', '11x', 'x11'])))


# -- expressions

@mutator
def prime_add(s, r):
    """A prime on a name, a constant, a call, a primed name, a whole expression."""
    ops = s.body(lambda s, i: s.toks[i].kind in ('word', 'number', 'string') or s.toks[i].text in (')', ']', '}', '>>', 'TRUE', "'"))
    i = pick(r, ops)
    return i and [(s.toks[i].end, s.toks[i].end, r.choice(["'", "'", "'", "''"]))]


@mutator
def prime_drop(s, r):
    """A prime is missing or is another sign."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text == "'"))
    return i and put(s.toks[i], r.choice(['', '"', '`', '′', '’', '^', "' '", '.next']))


@mutator
def equals_swap(s, r):
    """= and == exchanged."""
    i = pick(r, [i for i in range(4, len(s.toks)) if s.toks[i].text in ('=', '==')])
    return i and put(s.toks[i], {'=': r.choice(['==', '===', ':=', '= =']), '==': r.choice(['=', '===', '= =', ':=', '≜', ':'])}[s.toks[i].text])


@mutator
def let_in(s, r):
    """LET without IN, IN without LET, LET without definitions, separators in LET."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('LET', 'IN')))
    if i is not None and r.random() < .6: return put(s.toks[i], r.choice(['', '', s.toks[i].text.lower(), 'LET IN' if s.toks[i].text == 'LET' else 'IN IN', ';']))
    return s.before_footer(r.choice(['Le == LET a1 == 1', 'Le == LET IN 1', 'Le == LET a1 == 1, b1 == 2 IN a1', 'Le == LET a1 == 1; b1 == 2 IN a1', 'Le == LET a1 = 1 IN a1', 'Le == LET a1 == 1 b1 == a1 IN b1', 'Le == LET a1 == 1 IN', 'Le == (LET a1 == 1 IN a1) + a1', 'Le == 1 + LET a1 == 1 IN a1', 'Le == LET a1 == 1 IN a1 + LET b1 == 2 IN b1',
                                     'Le == LET a1(x1) == x1 IN a1', 'Le == LET a1[x1 \\in {1}] == x1 IN a1[1]', 'Le == LET VARIABLE a1 IN a1', 'Le == LET INSTANCE Naturals IN 1', 'Le == LET N1 == INSTANCE Naturals IN 1', 'Le == LET a1 == 1 LOCAL b1 == 2 IN a1', 'Le == LET a1 == 1 IN b1 == 2', 'Le == LET ASSUME TRUE IN 1', 'Le == LET a1 == 1 ---- b1 == 2 IN 3', 'Le == LET a1 + b1 == 1 IN 2', 'Le == LET a1 ++ b1 == 1 IN 2 ++ 3']))


@mutator
def if_case(s, r):
    """IF without THEN or ELSE, CASE arms in odd forms."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('IF', 'THEN', 'ELSE', 'CASE', 'OTHER')))
    if i is not None and r.random() < .6: return put(s.toks[i], r.choice(['', '', s.toks[i].text.lower(), 'ELSE IF', 'THEN', 'ELSE', 'ELSEIF', '?', ':']))
    return s.before_footer(r.choice(['If == IF TRUE THEN 1', 'If == IF TRUE 1 ELSE 2', 'If == IF THEN 1 ELSE 2', 'If == IF TRUE THEN ELSE 2', 'If == IF TRUE THEN 1 ELSE', 'If == IF TRUE THEN 1 ELSE IF FALSE THEN 2 ELSE 3', 'If == IF TRUE THEN IF TRUE THEN 1 ELSE 2 ELSE 3', 'If == 1 + IF TRUE THEN 1 ELSE 2 + 3', 'If == IF TRUE THEN 1 ELSE 2 = 3',
                                     'Ca == CASE TRUE -> 1', 'Ca == CASE TRUE -> 1 [] FALSE -> 2', 'Ca == CASE TRUE -> 1 [] OTHER -> 2', 'Ca == CASE OTHER -> 2', 'Ca == CASE OTHER -> 1 [] TRUE -> 2', 'Ca == CASE TRUE -> 1 [] OTHER -> 2 [] FALSE -> 3', 'Ca == CASE TRUE 1', 'Ca == CASE TRUE -> 1 FALSE -> 2', 'Ca == CASE TRUE -> 1 [] ', 'Ca == CASE -> 1', 'Ca == CASE TRUE : 1', 'Ca == CASE TRUE -> CASE FALSE -> 1 [] OTHER -> 2', 'Ca == CASE TRUE -> (CASE FALSE -> 1) [] OTHER -> 2', 'Ca == CASE TRUE -> []TRUE', 'Ca == CASE TRUE -> 1 □ FALSE -> 2', 'Ca == CASE TRUE -> 1 || FALSE -> 2', 'Ca == (CASE TRUE -> 1) + 1', 'Ca == CASE TRUE => FALSE -> 1', 'Ca == 1 + CASE TRUE -> 1 [] OTHER -> 2 + 3', 'Ca == CASE TRUE → 1']))


@mutator
def record(s, r):
    """Records, record sets, functions and function sets with the wrong arrow, sign or bracket."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('|->', '.', '->')))
    if i is not None and r.random() < .5: return put(s.toks[i], r.choice({'|->': ['->', ':', '=', '|-', '=>', '<-', '|-->'], '.': ['..', '!', '->', '[', ' '], '->': ['|->', '-->', ':', '=>', '~>']}[s.toks[i].text]))
    return s.before_footer(r.choice(['Re == [a1 |-> 1, b1 -> 2]', 'Re == [a1 : {1}, b1 |-> 2]', 'Re == [a1 |-> 1,]', 'Re == [a1 = 1]', 'Re == ["a1" |-> 1]', 'Re == [a1 |-> 1, a1 |-> 2]', 'Re == [a1 : {1}, a1 : {2}]', 'Re == []', 'Re == [1]', 'Re == [a1 |-> 1].b1', 'Re == [a1 |-> 1]."a1"', 'Re == [a1 |-> 1].1', 'Re == [a1 |-> 1]["a1"]', 'Re == [x1 \\in {1} |-> x1]', 'Re == [x1 \\in {1} -> x1]', 'Re == [x1 \\in {1} : x1]', 'Re == [{1} -> {2}]', 'Re == [{1} |-> {2}]',
                                     'Re == [x1 \\in {1}, y1 \\in {2} |-> x1]', 'Re == [x1, y1 \\in {2} |-> x1]', 'Re == [<<x1, y1>> \\in {<<1, 2>>} |-> x1]', 'Re == [x1 \\in {1} |-> x1][1, 2]', 'Re == [x1 \\in {1} |-> x1][]', 'Re == [x1 |-> x1 \\in {1}]', 'Re == [x1 = 1 |-> 2]', 'Re == [x1 \\in {1} |-> ]', 'Re == [x1 \\subseteq {1} |-> 2]', 'Re == [1 |-> 2]', 'Re == [a1: {1}; b1: {2}]', 'Re == {a1 |-> 1}', 'Re == <<a1 |-> 1>>', 'Re == [a1 |-> 1 b1 |-> 2]', 'Re == [IF |-> 1]', 'Re == [{1} -> {2} -> {3}]', 'Re == [{1} -> [{2} -> {3}]]', 'Re == [a1 ↦ 1]', 'Re == [{1} → {2}]', 'Re == [x1 ∈ {1} ↦ x1]', 'Re == {x1 \\in {1} : x1 \\in {2}}', 'Re == {x1 \\in {1}, y1 \\in {2} : TRUE}', 'Re == {x1 + y1 : x1 \\in {1}, y1 \\in {2}}', 'Re == {x1 : x1}', 'Re == {x1 | x1 \\in {1}}', 'Re == {<<x1, y1>> \\in {<<1, 2>>} : TRUE}', 'Re == {1, 2,}', 'Re == {,}', 'Re == << , >>', 'Re == <<1 2>>', 'Re == <<1, 2', 'Re == { }', 'Re == << >>', 'Re == {x1 \\in {1} : }', 'Re == {x1 : x1 \\in {1} : TRUE}', 'Re == {(x1) \\in {1} : TRUE}', 'Re == {x1 \\in {1}}']))


@mutator
def except_(s, r):
    """EXCEPT with typos, odd paths and misplaced @."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('EXCEPT', '!', '@')))
    if i is not None and r.random() < .5: return put(s.toks[i], r.choice({'EXCEPT': ['EXCEP', 'except', '', 'WITH', 'EXCEPT ,'], '!': ['', '!!', '!.', '!(1)', '.', '@'], '@': ['@@', '!', '@.a', "@'", '@[1]', '']}[s.toks[i].text]))
    f = r.choice(['<<1, 2>>', '[a1 |-> 1]', '[i1 \\in {1} |-> 2]'])
    return s.before_footer('Ex == ' + r.choice(['[%s EXCEPT ![1] = 2]', '[%s EXCEPT !.a1 = 2]', '[%s EXCEPT ![1] == 2]', '[%s EXCEPT ![1] |-> 2]', '[%s EXCEPT [1] = 2]', '[%s EXCEPT ! = 2]', '[%s EXCEPT ![1] = 2, ![2] = 3]', '[%s EXCEPT ![1] = 2 ![2] = 3]', '[%s EXCEPT ![1] = 2,]', '[%s EXCEPT ]', '[%s EXCEPT ![1].a1[2] = @ + 1]', '[%s EXCEPT ![1, 2] = 2]', '[%s EXCEPT !["a"] = 2]', '[%s EXCEPT !.a1.b1 = 2]', '[%s EXCEPT !1 = 2]', '[%s EXCEPT !.1 = 2]', '[%s EXCEPT !.[1] = 2]',
                                                '[%s EXCEPT ![1] = @]', '@ + 1 \\* %s', '[%s EXCEPT ![@] = 2]', '[%s EXCEPT ![1] = [@ EXCEPT ![1] = @]]', '[%s EXCEPT ![1] = LET q1 == @ IN q1]', '[%s EXCEPT ![1] := 2]', '[EXCEPT ![1] = 2] \\* %s', '[%s EXCEPT ![1] = 2', '[%s, EXCEPT ![1] = 2]', '[%s EXCEPT ![] = 2]', '[%s EXCEPT ![1] # 2]', '[%s EXCEPT ![1] = 1 = 2]', '[%s EXCEPT ![1] = LAMBDA x1 : x1]', "[%s EXCEPT ![1]' = 2]", '[%s EXCEPT !.\"a\" = 2]', '{%s EXCEPT ![1] = 2}', '[%s EXCEPT ![x1 \\in {1}] = 2]']).replace('%s', f))


@mutator
def quantifier(s, r):
    """Quantifiers, CHOOSE and set builders with odd bounds."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('\\E', '\\A', 'CHOOSE')))
    if i is not None and r.random() < .5:
        j = i
        while s.toks[j].text != ':' and j + 1 < len(s.toks): j += 1
        return r.choice([put(s.toks[j], ''), put(s.toks[j], ','), put(s.toks[j], '|'), put(s.toks[i], {'\\E': '\\exists', '\\A': '\\forall', 'CHOOSE': 'choose'}[s.toks[i].text]), put(s.toks[i], ''), [(s.toks[i + 1].start, s.toks[i + 1].start, '<<')], [(s.toks[i + 1].end, s.toks[i + 1].end, ', zz1')], put(s.toks[i], {'\\E': '\\EE', '\\A': '\\AA', 'CHOOSE': '\\E'}[s.toks[i].text]), put(s.toks[i + 2], '='), put(s.toks[i + 2], ':'), [(s.toks[i].end, s.toks[j].start, ' ')]])
    q = r.choice(['\\E', '\\A'])
    return s.before_footer('Qu == ' + r.choice(['%s x1 : TRUE', '%s x1, y1 : TRUE', '%s x1 \\in {1}, y1 : TRUE', '%s x1, y1 \\in {1} : TRUE', '%s x1 \\in {1}, y1 \\in {2} : TRUE', '%s <<x1, y1>> \\in {<<1, 2>>} : TRUE', '%s <<x1, y1>> : TRUE', '%s x1 \\in {1} TRUE', '%s x1 = 1 : TRUE', '%s x1 \\notin {1} : TRUE', '%s 1 \\in {1} : TRUE', '%s (x1) \\in {1} : TRUE', '%s x1 \\in {1} :', '%s : TRUE', '%s x1 \\in : TRUE', '%s x1 y1 \\in {1} : TRUE', '%s x1 \\in {1} : %s y1 \\in {x1} : TRUE', '%s x1 \\in {1}, y1 \\in {x1} : TRUE', '%s x1.a \\in {1} : TRUE', '(%s x1 \\in {1} : TRUE) /\\ %s x1 \\in {1} : TRUE', '%s x1 \\in {1} : x1 = 1 /\\ TRUE', 'TRUE /\\ %s x1 \\in {1} : TRUE', 'TRUE => %s x1 \\in {1} : TRUE => TRUE', '1 + %s x1 \\in {1} : TRUE', '%s <<x1>> \\in {<<1>>} : TRUE', '%s <<>> \\in {<<1>>} : TRUE', '%s <<<<x1, y1>>, z1>> \\in {1} : TRUE', 'CHOOSE x1 : TRUE', 'CHOOSE x1 \\in {1} : TRUE', 'CHOOSE x1, y1 \\in {1} : TRUE', 'CHOOSE x1, y1 : TRUE', 'CHOOSE <<x1, y1>> \\in {<<1, 2>>} : TRUE', 'CHOOSE <<x1, y1>> : TRUE', 'CHOOSE x1 \\in {1}', 'CHOOSE x1 \\in {1}, y1 \\in {2} : TRUE', 'CHOOSE {1}', '\\E! x1 \\in {1} : TRUE', '%s x1 \\in {1} . TRUE', '%s x1 ∈ {1} : TRUE', '∃ x1 ∈ {1} : TRUE', '∀ x1 ∈ {1} : TRUE', '\\AA x1 : TRUE', '\\AA x1 \\in {1} : TRUE', '\\EE x1, y1 : []TRUE']).replace('%s', q))


@mutator
def unicode_one(s, r):
    """One ASCII operator in its Unicode form (columns shift)."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in UNICODE))
    return i and put(s.toks[i], UNICODE[s.toks[i].text])


@mutator
def unicode_all(s, r):
    """All operators of the module, of one definition or of some kinds in their Unicode form."""
    some = set(r.sample(sorted(UNICODE), r.randint(3, len(UNICODE))))
    return [(t.start, t.end, UNICODE[t.text]) for t in s.toks if t.text in some] or None


@mutator
def unicode_padded(s, r):
    """Unicode operators padded to the old width so that columns stay."""
    return [(t.start, t.end, UNICODE[t.text] + ' ' * (len(t.text) - len(UNICODE[t.text]))) for t in s.toks if t.text in UNICODE and r.random() < .9] or None


@mutator
def unicode_odd(s, r):
    """Unicode look-alikes that are not TLA+, letters in names, mixed pairs."""
    table = {'-': '−', '*': '×', '=': '＝', '(': '（', '..': '‥', '...': '…', '#': '≠', '=>': '⟹', '->': '⟶', '\\in': '∊', '~': '¬', '/\\': '⋀', '\\/': '⋁', '<=': '⩽', '==': '≡', '\\div': '÷', '<<': '⟨', '>>': '⟩', '\\cup': '⋃', ':': '：', ',': '，', '{': '｛', "'": '′', '%': '％', '+': '＋', '<=>': '⟺', '|->': '⟼', '[]': '□', '<>': '◇', '.': '·', '\\o': '∘', '^': '↑', '@@': '⊕', '\\X': '×'}
    i = pick(r, s.body(lambda s, i: s.toks[i].text in table))
    return i and put(s.toks[i], table[s.toks[i].text])


@mutator
def ascii_alias(s, r):
    """An operator in its other ASCII spelling: accepted, unless the spelling is wrong."""
    table = {'/\\': ['\\land'], '\\/': ['\\lor'], '#': ['/='], '<=': ['=<', '\\leq'], '>=': ['\\geq'], '~': ['\\lnot', '\\neg'], '=>': ['\\implies', '=>'], '<=>': ['\\equiv'], '\\cup': ['\\union', '\\Union'], '\\cap': ['\\intersect', '\\inter'], '\\o': ['\\circ'], '\\E': ['\\exists', '\\Exists'], '\\A': ['\\forall'], '\\X': ['\\times'], '\\in': ['\\IN', '\\In'], '..': ['...'], '\\notin': ['\\not \\in', '\\ni'], '\\subseteq': ['\\subset', '\\subsete'], '[]': ['\\box'], '\\div': ['\\Div', 'div'], '==': ['\\defeq', '\\triangleq']}
    i = pick(r, s.body(lambda s, i: s.toks[i].text in table))
    return i and put(s.toks[i], r.choice(table[s.toks[i].text]))


# -- levels, temporal formulas, instances, proofs

@mutator
def temporal(s, r):
    """A temporal operator put into an action, a state predicate or an operand."""
    i = pick(r, s.operands())
    v = pick(r, s.variables) or 'x'
    p = r.choice([d[0] for d in s.defs if s.toks[d[1] + 1].text == '=='] or ['TRUE'])
    f = r.choice(['[]TRUE', '<>TRUE', '(TRUE ~> FALSE)', 'ENABLED TRUE', '[TRUE]_%s' % v, '[][TRUE]_%s' % v, '<<TRUE>>_%s' % v, '<><<TRUE>>_%s' % v, 'WF_%s(TRUE)' % v, 'SF_%s(%s)' % (v, p), "[](%s' = 1)" % v, "<>(%s' = 1)" % v, '[]%s' % p, "(%s)'" % p, 'ENABLED %s' % p, 'UNCHANGED %s' % p, '[%s]_%s' % (p, v), '(%s ~> %s)' % (p, p), "ENABLED (%s' = 1)" % v, '[][%s]_<<%s>>' % (p, v), "(%s' ~> TRUE)" % v, '\\EE q1 : [](q1 = 1)', "[][%s' = 1]_%s'" % (v, v), 'WF_%s([]TRUE)' % v, '[]ENABLED %s' % p, "(ENABLED %s)'" % p, '[[]TRUE]_%s' % v, '(%s -+-> %s)' % (p, p), '(%s \\cdot %s)' % (p, p), '[]%s => <>%s' % (p, p)])
    if i is not None and r.random() < .6: return put(s.toks[i], f)
    return s.before_footer(r.choice(['Tf == ', 'Tf == TRUE /\\ ', 'Tf == TRUE => ', 'Tf == ~ ', 'Tf == %s = %s /\\ ' % (v, v), "Tf == %s' = 1 /\\ " % v, "Tf == %s' = 1 \\/ " % v, 'Tf == IF TRUE THEN FALSE ELSE ', 'Tf == \\E q2 \\in {1} : ', "Tf == LET z1 == %s' IN " % v, 'ASSUME ', 'THEOREM ', "Tf == [](%s' = 1) /\\ " % v, 'Tf == {1} = ', 'Tf == <<1>>[1] = ', "Tf == %s' = 1 => " % v, "Tf == \\A q2 \\in {%s'} : " % v, "Tf == \\E q2 \\in {%s} : " % v]) + f)


@mutator
def level(s, r):
    """Levels: assumptions about variables, primed parameters, constants substituted by variables, ENABLED and primes nested."""
    v = pick(r, s.variables)
    if v is None: return None
    return s.before_footer(r.choice(["ASSUME %s = 1", "ASSUME \\A q1 \\in {1} : q1 = 1 \\* %s", "Lv(p1) == p1'\nLv2 == Lv(%s)", "Lv(p1) == p1'\nLv2 == Lv(%s')", "Lv(p1) == p1'\nLv2 == Lv(1)'\\* %s", "Lv == %s''", "Lv == (%s')'", "Lv == (%s + 1)'", "Lv == ENABLED (%s' = 1)", "Lv == (ENABLED (%s' = 1))'", "Lv == UNCHANGED %s'", "Lv == UNCHANGED <<%s, %s>>", "Lv == [%s' = 1]_%s", "Lv == [TRUE]_(%s')", "Lv == {%s'} = {1}", "Lv == [](%s = 1)", "Lv == [](%s' = 1)", "Lv == <>(%s' = 1)", "Lv == [][%s' = 1]_%s", "Lv == ([][%s' = 1]_%s)'", "Lv == []([][%s' = 1]_%s)", "Lv == [](<>(%s = 1))", "Lv == %s = 1 ~> %s' = 1", "Lv == WF_%s(%s' = 1) /\\ %s' = 1", "Lv == \\A q1 \\in {[]TRUE} : %s = 1", "Lv == [q1 \\in {1} |-> []TRUE] = %s", "Lv == {[]TRUE} = %s", "Lv == <<[]TRUE>> = %s", "Lv == (%s = 1) = []TRUE", "Lv == %s \\in {q1 \\in {1} : []TRUE}", "Lv == CHOOSE q1 \\in {%s'} : TRUE", "Lv == IF []TRUE THEN %s ELSE 2", "Lv == %s + []TRUE", "Lv == [](%s' = %s) => TRUE", "Lv == (%s' = 1) /\\ []TRUE", "Lv == (%s' = 1) => []TRUE", "Lv == (%s = 1) /\\ []TRUE", "Lv == \\E q1 \\in {%s'} : []TRUE", "Lv == \\E q1 \\in {%s} : []TRUE", "Lv(p1) == []p1\nLv2 == Lv(%s' = 1)", "Lv(p1) == []p1\nLv2 == Lv(%s = 1)", "Lv(F(_)) == F(%s)\nLv2 == Lv(LAMBDA q1 : q1')", "Lv(F(_)) == F(%s')\nLv2 == Lv(LAMBDA q1 : q1')", "Lv(F(_)) == [](F(%s))\nLv2 == Lv(LAMBDA q1 : q1' = 1)", "Lv(p1) == ENABLED p1\nLv2 == Lv(%s' = 1)", "Lv(p1) == p1'\nLv2 == ENABLED (Lv(%s) = 1)", "THEOREM []%s'", "THEOREM %s' = 1", "ASSUME A1 == %s = %s", "Lv[q1 \\in {%s'}] == q1\nLv2 == Lv'", "Lv == (LET q1 == %s IN q1)'", "Lv == (LET q1 == %s' IN q1)'", "Lv(p1) == LET q1 == p1' IN q1\nLv2 == Lv(%s')", "Lv == \\AA q1 : [](q1 = %s)", "Lv == \\EE q1 : q1' = %s", "Lv == <<%s' = 1>>_%s", "Lv == <><<%s' = 1>>_%s", "Lv == []<<%s' = 1>>_%s", "Lv == <>[%s' = 1]_%s", "Lv == [][[][%s' = 1]_%s]_%s", "Lv == %s.a'.b", "Lv == %s[1]'", "Lv == UNCHANGED (%s = 1)", "Lv == ~[](%s' = 1)", "Lv == SUBSET []%s"]).replace('%s', v))


@mutator
def subscript(s, r):
    """[A]_v, <<A>>_v, WF_v(A) in wrong forms."""
    v = pick(r, s.variables)
    i = pick(r, s.body(lambda s, i: s.toks[i].text in (']_', '>>_', 'WF_', 'SF_')))
    if i is not None and r.random() < .4: return put(s.toks[i], r.choice([']', '] _', ']_ ', 'WF', 'WF_ ', 'SF', '>>_', ']__', '}_', 'wf_', 'WF__', ')_', '_', ']_[', ']_(']))
    return v and s.before_footer(r.choice(['Su == [][TRUE]_%s', 'Su == [][TRUE]%s', 'Su == [][TRUE]', 'Su == [TRUE]_', 'Su == [][TRUE]_<<%s>>', 'Su == [][TRUE]_(%s)', 'Su == [][TRUE]_%s+1', 'Su == [][TRUE]_%s.a', 'Su == [][TRUE]_%s[1]', 'Su == [][TRUE]_{%s}', 'Su == [][TRUE]_"%s"', 'Su == [][TRUE]_1', 'Su == [TRUE] _%s', 'Su == <<TRUE>>_%s', 'Su == <><<TRUE>>_%s', 'Su == <<TRUE>>_<<%s>>', 'Su == WF_%s(TRUE)', 'Su == WF_<<%s>>(TRUE)', 'Su == WF_(%s)(TRUE)', 'Su == WF_%s TRUE', 'Su == WF_%s', 'Su == WF %s (TRUE)', 'Su == WF_ %s(TRUE)', 'Su == WF_(TRUE)', 'Su == WF_%s(TRUE, TRUE)', 'Su == SF_%s()', 'Su == WF_%s[TRUE]', 'Su == WF_Su2(TRUE)\nSu2 == %s', 'Su2 == %s\nSu == WF_Su2(TRUE)', 'Su2(p1) == p1\nSu == WF_Su2(%s)(TRUE)', 'Su2(p1) == p1\nSu == [][TRUE]_Su2(%s)', 'Su == [TRUE, FALSE]_%s', 'Su == [TRUE]_%s\'', 'Su == []<<TRUE>>_%s', 'Su == <>[TRUE]_%s', 'Su == [][TRUE]_%s /\\ WF_%s(TRUE)', 'Su == [][TRUE]_%s => TRUE', 'Su == ~[][TRUE]_%s', 'Su == [][TRUE]_~%s', 'Su == [][TRUE]_-%s', 'Su == [][TRUE]_[%s]_%s']).replace('%s', v))


@mutator
def instance(s, r):
    """INSTANCE: substitutions missing, unknown, doubled, of the wrong level or arity; odd names with !."""
    i = pick(r, s.body(lambda s, i: s.toks[i].text in ('WITH', '<-', 'INSTANCE')))
    if i is not None and r.random() < .4: return put(s.toks[i], r.choice({'WITH': ['', 'with', 'WHERE'], '<-': ['->', '=', '|->', '⟵', '←'], 'INSTANCE': ['instance', 'EXTENDS', 'MODULE', '']}[s.toks[i].text]))
    v = pick(r, s.variables) or '1'
    inner = '---- MODULE InnerM ----\nEXTENDS Naturals\nCONSTANTS ic, Oc(_)\nVARIABLE iv\nInn(p1) == Oc(p1) + ic + iv\nAct == iv\' = Oc(iv)\nLOCAL Hid == 1\na1 ++ b1 == a1 + b1\n====\n'
    good = 'ic <- 1, Oc <- LAMBDA q1 : q1, iv <- %s'
    w = r.choice([good] * 18 + ['ic <- 1, iv <- %s', 'ic <- 1, Oc <- LAMBDA q1, q2 : q1, iv <- %s', 'ic <- %s, Oc <- LAMBDA q1 : q1, iv <- %s', 'ic <- 1, Oc <- LAMBDA q1 : %s, iv <- %s', "ic <- 1, Oc <- LAMBDA q1 : q1, iv <- %s'", 'ic <- 1, ic <- 2, Oc <- LAMBDA q1 : q1, iv <- %s', 'ic <- 1, Oc <- LAMBDA q1 : q1, iv <- %s, nope <- 1', 'ic <- 1, Oc <- 1, iv <- %s', 'ic <- LAMBDA q1 : q1, Oc <- LAMBDA q1 : q1, iv <- %s', 'ic = 1, Oc = LAMBDA q1 : q1, iv = %s', 'ic <- 1 Oc <- LAMBDA q1 : q1 iv <- %s', 'ic <- 1, Oc <- -., iv <- %s', 'ic <- 1, Oc <- +, iv <- %s', 'ic <- 1, Oc <- SUBSET, iv <- %s', 'Inn <- 1, ic <- 1, Oc <- LAMBDA q1 : q1, iv <- %s', 'ic <- []TRUE, Oc <- LAMBDA q1 : q1, iv <- %s', "ic <- 1, Oc <- LAMBDA q1 : q1', iv <- %s", 'ic <- 1, Oc <- UserOp, iv <- %s', 'ic <- iv, Oc <- LAMBDA q1 : q1, iv <- %s']).replace('%s', v)
    form = r.choice(['In1 == INSTANCE InnerM WITH %w\nUse == In1!Inn(1)', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!Inn', 'In1(q9) == INSTANCE InnerM WITH %w\nUse == In1(1)!Inn(1)', 'In1(q9) == INSTANCE InnerM WITH %w\nUse == In1!Inn(1)', 'INSTANCE InnerM WITH %w\nUse == Inn(1)', 'LOCAL INSTANCE InnerM WITH %w\nUse == Inn(1)', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!Hid', 'INSTANCE InnerM WITH %w\nUse == Hid', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!Act', "In1 == INSTANCE InnerM WITH %w\nUse == (In1!Act)'", 'In1 == INSTANCE InnerM WITH %w\nUse == In1!ic', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!iv', 'In1 == INSTANCE InnerM WITH %w\nUse == 1 In1!++ 2', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!++(1, 2)', 'In1 == INSTANCE InnerM WITH %w\nUse == In1 ! Inn(1)', 'In1 == INSTANCE InnerM WITH %w\nUse == In1', 'In1 == INSTANCE InnerM WITH %w\nIn1 == 2', 'Use == LET In1 == INSTANCE InnerM WITH %w IN In1!Inn(1)', 'Use == INSTANCE InnerM WITH %w', 'In1 == INSTANCE InnerM, Naturals WITH %w', 'INSTANCE InnerM WITH %w\nINSTANCE InnerM WITH %w', 'In1 == INSTANCE InnerM WITH %w\nIn2 == INSTANCE InnerM WITH ic <- 1, Oc <- In1!Inn, iv <- 1\nUse == In2!Inn(1)', 'In1 == INSTANCE NoSuch WITH %w', 'In1 == INSTANCE InnerM\nUse == In1!Inn(1)', 'INSTANCE Naturals WITH %w', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!Inn(1)!1', 'In1 == INSTANCE InnerM WITH %w\nUse == In1!Inn(1, 2)'])
    return s.before_footer(inner + form.replace('%w', w))


@mutator
def theorem_proof(s, r):
    """Theorems, named assumptions, ASSUME/PROVE and proofs, well and ill formed."""
    return s.before_footer(r.choice(['THEOREM TRUE', 'THEOREM Th == TRUE', 'THEOREM Th == TRUE\nPROOF OBVIOUS', 'THEOREM TRUE OBVIOUS', 'THEOREM TRUE BY', 'THEOREM TRUE BY DEF Nope', 'THEOREM TRUE BY Nope', 'THEOREM TRUE OMITTED', 'THEOREM TRUE\n<1>1. TRUE\n  OBVIOUS\n<1>2. QED\n  BY <1>1', 'THEOREM TRUE\n<1>1. TRUE\n<1>2. QED BY <1>3', 'THEOREM TRUE\n<1>1. TRUE\n  OBVIOUS', 'THEOREM TRUE\n<1> QED', 'THEOREM TRUE\n<1>. QED OBVIOUS', 'THEOREM TRUE\n<1>1. SUFFICES ASSUME NEW x1 \\in {1} PROVE TRUE\n<1> QED', 'THEOREM ASSUME NEW x1 PROVE x1 = x1', 'THEOREM ASSUME NEW x1, x1 = 1 PROVE x1 = x1 OBVIOUS', 'THEOREM ASSUME NEW CONSTANT x1 \\in {1}, NEW VARIABLE y1 PROVE TRUE', 'THEOREM ASSUME x1 PROVE TRUE', 'THEOREM ASSUME NEW x1 TRUE', 'THEOREM PROVE TRUE', 'LEMMA TRUE', 'PROPOSITION Pp == TRUE', 'COROLLARY TRUE', 'AXIOM TRUE', 'ASSUMPTION TRUE', 'ASSUME As == TRUE', 'ASSUME TRUE, TRUE', 'ASSUME', 'THEOREM', 'THEOREM Th = TRUE', 'THEOREM Th(x1) == TRUE', 'ASSUME ASSUME TRUE PROVE TRUE', 'Th == ASSUME TRUE PROVE TRUE', 'USE DEF Nope', 'HIDE DEF Nope', 'USE TRUE', 'THEOREM TRUE\n<1>1. x1 == 1\n<1>2. QED', 'THEOREM TRUE\n<1>1. DEFINE x1 == 1\n<1>2. QED', 'THEOREM TRUE\n<1> DEFINE x1 == 1\n<1> QED BY DEF x1', 'THEOREM TRUE\n<1> x1 == 1\n<1> QED', 'THEOREM TRUE\n<1>1. CASE TRUE\n<1>2. PICK x1 \\in {1} : TRUE\n<1>3. HAVE TRUE\n<1>4. TAKE y1 \\in {1}\n<1>5. WITNESS 1 \\in {1}\n<1> QED', 'THEOREM TRUE\n<1>1. TRUE\n<2>1. TRUE\n<2>2. QED\n<1>2. QED', 'THEOREM TRUE\n<2>1. TRUE\n<1>1. QED', 'THEOREM TRUE\n<1>1. TRUE\n<1>1. TRUE\n<1>2. QED', 'THEOREM TRUE\n<1>a. TRUE\n<1>b. QED BY <1>a', 'THEOREM TRUE\n<1>1 TRUE\n<1>2 QED', 'THEOREM TRUE\n<*> TRUE\n<*> QED', 'THEOREM TRUE\n<+>1. TRUE\n<*>2. QED', 'THEOREM TRUE\n<0> TRUE\n<0> QED', 'THEOREM TRUE\nPROOF\n<1> QED', 'PROOF OBVIOUS', 'THEOREM Th == TRUE\nUse == Th', 'THEOREM Th == TRUE\nTh == 1', 'THEOREM Th == ASSUME NEW x1 PROVE TRUE\nUse == Th', 'THEOREM Th == ASSUME TRUE PROVE FALSE\nTHEOREM TRUE BY Th', "THEOREM ASSUME NEW STATE x1 PROVE x1' = 1", "THEOREM ASSUME NEW CONSTANT x1 PROVE x1' = 1", 'THEOREM ASSUME NEW TEMPORAL x1 PROVE []x1', 'THEOREM ASSUME NEW F(_) PROVE F(1)', 'THEOREM ASSUME NEW F(_) PROVE F']))


@mutator
def labels(s, r):
    """Labels and subexpression names."""
    return s.before_footer(r.choice(['La == lab:: 1', 'La == lab:: 1\nUse == La!lab', 'La == lab :: TRUE /\\ FALSE', 'La == TRUE /\\ lab:: FALSE', 'La == lab:: (1 + 2)', 'La == \\E x1 \\in {1} : lab:: TRUE', 'La == \\E x1 \\in {1} : lab(x1):: TRUE\nUse == La!lab(1)', 'La == \\E x1 \\in {1} : lab(x1):: TRUE\nUse == La!lab', 'La == \\E x1 \\in {1} : lab(y1):: TRUE', 'La == lab(1):: TRUE', 'La == lab:: lab:: TRUE', 'La == (lab:: TRUE) /\\ (lab:: FALSE)', 'La == 1:: TRUE', 'La == TRUE /\\ FALSE\nUse == La!1', 'La == TRUE /\\ FALSE\nUse == La!3', 'La == /\\ TRUE\n      /\\ FALSE\nUse == La!2', 'La == 1 + 2\nUse == La!<<', 'La == 1 + 2\nUse == La!>>', 'La == 1 + 2\nUse == La!:', 'La(p1) == p1 + 2\nUse == La(3)!1', 'La(p1) == p1 + 2\nUse == La!1', 'La(p1) == p1 + 2\nUse == La!:', 'La == {1, 2}\nUse == La!@', 'La == \\E x1 \\in {1} : x1 = 1\nUse == La!(1)', 'La == \\E x1 \\in {1} : x1 = 1\nUse == La!1', 'La == \\E x1 \\in {1} : x1 = 1\nUse == La!@', 'La == LET q1 == 1 IN q1\nUse == La!q1', 'La == LET q1 == 1 IN q1\nUse == La!1', 'La == [a1 |-> 1]\nUse == La!1', 'La == IF TRUE THEN 1 ELSE 2\nUse == La!2', 'Use == Nope!1', 'La == 1\nUse == La!', 'La == 1\nUse == La!!1']))


@mutator
def separators(s, r):
    """Commas, semicolons and colons missing or too many."""
    i = pick(r, [i for i in range(4, len(s.toks)) if s.toks[i].text in (',', ':')])
    return i and put(s.toks[i], r.choice(['', ';', ',,', '::', ':', ',', ' ']))


@mutator
def local_(s, r):
    """LOCAL on definitions, declarations and instances."""
    d = pick(r, s.defs)
    if d and r.random() < .5: return [(s.toks[d[1]].start, s.toks[d[1]].start, r.choice(['LOCAL ', 'local ', 'LOCAL LOCAL ', 'CONSTANT ', 'VARIABLE ', 'LET ', 'DEFINE ', 'RECURSIVE ', 'THEOREM ', 'ASSUME ', 'INSTANCE ']))]
    return s.before_footer(r.choice(['LOCAL Lo == 1', 'LOCAL Lo(x1) == x1\nUse == Lo(1)', 'LOCAL VARIABLE lo', 'LOCAL ASSUME TRUE', 'LOCAL INSTANCE Naturals', 'LOCAL INSTANCE Sequences\nUse == Len(<<>>)', 'LOCAL Lo == INSTANCE Naturals', 'LOCAL THEOREM TRUE', 'LOCAL Lo[x1 \\in {1}] == x1', 'LOCAL a1 ++ b1 == 1', 'LOCAL', 'LOCAL Lo == 1\nLOCAL Lo == 2', 'Lo == LET LOCAL q1 == 1 IN q1', 'LOCAL EXTENDS Naturals', 'EXTENDS Naturals', 'VARIABLE late1\nUse == late1', 'Use == late1\nVARIABLE late1', 'CONSTANT Late1\nASSUME Late1 = 1', 'VARIABLES', 'VARIABLES a1 b1', 'VARIABLES a1, b1,', 'CONSTANT Cc(_, _), Cd', 'CONSTANT Cc(x1)', 'CONSTANT Cc()', 'CONSTANT _ ++ _', 'CONSTANT -. _', 'VARIABLE x1 \\in {1}', 'VARIABLE x1 = 1', 'CONSTANT Cc = 1', 'CONSTANT Cc(_)\nUse == Cc', 'CONSTANT Cc(_)\nUse == Cc(1, 2)', "CONSTANT Cc\nUse == Cc'", 'CONSTANT Cc(_(_))']))


@mutator
def two_at_once(s, r):
    """Two blind edits in different places."""
    a, b = token_replace(s, r)[0], token_swap(s, r)[0]
    return [a, b] if a[1] <= b[0] or b[1] <= a[0] else None


UNICODE = {'/\\': '∧', '\\/': '∨', '\\in': '∈', '\\notin': '∉', '\\cup': '∪', '\\cap': '∩', '\\subseteq': '⊆', '#': '≠', '/=': '≠', '<=': '≤', '>=': '≥', '=>': '⇒',
           '<=>': '⇔', '==': '≜', '\\A': '∀', '\\E': '∃', '[]': '□', '<>': '◇', '|->': '↦', '->': '→', '<-': '←', '<<': '⟨', '>>': '⟩', '~': '¬', '~>': '↝', '\\X': '×',
           "\\o": '∘', '\\div': '÷', '..': '‥', '\\union': '∪', '\\intersect': '∩', '\\land': '∧', '\\lor': '∨', '\\lnot': '¬', '\\leq': '≤', '\\geq': '≥', '>>_': '⟩_', '...': '…', '::=': '⩴', ':=': '≔'}


# ---------------------------------------------------------------------------------------------------------------
# Driver
# ---------------------------------------------------------------------------------------------------------------

def apply(text, edits):
    """The text with non-overlapping edits applied; None when they overlap."""
    if isinstance(edits, str): return edits
    out, last = [], 0
    for a, b, new in sorted(edits, key=lambda e: (e[0], e[1])):
        if a < last: return None
        out += [text[last:a], new]
        last = b
    return ''.join(out) + text[last:]


def dependencies(path):
    """Files of the base's folder that it extends or instantiates, transitively."""
    folder, todo, seen = os.path.dirname(path), [path], set()
    while todo:
        text = open(todo.pop(), encoding='utf-8').read()
        for names in re.findall(r'(?:EXTENDS|INSTANCE)\s+((?:\w+\s*,\s*)*\w+)', text):
            for n in re.findall(r'\w+', names):
                f = os.path.join(folder, n + '.tla')
                if f not in seen and f != path and os.path.exists(f):
                    seen.add(f)
                    todo.append(f)
    return sorted(seen)


def describe(text, edits):
    if isinstance(edits, str): return 'whole text'
    return '; '.join('line %d: %s -> %s' % (text.count('\n', 0, a) + 1, repr(text[a:b][:60]), repr(new[:120])) for a, b, new in edits[:2])


def main(out, seed, per_class, bases):
    specs = []
    for b in bases:
        try:
            specs.append((b, Spec(open(b, encoding='utf-8').read()), dependencies(b)))
        except (ValueError, UnicodeDecodeError):
            print('skipped', b, file=sys.stderr)
    index = open(os.path.join(out, 'index.tsv'), 'w', encoding='utf-8')
    wanted = os.environ.get('CLASSES', '').split(',') if os.environ.get('CLASSES') else list(CLASSES)
    for name in wanted:
        f = CLASSES[name]
        r, seen, made = random.Random('%s %s' % (seed, name)), set(), 0
        for _ in range(per_class * 40):
            if made == per_class: break
            base, spec, deps = r.choice(specs)
            try:
                edits = f(spec, r)
            except (IndexError, TypeError, StopIteration):
                continue  # the base has no site for this class
            text = edits and apply(spec.text, edits)
            key = describe(spec.text, edits) if edits else None
            if not text or text == spec.text or text in seen or (key and 'Use' not in key and key in seen): continue
            seen |= {text, key.split(': ', 1)[-1] if key.startswith("line") and "'' ->" in key else text}
            folder = os.path.join(out, name.strip('_'), '%03d' % made)
            os.makedirs(folder)
            for d in deps: shutil.copy(d, folder)
            path = os.path.join(folder, os.path.basename(base))
            with open(path, 'w', encoding='utf-8', newline='') as o: o.write(text)
            print(path, name.strip('_'), base, key, sep='\t', file=index)
            made += 1


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])

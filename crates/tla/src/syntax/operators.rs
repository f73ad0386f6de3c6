//! Every operator of TLA+: spellings, fixity, precedence and associativity.
//!
//! A precedence is a range. Of two operators side by side the one whose range lies wholly above
//! binds tighter; ranges that overlap need parentheses, except for one operator that associates to
//! the left with itself.

/// Where an operator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixity {
    /// Before its operand.
    Prefix,
    /// Between its operands.
    Infix,
    /// After its operand.
    Postfix,
}

/// Whether an operator may follow itself without parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Associativity {
    /// `a + b + c` is `(a + b) + c`.
    Left,
    /// `a = b = c` is an error.
    None,
}

macro_rules! operators {
    ($($name:ident: $low:literal, $high:literal, $associativity:ident, $fixity:ident,
        $canonical:literal $(, $synonym:literal)*;)*) => {
        /// An operator symbol.
        #[expect(missing_docs, reason = "each is described by its spelling in the table")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Op {
            $($name,)*
        }

        impl Op {
            /// Every operator, in the order of the table.
            pub const ALL: &[Op] = &[$(Op::$name,)*];

            /// The operator with this spelling.
            #[must_use]
            pub fn from_spelling(text: &str) -> Option<Op> {
                Some(match text {
                    $($canonical $(| $synonym)* => Op::$name,)*
                    _ => return None,
                })
            }

            /// Every spelling; the first is the canonical one.
            #[must_use]
            pub fn spellings(self) -> &'static [&'static str] {
                match self {
                    $(Op::$name => &[$canonical $(, $synonym)*],)*
                }
            }

            /// Where it stands.
            #[must_use]
            pub fn fixity(self) -> Fixity {
                match self {
                    $(Op::$name => Fixity::$fixity,)*
                }
            }

            fn range(self) -> (u8, u8) {
                match self {
                    $(Op::$name => ($low, $high),)*
                }
            }

            fn associativity(self) -> Associativity {
                match self {
                    $(Op::$name => Associativity::$associativity,)*
                }
            }
        }
    };
}

operators! {
    Not: 40, 40, Left, Prefix, "~", "\\lnot", "\\neg", "¬";
    Always: 40, 150, None, Prefix, "[]", "□";
    Eventually: 40, 150, None, Prefix, "<>", "◇";
    Enabled: 40, 150, None, Prefix, "ENABLED";
    Unchanged: 40, 150, None, Prefix, "UNCHANGED";
    Subset: 100, 130, None, Prefix, "SUBSET";
    Union: 100, 130, None, Prefix, "UNION";
    Domain: 100, 130, None, Prefix, "DOMAIN";
    Negative: 120, 120, None, Prefix, "-.";
    Prime: 150, 150, None, Postfix, "'";
    CaretPlus: 150, 150, None, Postfix, "^+", "⁺";
    CaretStar: 150, 150, None, Postfix, "^*";
    CaretHash: 150, 150, None, Postfix, "^#";
    And: 30, 30, Left, Infix, "/\\", "\\land", "∧";
    Or: 30, 30, Left, Infix, "\\/", "\\lor", "∨";
    Implies: 10, 10, None, Infix, "=>", "⇒";
    PlusArrow: 20, 20, None, Infix, "-+->", "⇸";
    Equivalent: 20, 20, None, Infix, "<=>", "\\equiv", "≡", "⇔";
    LeadsTo: 20, 20, None, Infix, "~>", "↝";
    Equal: 50, 50, None, Infix, "=";
    NotEqual: 50, 50, None, Infix, "/=", "#", "≠";
    In: 50, 50, None, Infix, "\\in", "∈";
    NotIn: 50, 50, None, Infix, "\\notin", "∉";
    SubsetEq: 50, 50, None, Infix, "\\subseteq", "⊆";
    ProperSubset: 50, 50, None, Infix, "\\subset", "⊂";
    SupsetEq: 50, 50, None, Infix, "\\supseteq", "⊇";
    ProperSupset: 50, 50, None, Infix, "\\supset", "⊃";
    Less: 50, 50, None, Infix, "<";
    LessEqual: 50, 50, None, Infix, "<=", "=<", "\\leq", "≤";
    Greater: 50, 50, None, Infix, ">";
    GreaterEqual: 50, 50, None, Infix, ">=", "\\geq", "≥";
    Times: 100, 130, Left, Infix, "\\X", "\\times", "×";
    Difference: 80, 80, None, Infix, "\\";
    Intersection: 80, 80, Left, Infix, "\\cap", "\\intersect", "∩";
    Cup: 80, 80, Left, Infix, "\\cup", "\\union", "∪";
    Plus: 100, 100, Left, Infix, "+";
    Minus: 110, 110, Left, Infix, "-";
    Star: 130, 130, Left, Infix, "*";
    Slash: 130, 130, None, Infix, "/";
    Caret: 140, 140, None, Infix, "^";
    Percent: 100, 110, None, Infix, "%";
    Div: 130, 130, None, Infix, "\\div", "÷";
    Dots: 90, 90, None, Infix, "..", "‥";
    Ellipsis: 90, 90, None, Infix, "...", "…";
    Concatenate: 130, 130, Left, Infix, "\\o", "\\circ", "∘";
    Compose: 50, 140, Left, Infix, "\\cdot", "⋅";
    MapTo: 70, 70, None, Infix, ":>";
    Merge: 60, 60, Left, Infix, "@@";
    TypeOf: 70, 70, None, Infix, "<:";
    Assign: 50, 50, None, Infix, ":=", "≔";
    Bnf: 50, 50, None, Infix, "::=", "⩴";
    PlusPlus: 100, 100, Left, Infix, "++";
    MinusMinus: 110, 110, Left, Infix, "--";
    StarStar: 130, 130, Left, Infix, "**";
    SlashSlash: 130, 130, None, Infix, "//";
    CaretCaret: 140, 140, None, Infix, "^^";
    PercentPercent: 100, 110, Left, Infix, "%%";
    Bar: 100, 110, Left, Infix, "|";
    BarBar: 100, 110, Left, Infix, "||", "‖";
    Ampersand: 130, 130, Left, Infix, "&";
    AmpersandAmpersand: 130, 130, Left, Infix, "&&";
    Dollar: 90, 130, Left, Infix, "$";
    DollarDollar: 90, 130, Left, Infix, "$$";
    QueryQuery: 90, 130, Left, Infix, "??", "⁇";
    HashHash: 90, 130, Left, Infix, "##";
    BangBang: 90, 130, None, Infix, "!!", "‼";
    RightTurnstile: 50, 50, None, Infix, "|-", "⊢";
    RightDoubleTurnstile: 50, 50, None, Infix, "|=", "⊨";
    LeftTurnstile: 50, 50, None, Infix, "-|", "⊣";
    LeftDoubleTurnstile: 50, 50, None, Infix, "=|", "⫤";
    CirclePlus: 100, 100, Left, Infix, "\\oplus", "(+)", "⊕";
    CircleMinus: 110, 110, Left, Infix, "\\ominus", "(-)", "⊖";
    CircleDot: 130, 130, Left, Infix, "\\odot", "(.)", "⊙";
    CircleSlash: 130, 130, None, Infix, "\\oslash", "(/)", "⊘";
    CircleTimes: 130, 130, Left, Infix, "\\otimes", "(\\X)", "⊗";
    Uplus: 90, 130, Left, Infix, "\\uplus", "⊎";
    SquareCap: 90, 130, Left, Infix, "\\sqcap", "⊓";
    SquareCup: 90, 130, Left, Infix, "\\sqcup", "⊔";
    Wreath: 90, 140, None, Infix, "\\wr", "≀";
    StarOperator: 130, 130, Left, Infix, "\\star", "⋆";
    BigCircle: 130, 130, Left, Infix, "\\bigcirc", "◯";
    Bullet: 130, 130, Left, Infix, "\\bullet", "●";
    Precedes: 50, 50, None, Infix, "\\prec", "≺";
    Succeeds: 50, 50, None, Infix, "\\succ", "≻";
    PrecedesEq: 50, 50, None, Infix, "\\preceq", "⪯";
    SucceedsEq: 50, 50, None, Infix, "\\succeq", "⪰";
    Similar: 50, 50, None, Infix, "\\sim", "∼";
    SimilarEq: 50, 50, None, Infix, "\\simeq", "≃";
    MuchLess: 50, 50, None, Infix, "\\ll", "≪";
    MuchGreater: 50, 50, None, Infix, "\\gg", "≫";
    Asymptotic: 50, 50, None, Infix, "\\asymp", "≍";
    Approximate: 50, 50, None, Infix, "\\approx", "≈";
    Congruent: 50, 50, None, Infix, "\\cong", "≅";
    SquareSubset: 50, 50, None, Infix, "\\sqsubset", "⊏";
    SquareSubsetEq: 50, 50, None, Infix, "\\sqsubseteq", "⊑";
    SquareSupset: 50, 50, None, Infix, "\\sqsupset", "⊐";
    SquareSupsetEq: 50, 50, None, Infix, "\\sqsupseteq", "⊒";
    DotEqual: 50, 50, None, Infix, "\\doteq", "≐";
    Proportional: 50, 50, None, Infix, "\\propto", "∝";
}

/// What the parser does with an operator on its stack when another one follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// The one on the stack takes the operand between them.
    Left,
    /// The one that follows takes the operand between them.
    Right,
    /// Parentheses are needed.
    Conflict,
}

impl Op {
    /// The canonical spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spellings().first().copied().unwrap_or_default()
    }

    /// Which of two neighbours takes the operand between them.
    pub(super) fn binding(self, right: Op) -> Binding {
        let (low, high) = self.range();
        let (right_low, right_high) = right.range();
        if low > right_high || self == right && self.associativity() == Associativity::Left {
            Binding::Left
        } else if high < right_low {
            Binding::Right
        } else {
            Binding::Conflict
        }
    }

    /// Whether the operator binds tighter than any use of another.
    pub(super) fn is_tighter(self, other: Op) -> bool {
        self.range().0 > other.range().1
    }
}

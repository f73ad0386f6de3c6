//! What a module's text is made of.

use super::operators::{Fixity, Op};

macro_rules! keywords {
    ($($name:ident: $first:literal $(, $other:literal)*;)*) => {
        /// A reserved word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Keyword {
            $($name,)*
        }

        impl Keyword {
            /// The keyword with this text.
            pub(super) fn from_text(text: &str) -> Option<Keyword> {
                Some(match text {
                    $($first $(| $other)* => Keyword::$name,)*
                    _ => return None,
                })
            }
        }
    };
}

keywords! {
    Action: "ACTION", "ACTIONS";
    Assume: "ASSUME";
    Axiom: "ASSUMPTION", "AXIOM";
    BoxAssume: "[]ASSUME";
    BoxProve: "[]PROVE";
    By: "BY";
    Case: "CASE";
    Choose: "CHOOSE";
    Constant: "CONSTANT", "CONSTANTS";
    Def: "DEF", "DEFS";
    Define: "DEFINE";
    Else: "ELSE";
    Except: "EXCEPT";
    Extends: "EXTENDS";
    Have: "HAVE";
    Hide: "HIDE";
    If: "IF";
    In: "IN";
    Instance: "INSTANCE";
    Lambda: "LAMBDA";
    Let: "LET";
    Local: "LOCAL";
    Module: "MODULE";
    New: "NEW";
    Obvious: "OBVIOUS";
    Omitted: "OMITTED";
    Only: "ONLY";
    Other: "OTHER";
    Pick: "PICK";
    Proof: "PROOF";
    Prove: "PROVE";
    Qed: "QED";
    Recursive: "RECURSIVE";
    State: "STATE";
    StrongFairness: "SF_";
    Suffices: "SUFFICES";
    Take: "TAKE";
    Temporal: "TEMPORAL", "TEMPORALS";
    Then: "THEN";
    Theorem: "THEOREM";
    Lemma: "PROPOSITION", "LEMMA", "COROLLARY";
    Use: "USE";
    Variable: "VARIABLE", "VARIABLES";
    WeakFairness: "WF_";
    With: "WITH";
    Witness: "WITNESS";
}

/// The class of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name; also `@`.
    Identifier,
    /// Digits in any base.
    Number,
    /// A string with its quotes.
    String,
    /// A reserved word that is not an operator.
    Keyword(Keyword),
    /// An operator symbol or a reserved word that is one.
    Operator(Op),
    /// `\A`
    ForAll,
    /// `\E`
    Exists,
    /// `\AA`
    TemporalForAll,
    /// `\EE`
    TemporalExists,
    /// `<1>a`: the number of a proof step that can be referred to.
    Step,
    /// `<1>`, `<1>a.`, `<+>`, `<*>b`, …: the number of a proof step that cannot.
    StepStart,
    /// `---- MODULE`
    BeginModule,
    /// `----`
    Separator,
    /// `====`
    EndModule,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `::`
    ColonColon,
    /// `.`
    Dot,
    /// `_`
    Underscore,
    /// `==`
    Define,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `]_`
    RightBracketSub,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `<<`
    LeftAngle,
    /// `>>`
    RightAngle,
    /// `>>_`
    RightAngleSub,
    /// `!`
    Bang,
    /// `->`
    Arrow,
    /// `<-`
    Substitute,
    /// `|->`
    MapsTo,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// The token that is written with this symbol.
    pub(super) fn from_symbol(text: &str) -> Option<TokenKind> {
        Some(match text {
            "," => TokenKind::Comma,
            ":" => TokenKind::Colon,
            "::" | "∷" => TokenKind::ColonColon,
            "." => TokenKind::Dot,
            "==" | "≜" => TokenKind::Define,
            "(" => TokenKind::LeftParen,
            ")" => TokenKind::RightParen,
            "[" => TokenKind::LeftBracket,
            "]" => TokenKind::RightBracket,
            "]_" => TokenKind::RightBracketSub,
            "{" => TokenKind::LeftBrace,
            "}" => TokenKind::RightBrace,
            "<<" | "⟨" => TokenKind::LeftAngle,
            ">>" | "⟩" => TokenKind::RightAngle,
            ">>_" | "⟩_" => TokenKind::RightAngleSub,
            "!" => TokenKind::Bang,
            "->" | "→" => TokenKind::Arrow,
            "<-" | "←" => TokenKind::Substitute,
            "|->" | "↦" => TokenKind::MapsTo,
            "\\E" | "\\exists" | "∃" => TokenKind::Exists,
            "\\A" | "\\forall" | "∀" => TokenKind::ForAll,
            "\\EE" => TokenKind::TemporalExists,
            "\\AA" => TokenKind::TemporalForAll,
            _ => return Op::from_spelling(text).map(TokenKind::Operator),
        })
    }

    /// Whether an operand can end with such a token.
    pub(super) fn ends_operand(self) -> bool {
        match self {
            TokenKind::Identifier
            | TokenKind::Number
            | TokenKind::String
            | TokenKind::Step
            | TokenKind::RightParen
            | TokenKind::RightBracket
            | TokenKind::RightBrace
            | TokenKind::RightAngle => true,
            TokenKind::Operator(op) => op.fixity() == Fixity::Postfix,
            _ => false,
        }
    }

    /// Whether it may name a record field although it is reserved elsewhere.
    pub(super) fn can_be_field(self) -> bool {
        matches!(
            self,
            TokenKind::Identifier
                | TokenKind::Keyword(_)
                | TokenKind::Underscore
                | TokenKind::Operator(
                    Op::Enabled | Op::Unchanged | Op::Subset | Op::Union | Op::Domain
                )
        )
    }
}

/// One token. Sixteen bytes, because a module may have millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Its class.
    pub(super) kind: TokenKind,
    /// Whether the left side of a definition (`… ==`) starts here.
    pub(super) starts_definition: bool,
    /// Whether this is the `<<` of a tuple that `\in` follows.
    pub(super) opens_bound: bool,
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// Column as layout counts it: from one, in UTF-16 units, a tab up to the next multiple of
    /// eight.
    pub(super) column: u32,
}

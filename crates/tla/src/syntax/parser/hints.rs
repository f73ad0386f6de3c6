//! The likely cause of a mistake, from the tokens around it.
//!
//! Those who write TLA+ seldom, people and language models alike, make the same mistakes: the
//! notation of other languages, forgotten words, commas too many or too few. Each gets a sentence
//! of its own that says what to write instead.

use super::Parser;
use crate::syntax::operators::{Fixity, Op};
use crate::syntax::token::{Keyword, Token, TokenKind};

/// Words of other languages that stand where TLA+ has another notation.
const FOREIGN_WORDS: [(&str, &str); 36] = [
    ("if", "keywords are upper case: IF … THEN … ELSE …"),
    ("then", "keywords are upper case: IF … THEN … ELSE …"),
    ("else", "keywords are upper case: IF … THEN … ELSE …"),
    ("elif", "write ELSE IF … THEN … ELSE …"),
    ("elsif", "write ELSE IF … THEN … ELSE …"),
    ("ELSIF", "write ELSE IF … THEN … ELSE …"),
    ("ELIF", "write ELSE IF … THEN … ELSE …"),
    ("let", "keywords are upper case: LET … IN …"),
    ("case", "keywords are upper case: CASE … -> … [] OTHER -> …"),
    ("choose", "keywords are upper case: CHOOSE x \\in S : …"),
    ("except", "keywords are upper case: [f EXCEPT ![x] = …]"),
    (
        "lambda",
        "write LAMBDA x : …, as the argument of an operator",
    ),
    ("in", "membership is written `\\in`"),
    ("not", "negation is written `~`"),
    ("and", "conjunction is written `/\\`"),
    ("or", "disjunction is written `\\/`"),
    ("AND", "conjunction is written `/\\`"),
    ("OR", "disjunction is written `\\/`"),
    ("NOT", "negation is written `~`"),
    ("xor", "exclusive or of Booleans is written `/=`"),
    ("mod", "the remainder is written `%`"),
    ("div", "division of integers is written `\\div`"),
    ("forall", "write \\A x \\in S : …"),
    ("exists", "write \\E x \\in S : …"),
    (
        "union",
        "write `\\cup`, or UNION for the union of a set of sets",
    ),
    (
        "def",
        "a definition is written Name(parameters) == expression",
    ),
    (
        "function",
        "a definition is written Name(parameters) == expression",
    ),
    (
        "return",
        "a definition has no `return`: its body is the value",
    ),
    (
        "for",
        "there are no loops: quantify, or define a RECURSIVE operator",
    ),
    (
        "while",
        "there are no loops: quantify, or define a RECURSIVE operator",
    ),
    ("var", "declare variables by VARIABLES x, y"),
    ("variables", "keywords are upper case: VARIABLES x, y"),
    ("constants", "keywords are upper case: CONSTANTS A, B"),
    ("extends", "keywords are upper case: EXTENDS Naturals"),
    ("unchanged", "keywords are upper case: UNCHANGED <<x, y>>"),
    ("is", "equality is written `=`"),
];

/// Names that LaTeX has and TLA+ does not, with what TLA+ has.
const LATEX: [(&str, &str); 21] = [
    ("wedge", "/\\"),
    ("vee", "\\/"),
    ("to", "->"),
    ("rightarrow", "->"),
    ("mapsto", "|->"),
    ("Rightarrow", "=>"),
    ("implies", "=>"),
    ("iff", "<=>"),
    ("Leftrightarrow", "<=>"),
    ("ne", "/="),
    ("neq", "/="),
    ("le", "<="),
    ("ge", ">="),
    ("setminus", "\\"),
    ("emptyset", "{}"),
    ("varnothing", "{}"),
    ("not", "~"),
    ("mod", "%"),
    ("ldots", ".."),
    ("dots", ".."),
    ("Box", "[]"),
];

fn look_up(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let found = table.iter().find(|(known, _)| *known == word)?;
    Some(found.1)
}

impl<'a> Parser<'a> {
    /// The token so many before the next one.
    fn before(&self, by: usize) -> Option<Token> {
        self.tokens.get(self.at.checked_sub(by)?).copied()
    }

    fn before_is(&self, by: usize, kind: TokenKind) -> bool {
        self.before(by).is_some_and(|token| token.kind == kind)
    }

    fn before_op(&self, by: usize, op: Op) -> bool {
        self.before_is(by, TokenKind::Operator(op))
    }

    fn word_of(&self, token: Token) -> &'a str {
        self.text_of(self.span_of(token))
    }

    /// Whether both tokens are on one line.
    fn on_one_line(&self, first: Token, second: Token) -> bool {
        let between = self.text.get(first.start as usize..second.start as usize);
        between.is_some_and(|between| !between.contains('\n'))
    }

    /// The tokens before the next one on its line, last first.
    fn line_before(&self) -> impl Iterator<Item = Token> + '_ {
        let next = self.token();
        let before = self.tokens.get(..self.at).unwrap_or_default();
        before
            .iter()
            .rev()
            .copied()
            .take_while(move |&token| self.on_one_line(token, next))
    }

    /// What likely led to the next token, of which the grammar wanted something else.
    pub(super) fn hint(&self) -> Option<String> {
        let fixed = self
            .hint_at_token()
            .or_else(|| self.hint_before())
            .or_else(|| self.hint_in_line());
        fixed.map(str::to_owned).or_else(|| self.latex_hint())
    }

    /// A hint from the next token.
    fn hint_at_token(&self) -> Option<&'static str> {
        let token = self.token();
        let operand_before = self
            .before(1)
            .is_some_and(|before| before.kind.ends_operand());
        Some(match token.kind {
            TokenKind::Bang if self.kind_after(1) == TokenKind::Operator(Op::Equal) => {
                "not equal is written `/=` or `#`"
            }
            TokenKind::Bang if !operand_before => "negation is written `~`",
            TokenKind::Define if self.in_declaration().is_some() => {
                "remove the comma before the name: a definition starts here"
            }
            TokenKind::Define => "equality is written with one `=`; `==` makes a definition",
            TokenKind::Substitute => {
                "`<-` is for INSTANCE … WITH; less than a negative number needs a space: `< -1`"
            }
            TokenKind::Operator(Op::Eventually) if operand_before => {
                "not equal is written `/=` or `#`; `<>` means eventually"
            }
            TokenKind::Operator(Op::SlashSlash) => {
                "a comment to the end of the line starts with \\*"
            }
            TokenKind::Operator(Op::Slash)
                if self.kind_after(1) == TokenKind::Operator(Op::Star) =>
            {
                "a comment is written (* … *)"
            }
            TokenKind::Operator(Op::NotEqual) if self.is_first_on_line() => {
                "a comment to the end of the line starts with \\*"
            }
            TokenKind::Operator(Op::MinusMinus) if self.is_algorithm() => {
                "a PlusCal algorithm stands in a comment: put (* before it and *) after it"
            }
            TokenKind::Operator(Op::Assign) => {
                "there is no assignment: the new value of x is given by x' = …"
            }
            TokenKind::Identifier => {
                if let Some(hint) = look_up(&FOREIGN_WORDS, self.word_of(token)) {
                    return Some(hint);
                }
                return self.hint_at_name();
            }
            TokenKind::Comma if self.names_after_unchanged() => {
                "several variables need a tuple: UNCHANGED <<x, y>>"
            }
            TokenKind::LeftBrace if operand_before => {
                "there are no blocks: `{ }` makes a set; group with parentheses or aligned /\\"
            }
            TokenKind::LeftParen
                if self.kind_after(1) == TokenKind::RightParen
                    && self.before_is(1, TokenKind::Identifier) =>
            {
                "an operator without parameters is written without parentheses"
            }
            TokenKind::RightParen
            | TokenKind::RightBracket
            | TokenKind::RightBrace
            | TokenKind::RightAngle
                if self.before_is(1, TokenKind::Comma) =>
            {
                "remove the comma before it"
            }
            TokenKind::Keyword(Keyword::In) => "each IN belongs to one LET",
            _ if self.before_is(1, TokenKind::Comma)
                && (token.starts_definition || is_unit_keyword(token.kind)) =>
            {
                "remove the comma at the end of the list before it"
            }
            _ => return None,
        })
    }

    /// A hint from a name that nothing joins to what stands before it.
    fn hint_at_name(&self) -> Option<&'static str> {
        if let Some(keyword) = self.in_declaration() {
            return Some(if keyword == Keyword::Extends {
                "the names after EXTENDS are separated by commas"
            } else {
                "the names of a declaration are separated by commas; a definition is written \
                 Name == …"
            });
        }
        if self.before_op(1, Op::Equal) && self.before_is(2, TokenKind::Bang) {
            return Some("not equal is written `/=` or `#`");
        }
        // `Name = e` or `Name(a) = e` where a definition should start.
        let mut by = 1;
        if self.kind_after(by) == TokenKind::LeftParen {
            while !matches!(self.kind_after(by), TokenKind::RightParen | TokenKind::End) && by < 100
            {
                by += 1;
            }
            by += 1;
        }
        match self.kind_after(by) {
            TokenKind::Operator(Op::Equal | Op::Assign) => {
                Some("a definition is written with two equals signs: Name == …")
            }
            TokenKind::Colon if self.before_is(1, TokenKind::Keyword(Keyword::Let)) => {
                Some("a definition is written with two equals signs: Name == …")
            }
            _ => None,
        }
    }

    /// A hint from the tokens before the next one.
    fn hint_before(&self) -> Option<&'static str> {
        let last = self.before(1)?;
        match last.kind {
            TokenKind::Identifier => {
                let word = self.word_of(last);
                if let Some(hint) = look_up(&FOREIGN_WORDS, word) {
                    return Some(hint);
                }
            }
            TokenKind::Operator(Op::Always) => {
                return Some("the empty sequence is written << >>; `[]` means always");
            }
            TokenKind::Operator(Op::PlusPlus | Op::MinusMinus) => {
                return Some("there is no increment: write x' = x + 1");
            }
            TokenKind::Operator(Op::Prime)
                if self
                    .before(2)
                    .is_none_or(|token| !token.kind.ends_operand()) =>
            {
                return Some("strings are in double quotes");
            }
            TokenKind::Operator(Op::Equal) => {
                if self.before_is(2, TokenKind::Bang) {
                    return Some("not equal is written `/=` or `#`");
                }
                let sign = self.before(2).map(|token| token.kind);
                if matches!(
                    sign,
                    Some(TokenKind::Operator(
                        Op::Plus | Op::Minus | Op::Star | Op::Slash
                    ))
                ) {
                    return Some("there is no assignment: write x' = x + 1");
                }
            }
            _ => {}
        }
        None
    }

    /// A hint from what stands before on the same line.
    fn hint_in_line(&self) -> Option<&'static str> {
        for token in self.line_before() {
            match token.kind {
                TokenKind::Operator(Op::SlashSlash) => {
                    return Some("a comment to the end of the line starts with \\*");
                }
                TokenKind::Operator(Op::AmpersandAmpersand) => {
                    return Some("conjunction is written `/\\`");
                }
                TokenKind::Operator(Op::BarBar) => return Some("disjunction is written `\\/`"),
                TokenKind::Identifier => {
                    if let Some(hint) = look_up(&FOREIGN_WORDS, self.word_of(token)) {
                        return Some(hint);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// A hint about a LaTeX name, which is read as set difference and an identifier.
    fn latex_hint(&self) -> Option<String> {
        let tokens = [
            self.before(3),
            self.before(2),
            self.before(1),
            Some(self.token()),
        ];
        for pair in tokens.windows(2) {
            let [Some(slash), Some(name)] = pair else {
                continue;
            };
            let joined = slash.kind == TokenKind::Operator(Op::Difference)
                && slash.end == name.start
                && name.kind == TokenKind::Identifier;
            if joined && let Some(symbol) = look_up(&LATEX, self.word_of(*name)) {
                let word = self.word_of(*name);
                return Some(format!("TLA+ has no `\\{word}`: write `{symbol}`"));
            }
        }
        None
    }

    /// Whether `--algorithm` or `--fair algorithm` follows.
    fn is_algorithm(&self) -> bool {
        let word = |by: usize| {
            let token = self.tokens.get(self.at + by).copied();
            token.map_or("", |token| self.word_of(token))
        };
        word(1) == "algorithm" || word(1) == "fair" && word(2) == "algorithm"
    }

    /// The keyword of the list of names that the next token follows or stands in.
    fn in_declaration(&self) -> Option<Keyword> {
        let mut at = self.at;
        loop {
            at = at.checked_sub(1)?;
            match self.tokens.get(at)?.kind {
                TokenKind::Identifier | TokenKind::Comma => {}
                TokenKind::Keyword(
                    keyword @ (Keyword::Variable | Keyword::Constant | Keyword::Extends),
                ) => return Some(keyword),
                _ => return None,
            }
        }
    }

    /// Whether names with commas between stand before the next token, after `UNCHANGED`.
    fn names_after_unchanged(&self) -> bool {
        self.before_is(1, TokenKind::Identifier) && self.before_op(2, Op::Unchanged)
    }

    /// The `&&` or `||` among the tokens read last, from this byte on.
    pub(super) fn foreign_junction(&self, from: u32) -> Option<(Token, &'static str)> {
        let read = self.tokens.get(..self.at).unwrap_or_default();
        let read = read.iter().rev().take_while(|token| token.start >= from);
        read.copied().find_map(|token| match token.kind {
            TokenKind::Operator(Op::AmpersandAmpersand) => {
                Some((token, "conjunction is written `/\\`"))
            }
            TokenKind::Operator(Op::BarBar) => Some((token, "disjunction is written `\\/`")),
            _ => None,
        })
    }

    /// What to do about two operators that need parentheses.
    pub(super) fn conflict_hint(left: Op, right: Op) -> &'static str {
        match (left, right) {
            (Op::And, Op::Or) | (Op::Or, Op::And) => {
                "put parentheses around the part that belongs together, or write both as bulleted \
                 lists in columns of their own"
            }
            (Op::Implies, Op::Implies) => {
                "write a => (b => c) or (a => b) => c: they differ in meaning"
            }
            (Op::Equal, Op::Equal) => "write a = b /\\ b = c, or (a = b) = c to compare Booleans",
            _ if left == right && left.fixity() == Fixity::Infix => {
                "write both comparisons out and join them, or put parentheses around one"
            }
            _ => "put parentheses around the part that belongs together",
        }
    }
}

/// Whether a unit of a module starts with such a token.
fn is_unit_keyword(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Separator
            | TokenKind::EndModule
            | TokenKind::Keyword(
                Keyword::Variable
                    | Keyword::Constant
                    | Keyword::Assume
                    | Keyword::Axiom
                    | Keyword::Theorem
                    | Keyword::Lemma
                    | Keyword::Recursive
                    | Keyword::Local
                    | Keyword::Instance
            )
    )
}

//! Proofs: read by SANY's grammar, so that what follows them is found, and dropped.

use super::{Parse, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::operators::Op;
use crate::syntax::token::{Keyword, TokenKind};

/// How deep proofs may nest.
const MAX_PROOF_DEPTH: usize = 100;

/// The level in the number of a proof step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// `<3>`
    Number(u64),
    /// `<*>`: that of the proof it is in.
    Same,
    /// `<+>`: one more than that of the proof around it.
    Next,
}

impl Parser<'_> {
    fn step_level(&self) -> Option<Level> {
        if !matches!(self.kind(), TokenKind::Step | TokenKind::StepStart) {
            return None;
        }
        let text = self.text_of(self.span());
        let inner = text.get(1..text.find('>')?)?;
        Some(match inner {
            "*" => Level::Same,
            "+" => Level::Next,
            digits => Level::Number(digits.parse().unwrap_or(u64::MAX)),
        })
    }

    /// Whether the next token starts a proof of what was just stated.
    pub(super) fn begins_proof(&self) -> bool {
        match (self.kind(), self.step_level()) {
            (
                TokenKind::Keyword(
                    Keyword::By | Keyword::Proof | Keyword::Obvious | Keyword::Omitted,
                ),
                _,
            )
            | (_, Some(Level::Next)) => true,
            (_, Some(Level::Same)) => self.proofs.is_empty(),
            (_, Some(Level::Number(level))) => match self.proofs.last() {
                None => true,
                Some(&current) => current.is_some_and(|current| level > current),
            },
            _ => false,
        }
    }

    /// Whether the level of a step fits; the first step of a proof sets the level of the proof.
    fn enter_step(&mut self, level: Level) -> bool {
        let around = self
            .proofs
            .len()
            .checked_sub(2)
            .and_then(|at| self.proofs.get(at).copied().flatten());
        let next = around.map_or(0, |level| level.saturating_add(1));
        let Some(current) = self.proofs.last_mut() else {
            return false;
        };
        match (level, *current) {
            (Level::Same, Some(_)) => true,
            (Level::Same | Level::Next, None) => {
                *current = Some(next);
                true
            }
            (Level::Next, Some(_)) => false,
            (Level::Number(level), None) => {
                *current = Some(level);
                around.is_none_or(|around| level > around)
            }
            (Level::Number(level), Some(current)) => level == current,
        }
    }

    /// A step number in an expression: allowed in proofs only.
    pub(super) fn step_in_expression(&mut self) -> Parse<bool> {
        if self.proofs.is_empty() {
            let span = self.span();
            let message = "the number of a proof step stands outside of a proof";
            return Err(self.fail(Diagnostic::error(Code::Syntax, span, message)));
        }
        Ok(true)
    }

    pub(super) fn proof(&mut self) -> Parse<()> {
        if self.proofs.len() >= MAX_PROOF_DEPTH {
            let span = self.span();
            return Err(self.too_deep(span));
        }
        self.proofs.push(None);
        self.nested(Self::proof_body)?;
        self.proofs.pop();
        Ok(())
    }

    fn proof_body(&mut self) -> Parse<()> {
        self.eat(TokenKind::Keyword(Keyword::Proof))?;
        match self.kind() {
            TokenKind::Keyword(Keyword::By) => {
                self.bump()?;
                self.eat(TokenKind::Keyword(Keyword::Only))?;
                return self.facts();
            }
            TokenKind::Keyword(Keyword::Obvious | Keyword::Omitted) => {
                self.bump()?;
                return Ok(());
            }
            _ => {}
        }
        loop {
            let Some(level) = self.step_level() else {
                return Err(self.unexpected("a proof step or the `QED` step of the proof"));
            };
            if !self.enter_step(level) {
                let span = self.span();
                let message = "the level of this proof step does not fit the proof it is in";
                return Err(self.fail(Diagnostic::error(Code::Syntax, span, message)));
            }
            self.bump()?;
            if self.eat(TokenKind::Keyword(Keyword::Qed))? {
                if self.begins_proof() {
                    self.proof()?;
                }
                return Ok(());
            }
            if self.step()? {
                if self.begins_proof() {
                    self.proof()?;
                }
            } else if self.begins_proof() {
                return Err(self.unexpected("the next step: this one takes no proof"));
            }
        }
    }

    /// A step after its number; whether it may have a proof.
    fn step(&mut self) -> Parse<bool> {
        match self.kind() {
            TokenKind::Keyword(Keyword::Use | Keyword::Hide) => self.use_or_hide().map(|()| false),
            TokenKind::Keyword(Keyword::Instance) => {
                let start = self.span();
                self.instance(start, false, None, Vec::new()).map(|_| false)
            }
            TokenKind::Keyword(Keyword::Define) => {
                self.bump()?;
                self.definitions()
            }
            TokenKind::Keyword(Keyword::Have) => {
                self.bump()?;
                self.expression().map(|_| false)
            }
            TokenKind::Keyword(Keyword::Take) => {
                self.bump()?;
                self.bounds_or_names()?;
                Ok(false)
            }
            TokenKind::Keyword(Keyword::Witness) => {
                self.bump()?;
                self.list(Self::expression).map(|_| false)
            }
            TokenKind::Keyword(Keyword::Pick) => {
                self.bump()?;
                self.bounds_or_names()?;
                self.expect(TokenKind::Colon, "`:`")?;
                self.expression().map(|_| true)
            }
            TokenKind::Keyword(Keyword::Case) => {
                self.bump()?;
                self.expression().map(|_| true)
            }
            _ if self.token().starts_definition => self.definitions(),
            _ => {
                self.eat(TokenKind::Keyword(Keyword::Suffices))?;
                if self.starts_assume_prove() {
                    self.assume_prove()?;
                } else {
                    self.expression()?;
                }
                Ok(true)
            }
        }
    }

    fn definitions(&mut self) -> Parse<bool> {
        loop {
            self.let_unit()?;
            let more = self.token().starts_definition || self.is_keyword(Keyword::Local);
            if !more {
                return Ok(false);
            }
        }
    }

    fn bounds_or_names(&mut self) -> Parse<()> {
        let bound = self.is(TokenKind::LeftAngle)
            || self.after_names() == Some(TokenKind::Operator(Op::In));
        if bound {
            self.bounds()?;
        } else {
            self.list(|parser| parser.identifier("a name"))?;
        }
        Ok(())
    }

    /// `USE …` or `HIDE …`
    pub(super) fn use_or_hide(&mut self) -> Parse<()> {
        let token = self.bump()?;
        if token.kind == TokenKind::Keyword(Keyword::Use) {
            self.eat(TokenKind::Keyword(Keyword::Only))?;
        }
        self.facts()
    }

    /// The facts and, after `DEF`, the definitions of `BY`, `USE` and `HIDE`.
    fn facts(&mut self) -> Parse<()> {
        if self.starts_fact() {
            self.list(Self::fact)?;
        }
        if self.eat(TokenKind::Keyword(Keyword::Def))? {
            self.list(Self::fact)?;
        }
        Ok(())
    }

    fn starts_fact(&self) -> bool {
        if self.token().starts_definition || !self.is_inside() {
            return false;
        }
        matches!(
            self.kind(),
            TokenKind::Identifier
                | TokenKind::Step
                | TokenKind::Number
                | TokenKind::String
                | TokenKind::Operator(_)
                | TokenKind::LeftParen
                | TokenKind::LeftBrace
                | TokenKind::LeftBracket
                | TokenKind::LeftAngle
                | TokenKind::ForAll
                | TokenKind::Exists
                | TokenKind::TemporalForAll
                | TokenKind::TemporalExists
                | TokenKind::Keyword(
                    Keyword::Module
                        | Keyword::If
                        | Keyword::Case
                        | Keyword::Let
                        | Keyword::Choose
                        | Keyword::WeakFairness
                        | Keyword::StrongFairness,
                )
        )
    }

    fn fact(&mut self) -> Parse<()> {
        if self.eat(TokenKind::Keyword(Keyword::Module))? {
            self.identifier("the name of a module")?;
            return Ok(());
        }
        self.expression().map(|_| ())
    }

    /// Whether `ASSUME … PROVE …` follows, with or without a label.
    pub(super) fn starts_assume_prove(&self) -> bool {
        let assume = |kind| {
            matches!(
                kind,
                TokenKind::Keyword(Keyword::Assume | Keyword::BoxAssume)
            )
        };
        assume(self.kind())
            || self.is(TokenKind::Identifier)
                && self.kind_after(1) == TokenKind::ColonColon
                && assume(self.kind_after(2))
    }

    pub(super) fn assume_prove(&mut self) -> Parse<()> {
        self.nested(|parser| {
            if parser.eat(TokenKind::Identifier)? {
                parser.bump()?;
            }
            parser.bump()?;
            parser.list(Self::assumption)?;
            if !parser.eat(TokenKind::Keyword(Keyword::BoxProve))? {
                parser.expect_keyword(Keyword::Prove, "`,` or `PROVE`")?;
            }
            parser.expression().map(|_| ())
        })
    }

    /// An assumption: an expression, a declaration or another `ASSUME … PROVE …`.
    fn assumption(&mut self) -> Parse<()> {
        if self.starts_assume_prove() {
            return self.assume_prove();
        }
        let new = self.eat(TokenKind::Keyword(Keyword::New))?;
        match self.kind() {
            TokenKind::Keyword(Keyword::Variable) => {
                self.bump()?;
                self.identifier("the name of a variable").map(|_| ())
            }
            TokenKind::Keyword(Keyword::State | Keyword::Action | Keyword::Temporal) => {
                self.bump()?;
                self.declaration().map(|_| ())
            }
            TokenKind::Keyword(Keyword::Constant) => {
                self.bump()?;
                self.new_constant()
            }
            _ if new => self.new_constant(),
            _ => self.expression().map(|_| ()),
        }
    }

    fn new_constant(&mut self) -> Parse<()> {
        let declared = self.declaration()?;
        if declared.arity == 0 && self.eat(TokenKind::Operator(Op::In))? {
            self.expression()?;
        }
        Ok(())
    }
}

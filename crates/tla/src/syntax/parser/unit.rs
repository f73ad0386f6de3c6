//! Modules and their units: declarations, definitions, instances, assumptions, theorems.

use super::{Parse, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Definition, DefinitionKind, Ident, Instance, Module, OpDecl, TheoremBody, Unit, UnitKind,
};
use crate::syntax::operators::Fixity;
use crate::syntax::token::{Keyword, TokenKind};

impl Parser<'_> {
    /// The first module of the text; `None` if it has mistakes.
    pub(super) fn module_file(&mut self) -> Option<Module> {
        if !self.is(TokenKind::BeginModule) {
            let span = Span {
                file: self.file,
                start: 0,
                end: 0,
            };
            let help = if self.text.contains("MODULE") {
                "before MODULE stand at least four dashes, then only spaces: `---- MODULE Name ----`"
            } else {
                "start with `---- MODULE Name ----` and end with `====`"
            };
            let message = "the text has no module header";
            self.fail(Diagnostic::error(Code::Syntax, span, message).with_help(help));
            return None;
        }
        self.module().ok()
    }

    fn module(&mut self) -> Parse<Module> {
        let start = self.span();
        self.bump()?;
        let name = self.loose_identifier("the name of the module")?;
        if !self.is(TokenKind::Separator) {
            let help = "a module header is a line `---- MODULE Name ----`";
            let wanted = "`----` after the name of the module";
            return Err(self.unexpected_with(wanted, Some(help.to_owned())));
        }
        self.bump()?;
        let mut extends = Vec::new();
        if self.eat(TokenKind::Keyword(Keyword::Extends))? {
            extends = self.list(|parser| parser.loose_identifier("the name of a module"))?;
        }
        let mut units = Vec::new();
        let mut failed = false;
        loop {
            match self.kind() {
                TokenKind::EndModule => break,
                TokenKind::Separator => {
                    self.bump()?;
                }
                TokenKind::End => {
                    let span = self.span();
                    return Err(self.fail(
                        Diagnostic::error(Code::Syntax, span, "the module does not end")
                            .with_related(name.span, "it begins here")
                            .with_help("end it with a line of at least four `=`"),
                    ));
                }
                _ => {
                    let first = self.at;
                    let depth = self.depth;
                    match self.unit() {
                        Ok(unit) => units.push(unit),
                        Err(error) if self.stopped => return Err(error),
                        Err(_) => {
                            failed = true;
                            self.depth = depth;
                            self.recover(first);
                        }
                    }
                }
            }
        }
        self.bump()?;
        if failed {
            return Err(super::Failed);
        }
        Ok(Module {
            name,
            extends,
            units,
            span: self.since(start),
        })
    }

    /// After a mistake in the unit that starts at this token: moves to where the next one starts.
    fn recover(&mut self, first: usize) {
        self.lists.clear();
        self.stack.clear();
        self.proofs.clear();
        self.height = 0;
        let column = self.tokens.get(first).map_or(1, |token| token.column);
        if self.at == first {
            self.advance();
        }
        loop {
            let token = self.token();
            let starts = token.starts_definition
                || matches!(
                    token.kind,
                    TokenKind::BeginModule
                        | TokenKind::Separator
                        | TokenKind::Keyword(
                            Keyword::Assume
                                | Keyword::Axiom
                                | Keyword::Constant
                                | Keyword::Instance
                                | Keyword::Lemma
                                | Keyword::Local
                                | Keyword::Recursive
                                | Keyword::Theorem
                                | Keyword::Variable
                        )
                );
            let ends = matches!(token.kind, TokenKind::End | TokenKind::EndModule);
            if ends || starts && token.column <= column && self.is_first_on_line() {
                return;
            }
            self.advance();
        }
    }

    /// Whether only space stands before the next token on its line.
    pub(super) fn is_first_on_line(&self) -> bool {
        let before = self
            .text
            .get(..self.token().start as usize)
            .unwrap_or_default();
        let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        line.trim().is_empty()
    }

    fn unit(&mut self) -> Parse<Unit> {
        let start = self.span();
        let kind = match self.kind() {
            TokenKind::Keyword(Keyword::Variable) => {
                self.bump()?;
                let names = self.list(|parser| parser.identifier("the name of a variable"))?;
                UnitKind::Variables(names)
            }
            TokenKind::Keyword(Keyword::Constant) => {
                self.bump()?;
                UnitKind::Constants(self.list(Self::declaration)?)
            }
            TokenKind::Keyword(Keyword::Recursive) => self.recursive()?,
            TokenKind::Keyword(Keyword::Local) => match self.kind_after(1) {
                TokenKind::Keyword(Keyword::Instance) => {
                    self.bump()?;
                    UnitKind::Instance(self.instance(start, true, None, Vec::new())?)
                }
                _ => self.definition()?,
            },
            TokenKind::Keyword(Keyword::Instance) => {
                UnitKind::Instance(self.instance(start, false, None, Vec::new())?)
            }
            TokenKind::Keyword(Keyword::Assume | Keyword::Axiom) => {
                self.bump()?;
                let name = self.statement_name()?;
                let body = self.expression()?;
                UnitKind::Assume { name, body }
            }
            TokenKind::Keyword(Keyword::Theorem | Keyword::Lemma) => self.theorem()?,
            TokenKind::Keyword(Keyword::Use | Keyword::Hide) => {
                self.use_or_hide()?;
                UnitKind::UseHide
            }
            TokenKind::BeginModule => UnitKind::Module(self.nested(Self::module)?),
            _ if self.token().starts_definition => self.definition()?,
            _ => return Err(self.unexpected("a definition, a declaration or `====`")),
        };
        Ok(Unit {
            kind,
            span: self.since(start),
        })
    }

    /// The name in `ASSUME name == …`.
    fn statement_name(&mut self) -> Parse<Option<Ident>> {
        if !self.is(TokenKind::Identifier) || self.kind_after(1) != TokenKind::Define {
            return Ok(None);
        }
        let name = self.identifier("a name")?;
        self.bump()?;
        Ok(Some(name))
    }

    fn theorem(&mut self) -> Parse<UnitKind> {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let after_module = before.is_some_and(|token| token.kind == TokenKind::EndModule);
        self.bump()?;
        let name = self.statement_name()?;
        if let (Some(name), true) = (name, after_module) {
            let message = "SANY cannot read a named theorem right after an inner module";
            return Err(self.fail(
                Diagnostic::error(Code::Syntax, name.span, message)
                    .with_help("put a line `----` between them"),
            ));
        }
        let body = if self.starts_assume_prove() {
            self.assume_prove()?;
            TheoremBody::AssumeProve
        } else {
            TheoremBody::Expr(self.expression()?)
        };
        if self.begins_proof() {
            self.proof()?;
        }
        Ok(UnitKind::Theorem { name, body })
    }

    fn recursive(&mut self) -> Parse<UnitKind> {
        self.bump()?;
        Ok(UnitKind::Recursive(self.list(Self::declaration)?))
    }

    /// Whether a definition or `RECURSIVE` follows.
    pub(super) fn starts_let_unit(&self) -> bool {
        self.is_keyword(Keyword::Recursive)
            || self.is_keyword(Keyword::Local)
            || self.token().starts_definition
    }

    /// A unit between `LET` and `IN`.
    pub(super) fn let_unit(&mut self) -> Parse<Unit> {
        let start = self.span();
        let kind = if self.is_keyword(Keyword::Recursive) {
            self.recursive()?
        } else {
            self.definition()?
        };
        Ok(Unit {
            kind,
            span: self.since(start),
        })
    }

    /// `F(_, _)`, `x`, `_ + _`, `-. _`, `_ ^+`
    pub(super) fn declaration(&mut self) -> Parse<OpDecl> {
        match self.kind() {
            TokenKind::Operator(op) if op.fixity() == Fixity::Prefix => {
                let token = self.bump()?;
                self.expect(TokenKind::Underscore, "`_`")?;
                let name = self.ident(token);
                Ok(OpDecl { name, arity: 1 })
            }
            TokenKind::Underscore => {
                self.bump()?;
                let TokenKind::Operator(op) = self.kind() else {
                    return Err(self.unexpected("an infix or postfix operator after `_`"));
                };
                if op.fixity() == Fixity::Prefix {
                    return Err(self.unexpected("an infix or postfix operator after `_`"));
                }
                let token = self.bump()?;
                self.last_op = Some(op);
                let name = self.ident(token);
                let arity = if op.fixity() == Fixity::Infix {
                    self.expect(TokenKind::Underscore, "`_`")?;
                    2
                } else {
                    1
                };
                Ok(OpDecl { name, arity })
            }
            _ => {
                let name = self.identifier("a name or an operator")?;
                let arity = if self.is(TokenKind::LeftParen)
                    && self.kind_after(1) == TokenKind::Underscore
                {
                    self.bump()?;
                    let places = self.list(|parser| parser.expect(TokenKind::Underscore, "`_`"))?;
                    self.expect(TokenKind::RightParen, "`)`")?;
                    u32::try_from(places.len()).unwrap_or(u32::MAX)
                } else {
                    0
                };
                Ok(OpDecl { name, arity })
            }
        }
    }

    fn definition(&mut self) -> Parse<UnitKind> {
        let start = self.span();
        let local = self.eat(TokenKind::Keyword(Keyword::Local))?;
        if !self.token().starts_definition {
            return Err(self.unexpected("a definition"));
        }
        let parameter = |name| OpDecl { name, arity: 0 };
        let (name, params) = match (self.kind(), self.kind_after(1)) {
            (TokenKind::Identifier, TokenKind::LeftBracket) => {
                return self.function_definition(start, local);
            }
            (TokenKind::Identifier, TokenKind::Operator(op)) if op.fixity() != Fixity::Prefix => {
                let left = self.identifier("a parameter name")?;
                let token = self.bump()?;
                self.last_op = Some(op);
                let mut params = vec![parameter(left)];
                if op.fixity() == Fixity::Infix {
                    params.push(parameter(self.identifier("a parameter name")?));
                }
                (self.ident(token), params)
            }
            (TokenKind::Identifier, _) => {
                let name = self.identifier("the name of the definition")?;
                let mut params = Vec::new();
                if self.eat(TokenKind::LeftParen)? {
                    params = self.list(Self::declaration)?;
                    self.expect(TokenKind::RightParen, "`,` or `)` after a parameter")?;
                }
                self.expect(TokenKind::Define, "`==`")?;
                if self.is_keyword(Keyword::Instance) {
                    let instance = self.instance(start, local, Some(name), params)?;
                    return Ok(UnitKind::Instance(instance));
                }
                return self.finish_definition(start, local, name, params);
            }
            _ => {
                let token = self.bump()?;
                let operand = self.identifier("a parameter name")?;
                (self.ident(token), vec![parameter(operand)])
            }
        };
        self.expect(TokenKind::Define, "`==`")?;
        self.finish_definition(start, local, name, params)
    }

    fn finish_definition(
        &mut self,
        start: Span,
        local: bool,
        name: Ident,
        params: Vec<OpDecl>,
    ) -> Parse<UnitKind> {
        let body = self.expression()?;
        Ok(UnitKind::Definition(Definition {
            local,
            name,
            kind: DefinitionKind::Operator { params, body },
            span: self.since(start),
        }))
    }

    /// `f[x \in S] == e`
    fn function_definition(&mut self, start: Span, local: bool) -> Parse<UnitKind> {
        let name = self.identifier("the name of the function")?;
        self.expect(TokenKind::LeftBracket, "`[`")?;
        let bounds = self.bounds()?;
        self.expect(TokenKind::RightBracket, "`,` or `]`")?;
        self.expect(TokenKind::Define, "`==`")?;
        let body = self.expression()?;
        Ok(UnitKind::Definition(Definition {
            local,
            name,
            kind: DefinitionKind::Function { bounds, body },
            span: self.since(start),
        }))
    }

    /// `INSTANCE M WITH a <- e, …`
    pub(super) fn instance(
        &mut self,
        start: Span,
        local: bool,
        name: Option<Ident>,
        params: Vec<OpDecl>,
    ) -> Parse<Instance> {
        self.expect_keyword(Keyword::Instance, "`INSTANCE`")?;
        let module = self.loose_identifier("the name of a module")?;
        let mut substitutions = Vec::new();
        if self.eat(TokenKind::Keyword(Keyword::With))? {
            substitutions.push(self.substitution()?);
            while self.is(TokenKind::Comma) && self.kind_after(2) == TokenKind::Substitute {
                self.bump()?;
                substitutions.push(self.substitution()?);
            }
        }
        Ok(Instance {
            local,
            name,
            params,
            module,
            substitutions,
            span: self.since(start),
        })
    }

    fn substitution(&mut self) -> Parse<(Ident, crate::syntax::ast::Expr)> {
        let token = match self.kind() {
            TokenKind::Identifier | TokenKind::Operator(_) => self.bump()?,
            _ => return Err(self.unexpected("the name of a constant or variable")),
        };
        let name = self.ident(token);
        self.expect(TokenKind::Substitute, "`<-`")?;
        Ok((name, self.argument()?))
    }
}

//! What the order of strings depends on in a module.

use std::collections::HashSet;

use super::walk::for_each_child;
use crate::modules::words::ModuleWords;
use crate::source::SourceMap;
use crate::symbol::Symbol;
use crate::syntax::ast::{self, DefinitionKind, ExprKind, TheoremBody, UnitKind};
use crate::syntax::words;

/// What the order of strings depends on in a module.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The module, then those inside it.
    pub(super) sites: Vec<Site>,
    /// Its words in the order of the text.
    pub(super) words: Vec<Symbol>,
    /// Its strings in the order in which they get a meaning: that of the text, but those of bounds
    /// before those of what is bound.
    pub(super) strings: Vec<Symbol>,
}

/// A module or a module inside another, by its place among [`Outline::sites`].
#[derive(Debug, Default)]
pub(super) struct Site {
    /// The modules it extends.
    pub(super) extends: Vec<Symbol>,
    /// The modules it instantiates, also in `LET`.
    pub(super) instances: Vec<Symbol>,
    /// The modules directly inside it.
    pub(super) inner: Vec<usize>,
}

impl Outline {
    /// The outline of a module that is read.
    pub(super) fn of(module: &ast::Module, sources: &SourceMap) -> Outline {
        let file = module.span.file;
        let words = sources
            .file(file)
            .map(|source| words(file, source.text()).map(Symbol::new).collect());
        let mut walk = Walk {
            outline: Outline {
                words: words.unwrap_or_default(),
                ..Outline::default()
            },
            inner: HashSet::new(),
            site: 0,
        };
        walk.module(module);
        let Walk {
            mut outline, inner, ..
        } = walk;
        for site in &mut outline.sites {
            site.extends.retain(|name| !inner.contains(name));
            site.instances.retain(|name| !inner.contains(name));
        }
        outline
    }

    /// The outline of a module that is known by its words.
    pub(super) fn known(known: &ModuleWords) -> Outline {
        let symbols = |texts: &[&str]| texts.iter().map(|text| Symbol::new(text)).collect();
        Outline {
            sites: vec![Site {
                extends: symbols(&known.extends),
                instances: symbols(&known.instances),
                inner: Vec::new(),
            }],
            words: symbols(&known.words),
            strings: symbols(&known.strings),
        }
    }
}

struct Walk {
    outline: Outline,
    /// Names of modules inside the module.
    inner: HashSet<Symbol>,
    /// The site being walked.
    site: usize,
}

impl Walk {
    fn site(&mut self) -> Option<&mut Site> {
        self.outline.sites.get_mut(self.site)
    }

    fn module(&mut self, module: &ast::Module) {
        let around = self.site;
        self.site = self.outline.sites.len();
        self.outline.sites.push(Site {
            extends: module.extends.iter().map(|ident| ident.name).collect(),
            ..Site::default()
        });
        self.units(&module.units);
        self.site = around;
    }

    fn units(&mut self, units: &[ast::Unit]) {
        for unit in units {
            match &unit.kind {
                UnitKind::Instance(instance) => {
                    if let Some(site) = self.site() {
                        site.instances.push(instance.module.name);
                    }
                    for (_, by) in &instance.substitutions {
                        self.expr(by);
                    }
                }
                UnitKind::Module(inner) => {
                    let place = self.outline.sites.len();
                    self.inner.insert(inner.name.name);
                    if let Some(site) = self.site() {
                        site.inner.push(place);
                    }
                    self.module(inner);
                }
                UnitKind::Definition(definition) => match &definition.kind {
                    DefinitionKind::Operator { body, .. } => self.expr(body),
                    DefinitionKind::Function { bounds, body } => {
                        bounds.iter().for_each(|bound| self.expr(&bound.domain));
                        self.expr(body);
                    }
                },
                UnitKind::Assume { body, .. }
                | UnitKind::Theorem {
                    body: TheoremBody::Expr(body),
                    ..
                } => self.expr(body),
                _ => {}
            }
        }
    }

    fn expr(&mut self, expr: &ast::Expr) {
        match &*expr.kind {
            ExprKind::String(text) => self.outline.strings.push(*text),
            ExprKind::Let { units, .. } => self.units(units),
            _ => {}
        }
        for_each_child(expr, &mut |child| self.expr(child));
    }
}

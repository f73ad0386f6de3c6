//! Reads the root module and every module it needs.

use std::collections::{HashMap, HashSet};

use super::source::{ModuleSource, ModuleText};
use super::walk::for_each_child;
use super::{Resolver, level, order};
use crate::diagnostic::{Code, Diagnostic, Severity, has_error};
use crate::modules;
use crate::source::{SourceMap, Span};
use crate::spec::Spec;
use crate::symbol::Symbol;
use crate::syntax::ast::{self, Ident, UnitKind};

/// Modules a specification may consist of.
const MAX_MODULES: usize = 1_000;

/// What came of reading a specification.
#[derive(Debug)]
pub struct Loaded {
    /// The specification, where there is no error.
    pub spec: Option<Spec>,
    /// Errors and warnings, in the order of the text of each module.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of a specification that was rejected; one that was not holds its own.
    pub(crate) sources: SourceMap,
}

impl Loaded {
    /// The texts that were read, which the places of diagnostics refer to.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        self.spec
            .as_ref()
            .map_or(&self.sources, |spec| &spec.sources)
    }
}

/// Reads the module `root` and all modules it extends or instantiates, and checks names, arities
/// and levels as SANY does.
///
/// To be called on a thread with a deep stack (see [`crate::stack`]), because syntax trees are
/// walked recursively.
#[must_use]
pub fn load(source: &dyn ModuleSource, root: &str) -> Loaded {
    let mut files = Files {
        source,
        sources: SourceMap::default(),
        diagnostics: Vec::new(),
        modules: Vec::new(),
        state: HashMap::new(),
        root: None,
    };
    files.read(Symbol::new(root), None);
    let Files {
        sources,
        mut diagnostics,
        modules,
        ..
    } = files;
    if has_error(&diagnostics) {
        return Loaded {
            spec: None,
            diagnostics,
            sources,
        };
    }
    let mut spec = Spec {
        sources,
        ..Spec::default()
    };
    let mut resolver = Resolver::new(&mut spec, &mut diagnostics);
    let mut last = None;
    for file in &modules {
        last = Some(resolver.external_module(&file.module, file.standard));
        // What uses a module with errors would only repeat them.
        if has_error(resolver.diagnostics) {
            break;
        }
        level::check(&mut resolver);
        if has_error(resolver.diagnostics) {
            break;
        }
    }
    spec.root = last;
    if has_error(&diagnostics) {
        return Loaded {
            sources: spec.sources,
            spec: None,
            diagnostics,
        };
    }
    spec.texts = order::texts(&spec.sources, &modules);
    Loaded {
        spec: Some(spec),
        diagnostics,
        sources: SourceMap::default(),
    }
}

/// A file whose syntax is correct.
#[derive(Debug)]
pub(super) struct File {
    pub(super) module: ast::Module,
    /// Whether it ships with the engine.
    pub(super) standard: bool,
}

/// How far reading a module has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
    Missing,
}

struct Files<'a> {
    source: &'a dyn ModuleSource,
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
    /// Each after the modules it needs.
    modules: Vec<File>,
    state: HashMap<Symbol, State>,
    /// The text of the root module, which may be followed by further modules.
    root: Option<ModuleText>,
}

impl Files<'_> {
    /// Reads a module and what it needs. A module that does not exist is reported only where it is
    /// the root: elsewhere an inner module can have the name.
    fn read(&mut self, name: Symbol, used_at: Option<Span>) {
        let (text, standard) = match self.find(name) {
            Ok(Some(found)) => found,
            Ok(None) => {
                self.state.insert(name, State::Missing);
                if used_at.is_none() {
                    self.report(used_at, format!("there is no module {name}"));
                }
                return;
            }
            Err(message) => {
                self.state.insert(name, State::Missing);
                self.report(used_at, message);
                return;
            }
        };
        if self.state.len() >= MAX_MODULES {
            self.report(used_at, format!("more than {MAX_MODULES} modules"));
            return;
        }
        let file = self.sources.add(text.display_name, text.text.as_str());
        let parsed = crate::syntax::parse_module(file, &text.text);
        self.diagnostics.extend(parsed.diagnostics);
        let Some(module) = parsed.module else {
            self.state.insert(name, State::Done);
            return;
        };
        if module.name.name != name {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::Module,
                    module.name.span,
                    format!(
                        "the module is called {}, but its file {name}.tla",
                        module.name.name
                    ),
                )
                .with_help(format!("write `MODULE {name}`, or rename the file")),
            );
            self.state.insert(name, State::Done);
            return;
        }
        self.state.insert(name, State::Open);
        self.read_needed(&module);
        self.state.insert(name, State::Done);
        self.modules.push(File { module, standard });
    }

    fn read_needed(&mut self, module: &ast::Module) {
        let mut needed = Needed::default();
        needed.module(module);
        for used in needed.names {
            if needed.inner.contains(&used.name) {
                continue;
            }
            match self.state.get(&used.name) {
                None => self.read(used.name, Some(used.span)),
                Some(State::Open) => {
                    self.diagnostics.push(Diagnostic::error(
                        Code::Module,
                        used.span,
                        format!(
                            "module {} needs itself, through EXTENDS or INSTANCE",
                            used.name
                        ),
                    ));
                }
                Some(State::Done | State::Missing) => {}
            }
        }
    }

    /// The text of a module: from the source, among those that ship with the engine, or from the
    /// file of the root module.
    fn find(&mut self, name: Symbol) -> Result<Option<(ModuleText, bool)>, String> {
        if let Some(text) = self.source.load(name.as_str())? {
            self.root.get_or_insert_with(|| text.clone());
            return Ok(Some((text, false)));
        }
        if let Some(text) = modules::text(name.as_str()) {
            let text = ModuleText {
                display_name: format!("{name}.tla"),
                text: text.to_owned(),
            };
            return Ok(Some((text, true)));
        }
        Ok(self.root.as_ref().and_then(|root| {
            Some((
                ModuleText {
                    display_name: root.display_name.clone(),
                    text: module_among(&root.text, name.as_str())?,
                },
                false,
            ))
        }))
    }

    fn report(&mut self, used_at: Option<Span>, message: String) {
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code: Code::Module,
            message,
            span: used_at,
            related: Vec::new(),
            help: None,
        });
    }
}

/// The text of one of several modules in a file, at its own place: what stands before it is blank.
fn module_among(text: &str, name: &str) -> Option<String> {
    let is_header = |line: &str| {
        let words = line.trim_matches('-').trim();
        line.starts_with("----")
            && line.ends_with("----")
            && words
                .strip_prefix("MODULE")
                .is_some_and(|rest| rest.starts_with(char::is_whitespace) && rest.trim() == name)
    };
    let mut start = None;
    let mut end = text.len();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if start.is_none() && is_header(content) {
            start = Some(at);
        } else if start.is_some() && line.starts_with("====") {
            end = at + line.len();
            break;
        }
        at += line.len();
    }
    let start = start?;
    let before = text.get(..start)?;
    let blank: String = before
        .chars()
        .map(|c| if c == '\n' { '\n' } else { ' ' })
        .collect();
    Some(blank + text.get(start..end)?)
}

/// The names of modules in the text of one.
#[derive(Debug, Default)]
struct Needed {
    names: Vec<Ident>,
    inner: HashSet<Symbol>,
}

impl Needed {
    fn module(&mut self, module: &ast::Module) {
        self.names.extend(&module.extends);
        self.units(&module.units);
    }

    fn units(&mut self, units: &[ast::Unit]) {
        for unit in units {
            match &unit.kind {
                UnitKind::Instance(instance) => self.names.push(instance.module),
                UnitKind::Module(inner) => {
                    self.inner.insert(inner.name.name);
                    self.module(inner);
                }
                UnitKind::Definition(definition) => match &definition.kind {
                    ast::DefinitionKind::Operator { body, .. }
                    | ast::DefinitionKind::Function { body, .. } => self.expr(body),
                },
                UnitKind::Assume { body, .. }
                | UnitKind::Theorem {
                    body: ast::TheoremBody::Expr(body),
                    ..
                } => self.expr(body),
                _ => {}
            }
        }
    }

    /// Only `LET` can hold an instance.
    fn expr(&mut self, expr: &ast::Expr) {
        if let ast::ExprKind::Let { units, .. } = &*expr.kind {
            self.units(units);
        }
        for_each_child(expr, &mut |child| self.expr(child));
    }
}

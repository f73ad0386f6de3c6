//! Guesses at what was meant, for the commonest mistakes.

use super::Resolver;
use super::entity::{Entity, Entry, Kind};
use super::expression::count;
use super::reference::part_span;
use crate::diagnostic::{Code, Diagnostic};
use crate::modules;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::syntax::ast::{Ident, ReferencePart};

/// Mistakes for which similar names are looked for.
const MAX_GUESSES: usize = 50;

/// Operators and names of other languages that TLA+ reads as names of its own, with what was
/// meant. Someone may define them, so they are mistakes only where nobody does.
const FOREIGN: [(&str, &str); 20] = [
    (":=", "`:=` is PlusCal; in TLA+ write `x' = …`"),
    ("&&", "`&&` is not an operator; use `/\\`"),
    ("&", "`&` is not an operator; use `/\\`"),
    ("||", "`||` is not an operator; use `\\/`"),
    ("|", "`|` is not an operator; use `\\/`"),
    (
        "++",
        "sequences are joined by `\\o`, sets by `\\cup`; `x++` is written `x' = x + 1`",
    ),
    ("--", "`x--` is written `x' = x - 1`"),
    (
        "//",
        "division of integers is written `\\div`, a comment `\\* …`",
    ),
    ("**", "powers are written `^`"),
    ("true", "the Boolean constants are TRUE and FALSE"),
    ("false", "the Boolean constants are TRUE and FALSE"),
    ("True", "the Boolean constants are TRUE and FALSE"),
    ("False", "the Boolean constants are TRUE and FALSE"),
    (
        "len",
        "the length of a sequence is Len(s), of module Sequences; the size of a set Cardinality(S), of FiniteSets",
    ),
    (
        "length",
        "the length of a sequence is Len(s), of module Sequences",
    ),
    (
        "size",
        "the size of a set is Cardinality(S), of module FiniteSets",
    ),
    ("append", "write Append(s, e), of module Sequences"),
    (
        "null",
        "TLA+ has no null: declare `CONSTANT Null` and make it a model value, or use a string",
    ),
    (
        "None",
        "TLA+ has no None: declare `CONSTANT None` and make it a model value, or use a string",
    ),
    (
        "nil",
        "TLA+ has no nil: declare `CONSTANT Nil` and make it a model value, or use a string",
    ),
];

impl Resolver<'_> {
    /// Reports a name that is not known, and what may be meant.
    pub(super) fn report_unknown(&mut self, parts: &[ReferencePart], last: usize) {
        if let Some((instance, known)) = self.known_prefix(parts) {
            self.report_unknown_in(instance, known, parts);
            return;
        }
        let Some(ReferencePart::Name(first, arguments)) = parts.first() else {
            let span = parts.get(last).map_or(self.here, part_span);
            self.error(Code::Unknown, span, "a name is missing here");
            return;
        };
        let name = first.name;
        // One report a name and module: the fix is the same everywhere.
        if !self.reported.insert((self.module, name)) {
            self.error(Code::Unknown, first.span, format!("unknown name `{name}`"));
            return;
        }
        let mut error =
            Diagnostic::error(Code::Unknown, first.span, format!("unknown name `{name}`"));
        if parts.len() > 1 {
            error.help = Some(format!(
                "`{name}!…` needs `{name} == INSTANCE Module` above it"
            ));
        } else if let Some(&later) = self.later.get(&name) {
            error = self.forward_reference(name, first.span, later);
        } else if let Some(&(_, help)) = FOREIGN
            .iter()
            .find(|(foreign, _)| *foreign == name.as_str())
        {
            error.help = Some(help.to_owned());
        } else if let Some(module) = modules::that_defines(name.as_str(), arguments.len()) {
            error.help = Some(format!(
                "`{}` is defined by module {module}: add `EXTENDS {module}`",
                shown(name)
            ));
        } else if let Some(close) = self.closest(name) {
            error.help = Some(format!("did you mean `{close}`?"));
        } else {
            error.help = Some(format!(
                "declare it with `CONSTANT {name}` or `VARIABLE {name}`, or define `{name} == …` above"
            ));
        }
        self.report(error);
    }

    fn forward_reference(&self, name: Symbol, span: Span, later: Span) -> Diagnostic {
        let line = self.spec.sources.location(later).begin.line;
        let inside = self.here.file == later.file
            && self.here.start <= later.start
            && later.end <= self.here.end;
        if inside {
            return Diagnostic::error(
                Code::Recursion,
                span,
                format!("`{name}` uses itself without a RECURSIVE declaration"),
            )
            .with_help(format!(
                "write `RECURSIVE {name}(_)`, with one `_` for each parameter, above its definition"
            ));
        }
        Diagnostic::error(
            Code::Recursion,
            span,
            format!("`{name}` is used here, but defined later"),
        )
        .with_related(later, "defined here")
        .with_help(format!(
            "it is defined at line {line}: move that definition above this one"
        ))
    }

    /// The longest beginning of a reference that names something.
    fn known_prefix<'p>(&self, parts: &'p [ReferencePart]) -> Option<(Entry, &'p [ReferencePart])> {
        let mut path: Option<Symbol> = None;
        let mut known = None;
        for (at, part) in parts.iter().enumerate() {
            let ReferencePart::Name(ident, _) = part else {
                break;
            };
            let full = path.map_or(ident.name, |path| {
                Symbol::new(&format!("{path}!{}", ident.name))
            });
            path = Some(full);
            if let Some(entry) = self.lookup(full) {
                known = Some((entry, parts.get(at + 1..).unwrap_or_default()));
            }
        }
        known
    }

    fn report_unknown_in(
        &mut self,
        instance: Entry,
        known: &[ReferencePart],
        parts: &[ReferencePart],
    ) {
        let span = known.first().or(parts.last()).map_or(self.here, part_span);
        let Some(ReferencePart::Name(wanted, _)) = known.first() else {
            self.error(
                Code::Unknown,
                span,
                format!("`{}!` must be followed by a name", instance.name),
            );
            return;
        };
        let prefix = format!("{}!", instance.name);
        let close = self.closest(Symbol::new(&format!("{prefix}{}", wanted.name)));
        let mut error = Diagnostic::error(
            Code::Unknown,
            span,
            format!("the instance `{}` has no `{}`", instance.name, wanted.name),
        );
        error.help = close.map(|close| format!("did you mean `{close}`?"));
        self.report(error);
    }

    /// The visible name that is most like this one. Not looked for after many mistakes: it takes a
    /// look at all names.
    fn closest(&self, name: Symbol) -> Option<Symbol> {
        if self.diagnostics.len() >= MAX_GUESSES {
            return None;
        }
        let text = name.as_str();
        if text.chars().count() < 3 {
            return None;
        }
        let limit = (text.chars().count() / 3).clamp(1, 3);
        let modules = self
            .open
            .iter()
            .flat_map(|module| self.context(*module).entries());
        self.scope
            .names()
            .chain(modules)
            .map(|entry| entry.name)
            .filter(|known| {
                known
                    .as_str()
                    .starts_with(|c: char| c.is_alphabetic() || c == '_')
            })
            .filter_map(|known| {
                let distance = edit_distance(text, known.as_str(), limit)?;
                Some((distance, known.as_str(), known))
            })
            .min()
            .map(|(.., known)| known)
    }

    /// What to do about a name that is taken.
    pub(super) fn duplicate_help(
        &self,
        name: Symbol,
        kind: Kind,
        present: &Entry,
    ) -> Option<String> {
        if let Some(module) = self.standard_home(present) {
            return Some(match kind {
                Kind::Local => format!("module {module} defines `{name}`: choose another name"),
                _ => format!(
                    "module {module} defines `{name}`: remove this definition, or choose another name"
                ),
            });
        }
        match (kind, present.entity.kind()) {
            (Kind::Local, Kind::Variable | Kind::Constant | Kind::Definition) => Some(format!(
                "choose another name, such as `{}`",
                self.free_name(name)
            )),
            (Kind::Local, _) => Some("choose another name".to_owned()),
            _ => Some("remove or rename one of the two".to_owned()),
        }
    }

    fn free_name(&self, name: Symbol) -> String {
        let shorter = name
            .as_str()
            .chars()
            .next()
            .filter(|_| name.as_str().chars().count() > 2)
            .map(|first| first.to_lowercase().to_string());
        shorter
            .filter(|candidate| self.lookup(Symbol::new(candidate)).is_none())
            .unwrap_or_else(|| format!("{name}1"))
    }

    /// The standard module that defines a name.
    fn standard_home(&self, entry: &Entry) -> Option<Symbol> {
        let (Entity::Definition(id) | Entity::Fact(id)) = entry.entity else {
            return None;
        };
        let module = self.spec.module(self.spec.definition(id).module);
        module.standard.then_some(module.name)
    }

    /// How something is applied correctly.
    pub(super) fn argument_count_help(&self, entry: &Entry, given: usize) -> Option<String> {
        let (Entity::Definition(id) | Entity::Fact(id)) = entry.entity else {
            return None;
        };
        let definition = self.spec.definition(id);
        if definition.params.is_empty() {
            return (given > 0).then(|| {
                format!(
                    "write `{0}` alone; if it is a function, apply it with `{0}[…]`",
                    definition.name
                )
            });
        }
        let params: Vec<&str> = definition
            .params
            .iter()
            .map(|&param| self.spec.local(param).name.as_str())
            .collect();
        let plain = definition
            .name
            .as_str()
            .starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (plain && !params.contains(&"_")).then(|| {
            format!(
                "it is defined as `{}({})`, with {}",
                definition.name,
                params.join(", "),
                count(params.len(), "argument")
            )
        })
    }

    /// Reports a module that does not exist.
    pub(super) fn report_missing_module(&mut self, name: Ident) {
        let mut error = Diagnostic::error(
            Code::Module,
            name.span,
            format!("there is no module {}", name.name),
        );
        error.help = modules::names()
            .filter_map(|known| {
                let distance = edit_distance(name.name.as_str(), known, 3)?;
                Some((distance, known))
            })
            .min()
            .map(|(_, known)| format!("did you mean `{known}`?"));
        self.report(error);
    }
}

/// A name as it is written: the prefix minus is `-.` only where it is defined.
fn shown(name: Symbol) -> &'static str {
    match name.as_str() {
        "-." => "-",
        text => text,
    }
}

/// The number of letters to change, insert, remove or swap; `None` above the limit.
fn edit_distance(one: &str, other: &str, limit: usize) -> Option<usize> {
    // Names can be of any length, and comparing them takes its square.
    let start = |name: &str| -> String { name.to_lowercase().chars().take(100).collect() };
    let (one, other) = (start(one), start(other));
    if one.chars().count().abs_diff(other.chars().count()) > limit {
        return None;
    }
    Some(strsim::osa_distance(&one, &other)).filter(|&distance| distance <= limit)
}

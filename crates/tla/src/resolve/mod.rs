//! From syntax trees to a specification whose names, arities and levels are checked.
//!
//! The rules are those of SANY, the reference parser of TLA+: what it rejects is an error here, and
//! what it accepts is not. Reading happens in three steps: all modules the root needs are read
//! (`load`), their names are bound module by module, those that are used first (the modules
//! of this floor named after what they bind), and levels are checked (`level`) once names hold.

mod binder;
mod builtin;
mod copy;
mod definition;
mod entity;
mod expression;
mod hint;
mod instance;
mod label;
mod level;
mod load;
mod module;
mod order;
mod outline;
mod reference;
mod scope;
mod source;
mod subexpression;
#[cfg(test)]
mod tests;
mod walk;

pub use load::{Loaded, load};
pub use source::{Folders, InMemory, ModuleSource, ModuleText};

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::spec::{DefinitionId, LocalId, ModuleId, Spec};
use crate::symbol::Symbol;
use definition::{Recursion, SectionMember};
use entity::Context;
use instance::InstanceCheck;
use label::Labels;
use scope::Scope;

/// What is known of a module beyond [`crate::spec::Module`].
#[derive(Debug, Default)]
struct ModuleInfo {
    context: Context,
    /// Instances in its text, in order.
    instances: Vec<InstanceCheck>,
    /// Theorems of its text and of the modules it extends.
    theorems: Vec<DefinitionId>,
    /// Definitions of its text that stand in recursive sections, in order.
    members: Vec<SectionMember>,
    /// The modules it extends.
    extends: Vec<ModuleId>,
}

/// Binds the names of one module after the other.
struct Resolver<'a> {
    spec: &'a mut Spec,
    /// Parallel to the modules of the specification.
    infos: Vec<ModuleInfo>,
    /// Modules that are files of their own.
    external: HashMap<Symbol, ModuleId>,
    /// Instance names by [`entity::InstanceName`]: their parameters.
    instance_names: Vec<Vec<LocalId>>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Names reported as unknown, each once in a module.
    reported: HashSet<(ModuleId, Symbol)>,
    /// The module being read, with those around it, outermost first.
    open: Vec<ModuleId>,
    /// The module being read.
    module: ModuleId,
    scope: Scope,
    recursion: Recursion,
    labels: Labels,
    except_depth: u32,
    let_nesting: u32,
    /// Names defined further down in the module being read, with their places.
    later: HashMap<Symbol, Span>,
    /// A place of the present unit, for errors without a better one.
    here: Span,
    too_large: bool,
    /// Length of the names made for definitions of instances.
    name_bytes: usize,
    levels: level::Levels,
}

impl<'a> Resolver<'a> {
    fn new(spec: &'a mut Spec, diagnostics: &'a mut Vec<Diagnostic>) -> Resolver<'a> {
        Resolver {
            spec,
            infos: Vec::new(),
            external: HashMap::new(),
            instance_names: Vec::new(),
            diagnostics,
            reported: HashSet::new(),
            open: Vec::new(),
            module: ModuleId(0),
            scope: Scope::default(),
            recursion: Recursion::default(),
            labels: Labels::default(),
            except_depth: 0,
            let_nesting: 0,
            later: HashMap::new(),
            here: Span {
                file: FileId(0),
                start: 0,
                end: 0,
            },
            too_large: false,
            name_bytes: 0,
            levels: level::Levels::default(),
        }
    }

    fn context(&self, module: ModuleId) -> &Context {
        &self.infos[module.0 as usize].context
    }

    fn context_mut(&mut self, module: ModuleId) -> &mut Context {
        &mut self.infos[module.0 as usize].context
    }

    fn info_mut(&mut self) -> &mut ModuleInfo {
        &mut self.infos[self.module.0 as usize]
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, span, message));
    }
}

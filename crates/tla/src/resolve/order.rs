//! The order in which TLC comes across the texts of a specification.
//!
//! TLC keeps every text it meets in one table and orders strings by their places there. It meets
//! first what it knows by itself, then every word of every module, whatever it stands for, in the
//! order in which it reads the modules, and then the strings of the specification, as it works out
//! what the modules mean. So a string that is also a name somewhere comes before one that is not.
//!
//! Modules are read in rounds: all that the root extends, then all that those extend, and so on;
//! then, one by one, the modules that are instantiated, each followed by what it extends. The
//! meaning of a module is worked out after that of the modules it needs.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::load::File;
use super::outline::Outline;
use crate::modules::words;
use crate::source::SourceMap;
use crate::symbol::Symbol;

/// A module that TLC reads with every specification, as if the root extended it.
const ALWAYS_READ: &str = "_TLCTrace";

/// Every word and string of a specification in TLC's order, some more than once. `files` has each
/// module after those it needs, the root last.
pub(super) fn texts(sources: &SourceMap, files: &[File]) -> Vec<Symbol> {
    let Some(root) = files.last().map(|file| file.module.name.name) else {
        return Vec::new();
    };
    let mut reading = Reading {
        sources,
        files: files
            .iter()
            .map(|file| (file.module.name.name, file))
            .collect(),
        root,
        modules: HashMap::new(),
        texts: Vec::new(),
        extended: HashSet::new(),
        instantiated: HashSet::new(),
        understood: HashSet::new(),
    };
    reading.meet(&words::before());
    reading.read(root);
    reading.extensions(root, 0);
    reading.instances(root, 0);
    reading.understand(root);
    reading.meet(&words::after());
    reading.texts
}

/// A module that was read.
struct Module {
    outline: Rc<Outline>,
    /// What it extends, then what it instantiates, itself or inside, as far as that is read.
    extends: Vec<Symbol>,
    instances: Vec<Symbol>,
}

struct Reading<'a> {
    sources: &'a SourceMap,
    files: HashMap<Symbol, &'a File>,
    root: Symbol,
    modules: HashMap<Symbol, Module>,
    /// What was met so far.
    texts: Vec<Symbol>,
    /// Sites of which all that they extend is read.
    extended: HashSet<(Symbol, usize)>,
    /// Sites of which all that they instantiate is read.
    instantiated: HashSet<(Symbol, usize)>,
    /// Modules whose strings were met.
    understood: HashSet<Symbol>,
}

impl Reading<'_> {
    fn meet(&mut self, texts: &[&str]) {
        self.texts
            .extend(texts.iter().map(|text| Symbol::new(text)));
    }

    /// Reads a module unless it was read; whether there is one of the name.
    fn read(&mut self, name: Symbol) -> bool {
        if self.modules.contains_key(&name) {
            return true;
        }
        let mut outline = match self.files.get(&name) {
            Some(file) if !file.standard => Outline::of(&file.module, self.sources),
            // A module of the engine says the same as that of TLC, in other words.
            _ => match words::of(name.as_str()) {
                Some(known) => Outline::known(&known),
                None => return false,
            },
        };
        if name == self.root
            && let Some(site) = outline.sites.first_mut()
        {
            site.extends.push(Symbol::new(ALWAYS_READ));
        }
        self.texts.append(&mut outline.words);
        let module = Module {
            outline: Rc::new(outline),
            extends: Vec::new(),
            instances: Vec::new(),
        };
        self.modules.insert(name, module);
        true
    }

    fn outline(&self, name: Symbol) -> Option<Rc<Outline>> {
        let module = self.modules.get(&name)?;
        Some(Rc::clone(&module.outline))
    }

    /// Reads all that a site extends, directly or not.
    fn extensions(&mut self, module: Symbol, site: usize) {
        if !self.extended.insert((module, site)) {
            return;
        }
        let Some(outline) = self.outline(module) else {
            return;
        };
        let Some(site) = outline.sites.get(site) else {
            return;
        };
        for &name in &site.extends {
            if self.read(name)
                && let Some(module) = self.modules.get_mut(&module)
            {
                module.extends.push(name);
            }
        }
        for &name in &site.extends {
            self.extensions(name, 0);
        }
        for &inner in &site.inner {
            self.extensions(module, inner);
        }
    }

    /// Reads all that a site, or what it extends, instantiates.
    fn instances(&mut self, module: Symbol, site: usize) {
        if !self.instantiated.insert((module, site)) {
            return;
        }
        let Some(outline) = self.outline(module) else {
            return;
        };
        let Some(site) = outline.sites.get(site) else {
            return;
        };
        for &name in &site.instances {
            if self.read(name)
                && let Some(module) = self.modules.get_mut(&module)
            {
                module.instances.push(name);
            }
            self.extensions(name, 0);
        }
        for &name in site.extends.iter().chain(&site.instances) {
            self.instances(name, 0);
        }
        for &inner in &site.inner {
            self.instances(module, inner);
        }
    }

    /// Meets the strings of a module after those of the modules it needs.
    fn understand(&mut self, name: Symbol) {
        if !self.understood.insert(name) {
            return;
        }
        let Some(module) = self.modules.get(&name) else {
            return;
        };
        let outline = Rc::clone(&module.outline);
        let needed: Vec<_> = module
            .extends
            .iter()
            .chain(&module.instances)
            .copied()
            .collect();
        for name in needed {
            self.understand(name);
        }
        self.texts.extend(&outline.strings);
    }
}

//! The modules that ship with the engine, as TLA+ text.
//!
//! They define what the modules of the same names define in TLC's distribution and in the TLA+
//! community modules: the same operators with the same numbers of arguments. Operators that the
//! engine computes natively have a definition here all the same, which says what they mean.

pub(crate) mod words;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::source::FileId;
use crate::syntax::ast::{DefinitionKind, UnitKind};

macro_rules! modules {
    ($($name:literal),* $(,)?) => {
        /// Names and texts, the modules that are most likely meant first.
        const MODULES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!($name, ".tla"))),)*
        ];
    };
}

modules![
    "Integers",
    "Naturals",
    "Sequences",
    "FiniteSets",
    "TLC",
    "Bags",
    "Reals",
    "FiniteSetsExt",
    "SequencesExt",
    "Functions",
    "Folds",
    "TLCExt",
    "Json",
    "Randomization",
    "Relation",
    "Graphs",
    "UndirectedGraphs",
    "BagsExt",
    "Bitwise",
    "Combinatorics",
    "DyadicRationals",
    "IOUtils",
    "CSV",
    "VectorClocks",
    "Statistics",
    "SVG",
    "GraphViz",
    "ShiViz",
    "Quorum",
    "RealTime",
    "Toolbox",
    "DifferentialEquations",
    "Variants",
    "Option",
    "Apalache",
    "TLAPS",
    "NaturalsInduction",
    "WellFoundedInduction",
    "FiniteSetTheorems",
    "SequenceTheorems",
    "FunctionTheorems",
    "FoldsTheorems",
    "FiniteSetsExtTheorems",
    "SequencesExtTheorems",
    "GraphTheorems",
    "QuorumTheorems",
];

/// The text of a module that ships with the engine.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    MODULES
        .iter()
        .find_map(|&(known, text)| (known == name).then_some(text))
}

/// The names of the modules that ship with the engine.
pub fn names() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|&(name, _)| name)
}

/// The module that should be extended to use an operator: one that defines it, rather with this
/// number of arguments than with another.
#[must_use]
pub fn that_defines(operator: &str, arguments: usize) -> Option<&'static str> {
    let homes = homes().get(operator)?;
    homes
        .iter()
        .find(|home| home.arguments == arguments)
        .or(homes.first())
        .map(|home| home.module)
}

#[derive(Debug)]
struct Home {
    module: &'static str,
    arguments: usize,
}

/// Where each operator is defined.
fn homes() -> &'static HashMap<&'static str, Vec<Home>> {
    static HOMES: OnceLock<HashMap<&'static str, Vec<Home>>> = OnceLock::new();
    HOMES.get_or_init(|| {
        let mut homes: HashMap<&'static str, Vec<Home>> = HashMap::new();
        for &(module, text) in MODULES {
            let parsed = crate::syntax::parse_module(FileId(u32::MAX), text);
            for unit in parsed.module.into_iter().flat_map(|module| module.units) {
                let UnitKind::Definition(definition) = unit.kind else {
                    continue;
                };
                if definition.local {
                    continue;
                }
                let arguments = match definition.kind {
                    DefinitionKind::Operator { params, .. } => params.len(),
                    DefinitionKind::Function { .. } => 0,
                };
                // Integers has all of Naturals and is what most specifications want.
                let module = if module == "Naturals" {
                    "Integers"
                } else {
                    module
                };
                homes
                    .entry(definition.name.name.as_str())
                    .or_default()
                    .push(Home { module, arguments });
            }
        }
        homes
    })
}

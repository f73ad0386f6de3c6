//! What the level of an expression depends on.

use std::collections::{BTreeMap, BTreeSet};

use crate::spec::{ConstantId, Level, LocalId, VariableId};

/// A name whose level is not fixed: what replaces it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Param {
    /// A declared constant (an instance may replace it).
    Constant(ConstantId),
    /// A declared variable (an instance may replace it).
    Variable(VariableId),
    /// A parameter or bound name.
    Local(LocalId),
}

/// An argument place of an operator that is a [`Param`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// The operator.
    pub(super) operator: Param,
    /// Its argument, from zero.
    pub(super) argument: usize,
}

/// The level of an expression and what it depends on (the names are SANY's).
#[derive(Debug, Clone)]
pub(super) struct Info {
    /// Its level where all parameters are constants.
    pub(super) level: Level,
    /// Parameters whose level adds to the level of the expression (`levelParams`).
    pub(super) params: BTreeSet<Param>,
    /// All parameters in it (`allParams`).
    pub(super) all: BTreeSet<Param>,
    /// Parameters that equal values cannot be exchanged for, such as those below a prime
    /// (`nonLeibnizParams`).
    pub(super) opaque: BTreeSet<Param>,
    /// The highest level of what may replace a parameter (`levelConstraints`).
    pub(super) at_most: BTreeMap<Param, Level>,
    /// The level that an operator parameter must allow for its argument (`argLevelConstraints`).
    pub(super) must_allow: BTreeMap<Place, Level>,
    /// Parameters that stand in an argument of an operator parameter (`argLevelParams`).
    pub(super) passed: BTreeSet<(Place, Param)>,
}

impl Default for Info {
    fn default() -> Info {
        Info {
            level: Level::Constant,
            params: BTreeSet::new(),
            all: BTreeSet::new(),
            opaque: BTreeSet::new(),
            at_most: BTreeMap::new(),
            must_allow: BTreeMap::new(),
            passed: BTreeSet::new(),
        }
    }
}

impl Info {
    /// Something of a level that depends on nothing else.
    pub(super) fn of(level: Level) -> Info {
        Info {
            level,
            ..Info::default()
        }
    }

    /// A parameter.
    pub(super) fn param(param: Param) -> Info {
        Info {
            params: BTreeSet::from([param]),
            all: BTreeSet::from([param]),
            ..Info::default()
        }
    }

    /// Notes that a parameter may be replaced by something of this level at most.
    pub(super) fn limit(&mut self, param: Param, level: Level) {
        let present = self.at_most.entry(param).or_insert(Level::Temporal);
        *present = level.min(*present);
    }

    /// Notes that an operator parameter must allow this level in a place.
    pub(super) fn require(&mut self, place: Place, level: Level) {
        let present = self.must_allow.entry(place).or_insert(Level::Constant);
        *present = level.max(*present);
    }

    /// Takes over what another expression asks of parameters, but not its level.
    pub(super) fn take_constraints(&mut self, other: &Info) {
        for (&param, &level) in &other.at_most {
            self.limit(param, level);
        }
        for (&place, &level) in &other.must_allow {
            self.require(place, level);
        }
        self.passed.extend(&other.passed);
    }

    /// Takes over which parameters occur.
    pub(super) fn take_names(&mut self, other: &Info) {
        self.all.extend(&other.all);
        self.opaque.extend(&other.opaque);
    }

    /// Takes over everything.
    pub(super) fn take(&mut self, other: Info) {
        // The larger sets stay where they are.
        let (mut large, small) = if self.size() >= other.size() {
            (std::mem::take(self), other)
        } else {
            (other, std::mem::take(self))
        };
        large.level = large.level.max(small.level);
        large.params.extend(&small.params);
        large.take_names(&small);
        large.take_constraints(&small);
        *self = large;
    }

    fn size(&self) -> usize {
        self.all.len() + self.at_most.len() + self.passed.len()
    }
}

/// What a definition asks of its arguments.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// For each parameter, the highest level of its argument.
    pub(super) at_most: Vec<Level>,
    /// For each parameter, whether the level of its argument counts.
    pub(super) counts: Vec<bool>,
    /// For each operator parameter and each of its arguments, the level it must allow.
    pub(super) must_allow: Vec<Vec<Level>>,
    /// For each parameter, whether equals can be exchanged for equals in it.
    pub(super) transparent: Vec<bool>,
}

/// The levels of a definition.
#[derive(Debug, Clone)]
pub(super) struct DefinitionInfo {
    /// Its body, parameters included.
    pub(super) body: Info,
    /// Without its own parameters.
    pub(super) outer: Info,
    /// Its parameters.
    pub(super) signature: Signature,
}

impl DefinitionInfo {
    /// What is assumed of a definition while its own body is checked.
    pub(super) fn assumed(params: usize, at_most: Level, counts: bool) -> DefinitionInfo {
        DefinitionInfo {
            body: Info::default(),
            outer: Info::default(),
            signature: Signature {
                at_most: vec![at_most; params],
                counts: vec![counts; params],
                must_allow: vec![Vec::new(); params],
                transparent: vec![true; params],
            },
        }
    }

    /// The highest level an argument may have.
    pub(super) fn at_most(&self, param: usize) -> Level {
        self.signature
            .at_most
            .get(param)
            .copied()
            .unwrap_or(Level::Temporal)
    }
}

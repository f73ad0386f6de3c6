//! The registers of `TLCSet` and `TLCGet`.
//!
//! What is set before the search (in an assumption or the initial predicate) is seen by every
//! thread; what is set by the next-state relation or an invariant belongs to the thread.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::symbol::Symbol;
use crate::value::Value;

/// How many registers there may be.
const MAX_REGISTERS: usize = 10_000;

/// A place to keep a value in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Register {
    /// `TLCGet(3)`
    Number(i64),
    /// `TLCGet("s:name")`
    Named(Symbol),
}

impl Register {
    /// The register that a value is the name of.
    pub(super) fn of(name: &Value) -> Option<Register> {
        match name {
            Value::Int(number) if *number >= 0 => Some(Register::Number(*number)),
            Value::String(name) if name.as_str().starts_with("s:") => {
                Some(Register::Named(Symbol::new(name.as_str())))
            }
            _ => None,
        }
    }
}

/// Registers set before the search.
#[derive(Debug, Default)]
pub struct SharedRegisters {
    values: Mutex<BTreeMap<Register, Value>>,
}

/// The registers of one machine.
#[derive(Debug, Default)]
pub(super) struct Registers {
    own: BTreeMap<Register, Value>,
}

impl SharedRegisters {
    fn get(&self, register: Register) -> Option<Value> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(&register).cloned()
    }

    fn set(&self, register: Register, value: Value) -> bool {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        set(&mut values, register, value)
    }
}

fn set(values: &mut BTreeMap<Register, Value>, register: Register, value: Value) -> bool {
    if values.len() >= MAX_REGISTERS && !values.contains_key(&register) {
        return false;
    }
    values.insert(register, value);
    true
}

impl Registers {
    /// What was last set.
    pub(super) fn get(&self, shared: &SharedRegisters, register: Register) -> Option<Value> {
        let own = self.own.get(&register).cloned();
        own.or_else(|| shared.get(register))
    }

    /// Sets a register, for every thread before the search; `false` if there are too many.
    pub(super) fn set(
        &mut self,
        shared: &SharedRegisters,
        for_all: bool,
        register: Register,
        value: Value,
    ) -> bool {
        if for_all {
            self.own.remove(&register);
            shared.set(register, value)
        } else {
            set(&mut self.own, register, value)
        }
    }

    /// Every register that is set.
    pub(super) fn all(&self, shared: &SharedRegisters) -> BTreeMap<Register, Value> {
        let values = shared.values.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = values.clone();
        all.extend(self.own.iter().map(|(key, value)| (*key, value.clone())));
        all
    }
}

//! Values that are kept as long as the states they depend on stay.

use super::formula::not_boolean;
use super::kept::KeptKey;
use super::{Fault, Machine, Mode};
use crate::eval::code::{self, MemoId};
use crate::value::Value;

/// Of so many kept values that are used, debug builds compute one again.
const KEPT_CHECKED: u32 = 8;

/// A value with what it depends on.
#[derive(Debug)]
pub(super) struct Memo {
    value: Value,
    /// `None` if no variable was read.
    valid: Option<Validity>,
}

/// When a value that depends on variables holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Validity {
    mode: Mode,
    state: Option<u64>,
    next: Option<u64>,
}

impl Memo {
    pub(super) fn new(value: Value, valid: Option<Validity>) -> Memo {
        Memo { value, valid }
    }
}

impl<'m> Machine<'m> {
    /// A kept value if it still holds.
    #[inline]
    pub(super) fn valid<'v>(&self, memo: &'v Memo) -> Option<&'v Value> {
        if let Some(valid) = memo.valid {
            if valid.mode != self.mode
                || valid.state.is_some_and(|epoch| epoch != self.state_epoch)
                || valid.next.is_some_and(|epoch| epoch != self.next_epoch)
            {
                return None;
            }
            if valid.state.is_some() {
                self.count_state_read();
            }
            if valid.next.is_some() {
                self.count_next_read();
            }
        }
        Some(&memo.value)
    }

    #[inline]
    pub(super) fn count_state_read(&self) {
        self.state_reads.set(self.state_reads.get() + 1);
    }

    #[inline]
    pub(super) fn count_next_read(&self) {
        self.next_reads.set(self.next_reads.get() + 1);
    }

    /// The reads so far, for [`Machine::validity_since`].
    #[inline]
    pub(super) fn reads(&self) -> (u64, u64) {
        (self.state_reads.get(), self.next_reads.get())
    }

    /// When what was computed with the reads since then holds.
    #[inline]
    pub(super) fn validity_since(&self, before: (u64, u64)) -> Option<Validity> {
        let state = (self.state_reads.get() != before.0).then_some(self.state_epoch);
        let next = (self.next_reads.get() != before.1).then_some(self.next_epoch);
        (state.is_some() || next.is_some()).then_some(Validity {
            mode: self.mode,
            state,
            next,
        })
    }

    /// The value of a part that was computed before in this state.
    #[inline]
    pub(super) fn remembered(&self, id: MemoId) -> Option<&Value> {
        self.valid(self.memos.get(id.0 as usize)?.as_ref()?)
    }

    fn remember(&mut self, id: MemoId, value: Value, before: (u64, u64)) {
        let valid = self.validity_since(before);
        if let Some(place) = self.memos.get_mut(id.0 as usize) {
            *place = Some(Memo { value, valid });
        }
    }

    /// The value of a part whose values are kept.
    #[inline(never)]
    pub(super) fn memo_value(&mut self, memo: &'m code::Memo) -> Result<Value, Fault> {
        self.kept_or(memo, |machine| machine.eval(&memo.body))
    }

    /// Whether a formula is true whose values are kept.
    #[inline(never)]
    pub(super) fn memo_truth(
        &mut self,
        memo: &'m code::Memo,
        role: &'static str,
    ) -> Result<bool, Fault> {
        let computed = |machine: &mut Self| machine.truth(&memo.body, role).map(Value::Bool);
        match self.kept_or(memo, computed)? {
            Value::Bool(truth) => Ok(truth),
            found => Err(not_boolean(&found, role, memo.body.span)),
        }
    }

    /// What is kept of a part, or else what it is computed to be.
    #[inline]
    fn kept_or(
        &mut self,
        memo: &'m code::Memo,
        compute: impl FnOnce(&mut Self) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        if memo.for_state
            && let Some(value) = self.remembered(memo.id)
        {
            return Ok(value.clone());
        }
        let before = self.reads();
        let key = self.kept_key(memo);
        let value = match key.and_then(|key| self.kept.get(memo.id, key)) {
            Some(value) => {
                let value = value.clone();
                debug_assert!(self.is_right(memo, &value), "{memo:?} gave {value}");
                value
            }
            None => {
                let value = compute(self)?;
                if let Some(key) = key {
                    self.kept.put(key, &value);
                }
                value
            }
        };
        if memo.for_state {
            self.remember(memo.id, value.clone(), before);
        }
        Ok(value)
    }

    /// Whether a kept value is what the part has now. Debug builds look now and then, so that every
    /// test is one of what the compiler takes parts to depend on.
    #[cold]
    fn is_right(&mut self, memo: &'m code::Memo, value: &Value) -> bool {
        if !self.steps.is_multiple_of(KEPT_CHECKED) {
            return true;
        }
        let Ok(now) = self.eval(&memo.body) else {
            return true;
        };
        match (now.fingerprint(), value.fingerprint()) {
            (Ok(now), Ok(kept)) => now == kept,
            _ => true,
        }
    }

    /// By what the value of a part is kept, if it is and its inputs are at hand.
    #[inline]
    fn kept_key(&mut self, memo: &'m code::Memo) -> Option<KeptKey> {
        // What is shown is computed, so that it does not depend on what else a thread met.
        if memo.inputs.is_empty() || self.wants_arguments || !self.kept.is_worth_a_look(memo.id) {
            return None;
        }
        let mut key = KeptKey::of(memo.id);
        for input in &memo.inputs {
            key = key.with(self.peek(input)?)?;
        }
        Some(key)
    }
}

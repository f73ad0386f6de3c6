//! Values that are kept as long as the states they depend on stay.

use super::formula::not_boolean;
use super::{Fault, Machine, Mode};
use crate::eval::code::{Code, MemoId};
use crate::value::Value;

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

    /// The value of a part that depends on the state alone.
    #[inline(never)]
    pub(super) fn memo_value(&mut self, id: MemoId, body: &'m Code) -> Result<Value, Fault> {
        if let Some(value) = self.remembered(id) {
            return Ok(value.clone());
        }
        let before = self.reads();
        let value = self.eval(body)?;
        self.remember(id, value.clone(), before);
        Ok(value)
    }

    /// Whether a formula that depends on the state alone is true.
    #[inline(never)]
    pub(super) fn memo_truth(
        &mut self,
        id: MemoId,
        body: &'m Code,
        role: &'static str,
    ) -> Result<bool, Fault> {
        match self.remembered(id) {
            Some(Value::Bool(truth)) => return Ok(*truth),
            Some(found) => return Err(not_boolean(found, role, body.span)),
            None => {}
        }
        let before = self.reads();
        let truth = self.truth(body, role)?;
        self.remember(id, Value::Bool(truth), before);
        Ok(truth)
    }
}

//! Operators of TLC's own modules that need the evaluator.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::registers::Register;
use super::{Fault, Machine, Mode, SHOWN_CHARACTERS, value_fault};
use crate::data::DataError;
use crate::eval::code::Code;
use crate::eval::error::{ErrorKind, EvalError};
use crate::native::ContextOperator;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::{MAX_SET, Value, ValueError};

impl<'m> Machine<'m> {
    /// Evaluates such an operator.
    #[inline(never)]
    pub(super) fn context(
        &mut self,
        operator: ContextOperator,
        operands: &'m [Code],
        span: Span,
    ) -> Result<Value, Fault> {
        use ContextOperator as C;
        match (operator, operands) {
            (C::Print, [shown, value]) => {
                let shown = self.eval_final(shown)?;
                let value = self.eval(value)?;
                let room_left = |room| format!("{}  {}", shown.display(room), value.display(room));
                self.shared.output.print(room_left);
                Ok(value)
            }
            (C::PrintT, [shown]) => {
                let shown = self.eval_final(shown)?;
                self.shared
                    .output
                    .print(|room| shown.display(room).to_string());
                Ok(Value::Bool(true))
            }
            (C::Assert, [condition, message]) => {
                if self.truth(condition, "the first argument of Assert")? {
                    return Ok(Value::Bool(true));
                }
                let message = self.eval_final(message)?;
                let message = message.display(SHOWN_CHARACTERS).to_string();
                Err(EvalError::new(
                    ErrorKind::AssertFailed(message.into()),
                    span,
                ))
            }
            (C::TLCGet, [register]) => {
                let register = self.eval(register)?;
                self.tlc_get(&register, span)
            }
            (C::TLCSet, [register, value]) => {
                let register = self.eval(register)?;
                let value = self.eval_final(value)?;
                self.tlc_set(&register, value, span)
            }
            (C::TLCEval, [value]) => {
                let value = self.eval_final(value)?;
                match value {
                    Value::Lazy(_) => value
                        .materialize()
                        .map_err(|error| value_fault(error, span)),
                    value => Ok(value),
                }
            }
            (C::RandomElement, [set]) => {
                let set = self.eval_final(set)?;
                self.random_element(&set, span)
            }
            (C::RandomSubset, [size, set]) => {
                let size = self.eval(size)?;
                let set = self.eval_final(set)?;
                self.random_subset(&size, &set, span)
            }
            (C::RandomSetOfSubsets, [picks, size, set]) => {
                let picks = self.eval(picks)?;
                let size = self.eval(size)?;
                let set = self.eval_final(set)?;
                self.random_subsets(&picks, &size, &set, span)
            }
            (C::TLCGetOrDefault, [register, default]) => {
                let register = self.eval(register)?;
                let set = Register::of(&register).and_then(|register| self.register(register));
                match set {
                    Some(value) => Ok(value),
                    None => self.eval(default),
                }
            }
            (C::TLCCache, [value, _]) => self.eval(value),
            (C::TLCModelValue, [name]) => match self.eval(name)? {
                Value::String(name) => Ok(Value::model(Symbol::new(name.as_str()))),
                found => {
                    let error = ValueError::argument("TLCModelValue", "", "string", &found);
                    Err(value_fault(error, span))
                }
            },
            (C::AssertEq, [left, right]) => {
                let left = self.eval_final(left)?;
                let right = self.eval_final(right)?;
                let same = self.operate(&left, &right, span, Value::equals)?;
                if !same {
                    self.shared
                        .output
                        .print(|room| format!("{} # {}", left.display(room), right.display(room)));
                }
                Ok(Value::Bool(same))
            }
            (C::AssertError, [message, inner]) => {
                let message = self.eval_final(message)?;
                match self.eval_final(inner) {
                    Ok(_) => Ok(Value::Bool(false)),
                    Err(fault) if fault.is_resource() || fault.is_refusal() => Err(fault),
                    Err(fault) => is_message(&message, &fault, span).map(Value::Bool),
                }
            }
            (C::PickSuccessor, [guard]) => {
                if self.truth(guard, "the argument of PickSuccessor")? {
                    return Ok(Value::Bool(true));
                }
                Err(refused("PickSuccessor(FALSE) asks the user", span))
            }
            (C::JsonDeserialize, [file]) => {
                let text = self.data_file(file, span)?;
                json_value(&text, span)
            }
            (C::NdJsonDeserialize, [file]) => {
                let text = self.data_file(file, span)?;
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                let values = lines.map(|line| json_value(line, span));
                let values = values.collect::<Result<_, _>>()?;
                Value::tuple(values).map_err(|error| value_fault(error, span))
            }
            (C::Refused(reason), _) => Err(refused(reason, span)),
            (C::JavaTime, []) => Ok(Value::Int(seconds_since_epoch())),
            _ => Err(refused(&format!("{operator:?} is not supported"), span)),
        }
    }

    /// The text of a file beside the specification.
    fn data_file(&mut self, name: &'m Code, span: Span) -> Result<String, Fault> {
        match self.eval(name)? {
            Value::String(name) => {
                let text = self.model.data.read(name.as_str());
                text.map_err(|error| match error {
                    DataError::Unreadable { .. } => {
                        value_fault(ValueError::other(error.to_string()), span)
                    }
                    error => refused(&error.to_string(), span),
                })
            }
            found => {
                let error = ValueError::argument("JsonDeserialize", "", "string", &found);
                Err(value_fault(error, span))
            }
        }
    }

    fn random_element(&mut self, set: &Value, span: Span) -> Result<Value, Fault> {
        let size = set
            .cardinality()
            .map_err(|error| value_fault(error, span))?;
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(MAX_SET);
        if size == 0 {
            let error = ValueError::argument("RandomElement", "", "nonempty set", set);
            return Err(value_fault(error, span));
        }
        let chosen = self.random.below(size);
        match self.elements(set, span)?.nth(chosen) {
            Some(element) => element.map_err(|error| value_fault(error, span)),
            None => Err(super::broken(span)),
        }
    }

    /// `k` elements of a set, each set of them as likely as any other.
    fn random_subset(&mut self, size: &Value, set: &Value, span: Span) -> Result<Value, Fault> {
        let wanted = match size {
            Value::Int(size) => usize::try_from(*size).ok(),
            _ => None,
        };
        let Some(wanted) = wanted else {
            let error = ValueError::argument("RandomSubset", "first", "natural number", size);
            return Err(value_fault(error, span));
        };
        let mut elements = Vec::new();
        self.all_elements(set, span, |_, element| {
            elements.push(element);
            Ok(())
        })?;
        if wanted > elements.len() {
            let error = ValueError::argument("RandomSubset", "first", "size of a subset", size);
            return Err(value_fault(error, span));
        }
        for place in 0..wanted {
            let chosen = place + self.random.below(elements.len() - place);
            elements.swap(place, chosen);
        }
        elements.truncate(wanted);
        Value::set(elements).map_err(|error| value_fault(error, span))
    }

    /// At most so many subsets of a set, of so many elements on average.
    fn random_subsets(
        &mut self,
        picks: &Value,
        size: &Value,
        set: &Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let natural = |value: &Value, position, expected| {
            match value {
                Value::Int(number) => usize::try_from(*number).ok(),
                _ => None,
            }
            .ok_or_else(|| {
                let operator = "RandomSetOfSubsets";
                value_fault(
                    ValueError::argument(operator, position, expected, value),
                    span,
                )
            })
        };
        let wanted = natural(picks, "first", "nonnegative integer")?;
        let average = natural(size, "second", "nonnegative integer")?;
        let mut elements = Vec::new();
        self.all_elements(set, span, |_, element| {
            elements.push(element);
            Ok(())
        })?;
        let too_many = |value, position, expected| {
            let operator = "RandomSetOfSubsets";
            value_fault(
                ValueError::argument(operator, position, expected, value),
                span,
            )
        };
        let subsets = u32::try_from(elements.len())
            .ok()
            .and_then(|size| 1_usize.checked_shl(size))
            .unwrap_or(usize::MAX);
        if wanted > subsets {
            let expected = "nonnegative integer that is not larger than the number of subsets";
            return Err(too_many(picks, "first", expected));
        }
        if average > elements.len() {
            let expected = "nonnegative integer in range 0..Cardinality(S)";
            return Err(too_many(size, "second", expected));
        }
        let mut sets = Vec::new();
        for _ in 0..wanted {
            let mut chosen = Vec::new();
            for element in &elements {
                self.step(span)?;
                if self.random.hit(average, elements.len()) {
                    chosen.push(element.clone());
                }
            }
            sets.push(Value::set(chosen).map_err(|error| value_fault(error, span))?);
        }
        Value::set(sets).map_err(|error| value_fault(error, span))
    }

    fn register(&self, register: Register) -> Option<Value> {
        // What asks is kept only until a register is set, which counts as a change of state.
        self.count_next_read();
        self.registers.get(&self.shared.registers, register)
    }

    fn tlc_get(&mut self, register: &Value, span: Span) -> Result<Value, Fault> {
        if let Some(found) = Register::of(register) {
            return self.register(found).ok_or_else(|| {
                let shown = register.display(SHOWN_CHARACTERS);
                let message =
                    format!("The register TLCGet({shown}) is not defined: there was no TLCSet.");
                value_fault(ValueError::other(message), span)
            });
        }
        self.count_next_read();
        let Value::String(name) = register else {
            let error = ValueError::argument("TLCGet", "", "nonnegative integer", register);
            return Err(value_fault(error, span));
        };
        let name = name.as_str();
        let progress = self.progress;
        match name {
            "level" => Ok(natural(progress.level.into())),
            "diameter" if !progress.simulation => Ok(natural(progress.diameter.into())),
            "distinct" if !progress.simulation => Ok(natural(progress.distinct)),
            "generated" if !progress.simulation => Ok(natural(progress.generated)),
            "queue" if !progress.simulation => Ok(natural(progress.queue)),
            "duration" => Ok(natural(progress.duration_seconds)),
            "all" => {
                let all = self.registers.all(&self.shared.registers);
                self.all_registers(all, |register| match register {
                    Register::Number(number) => Some(Value::Int(*number)),
                    Register::Named(_) => None,
                })
                .map_err(|error| value_fault(error, span))
            }
            "all:named" => {
                let all = self.registers.all(&self.shared.registers);
                self.all_registers(all, |register| match register {
                    Register::Number(_) => None,
                    Register::Named(name) => Some(Value::symbol_string(*name)),
                })
                .map_err(|error| value_fault(error, span))
            }
            "stats" => self.stats(span),
            "config" => self.config(span),
            // How a specification asks TLC whether it evaluates `A \cdot B`.
            "-Dtlc2.tool.impl.Tool.cdot" => Ok(Value::string("true")),
            // A property of the Java machine that is not set.
            _ if name.starts_with("-D") => Ok(register.clone()),
            _ => {
                let reason = match progress.simulation {
                    true => format!("TLCGet(\"{name}\") is not supported in a simulation"),
                    false => format!("TLCGet(\"{name}\") is not supported"),
                };
                Err(refused(&reason, span))
            }
        }
    }

    /// Registers of one kind, each with its value on the only worker.
    fn all_registers(
        &self,
        all: BTreeMap<Register, Value>,
        key: impl Fn(&Register) -> Option<Value>,
    ) -> Result<Value, ValueError> {
        let mut pairs = Vec::new();
        for (register, value) in all {
            if let Some(key) = key(&register) {
                pairs.push((key, Value::tuple(vec![value])?));
            }
        }
        Value::function_from_pairs(pairs)
    }

    fn stats(&self, span: Span) -> Result<Value, Fault> {
        let progress = self.progress;
        let always = [
            ("worker", Value::Int(0)),
            ("generated", natural(progress.generated)),
            ("duration", natural(progress.duration_seconds)),
        ];
        if progress.simulation {
            return record(always, span);
        }
        let of_search = [
            ("diameter", natural(progress.diameter.into())),
            ("distinct", natural(progress.distinct)),
            ("queue", natural(progress.queue)),
        ];
        record(always.into_iter().chain(of_search), span)
    }

    fn config(&self, span: Span) -> Result<Value, Fault> {
        let mode = match self.progress.simulation {
            true => "simulate",
            false => "bfs",
        };
        record(
            [
                ("mode", Value::string(mode)),
                ("deadlock", Value::Bool(self.model.check_deadlock)),
                ("worker", Value::Int(1)),
            ],
            span,
        )
    }

    fn tlc_set(&mut self, register: &Value, value: Value, span: Span) -> Result<Value, Fault> {
        if let Some(register) = Register::of(register) {
            let before_search = matches!(self.mode, Mode::Constant | Mode::Initial);
            let shared = &self.shared.registers;
            if self.registers.set(shared, before_search, register, value) {
                self.next_epoch = self.fresh_epoch();
                return Ok(Value::Bool(true));
            }
            let error = ValueError::other("There are too many registers set by TLCSet.");
            return Err(value_fault(error, span));
        }
        match (register, &value) {
            // Other values than TRUE mean nothing, to TLC too.
            (Value::String(name), Value::Bool(false))
                if matches!(name.as_str(), "exit" | "pause") =>
            {
                Ok(Value::Bool(true))
            }
            (Value::String(name), _) => {
                let reason = format!("TLCSet(\"{}\", …) is not supported", name.as_str());
                Err(refused(&reason, span))
            }
            _ => {
                let error =
                    ValueError::argument("TLCSet", "first", "nonnegative integer", register);
                Err(value_fault(error, span))
            }
        }
    }
}

/// Whether an error has this message. Where the message differs and the words of TLC may be others
/// than ours, the answer is not known.
fn is_message(message: &Value, fault: &EvalError, span: Span) -> Result<bool, Fault> {
    let Value::String(message) = message else {
        return Ok(false);
    };
    if fault.to_string() == message.as_str() {
        return Ok(true);
    }
    match fault.kind {
        ErrorKind::AssertFailed(_) => Ok(false),
        _ => Err(refused(
            &format!("AssertError cannot tell whether TLC says the same as this: {fault}"),
            span,
        )),
    }
}

fn json_value(text: &str, span: Span) -> Result<Value, Fault> {
    let value = match serde_json::from_str(text) {
        Ok(json) => Value::from_json(&json),
        Err(error) => Err(ValueError::other(format!("This is not JSON: {error}."))),
    };
    value.map_err(|error| value_fault(error, span))
}

fn natural(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn refused(reason: &str, span: Span) -> Fault {
    EvalError::new(ErrorKind::Refused(reason.into()), span)
}

fn record<'n>(
    fields: impl IntoIterator<Item = (&'n str, Value)>,
    span: Span,
) -> Result<Value, Fault> {
    let fields = fields
        .into_iter()
        .map(|(name, value)| (Symbol::new(name), value));
    Value::record(fields.collect()).map_err(|error| value_fault(error, span))
}

/// The time of day, as `JavaTime` has it: 31 bits of seconds.
fn seconds_since_epoch() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0, |since| since.as_secs() & 0x7FFF_FFFF);
    i64::try_from(seconds).unwrap_or(0)
}

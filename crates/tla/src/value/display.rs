//! TLC's printing.

use std::fmt::{self, Write};

use super::lazy::Form;
use super::{LazySet, Value};

/// Most characters that [`Value`]'s `Display` prints; the rest is `…`.
const VALUE_LIMIT: usize = 100_000;

/// Most characters of a value in a message.
const MESSAGE_LIMIT: usize = 2_000;

/// Sets of at least as many elements are printed as they are written rather than enumerated
/// (TLC's rule).
const ENUMERATION_BOUND: i64 = 2_000;

/// A value in a message: shortened when it is long.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display(MESSAGE_LIMIT).fmt(f)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(VALUE_LIMIT).fmt(f)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Value {
    /// Prints as TLC does, `…` in place of what goes beyond so many characters.
    #[must_use]
    pub fn display(&self, limit: usize) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| {
            let mut printer = Printer {
                out: f,
                room: limit,
                cut: false,
            };
            match printer.value(self) {
                Err(fmt::Error) if printer.cut => printer.out.write_char('…'),
                result => result,
            }
        })
    }
}

/// Writes until there is no room, then fails, which ends the recursion.
struct Printer<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    room: usize,
    cut: bool,
}

impl Write for Printer<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let fits = match text.char_indices().nth(self.room) {
            None => text,
            Some((end, _)) => {
                self.cut = true;
                &text[..end]
            }
        };
        self.room -= fits.chars().count();
        self.out.write_str(fits)?;
        if self.cut { Err(fmt::Error) } else { Ok(()) }
    }
}

impl Printer<'_, '_> {
    fn value(&mut self, value: &Value) -> fmt::Result {
        match value {
            Value::Bool(true) => self.write_str("TRUE"),
            Value::Bool(false) => self.write_str("FALSE"),
            Value::Int(number) => write!(self, "{number}"),
            Value::String(text) => self.quoted(text.as_str()),
            Value::Model(model) => self.write_str(model.name().as_str()),
            Value::Tuple(tuple) => self.list("<<", tuple.as_slice(), ", ", ">>"),
            Value::Function(function) if function.is_record() => {
                let mut lead = "[";
                for (name, value) in function.pairs() {
                    self.write_str(lead)?;
                    if let Value::String(name) = name {
                        self.write_str(name.as_str())?;
                    }
                    self.write_str(" |-> ")?;
                    self.value(value)?;
                    lead = ", ";
                }
                self.write_str("]")
            }
            Value::Function(function) => {
                let mut lead = "(";
                for (argument, value) in function.pairs() {
                    self.write_str(lead)?;
                    self.value(&argument)?;
                    self.write_str(" :> ")?;
                    self.value(value)?;
                    lead = " @@ ";
                }
                self.write_str(")")
            }
            Value::Set(set) => self.list("{", set.as_slice(), ", ", "}"),
            Value::Interval(interval) if interval.is_empty() => self.write_str("{}"),
            Value::Interval(interval) => write!(self, "{}..{}", interval.low(), interval.high()),
            Value::Lazy(lazy) => {
                if prints_elements(lazy, value)
                    && let Ok(elements) = value.to_vec()
                {
                    return self.list("{", &elements, ", ", "}");
                }
                self.lazy(lazy)
            }
            Value::Deferred(_) => self.write_str("(a value not computed yet)"),
        }
    }

    fn list(&mut self, open: &str, items: &[Value], separator: &str, close: &str) -> fmt::Result {
        self.write_str(open)?;
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.write_str(separator)?;
            }
            self.value(item)?;
        }
        self.write_str(close)
    }

    fn quoted(&mut self, text: &str) -> fmt::Result {
        self.write_char('"')?;
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\\', '\t', '\n', '\u{c}', '\r']) {
            self.write_str(&rest[..at])?;
            self.write_str(match rest.as_bytes()[at] {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\t' => "\\t",
                b'\n' => "\\n",
                0xc => "\\f",
                _ => "\\r",
            })?;
            rest = &rest[at + 1..];
        }
        self.write_str(rest)?;
        self.write_char('"')
    }
}

/// Sets that are printed as they are written.
impl Printer<'_, '_> {
    fn lazy(&mut self, lazy: &LazySet) -> fmt::Result {
        match lazy.form() {
            Form::Nat => self.write_str("Nat"),
            Form::Int => self.write_str("Int"),
            Form::Strings => self.write_str("STRING"),
            Form::Any => self.write_str("ANY"),
            Form::LongInterval(low, high) => write!(self, "{low}..{high}"),
            Form::Seq(set) => self.list("Seq(", std::slice::from_ref(set), "", ")"),
            Form::PowerSet(set @ Value::Interval(_)) => {
                self.list("SUBSET (", std::slice::from_ref(set), "", ")")
            }
            Form::PowerSet(set) => self.list("SUBSET ", std::slice::from_ref(set), "", ""),
            Form::KSubsets(count, set) => {
                write!(self, "kSubset({count}, ")?;
                self.value(set)?;
                self.write_str(")")
            }
            Form::FnSet(domain, range) => {
                self.write_str("[")?;
                self.pair(domain, " -> ", range)?;
                self.write_str("]")
            }
            Form::RecordSet(names, sets) => {
                let mut lead = "[";
                for (name, set) in names.as_slice().iter().zip(sets) {
                    self.write_str(lead)?;
                    if let Value::String(name) = name {
                        self.write_str(name.as_str())?;
                    }
                    self.write_str(": ")?;
                    self.value(set)?;
                    lead = ", ";
                }
                self.write_str("]")
            }
            Form::Product(sets) => self.list("(", sets, " \\X ", ")"),
            Form::Cup(a, b) => self.pair(a, " \\cup ", b),
            Form::Cap(a, b) => self.pair(a, " \\cap ", b),
            Form::Diff(a, b) => self.pair(a, " \\ ", b),
            Form::BigUnion(sets) => self.list("UNION(", std::slice::from_ref(sets), "", ")"),
        }
    }

    fn pair(&mut self, left: &Value, operator: &str, right: &Value) -> fmt::Result {
        self.value(left)?;
        self.write_str(operator)?;
        self.value(right)
    }
}

/// Whether TLC prints the elements of a lazy set rather than how it is made.
fn prints_elements(lazy: &LazySet, set: &Value) -> bool {
    match lazy.form() {
        Form::PowerSet(base) | Form::KSubsets(_, base) => {
            base.cardinality().is_ok_and(|count| count < 7)
        }
        Form::FnSet(..) | Form::RecordSet(..) | Form::Product(_) => set
            .cardinality()
            .is_ok_and(|count| count < ENUMERATION_BOUND),
        Form::Cup(..) | Form::Cap(..) | Form::Diff(..) | Form::BigUnion(_) => true,
        _ => false,
    }
}

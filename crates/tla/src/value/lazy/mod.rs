//! Sets that are not held as their elements.
//!
//! Membership is decided, and elements are counted and made one by one, without making all of
//! them. What needs all elements (a comparison with another form, a hash, the elements of a union)
//! makes them once and keeps them.

mod combine;
mod elements;
mod member;
mod same;

pub(super) use combine::{difference, intersection, union};
pub(super) use elements::LazyElements;

use std::sync::OnceLock;

use triomphe::Arc;

use super::node::Node;
use super::set::{MAX_VISITED, set_of, sorted_set};
use super::{Elements, EnumSet, MAX_SET, Problem, Ranked, Text, Value, ValueError, length};
use crate::symbol::Symbol;

/// A set that is not held as its elements.
#[derive(Debug, Clone)]
pub struct LazySet(Arc<LazyNode>);

#[derive(Debug)]
struct LazyNode {
    form: Form,
    node: Node,
    elements: OnceLock<Value>,
}

/// What a lazy set is made of.
#[derive(Debug, Clone)]
pub enum Form {
    /// `Nat`
    Nat,
    /// `Int`
    Int,
    /// `STRING`
    Strings,
    /// `Any` of module TLC: everything is in it.
    Any,
    /// `low .. high` with more elements than an [`super::Interval`] can have.
    LongInterval(i64, i64),
    /// `Seq(S)`
    Seq(Value),
    /// `SUBSET S`
    PowerSet(Value),
    /// The subsets of `S` of so many elements, at least one and not more than `S` has. Their
    /// elements come in TLC's order for `kSubset`, which is another than that of their set.
    KSubsets(u32, Value),
    /// `[S -> T]`
    FnSet(Value, Value),
    /// `[a : S]`: field names, in order, with their sets.
    RecordSet(EnumSet, Box<[Value]>),
    /// `S \X T`
    Product(Box<[Value]>),
    /// `S \cup T`
    Cup(Value, Value),
    /// `S \cap T`
    Cap(Value, Value),
    /// `S \ T`
    Diff(Value, Value),
    /// `UNION S`
    BigUnion(Value),
}

impl Form {
    /// See [`Value::kind`].
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Form::Nat | Form::Int | Form::Strings | Form::Any | Form::Seq(_) => {
                "a special set constant"
            }
            Form::LongInterval(..) => "a set of the form i..j",
            Form::PowerSet(_) | Form::KSubsets(..) => "a set of the form SUBSET S",
            Form::FnSet(..) => "a set of the form [S -> T]",
            Form::RecordSet(..) => "a set of the form [d1 : S1, ... , dN : SN]",
            Form::Product(_) => "a cartesian product",
            Form::Cup(..) => "a set of the form S \\cup T",
            Form::Cap(..) => "a set of the form S \\cap T",
            Form::Diff(..) => "a set of the form S \\ T",
            Form::BigUnion(_) => "a set of the form UNION  S",
        }
    }

    /// The values it is made of.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Value> {
        let (several, one, two): (&[Value], _, _) = match self {
            Form::Nat | Form::Int | Form::Strings | Form::Any | Form::LongInterval(..) => {
                (&[], None, None)
            }
            Form::Seq(set) | Form::PowerSet(set) | Form::KSubsets(_, set) | Form::BigUnion(set) => {
                (&[], Some(set), None)
            }
            Form::FnSet(a, b) | Form::Cup(a, b) | Form::Cap(a, b) | Form::Diff(a, b) => {
                (&[], Some(a), Some(b))
            }
            Form::RecordSet(_, sets) | Form::Product(sets) => (sets, None, None),
        };
        several.iter().chain(one).chain(two)
    }
}

fn lazy(form: Form) -> Result<Value, ValueError> {
    let node = Node::above(form.parts().map(Value::measure))?;
    Ok(Value::Lazy(LazySet(Arc::new(LazyNode {
        form,
        node,
        elements: OnceLock::new(),
    }))))
}

macro_rules! special {
    ($name:ident, $form:ident, $doc:literal) => {
        #[doc = $doc]
        #[must_use]
        pub fn $name() -> Value {
            static SET: OnceLock<LazySet> = OnceLock::new();
            let set = SET.get_or_init(|| {
                LazySet(Arc::new(LazyNode {
                    form: Form::$form,
                    node: Node::leaf(),
                    elements: OnceLock::new(),
                }))
            });
            Value::Lazy(set.clone())
        }
    };
}

/// Sets that are not held as their elements. What they are made of is looked at when an operation
/// needs it: what is not a set there is an error then.
impl Value {
    special!(nat_set, Nat, "`Nat`");
    special!(int_set, Int, "`Int`");
    special!(string_set, Strings, "`STRING`");
    special!(any_set, Any, "`Any` of module TLC: everything is in it.");

    /// `Seq(S)`
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn seq_set(set: Value) -> Result<Value, ValueError> {
        lazy(Form::Seq(set))
    }

    /// `SUBSET S`
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn power_set(set: Value) -> Result<Value, ValueError> {
        lazy(Form::PowerSet(set))
    }

    /// The subsets of a finite set of so many elements, at least one and not more than it has.
    ///
    /// # Errors
    /// When the value becomes too large.
    pub(crate) fn k_subsets(count: u32, set: Value) -> Result<Value, ValueError> {
        lazy(Form::KSubsets(count, set))
    }

    /// `[S -> T]`
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn fn_set(domain: Value, range: Value) -> Result<Value, ValueError> {
        lazy(Form::FnSet(domain, range))
    }

    /// `[a : S]`, with distinct names in any order.
    ///
    /// # Errors
    /// When a name occurs twice and when the value becomes too large.
    pub fn record_set(fields: Vec<(Symbol, Value)>) -> Result<Value, ValueError> {
        let mut fields: Vec<(Ranked, Value)> = fields
            .into_iter()
            .map(|(name, set)| (Ranked::of(name), set))
            .collect();
        fields.sort_by_key(|(name, _)| *name);
        let string = |name| Value::String(Text::Symbol(name));
        if let Some(pair) = fields.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Problem::DuplicateArgument(string(pair[0].0)).into());
        }
        let names = fields.iter().map(|(name, _)| string(*name)).collect();
        match sorted_set(names)? {
            Value::Set(names) => Value::record_set_over(names, fields.into_iter().map(|f| f.1)),
            _ => Ok(Value::empty_set()),
        }
    }

    /// `[a : S]` over names that are shared with other records.
    ///
    /// # Errors
    /// When there are not as many sets as names, and when the value becomes too large.
    pub fn record_set_over(
        names: EnumSet,
        sets: impl IntoIterator<Item = Value>,
    ) -> Result<Value, ValueError> {
        let sets: Box<[Value]> = sets.into_iter().collect();
        if sets.len() != names.len() {
            return Err(ValueError::other(
                "A set of records needs one set for each field.",
            ));
        }
        lazy(Form::RecordSet(names, sets))
    }

    /// `S \X T`
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn product(sets: Vec<Value>) -> Result<Value, ValueError> {
        lazy(Form::Product(sets.into()))
    }

    /// `S \cup T` of which an operand is deferred: only membership in it can be asked. Like TLC it
    /// asks first an operand that is held as its elements.
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn lazy_union(left: Value, right: Value) -> Result<Value, ValueError> {
        let is_held = |set: &Value| matches!(set, Value::Set(_) | Value::Interval(_));
        if is_held(&right) && !is_held(&left) {
            return lazy(Form::Cup(right, left));
        }
        lazy(Form::Cup(left, right))
    }

    /// `S \cap T` of which an operand is deferred and none is held as its elements.
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn lazy_intersection(left: Value, right: Value) -> Result<Value, ValueError> {
        lazy(Form::Cap(left, right))
    }

    /// `S \ T` of which an operand is deferred and `S` is not held as its elements.
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn lazy_difference(left: Value, right: Value) -> Result<Value, ValueError> {
        lazy(Form::Diff(left, right))
    }

    /// `UNION self`
    ///
    /// # Errors
    /// When this is not a set and when the union is too large.
    pub fn big_union(&self) -> Result<Value, ValueError> {
        self.need_set("UNION")?;
        combine::big_union(self)
    }
}

impl LazySet {
    /// What it is made of.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.0.form
    }

    pub(super) fn long_interval(low: i64, high: i64) -> Result<Value, ValueError> {
        let count = high.checked_sub(low).and_then(|span| span.checked_add(1));
        match count {
            Some(_) => lazy(Form::LongInterval(low, high)),
            None => Err(Problem::Overflow(format!("the size of {low}..{high}")).into()),
        }
    }

    pub(super) fn node(&self) -> &Node {
        &self.0.node
    }

    pub(super) fn is_same(&self, other: &LazySet) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn content_hash(&self, own: &Value) -> Result<u64, ValueError> {
        self.0.node.hash(|| self.materialize(own)?.fingerprint())
    }

    /// The elements, made at most once.
    pub(super) fn materialize(&self, own: &Value) -> Result<Value, ValueError> {
        if let Some(known) = self.0.elements.get() {
            return Ok(known.clone());
        }
        let made = match self.form() {
            Form::Cup(a, b) => {
                let mut elements = a.to_vec()?;
                elements.extend(b.to_vec()?);
                set_of(elements)?
            }
            Form::Cap(a, b) => {
                // Not both can be infinite if there is to be a result.
                let (from, other) = match a.elements() {
                    Ok(_) => (a, b),
                    Err(_) => (b, a),
                };
                filtered(from, |element| other.contains(element))?
            }
            Form::Diff(a, b) => filtered(a, |element| Ok(!b.contains(element)?))?,
            Form::BigUnion(sets) => {
                let mut elements = Vec::new();
                for set in sets.elements()? {
                    elements.extend(set?.to_vec()?);
                    if elements.len() > 4 * MAX_SET {
                        super::set::sort_distinct(&mut elements)?;
                    }
                    if elements.len() > 4 * MAX_SET {
                        return Err(ValueError::too_large());
                    }
                }
                set_of(elements)?
            }
            _ => {
                if self.cardinality(own)? > length(MAX_SET) {
                    return Err(ValueError::too_large());
                }
                set_of(self.elements(own)?.collect::<Result<_, _>>()?)?
            }
        };
        Ok(self.0.elements.get_or_init(|| made).clone())
    }

    /// `Cardinality`
    pub(super) fn cardinality(&self, own: &Value) -> Result<i64, ValueError> {
        let overflow = || Problem::Uncountable(own.clone()).into();
        match self.form() {
            Form::Nat | Form::Int | Form::Strings | Form::Any | Form::Seq(_) => {
                Err(ValueError::other(format!(
                    "Attempted to compute cardinality of the value\n{}",
                    super::Shown(own)
                )))
            }
            Form::LongInterval(low, high) => high
                .checked_sub(*low)
                .and_then(|span| span.checked_add(1))
                .ok_or_else(overflow),
            Form::PowerSet(set) => {
                let count = u32::try_from(set.cardinality()?).map_err(|_| overflow())?;
                2_i64.checked_pow(count).ok_or_else(overflow)
            }
            Form::KSubsets(count, set) => binomial(set.cardinality()?, *count).ok_or_else(overflow),
            Form::FnSet(domain, range) => {
                let (arguments, values) = (domain.cardinality()?, range.cardinality()?);
                match (arguments, values) {
                    (0, _) => Ok(1),
                    (_, 0 | 1) => Ok(values),
                    _ => u32::try_from(arguments)
                        .ok()
                        .and_then(|arguments| values.checked_pow(arguments))
                        .ok_or_else(overflow),
                }
            }
            Form::RecordSet(_, sets) | Form::Product(sets) => {
                let mut count = 1_i64;
                let mut overflows = false;
                for set in sets {
                    match set.cardinality()? {
                        0 => return Ok(0),
                        more => match count.checked_mul(more) {
                            Some(product) => count = product,
                            None => overflows = true,
                        },
                    }
                }
                if overflows {
                    Err(overflow())
                } else {
                    Ok(count)
                }
            }
            Form::Cup(..) | Form::Cap(..) | Form::Diff(..) | Form::BigUnion(_) => {
                self.materialize(own)?.cardinality()
            }
        }
    }

    pub(super) fn is_finite(&self, own: &Value) -> Result<bool, ValueError> {
        let all = |sets: &[Value]| {
            for set in sets {
                if !set.is_finite()? {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        match self.form() {
            Form::Nat | Form::Int | Form::Strings | Form::Any | Form::Seq(_) => Ok(false),
            Form::LongInterval(..) => Ok(true),
            Form::PowerSet(set) | Form::KSubsets(_, set) => set.is_finite(),
            Form::FnSet(a, b) | Form::Cup(a, b) => Ok(a.is_finite()? && b.is_finite()?),
            Form::RecordSet(_, sets) | Form::Product(sets) => all(sets),
            Form::Cap(a, b) => {
                if a.is_finite()? || b.is_finite()? {
                    return Ok(true);
                }
                Err(undecided(own))
            }
            Form::Diff(a, b) => {
                if a.is_finite()? {
                    return Ok(true);
                }
                if b.is_finite()? {
                    return Ok(false);
                }
                Err(undecided(own))
            }
            Form::BigUnion(sets) => {
                for set in sets.elements()? {
                    if !set?.is_finite()? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    /// The elements in order, made one by one where the form allows it.
    pub(super) fn elements(&self, own: &Value) -> Result<Elements, ValueError> {
        if let Some(known) = self.0.elements.get() {
            return known.elements();
        }
        let elements = match self.form() {
            Form::Nat | Form::Int | Form::Strings | Form::Any | Form::Seq(_) => {
                return Err(ValueError::not_enumerable(own));
            }
            Form::LongInterval(low, high) => LazyElements::long_interval(*low, *high),
            Form::PowerSet(set) => LazyElements::subsets(set.to_vec()?),
            Form::KSubsets(count, set) => LazyElements::k_subsets(set.to_vec()?, *count),
            Form::FnSet(domain, range) => LazyElements::functions(domain, range)?,
            Form::RecordSet(names, sets) => LazyElements::records(names, sets)?,
            Form::Product(sets) => LazyElements::tuples(sets)?,
            Form::Cup(..) | Form::Cap(..) | Form::Diff(..) | Form::BigUnion(_) => {
                return self.materialize(own)?.elements();
            }
        };
        Ok(Elements::lazy(elements))
    }
}

/// `n` over `k`, if it fits.
fn binomial(n: i64, k: u32) -> Option<i64> {
    let mut result = 1_i128;
    for i in 1..=i128::from(k) {
        result = result.checked_mul(i128::from(n) - i + 1)? / i;
    }
    i64::try_from(result).ok()
}

fn undecided(set: &Value) -> ValueError {
    ValueError::other(format!(
        "Attempted to check if the set {} is finite.",
        super::Shown(set)
    ))
}

/// The elements for which a condition holds.
fn filtered(
    set: &Value,
    keep: impl Fn(&Value) -> Result<bool, ValueError>,
) -> Result<Value, ValueError> {
    let mut kept = Vec::new();
    for (visited, element) in set.elements()?.enumerate() {
        let element = element?;
        if visited == MAX_VISITED {
            return Err(ValueError::too_large());
        }
        if keep(&element)? {
            kept.push(element);
            if kept.len() > MAX_SET {
                return Err(ValueError::too_large());
            }
        }
    }
    sorted_set(kept)
}

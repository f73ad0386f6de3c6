//! Permutations of model values, for symmetry.

use super::set::set_of;
use super::{ModelValue, Value, ValueError};

/// A map of model values to model values; others stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Permutation {
    /// In the order of the firsts.
    pairs: Vec<(ModelValue, ModelValue)>,
}

impl Permutation {
    /// The permutation that a function from model values to model values describes.
    ///
    /// # Errors
    /// When the value is not such a function.
    pub fn from_function(function: &Value) -> Result<Permutation, ValueError> {
        let mut pairs = Vec::new();
        match function {
            Value::Tuple(tuple) if tuple.is_empty() => {}
            Value::Function(function) => {
                for pair in function.pairs() {
                    let (Value::Model(from), Value::Model(to)) = pair else {
                        return Err(ValueError::other(
                            "Symmetry must consist of permutations of model values.",
                        ));
                    };
                    if from != *to {
                        pairs.push((from, *to));
                    }
                }
            }
            _ => {
                return Err(ValueError::not_a_function("SYMMETRY", function));
            }
        }
        pairs.sort();
        Ok(Permutation { pairs })
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Where a model value goes.
    #[must_use]
    pub fn image(&self, of: ModelValue) -> ModelValue {
        match self.pairs.binary_search_by(|(from, _)| from.cmp(&of)) {
            Ok(place) => self.pairs[place].1,
            Err(_) => of,
        }
    }

    /// What `self` after `first` does.
    #[must_use]
    pub fn after(&self, first: &Permutation) -> Permutation {
        let mut pairs: Vec<_> = first
            .pairs
            .iter()
            .map(|(from, to)| (*from, self.image(*to)))
            .collect();
        for (from, to) in &self.pairs {
            if !first.pairs.iter().any(|(known, _)| known == from) {
                pairs.push((*from, *to));
            }
        }
        pairs.retain(|(from, to)| from != to);
        pairs.sort();
        Permutation { pairs }
    }
}

impl PartialEq for Permutation {
    fn eq(&self, other: &Permutation) -> bool {
        self.pairs == other.pairs
    }
}

impl Value {
    /// The value with each model value replaced by its image. What does not change is shared.
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated, and when a value is deferred.
    pub fn permute(&self, permutation: &Permutation) -> Result<Value, ValueError> {
        Ok(self.permuted(permutation)?.unwrap_or_else(|| self.clone()))
    }

    /// The image, if it differs.
    fn permuted(&self, permutation: &Permutation) -> Result<Option<Value>, ValueError> {
        match self {
            Value::Bool(_) | Value::Int(_) | Value::String(_) | Value::Interval(_) => Ok(None),
            Value::Model(model) => {
                let image = permutation.image(*model);
                Ok((image != *model).then_some(Value::Model(image)))
            }
            Value::Tuple(tuple) => permuted_all(tuple.as_slice(), permutation)?
                .map(Value::tuple)
                .transpose(),
            Value::Set(set) => permuted_all(set.as_slice(), permutation)?
                .map(set_of)
                .transpose(),
            Value::Function(function) => {
                let domain = self.domain()?;
                let values = permuted_all(function.values(), permutation)?;
                let Some(arguments) = (match &domain {
                    Value::Set(set) => permuted_all(set.as_slice(), permutation)?,
                    _ => None,
                }) else {
                    return values
                        .map(|values| Value::function(&domain, values))
                        .transpose();
                };
                let values = values.unwrap_or_else(|| function.values().to_vec());
                Value::function_from_pairs(arguments.into_iter().zip(values).collect()).map(Some)
            }
            Value::Lazy(_) => self.materialize()?.permuted(permutation),
            Value::Deferred(_) => Err(super::Problem::Deferred.into()),
        }
    }
}

fn permuted_all(
    values: &[Value],
    permutation: &Permutation,
) -> Result<Option<Vec<Value>>, ValueError> {
    let mut changed: Option<Vec<Value>> = None;
    for (i, value) in values.iter().enumerate() {
        match (value.permuted(permutation)?, &mut changed) {
            (None, None) => {}
            (None, Some(changed)) => changed.push(value.clone()),
            (Some(image), Some(changed)) => changed.push(image),
            (Some(image), None) => {
                let mut start = Vec::with_capacity(values.len());
                start.extend_from_slice(&values[..i]);
                start.push(image);
                changed = Some(start);
            }
        }
    }
    Ok(changed)
}

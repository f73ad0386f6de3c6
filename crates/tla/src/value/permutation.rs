//! Permutations of model values, for symmetry.

use super::hash::{Hasher, Kind};
use super::set::set_of;
use super::{Domain, ModelValue, Value, ValueError};

/// How many hashes of images are kept.
const KNOWN: usize = 1 << 15;

/// Nodes of a value of which the hash is kept, at least.
const WORTH_KEEPING: u32 = 4;

/// A map of model values to model values; others stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Permutation {
    /// In the order of the firsts.
    pairs: Vec<(ModelValue, ModelValue)>,
    /// Tells it from others.
    key: u64,
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
        Ok(Permutation::new(pairs))
    }

    fn new(mut pairs: Vec<(ModelValue, ModelValue)>) -> Permutation {
        pairs.sort();
        let mut key = Hasher::new();
        for (from, to) in &pairs {
            key.word(from.content_hash());
            key.word(to.content_hash());
        }
        Permutation {
            pairs,
            key: key.finish(),
        }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Where a model value goes.
    #[must_use]
    pub fn image(&self, of: ModelValue) -> ModelValue {
        // There are few, and equality is cheaper than order.
        let moved = self.pairs.iter().find(|(from, _)| *from == of);
        moved.map_or(of, |(_, to)| *to)
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
        Permutation::new(pairs)
    }
}

/// Hashes of the images of values, found without making the images.
///
/// It is another hash than [`Value::fingerprint`]: equal images have equal hashes here, whatever was
/// permuted. The hashes found last are kept, by the fingerprint of the value, because most states
/// share most of their parts.
#[derive(Debug, Default)]
pub struct ImageHashes {
    /// By the low bits of the key: the key, and the hash. Empty until it is needed.
    known: Vec<(u64, u64)>,
}

impl ImageHashes {
    /// The hash of the image of a value.
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated, and when a value is deferred.
    pub fn hash(&mut self, value: &Value, permutation: &Permutation) -> Result<u64, ValueError> {
        let measure = value.measure();
        match value {
            // Its form says nothing about what is in it.
            Value::Lazy(_) => return self.hash(&value.materialize()?, permutation),
            Value::Deferred(_) => return Err(super::Problem::Deferred.into()),
            Value::Model(model) => return Ok(permutation.image(*model).content_hash()),
            _ if !measure.models => return value.fingerprint(),
            _ => {}
        }
        if measure.size < WORTH_KEEPING {
            return self.compute(value, permutation);
        }
        let mut key = Hasher::new();
        key.word(value.fingerprint()?);
        key.word(permutation.key);
        let key = key.finish();
        if self.known.is_empty() {
            self.known.resize(KNOWN, (0, 0));
        }
        let place = usize::try_from(key % KNOWN as u64).unwrap_or(0);
        if let Some((known, hash)) = self.known.get(place)
            && *known == key
        {
            return Ok(*hash);
        }
        let hash = self.compute(value, permutation)?;
        if let Some(place) = self.known.get_mut(place) {
            *place = (key, hash);
        }
        Ok(hash)
    }

    fn compute(&mut self, value: &Value, permutation: &Permutation) -> Result<u64, ValueError> {
        match value {
            Value::Tuple(tuple) => {
                let mut hasher = Hasher::of(Kind::Tuple, tuple.len() as u64);
                for value in tuple.as_slice() {
                    hasher.word(self.hash(value, permutation)?);
                }
                Ok(hasher.finish())
            }
            // The images of elements and arguments come in another order: sums know none.
            Value::Set(set) => {
                let mut sum = 0_u64;
                for element in set.as_slice() {
                    sum = sum.wrapping_add(self.hash(element, permutation)?);
                }
                let mut hasher = Hasher::of(Kind::Set, set.len() as u64);
                hasher.word(sum);
                Ok(hasher.finish())
            }
            Value::Function(function) => {
                let mut hasher = Hasher::of(Kind::Function, function.len() as u64);
                match function.domain() {
                    Domain::Set(domain) if domain.node().measure().models => {
                        let mut sum = 0_u64;
                        for (argument, value) in domain.as_slice().iter().zip(function.values()) {
                            let mut pair = Hasher::of(Kind::Function, 2);
                            pair.word(self.hash(argument, permutation)?);
                            pair.word(self.hash(value, permutation)?);
                            sum = sum.wrapping_add(pair.finish());
                        }
                        hasher.word(sum);
                    }
                    domain => {
                        hasher.word(domain.content_hash()?);
                        for value in function.values() {
                            hasher.word(self.hash(value, permutation)?);
                        }
                    }
                }
                Ok(hasher.finish())
            }
            _ => value.fingerprint(),
        }
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
        if !self.measure().models && !matches!(self, Value::Deferred(_)) {
            return Ok(None);
        }
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::value::literal;

    #[test]
    fn the_hash_of_an_image_is_that_of_the_image_made() {
        let swap = |text: &str| Permutation::from_function(&literal(text)).unwrap();
        let identity = Permutation::default();
        let permutations = [
            swap("(a :> b @@ b :> a)"),
            swap("(a :> b @@ b :> c @@ c :> a)"),
            swap("(a :> c @@ c :> a)"),
        ];
        let values = [
            "7",
            "{1, 2}",
            "a",
            "{a}",
            "{a, c}",
            "{d}",
            "<<a, 1, b>>",
            "(a :> 1 @@ b :> 2 @@ c :> 1)",
            "(a :> b @@ c :> a)",
            "[from |-> a, to |-> {b, c}]",
            "{[from |-> a, n |-> 1], [from |-> b, n |-> 2]}",
            "(1 :> a @@ 3 :> b)",
            "{{}, {a}, {a, b}}",
        ];
        let mut images = ImageHashes::default();
        let mut image_hash =
            |value: &Value, permutation: &Permutation| images.hash(value, permutation).unwrap();
        let mut hashes = HashSet::new();
        for text in values {
            let value = literal(text);
            assert!(hashes.insert(image_hash(&value, &identity)), "{text}");
            for permutation in &permutations {
                let image = value.permute(permutation).unwrap();
                let made = image_hash(&image, &identity);
                assert_eq!(image_hash(&value, permutation), made, "{text}");
                let differ = image_hash(&value, &identity) != made;
                assert_eq!(differ, !value.equals(&image).unwrap(), "{text}");
            }
        }
        let lazy = Value::power_set(literal("{a, b}")).unwrap();
        let listed = literal("{{}, {a}, {b}, {a, b}}");
        for permutation in &permutations {
            assert_eq!(
                image_hash(&lazy, permutation),
                image_hash(&listed, permutation)
            );
        }
    }
}

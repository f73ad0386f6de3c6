//! States that differ by a permutation of model values count as one.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::control::patience;
use crate::eval::error::{ErrorKind, EvalError};
use crate::eval::machine::{Fault, Machine};
use crate::eval::model::Check;
use crate::source::Span;
use crate::value::{Hasher, ImageHashes, ModelValue, Permutation, Value, ValueError};

/// How many permutations a group may have: those of ten values.
const MAX_GROUP: usize = 3_628_800;

/// The group that the permutations of a model generate, without the identity.
///
/// TLC completes what it is given to a group; a set of permutations that is none would not be sound.
pub(super) fn group<'m>(
    machine: &mut Machine<'m>,
    sets: &'m [Check],
) -> Result<Vec<Permutation>, Fault> {
    let Some(span) = sets.first().map(|set| set.span) else {
        return Ok(Vec::new());
    };
    let mut generators = Vec::new();
    let mut moved = BTreeSet::new();
    for set in sets {
        let functions = machine.constant(&set.code)?;
        let fail = |error| fault(error, set.span);
        for function in functions.elements().map_err(fail)? {
            let function = function.map_err(fail)?;
            let permutation = Permutation::from_function(&function).map_err(fail)?;
            if !permutation.is_identity() {
                moved.extend(arguments(&function));
                generators.push(permutation);
            }
        }
    }
    let images = |permutation: &Permutation| -> Vec<ModelValue> {
        moved
            .iter()
            .map(|value| permutation.image(*value))
            .collect()
    };
    // Each generator that is not in the group of those before at least doubles the group, so few
    // of what is mostly a whole group already are needed.
    let mut known = BTreeSet::from([images(&Permutation::default())]);
    let mut group = vec![Permutation::default()];
    let mut needed = Vec::new();
    for generator in generators {
        if known.contains(&images(&generator)) {
            continue;
        }
        needed.push(generator);
        let mut next = 0;
        while let Some(first) = group.get(next).cloned() {
            for generator in &needed {
                patience().map_err(|reason| fault(reason.into(), span))?;
                let product = generator.after(&first);
                if known.insert(images(&product)) {
                    if group.len() > MAX_GROUP {
                        let reason = "the symmetry has too many permutations";
                        return Err(fault(ValueError::other(reason), span));
                    }
                    group.push(product);
                }
            }
            next += 1;
        }
    }
    group.remove(0);
    Ok(group)
}

fn arguments(function: &Value) -> Vec<ModelValue> {
    let Value::Function(function) = function else {
        return Vec::new();
    };
    let arguments = function.pairs().filter_map(|(argument, _)| match argument {
        Value::Model(value) => Some(value),
        _ => None,
    });
    arguments.collect()
}

fn fault(error: ValueError, span: Span) -> Fault {
    EvalError::new(ErrorKind::Value(error), span)
}

/// A fingerprint that all images of a state under a group have in common.
///
/// It is made of the hashes of all images, which are the same for each of them, so that no image
/// needs to be made or compared.
pub(super) fn common_fingerprint(
    group: &[Permutation],
    state: &[Value],
    images: &mut ImageHashes,
) -> Result<u64, ValueError> {
    let identity = Permutation::default();
    let (mut least, mut sum) = (u64::MAX, 0_u64);
    for permutation in std::iter::once(&identity).chain(group) {
        let mut hasher = Hasher::new();
        for value in state {
            hasher.word(images.hash(value, permutation)?);
        }
        let hash = hasher.finish();
        least = least.min(hash);
        sum = sum.wrapping_add(hash);
    }
    let mut hasher = Hasher::new();
    hasher.word(least);
    hasher.word(sum);
    Ok(hasher.finish())
}

/// The least image of a state under a group, if it is another state.
pub(super) fn least_image(
    group: &[Permutation],
    state: &[Value],
) -> Result<Option<Vec<Value>>, ValueError> {
    let mut least: Option<Vec<Value>> = None;
    for permutation in group {
        let known = least.as_deref().unwrap_or(state);
        if let Some(image) = smaller_image(state, permutation, known)? {
            least = Some(image);
        }
    }
    Ok(least)
}

/// The image of a state, if it is less than another.
fn smaller_image(
    state: &[Value],
    permutation: &Permutation,
    than: &[Value],
) -> Result<Option<Vec<Value>>, ValueError> {
    let mut image = Vec::with_capacity(state.len());
    let mut order = Ordering::Equal;
    for (value, other) in state.iter().zip(than) {
        let value = value.permute(permutation)?;
        if order == Ordering::Equal {
            order = value.compare(other)?;
            if order == Ordering::Greater {
                return Ok(None);
            }
        }
        image.push(value);
    }
    Ok((order == Ordering::Less).then_some(image))
}

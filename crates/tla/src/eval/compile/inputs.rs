//! What the value of a piece of code depends on.
//!
//! The inputs of code are the largest parts of it that can be looked at without evaluating anything
//! and that name nothing it binds itself: of `[r \in Proc |-> Append(net[s][r], m)]` they are
//! `net[s]` and `m`. As long as all inputs have the same values, so has the code.

use std::collections::BTreeSet;

use super::super::code::{Code, Local, Op, Operand, VariableIndex};
use super::scopes::{FrameId, Frames, Place};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// Steps of a path; what is behind them is not told apart.
const MAX_STEPS: usize = 4;

/// Paths that are told apart; with more of them, only where they start.
const MAX_PATHS: usize = 16;

/// Inputs that are counted.
const MAX_INPUTS: usize = 64;

/// Where a path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// A variable in the present state.
    Variable(VariableIndex),
    /// A name.
    Place(Place),
}

/// How a path goes on from a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// To a field.
    Field(Symbol),
    /// To the value for a name.
    Place(Place),
    /// To the value for a number.
    Number(i64),
}

/// A part that can be looked at: `x`, `x.f`, `x[p][1]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
}

impl Path {
    fn root(root: Root) -> Path {
        let steps = Vec::new();
        Path { root, steps }
    }

    /// Whether it names a place.
    fn has_place(&self) -> bool {
        matches!(self.root, Root::Place(_))
            || self.steps.iter().any(|step| matches!(step, Step::Place(_)))
    }
}

/// The names that steps go through.
fn places(steps: &[Step]) -> impl Iterator<Item = Place> {
    steps.iter().filter_map(|step| match step {
        Step::Place(place) => Some(*place),
        Step::Field(_) | Step::Number(_) => None,
    })
}

/// Parts that a value depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    paths: BTreeSet<Path>,
    /// There are more than are counted.
    pub(super) uncounted: bool,
}

impl Inputs {
    /// Adds an input.
    pub(super) fn insert(&mut self, path: Path) {
        self.paths.insert(path);
        if self.paths.len() > MAX_PATHS {
            for path in std::mem::take(&mut self.paths) {
                let names = places(&path.steps).map(Root::Place);
                self.paths.extend(names.chain([path.root]).map(Path::root));
            }
        }
        if self.paths.len() > MAX_INPUTS {
            self.uncounted = true;
        }
        if self.uncounted {
            self.paths.clear();
        }
    }

    /// Adds a variable or name.
    pub(super) fn insert_root(&mut self, root: Root) {
        self.insert(Path::root(root));
    }

    /// Adds the inputs of another part; whether there was anything to add.
    pub(super) fn add(&mut self, more: &Inputs) -> bool {
        let before = (self.paths.len(), self.uncounted);
        self.uncounted |= more.uncounted;
        for path in &more.paths {
            if !self.paths.contains(path) {
                self.insert(path.clone());
            }
        }
        before != (self.paths.len(), self.uncounted)
    }

    /// What is left of them outside of where names are bound. A path that starts at such a name is
    /// no input, and one that goes through it ends before it; what names are behind that count by
    /// themselves.
    pub(super) fn unbind(&mut self, is_bound: impl Fn(Place) -> bool) {
        if !self.paths.iter().any(Path::has_place) {
            return;
        }
        for mut path in std::mem::take(&mut self.paths) {
            let is_step = |step: &Step| matches!(step, Step::Place(place) if is_bound(*place));
            let (end, keep) = match path.root {
                Root::Place(place) if is_bound(place) => (Some(0), false),
                _ => (path.steps.iter().position(is_step), true),
            };
            let behind = end.map_or_else(Vec::new, |end| path.steps.split_off(end));
            for place in places(&behind).filter(|&place| !is_bound(place)) {
                self.insert_root(Root::Place(place));
            }
            if keep {
                self.insert(path);
            }
        }
    }

    /// The fewest paths that tell as much: none is the beginning of another.
    pub(super) fn fewest(&self) -> BTreeSet<Path> {
        let mut fewest = self.paths.clone();
        loop {
            let longer = fewest.iter().find_map(|path| {
                let shorter = (0..path.steps.len()).find(|&length| {
                    let begins = Path {
                        root: path.root,
                        steps: path.steps[..length].to_vec(),
                    };
                    fewest.contains(&begins)
                });
                Some((path.clone(), shorter?))
            });
            let Some((path, known)) = longer else {
                return fewest;
            };
            fewest.remove(&path);
            fewest.extend(places(&path.steps[known..]).map(|place| Path::root(Root::Place(place))));
        }
    }

    /// Whether any is a variable or part of one.
    pub(super) fn has_variables(&self) -> bool {
        let mut paths = self.paths.iter();
        paths.any(|path| matches!(path.root, Root::Variable(_)))
    }

    /// Whether any names a place.
    pub(super) fn has_places(&self) -> bool {
        self.uncounted || self.paths.iter().any(Path::has_place)
    }

    /// How many variables are inputs as a whole.
    pub(super) fn whole_variables(&self) -> usize {
        let whole = |path: &&Path| matches!(path.root, Root::Variable(_)) && path.steps.is_empty();
        self.paths.iter().filter(whole).count()
    }

    /// What the inputs of a routine are where it is called with these operands, each of which comes
    /// with its own inputs. `None` if that cannot be told.
    pub(super) fn called(
        &self,
        callee: FrameId,
        caller: Caller<'_>,
        operands: &[Operand],
        inputs_of_operands: &[Inputs],
    ) -> Option<Inputs> {
        let mut inputs = Inputs {
            uncounted: self.uncounted,
            ..Inputs::default()
        };
        // Parameters are the first slots of a frame.
        let operand = |place: Place| {
            usize::try_from(place.slot)
                .ok()
                .and_then(|at| operands.get(at))
        };
        for own in &self.paths {
            // Whether the path still goes on; what is behind its end counts by itself.
            let mut goes_on = true;
            let mut path = match own.root {
                Root::Place(place) if place.frame == callee => match operand(place)? {
                    Operand::Eager(code) | Operand::Lazy(code) => match caller.path(code) {
                        None => {
                            let at = usize::try_from(place.slot).ok()?;
                            inputs.add(inputs_of_operands.get(at)?);
                            goes_on = false;
                            None
                        }
                        path => path,
                    },
                    Operand::Operator(_) => return None,
                },
                root => Some(Path::root(root)),
            };
            for step in &own.steps {
                let mut of_operand = None;
                let step = match step {
                    Step::Place(place) if place.frame == callee => match operand(*place)? {
                        Operand::Eager(code) | Operand::Lazy(code) => {
                            let at = usize::try_from(place.slot).ok()?;
                            of_operand = Some(inputs_of_operands.get(at)?);
                            caller.step(code)
                        }
                        Operand::Operator(_) => return None,
                    },
                    step => Some(*step),
                };
                let open = path
                    .as_mut()
                    .filter(|path| goes_on && path.steps.len() < MAX_STEPS);
                goes_on = open.is_some() && step.is_some();
                match (step, open) {
                    (Some(step), Some(path)) => path.steps.push(step),
                    (Some(Step::Place(place)), None) => inputs.insert_root(Root::Place(place)),
                    (Some(_), None) => {}
                    (None, _) => {
                        inputs.add(of_operand?);
                    }
                }
            }
            if let Some(path) = path {
                inputs.insert(path);
            }
        }
        Some(inputs)
    }
}

/// Where code stands.
#[derive(Clone, Copy)]
pub(super) struct Caller<'u> {
    pub(super) frames: &'u Frames,
    pub(super) frame: FrameId,
}

impl Caller<'_> {
    /// The path that code is, if it is one.
    pub(super) fn path(self, code: &Code) -> Option<Path> {
        let (inner, step) = match &code.op {
            Op::Variable(variable) => return Some(Path::root(Root::Variable(*variable))),
            Op::Local(local) => return Some(Path::root(Root::Place(self.place(*local)?))),
            Op::Field(record, name) => (&**record, Step::Field(*name)),
            Op::FnApply(operands) => (&operands[0], self.step(&operands[1])?),
            _ => return None,
        };
        let mut path = self.path(inner)?;
        if path.steps.len() >= MAX_STEPS {
            return None;
        }
        path.steps.push(step);
        Some(path)
    }

    fn step(self, argument: &Code) -> Option<Step> {
        match &argument.op {
            Op::Local(local) => self.place(*local).map(Step::Place),
            Op::Value(Value::Int(number)) => Some(Step::Number(*number)),
            _ => None,
        }
    }

    fn place(self, local: Local) -> Option<Place> {
        self.frames.place(self.frame, local)
    }

    /// Code that looks at a path.
    pub(super) fn look(self, path: &Path, span: Span) -> Option<Code> {
        let local = |place: Place| {
            let depth = self.frames.distance(self.frame, place.frame)?;
            let slot = place.slot;
            Some(Op::Local(Local { depth, slot }))
        };
        let mut op = match path.root {
            Root::Variable(variable) => Op::Variable(variable),
            Root::Place(place) => local(place)?,
        };
        for step in &path.steps {
            let inner = Code { op, span };
            let argument = match step {
                Step::Field(name) => {
                    op = Op::Field(Box::new(inner), *name);
                    continue;
                }
                Step::Place(place) => local(*place)?,
                Step::Number(number) => Op::Value(Value::Int(*number)),
            };
            op = Op::FnApply(Box::new([inner, Code { op: argument, span }]));
        }
        Some(Code { op, span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(frame: u32, slot: u32) -> Place {
        let frame = FrameId(frame);
        Place { frame, slot }
    }

    fn path(root: Root, steps: &[Step]) -> Path {
        let steps = steps.to_vec();
        Path { root, steps }
    }

    fn inputs(paths: impl IntoIterator<Item = Path>) -> Inputs {
        let mut inputs = Inputs::default();
        for path in paths {
            inputs.insert(path);
        }
        inputs
    }

    #[test]
    fn what_is_bound_inside_is_no_input_and_cuts_the_paths_through_it() {
        let (outer, inner) = (place(0, 0), place(0, 1));
        let (behind, last) = (place(0, 2), place(0, 3));
        let network = Root::Variable(0);
        let mut all = inputs([
            path(
                network,
                &[Step::Place(outer), Step::Place(inner), Step::Place(behind)],
            ),
            path(Root::Place(inner), &[Step::Number(1), Step::Place(last)]),
        ]);
        all.unbind(|place| place == inner);
        let expected = [
            path(network, &[Step::Place(outer)]),
            path(Root::Place(behind), &[]),
            path(Root::Place(last), &[]),
        ];
        assert_eq!(all, inputs(expected));
    }

    #[test]
    fn the_beginning_of_a_path_tells_all_of_it_but_for_the_names_it_goes_through() {
        let x = Root::Variable(0);
        let name = place(0, 0);
        let all = inputs([
            path(x, &[Step::Number(1), Step::Place(name)]),
            path(x, &[Step::Number(1)]),
            path(Root::Variable(1), &[Step::Number(1)]),
        ]);
        let expected = [
            path(x, &[Step::Number(1)]),
            path(Root::Variable(1), &[Step::Number(1)]),
            path(Root::Place(name), &[]),
        ];
        assert_eq!(all.fewest(), BTreeSet::from(expected));
        assert_eq!(all.whole_variables(), 0);
    }

    #[test]
    fn parameters_of_a_routine_are_what_it_is_called_with() {
        let frames = &mut Frames::default();
        let (callee, frame) = (frames.push(None), frames.push(None));
        let argument = frames.slot(frame);
        let span = crate::eval::model::nowhere();
        let code = |op| Operand::Lazy(Code { op, span });
        let local = Local {
            depth: 0,
            slot: argument.slot,
        };
        let sum = Op::FnApply(Box::new([
            Code {
                op: Op::Variable(7),
                span,
            },
            Code {
                op: Op::Variable(8),
                span,
            },
        ]));
        let operands = [code(Op::Local(local)), code(sum)];
        let mut of_sum = Inputs::default();
        of_sum.insert_root(Root::Variable(7));
        of_sum.insert_root(Root::Variable(8));
        let (first, second) = (
            Place {
                frame: callee,
                slot: 0,
            },
            Place {
                frame: callee,
                slot: 1,
            },
        );
        let own = inputs([path(
            Root::Variable(0),
            &[Step::Place(first), Step::Place(second), Step::Place(first)],
        )]);
        let caller = Caller { frames, frame };
        let called = own.called(callee, caller, &operands, &[Inputs::default(), of_sum]);
        let expected = inputs([
            path(Root::Variable(0), &[Step::Place(argument)]),
            path(Root::Variable(7), &[]),
            path(Root::Variable(8), &[]),
            path(Root::Place(argument), &[]),
        ]);
        assert_eq!(called, Some(expected));
    }

    #[test]
    fn beyond_the_limits_less_is_told_but_nothing_is_forgotten() {
        let name = Root::Place(place(0, 9));
        let many = (0..=MAX_PATHS).map(|at| {
            let number = i64::try_from(at).unwrap();
            path(
                Root::Variable(3),
                &[Step::Number(number), Step::Place(place(0, 9))],
            )
        });
        let roots = [path(Root::Variable(3), &[]), path(name, &[])];
        assert_eq!(inputs(many), inputs(roots));
        let too_many =
            (0..=u32::try_from(MAX_INPUTS).unwrap()).map(|at| path(Root::Variable(at), &[]));
        let too_many = inputs(too_many);
        assert!(too_many.uncounted && too_many.has_places());
    }
}

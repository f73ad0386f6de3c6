//! Linear temporal logic over numbered atoms, in negation normal form.
//!
//! An atom is a predicate of a state or of a step; at a place of a behaviour it speaks of the state
//! there, or of the step from there to the next. TLA+ has no "next", so `[]` and `<>` are all there
//! is: `P ~> Q` is `[](P => <>Q)`, and fairness is `[]<>` and `<>[]`.

/// A formula. Equal formulas compare equal after [`Ltl`]'s constructors have simplified them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ltl {
    /// `TRUE` or `FALSE`.
    Constant(bool),
    /// An atom, or its negation.
    Literal {
        /// Which.
        atom: usize,
        /// Whether it is not negated.
        positive: bool,
    },
    /// `/\`; at least two parts, none of them a conjunction.
    And(Vec<Ltl>),
    /// `\/`; at least two parts, none of them a disjunction.
    Or(Vec<Ltl>),
    /// `[]`
    Always(Box<Ltl>),
    /// `<>`
    Eventually(Box<Ltl>),
}

impl Ltl {
    /// An atom.
    pub(super) fn atom(atom: usize) -> Ltl {
        Ltl::Literal {
            atom,
            positive: true,
        }
    }

    /// The conjunction, flattened, without duplicates.
    pub(super) fn and(parts: impl IntoIterator<Item = Ltl>) -> Ltl {
        Ltl::joined(parts, true)
    }

    /// The disjunction, flattened, without duplicates.
    pub(super) fn or(parts: impl IntoIterator<Item = Ltl>) -> Ltl {
        Ltl::joined(parts, false)
    }

    /// The conjunction (`is_and`) or disjunction.
    fn joined(parts: impl IntoIterator<Item = Ltl>, is_and: bool) -> Ltl {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Ltl::Constant(truth) if truth == is_and => {}
                Ltl::Constant(truth) => return Ltl::Constant(truth),
                Ltl::And(parts) if is_and => all.extend(parts),
                Ltl::Or(parts) if !is_and => all.extend(parts),
                part => all.push(part),
            }
        }
        all.sort();
        all.dedup();
        match all.len() {
            0 => Ltl::Constant(is_and),
            1 => all.remove(0),
            _ if is_and => Ltl::And(all),
            _ => Ltl::Or(all),
        }
    }

    /// `[]f`: distributed over conjunctions, and around what does not depend on the place.
    pub(super) fn always(self) -> Ltl {
        match self {
            Ltl::Constant(_) | Ltl::Always(_) => self,
            Ltl::And(parts) => Ltl::and(parts.into_iter().map(Ltl::always)),
            formula if formula.is_of_the_end() => formula,
            Ltl::Or(parts) => {
                let (end, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(Ltl::is_of_the_end);
                // [](<>a \/ <>b) is []<>a \/ []<>b.
                let all_later = rest.iter().all(|part| matches!(part, Ltl::Eventually(_)));
                if all_later || !end.is_empty() {
                    let rest = if all_later { rest } else { vec![Ltl::or(rest)] };
                    return Ltl::or(end.into_iter().chain(rest.into_iter().map(Ltl::always)));
                }
                Ltl::Always(Box::new(Ltl::Or(rest)))
            }
            Ltl::Eventually(inner) if matches!(*inner, Ltl::Always(_)) => Ltl::Eventually(inner),
            formula => Ltl::Always(Box::new(formula)),
        }
    }

    /// `<>f`: distributed over disjunctions, and around what does not depend on the place.
    pub(super) fn eventually(self) -> Ltl {
        self.negated().always().negated()
    }

    /// The negation, in normal form.
    pub(super) fn negated(self) -> Ltl {
        match self {
            Ltl::Constant(truth) => Ltl::Constant(!truth),
            Ltl::Literal { atom, positive } => Ltl::Literal {
                atom,
                positive: !positive,
            },
            Ltl::And(parts) => Ltl::or(parts.into_iter().map(Ltl::negated)),
            Ltl::Or(parts) => Ltl::and(parts.into_iter().map(Ltl::negated)),
            Ltl::Always(inner) => Ltl::Eventually(Box::new(inner.negated())),
            Ltl::Eventually(inner) => Ltl::Always(Box::new(inner.negated())),
        }
    }

    /// Whether it speaks of one place only: no temporal operator.
    pub(super) fn is_now(&self) -> bool {
        match self {
            Ltl::Constant(_) | Ltl::Literal { .. } => true,
            Ltl::And(parts) | Ltl::Or(parts) => parts.iter().all(Ltl::is_now),
            Ltl::Always(_) | Ltl::Eventually(_) => false,
        }
    }

    /// Whether it speaks only of what happens for ever: made of `[]<>` and `<>[]` of what is
    /// [now](Ltl::is_now). It is then true everywhere in a behaviour or nowhere.
    pub(super) fn is_of_the_end(&self) -> bool {
        match self {
            Ltl::Constant(_) => true,
            Ltl::Literal { .. } => false,
            Ltl::And(parts) | Ltl::Or(parts) => parts.iter().all(Ltl::is_of_the_end),
            Ltl::Always(inner) => matches!(&**inner, Ltl::Eventually(now) if now.is_now()),
            Ltl::Eventually(inner) => matches!(&**inner, Ltl::Always(now) if now.is_now()),
        }
    }

    /// The value of what is [now](Ltl::is_now), given that of each atom; what is not counts as
    /// false.
    pub(super) fn holds_now(&self, truth: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Ltl::Constant(value) => *value,
            Ltl::Literal { atom, positive } => truth(*atom) == *positive,
            Ltl::And(parts) => parts.iter().all(|part| part.holds_now(truth)),
            Ltl::Or(parts) => parts.iter().any(|part| part.holds_now(truth)),
            Ltl::Always(_) | Ltl::Eventually(_) => false,
        }
    }

    /// The parts of which it is the conjunction.
    pub(super) fn conjuncts(self) -> Vec<Ltl> {
        match self {
            Ltl::Constant(true) => Vec::new(),
            Ltl::And(parts) => parts,
            formula => vec![formula],
        }
    }

    /// The parts of which it is the disjunction.
    pub(super) fn disjuncts(self) -> Vec<Ltl> {
        match self {
            Ltl::Constant(false) => Vec::new(),
            Ltl::Or(parts) => parts,
            formula => vec![formula],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ltl;

    #[test]
    fn what_is_of_the_end_is_pulled_out() {
        let recurrent = Ltl::atom(0).eventually().always();
        assert!(recurrent.is_of_the_end());
        assert_eq!(recurrent.clone().always(), recurrent);
        assert_eq!(recurrent.clone().eventually(), recurrent);
        let either = Ltl::or([recurrent.clone(), Ltl::atom(1)]).always();
        assert_eq!(either, Ltl::or([recurrent, Ltl::atom(1).always()]));
        let mixed = Ltl::or([Ltl::atom(0), Ltl::atom(1).always()])
            .eventually()
            .always();
        assert!(mixed.is_of_the_end(), "{mixed:?}");
        let persistent = Ltl::atom(0).always().eventually();
        assert_eq!(persistent.clone().always(), persistent);
    }

    #[test]
    fn negation_is_an_involution() {
        let leads = Ltl::or([Ltl::atom(0).negated(), Ltl::atom(1).eventually()]).always();
        assert_eq!(leads.clone().negated().negated(), leads);
        assert_eq!(
            leads.negated(),
            Ltl::Eventually(Box::new(Ltl::and([
                Ltl::atom(0),
                Ltl::atom(1).negated().always()
            ])))
        );
    }
}

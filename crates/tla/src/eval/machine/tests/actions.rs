use super::build::*;
use crate::eval::code::{Enabled, IntOperator, Op, Operand};

fn keep(variables: &[u32]) -> crate::eval::code::Code {
    code(Op::Unchanged(variables.into()))
}

#[test]
fn the_first_of_several_names_varies_fastest() {
    let body = and(vec![equal(primed(0), local(0)), equal(primed(1), local(1))]);
    let binders = vec![bind(&[0, 1], interval(1, 2))];
    let (found, error) =
        Setting::with_variables(&["x", "y"]).successors(&[0, 0], quantified(false, binders, body));
    assert_eq!(found, ["1 1", "2 1", "1 2", "2 2"]);
    assert_eq!(error, None);
}

#[test]
fn what_remains_is_done_for_each_disjunct_until_all_is_assigned() {
    let yes = || equal(int(1), int(1));
    // Before the last assignment a disjunction doubles the successors, after it it does not.
    let before = and(vec![or(vec![yes(), yes()]), equal(primed(0), int(1))]);
    let after = and(vec![equal(primed(0), int(1)), or(vec![yes(), yes()])]);
    let setting = || Setting::with_variables(&["x"]);
    assert_eq!(setting().successors(&[0], before).0, ["1", "1"]);
    assert_eq!(setting().successors(&[0], after).0, ["1"]);
}

#[test]
fn a_second_assignment_is_a_test() {
    let body = and(vec![
        is_in(primed(0), interval(1, 5)),
        is_in(primed(0), interval(3, 9)),
        keep(&[1]),
    ]);
    let (found, _) = Setting::with_variables(&["x", "y"]).successors(&[0, 7], body);
    assert_eq!(found, ["3 7", "4 7", "5 7"]);
}

#[test]
fn a_parameter_stands_for_the_variable_it_is_given() {
    // Set(p) == p = 3 given x', and Put(p) == p' = 4 given y
    let mut setting = Setting::with_variables(&["x", "y"]);
    let set = setting.routine(routine(1, 1, equal(local(0), int(3))));
    let put = equal(code(Op::Prime(Box::new(local(0)))), int(4));
    let put = setting.routine(routine(1, 1, put));
    let body = and(vec![
        call(set, vec![Operand::Lazy(primed(0))]),
        call(put, vec![Operand::Lazy(variable(1))]),
    ]);
    assert_eq!(setting.successors(&[0, 0], body).0, ["3 4"]);
}

#[test]
fn a_variable_without_a_value_is_an_error() {
    let setting = || Setting::with_variables(&["x", "y"]);
    let (_, error) = setting().successors(&[0, 0], equal(primed(0), int(1)));
    assert_eq!(
        error.unwrap(),
        "Successor state is not completely specified by the next-state action. \
         The following variable is not assigned: y."
    );
    let body = equal(primed(0), add(primed(1), int(1)));
    let (_, error) = setting().successors(&[0, 0], body);
    assert_eq!(
        error.unwrap(),
        "In evaluation, the identifier y is either undefined or not an operator."
    );
}

#[test]
fn for_all_is_a_conjunction_that_takes_the_others_from_the_last() {
    // \A i \in 1 .. 3 : x' \in {f(i)} is seen by the order of what each leaves open:
    // each element i chooses between i and 0 for its variable.
    let choice = |index: u32| {
        let number = i64::from(index) + 1;
        or(vec![
            equal(primed(index), int(number)),
            equal(primed(index), int(0)),
        ])
    };
    let is = |number| equal(local(0), int(number));
    let body = if_else(is(1), choice(0), if_else(is(2), choice(1), choice(2)));
    let body = quantified(true, vec![bind(&[0], interval(1, 3))], body);
    let (found, _) = Setting::with_variables(&["x", "y", "z"]).successors(&[9, 9, 9], body);
    assert_eq!(
        found,
        [
            "1 2 3", "1 0 3", "1 2 0", "1 0 0", "0 2 3", "0 0 3", "0 2 0", "0 0 0"
        ]
    );
}

#[test]
fn enabled_looks_for_one_successor_and_leaves_no_trace() {
    let small = code(Op::Int(IntOperator::Less, pair(variable(0), int(3))));
    let step = || and(vec![small, equal(primed(0), add(variable(0), int(1)))]);
    let body = and(vec![
        code(Op::Enabled(Box::new(Enabled {
            shadows: Box::default(),
            action: step(),
        }))),
        equal(primed(0), int(8)),
    ]);
    let (found, error) = Setting::with_variables(&["x"]).successors(&[2], body);
    assert_eq!((found, error), (vec!["8".to_owned()], None));
}

#[test]
fn a_box_action_also_stays_where_it_is() {
    let step = equal(primed(0), add(variable(0), int(1)));
    let boxed = or(vec![step, keep(&[0])]);
    assert_eq!(
        Setting::with_variables(&["x"]).successors(&[2], boxed).0,
        ["3", "2"]
    );
    let step = is_in(primed(0), interval(1, 3));
    let angled = and(vec![step, code(Op::Not(Box::new(keep(&[0]))))]);
    assert_eq!(
        Setting::with_variables(&["x"]).successors(&[2], angled).0,
        ["1", "3"]
    );
}

#[test]
fn an_initial_predicate_assigns_variables_without_primes() {
    let body = and(vec![
        is_in(variable(0), interval(1, 2)),
        or(vec![
            equal(variable(1), add(variable(0), int(10))),
            equal(variable(1), int(0)),
        ]),
    ]);
    assert_eq!(
        Setting::with_variables(&["x", "y"]).initial(body),
        ["1 11", "1 0", "2 12", "2 0"]
    );
}

#[test]
fn a_name_bound_again_while_it_is_in_use_keeps_its_value() {
    // Twice(p) == p /\ p, given (\E i \in 1 .. 2 : (TRUE \/ TRUE) /\ x' = i): the second use
    // binds i while the first is between its disjuncts.
    let mut setting = Setting::with_variables(&["x"]);
    let twice = setting.routine(routine(1, 1, and(vec![local(0), local(0)])));
    let yes = || equal(int(1), int(1));
    let body = and(vec![or(vec![yes(), yes()]), equal(primed(0), local(0))]);
    let operand = quantified(false, vec![bind(&[0], interval(1, 2))], body);
    let body = call(twice, vec![Operand::Lazy(operand)]);
    assert_eq!(setting.successors(&[0], body).0, ["1", "1", "2", "2"]);
}

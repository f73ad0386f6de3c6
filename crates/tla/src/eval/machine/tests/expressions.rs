use super::build::*;
use crate::control::{Control, StopReason};
use crate::eval::code::{ClosureKind, IntOperator, Op, Operand, Operator, RoutineId, Target};
use crate::eval::error::ErrorKind;
use crate::eval::machine::Fault;
use crate::value::Value;

fn shown(result: Result<Value, Fault>) -> String {
    result.unwrap().to_string()
}

#[test]
fn an_operand_that_is_not_used_is_not_evaluated() {
    let mut setting = Setting::default();
    let first = setting.routine(routine(2, 2, local(0)));
    let body = call(first, vec![Operand::Lazy(int(7)), Operand::Lazy(never())]);
    assert_eq!(shown(setting.value(body)), "7");
}

#[test]
fn an_operand_is_evaluated_in_the_frame_it_stands_in() {
    // Twice(a) == a + a; \A x \in 1 .. 3 : Twice(x + 1) = 2 * (x + 1)
    let mut setting = Setting::default();
    let twice = setting.routine(routine(1, 1, add(local(0), local(0))));
    let operand = || add(local(0), int(1));
    let double = code(Op::Int(IntOperator::Multiply, pair(int(2), operand())));
    let body = equal(call(twice, vec![Operand::Lazy(operand())]), double);
    let body = quantified(true, vec![bind(&[0], interval(1, 3))], body);
    assert_eq!(shown(setting.value(body)), "TRUE");
}

#[test]
fn a_definition_kept_for_one_state_is_not_used_for_the_next() {
    // LET d == x IN d = 1 /\ d' = 2 /\ d = 1
    let setting = Setting::with_variables(&["x"]);
    let d = || local(0);
    let body = and(vec![
        equal(d(), int(1)),
        equal(code(Op::Prime(Box::new(d()))), int(2)),
        equal(d(), int(1)),
    ]);
    let body = code(Op::Let([(0, variable(0))].into(), Box::new(body)));
    assert!(setting.holds_of(&[1], &[2], body).unwrap());
}

/// `F(n) == IF n = 0 THEN 0 ELSE 1 + F(n - 1)` of an argument; without end if `n` grows.
fn count_down(setting: &mut Setting, by: i64, from: i64) -> crate::eval::code::Code {
    let again = call(0, vec![Operand::Lazy(add(local(0), int(by)))]);
    let body = if_else(equal(local(0), int(0)), int(0), add(int(1), again));
    let id = setting.routine(routine(1, 1, body));
    call(id, vec![Operand::Lazy(int(from))])
}

#[test]
fn deep_recursion_works() {
    let mut setting = Setting::default();
    let body = count_down(&mut setting, -1, 10_000);
    assert_eq!(shown(setting.value(body)), "10000");
}

#[test]
fn endless_recursion_is_an_error_with_a_bounded_trace() {
    let mut setting = Setting::default();
    let body = count_down(&mut setting, 1, 1);
    let fault = setting.value(body).unwrap_err();
    assert!(matches!(fault.kind, ErrorKind::StackExhausted), "{fault:?}");
    assert_eq!(fault.calls.len(), 32);
    assert!(fault.calls_left_out > 1_000);
}

#[test]
fn a_loop_is_stopped() {
    let control = Control::new();
    control.stop(StopReason::Time);
    let body = quantified(
        true,
        vec![bind(&[0], interval(1, 100_000_000))],
        equal(local(0), local(0)),
    );
    let result =
        Setting::default().run_controlled(body, &control, |machine, entry| machine.constant(entry));
    let fault = result.unwrap_err();
    assert!(
        matches!(fault.kind, ErrorKind::Stopped(StopReason::Time)),
        "{fault:?}"
    );
}

#[test]
fn a_recursive_function_of_infinite_domain_is_applied() {
    // sum[n \in Nat] == IF n = 0 THEN 0 ELSE n + sum[n + -1]; sum[1000]
    let mut setting = Setting::default();
    let again = apply(local(1), add(local(0), int(-1)));
    let body = if_else(equal(local(0), int(0)), int(0), add(local(0), again));
    let kind = ClosureKind::RecursiveFunction { itself: 1 };
    let function = setting.closure(kind, code(Op::Value(Value::nat_set())), body);
    assert_eq!(shown(setting.value(apply(function, int(1000)))), "500500");
}

#[test]
fn a_recursive_function_remembers_its_values() {
    // fib of 80 would not end without memory.
    let mut setting = Setting::default();
    let before = |by| apply(local(1), add(local(0), int(by)));
    let small = code(Op::Int(IntOperator::Less, pair(local(0), int(2))));
    let body = if_else(small, local(0), add(before(-1), before(-2)));
    let kind = ClosureKind::RecursiveFunction { itself: 1 };
    let function = setting.closure(kind, code(Op::Value(Value::nat_set())), body);
    assert_eq!(
        shown(setting.value(apply(function, int(80)))),
        "23416728348467685"
    );
}

fn fails_for_two(setting: &mut Setting) -> crate::eval::code::Code {
    let body = if_else(equal(local(0), int(2)), never(), add(local(0), int(10)));
    setting.closure(ClosureKind::Function, interval(1, 3), body)
}

#[test]
fn a_function_fails_only_where_it_is_asked() {
    let mut setting = Setting::default();
    let function = fails_for_two(&mut setting);
    assert_eq!(shown(setting.value(apply(function, int(3)))), "13");
    let mut setting = Setting::default();
    let function = fails_for_two(&mut setting);
    let fault = setting.value(apply(function, int(2))).unwrap_err();
    assert_eq!(fault.to_string(), "was evaluated");
    let mut setting = Setting::default();
    let function = fails_for_two(&mut setting);
    let fault = setting.value(apply(function, int(4))).unwrap_err();
    assert!(fault.to_string().contains("not in the domain"), "{fault}");
}

#[test]
fn a_filter_of_an_infinite_set_has_members() {
    for (element, truth) in [(4, "TRUE"), (-4, "FALSE"), (11, "FALSE")] {
        let mut setting = Setting::default();
        let small = code(Op::Int(IntOperator::Less, pair(local(0), int(10))));
        let nat = code(Op::Value(Value::nat_set()));
        let filter = setting.closure(ClosureKind::Filter, nat, small);
        let body = code(Op::Let(
            [(2, filter)].into(),
            Box::new(is_in(int(element), local(2))),
        ));
        assert_eq!(shown(setting.value(body)), truth);
    }
}

#[test]
fn choose_takes_the_first_or_fails() {
    let choose = |limit| {
        code(Op::Choose {
            target: Target::Slot(0),
            domain: Some(Box::new(interval(1, 9))),
            body: Box::new(code(Op::Int(
                IntOperator::Greater,
                pair(local(0), int(limit)),
            ))),
        })
    };
    assert_eq!(shown(Setting::default().value(choose(4))), "5");
    let fault = Setting::default().value(choose(9)).unwrap_err();
    assert!(matches!(fault.kind, ErrorKind::ChooseEmpty), "{fault:?}");
}

#[test]
fn operators_inside_others_find_the_names_around_them() {
    // Outer(a) == LET Inner(b) == a + b IN Apply(Inner)  with  Apply(F(_)) == F(5)
    let mut setting = Setting::default();
    let param = crate::eval::code::Local { depth: 0, slot: 0 };
    let applied = code(Op::CallParam(param, [Operand::Lazy(int(5))].into()));
    let apply = setting.routine(routine(1, 1, applied));
    let inner = setting.routine(routine(1, 1, add(outer(1, 0), local(0))));
    let operator = Operator::Nested {
        routine: RoutineId(inner),
        depth: 0,
    };
    let outer = setting.routine(routine(
        1,
        1,
        call(apply, vec![Operand::Operator(operator)]),
    ));
    let body = call(outer, vec![Operand::Lazy(int(37))]);
    assert_eq!(shown(setting.value(body)), "42");
}

#[test]
fn a_condition_that_is_no_truth_value_is_an_error() {
    let body = if_else(int(3), int(1), int(2));
    let fault = Setting::default().value(body).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "A non-boolean expression (3) was used as the condition of an IF."
    );
}

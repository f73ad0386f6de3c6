//! Which attempts to make next, as a table.

use horizon::design::{Answer, Plan, Width};

use super::TextTable;
use crate::figure::human_time;

/// A plan as text: `subject` is what it narrows, `unit` that of its costs.
pub fn plan_report(plan: &Plan, subject: &str, unit: &str) -> String {
    let mut table = TextTable::new([
        "model",
        "task",
        "human time",
        "chance",
        "runs",
        "add",
        "gain",
        unit,
    ]);
    for suggestion in &plan.suggestions {
        table.row([
            suggestion.agent.clone(),
            suggestion.task.clone(),
            human_time::format_minutes(suggestion.human_minutes),
            format!("{:.0} %", suggestion.chance * 100.0),
            suggestion.runs.to_string(),
            suggestion.attempts.to_string(),
            format!("{:.2} %", suggestion.gain * 100.0),
            cost(suggestion.cost),
        ]);
    }
    format!(
        "{table}\n{} attempts, {} {unit}, take the 95 % interval of {subject} from {} to {}, as expected.\n\
         Gain is the share of the present variance that goes; widths are first-order ones, somewhat \
         narrower than the bootstrap's.\n",
        plan.attempts,
        cost(plan.cost),
        width(plan.before),
        width(plan.after),
    )
}

/// What it takes to reach an interval of `ratio`, as text.
pub fn reach_report(answer: &Answer, ratio: f64, subject: &str, unit: &str) -> String {
    match answer {
        Answer::Reached(plan) if plan.attempts == 0 => format!(
            "The 95 % interval of {subject} is {} already; no attempt is needed.\n",
            width(plan.before)
        ),
        Answer::Reached(plan) => plan_report(plan, subject, unit),
        Answer::OutOfReach(reach) => {
            let further = |count: Option<u64>| {
                count.map_or("an unknown number of".into(), |count| count.to_string())
            };
            format!(
                "No number of attempts at these tasks narrows the 95 % interval of {subject} to a ratio of \
                 {ratio}: it is {}, and {} would remain, since these tasks are few.\n\
                 It takes {} further tasks in families like these, attempted as often, or {} attempted \
                 without end.\n",
                width(reach.before),
                width(reach.floor),
                further(reach.further_tasks),
                further(reach.further_tasks_at_floor),
            )
        }
    }
}

/// `a ratio of 12.3`.
fn width(width: Width) -> String {
    match width.ratio {
        Some(ratio) => format!("a ratio of {ratio:.2}"),
        None => "no bounds at all".into(),
    }
}

/// A cost with three digits that count.
fn cost(cost: f64) -> String {
    match cost {
        cost if cost >= 100.0 => format!("{cost:.0}"),
        cost if cost >= 1.0 => format!("{cost:.1}"),
        cost => format!("{cost:.3}"),
    }
}

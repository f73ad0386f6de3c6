//! How many runs a design saves, by a replay of METR's runs of seven agents.
//!
//! Prints, for budgets of so many runs (or human minutes) in units of one run at every task, the
//! error of p50 and the part of its interval that comes of runs, and how much of a budget a design
//! needs to come as far: about half of what even runs need beyond the first round, and about a tenth
//! where a run costs its task's human minutes. Run with `cargo bench -p horizon --bench design`.

#[allow(
    clippy::unwrap_used,
    reason = "reads test data, and ends if that is not there"
)]
#[path = "../tests/metr/mod.rs"]
mod metr;

#[allow(
    clippy::unwrap_used,
    reason = "replays test data, and ends if that does not hold what it should"
)]
#[path = "../tests/saving/mod.rs"]
mod saving;

use saving::{Cost, Figure, Rule, Study, budget_for};

/// Those with seven runs or more at most tasks.
const AGENTS: [&str; 7] = [
    "Claude 3 Opus",
    "Claude 3.5 Sonnet (New)",
    "Claude 3.5 Sonnet (Old)",
    "GPT-4 Turbo",
    "GPT-4o",
    "o1",
    "o1-preview",
];
const SEEDS: u64 = 40;

fn main() {
    let dataset = metr::dataset();
    let costs: [(&str, Cost); 2] = [("runs", |_| 1.0), ("human minutes", |minutes| minutes)];
    for (unit, cost) in costs {
        let study = Study {
            agents: AGENTS.map(str::to_owned).to_vec(),
            seeds: SEEDS,
            budgets: (10..=50).map(|tenths| f64::from(tenths) / 10.0).collect(),
            cost,
        };
        let [design, even, random] = [Rule::Design, Rule::Even, Rule::Random]
            .map(|rule| saving::replay(&dataset, &study, rule));
        println!("Budget in {unit}, 1 = one run at every task; {SEEDS} replays of each agent.");
        let figures: [(&str, Figure); 2] = [
            ("ln RMSE of p50", |point| point.error),
            ("ln width by runs", |point| point.run_width),
        ];
        for (name, figure) in figures {
            println!("{name:<18}  design    even  random   design needs, beyond the first round");
            for index in (5..study.budgets.len()).step_by(5) {
                let budget = study.budgets[index];
                let [here, evenly, randomly] =
                    [&design, &even, &random].map(|points| figure(&points[index]));
                let needed = |value| match budget_for(&design, figure, value) {
                    Some(needed) => {
                        format!("{:.0} %", 100.0 * (needed - 1.0) / (budget - 1.0))
                    }
                    None => "more".to_owned(),
                };
                println!(
                    "{budget:>18.1}  {here:>6.3}  {evenly:>6.3}  {randomly:>6.3}   \
                     {} of even, {} of random",
                    needed(evenly),
                    needed(randomly)
                );
            }
        }
        println!();
    }
}

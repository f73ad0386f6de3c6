//! Designs on METR's runs: variances against an independent computation and the bootstrap, plans
//! against what they promise, and a short replay.

#[cfg(test)]
mod metr;
#[cfg(test)]
#[allow(dead_code)] // The bench prints more of it.
mod saving;

use horizon::design::{Answer, Basis, Candidate, DesignError, Plan};
use horizon::trend::{ShortHorizons, TrendError};
use horizon::{Dataset, Design, Lambda, Run, Settings, Target, Weighting, Window, analyse, trend};
use proptest::prelude::*;
use saving::{Rule, Study};

/// METR's agents with a falling curve and more than a handful of successes, and their release
/// days, from 1970-01-01.
const AGENTS: [(&str, f64); 8] = [
    ("GPT-4 0314", 19_430.0),
    ("Claude 3 Opus", 19_786.0),
    ("GPT-4 Turbo", 19_822.0),
    ("GPT-4o", 19_856.0),
    ("Claude 3.5 Sonnet (Old)", 19_894.0),
    ("o1-preview", 19_978.0),
    ("Claude 3.5 Sonnet (New)", 20_018.0),
    ("o1", 20_062.0),
];

#[cfg(test)]
fn design_for(dataset: &Dataset, target: &Target) -> Result<Design, DesignError> {
    Design::new(dataset, Weighting::default(), Lambda::default(), target)
}

#[cfg(test)]
fn design_of(dataset: &Dataset, agent: &str, probability: f64) -> Design {
    let agent = dataset.agent_index(agent).unwrap();
    design_for(dataset, &Target::Horizon { agent, probability }).unwrap()
}

#[cfg(test)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "costs may be absent; this one never is"
)]
fn each(_: &Candidate<'_>) -> Option<f64> {
    Some(1.0)
}

/// Runs at `lengths` tasks of 1, 2, 4, … minutes in two families, with so many successes each.
#[cfg(test)]
fn runs_of(agent: &str, runs: usize, successes: &[usize]) -> Vec<Run> {
    let at = |(task, &successes): (usize, &usize)| {
        let run = move |run: usize| (task, run < successes);
        (0..runs).map(run).collect::<Vec<_>>()
    };
    let run = |(task, success): (usize, bool)| Run {
        agent: agent.to_owned(),
        task: format!("{}/{task}", task % 2),
        family: format!("{}", task % 2),
        human_minutes: (task as f64).exp2(),
        success: f64::from(u8::from(success)),
    };
    successes.iter().enumerate().flat_map(at).map(run).collect()
}

#[test]
fn components_equal_an_independent_computation() {
    // numpy: Newton's method to 1e-10, the inverse of H, and the sums over families of the module's
    // documentation; families, tasks, runs.
    let expected = [
        (
            "Claude 3 Opus",
            0.5,
            [0.540655282, 0.074315900, 0.026888592],
        ),
        (
            "Claude 3 Opus",
            0.8,
            [1.413924971, 0.254606897, 0.097252277],
        ),
        (
            "Claude 3.5 Sonnet (New)",
            0.5,
            [0.278365061, 0.037968117, 0.009696120],
        ),
        (
            "Claude 3.5 Sonnet (New)",
            0.8,
            [0.730646287, 0.167070138, 0.030800857],
        ),
    ];
    let dataset = metr::dataset();
    for (agent, probability, [families, tasks, runs]) in expected {
        let found = design_of(&dataset, agent, probability).components();
        for (found, expected) in [
            (found.families, families),
            (found.tasks, tasks),
            (found.runs, runs),
        ] {
            assert!(
                metr::relative(found, expected) < 1e-6,
                "{agent}, {probability}: {found} instead of {expected}"
            );
        }
    }
}

#[test]
fn widths_agree_with_the_bootstrap_up_to_its_skew() {
    let dataset = metr::dataset();
    let settings = Settings {
        replicates: 2_000,
        ..Settings::default()
    };
    let analysis = analyse(&dataset, &settings).unwrap();
    for (agent, _) in AGENTS {
        let position = dataset.agent_index(agent).unwrap();
        let interval = analysis
            .bootstrap
            .replicated(position, 0.5)
            .interval
            .unwrap();
        let (low, high) = (
            interval.low.minutes().unwrap(),
            interval.high.minutes().unwrap(),
        );
        let predicted = design_of(&dataset, agent, 0.5).width().ratio.unwrap().ln();
        let share = predicted / (high / low).ln();
        println!("{agent}: predicted ln width {predicted:.3}, share of the bootstrap's {share:.3}");
        // Replicates with flat curves stretch an interval far to one side. o1's curve is the
        // flattest of all.
        let least = if agent == "o1" { 0.65 } else { 0.8 };
        assert!((least..1.0).contains(&share), "{agent}: {share}");
    }
}

#[cfg(test)]
fn further_of(dataset: &Dataset, plan: &Plan) -> Vec<usize> {
    let planned = |name: &str| {
        let same = plan
            .suggestions
            .iter()
            .filter(|suggestion| suggestion.task == name);
        same.map(|suggestion| suggestion.attempts).sum()
    };
    dataset
        .tasks()
        .iter()
        .map(|task| planned(&task.name))
        .collect()
}

#[test]
fn a_plan_keeps_what_it_says() {
    let dataset = metr::dataset();
    let design = design_of(&dataset, "GPT-4o", 0.8);
    let plan = design.next(40, each).unwrap();
    assert_eq!(plan.attempts, 40);
    assert!((plan.cost - 40.0).abs() < 1e-9);
    let after = design.width_after(&[further_of(&dataset, &plan)]);
    assert!((after.ln_standard_deviation / plan.after.ln_standard_deviation - 1.0).abs() < 1e-12);
    let variance = |width: horizon::design::Width| width.ln_standard_deviation.powi(2);
    let gain: f64 = plan
        .suggestions
        .iter()
        .map(|suggestion| suggestion.gain)
        .sum();
    let kept = variance(plan.after) / variance(plan.before);
    assert!((1.0 - gain - kept).abs() < 1e-12);
    // As many attempts in another place gain less.
    let even: Vec<usize> = (0..dataset.tasks().len())
        .map(|task| usize::from(task < 40))
        .collect();
    assert!(variance(design.width_after(&[even])) > variance(plan.after));
    // Nothing that can be afforded, nothing planned.
    let nothing = design.next(10, |_| None).unwrap();
    assert_eq!((nothing.attempts, nothing.suggestions.len()), (0, 0));
    assert_eq!(nothing.before, design.width());
}

#[test]
fn cost_moves_attempts_to_where_they_are_cheap() {
    let dataset = metr::dataset();
    let design = design_of(&dataset, "o1", 0.5);
    let mean_minutes = |plan: &Plan| {
        let minutes = |s: &horizon::design::Suggestion| s.human_minutes * s.attempts as f64;
        plan.suggestions.iter().map(minutes).sum::<f64>() / plan.attempts as f64
    };
    let by_run = design.next(30, each).unwrap();
    let by_minute = design
        .next(30, |candidate| Some(candidate.human_minutes))
        .unwrap();
    assert!(mean_minutes(&by_minute) < mean_minutes(&by_run) / 2.0);
    let error = design.next(1, |_| Some(0.0)).unwrap_err();
    assert!(
        matches!(error, DesignError::Cost { cost: 0.0, .. }),
        "{error}"
    );
}

#[test]
fn attempts_reach_a_width_or_the_floor_is_named() {
    let dataset = metr::dataset();
    let design = design_of(&dataset, "o1-preview", 0.5);
    let now = design.width().ratio.unwrap();
    let Answer::Reached(already) = design.attempts_for(now * 1.01, each).unwrap() else {
        panic!("the present width is reached");
    };
    assert_eq!(already.attempts, 0);
    let Answer::Reached(plan) = design.attempts_for(now * 0.99, each).unwrap() else {
        panic!("a few attempts reach 99 % of the width");
    };
    assert!(plan.after.ratio.unwrap() <= now * 0.99);
    let one_less = design.next(plan.attempts - 1, each).unwrap();
    assert!(one_less.after.ratio.unwrap() > now * 0.99);
    let Answer::OutOfReach(out) = design.attempts_for(1.5, each).unwrap() else {
        panic!("what tasks differ by remains");
    };
    assert!(out.floor.ratio.unwrap() > 1.5 && out.floor.ratio.unwrap() < now);
    // Widths fall with the root of the number of tasks.
    let shrink = (1.5_f64.ln() / out.before.ratio.unwrap().ln()).powi(-2);
    let expected = 82.0 * (shrink - 1.0);
    assert!((out.further_tasks.unwrap() as f64 - expected).abs() < 1.0 + 1e-6);
    assert!(out.further_tasks_at_floor < out.further_tasks);
    for ratio in [1.0, 0.5, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            design.attempts_for(ratio, each),
            Err(DesignError::Ratio(_))
        ));
    }
}

#[test]
fn untried_tasks_are_chosen_once_runs_help_no_more() {
    // Rates far off any curve: what tasks differ by is most of the variance.
    let mut runs = runs_of("new", 40, &[40, 40, 12, 40, 0, 0, 4, 28, 2, 0]);
    runs.retain(|run| run.task != "0/4" && run.task != "1/5");
    runs.extend(runs_of("old", 2, &[2, 2, 1, 1, 0, 1, 0, 0, 0, 0]));
    let dataset = Dataset::new(runs).unwrap();
    let mut design = design_of(&dataset, "new", 0.5);
    design.add_task("0/own", "0", 24.0).unwrap();
    let plan = design.next(20, each).unwrap();
    let untried: Vec<&str> = plan
        .suggestions
        .iter()
        .filter(|suggestion| suggestion.runs == 0)
        .map(|suggestion| suggestion.task.as_str())
        .collect();
    for task in ["0/4", "0/own", "1/5"] {
        assert!(untried.contains(&task), "{plan:?}");
    }
    // New tasks take the interval to where no number of runs at the old ones would.
    let old_tasks = |candidate: &Candidate<'_>| (candidate.runs >= 40).then_some(1.0);
    let Answer::OutOfReach(out) = design.attempts_for(1.1, old_tasks).unwrap() else {
        panic!("tasks so different leave a wide interval");
    };
    assert!(plan.after.ln_standard_deviation < out.floor.ln_standard_deviation);
    assert_eq!(
        design.add_task("0/own", "0", 24.0),
        Err(DesignError::KnownTask("0/own".to_owned()))
    );
    assert!(matches!(
        design.add_task("own/2", "own", 0.0),
        Err(DesignError::Minutes { .. })
    ));
}

#[test]
fn agents_without_a_curve_are_planned_from_an_assumed_one() {
    let dataset = metr::dataset();
    let design = design_of(&dataset, "davinci-002", 0.5);
    assert!(matches!(design.bases().next(), Some(Basis::Shrunk { .. })));
    // Sixty-eight failures look alike to a bootstrap, but do not tell where a horizon is.
    assert!(design.components().total() < 0.1 * design.width().ln_standard_deviation.powi(2));
    assert!(design.width().ratio.unwrap() > 10.0, "{:?}", design.width());
    let plan = design.next(5, each).unwrap();
    assert_eq!(plan.attempts, 5);
    let one = Dataset::new(runs_of("one", 1, &[1])).unwrap();
    let design = design_of(&one, "one", 0.5);
    assert!(
        design
            .next(3, each)
            .unwrap()
            .after
            .ln_standard_deviation
            .is_finite()
    );
}

#[test]
fn the_doubling_time_is_narrowed_at_both_ends_of_the_trend() {
    let dataset = metr::dataset();
    let settings = Settings {
        replicates: 2_000,
        ..Settings::default()
    };
    let analysis = analyse(&dataset, &settings).unwrap();
    let day_of = |name: &str| AGENTS.iter().find(|(agent, _)| *agent == name).map(|a| a.1);
    let trend = trend(
        &analysis.releases(0.5, day_of),
        Window::default(),
        ShortHorizons::LeaveOut,
    )
    .unwrap();
    let releases: Vec<(usize, f64)> = trend
        .fitted()
        .map(|agent| (dataset.agent_index(agent).unwrap(), day_of(agent).unwrap()))
        .collect();
    let target = Target::DoublingTime {
        releases,
        probability: 0.5,
    };
    let design = design_for(&dataset, &target).unwrap();
    let interval = trend.doubling_interval.unwrap();
    let share = design.width().ratio.unwrap().ln() / (interval.high_days / interval.low_days).ln();
    println!(
        "doubling time: predicted {:?}, share {share:.3}",
        design.width()
    );
    assert!((0.7..1.2).contains(&share), "{share}");
    let plan = design.next(60, each).unwrap();
    let attempts = |agent: &str| -> usize {
        let of_agent = plan
            .suggestions
            .iter()
            .filter(|suggestion| suggestion.agent == agent);
        of_agent.map(|suggestion| suggestion.attempts).sum()
    };
    let ends = attempts("GPT-4 0314") + attempts("o1");
    println!(
        "GPT-4 0314 {}, o1 {}",
        attempts("GPT-4 0314"),
        attempts("o1")
    );
    assert!(ends > 45, "{ends} of 60");
}

#[test]
fn impossible_targets_are_refused() {
    let dataset = metr::dataset();
    let refused = |target| design_for(&dataset, &target).unwrap_err();
    assert_eq!(
        refused(Target::Horizon {
            agent: 99,
            probability: 0.5
        }),
        DesignError::Agent {
            agent: 99,
            agents: 11
        }
    );
    assert_eq!(
        refused(Target::Horizon {
            agent: 0,
            probability: 1.0
        }),
        DesignError::Probability(1.0)
    );
    let trend = |releases| Target::DoublingTime {
        releases,
        probability: 0.5,
    };
    assert_eq!(
        refused(trend(vec![])),
        TrendError::TooFewPoints { found: 0 }.into()
    );
    let (o1, opus) = (
        dataset.agent_index("o1").unwrap(),
        dataset.agent_index("Claude 3 Opus").unwrap(),
    );
    assert_eq!(
        refused(trend(vec![(o1, 0.0), (opus, 100.0)])),
        DesignError::NotGrowing
    );
}

#[test]
fn a_design_comes_further_than_even_runs() {
    let dataset = metr::dataset();
    let study = Study {
        agents: vec!["GPT-4o".to_owned(), "o1-preview".to_owned()],
        seeds: 4,
        budgets: vec![1.0, 1.25, 1.5, 2.0],
        cost: |_| 1.0,
    };
    let [design, even, random] =
        [Rule::Design, Rule::Even, Rule::Random].map(|rule| saving::replay(&dataset, &study, rule));
    assert_eq!(design[0].run_width.to_bits(), even[0].run_width.to_bits());
    assert!(
        design[3].run_width < 0.95 * even[3].run_width,
        "{design:?} {even:?}"
    );
    assert!(even[3].run_width < random[3].run_width);
    let needed = saving::budget_for(&design, |point| point.run_width, even[3].run_width);
    assert!(needed.is_some_and(|needed| needed < 2.0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_dataset_has_a_plan_whose_attempts_all_help(
        counts in prop::collection::vec(0..4_usize, 1..8),
        none in prop::bool::ANY,
        lambda in prop::sample::select(vec![Lambda::NONE, Lambda::default(), Lambda::METR_TH1_0]),
        weighting in prop::sample::select(vec![Weighting::Equal, Weighting::InverseSqrtFamily]),
    ) {
        let mut runs = runs_of("a", 3, &counts);
        if none {
            runs.retain(|run| run.task != "0/0");
        }
        runs.extend(runs_of("b", 1, &[1; 8]));
        let dataset = Dataset::new(runs).unwrap();
        let target = Target::Horizon { agent: 0, probability: 0.5 };
        let design = Design::new(&dataset, weighting, lambda, &target).unwrap();
        let plan = design.next(12, each).unwrap();
        let mut width = plan.before.ln_standard_deviation;
        prop_assert!(width.is_finite());
        for attempts in 1..=plan.attempts {
            let after = design.next(attempts, each).unwrap().after.ln_standard_deviation;
            prop_assert!(after < width, "{} after {}", after, width);
            width = after;
        }
        prop_assert!(plan.suggestions.iter().all(|suggestion| suggestion.gain > 0.0));
        let json = serde_json::to_value(&plan).unwrap();
        prop_assert!(json["after"]["ln_standard_deviation"].as_f64().is_some());
    }
}

//! Uncertain human times of METR's January 2025 snapshot.

#[cfg(test)]
mod metr;

use horizon::human_time::censored::{Baselines, CensoredEstimate, SpreadSource, censored_times};
use horizon::human_time::noise::{noise_effects, noisy_bootstrap};
use horizon::human_time::reliance::reliance;
use horizon::human_time::simex::{SimexSettings, simex};
use horizon::human_time::{HumanTimes, Kind, NoiseSettings, Pooling};
use horizon::observe::fit_agent;
use horizon::{Bootstrap, Lambda, Weighting};
use metr::{baselines, dataset, evidence, measured, relative};

#[test]
fn spreads_are_those_of_metr() {
    let settings = NoiseSettings {
        pooling: Pooling::Metr,
        ..NoiseSettings::default()
    };
    let times = HumanTimes::new(&dataset(), &measured(), settings).unwrap();
    // Printed by METR's find_baseline_time_se on the same runs.
    let spread = times.baseline_spread.unwrap();
    assert!(relative(spread.ln_sd, 0.854_377_606_594_230_7) < 1e-12);
    assert_eq!((spread.tasks, spread.baselines), (29, 107));
    let mut distinct: Vec<f64> = times.tasks.iter().map(|task| task.ln_sd).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let expected = [
        0.284793, 0.302068, 0.322924, 0.427189, 0.493275, 0.604136, 0.854378, 1.208272,
    ];
    assert_eq!(distinct.len(), expected.len());
    for (found, expected) in distinct.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
    assert_eq!(
        times
            .tasks
            .iter()
            .filter(|task| task.kind == Kind::Unknown)
            .count(),
        9
    );
    let within = HumanTimes::new(&dataset(), &measured(), NoiseSettings::default()).unwrap();
    assert!(
        relative(
            within.baseline_spread.unwrap().ln_sd,
            0.995_991_169_979_823_8
        ) < 1e-12
    );
}

/// Expected: scipy's L-BFGS-B with gradients on the log-likelihood in Olsen's parameters μ/σ and
/// 1/σ, to a gradient below 2e-7.
#[test]
fn failed_baselines_lengthen_tasks_as_scipy_says() {
    let tasks: Vec<Baselines> = baselines()
        .into_iter()
        .map(|(task, (succeeded_minutes, failed_minutes))| Baselines {
            task,
            succeeded_minutes,
            failed_minutes,
        })
        .collect();
    let times = censored_times(&tasks, SpreadSource::MaximumLikelihood).unwrap();
    assert!(relative(times.ln_sd, 0.755_634_555_588_838_1) < 1e-7);
    for (name, minutes, ratio) in [
        ("ai_rd_fix_embedding/main", 844.818_453_427, 1.283_580_887_7),
        ("ai_rd_triton_cumsum/main", 788.844_155_413, 1.646_856_272_8),
        (
            "data_deduplication/c4_pairs_1m",
            1_306.398_958_29,
            3.628_885_995_3,
        ),
        ("gaia/0a3cd321", 71.229_304_73, 7.122_930_473),
    ] {
        let task = times.tasks.iter().find(|task| task.task == name).unwrap();
        let CensoredEstimate::Found {
            minutes: found,
            ratio: found_ratio,
            ..
        } = task.estimate
        else {
            panic!("{task:?}");
        };
        assert!(relative(found, minutes) < 1e-6, "{task:?}");
        assert!(relative(found_ratio, ratio) < 1e-6, "{task:?}");
    }
    let censored = |task: &&_| {
        let task: &horizon::human_time::censored::CensoredTime = task;
        matches!(task.estimate, CensoredEstimate::AllCensored { .. })
    };
    assert_eq!(times.tasks.iter().filter(censored).count(), 9);
}

/// p50 and p80 in minutes after SIMEX, by numpy: Newton's method written out, 400 other draws, a
/// quadratic by polyfit. Draws make the two differ by a few per cent.
const EXPECTED_SIMEX: [(&str, f64, f64); 8] = [
    ("Claude 3 Opus", 7.357, 0.984),
    ("Claude 3.5 Sonnet (New)", 62.350, 7.619),
    ("Claude 3.5 Sonnet (Old)", 27.580, 3.659),
    ("GPT-4 0314", 6.675, 1.122),
    ("GPT-4 Turbo", 6.479, 0.829),
    ("GPT-4o", 11.199, 1.244),
    ("o1", 46.729, 2.359),
    ("o1-preview", 36.914, 5.680),
];

/// Noise makes curves flatter and intervals wider; SIMEX makes curves steeper.
#[test]
fn noise_and_its_correction_go_opposite_ways() {
    let dataset = dataset();
    let times = HumanTimes::new(&dataset, &evidence(), NoiseSettings::default()).unwrap();
    let (weighting, lambda) = (Weighting::default(), Lambda::default());
    let plain = Bootstrap::new(&dataset, weighting, lambda, 400, 42);
    let noisy = noisy_bootstrap(&dataset, &times, weighting, lambda, 400, 42).unwrap();
    let settings = SimexSettings {
        draws: 100,
        ..SimexSettings::default()
    };
    let corrected = simex(&dataset, &times, weighting, lambda, &settings).unwrap();
    let effects = noise_effects(&dataset, &plain, &noisy, 0.5);
    let mut compared = 0;
    for (agent, found) in corrected.iter().enumerate() {
        if ["davinci-002", "gpt-3.5-turbo-instruct"].contains(&found.agent.as_str()) {
            continue;
        }
        compared += 1;
        let flatter = |agent| -> f64 {
            let pairs = plain.curves(agent).iter().zip(noisy.curves(agent));
            let differences =
                pairs.filter_map(|(a, b)| Some(b.as_ref()?.slope - a.as_ref()?.slope));
            let differences: Vec<f64> = differences.collect();
            differences.iter().sum::<f64>() / differences.len() as f64
        };
        assert!(flatter(agent) > 0.0, "{}", found.agent);
        let slope = found.plain.curve().unwrap().slope;
        assert!(found.corrected.unwrap().slope < slope, "{found:?}");
        assert!(effects[agent].with_noise.is_some());
        let Some(expected) = EXPECTED_SIMEX.iter().find(|row| row.0 == found.agent) else {
            continue;
        };
        for (probability, minutes) in [(0.5, expected.1), (0.8, expected.2)] {
            let horizon = found.horizon(probability).minutes().unwrap();
            assert!(
                (horizon / minutes).ln().abs() < 0.15,
                "{expected:?} {horizon}"
            );
        }
    }
    assert_eq!(compared, 9);
    let widened = effects
        .iter()
        .filter(|effect| effect.widening_doublings > Some(0.0));
    assert!(widened.count() >= 7, "{effects:?}");
}

#[test]
fn reliance_adds_up_for_every_agent() {
    let dataset = dataset();
    let times = HumanTimes::new(&dataset, &evidence(), NoiseSettings::default()).unwrap();
    for agent in 0..dataset.agents().len() {
        let fit = fit_agent(&dataset, agent, Weighting::default(), Lambda::default());
        let found = reliance(&dataset, agent, Weighting::default(), &fit, &times).unwrap();
        let kinds = [found.measured, found.estimated, found.unknown];
        assert_eq!(
            kinds.iter().map(|share| share.tasks).sum::<usize>(),
            found.tasks
        );
        let weight: f64 = kinds.iter().map(|share| share.weight).sum();
        assert!((weight - 1.0).abs() < 1e-9);
        let kind = |task: usize| times.tasks[task].kind;
        let estimates = dataset
            .tried(agent)
            .filter(|&task| kind(task) == Kind::Estimated);
        assert_eq!(found.estimated.tasks, estimates.count());
        if fit.curve().is_some() {
            let information: f64 = kinds.iter().filter_map(|share| share.information).sum();
            assert!((information - 1.0).abs() < 1e-9);
        }
    }
}

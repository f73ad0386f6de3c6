//! The multiverse of METR's January 2025 snapshot against METR's own.

#[cfg(test)]
mod metr;

use horizon::human_time::{HumanTimes, NoiseSettings, Pooling};
use horizon::multiverse::{MultiverseSettings, Through, Varied, multiverse};
use horizon::trend::ShortHorizons;
use horizon::{Lambda, Weighting, Window};
use metr::{dataset, day_of, measured, number, relative, table};

/// Source by source, the slopes of METR's 200 universes and of ours are compared by the two-sample
/// Kolmogorov–Smirnov test. Its critical value 1.949·√((n + m)/nm) rejects equal distributions once
/// in a thousand. METR varies more than its names say: tasks and runs come with weighting, penalty
/// and agents.
#[test]
fn the_multiverse_spreads_as_metrs_does() {
    let dataset = dataset();
    let noise = NoiseSettings {
        pooling: Pooling::Metr,
        ..NoiseSettings::default()
    };
    let times = HumanTimes::new(&dataset, &measured(), noise).unwrap();
    let lambda = |value| Lambda::new(value).unwrap();
    let settings = MultiverseSettings {
        weightings: vec![Weighting::Equal, Weighting::InverseSqrtFamily],
        lambdas: [0.2, 0.1, 0.05, 0.02, 0.01].map(lambda).to_vec(),
        base_lambda: Lambda::METR_TH1_0,
        window: Window {
            from_day: Some(19_358.0),
            before_day: None,
        },
        through: Through::Everyone,
        short_horizons: ShortHorizons::Raise,
        universes: 400,
        ..MultiverseSettings::default()
    };
    let models = Varied {
        agents: true,
        ..Varied::default()
    };
    let fits_and_models = Varied {
        fits: true,
        ..models
    };
    let sources = [
        ("Bootstrap (models)", models),
        (
            "Bootstrap (tasks)",
            Varied {
                tasks: true,
                ..fits_and_models
            },
        ),
        (
            "Bootstrap (runs)",
            Varied {
                runs: true,
                ..fits_and_models
            },
        ),
        (
            "IID Baseline Noise",
            Varied {
                human_times: true,
                ..Varied::default()
            },
        ),
        (
            "Overall (all)",
            Varied {
                tasks: true,
                runs: true,
                human_times: true,
                ..fits_and_models
            },
        ),
        (
            "Weighting/Regularization",
            Varied {
                fits: true,
                ..Varied::default()
            },
        ),
    ];
    let found = multiverse(&dataset, Some(&times), &sources, &settings, day_of).unwrap();
    let gold = table("multiverse_dd29c6c0_n200.csv");
    for spread in &found {
        let slopes = gold
            .iter()
            .filter(|row| row["source"] == spread.source)
            .map(|row| number(row, "slope_ln_per_day").unwrap());
        let metr: Vec<f64> = slopes.collect();
        let ours: Vec<f64> = spread.lines.iter().map(|line| line.slope_per_day).collect();
        if spread.source == "Weighting/Regularization" {
            // Nothing is drawn here; METR's optimiser stops early.
            assert_eq!((ours.len(), metr.len()), (10, 10));
            for (ours, metr) in ours.iter().zip(&metr) {
                assert!(relative(*ours, *metr) < 3e-3, "{ours} {metr}");
            }
            continue;
        }
        let distance = kolmogorov_smirnov(&ours, &metr);
        let (n, m) = (ours.len() as f64, metr.len() as f64);
        let critical = 1.949 * ((n + m) / (n * m)).sqrt();
        assert!(
            distance < critical,
            "{}: {distance} of {critical}",
            spread.source
        );
        assert_eq!(spread.lines.len() + spread.missing, spread.universes);
    }
}

/// Largest distance between two empirical distributions.
fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let below = |values: &[f64], bound: f64| {
        values.iter().filter(|&&value| value <= bound).count() as f64 / values.len() as f64
    };
    a.iter()
        .chain(b)
        .map(|&bound| (below(a, bound) - below(b, bound)).abs())
        .fold(0.0, f64::max)
}

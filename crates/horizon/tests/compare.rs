//! Comparisons of agents on METR's own replicates, against numpy on the same.

#[cfg(test)]
mod metr;

use std::sync::LazyLock;

use horizon::compare::sign_flip::sign_flip;
use horizon::compare::{PairError, TaskScope, all_pairs, pairs};
use horizon::replay::Rows;
use horizon::{Analysis, Resampling, Settings, Weighting, analyse_replayed};
use metr::{relative, rows};

#[cfg(test)]
static REPLAYED: LazyLock<(Rows, Analysis)> = LazyLock::new(|| {
    let rows = rows();
    let analysis = analyse_replayed(&rows, &Settings::default()).unwrap();
    (rows, analysis)
});

#[cfg(test)]
fn positions(first: &str, second: &str) -> (usize, usize) {
    let dataset = REPLAYED.0.dataset();
    let position = |name| dataset.agent_index(name).unwrap();
    (position(first), position(second))
}

/// Computed with numpy from the columns `*_p50` of `bootstrap_exact_lam1e-5_n1000.csv.xz`: counts,
/// and quantiles 0.025, 0.5 and 0.975 of the ratio and the difference.
#[test]
fn pairs_equal_an_independent_computation() {
    let (rows, analysis) = &*REPLAYED;
    let pair = |first, second| positions(first, second);
    let asked = [
        pair("o1", "o1-preview"),
        pair("Claude 3.5 Sonnet (New)", "GPT-4o"),
        pair("gpt-3.5-turbo-instruct", "GPT-4 0314"),
    ];
    let found = pairs(rows.dataset(), analysis, &asked, 0.5, TaskScope::All).unwrap();
    let expected = [
        (
            (678, 322, 0),
            [0.140_272_173_75, 1.329_533_436_27, 5.676_784_672_27],
            [-26.578_639_917_8, 10.647_362_701_1, 207.054_239_524],
            0.645_354_645_35,
        ),
        (
            (1_000, 0, 0),
            [2.385_749_549_35, 7.384_985_085_45, 73.063_136_256_5],
            [11.981_485_700_1, 52.479_824_459_2, 198.369_198_158],
            0.001_998_001_998,
        ),
        (
            (21, 835, 144),
            [7.075_390_060_3e-29, 0.009_418_553_807_3, 0.730_817_267_13],
            [-13.820_130_375_8, -4.229_760_718_26, -0.084_818_370_396],
            0.051_341_890_315,
        ),
    ];
    for (found, (counts, ratio, difference, p_value)) in found.iter().zip(expected) {
        let what = format!("{} and {}", found.first, found.second);
        let tally = found.tally;
        assert_eq!((tally.wins, tally.losses, found.missing), counts, "{what}");
        assert_eq!((tally.ties, found.infinite), (0, 0), "{what}");
        assert!(relative(found.p_value.unwrap(), p_value) < 1e-9, "{what}");
        for (contrast, expected) in [(found.ratio, ratio), (found.difference_minutes, difference)] {
            let figures = [contrast.low, contrast.median, contrast.high];
            for (found, expected) in figures.into_iter().zip(expected) {
                // Exponents of a hundred doublings magnify differences of 1e-7.
                let slack = f64::log2(f64::abs(expected)).abs().max(1.0);
                let error = relative(found.unwrap(), expected);
                assert!(error < 1e-6 * slack, "{what}: {found:?}, not {expected}");
            }
        }
        assert_eq!(found.resampling, Resampling::NumpyReplay);
    }
    // Holm: the smallest of three p-values counts three times, the next twice, the last once.
    let corrected: Vec<f64> = found.iter().filter_map(|pair| pair.holm_p_value).collect();
    let p: Vec<f64> = found.iter().filter_map(|pair| pair.p_value).collect();
    assert_eq!(corrected, [p[0], 3.0 * p[1], 2.0 * p[2]]);
    let json = serde_json::to_string(&found).unwrap();
    assert!(
        json.contains("\"scope\":\"all\"") && !json.contains("null"),
        "{json}"
    );
}

/// The sums are numpy's, the p-values the shares of 400,000 flips that numpy drew.
#[test]
fn sign_flips_equal_an_independent_computation() {
    let dataset = REPLAYED.0.dataset();
    for (first, second, tasks, families, difference, p_value) in [
        ("o1", "o1-preview", 82, 36, 0.048_945_800_550_569, 0.278_7),
        (
            "Claude 3.5 Sonnet (New)",
            "GPT-4o",
            83,
            36,
            0.196_057_840_840_02,
            3.5e-5,
        ),
        (
            "davinci-002",
            "gpt-3.5-turbo-instruct",
            16,
            9,
            -0.012_550_779_444_535,
            1.0,
        ),
    ] {
        let (a, b) = positions(first, second);
        let found = sign_flip(dataset, a, b, Weighting::InverseSqrtFamily, 1).unwrap();
        assert_eq!((found.tasks, found.families), (tasks, families));
        assert!(
            (found.success_difference - difference).abs() < 1e-12,
            "{found:?}"
        );
        // Five standard deviations of both shares, and the one flip that is always counted.
        let noise = f64::sqrt(p_value * (1.0 - p_value) * (1.0 / 99_999.0 + 1.0 / 400_000.0));
        assert!(
            (found.p_value - p_value).abs() < 5.0 * noise + 2e-5,
            "{found:?}"
        );
        assert_eq!(found.exact, first == "davinci-002");
        let turned = sign_flip(dataset, b, a, Weighting::InverseSqrtFamily, 1).unwrap();
        assert_eq!(turned.success_difference, -found.success_difference);
        assert_eq!(turned.p_value, found.p_value);
    }
}

#[test]
fn common_tasks_have_fits_of_their_own() {
    let (rows, analysis) = &*REPLAYED;
    let dataset = rows.dataset();
    let pair = positions("o1-preview", "o1");
    let compare = |scope| {
        pairs(dataset, analysis, &[pair], 0.5, scope)
            .unwrap()
            .remove(0)
    };
    let (all, common) = (compare(TaskScope::All), compare(TaskScope::Common));
    assert_eq!(
        (all.first_tasks, all.second_tasks, all.common_tasks),
        (82, 83, 82)
    );
    assert_eq!(common.resampling, Resampling::Streams);
    // All tasks of the first are common, the second has one more.
    let minutes = |horizon: horizon::Horizon| horizon.minutes().unwrap();
    assert!(relative(minutes(common.first_horizon), minutes(all.first_horizon)) < 1e-9);
    assert!(relative(minutes(common.second_horizon), minutes(all.second_horizon)) > 1e-6);
    assert_eq!(common.sign_flip, all.sign_flip);
    assert!(common.ratio.low < common.ratio.estimate && common.ratio.estimate < common.ratio.high);
}

#[test]
fn agents_without_curves_are_counted_as_missing() {
    let (rows, analysis) = &*REPLAYED;
    let pair = positions("davinci-002", "o1");
    let found = &pairs(rows.dataset(), analysis, &[pair], 0.5, TaskScope::All).unwrap()[0];
    assert_eq!(
        (found.missing, found.p_value, found.win_share),
        (1_000, None, None)
    );
    assert_eq!(found.ratio.estimate, Some(0.0));
    let pairs_of = |asked: &[(usize, usize)], probability| {
        pairs(rows.dataset(), analysis, asked, probability, TaskScope::All)
    };
    let all = pairs_of(&all_pairs(11), 0.5).unwrap();
    assert_eq!(all.len(), 55);
    assert_eq!(
        all.iter()
            .filter(|pair| pair.holm_p_value.is_some())
            .count(),
        45
    );
    assert!(matches!(
        pairs_of(&[(0, 11)], 0.5),
        Err(PairError::NoAgent { position: 11, .. })
    ));
    assert!(matches!(
        pairs_of(&[(2, 2)], 0.5),
        Err(PairError::Itself { .. })
    ));
    assert_eq!(pairs_of(&[], 1.0), Err(PairError::Probability(1.0)));
}

//! BCa and profile intervals against independent computations, and percentile intervals against
//! METR's with the noise of both.

#[cfg(test)]
mod metr;

use std::sync::LazyLock;

use horizon::interval::bca::bca;
use horizon::interval::profile::{Unit, profile};
use horizon::interval::{IntervalMethod, Target};
use horizon::quantile::{HorizonInterval, quantile};
use horizon::replay::Rows;
use horizon::{Bootstrap, Dataset, Horizon, Lambda, Settings, Weighting, analyse};
use metr::{Row, dataset, number, relative, rows, table};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const WEIGHTING: Weighting = Weighting::InverseSqrtFamily;
const LAMBDA: Lambda = Lambda::METR_2026_03;
const REPLICATES: usize = 1_000;

#[cfg(test)]
static REPLAYED: LazyLock<(Rows, Bootstrap)> = LazyLock::new(|| {
    let rows = rows();
    let bootstrap = rows.bootstrap(WEIGHTING, LAMBDA, REPLICATES, 42);
    (rows, bootstrap)
});

#[cfg(test)]
fn target<'a>(dataset: &'a Dataset, agent: &str, probability: f64) -> Target<'a> {
    Target {
        dataset,
        agent: dataset.agent_index(agent).unwrap(),
        weighting: WEIGHTING,
        lambda: LAMBDA,
        probability,
    }
}

#[cfg(test)]
fn assert_ends(interval: HorizonInterval, (low, high): (f64, f64), tolerance: f64, what: &str) {
    for (found, expected) in [(interval.low, low), (interval.high, high)] {
        let found = found.minutes().unwrap();
        assert!(
            found == expected || relative(found, expected) < tolerance,
            "{what}: {found}, not {expected}"
        );
    }
}

/// Computed from `bootstrap_exact_lam1e-5_n1000.csv.xz` with numpy, and a jackknife fitted with
/// scipy's BFGS and Newton steps on `task_level_dd29c6c0.csv`.
#[test]
fn bca_equals_an_independent_computation() {
    let (rows, bootstrap) = &*REPLAYED;
    for (agent, probability, bias, acceleration, ends) in [
        (
            "o1",
            0.5,
            -0.022_561_568_39,
            0.001_330_558_76,
            (2.015_513_180_87, 259.204_151_071),
        ),
        (
            "o1",
            0.8,
            -0.120_609_934_119,
            -0.016_005_194_053,
            (7.786_315_620_98e-6, 9.780_047_819_51),
        ),
        (
            "human",
            0.5,
            0.158_579_729_754,
            -0.001_257_043_263,
            (357.755_941_667, 25_930.908_471_7),
        ),
        (
            "human",
            0.8,
            -0.090_361_437_129,
            -0.074_474_052_223,
            (6.855_195_695_76, 308.392_696_086),
        ),
    ] {
        let what = format!("{agent}, {probability}");
        let found = bca(&target(rows.dataset(), agent, probability), bootstrap).unwrap();
        let bias_error = (found.bias - bias).abs();
        assert!(bias_error < 1e-9, "{what}: {bias_error}, {found:?}");
        assert!(
            (found.acceleration - acceleration).abs() < 1e-9,
            "{what}: {found:?}"
        );
        // The replicates themselves agree to 1e-6.
        assert_ends(found.interval, ends, 1e-6, &what);
    }
}

/// Computed with scipy: `minimize_scalar` over the slope, `brentq` for the ends, and the Godambe
/// matrices with numpy.
#[test]
fn profiles_equal_an_independent_computation() {
    let dataset = dataset();
    for (agent, probability, unit, number, ends) in [
        (
            "o1",
            0.5,
            Unit::Runs,
            554.963_027_96,
            (25.615_790_866, 69.851_309_479),
        ),
        (
            "o1",
            0.5,
            Unit::Tasks,
            72.875_601_323_8,
            (5.476_056_991_3, 196.873_949_61),
        ),
        (
            "o1",
            0.5,
            Unit::Families,
            54.816_613_664_1,
            (2.353_987_555_0, 295.316_442_33),
        ),
        (
            "o1",
            0.8,
            Unit::Families,
            66.909_367_331_9,
            (4.724_651_674e-5, 8.436_399_416_9),
        ),
        (
            "human",
            0.5,
            Unit::Families,
            97.790_069_065_6,
            (366.959_631_56, 9_235.467_679_2),
        ),
        (
            "human",
            0.8,
            Unit::Tasks,
            72.875_601_323_8,
            (21.089_880_700, 275.849_865_46),
        ),
        (
            "davinci-002",
            0.5,
            Unit::Tasks,
            14.395_276_629_7,
            (0.0, 2.464_993_138_3),
        ),
    ] {
        let what = format!("{agent}, {probability}, {unit:?}");
        let found = profile(&target(&dataset, agent, probability), unit).unwrap();
        assert!(
            relative(found.effective_number, number) < 1e-9,
            "{what}: {found:?}"
        );
        assert_ends(found.interval, ends, 1e-8, &what);
    }
}

/// With runs or tasks for independent, an interval is as wide as its number is small; the numbers of
/// families give what the bootstrap gives, to a third of its width in doublings.
#[test]
fn the_cautious_profile_resembles_the_bootstrap() {
    let (rows, bootstrap) = &*REPLAYED;
    for agent in ["GPT-4o", "Claude 3.5 Sonnet (New)", "o1-preview", "o1"] {
        let target = target(rows.dataset(), agent, 0.5);
        let log2_ends = |method: IntervalMethod| {
            let interval = method.interval(&target, bootstrap).unwrap();
            [interval.low, interval.high].map(|end| end.minutes().unwrap().log2())
        };
        let percentile = log2_ends(IntervalMethod::Percentile);
        let cautious = log2_ends(IntervalMethod::Profile);
        let slack = (percentile[1] - percentile[0]) / 3.0;
        for (a, b) in percentile.into_iter().zip(cautious) {
            assert!(
                (a - b).abs() < slack,
                "{agent}: {percentile:?}, {cautious:?}"
            );
        }
    }
}

#[test]
fn an_analysis_reports_the_method_it_was_asked_for() {
    let dataset = dataset();
    for interval in [IntervalMethod::Bca, IntervalMethod::Profile] {
        let settings = Settings {
            interval,
            replicates: 200,
            ..Settings::default()
        };
        let analysis = analyse(&dataset, &settings).unwrap();
        let json = serde_json::to_value(&analysis).unwrap();
        assert_eq!(json["settings"]["interval"], interval.name());
        let always_fails = &analysis.agents[dataset.agent_index("davinci-002").unwrap()];
        let always_fails = &always_fails.horizons[0];
        assert_eq!(
            always_fails.no_interval.is_some(),
            interval == IntervalMethod::Bca
        );
        let found = always_fails
            .replicated
            .interval
            .map(|interval| interval.low);
        assert_eq!(
            found,
            (interval == IntervalMethod::Profile).then_some(Horizon::BelowAll)
        );
        let agent = dataset.agent_index("o1").unwrap();
        let estimate = &analysis.agents[agent].horizons[0];
        let expected = interval.interval(&target(&dataset, "o1", 0.5), &analysis.bootstrap);
        assert_eq!(estimate.replicated.interval, expected.ok());
    }
}

const RESAMPLES: usize = 4_000;

/// Which of `REPLICATES` sorted values make up a quantile of theirs in a resample, many times over.
///
/// The k-th smallest of as many draws with replacement stands where the k-th smallest of as many
/// uniform numbers says.
#[cfg(test)]
struct ResampledQuantile {
    /// Positions of the two values to interpolate between.
    neighbours: Vec<[usize; 2]>,
    share_of_upper: f64,
}

#[cfg(test)]
impl ResampledQuantile {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank below the number of replicates, and the low digits of random words"
    )]
    fn new(share: f64, random: &mut ChaCha8Rng) -> Self {
        let position = share * (REPLICATES - 1) as f64;
        let rank = position.floor();
        let mut draws = vec![0; REPLICATES];
        let neighbours = (0..RESAMPLES).map(|_| {
            for draw in &mut draws {
                *draw = (random.next_u64() as usize) % REPLICATES;
            }
            let (_, lower, above) = draws.select_nth_unstable(rank as usize);
            [*lower, *above.iter().min().unwrap()]
        });
        Self {
            neighbours: neighbours.collect(),
            share_of_upper: position - rank,
        }
    }

    /// ln of the quantile in every resample.
    fn logs<'a>(&'a self, sorted: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.neighbours.iter().map(|neighbours| {
            let [lower, upper] = neighbours.map(|position| sorted[position].ln());
            lower + (upper - lower) * self.share_of_upper
        })
    }
}

/// Our thousand replicates and METR's thousand are two samples. Each is resampled 4,000 times and the
/// interval end computed again; the difference of the two ends, less its own mean, has then the
/// noise of both samples. The difference that was found must lie within the central 99.9 % of that.
#[test]
fn bounds_of_a_thousand_replicates_differ_from_metr_s_by_their_noise() {
    let dataset = dataset();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut resampled = |share| ResampledQuantile::new(share, &mut random);
    let ends = [0.025, 0.975].map(|share| (share, resampled(share), resampled(share)));
    let mut compared = 0;
    for (lambda, file) in [
        (Lambda::METR_TH1_0, "bootstrap_exact_lam0.1_n1000.csv.xz"),
        (Lambda::METR_2026_03, "bootstrap_exact_lam1e-5_n1000.csv.xz"),
    ] {
        let ours = Bootstrap::new(&dataset, WEIGHTING, lambda, REPLICATES, 42);
        let metr = table(file);
        for (agent, name) in dataset.agents().iter().enumerate() {
            // One agent has no replicates, and the other's run to 1e-30 and infinity.
            if ["davinci-002", "gpt-3.5-turbo-instruct"].contains(&name.as_str()) {
                continue;
            }
            for (probability, column) in [(0.5, "p50"), (0.8, "p80")] {
                let sorted = |mut minutes: Vec<f64>| {
                    minutes.sort_by(f64::total_cmp);
                    minutes
                };
                let ours = ours.crossings_minutes(agent, probability);
                let ours = sorted(ours.into_iter().flatten().collect());
                let column = format!("{name}_{column}");
                let minutes = |row: &Row| number(row, &column);
                let metr = sorted(metr.iter().filter_map(minutes).collect());
                assert_eq!((ours.len(), metr.len()), (REPLICATES, REPLICATES));
                for (share, of_ours, of_metr) in &ends {
                    let end = |sorted: &[f64]| quantile(sorted, *share).unwrap().ln();
                    let found = end(&ours) - end(&metr);
                    let resampled = of_ours.logs(&ours).zip(of_metr.logs(&metr));
                    let differences: Vec<f64> = resampled.map(|(a, b)| a - b).collect();
                    let mean = differences.iter().sum::<f64>() / RESAMPLES as f64;
                    let noise = sorted(differences.iter().map(|d| d - mean).collect());
                    let (low, high) = (quantile(&noise, 0.000_5), quantile(&noise, 0.999_5));
                    assert!(
                        low.unwrap() < found && found < high.unwrap(),
                        "{file}, {column}, {share}: {found} outside {low:?} to {high:?}"
                    );
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 2 * 9 * 2 * 2);
}

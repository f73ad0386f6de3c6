//! Shapes of the success curve against figures from METR's data, computed by other means, and
//! against simulated agents whose curves are known.

#[cfg(test)]
mod metr;

use horizon::bins::default_edges_minutes;
use horizon::goodness::goodness;
use horizon::observe::{fit_agent, observations};
use horizon::shape::Shape;
use horizon::shape::cross_validation::cross_validate;
use horizon::shape::isotonic::{IsotonicHorizon, isotonic};
use horizon::shape::item_response::{ItemResponseFit, Response, item_response};
use horizon::shape::lapse::{LapseCrossing, LapseFit, Lapses, fit_lapse};
use horizon::{Dataset, Horizon, Lambda, Observation, Run, Weighting};
use metr::{dataset, relative};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[cfg(test)]
fn observed(dataset: &Dataset, agent: &str) -> Vec<Observation> {
    let agent = dataset.agent_index(agent).unwrap();
    observations(dataset, agent, Weighting::InverseSqrtFamily)
}

/// By scipy 1.16's SLSQP from 40 random places each, λ = 1e-5: slope, intercept, floor, ceiling
/// and objective. The last one is a step between 413 and 417 minutes, and a curve without lapses
/// is another minimum.
#[test]
fn curves_with_lapses_are_the_lowest_that_scipy_finds() {
    let data = dataset();
    let cases = [
        (
            "GPT-4 Turbo",
            Lapses::Ceiling,
            [
                -0.498_162_1,
                2.222_985_5,
                0.0,
                0.640_929_67,
                0.460_135_358_274,
            ],
        ),
        (
            "GPT-4o",
            Lapses::FloorAndCeiling,
            [-0.630_545_95, 3.843_348_78, 0.0, 0.6, 0.515_600_734_703],
        ),
        (
            "human",
            Lapses::Floor,
            [
                -0.497_429_2,
                4.118_979_7,
                0.300_646_95,
                1.0,
                0.439_890_981_688,
            ],
        ),
        (
            "o1-preview",
            Lapses::Ceiling,
            [
                -0.759_841_6,
                5.250_090,
                0.0,
                0.730_524_43,
                0.542_734_650_294,
            ],
        ),
        (
            "Claude 3.5 Sonnet (New)",
            Lapses::FloorAndCeiling,
            [-0.362_336_98, 2.148_423_8, 0.0, 1.0, 0.585_608_135_9],
        ),
        (
            "o1",
            Lapses::FloorAndCeiling,
            [-20.2059, 177.9207, 0.147_273_8, 0.6, 0.624_264_961_739],
        ),
    ];
    for (agent, lapses, [slope, intercept, floor, ceiling, objective]) in cases {
        let fit = fit_lapse(&observed(&data, agent), Lambda::METR_2026_03, lapses);
        let LapseFit::Converged(fitted) = fit else {
            panic!("{agent}: {fit:?}")
        };
        assert!(
            fitted.gradient_norm < 1e-9 && fitted.remaining_step < 1e-7,
            "{fitted:?}"
        );
        assert!(
            relative(fitted.objective, objective) < 1e-9,
            "{agent}: {fitted:?}"
        );
        assert!(
            relative(fitted.curve.curve.slope, slope) < 1e-4,
            "{agent}: {fitted:?}"
        );
        assert!(
            relative(fitted.curve.curve.intercept, intercept) < 1e-4,
            "{agent}: {fitted:?}"
        );
        assert!(
            (fitted.curve.floor - floor).abs() < 1e-6,
            "{agent}: {fitted:?}"
        );
        assert!(
            (fitted.curve.ceiling - ceiling).abs() < 1e-6,
            "{agent}: {fitted:?}"
        );
        assert_eq!(fitted.at_bound, ceiling == 0.6, "{agent}: {fitted:?}");
        if agent == "o1" {
            assert!(relative(fitted.next_minimum.unwrap(), 0.631_544_847_207) < 1e-9);
        }
    }
    let opus = fit_lapse(
        &observed(&data, "Claude 3 Opus"),
        Lambda::default(),
        Lapses::Ceiling,
    );
    assert_eq!(opus.crossing(0.8), LapseCrossing::AboveCeiling);
    assert!(relative(opus.horizon(0.5).minutes().unwrap(), 6.222_115_5) < 1e-6);
}

/// By scikit-learn's `IsotonicRegression` and interpolation by hand: blocks, ends of the stretch
/// and the interpolated crossing of one half.
#[test]
fn isotonic_success_equals_scikit_learn_s() {
    let data = dataset();
    let cases = [
        (
            "Claude 3.5 Sonnet (New)",
            10,
            416.981,
            430.0,
            224.846_946_927_96,
        ),
        ("GPT-4 0314", 9, 5.0, 7.0, 5.287_107_691_655_7),
        ("human", 8, 652.672, 770.0, 688.921_700_514_1),
        ("o1", 7, 412.644, 416.981, 57.688_741_547_01),
        ("o1-preview", 7, 30.0, 35.071, 46.260_157_376_41),
    ];
    for (agent, blocks, from, to, interpolated) in cases {
        let fit = isotonic(&observed(&data, agent));
        assert_eq!(fit.blocks.len(), blocks, "{agent}");
        let IsotonicHorizon::Crossed {
            from_minutes,
            to_minutes,
            midpoint_minutes,
            flat: false,
            interpolated_minutes,
        } = fit.crossing(0.5)
        else {
            panic!("{agent}: {fit:?}")
        };
        assert!(
            relative(from_minutes, from) < 1e-9 && relative(to_minutes, to) < 1e-9,
            "{agent}"
        );
        assert!(
            relative(midpoint_minutes, (from * to).sqrt()) < 1e-9,
            "{agent}"
        );
        assert!(
            relative(interpolated_minutes, interpolated) < 1e-9,
            "{agent}"
        );
    }
    let opus = isotonic(&observed(&data, "Claude 3 Opus"));
    assert!(matches!(
        opus.crossing(0.8),
        IsotonicHorizon::BelowShortest { shortest_minutes, success }
            if shortest_minutes == 1.0 && (success - 0.595_8).abs() < 1e-4
    ));
}

/// By scipy's BFGS on a marginal likelihood summed over 1,201 fixed values of ε: σ, objective,
/// and for each agent slope, p50, typical p80 and marginal p80 in minutes.
#[test]
fn the_joint_model_equals_brute_force() {
    let data = dataset();
    let fit = item_response(
        &data,
        Weighting::InverseSqrtFamily,
        Lambda::METR_2026_03,
        &[0.5, 0.8],
    );
    let joint = fit.converged().unwrap();
    assert!(
        relative(joint.difficulty_sd_doublings, 3.718_299_49) < 1e-7,
        "{joint:?}"
    );
    assert!(relative(joint.objective, 1_957.072_412_485_7) < 1e-12);
    assert!(joint.gradient_norm < 1e-9 && joint.remaining_step < 1e-7);
    let cases = [
        (
            "Claude 3 Opus",
            [-0.831_355_05, 4.372_257_40, 1.376_368_27, 0.359_472_49],
        ),
        (
            "Claude 3.5 Sonnet (New)",
            [-0.727_838_73, 49.936_920_9, 13.337_002_4, 3.759_344_99],
        ),
        (
            "GPT-4 0314",
            [-0.570_478_22, 2.397_320_30, 0.444_842_36, 0.144_997_15],
        ),
        (
            "GPT-4o",
            [-0.999_615_30, 7.168_304_37, 2.741_193_21, 0.647_419_84],
        ),
        (
            "gpt-3.5-turbo-instruct",
            [
                -0.468_703_98,
                0.003_261_618_2,
                0.000_419_827_8,
                0.000_154_225_93,
            ],
        ),
        (
            "human",
            [-0.189_568_59, 5_981.245_2, 37.617_690_5, 22.645_134_2],
        ),
        (
            "o1",
            [-0.556_054_77, 40.392_608_4, 7.174_756_13, 2.375_242_38],
        ),
    ];
    for (agent, [slope, p50, typical, marginal]) in cases {
        let found = &joint.agents[data.agent_index(agent).unwrap()];
        let Response::Falling(ability) = found.response else {
            panic!("{found:?}")
        };
        let [half, most] = found.horizons[..] else {
            panic!("{found:?}")
        };
        for (found, expected) in [
            (ability.curve.slope, slope),
            (half.typical.minutes().unwrap(), p50),
            (half.marginal.minutes().unwrap(), p50),
            (ability.ability_log2_minutes.unwrap().exp2(), p50),
            (most.typical.minutes().unwrap(), typical),
            (most.marginal.minutes().unwrap(), marginal),
        ] {
            assert!(
                relative(found, expected) < 2e-7,
                "{agent}: {found} {expected}"
            );
        }
    }
    let hopeless = &joint.agents[data.agent_index("davinci-002").unwrap()];
    assert_eq!(hopeless.horizons[1].marginal, Horizon::BelowAll);
    assert_eq!(joint.tasks.len(), 83);
    for task in &joint.tasks {
        let residual = (task.difficulty_minutes / task.human_minutes).log2();
        assert!((residual - task.residual_doublings).abs() < 1e-9);
        assert!(
            task.residual_sd_doublings < joint.difficulty_sd_doublings,
            "{task:?}"
        );
    }
}

/// By scikit-learn's `log_loss` and `brier_score_loss` with the weights of the runs, and a loop
/// over families with scipy's BFGS.
#[test]
fn goodness_and_cross_validation_equal_scikit_learn_s() {
    let data = dataset();
    let cases = [
        (
            "o1",
            [
                -0.631_544_520,
                -0.691_241_526,
                0.086_362_007,
                0.221_012_618,
                0.249_047_778,
            ],
            [0.640_525_257, 0.659_023_706, 0.050_798_135],
            [-0.663_714_965, 0.235_003_610, -0.047_267_347, 0.042_370_197],
        ),
        (
            "GPT-4 0314",
            [
                -0.427_481_310,
                -0.529_962_778,
                0.193_374_841,
                0.141_711_472,
                0.172_953_301,
            ],
            [0.572_292_022, 0.424_646_111, 0.074_909_378],
            [-0.445_874_855, 0.148_832_917, -0.096_182_798, 0.036_706_312],
        ),
        (
            "human",
            [
                -0.440_089_188,
                -0.523_784_565,
                0.159_789_697,
                0.144_062_287,
                0.170_219_801,
            ],
            [0.932_527_329, 0.950_800_396, 0.051_269_297],
            [-0.478_175_575, 0.154_992_730, -0.068_443_943, 0.044_025_537],
        ),
    ];
    for (agent, [fitted, constant, mcfadden, brier, constant_brier], bin, scores) in cases {
        let index = data.agent_index(agent).unwrap();
        let (weighting, lambda) = (Weighting::InverseSqrtFamily, Lambda::METR_2026_03);
        let curve = fit_agent(&data, index, weighting, lambda).curve().unwrap();
        let chance = |minutes: f64| Some(curve.probability(minutes));
        let found = goodness(&data, index, weighting, &[4.0, 16.0], chance).unwrap();
        let residual = found.residuals[0];
        let validated = cross_validate(&data, index, weighting, lambda);
        let of = |shape| {
            let entry = validated.iter().find(|entry| entry.shape == shape).unwrap();
            entry.scores.clone().unwrap()
        };
        let (logistic, flat) = (
            of(Shape::Logistic),
            of(Shape::Constant).log_score_gain.unwrap(),
        );
        for (found, expected) in [
            (found.log_likelihood.unwrap(), fitted),
            (found.constant_log_likelihood, constant),
            (found.mcfadden.unwrap(), mcfadden),
            (found.brier, brier),
            (found.constant_brier, constant_brier),
            (residual.observed, bin[0]),
            (residual.predicted, bin[1]),
            (residual.residual, bin[0] - bin[1]),
            (residual.standard_error, bin[2]),
            (logistic.log_score, scores[0]),
            (logistic.brier, scores[1]),
            (flat.difference, scores[2]),
            (flat.standard_error.unwrap(), scores[3]),
        ] {
            assert!(
                (found - expected).abs() < 2e-7,
                "{agent}: {found} {expected}"
            );
        }
        let (shortest, longest) = data.length_range_minutes(index).unwrap();
        let edges = default_edges_minutes(shortest, longest);
        let all = goodness(&data, index, weighting, &edges, chance).unwrap();
        let runs: usize = all.residuals.iter().map(|residual| residual.runs).sum();
        assert_eq!(runs, data.run_count(index));
    }
}

/// A number below 1, from the upper bits.
fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A standard normal number (Box and Muller 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - uniform(random)).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(random)).cos()
}

#[test]
fn a_ceiling_is_recovered_from_drawn_runs() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let observations: Vec<Observation> = (0..6_000)
        .map(|_| {
            let x = 12.0 * uniform(&mut random);
            let chance = 0.9 / (1.0 + (0.9 * (x - 6.0)).exp());
            Observation {
                log2_minutes: x,
                weight: 1.0 / 6_000.0,
                success_weight: if uniform(&mut random) < chance {
                    1.0 / 6_000.0
                } else {
                    0.0
                },
            }
        })
        .collect();
    let fit = fit_lapse(&observations, Lambda::default(), Lapses::FloorAndCeiling);
    let curve = fit.fitted().unwrap().curve;
    assert!((curve.ceiling - 0.9).abs() < 0.02, "{curve:?}");
    assert!(curve.floor < 0.015, "{curve:?}");
    assert!((curve.curve.slope + 0.9).abs() < 0.1, "{curve:?}");
}

/// Eight agents, 240 tasks whose difficulty spreads by σ = 1.5 doublings, four runs each.
#[cfg(test)]
fn simulated() -> Dataset {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut runs = Vec::new();
    for task in 0..240 {
        let x = f64::from(task % 48) * 0.25;
        let difficulty = x + 1.5 * normal(&mut random);
        for agent in 0..8 {
            let ability = 2.0 + f64::from(agent);
            let chance = 1.0 / (1.0 + (-0.8 * (ability - difficulty)).exp());
            runs.extend((0..4).map(|_| Run {
                agent: format!("agent {agent}"),
                task: format!("f{task}/t"),
                family: format!("f{task}"),
                human_minutes: x.exp2(),
                success: if uniform(&mut random) < chance {
                    1.0
                } else {
                    0.0
                },
            }));
        }
    }
    Dataset::new(runs).unwrap()
}

#[test]
fn typical_and_marginal_horizons_are_recovered() {
    // With slope 0.8, p80 lies ln 4 / 0.8 doublings below ability at a typical task, and on
    // average over tasks 1.749… / 0.8: at that log-odds the mean of a logistic curve over a normal
    // variable of standard deviation 0.8 · 1.5 is 0.8 (by scipy's brentq).
    let (typical, marginal) = (4.0_f64.ln() / 0.8, 1.749_342_628_293_248 / 0.8);
    let data = simulated();
    let fit = item_response(&data, Weighting::Equal, Lambda::default(), &[0.5, 0.8]);
    let ItemResponseFit::Converged(joint) = &fit else {
        panic!("{fit:?}")
    };
    assert!(
        (joint.difficulty_sd_doublings - 1.5).abs() < 0.2,
        "{}",
        joint.difficulty_sd_doublings
    );
    let (mut to_marginal, mut to_typical) = (0.0, 0.0);
    for (index, agent) in joint.agents.iter().enumerate() {
        let ability = 2.0 + index as f64;
        let horizons = agent.horizons[1];
        let log2 = |horizon: Horizon| horizon.minutes().unwrap().log2();
        let (own_typical, own_marginal) = (log2(horizons.typical), log2(horizons.marginal));
        assert!(
            (own_typical - (ability - typical)).abs() < 0.45,
            "{agent:?}"
        );
        assert!(
            (own_marginal - (ability - marginal)).abs() < 0.45,
            "{agent:?}"
        );
        let plain = fit_agent(&data, index, Weighting::Equal, Lambda::default());
        let plain = log2(plain.horizon(0.8));
        to_marginal += (plain - own_marginal) / 8.0;
        to_typical += (plain - own_typical) / 8.0;
    }
    // What a logistic curve per agent takes for p80 is the marginal one, about.
    assert!(to_marginal.abs() < 0.1, "{to_marginal}");
    assert!(to_typical < -0.3, "{to_typical}");
}

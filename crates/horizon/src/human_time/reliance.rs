//! How much of a horizon rests on tasks that nobody was timed at.

use serde::Serialize;

use super::evidence::Kind;
use super::times::{HumanTimeError, HumanTimes};
use crate::data::Dataset;
use crate::logistic::Fit;
use crate::observe::observations;
use crate::weights::Weighting;

/// Part of what an agent's horizon rests on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Share {
    /// Tasks.
    pub tasks: usize,
    /// Their share of the agent's weight, from 0 to 1.
    pub weight: f64,
    /// Their share of Σ w·p(1 − p), from 0 to 1: the weight near p50, where success is open.
    /// This is the Fisher information on the curve's height there. Absent without a curve.
    pub information: Option<f64>,
}

/// What an agent's horizon rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliance {
    /// The agent's name.
    pub agent: String,
    /// All tasks that it tried.
    pub tasks: usize,
    /// Those whose time was measured.
    pub measured: Share,
    /// Those whose time an expert guessed.
    pub estimated: Share,
    /// Those of which nobody says where the time comes from.
    pub unknown: Share,
}

/// How an agent's weight is spread over kinds of human times. `fit` is its fit; with a curve, p is
/// the curve's chance of success at the dataset's lengths.
///
/// # Errors
/// Times of other tasks than the dataset's.
pub fn reliance(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    fit: &Fit,
    times: &HumanTimes,
) -> Result<Reliance, HumanTimeError> {
    times.check_tasks(dataset)?;
    let curve = fit.curve();
    let mut sums = [(0, 0.0, 0.0); 3];
    for (task, observation) in dataset
        .tried(agent)
        .zip(observations(dataset, agent, weighting))
    {
        let time = &times.tasks[task];
        let chance = curve.map_or(0.5, |curve| curve.probability(time.minutes));
        let sum = &mut sums[match time.kind {
            Kind::Measured { .. } => 0,
            Kind::Estimated => 1,
            Kind::Unknown => 2,
        }];
        sum.0 += 1;
        sum.1 += observation.weight;
        sum.2 += observation.weight * chance * (1.0 - chance);
    }
    let weight: f64 = sums.iter().map(|sum| sum.1).sum();
    let information: f64 = sums.iter().map(|sum| sum.2).sum();
    let shares = sums.map(|(tasks, own_weight, own_information)| Share {
        tasks,
        weight: if weight > 0.0 {
            own_weight / weight
        } else {
            0.0
        },
        information: (curve.is_some() && information > 0.0).then(|| own_information / information),
    });
    let [measured, estimated, unknown] = shares;
    Ok(Reliance {
        agent: dataset.agents().get(agent).cloned().unwrap_or_default(),
        tasks: shares.iter().map(|share| share.tasks).sum(),
        measured,
        estimated,
        unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Evidence;
    use super::super::times::NoiseSettings;
    use super::*;
    use crate::data::Run;
    use crate::lambda::Lambda;
    use crate::observe::fit_agent;
    use std::collections::BTreeMap;

    #[test]
    fn tasks_near_p50_count_most() {
        // Ten guessed tasks where success is sure, and ten measured ones around the horizon.
        let runs = (0..20_u32).map(|task| {
            let guessed = task < 10;
            let log2 = if guessed {
                0.0
            } else {
                8.0 + f64::from(task % 2)
            };
            Run {
                agent: "someone".into(),
                task: format!("t/{task:02}"),
                family: format!("{task:02}"),
                human_minutes: log2.exp2(),
                success: if guessed {
                    1.0
                } else {
                    f64::from(u8::from(task % 3 > 0))
                },
            }
        });
        let dataset = Dataset::new(runs).unwrap();
        let evidence: BTreeMap<_, _> = dataset
            .tasks()
            .iter()
            .map(|task| {
                let evidence = match task.name.as_str() {
                    "t/19" => Evidence::Unknown,
                    name if name < "t/10" => Evidence::Estimated {
                        range_minutes: None,
                    },
                    _ => Evidence::Measured {
                        minutes: vec![200.0, 300.0],
                    },
                };
                (task.name.clone(), evidence)
            })
            .collect();
        let times = HumanTimes::new(&dataset, &evidence, NoiseSettings::default()).unwrap();
        let fit = fit_agent(&dataset, 0, Weighting::Equal, Lambda::default());
        let found = reliance(&dataset, 0, Weighting::Equal, &fit, &times).unwrap();
        let tasks = (
            found.measured.tasks,
            found.estimated.tasks,
            found.unknown.tasks,
        );
        assert_eq!((found.tasks, tasks), (20, (9, 10, 1)));
        assert!((found.estimated.weight - 0.5).abs() < 1e-12);
        assert!(found.estimated.information.unwrap() < 0.1, "{found:?}");
        let shares = [found.measured, found.estimated, found.unknown];
        let sum: f64 = shares.iter().filter_map(|share| share.information).sum();
        assert!((sum - 1.0).abs() < 1e-12);

        let nothing = reliance(&dataset, 0, Weighting::Equal, &Fit::AllFail, &times).unwrap();
        assert_eq!(nothing.estimated.information, None);
        let nobody = reliance(&dataset, 9, Weighting::Equal, &fit, &times).unwrap();
        assert_eq!((nobody.tasks, nobody.measured), (0, Share::default()));
    }
}

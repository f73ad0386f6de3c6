//! How far the trend moves with each choice and each chance behind it, and with all at once.
//!
//! METR's multiverse ("Measuring AI Ability to Complete Long Tasks", 2025): universes that differ in
//! how runs are weighted and curves penalised, in which agents, tasks and runs there happened to
//! be, and in the noise of human times. Each universe refits every agent and draws a line through
//! ln horizons. METR clips flat lines so that every universe has a date; here a target that is
//! never reached is counted and named.

mod settings;

use rayon::prelude::*;
use serde::Serialize;

pub use settings::{MultiverseError, MultiverseSettings, Through, Varied};

use crate::bootstrap::{AgentRuns, Draw, draw_copies};
use crate::data::Dataset;
use crate::human_time::HumanTimes;
use crate::human_time::noise::NoisyLengths;
use crate::lambda::Lambda;
use crate::logistic::{Observation, fit_from};
use crate::quantile::quantile;
use crate::random::{below, stream};
use crate::trend::{ArrivalInterval, ArrivalSpread, Growth, Line};
use crate::weights::Weighting;

/// Choices of weighting with penalty, and of agents, have streams of their own, apart from those of
/// the bootstrap and of noise. Sources therefore share their draws.
const FIRST_CHOICE_STREAM: u64 = 1 << 62;
const FIRST_AGENT_STREAM: u64 = 1 << 61;

/// 10 %, 50 % and 90 % quantiles of doubling times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DoublingQuantiles {
    /// 10 % of the universes that grow double faster than this, in days.
    pub low_days: f64,
    /// Median, in days.
    pub median_days: f64,
    /// 10 % double more slowly than this, in days.
    pub high_days: f64,
}

/// What one source does to the trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceSpread {
    /// The source's name.
    pub source: String,
    /// What varies.
    pub varied: Varied,
    /// Universes.
    pub universes: usize,
    /// Those of them without a line: fewer than two agents, or days, with a usable horizon.
    pub missing: usize,
    /// Those whose horizon does not grow; they have no doubling time.
    pub not_growing: usize,
    /// Doubling times of the others.
    pub doubling: Option<DoublingQuantiles>,
    /// When the target is reached: quantiles at 10, 50 and 90 % of all universes with a line. Those
    /// that never reach it count as later than any other.
    pub arrival: Option<ArrivalInterval>,
    /// Universes that never reach the target.
    pub never: usize,
    /// The universes' lines.
    #[serde(skip)]
    pub lines: Vec<Line>,
}

/// Spreads of the trend over several sources, in their order. `day_of` gives the release day of an
/// agent, from 1970-01-01; agents without one play no part.
///
/// Where nothing but weighting and penalty varies, each pair is one universe and nothing is drawn.
///
/// # Errors
/// Nothing to choose from, a probability without a horizon, or human times that vary and are not
/// known or belong to other tasks.
pub fn multiverse(
    dataset: &Dataset,
    times: Option<&HumanTimes>,
    sources: &[(&str, Varied)],
    settings: &MultiverseSettings,
    day_of: impl Fn(&str) -> Option<f64>,
) -> Result<Vec<SourceSpread>, MultiverseError> {
    if settings.weightings.is_empty() || settings.lambdas.is_empty() {
        return Err(MultiverseError::NoChoice);
    }
    if !(settings.probability > 0.0 && settings.probability < 1.0) {
        return Err(MultiverseError::Probability(settings.probability));
    }
    let noise = times
        .map(|times| NoisyLengths::new(dataset, times))
        .transpose()?;
    let agents = settings.agents(dataset, day_of);
    let choices = settings.choices();
    let fits =
        |(weighting, lambda): (Weighting, Lambda)| Fits::new(dataset, &agents, weighting, lambda);
    let grid: Vec<Fits<'_>> = choices.into_iter().map(fits).collect();
    let world = World {
        dataset,
        settings,
        noise: noise.as_ref(),
        days: agents.iter().map(|agent| agent.1).collect(),
        base: fits((settings.base_weighting, settings.base_lambda)),
        grid,
    };
    sources
        .iter()
        .map(|&(name, varied)| {
            if varied.human_times && noise.is_none() {
                return Err(MultiverseError::NoHumanTimes {
                    source_name: name.to_owned(),
                });
            }
            Ok(world.spread(name, varied))
        })
        .collect()
}

/// All agents under one weighting and penalty.
struct Fits<'a> {
    lambda: Lambda,
    agents: Vec<AgentRuns<'a>>,
}

impl<'a> Fits<'a> {
    fn new(
        dataset: &'a Dataset,
        agents: &[(usize, f64)],
        weighting: Weighting,
        lambda: Lambda,
    ) -> Self {
        let runs = |&(agent, _): &(usize, f64)| AgentRuns::new(dataset, agent, weighting, lambda);
        Self {
            lambda,
            agents: agents.iter().map(runs).collect(),
        }
    }
}

/// What all universes share.
struct World<'a> {
    dataset: &'a Dataset,
    settings: &'a MultiverseSettings,
    noise: Option<&'a NoisyLengths>,
    days: Vec<f64>,
    base: Fits<'a>,
    grid: Vec<Fits<'a>>,
}

impl World<'_> {
    fn spread(&self, name: &str, varied: Varied) -> SourceSpread {
        let drawn = varied.agents || varied.tasks || varied.runs || varied.human_times;
        let universes = match (drawn, varied.fits) {
            (true, _) => self.settings.universes,
            (false, true) => self.grid.len(),
            (false, false) => 1,
        };
        let line = |universe| {
            let fits = match (varied.fits, drawn) {
                (false, _) => Some(&self.base),
                (true, false) => usize::try_from(universe)
                    .ok()
                    .and_then(|index| self.grid.get(index)),
                (true, true) => {
                    let mut random = stream(self.settings.seed, FIRST_CHOICE_STREAM + universe);
                    self.grid.get(below(&mut random, self.grid.len()))
                }
            };
            self.line(fits?, varied, universe)
        };
        let lines: Vec<Line> = (0..universes as u64)
            .into_par_iter()
            .filter_map(line)
            .collect();
        let mut doublings: Vec<f64> = lines.iter().filter_map(Line::doubling_days).collect();
        doublings.sort_by(f64::total_cmp);
        let arrival =
            |line: &Line| Growth::Exponential(*line).arrival(self.settings.target_minutes);
        let arrivals = ArrivalSpread::of(lines.iter().map(arrival));
        SourceSpread {
            source: name.to_owned(),
            varied,
            universes,
            missing: universes - lines.len(),
            not_growing: lines.len() - doublings.len(),
            doubling: doubling_quantiles(&doublings),
            arrival: arrivals.interval(0.1, 0.9),
            never: arrivals.never,
            lines,
        }
    }

    /// The line of one universe, where it has one.
    fn line(&self, fits: &Fits<'_>, varied: Varied, universe: u64) -> Option<Line> {
        let seed = self.settings.seed;
        let mut random = stream(seed, universe);
        let draw = Draw {
            copies: if varied.tasks {
                draw_copies(&self.dataset.task_ranges(), &mut random)
            } else {
                vec![1; self.dataset.tasks().len()]
            },
            log2_minutes: match self.noise {
                Some(noise) if varied.human_times => noise.of_replicate(seed, universe),
                Some(noise) => noise.quiet(),
                None => self.dataset.log2_minutes(),
            },
        };
        let mut observations: Vec<Observation> = Vec::new();
        let points: Vec<Option<(f64, f64)>> = fits
            .agents
            .iter()
            .zip(&self.days)
            .map(|(agent, &day)| {
                if varied.runs {
                    agent.draw(&draw, &mut random, &mut observations);
                } else {
                    agent.keep(&draw, &mut observations);
                }
                let curve = fit_from(&observations, fits.lambda, agent.curve).curve()?;
                let minutes = curve.crossing_minutes(self.settings.probability);
                Some((day, self.settings.usable_log(minutes)?))
            })
            .collect();
        let points: Vec<(f64, f64)> = if varied.agents {
            let mut random = stream(seed, FIRST_AGENT_STREAM + universe);
            let draw = |_| points[below(&mut random, points.len())];
            (0..points.len()).filter_map(draw).collect()
        } else {
            points.into_iter().flatten().collect()
        };
        Line::through(&points).ok()
    }
}

fn doubling_quantiles(sorted_days: &[f64]) -> Option<DoublingQuantiles> {
    Some(DoublingQuantiles {
        low_days: quantile(sorted_days, 0.1)?,
        median_days: quantile(sorted_days, 0.5)?,
        high_days: quantile(sorted_days, 0.9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::Bootstrap;
    use crate::data::Run;
    use crate::trend::{Window, usable_log};

    fn dataset() -> Dataset {
        let mut runs = Vec::new();
        for agent in 0..4_u32 {
            for task in 0..24_u32 {
                for repeat in 0..4_u32 {
                    let hard = task % 12 + (task * 5 + repeat * 7 + agent * 3) % 5;
                    runs.push(Run {
                        agent: format!("a{agent}"),
                        task: format!("f{}/{task}", task / 3),
                        family: format!("f{}", task / 3),
                        human_minutes: f64::from(task % 12).exp2(),
                        success: if hard < 5 + 2 * agent { 1.0 } else { 0.0 },
                    });
                }
            }
        }
        Dataset::new(runs).unwrap()
    }

    fn day_of(agent: &str) -> Option<f64> {
        let number: f64 = agent.strip_prefix('a')?.parse().ok()?;
        Some(20_000.0 + 100.0 * number)
    }

    fn settings() -> MultiverseSettings {
        MultiverseSettings {
            universes: 60,
            ..MultiverseSettings::default()
        }
    }

    fn named(names: &[&str]) -> Vec<(&'static str, Varied)> {
        let wanted = |source: &(&str, Varied)| names.contains(&source.0);
        Varied::EACH_AND_ALL.into_iter().filter(wanted).collect()
    }

    #[test]
    fn tasks_and_runs_together_are_the_bootstrap() {
        let dataset = dataset();
        let both = Varied {
            tasks: true,
            runs: true,
            ..Varied::default()
        };
        let settings = settings();
        let found = multiverse(&dataset, None, &[("both", both)], &settings, day_of).unwrap();
        let (weighting, lambda) = (Weighting::default(), Lambda::default());
        let bootstrap = Bootstrap::new(&dataset, weighting, lambda, 60, settings.seed);
        let point = |agent: usize, universe: usize| {
            let minutes = bootstrap.crossings_minutes(agent, 0.5)[universe];
            Some((20_000.0 + 100.0 * agent as f64, usable_log(minutes)?))
        };
        let lines: Vec<Line> = (0..60)
            .filter_map(|universe| {
                let points: Vec<_> = (0..4).filter_map(|agent| point(agent, universe)).collect();
                Line::through(&points).ok()
            })
            .collect();
        assert_eq!(found[0].lines, lines);
    }

    #[test]
    fn sources_have_the_universes_that_they_should() {
        let dataset = dataset();
        let sources = named(&["weighting_and_lambda", "models"]);
        let found = multiverse(&dataset, None, &sources, &settings(), day_of).unwrap();
        assert_eq!((found[0].universes, found[1].universes), (12, 60));
        for spread in &found {
            let doubling = spread.doubling.unwrap();
            assert!(doubling.low_days <= doubling.median_days);
            assert!(doubling.median_days <= doubling.high_days);
            assert!(spread.arrival.is_some());
        }
        // Of two agents both draws are one and the same in half of the universes.
        let two = MultiverseSettings {
            window: Window {
                from_day: None,
                before_day: Some(20_150.0),
            },
            ..settings()
        };
        let found = multiverse(&dataset, None, &named(&["models"]), &two, day_of).unwrap();
        assert!((15..45).contains(&found[0].missing), "{}", found[0].missing);
        let nothing = multiverse(
            &dataset,
            None,
            &[("none", Varied::default())],
            &settings(),
            day_of,
        );
        assert_eq!(nothing.unwrap()[0].universes, 1);
    }

    #[test]
    fn what_is_missing_has_a_name() {
        let dataset = dataset();
        let run = |settings: &MultiverseSettings| {
            let sources = named(&["human_times"]);
            multiverse(&dataset, None, &sources, settings, day_of).unwrap_err()
        };
        assert!(matches!(
            run(&settings()),
            MultiverseError::NoHumanTimes { .. }
        ));
        let mut wrong = settings();
        wrong.lambdas.clear();
        assert_eq!(run(&wrong), MultiverseError::NoChoice);
        let mut wrong = settings();
        wrong.probability = 1.0;
        assert_eq!(run(&wrong), MultiverseError::Probability(1.0));
        let nobody = multiverse(&dataset, None, &named(&["models"]), &settings(), |_| None);
        let nobody = nobody.unwrap();
        assert_eq!((nobody[0].missing, nobody[0].arrival), (60, None));
    }
}

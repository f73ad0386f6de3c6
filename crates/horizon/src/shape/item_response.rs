//! All agents and tasks at once: tasks of one length differ in difficulty.
//!
//! A logistic curve takes a task's length for its difficulty. Here, as in item response theory
//! (Birnbaum 1968), the difficulty of task t is d_t = x_t + ε_t, with x_t = log₂(human minutes)
//! and ε_t ~ N(0, σ²), the same for all agents, and agent a succeeds with
//!
//! logit P = slope_a·(x_t + ε_t) + intercept_a = s_a·(θ_a − d_t),
//!
//! with s_a = −slope_a and ability θ_a = intercept_a / s_a in log₂ minutes. Each agent has a slope
//! of its own, as its logistic curve does; human time fixes the scale and the origin of d, so the
//! model is identified without further constraints. What makes σ visible is that several agents,
//! or several runs, meet the same task and fail or succeed together.
//!
//! **Estimation.** Maximum marginal likelihood: ε is integrated out task by task (numerically, to
//! about twelve digits), and all slopes, intercepts and σ are found together by Newton's method on
//!
//! −Σ_t v_t ln L_t + Σ_a (λ/2)·N_a·slope_a²,
//!
//! where L_t is the likelihood of all runs at task t, v_t its weight (with mean 1 over tasks), and
//! N_a = Σ_t v_t n_at the weighted number of the agent's runs. λ thereby acts against the mean
//! loss of an agent's runs, as in [`crate::logistic`]; with σ = 0 the model is one logistic fit an
//! agent, every run weighing v_t. The derivatives are exact (Fisher's and Louis's identities), and
//! the function is even in σ, so σ = 0 is an ordinary minimum where tasks of one length do not
//! differ. The search starts from the agents' logistic fits with a small and with a large σ.
//!
//! Other than in a logistic fit, every run counts as one and not as a share of its task: given ε,
//! runs at one task are independent, so many of them tell of ε precisely, and nothing more.
//!
//! The model takes a task that is hard for one agent to be as much harder for all. Humans are not
//! like that beside language models: fitted jointly their slope comes out flat, and their horizons
//! mean little. Leave them out of the dataset where that matters; the others hardly move.
//!
//! **Two horizons.** The *typical* horizon is where the curve crosses a probability at ε = 0: the
//! chance at a task of that length and median difficulty. The *marginal* one is where the curve
//! averaged over ε crosses: the share of tasks of that length done. Both agree at one half, by
//! symmetry; above it the marginal one is shorter, since averaging flattens the curve. A logistic
//! fit estimates something near the marginal curve.

use serde::Serialize;

use super::joint_model::Model;
use super::logistic_normal;
use super::minimise::{Minimum, minimise};
use super::task_posterior::TaskRuns;
use crate::data::Dataset;
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::logistic::{Curve, Fit};
use crate::weights::Weighting;

/// Standard deviations of difficulty, in doublings, from which the search starts.
const STARTS: [f64; 2] = [0.5, 2.5];
const MAX_ITERATIONS: u32 = 200;

/// What a joint fit can come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemResponseFit {
    /// A certified minimum.
    Converged(ItemResponse),
    /// The search stopped short of one; the figures are those of its last step.
    Unconverged(ItemResponse),
    /// No agent has a curve to fit; why, agent by agent.
    NoAgents(Vec<AgentResponse>),
}

/// Agents and tasks on one scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemResponse {
    /// In the order of [`Dataset::agents`].
    pub agents: Vec<AgentResponse>,
    /// In the order of [`Dataset::tasks`].
    pub tasks: Vec<TaskDifficulty>,
    /// σ: standard deviation of difficulty among tasks of one length, in doublings of human time.
    pub difficulty_sd_doublings: f64,
    /// Value of the minimised function.
    pub objective: f64,
    /// Largest component of the gradient there, divided by the weighted number of runs.
    pub gradient_norm: f64,
    /// The Newton step still to go: the largest of its components, each relative to its parameter
    /// plus 1.
    pub remaining_step: f64,
    /// Newton steps taken from the start that led here.
    pub iterations: u32,
}

/// One agent in a joint fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentResponse {
    /// Its name.
    pub agent: String,
    /// Its curve, or why it has none.
    pub response: Response,
    /// Its horizons, in the order asked for.
    pub horizons: Vec<ResponseHorizons>,
}

/// An agent's curve over difficulty, or why it has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Success falls with difficulty.
    Falling(Ability),
    /// Success does not fall with difficulty, so there are no horizons.
    Rising(Ability),
    /// The agent's runs determine no curve, for the reason given, and it took no part in the fit.
    /// For an agent that always fails or always succeeds this is the maximum of the likelihood
    /// itself: an ability beyond all tasks says nothing about them.
    Excluded(Fit),
}

/// An agent's curve over difficulty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ability {
    /// Log-odds of success over log₂ of difficulty in minutes.
    #[serde(flatten)]
    pub curve: Curve,
    /// θ: log₂ of the difficulty, in minutes, at which the agent succeeds half of the time;
    /// `None` for a flat curve.
    pub ability_log2_minutes: Option<f64>,
}

/// Horizons at one probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ResponseHorizons {
    /// Chance of success at the horizon.
    pub probability: f64,
    /// Length at which a task of median difficulty is done with this chance.
    pub typical: Horizon,
    /// Length at which the chance is this on average over tasks.
    pub marginal: Horizon,
}

/// How hard a task is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskDifficulty {
    /// Its name.
    pub task: String,
    /// How long it takes a human.
    pub human_minutes: f64,
    /// Difficulty in minutes: the human time of a typical task that is as hard. Shrunk towards
    /// the human time where runs say little.
    pub difficulty_minutes: f64,
    /// Posterior mean of ε in doublings: positive for a task that is harder than its length says.
    pub residual_doublings: f64,
    /// Posterior standard deviation of ε, in doublings, taking curves and σ as known.
    pub residual_sd_doublings: f64,
    /// Runs that the estimate rests on; at zero it is the prior.
    pub runs: usize,
}

impl ItemResponseFit {
    /// The fit where it is a certified minimum.
    #[must_use]
    pub fn converged(&self) -> Option<&ItemResponse> {
        match self {
            Self::Converged(fit) => Some(fit),
            _ => None,
        }
    }
}

/// Fits all agents and tasks of a dataset, with horizons at given chances of success.
#[must_use]
pub fn item_response(
    dataset: &Dataset,
    weighting: Weighting,
    lambda: Lambda,
    probabilities: &[f64],
) -> ItemResponseFit {
    let model = Model::new(dataset, weighting, lambda);
    if model.is_empty() {
        let agents = (0..dataset.agents().len())
            .map(|agent| model.agent(dataset, agent, &[], 0.0, probabilities))
            .collect();
        return ItemResponseFit::NoAgents(agents);
    }
    let bounds = vec![(f64::NEG_INFINITY, f64::INFINITY); model.size()];
    let ends = STARTS.map(|sd| {
        minimise(
            &model,
            &model.start(sd),
            &bounds,
            model.scale,
            MAX_ITERATIONS,
        )
    });
    // The lower end, and of two that are equal a certified one.
    let [small, large] = ends;
    let slack = 1e-9 * model.scale;
    let lower = |a: &Minimum, b: &Minimum| a.value < b.value - slack;
    let prefer_large = lower(&large, &small) || (!lower(&small, &large) && !small.converged);
    let end = if prefer_large { large } else { small };
    let (curves, sd) = model.unpack(&end.at);
    let uncentred: Vec<Curve> = curves
        .iter()
        .map(|curve| Curve {
            slope: curve.slope,
            intercept: curve.intercept - curve.slope * model.mean_x,
        })
        .collect();
    let agents = (0..dataset.agents().len())
        .map(|agent| model.agent(dataset, agent, &uncentred, sd.abs(), probabilities))
        .collect();
    let response = ItemResponse {
        agents,
        tasks: model.difficulties(dataset, &curves, sd.abs()),
        difficulty_sd_doublings: sd.abs(),
        objective: end.value,
        gradient_norm: end.gradient_norm,
        remaining_step: end.remaining_step,
        iterations: end.iterations,
    };
    if end.converged {
        ItemResponseFit::Converged(response)
    } else {
        ItemResponseFit::Unconverged(response)
    }
}

impl Model {
    fn agent(
        &self,
        dataset: &Dataset,
        agent: usize,
        curves: &[Curve],
        sd: f64,
        probabilities: &[f64],
    ) -> AgentResponse {
        let response = match self.places[agent] {
            Err(named) => Response::Excluded(named),
            Ok(place) => Response::of(curves[place]),
        };
        AgentResponse {
            agent: dataset.agents()[agent].clone(),
            response,
            horizons: probabilities
                .iter()
                .map(|&p| response.horizons(p, sd))
                .collect(),
        }
    }

    fn difficulties(&self, dataset: &Dataset, curves: &[Curve], sd: f64) -> Vec<TaskDifficulty> {
        let difficulty = |runs: &TaskRuns| {
            let task = &dataset.tasks()[runs.task];
            let (mean, deviation) = runs.posterior(curves, sd).moments();
            let counted = |agent: &usize| self.places[*agent].is_ok();
            TaskDifficulty {
                task: task.name.clone(),
                human_minutes: task.human_minutes,
                difficulty_minutes: task.human_minutes * (sd * mean).exp2(),
                residual_doublings: sd * mean,
                residual_sd_doublings: sd * deviation,
                runs: (0..dataset.agents().len())
                    .filter(counted)
                    .map(|agent| dataset.successes(agent, runs.task).len())
                    .sum(),
            }
        };
        self.tasks.iter().map(difficulty).collect()
    }
}

impl Response {
    fn of(curve: Curve) -> Self {
        let crossing = -curve.intercept / curve.slope;
        let ability = Ability {
            curve,
            ability_log2_minutes: crossing.is_finite().then_some(crossing),
        };
        if curve.slope < 0.0 {
            Self::Falling(ability)
        } else {
            Self::Rising(ability)
        }
    }

    /// Horizons at a chance of success, where difficulty spreads by `sd` doublings.
    #[must_use]
    pub fn horizons(&self, probability: f64, sd: f64) -> ResponseHorizons {
        let (typical, marginal) = match self {
            Self::Falling(ability) => {
                let Curve { slope, intercept } = ability.curve;
                let level = logistic_normal::level(probability, slope * sd);
                let crossing = |log_odds: f64| ((log_odds - intercept) / slope).exp2();
                (
                    Horizon::from_minutes(ability.curve.crossing_minutes(probability)),
                    Horizon::from_minutes(crossing(level)),
                )
            }
            Self::Excluded(named) => (named.horizon(probability), named.horizon(probability)),
            Self::Rising(_) => (Horizon::Undefined, Horizon::Undefined),
        };
        ResponseHorizons {
            probability,
            typical,
            marginal,
        }
    }

    /// Chance of success at a task of so many minutes, averaged over its difficulty; `None`
    /// where no curve is determined.
    #[must_use]
    pub fn marginal_probability(&self, minutes: f64, sd: f64) -> Option<f64> {
        match self {
            Self::Falling(ability) | Self::Rising(ability) => {
                let Curve { slope, intercept } = ability.curve;
                let log_odds = slope * minutes.log2() + intercept;
                Some(logistic_normal::mean(log_odds, slope * sd))
            }
            Self::Excluded(Fit::AllFail) => Some(0.0),
            Self::Excluded(Fit::AllSucceed) => Some(1.0),
            Self::Excluded(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    fn runs(agent: &str, rates: &[(f64, usize, usize)]) -> Vec<Run> {
        let tasks = rates.iter().enumerate();
        tasks
            .flat_map(|(index, &(log2_minutes, runs, successes))| {
                (0..runs).map(move |run| Run {
                    agent: agent.to_owned(),
                    task: format!("f{index}/t"),
                    family: format!("f{index}"),
                    human_minutes: log2_minutes.exp2(),
                    success: if run < successes { 1.0 } else { 0.0 },
                })
            })
            .collect()
    }

    fn fitted(runs: Vec<Run>, lambda: Lambda) -> ItemResponseFit {
        item_response(
            &Dataset::new(runs).unwrap(),
            Weighting::Equal,
            lambda,
            &[0.5, 0.8],
        )
    }

    #[test]
    fn tasks_that_do_not_differ_give_the_logistic_fits() {
        // Success follows the curve more closely than chance would, so σ is zero.
        let rates = [
            (0.0, 40, 38),
            (1.0, 40, 35),
            (2.0, 40, 29),
            (3.0, 40, 20),
            (4.0, 40, 11),
        ];
        let lambda = Lambda::METR_TH1_0;
        let all = runs("a", &rates);
        let dataset = Dataset::new(all.clone()).unwrap();
        let fit = fitted(all, lambda);
        let joint = fit.converged().unwrap();
        assert!(joint.difficulty_sd_doublings < 1e-3, "{joint:?}");
        let plain = crate::observe::fit_agent(&dataset, 0, Weighting::Equal, lambda);
        let Response::Falling(ability) = joint.agents[0].response else {
            panic!("{joint:?}")
        };
        let curve = plain.curve().unwrap();
        assert!(
            (ability.curve.slope - curve.slope).abs() < 1e-6,
            "{joint:?}"
        );
        assert!((ability.curve.intercept - curve.intercept).abs() < 1e-6);
    }

    #[test]
    fn agents_without_a_curve_are_named_and_change_nothing() {
        let rates = [
            (0.0, 6, 6),
            (1.0, 6, 1),
            (2.0, 6, 5),
            (3.0, 6, 0),
            (4.0, 6, 3),
        ];
        let mixed = runs("mixed", &rates);
        let alone = fitted(mixed.clone(), Lambda::default());
        let mut all = mixed;
        all.extend(runs("never", &rates.map(|(x, n, _)| (x, n, 0))));
        all.extend(runs("always", &rates.map(|(x, n, _)| (x, n, n))));
        all.extend(runs("once", &[(0.0, 4, 2)]));
        let fit = fitted(all.clone(), Lambda::default());
        let (alone, joint) = (alone.converged().unwrap(), fit.converged().unwrap());
        assert_eq!(alone.objective, joint.objective);
        assert_eq!(alone.tasks, joint.tasks);
        let named: Vec<&Response> = joint.agents.iter().map(|agent| &agent.response).collect();
        assert_eq!(named[0], &Response::Excluded(Fit::AllSucceed));
        assert_eq!(named[2], &Response::Excluded(Fit::AllFail));
        assert!(
            matches!(named[3], Response::Excluded(Fit::OneLength { minutes, .. })
            if (minutes - 1.0).abs() < 1e-12)
        );
        assert_eq!(joint.agents[0].horizons[1].marginal, Horizon::BeyondAll);
        assert_eq!(joint.agents[2].horizons[0].typical, Horizon::BelowAll);
        all.reverse();
        assert_eq!(fitted(all, Lambda::default()), fit);
        let hopeless = fitted(runs("never", &[(0.0, 3, 0)]), Lambda::default());
        assert!(matches!(hopeless, ItemResponseFit::NoAgents(agents) if agents.len() == 1));
        assert_eq!(
            fitted(Vec::new(), Lambda::NONE),
            ItemResponseFit::NoAgents(Vec::new())
        );
    }

    #[test]
    fn separation_is_named_without_a_penalty() {
        let fit = fitted(runs("a", &[(0.0, 3, 3), (4.0, 3, 0)]), Lambda::NONE);
        let ItemResponseFit::NoAgents(agents) = fit else {
            panic!("{fit:?}")
        };
        let Response::Excluded(Fit::Separated {
            from_minutes,
            to_minutes,
            ..
        }) = agents[0].response
        else {
            panic!("{agents:?}")
        };
        assert!((from_minutes - 1.0).abs() < 1e-12 && (to_minutes - 16.0).abs() < 1e-11);
    }
}

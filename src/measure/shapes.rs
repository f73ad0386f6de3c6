//! Whether another shape of the success curve would say something else.

use horizon::bins::default_edges_minutes;
use horizon::goodness::{Goodness, goodness};
use horizon::observe::observations;
use horizon::quantile::HorizonInterval;
use horizon::sensitivity::{Penalised, lambda_sensitivity};
use horizon::shape::cross_validation::{CrossValidated, cross_validate};
use horizon::shape::disagreement::{Disagreement, disagreement, shape_horizons};
use horizon::shape::item_response::{ItemResponseFit, item_response};
use horizon::{Fit, Horizon};
use serde::Serialize;

use super::{Measurement, PROBABILITIES, estimate_at};

/// Shapes of all agents' curves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShapeFindings {
    /// One entry an agent, from the longest p50 to the shortest.
    pub agents: Vec<AgentShapes>,
    /// Agents and tasks on one scale.
    pub joint: ItemResponseFit,
}

/// Shapes of one agent's curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentShapes {
    /// The agent.
    pub agent: String,
    /// The logistic fit.
    pub fit: Fit,
    /// How well it fits; absent where it is not determined.
    pub goodness: Option<Goodness>,
    /// Horizons of the logistic curve and of other shapes, by probability.
    pub horizons: Vec<ShapesAt>,
    /// Horizons under METR's penalties and under none.
    pub penalties: Vec<Penalised>,
    /// Scores on families that a fit has not seen; empty unless asked for.
    pub cross_validated: Vec<CrossValidated>,
}

/// One agent's horizons at one probability.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShapesAt {
    /// Chance of success at the horizons.
    pub probability: f64,
    /// The logistic curve's.
    pub logistic: Horizon,
    /// Its interval.
    pub interval: Option<HorizonInterval>,
    /// The other shapes', held against that interval.
    pub others: Vec<Disagreement>,
}

impl ShapeFindings {
    /// Fits every shape to every agent. Held-out scores take the longest, and are made on request.
    pub fn of(measurement: &Measurement, cross_validated: bool) -> Self {
        let dataset = &measurement.dataset;
        let settings = &measurement.analysis.settings;
        let (weighting, lambda) = (settings.weighting, settings.lambda);
        let joint = item_response(dataset, weighting, lambda, &PROBABILITIES);
        let responses = match &joint {
            ItemResponseFit::Converged(fit) => fit.agents.as_slice(),
            ItemResponseFit::Unconverged(_) | ItemResponseFit::NoAgents(_) => &[],
        };
        let ranked = measurement.by_horizon();
        let agents = ranked.into_iter().map(|(index, agent)| {
            let observations = observations(dataset, index, weighting);
            let edges = default_edges_minutes(agent.shortest_minutes, agent.longest_minutes);
            let curve = agent.fit.curve();
            let chance = |minutes| curve.map(|curve| curve.probability(minutes));
            let horizons = PROBABILITIES.map(|probability| {
                let interval =
                    estimate_at(agent, probability).and_then(|it| it.replicated.interval);
                let response = responses.get(index);
                let others = shape_horizons(&observations, lambda, probability, response);
                ShapesAt {
                    probability,
                    logistic: agent.fit.horizon(probability),
                    interval,
                    others: disagreement(interval, &others),
                }
            });
            AgentShapes {
                agent: agent.agent.clone(),
                fit: agent.fit,
                goodness: goodness(dataset, index, weighting, &edges, chance).ok(),
                horizons: horizons.to_vec(),
                penalties: lambda_sensitivity(dataset, index, weighting, &PROBABILITIES),
                cross_validated: match cross_validated {
                    true => cross_validate(dataset, index, weighting, lambda),
                    false => Vec::new(),
                },
            }
        });
        Self {
            agents: agents.collect(),
            joint,
        }
    }
}

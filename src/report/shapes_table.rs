//! Other shapes of the success curve, as tables.

use horizon::shape::Shape;
use horizon::shape::disagreement::{Disagreement, Reading};
use horizon::shape::item_response::ItemResponseFit;

use super::{TextTable, words};
use crate::measure::{AgentShapes, ShapeFindings, ShapesAt};

/// Shapes as text: horizons side by side, how well the logistic curve fits, and where shapes
/// disagree by more than the interval.
pub fn shapes_report(found: &ShapeFindings) -> String {
    let mut text = String::new();
    for position in 0..found.agents.first().map_or(0, |agent| agent.horizons.len()) {
        text.push_str(&horizons(found, position));
        text.push('\n');
    }
    text.push_str(&fits(found));
    if found
        .agents
        .iter()
        .any(|agent| !agent.cross_validated.is_empty())
    {
        text.push('\n');
        text.push_str(&cross_validated(found));
    }
    text.push('\n');
    text.push_str(&joint(&found.joint));
    text.push_str(&disagreements(found));
    text
}

/// Horizons at one of the probabilities.
fn horizons(found: &ShapeFindings, position: usize) -> String {
    let at = |agent: &AgentShapes| agent.horizons.get(position).cloned();
    let probability = found
        .agents
        .first()
        .and_then(at)
        .map_or(0.5, |it| it.probability);
    let p = format!("p{:.0}", probability * 100.0);
    let title = format!("{p} logistic [95 % interval]");
    let mut table = TextTable::new([
        "model",
        title.as_str(),
        "floor",
        "ceiling",
        "both",
        "isotonic",
        "joint, typical",
        "joint, marginal",
    ]);
    for agent in &found.agents {
        let Some(shapes) = at(agent) else {
            continue;
        };
        let of = |reading: Reading| {
            let found = shapes.others.iter().find(|it| it.shape.reading == reading);
            found.map_or("–".into(), marked)
        };
        table.row([
            agent.agent.clone(),
            logistic(&shapes),
            of(Reading::Shape(Shape::Floor)),
            of(Reading::Shape(Shape::Ceiling)),
            of(Reading::Shape(Shape::FloorAndCeiling)),
            of(Reading::Shape(Shape::Isotonic)),
            of(Reading::ItemResponseTypical),
            of(Reading::ItemResponseMarginal),
        ]);
    }
    table.to_string()
}

fn logistic(shapes: &ShapesAt) -> String {
    let point = words::horizon(shapes.logistic);
    match shapes.interval {
        interval @ Some(_) => format!("{point} [{}]", words::range(interval)),
        None => point,
    }
}

/// A shape's horizon, with a star beyond the interval.
fn marked(disagreement: &Disagreement) -> String {
    let star = if disagreement.is_beyond() { " *" } else { "" };
    format!("{}{star}", words::horizon(disagreement.shape.horizon))
}

fn fits(found: &ShapeFindings) -> String {
    let mut table = TextTable::new([
        "model",
        "McFadden",
        "Brier (constant)",
        "largest residual",
        "p50 at λ = 0.1 over none",
        "p80",
    ]);
    for agent in &found.agents {
        let goodness = agent.goodness.as_ref();
        let penalised = |position: usize| {
            let ratio = agent
                .penalties
                .first()
                .and_then(|penalised| penalised.horizons.get(position)?.ratio_to_unpenalised);
            ratio.map_or("–".into(), |ratio| format!("{ratio:.2}"))
        };
        let residual = goodness.and_then(|goodness| {
            let by_size = |a: &&horizon::goodness::LengthResidual,
                           b: &&horizon::goodness::LengthResidual| {
                a.residual.abs().total_cmp(&b.residual.abs())
            };
            goodness.residuals.iter().max_by(by_size)
        });
        table.row([
            agent.agent.clone(),
            goodness
                .and_then(|it| it.mcfadden)
                .map_or("–".into(), |value| format!("{value:.3}")),
            goodness.map_or("–".into(), |it| {
                format!("{:.3} ({:.3})", it.brier, it.constant_brier)
            }),
            residual.map_or("–".into(), |it| {
                format!(
                    "{:+.2} ± {:.2} at {} – {}",
                    it.residual,
                    it.standard_error,
                    words::minutes(it.from_minutes),
                    words::minutes(it.to_minutes)
                )
            }),
            penalised(0),
            penalised(1),
        ]);
    }
    table.to_string()
}

fn cross_validated(found: &ShapeFindings) -> String {
    let mut table = TextTable::new([
        "model", "constant", "logistic", "floor", "ceiling", "both", "isotonic",
    ]);
    for agent in &found.agents {
        let scores = agent
            .cross_validated
            .iter()
            .map(|shape| match &shape.scores {
                None => "–".to_owned(),
                Some(scores) if shape.shape == Shape::Logistic => {
                    format!("{:.3}", scores.log_score)
                }
                Some(scores) => match scores.log_score_gain {
                    Some(gain) => format!(
                        "{:+.3}{}",
                        gain.difference,
                        gain.standard_error
                            .map_or(String::new(), |error| format!(" ± {error:.3}"))
                    ),
                    None => format!("{:.3}", scores.log_score),
                },
            });
        table.row(std::iter::once(agent.agent.clone()).chain(scores));
    }
    format!(
        "{table}Log scores on families that the fit had not seen: the logistic curve's, and by how much the others \
         exceed it.\n"
    )
}

fn joint(joint: &ItemResponseFit) -> String {
    let fit = match joint {
        ItemResponseFit::Converged(fit) => fit,
        ItemResponseFit::Unconverged(_) => {
            return "The joint fit did not converge, and is left out.\n".into();
        }
        ItemResponseFit::NoAgents(_) => return "No model has a curve for a joint fit.\n".into(),
    };
    format!(
        "Joint item-response fit: the difficulty of tasks of one length scatters by {:.2} doublings of human time. \
         Typical: a\ntask of median difficulty; marginal: the mean over tasks of that length.\n",
        fit.difficulty_sd_doublings
    )
}

/// Where another shape's p50 lies beyond the interval.
fn disagreements(found: &ShapeFindings) -> String {
    let mut text = String::new();
    for agent in &found.agents {
        for shapes in &agent.horizons {
            let beyond = shapes.others.iter().filter(|other| other.is_beyond());
            let beyond: Vec<String> = beyond
                .map(|other| {
                    format!(
                        "{} ({})",
                        reading(other.shape.reading),
                        words::horizon(other.shape.horizon)
                    )
                })
                .collect();
            if !beyond.is_empty() {
                text.push_str(&format!(
                    "* {}: shapes disagree about p{:.0} by more than its interval: {}.\n",
                    agent.agent,
                    shapes.probability * 100.0,
                    beyond.join(", ")
                ));
            }
        }
    }
    match text.is_empty() {
        true => "No shape's horizon lies beyond the interval of the logistic one.\n".into(),
        false => text,
    }
}

fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::ItemResponseTypical => "joint, typical",
        Reading::ItemResponseMarginal => "joint, marginal",
        Reading::Shape(Shape::Constant) => "constant",
        Reading::Shape(Shape::Logistic) => "logistic",
        Reading::Shape(Shape::Floor) => "floor",
        Reading::Shape(Shape::Ceiling) => "ceiling",
        Reading::Shape(Shape::FloorAndCeiling) => "floor and ceiling",
        Reading::Shape(Shape::Isotonic) => "isotonic",
    }
}

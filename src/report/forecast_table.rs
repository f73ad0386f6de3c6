//! Forecasts as tables.

use horizon::trend::{Backtest, DAYS_PER_MONTH, Milestone, Prediction, ScoreSummary};

use super::{TextTable, words};
use crate::measure::{Forecasts, ReleaseDates, ScenarioForecast, ShapeForecast};

/// Forecasts as text: shapes with their scores, horizons to come, scenarios, a back-test.
pub fn forecast_report(forecasts: &Forecasts) -> String {
    let target = words::minutes(forecasts.target_minutes);
    let mut text = shapes(&forecasts.shapes, &target);
    text.push_str(&predictions(&forecasts.predictions));
    if !forecasts.scenarios.is_empty() {
        text.push_str(&scenarios(&forecasts.scenarios, &target));
    }
    if let Some(back_test) = &forecasts.back_test {
        text.push_str(&scores(back_test));
    }
    text
}

fn shapes(shapes: &[ShapeForecast], target: &str) -> String {
    let date = format!("{target} reached [95 % interval]");
    let mut table = TextTable::new([
        "growth",
        "parameters",
        "residual sd",
        "log score ahead (n)",
        "log score left out (n)",
        date.as_str(),
        "never",
    ]);
    let mut reasons = String::new();
    for shape in shapes {
        let alternative = &shape.alternative;
        let name = alternative.shape.name();
        let residual = match &alternative.fit {
            Ok(fit) => format!("{:.3}", fit.residual_sd),
            Err(error) => {
                reasons.push_str(&format!("{name}: {error}.\n"));
                "–".into()
            }
        };
        let milestone = shape.milestone.as_ref();
        table.row([
            name.to_owned(),
            alternative.shape.parameters().to_string(),
            residual,
            score(alternative.rolling_origin.as_ref()),
            score(alternative.leave_one_out.as_ref()),
            milestone.map_or("–".into(), reached),
            milestone.map_or("–".into(), never),
        ]);
    }
    format!(
        "{table}\n{reasons}Log scores are means over predictions of ln minutes that the fit had not seen, of later models and \
         of each left out;\nlarger is better, and means over different numbers of predictions do not compare. With so few \
         points the shapes differ\nby little, and their dates by years.\n\n"
    )
}

fn score(summary: Option<&ScoreSummary>) -> String {
    summary.map_or("–".into(), |summary| {
        format!("{:+.2} ({})", summary.mean_log_score, summary.scored)
    })
}

fn reached(milestone: &Milestone) -> String {
    let point = words::arrival(milestone.arrival);
    match milestone.interval {
        Some(interval) => format!(
            "{point} [{} – {}]",
            words::arrival(interval.low),
            words::arrival(interval.high)
        ),
        None => point,
    }
}

fn never(milestone: &Milestone) -> String {
    let all = milestone.reached + milestone.never + milestone.always;
    match all {
        0 => "–".into(),
        _ => format!("{:.1} %", 100.0 * milestone.never as f64 / all as f64),
    }
}

fn predictions(predictions: &[Prediction]) -> String {
    let mut table = TextTable::new([
        "released on",
        "p50 by the trend",
        "trend [95 % interval]",
        "next leader [95 % prediction]",
    ]);
    for prediction in predictions {
        table.row([
            ReleaseDates::iso(prediction.day),
            words::horizon(prediction.horizon),
            words::range(prediction.curve_interval),
            words::range(prediction.prediction_interval),
        ]);
    }
    format!("{table}\n")
}

fn scenarios(scenarios: &[ScenarioForecast], target: &str) -> String {
    let mut text = String::new();
    for forecast in scenarios {
        let scenario = &forecast.scenario;
        text.push_str(&format!(
            "If horizons double every {} months from {} on: {target} on {}.\n",
            trimmed(scenario.doubling_days / DAYS_PER_MONTH),
            scenario.agent,
            words::arrival(forecast.arrival)
        ));
    }
    text
}

/// A number without needless digits.
fn trimmed(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn scores(back_test: &Backtest) -> String {
    let mut table = TextTable::new([
        "model",
        "released",
        "p50",
        "predicted [95 % interval]",
        "error in doublings",
        "within",
    ]);
    for score in &back_test.scores {
        table.row([
            score.agent.clone(),
            ReleaseDates::iso(score.day),
            words::minutes(score.actual_minutes),
            format!(
                "{} [{}]",
                words::horizon(score.predicted),
                words::range(score.interval)
            ),
            score
                .error_doublings
                .map_or("–".into(), |error| format!("{error:+.2}")),
            if score.covered { "yes" } else { "no" }.into(),
        ]);
    }
    format!(
        "\nBack-test: the exponential trend through what was released up to {}, and what came after.\n{table}",
        ReleaseDates::iso(back_test.origin_day)
    )
}

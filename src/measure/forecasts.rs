//! What the trend says of days to come, and how far to trust it.

use horizon::trend::{
    Alternative, Arrival, Backtest, DAYS_PER_MONTH, Growth, GrowthError, Milestone, Prediction,
    Scenario, Shape, ShortHorizons, alternatives, backtest, forecast, scenarios,
};
use horizon::{Release, Window};
use serde::Serialize;

/// Days after the newest release for which horizons are forecast unless days are given.
const DAYS_AHEAD: [f64; 3] = [90.0, 180.0, 365.0];

/// What to forecast. Days count from 1970-01-01.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForecastChoices {
    /// Which releases the trend goes through.
    pub window: Window,
    /// The horizon whose date is asked for.
    pub target_minutes: f64,
    /// Days for which horizons are forecast; some after the newest release where there are none.
    pub days: Vec<f64>,
    /// Doubling times of scenarios, in months.
    pub doubling_months: Vec<f64>,
    /// Day up to which a back-test knows releases.
    pub back_test_day: Option<f64>,
}

/// Everything that is forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecasts {
    /// The horizon whose date is asked for.
    pub target_minutes: f64,
    /// Shapes of growth with their scores, and when each reaches the target.
    pub shapes: Vec<ShapeForecast>,
    /// Horizons to come, by the exponential trend.
    pub predictions: Vec<Prediction>,
    /// Growth at chosen paces.
    pub scenarios: Vec<ScenarioForecast>,
    /// The exponential trend up to a day, scored by what came after.
    pub back_test: Option<Backtest>,
}

/// One shape of growth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShapeForecast {
    /// Its fit and its scores.
    #[serde(flatten)]
    pub alternative: Alternative,
    /// When it reaches the target; absent where the shape cannot be fitted.
    pub milestone: Option<Milestone>,
}

/// Growth at one pace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioForecast {
    /// The line.
    #[serde(flatten)]
    pub scenario: Scenario,
    /// When the target is reached.
    pub arrival: Arrival,
}

impl Forecasts {
    /// Forecasts from models with their release days.
    ///
    /// # Errors
    /// When the releases determine no exponential trend, or none up to the day of the back-test.
    pub fn of(releases: &[Release], choices: &ForecastChoices) -> Result<Self, GrowthError> {
        let window = choices.window;
        let target_minutes = choices.target_minutes;
        let leave_out = ShortHorizons::LeaveOut;
        let trend = forecast(releases, window, leave_out, Shape::Exponential)?;
        let shapes = alternatives(releases, window)?
            .into_iter()
            .map(|alternative| {
                let fitted = forecast(releases, window, leave_out, alternative.shape).ok();
                ShapeForecast {
                    milestone: fitted.map(|fitted| fitted.milestone(target_minutes)),
                    alternative,
                }
            });
        let months = choices.doubling_months.iter();
        let doubling_days: Vec<f64> = months.map(|months| months * DAYS_PER_MONTH).collect();
        let paced = scenarios(releases, window, &doubling_days)?;
        let paced = paced.into_iter().map(|scenario| ScenarioForecast {
            arrival: Growth::Exponential(scenario.line).arrival(target_minutes),
            scenario,
        });
        let back_test = choices
            .back_test_day
            .map(|day| backtest(releases, window, Shape::Exponential, day));
        let newest = trend.points.last().map_or(0.0, |point| point.day);
        let days = match choices.days.as_slice() {
            [] => DAYS_AHEAD.map(|ahead| newest + ahead).to_vec(),
            days => days.to_vec(),
        };
        Ok(Self {
            target_minutes,
            shapes: shapes.collect(),
            predictions: trend.predict(&days),
            scenarios: paced.collect(),
            back_test: back_test.transpose()?,
        })
    }
}

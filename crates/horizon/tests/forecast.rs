//! Forecasts on METR's January 2025 snapshot.

#[cfg(test)]
mod metr;

use std::collections::HashMap;

use horizon::trend::{
    Arrival, ONE_MONTH_MINUTES, Shape, ShortHorizons, alternatives, forecast, rolling_origin,
};
use horizon::{Analysis, Lambda, Release, Settings, Window, analyse};
use metr::{dataset, day_of, text};

const FROM_2023_03_13: Window = Window {
    from_day: Some(19_429.0),
    before_day: None,
};

#[cfg(test)]
fn releases(replicates: usize) -> Vec<Release> {
    let settings = Settings {
        lambda: Lambda::METR_TH1_0,
        replicates,
        ..Settings::default()
    };
    let analysis: Analysis = analyse(&dataset(), &settings).unwrap();
    analysis.releases(0.5, day_of)
}

#[test]
fn the_exponential_is_the_trend_and_its_date_follows() {
    let gold: HashMap<String, serde_json::Value> =
        serde_json::from_str(&text("trend_dd29c6c0.json")).unwrap();
    let gold = &gold["exact_lam0.1|from_2023"];
    let (slope, intercept) = (
        gold["slope_ln_per_day"].as_f64().unwrap(),
        gold["intercept"].as_f64().unwrap(),
    );
    let short = ShortHorizons::LeaveOut;
    let found = forecast(&releases(200), FROM_2023_03_13, short, Shape::Exponential).unwrap();
    let milestone = found.milestone(ONE_MONTH_MINUTES);
    let Arrival::Day(day) = milestone.arrival else {
        panic!("{milestone:?}");
    };
    assert!((day - (10_020.0_f64.ln() - intercept) / slope).abs() < 1e-3);
    assert_eq!(milestone.reached + milestone.never + milestone.missing, 200);
    let prediction = found.predict(&[20_143.0])[0];
    let (curve, one) = (
        prediction.curve_interval.unwrap(),
        prediction.prediction_interval.unwrap(),
    );
    let minutes = |horizon: horizon::Horizon| horizon.minutes().unwrap();
    assert!(minutes(one.low) < minutes(curve.low) && minutes(curve.high) < minutes(one.high));
}

#[test]
fn the_past_is_forecast_from_every_origin() {
    let releases = releases(100);
    let found = rolling_origin(&releases, FROM_2023_03_13, Shape::Exponential).unwrap();
    // Six leaders; three points are the fewest that a line with scatter needs.
    assert_eq!((found.origins.len(), found.unfitted.len()), (3, 2));
    let summary = found.summary.unwrap();
    assert_eq!(summary.predictions, 3 + 2 + 1);
    assert!((0.0..=1.0).contains(&summary.coverage));
    let compared = alternatives(&releases, FROM_2023_03_13).unwrap();
    assert_eq!(compared.len(), Shape::ALL.len());
    let fitted = compared.iter().filter(|one| one.fit.is_ok()).count();
    assert!(fitted >= 3, "{compared:?}");
    assert!(serde_json::to_value(&compared).is_ok());
}

//! Reading the reward that `tests/test.sh` leaves, in Harbor's two forms.

use std::collections::BTreeMap;

use crate::sandbox::Collected;

/// Where the script leaves its reward, inside the sandbox.
pub(super) const LOGS_DIR: &str = "/logs/verifier";
pub(super) const JSON_FILE: &str = "/logs/verifier/reward.json";
pub(super) const TEXT_FILE: &str = "/logs/verifier/reward.txt";
/// More than any honest reward file holds.
pub(super) const MAX_REWARD_BYTES: u64 = 64 * 1024;

/// The reward, from 0 to 1: `reward.json` if it is there, else `reward.txt`.
///
/// # Errors
/// In words, when neither file holds one usable number.
pub(super) fn read(collected: &BTreeMap<String, Collected>) -> Result<f64, String> {
    let value = match (collected.get(JSON_FILE), collected.get(TEXT_FILE)) {
        (None | Some(Collected::Missing), None | Some(Collected::Missing)) => {
            return Err("tests/test.sh wrote neither reward.txt nor reward.json".into());
        }
        (None | Some(Collected::Missing), Some(text)) => from_text(bytes_of("reward.txt", text)?)?,
        (Some(json), _) => from_json(bytes_of("reward.json", json)?)?,
    };
    if !value.is_finite() {
        return Err(format!(
            "the reward is {value}, which is not a finite number"
        ));
    }
    if !(0.0..=1.0).contains(&value) {
        return Err(format!("the reward is {value}, outside 0 to 1"));
    }
    Ok(value)
}

fn bytes_of<'a>(name: &str, collected: &'a Collected) -> Result<&'a [u8], String> {
    match collected {
        Collected::File(bytes) => Ok(bytes),
        Collected::Missing => Err(format!("{name} is missing")),
        Collected::TooLarge { bytes } => {
            Err(format!("{name} has {bytes} bytes, which is no reward"))
        }
        Collected::NotAFile => Err(format!("{name} is not a plain file")),
    }
}

fn from_text(bytes: &[u8]) -> Result<f64, String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if text.is_empty() {
        return Err("reward.txt is empty".into());
    }
    text.parse().map_err(|_| {
        format!(
            "reward.txt holds {:?}, which is not a number",
            shortened(text)
        )
    })
}

/// `reward.json` maps names to numbers. The reward is the one called `reward`, or the only one.
fn from_json(bytes: &[u8]) -> Result<f64, String> {
    let rewards: BTreeMap<String, f64> = serde_json::from_slice(bytes)
        .map_err(|error| format!("reward.json does not map names to numbers: {error}"))?;
    match (rewards.get("reward"), rewards.len()) {
        (Some(reward), _) => Ok(*reward),
        (None, 1) => Ok(rewards.values().copied().sum()),
        (None, count) => Err(format!(
            "reward.json has {count} entries and none is called `reward`"
        )),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(file: &str, content: &[u8]) -> Result<f64, String> {
        read(&BTreeMap::from([(
            file.to_owned(),
            Collected::File(content.to_vec()),
        )]))
    }

    #[test]
    fn both_forms_are_read_and_json_wins() {
        assert_eq!(with(TEXT_FILE, b" 0.5\n"), Ok(0.5));
        assert_eq!(with(JSON_FILE, b"{\"score\": 1}"), Ok(1.0));
        assert_eq!(
            with(JSON_FILE, b"{\"reward\": 0.25, \"speed\": 9}"),
            Ok(0.25)
        );
        let both = BTreeMap::from([
            (TEXT_FILE.to_owned(), Collected::File(b"0".to_vec())),
            (
                JSON_FILE.to_owned(),
                Collected::File(b"{\"reward\": 1}".to_vec()),
            ),
        ]);
        assert_eq!(read(&both), Ok(1.0));
    }

    #[test]
    fn no_number_is_an_error_and_never_zero() {
        for content in [
            "", "\n", "yes", "nan", "inf", "-inf", "1e999", "2", "-0.1", "0.5 0.5",
        ] {
            assert!(with(TEXT_FILE, content.as_bytes()).is_err(), "{content:?}");
        }
        for content in [
            "",
            "{}",
            "[1]",
            "1",
            "{\"a\": 1, \"b\": 1}",
            "{\"reward\": \"1\"}",
            "{\"reward\": null}",
        ] {
            assert!(with(JSON_FILE, content.as_bytes()).is_err(), "{content:?}");
        }
        assert!(read(&BTreeMap::new()).is_err());
        assert!(
            read(&BTreeMap::from([(
                TEXT_FILE.to_owned(),
                Collected::NotAFile
            )]))
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            for file in [TEXT_FILE, JSON_FILE] {
                if let Ok(value) = with(file, &bytes) {
                    prop_assert!((0.0..=1.0).contains(&value));
                }
            }
        }
    }
}

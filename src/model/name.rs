//! Names of models: `provider/model`, split at the first slash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A model as the user names it, such as `openrouter/anthropic/claude-x`.
///
/// Only the first slash splits: names of models at aggregators and on local
/// servers contain slashes themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelName {
    provider: String,
    name: String,
}

/// Why a text is not the name of a model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelNameError {
    /// There is no slash, so the provider is not known.
    #[error("`{text}` names no provider: write it as provider/model, such as openai/{text}")]
    NoProvider {
        /// What was given.
        text: String,
    },
    /// One of the two halves is empty.
    #[error("`{text}` lacks its {missing}: write it as provider/model, such as openai/gpt-5")]
    EmptyPart {
        /// What was given.
        text: String,
        /// `provider` or `model`.
        missing: &'static str,
    },
    /// A character that no model name has: white space, a comma or a control character.
    #[error(
        "the model name {text:?} contains {character:?}, which cannot be part of a name: \
         give several models as separate values"
    )]
    BadCharacter {
        /// What was given.
        text: String,
        /// The first offending character.
        character: char,
    },
}

impl ModelName {
    /// Reads `provider/model[/more]`; white space around it is ignored.
    ///
    /// # Errors
    /// [`ModelNameError`] says which part is missing or which character is wrong.
    pub fn parse(text: &str) -> Result<Self, ModelNameError> {
        let text = text.trim();
        let bad = |c: &char| c.is_whitespace() || c.is_control() || *c == ',';
        if let Some(character) = text.chars().find(bad) {
            return Err(ModelNameError::BadCharacter {
                text: text.to_owned(),
                character,
            });
        }
        let missing = |missing| ModelNameError::EmptyPart {
            text: text.to_owned(),
            missing,
        };
        match text.split_once('/') {
            None if text.is_empty() => Err(missing("provider")),
            None => Err(ModelNameError::NoProvider {
                text: text.to_owned(),
            }),
            Some(("", _)) => Err(missing("provider")),
            Some((_, "")) => Err(missing("model")),
            Some((provider, name)) => Ok(Self {
                provider: provider.to_owned(),
                name: name.to_owned(),
            }),
        }
    }

    /// The part before the first slash: who serves the model.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Everything after the first slash: what the provider calls the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for ModelName {
    type Err = ModelNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for ModelName {
    type Error = ModelNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ModelName> for String {
    fn from(name: ModelName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_at_the_first_slash_only() {
        let name = ModelName::parse(" openrouter/anthropic/claude-x ").unwrap();
        assert_eq!(name.provider(), "openrouter");
        assert_eq!(name.name(), "anthropic/claude-x");
        assert_eq!(name.to_string(), "openrouter/anthropic/claude-x");
    }

    #[test]
    fn says_what_is_missing() {
        let message = |text| ModelName::parse(text).unwrap_err().to_string();
        assert!(message("gpt-5").contains("openai/gpt-5"));
        assert!(message("/gpt-5").contains("lacks its provider"));
        assert!(message("").contains("lacks its provider"));
        assert!(message("openai/").contains("lacks its model"));
        assert!(message("openai/a,openai/b").contains("separate values"));
        assert!(message("openai/a b").contains("' '"));
    }

    #[test]
    fn is_one_string_in_json() {
        let name = ModelName::parse("a/b/c").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"a/b/c\"");
        assert_eq!(
            serde_json::from_str::<ModelName>("\"a/b/c\"").unwrap(),
            name
        );
        assert!(serde_json::from_str::<ModelName>("\"abc\"").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_parses_prints_back(text in "[a-z/ ,\\n-]{0,12}") {
            if let Ok(name) = ModelName::parse(&text) {
                prop_assert_eq!(name.to_string(), text.trim());
            }
        }
    }
}

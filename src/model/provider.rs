//! Providers: which key, which address, and which small differences of wire.
//!
//! Settings come from a lookup that the caller hands in (the process
//! environment over a `.env` file), never from the environment directly.

use reqwest::Url;
use thiserror::Error;

use super::{ModelName, Secret};

/// How a provider's chat completions differ from OpenAI's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Name of the field that limits output tokens.
    pub(super) output_limit_field: &'static str,
    /// Name of the field for the sampling seed.
    pub(super) seed_field: &'static str,
    /// Whether effort goes into `reasoning.effort` rather than `reasoning_effort`.
    pub(super) nested_effort: bool,
}

const OPENAI: Dialect = Dialect {
    output_limit_field: "max_completion_tokens",
    seed_field: "seed",
    nested_effort: false,
};
/// Everyone else still understands the older name of the limit, and local
/// servers only that.
const COMPATIBLE: Dialect = Dialect {
    output_limit_field: "max_tokens",
    ..OPENAI
};
const OPENROUTER: Dialect = Dialect {
    nested_effort: true,
    ..COMPATIBLE
};
const MISTRAL: Dialect = Dialect {
    seed_field: "random_seed",
    ..COMPATIBLE
};

struct Provider {
    name: &'static str,
    key_variable: &'static str,
    key_required: bool,
    base_url_variable: &'static str,
    default_base_url: Option<&'static str>,
    dialect: Dialect,
}

const fn hosted(
    name: &'static str,
    key_variable: &'static str,
    base_url_variable: &'static str,
    default_base_url: &'static str,
    dialect: Dialect,
) -> Provider {
    Provider {
        name,
        key_variable,
        key_required: true,
        base_url_variable,
        default_base_url: Some(default_base_url),
        dialect,
    }
}

const fn local(
    name: &'static str,
    key_variable: &'static str,
    base_url_variable: &'static str,
    default_base_url: Option<&'static str>,
) -> Provider {
    Provider {
        name,
        key_variable,
        key_required: false,
        base_url_variable,
        default_base_url,
        dialect: COMPATIBLE,
    }
}

#[rustfmt::skip]
const PROVIDERS: [Provider; 16] = [
    hosted("openai", "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com/v1", OPENAI),
    hosted("openrouter", "OPENROUTER_API_KEY", "OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1", OPENROUTER),
    hosted("together", "TOGETHER_API_KEY", "TOGETHER_BASE_URL", "https://api.together.xyz/v1", COMPATIBLE),
    hosted("groq", "GROQ_API_KEY", "GROQ_BASE_URL", "https://api.groq.com/openai/v1", COMPATIBLE),
    hosted("fireworks", "FIREWORKS_API_KEY", "FIREWORKS_BASE_URL", "https://api.fireworks.ai/inference/v1", COMPATIBLE),
    hosted("mistral", "MISTRAL_API_KEY", "MISTRAL_BASE_URL", "https://api.mistral.ai/v1", MISTRAL),
    hosted("deepseek", "DEEPSEEK_API_KEY", "DEEPSEEK_BASE_URL", "https://api.deepseek.com/v1", COMPATIBLE),
    hosted("moonshot", "MOONSHOT_API_KEY", "MOONSHOT_BASE_URL", "https://api.moonshot.ai/v1", COMPATIBLE),
    hosted("perplexity", "PERPLEXITY_API_KEY", "PERPLEXITY_BASE_URL", "https://api.perplexity.ai", COMPATIBLE),
    hosted("sambanova", "SAMBANOVA_API_KEY", "SAMBANOVA_BASE_URL", "https://api.sambanova.ai/v1", COMPATIBLE),
    hosted("xai", "XAI_API_KEY", "XAI_BASE_URL", "https://api.x.ai/v1", COMPATIBLE),
    local("vllm", "VLLM_API_KEY", "VLLM_BASE_URL", None),
    local("sglang", "SGLANG_API_KEY", "SGLANG_BASE_URL", None),
    local("ollama", "OLLAMA_API_KEY", "OLLAMA_BASE_URL", Some("http://localhost:11434/v1")),
    local("llama-cpp", "LLAMA_CPP_API_KEY", "LLAMA_CPP_BASE_URL", Some("http://127.0.0.1:8080/v1")),
    local("local", "LOCAL_API_KEY", "LOCAL_BASE_URL", None),
];

/// The prefix for any other server of OpenAI's chat wire: `openai-api/vendor/model`.
const GENERIC: &str = "openai-api";

/// Providers whose own wire is not spoken here.
const OTHER_WIRES: [&str; 2] = ["anthropic", "google"];

/// Why a model cannot be asked with the settings at hand.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProviderError {
    /// No such provider.
    #[error(
        "`{model}`: no provider is called `{provider}`; known are {known}, \
         and openai-api/<vendor>/<model> for any other server of OpenAI's chat API"
    )]
    Unknown {
        /// The model asked for.
        model: ModelName,
        /// Its provider.
        provider: String,
        /// The names that exist.
        known: String,
    },
    /// The provider has a wire of its own, which is not spoken yet.
    #[error(
        "`{model}`: {provider}'s own API is not spoken yet; ask the model through OpenRouter, \
         as openrouter/{provider}/{name} with OPENROUTER_API_KEY set",
        provider = .model.provider(), name = .model.name()
    )]
    WireNotSpoken {
        /// The model asked for.
        model: ModelName,
    },
    /// `openai-api/…` without a vendor and a model, or with an odd vendor.
    #[error(
        "`{model}`: write it as openai-api/<vendor>/<model>, the vendor in letters, digits, \
         `-` and `_`"
    )]
    BadVendor {
        /// The model asked for.
        model: ModelName,
    },
    /// No key.
    #[error("`{model}` needs a key: set {variable} in the environment or in a .env file")]
    MissingKey {
        /// The model asked for.
        model: ModelName,
        /// The variable that would hold the key.
        variable: String,
    },
    /// A key that cannot be sent in a header.
    #[error(
        "the value of {variable} cannot be a key: it holds spaces, line ends or other characters \
         outside ASCII; copy it again"
    )]
    BadKey {
        /// The variable that holds it.
        variable: String,
    },
    /// No address.
    #[error(
        "`{model}` needs an address: pass --base-url, or set {variable} in the environment or in \
         a .env file, such as http://127.0.0.1:8000/v1"
    )]
    MissingBaseUrl {
        /// The model asked for.
        model: ModelName,
        /// The variable that would hold the address.
        variable: String,
    },
    /// An address that is no HTTP address.
    #[error(
        "the base URL of `{model}` (from {source_name}) is not usable: {problem}; it should look \
         like https://host/v1"
    )]
    BadBaseUrl {
        /// The model asked for.
        model: ModelName,
        /// The flag, variable or default it came from.
        source_name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The HTTP client could not be set up.
    #[error("the HTTP client for `{model}` could not be set up: {problem}")]
    Client {
        /// The model asked for.
        model: ModelName,
        /// What the client library says.
        problem: String,
    },
}

/// Where and how a model is asked.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub(super) chat_url: Url,
    pub(super) key: Option<Secret>,
    /// Where the key was found, for messages about it.
    pub(super) key_variable: String,
    /// Further headers, none of them secret.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) dialect: Dialect,
}

impl Endpoint {
    /// The address requests are posted to.
    #[must_use]
    pub fn chat_url(&self) -> &str {
        self.chat_url.as_str()
    }

    /// The key, if there is one.
    #[must_use]
    pub fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// Whether the server is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        match self.chat_url.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|address| address.is_loopback()),
            None => false,
        }
    }
}

/// The variables that can hold keys, in the order of the table.
pub fn key_variables() -> impl Iterator<Item = &'static str> {
    PROVIDERS.iter().map(|provider| provider.key_variable)
}

/// The names of all providers that can be asked, in the table's order.
#[must_use]
pub fn known_providers() -> Vec<&'static str> {
    PROVIDERS
        .iter()
        .map(|provider| provider.name)
        .chain([GENERIC])
        .collect()
}

/// Finds address and key of `model`. `base_url`, if given, overrides the
/// provider's variable and default. A variable set to nothing counts as unset.
///
/// # Errors
/// [`ProviderError`] names the variable or flag that would mend it.
pub fn resolve(
    model: &ModelName,
    base_url: Option<&str>,
    settings: &dyn Fn(&str) -> Option<String>,
) -> Result<Endpoint, ProviderError> {
    let found = PROVIDERS
        .iter()
        .find(|provider| provider.name == model.provider());
    let (key_variable, base_url_variable) = match found {
        Some(provider) => (
            provider.key_variable.to_owned(),
            provider.base_url_variable.to_owned(),
        ),
        None if model.provider() == GENERIC => generic_variables(model)?,
        None if OTHER_WIRES.contains(&model.provider()) => {
            return Err(ProviderError::WireNotSpoken {
                model: model.clone(),
            });
        }
        None => {
            return Err(ProviderError::Unknown {
                model: model.clone(),
                provider: model.provider().to_owned(),
                known: known_providers().join(", "),
            });
        }
    };
    let setting = |variable: &str| {
        settings(variable)
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
    };

    let default_base_url = found.and_then(|provider| provider.default_base_url);
    let (base, source_name) = match (base_url, setting(&base_url_variable), default_base_url) {
        (Some(url), _, _) => (url.trim().to_owned(), "--base-url".to_owned()),
        (None, Some(url), _) => (url, base_url_variable),
        (None, None, Some(url)) => (url.to_owned(), "the provider's default".to_owned()),
        (None, None, None) => {
            let variable = base_url_variable;
            return Err(ProviderError::MissingBaseUrl {
                model: model.clone(),
                variable,
            });
        }
    };
    let chat_url = chat_url(&base).map_err(|problem| ProviderError::BadBaseUrl {
        model: model.clone(),
        source_name,
        problem,
    })?;

    let key = setting(&key_variable).map(Secret::new);
    let key_required = found.is_none_or(|provider| provider.key_required);
    match &key {
        None if key_required => {
            let variable = key_variable;
            return Err(ProviderError::MissingKey {
                model: model.clone(),
                variable,
            });
        }
        Some(key) if !key.expose().bytes().all(|byte| byte.is_ascii_graphic()) => {
            return Err(ProviderError::BadKey {
                variable: key_variable,
            });
        }
        _ => {}
    }

    let mut headers = Vec::new();
    if model.provider() == "openai" {
        let wanted = [
            ("openai-organization", "OPENAI_ORG_ID"),
            ("openai-project", "OPENAI_PROJECT_ID"),
        ];
        headers.extend(
            wanted
                .into_iter()
                .filter_map(|(name, v)| Some((name, setting(v)?))),
        );
    }
    let dialect = found.map_or(COMPATIBLE, |provider| provider.dialect);
    Ok(Endpoint {
        chat_url,
        key,
        key_variable,
        headers,
        dialect,
    })
}

/// What the provider itself calls the model: for the generic prefix, the name
/// without the vendor.
pub(super) fn name_on_wire(model: &ModelName) -> &str {
    match model.name().split_once('/') {
        Some((_, name)) if model.provider() == GENERIC => name,
        _ => model.name(),
    }
}

/// `openai-api/my-vendor/model` reads `MY_VENDOR_API_KEY` and `MY_VENDOR_BASE_URL`.
fn generic_variables(model: &ModelName) -> Result<(String, String), ProviderError> {
    let is_plain = |vendor: &str| {
        !vendor.is_empty()
            && vendor
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    match model.name().split_once('/') {
        Some((vendor, name)) if is_plain(vendor) && !name.is_empty() => {
            let stem = vendor.to_ascii_uppercase().replace('-', "_");
            Ok((format!("{stem}_API_KEY"), format!("{stem}_BASE_URL")))
        }
        _ => Err(ProviderError::BadVendor {
            model: model.clone(),
        }),
    }
}

/// Appends the chat path to a base address. The problem's text never repeats
/// the address, which may hold a password.
fn chat_url(base: &str) -> Result<Url, String> {
    let mut url = Url::parse(base).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "its scheme is `{}`, not http or https",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a user name or a password; keys belong in their variable".to_owned());
    }
    url.set_fragment(None);
    match url.path_segments_mut() {
        Ok(mut path) => path.pop_if_empty().extend(["chat", "completions"]),
        Err(()) => return Err("it has no path".to_owned()),
    };
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(
        model: &str,
        base_url: Option<&str>,
        settings: &[(&str, &str)],
    ) -> Result<Endpoint, ProviderError> {
        let lookup = |name: &str| {
            settings
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        resolve(&ModelName::parse(model).unwrap(), base_url, &lookup)
    }

    fn complaint(model: &str, settings: &[(&str, &str)]) -> String {
        endpoint(model, None, settings).unwrap_err().to_string()
    }

    #[test]
    fn every_provider_of_the_table_resolves() {
        for provider in &PROVIDERS {
            let settings = [
                (provider.key_variable, "key-1"),
                (provider.base_url_variable, "http://h:1/v1/"),
            ];
            let found = endpoint(&format!("{}/m", provider.name), None, &settings).unwrap();
            assert_eq!(found.chat_url(), "http://h:1/v1/chat/completions");
            assert_eq!(found.key().unwrap().expose(), "key-1");
            if let Some(url) = provider.default_base_url {
                let found =
                    endpoint(&format!("{}/m", provider.name), None, &settings[..1]).unwrap();
                assert_eq!(found.chat_url(), format!("{url}/chat/completions"));
            }
        }
    }

    #[test]
    fn the_flag_wins_over_the_variable_over_the_default() {
        let settings = [
            ("OPENAI_API_KEY", " key \n"),
            ("OPENAI_BASE_URL", "https://proxy/v1"),
        ];
        let found = endpoint("openai/m", Some("http://[::1]:9"), &settings).unwrap();
        assert_eq!(found.chat_url(), "http://[::1]:9/chat/completions");
        assert!(found.is_loopback());
        assert_eq!(found.key().unwrap().expose(), "key");
        let found = endpoint("openai/m", None, &settings).unwrap();
        assert_eq!(found.chat_url(), "https://proxy/v1/chat/completions");
        assert!(!found.is_loopback());
    }

    #[test]
    fn a_missing_key_names_its_variable_and_the_file() {
        for settings in [&[][..], &[("GROQ_API_KEY", "  ")][..]] {
            let text = complaint("groq/m", settings);
            assert!(
                text.contains("GROQ_API_KEY") && text.contains(".env"),
                "{text}"
            );
        }
        assert!(complaint("openai/m", &[("OPENAI_API_KEY", "a b")]).contains("OPENAI_API_KEY"));
        assert!(!complaint("openai/m", &[("OPENAI_API_KEY", "a b")]).contains("a b"));
    }

    #[test]
    fn local_servers_need_an_address_but_no_key() {
        assert!(complaint("vllm/m", &[]).contains("VLLM_BASE_URL"));
        assert!(complaint("local/m", &[]).contains("--base-url"));
        let found = endpoint("local/m", Some("http://127.0.0.1:5/v1"), &[]).unwrap();
        assert!(found.key().is_none() && found.is_loopback());
        assert!(endpoint("ollama/llama3", None, &[]).unwrap().is_loopback());
    }

    #[test]
    fn any_vendor_works_by_its_variables() {
        let settings = [
            ("MY_CO_API_KEY", "k"),
            ("MY_CO_BASE_URL", "https://my.co/api"),
        ];
        let found = endpoint("openai-api/my-co/org/model", None, &settings).unwrap();
        assert_eq!(found.chat_url(), "https://my.co/api/chat/completions");
        let model = ModelName::parse("openai-api/my-co/org/model").unwrap();
        assert_eq!(name_on_wire(&model), "org/model");
        assert!(complaint("openai-api/my-co/m", &[]).contains("MY_CO_BASE_URL"));
        assert!(complaint("openai-api/my-co", &[]).contains("openai-api/<vendor>/<model>"));
        assert!(complaint("openai-api/m$/x", &[]).contains("<vendor>"));
    }

    #[test]
    fn wires_not_spoken_suggest_another_way() {
        let text = complaint("anthropic/claude-x", &[]);
        assert!(text.contains("openrouter/anthropic/claude-x"), "{text}");
        assert!(complaint("gogle/x", &[]).contains("openrouter"));
    }

    #[test]
    fn a_bad_address_is_refused_without_being_repeated() {
        for url in [
            "ftp://user:pw@host/",
            "not a url pw",
            "https://:pw@",
            "mailto:pw",
        ] {
            let text = complaint("ollama/m", &[("OLLAMA_BASE_URL", url)]);
            assert!(
                text.contains("OLLAMA_BASE_URL") && !text.contains("pw"),
                "{text}"
            );
        }
    }

    #[test]
    fn organisation_and_project_go_along() {
        let settings = [
            ("OPENAI_API_KEY", "k"),
            ("OPENAI_ORG_ID", "o"),
            ("OPENAI_PROJECT_ID", ""),
        ];
        let found = endpoint("openai/m", None, &settings).unwrap();
        assert_eq!(found.headers, [("openai-organization", "o".to_owned())]);
    }
}

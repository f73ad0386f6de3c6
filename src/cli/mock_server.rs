//! `sextant mock-server`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::{CliError, Exit, print, runtime, say};
use crate::model::mock_server::{MockScript, MockServer};

#[derive(Debug, Args)]
pub(crate) struct MockServerCommand {
    /// What to answer, and when to fail: a TOML or JSON script
    #[arg(long, value_name = "FILE", env = "SEXTANT_MOCK_SCRIPT")]
    script: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 for any free one
    #[arg(long, default_value_t = 0, env = "SEXTANT_MOCK_PORT")]
    port: u16,
    /// The reply's text; wins over the script
    #[arg(long, env = "SEXTANT_MOCK_REPLY")]
    reply: Option<String>,
    /// Milliseconds before each reply; wins over the script
    #[arg(long, value_name = "MS", env = "SEXTANT_MOCK_LATENCY_MS")]
    latency_ms: Option<u64>,
}

impl MockServerCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let mut script = match &self.script {
            Some(path) => read_script(path)?,
            None => MockScript::default(),
        };
        if let Some(reply) = &self.reply {
            script.reply.clone_from(reply);
        }
        if let Some(latency_ms) = self.latency_ms {
            script.latency_ms = latency_ms;
        }
        runtime()?.block_on(async {
            let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port);
            let server = MockServer::start(script, address)
                .await
                .with_context(|| format!("cannot listen on {address}"))
                .map_err(CliError::failed)?;
            print(&format!("{}\n", server.url()))?;
            say("Fake model API; nothing it says is a model's. Ctrl-C ends it.");
            tokio::signal::ctrl_c().await.map_err(CliError::failed)?;
            say(format!("{} requests served", server.requests_served()));
            server.shutdown().await;
            Ok(Exit::Done)
        })
    }
}

fn read_script(path: &PathBuf) -> Result<MockScript, CliError> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))
        .map_err(CliError::usage)?;
    let is_json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let script: anyhow::Result<MockScript> = if is_json {
        serde_json::from_str(&text).map_err(Into::into)
    } else {
        toml::from_str(&text).map_err(Into::into)
    };
    script
        .with_context(|| format!("{}", path.display()))
        .map_err(CliError::usage)
}

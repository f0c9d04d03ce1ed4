//! A collector of this process, on loopback and for nobody else: how it is
//! started, and how it is asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use headcount_collector::{
    Access, Config, Encryption, OperatorLog, PassedTime, Registry, StoreConfig, TimeSource,
};
use ureq::Agent;

/// How long one question may take.
const QUESTION: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read: 60 days of 9 events at 70 bytes a row are
/// 40 KB.
const ANSWER_BYTES: u64 = 8 * 1024 * 1024;

/// What it is started with: on a free port, in development.
pub(crate) fn config(
    data: PathBuf,
    registry: Registry,
    clock: TimeSource,
    log: OperatorLog,
) -> Config {
    Config {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data,
        registry,
        access: Access::Development,
        encryption: Encryption::None,
        store: StoreConfig::Embedded,
        hosts: Vec::new(),
        clock,
        passed: PassedTime::OfTheClock,
        log,
    }
}

/// Asks it over HTTP, like anybody else.
pub(crate) struct Asking {
    agent: Agent,
    url: String,
}

impl Asking {
    pub(crate) fn of(url: &str) -> Self {
        // It is on loopback, where no proxy has a business.
        let config = Agent::config_builder().proxy(None).timeout_global(Some(QUESTION));
        Self { agent: config.build().new_agent(), url: url.to_owned() }
    }

    /// The answer, as text.
    ///
    /// # Errors
    ///
    /// Why there is none, as a sentence.
    pub(crate) fn get(&self, path: &str) -> Result<String, String> {
        let failed = |error: ureq::Error| format!("the collector has no answer to {path}: {error}");
        let mut answer = self.agent.get(format!("{}{path}", self.url)).call().map_err(failed)?;
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES);
        body.read_to_string().map_err(failed)
    }
}

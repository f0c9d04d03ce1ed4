//! What the AssemblyAI CLI does besides: enough to succeed, to fail in each of
//! its ways, and to crash.

use std::path::Path;

use headcount::track::Failure;

use crate::arguments::Work;
use crate::telemetry::Outcome;

/// The variable that holds the account's key.
const KEY: &str = "ASSEMBLYAI_API_KEY";

/// Where the bytes a second stand in a WAV file's head, and how long that is.
const RATE_AT: usize = 28;
const HEAD_BYTES: usize = 44;

/// Why a command did not do its work.
#[derive(Debug)]
pub(crate) enum CliError {
    /// It was used wrongly.
    Usage(String),
    /// There is no key.
    NotAuthenticated,
    /// The service does not take what it was given.
    Api(String),
}

impl CliError {
    /// Its class, as the catalog names it.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Usage(_) => Outcome::UsageError,
            Self::NotAuthenticated => Outcome::NotAuthenticated,
            Self::Api(_) => Outcome::ApiError,
        }
    }

    /// For the person.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Usage(sentence) | Self::Api(sentence) => sentence.clone(),
            Self::NotAuthenticated => format!("there is no key: set {KEY}"),
        }
    }
}

impl Failure for CliError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NotAuthenticated => 4,
            Self::Api(_) => 1,
        }
    }
}

/// Does one thing and says what came of it.
///
/// # Errors
///
/// Why nothing came of it.
pub(crate) fn run(work: &Work) -> Result<String, CliError> {
    let key = std::env::var(KEY).unwrap_or_default();
    if key.is_empty() {
        return Err(CliError::NotAuthenticated);
    }
    match work {
        Work::WhoAmI => Ok(format!("A key of {} characters.", key.chars().count())),
        Work::Transcribe(file) => transcribe(file),
    }
}

/// Says how long a recording is. Nobody listens to it.
fn transcribe(file: &Path) -> Result<String, CliError> {
    let sound = std::fs::read(file)
        .map_err(|error| CliError::Usage(format!("{} cannot be read: {error}", file.display())))?;
    if sound.len() < HEAD_BYTES || !sound.starts_with(b"RIFF") {
        return Err(CliError::Api(format!("{} is no WAV file", file.display())));
    }
    let rate =
        sound[RATE_AT..RATE_AT + 4].iter().rev().fold(0, |rate, byte| rate << 8 | u64::from(*byte));
    // A head that says zero bytes a second crashes it, as such files do to real programs; the
    // tests of what a crash tells bring one.
    let seconds = (sound.len() - HEAD_BYTES) as u64 / rate;
    Ok(format!("{seconds} s, and nobody listened."))
}

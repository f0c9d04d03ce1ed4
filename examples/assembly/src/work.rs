//! The program's own work: enough to succeed, to fail in each way, and to
//! crash.

use std::path::Path;

use headcount::track::Failure;

use crate::arguments::Work;
use crate::telemetry::Outcome;

/// The variable that holds the account's key.
const KEY: &str = "ASSEMBLYAI_API_KEY";

/// The offset of the byte rate in a WAV header, and the length of the header.
const RATE_AT: usize = 28;
const HEAD_BYTES: usize = 44;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The command was used wrongly.
    Usage(String),
    /// There is no key.
    NotAuthenticated,
    /// The service rejects the input.
    Api(String),
}

impl CliError {
    /// Its class in the catalog.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Usage(_) => Outcome::UsageError,
            Self::NotAuthenticated => Outcome::NotAuthenticated,
            Self::Api(_) => Outcome::ApiError,
        }
    }

    /// The message for the person.
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

/// Runs a command and returns what to print.
///
/// # Errors
///
/// Returns why the command failed.
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

/// Returns the length of a recording. Nothing is transcribed.
fn transcribe(file: &Path) -> Result<String, CliError> {
    let sound = std::fs::read(file)
        .map_err(|error| CliError::Usage(format!("cannot read {}: {error}", file.display())))?;
    if sound.len() < HEAD_BYTES || !sound.starts_with(b"RIFF") {
        return Err(CliError::Api(format!("{} is not a WAV file", file.display())));
    }
    let rate =
        sound[RATE_AT..RATE_AT + 4].iter().rev().fold(0, |rate, byte| rate << 8 | u64::from(*byte));
    // A header with a byte rate of zero crashes the program. The tests of what
    // a crash may report use such a file.
    let seconds = (sound.len() - HEAD_BYTES) as u64 / rate;
    Ok(format!("{seconds} seconds of audio; this example does not transcribe them."))
}

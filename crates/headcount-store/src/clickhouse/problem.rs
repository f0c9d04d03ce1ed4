//! What is wrong with ClickHouse, as a sentence that says what to do.
//!
//! The server's own message may quote what was sent, so only the number and
//! the name of an error are kept. Source of the numbers:
//! `src/Common/ErrorCodes.cpp` in ClickHouse's repository.

use std::io;

use super::ClickHouseAddress;
use crate::StoreError;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// Nobody answers under this name.
    Unreached { host: String, why: String },
    /// Something failed, perhaps after the request was sent.
    Failed { host: String, why: String },
    /// The answer ended too soon.
    BrokenOff { host: String },
    /// Nothing came in time.
    TooSlow { host: String },
    /// Something answers that is not ClickHouse.
    NotClickHouse { host: String, status: u16 },
    /// ClickHouse refuses.
    Refused { host: String, code: u32, name: String },
    /// The answer has other columns than the statement asks for.
    Unreadable,
    /// The answer is longer than any that is expected.
    TooLong,
}

/// `AUTHENTICATION_FAILED`, and its older kin `UNKNOWN_USER`,
/// `WRONG_PASSWORD` and `REQUIRED_PASSWORD`.
const WHO: [u32; 4] = [516, 192, 193, 194];
/// `ACCESS_DENIED` and `READONLY`.
const MAY_NOT: [u32; 2] = [497, 164];
/// `UNKNOWN_DATABASE`.
const NO_DATABASE: u32 = 81;
/// `NO_SUCH_COLUMN_IN_TABLE`, `UNKNOWN_IDENTIFIER`, `UNKNOWN_TABLE`,
/// `TYPE_MISMATCH`, `THERE_IS_NO_COLUMN` and `NUMBER_OF_COLUMNS_DOESNT_MATCH`.
const ALTERED: [u32; 6] = [16, 47, 60, 53, 8, 20];
/// `NOT_ENOUGH_SPACE` and `CANNOT_WRITE_TO_FILE_DESCRIPTOR`.
const FULL: [u32; 2] = [243, 75];
/// `MEMORY_LIMIT_EXCEEDED`.
const MEMORY: u32 = 241;
/// `TOO_MANY_PARTS`.
const PARTS: u32 = 252;
/// `TIMEOUT_EXCEEDED`.
const TIMEOUT: u32 = 159;
/// `TABLE_IS_READ_ONLY`, `KEEPER_EXCEPTION`, `NETWORK_ERROR`,
/// `SOCKET_TIMEOUT`, `ALL_CONNECTION_TRIES_FAILED` and
/// `TOO_FEW_LIVE_REPLICAS`: another host may do better.
const OF_THE_HOST: [u32; 6] = [242, 999, 210, 209, 279, 285];

impl Problem {
    pub(super) fn of_transport(host: &str, error: &ureq::Error) -> Self {
        let host = host.to_owned();
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect) => {
                Self::Unreached { host, why: "it does not answer".into() }
            }
            ureq::Error::Timeout(_) => Self::TooSlow { host },
            ureq::Error::HostNotFound => {
                Self::Unreached { host, why: "its name is not known".into() }
            }
            ureq::Error::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionRefused => {
                    Self::Unreached { host, why: "nothing listens there".into() }
                }
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof => Self::BrokenOff { host },
                // Such as a name that nobody knows.
                _ => Self::Failed { host, why: error.to_string() },
            },
            ureq::Error::Protocol(_) => Self::BrokenOff { host },
            ureq::Error::ConnectionFailed => {
                Self::Unreached { host, why: "the connection failed".into() }
            }
            other => Self::Failed { host, why: other.to_string() },
        }
    }

    /// What an answer with another status than 200 says, such as
    /// `Code: 516. DB::Exception: … (AUTHENTICATION_FAILED) (version …)`.
    pub(super) fn of_answer(host: &str, status: u16, body: &[u8]) -> Self {
        let host = host.to_owned();
        let text = String::from_utf8_lossy(body);
        let code = text.trim_start().strip_prefix("Code: ").and_then(|rest| {
            let end = rest.find(|one: char| !one.is_ascii_digit())?;
            rest[..end].parse().ok()
        });
        let Some(code) = code else { return Self::NotClickHouse { host, status } };
        let is_name = |name: &&str| {
            name.len() > 3
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
        };
        let mut names =
            text.split('(').filter_map(|piece| piece.split_once(')').map(|(name, _)| name));
        let name = names.rfind(is_name).unwrap_or("an error").to_owned();
        Self::Refused { host, code, name }
    }

    /// Whether another host of the same data may answer.
    pub(super) fn is_of_the_host(&self) -> bool {
        match self {
            Self::Unreached { .. }
            | Self::Failed { .. }
            | Self::BrokenOff { .. }
            | Self::TooSlow { .. }
            | Self::NotClickHouse { .. } => true,
            Self::Refused { code, .. } => OF_THE_HOST.contains(code),
            Self::Unreadable | Self::TooLong => false,
        }
    }

    /// Whether the statement may have been run, or may still be running.
    pub(super) fn may_have_run(&self) -> bool {
        // A proxy may give up while the server goes on, and a server that
        // refuses may have written a part.
        !matches!(self, Self::Unreached { .. })
    }

    /// The error of the store.
    pub(super) fn error(&self, address: &ClickHouseAddress) -> StoreError {
        let said = self.sentence(address);
        match self {
            Self::Refused { code, .. } if FULL.contains(code) => {
                StoreError::with_source(said, io::ErrorKind::StorageFull.into())
            }
            Self::Refused { code, .. } if WHO.contains(code) || MAY_NOT.contains(code) => {
                StoreError::with_source(said, io::ErrorKind::PermissionDenied.into())
            }
            _ => StoreError::new(said),
        }
    }

    fn sentence(&self, address: &ClickHouseAddress) -> String {
        match self {
            Self::Unreached { host, why } | Self::Failed { host, why } => format!(
                "cannot reach ClickHouse at {host}: {why}; see whether it runs there, and whether the \
                 address {address} is right"
            ),
            Self::BrokenOff { host } => {
                format!("ClickHouse at {host} ended the connection before its answer; see its log")
            }
            Self::TooSlow { host } => {
                format!("ClickHouse at {host} has not answered in time; see what else it does")
            }
            Self::NotClickHouse { host, status } => format!(
                "what answers at {host} (status {status}) is not ClickHouse's HTTP interface; that one \
                 has port 8123, or 8443 with TLS"
            ),
            Self::Refused { host, code, name } => {
                let advice = advice(*code, address);
                format!("ClickHouse at {host} refuses with {name} ({code}); {advice}")
            }
            Self::Unreadable => format!(
                "an answer of ClickHouse ({address}) has other columns than this version of Headcount \
                 asks for; see whether somebody altered a table"
            ),
            Self::TooLong => {
                format!("an answer of ClickHouse ({address}) is too long; ask for fewer days")
            }
        }
    }
}

fn advice(code: u32, address: &ClickHouseAddress) -> String {
    let (user, database) = (&address.user, &address.database);
    match code {
        NO_DATABASE => format!(
            "make the database with CREATE DATABASE {database}, or correct its name in the address"
        ),
        MEMORY => "give the server more memory, or ask for fewer days".into(),
        PARTS => "it merges slower than rows come; see what else it does, and its disk".into(),
        TIMEOUT => "ask for fewer days, or see what else it does".into(),
        code if WHO.contains(&code) => {
            format!("correct the user ({user}) or the password in the address")
        }
        code if MAY_NOT.contains(&code) => {
            format!("allow it: GRANT ALL ON {database}.* TO {user}")
        }
        code if ALTERED.contains(&code) => format!(
            "a table of {database} is not as Headcount made it; put back what was altered, or choose \
             an empty database"
        ),
        code if FULL.contains(&code) => "free some space there, and it works again".into(),
        code if OF_THE_HOST.contains(&code) => "see its replicas and its Keeper".into(),
        _ => "see its log".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence_with_what_to_do_and_without_what_was_sent() {
        let address = ClickHouseAddress::parse("clickhouse://me@one/data").expect("an address");
        let said =
            |text: &str| Problem::of_answer("one:8123", 403, text.as_bytes()).error(&address);
        let denied = said(
            "Code: 516. DB::Exception: me: Authentication failed: secret (AUTHENTICATION_FAILED) (version 24.8.1)",
        );
        assert_eq!(
            denied.to_string(),
            "ClickHouse at one:8123 refuses with AUTHENTICATION_FAILED (516); correct the user (me) or the \
             password in the address"
        );
        assert!(denied.is_permission_denied());
        let unknown =
            said("Code: 81. DB::Exception: Database data does not exist. (UNKNOWN_DATABASE)");
        assert!(unknown.to_string().ends_with(
            "make the database with CREATE DATABASE data, or correct its name in the address"
        ));
        assert!(said("Code: 243. DB::Exception: no space (NOT_ENOUGH_SPACE)").is_storage_full());
        let other = Problem::of_answer("one:80", 404, b"<html>");
        assert_eq!(other, Problem::NotClickHouse { host: "one:80".into(), status: 404 });
        assert!(other.is_of_the_host());
    }
}

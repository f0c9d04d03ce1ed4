//! An environment: the process's own, or one that a test gives.

use std::collections::HashMap;
use std::ffi::OsString;

/// An environment.
#[derive(Debug, Clone)]
pub enum Variables {
    /// The process's own.
    Process,
    /// This one and nothing else.
    Given(HashMap<String, OsString>),
}

impl Variables {
    /// The value of a variable as text. Bytes that are not valid UTF-8 are
    /// replaced, so it is not a path: see [`Variables::unchanged`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.unchanged(name).map(|value| match value.into_string() {
            Ok(value) => value,
            Err(value) => value.to_string_lossy().into_owned(),
        })
    }

    /// The value of a variable, byte for byte.
    #[must_use]
    pub fn unchanged(&self, name: &str) -> Option<OsString> {
        match self {
            Self::Process => std::env::var_os(name),
            Self::Given(variables) => variables.get(name).cloned(),
        }
    }
}

impl From<HashMap<String, String>> for Variables {
    fn from(variables: HashMap<String, String>) -> Self {
        let pair = |(name, value): (String, String)| (name, value.into());
        Self::Given(variables.into_iter().map(pair).collect())
    }
}

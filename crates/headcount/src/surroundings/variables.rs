//! An environment: the process's own, or one that a test gives.

use std::collections::HashMap;

/// An environment.
#[derive(Debug, Clone)]
pub enum Variables {
    /// The process's own.
    Process,
    /// This one and nothing else.
    Given(HashMap<String, String>),
}

impl Variables {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        match self {
            Self::Process => {
                std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
            }
            Self::Given(variables) => variables.get(name).cloned(),
        }
    }
}

//! An environment: the process's own, or one that a test gives. On Windows the
//! case of a variable's name does not matter: `do_not_track` is the same one.

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
            Self::Given(variables) if cfg!(windows) => in_any_case(variables, name),
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

/// The value of a variable whose name may be in any case. Two that differ only
/// in case cannot be told apart on Windows; here the one that is spelled as
/// asked for counts, else the first in the order of their bytes.
fn in_any_case(variables: &HashMap<String, OsString>, name: &str) -> Option<OsString> {
    let same = variables.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let first = || same.min_by_key(|(known, _)| known.as_str()).map(|(_, value)| value);
    variables.get(name).or_else(first).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_windows_the_case_of_a_name_does_not_matter() {
        let given = [("Path", "a"), ("UserProfile", "b"), ("no_proxy", "c"), ("NO_PROXY", "d")];
        let variables: HashMap<String, OsString> =
            given.iter().map(|(name, value)| ((*name).to_owned(), value.into())).collect();
        for (name, value) in [
            ("PATH", Some("a")),
            ("USERPROFILE", Some("b")),
            ("no_proxy", Some("c")),
            ("NO_PROXY", Some("d")),
            ("No_Proxy", Some("d")),
            ("HOME", None),
        ] {
            assert_eq!(in_any_case(&variables, name), value.map(OsString::from), "{name}");
        }
        let found = Variables::Given(variables).get("USERPROFILE");
        assert_eq!(found.is_some(), cfg!(windows), "elsewhere it does");
    }
}

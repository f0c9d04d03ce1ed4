//! The environment of the shipper: of the host's, what it needs, and the
//! marker.

use std::ffi::OsString;

use headcount_catalog::{Catalog, NameSet, variable_of};

use crate::ship::target::key_variable;
use crate::surroundings::THROWN_AWAY;
use crate::{Variables, consent};

/// What finds the home and the folders of data in it.
const PLACES: &[&str] = &[
    "HOME",
    "USERPROFILE",
    "LOCALAPPDATA",
    "APPDATA",
    "PROGRAMDATA",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
];

/// What the `machine-hash` scheme and the scrubbing of panics read.
const NAMES: &[&str] = &["USER", "LOGNAME", "USERNAME", "COMPUTERNAME"];

/// Proxies and certificate authorities.
const NETWORK: &[&str] = &[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Without these a program is not loaded, or not its libraries.
const LOADING: &[&str] = &[
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    // The registry names the libraries of sockets, and certificates' folders,
    // relative to these. Without the first no program of Windows connects.
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    // Older libraries ask for it instead.
    "WINDIR",
    // Without both, temporary files of the host would go to Windows's folder.
    "TEMP",
    "TMP",
];

/// Windows finds a program's libraries by it, and shows a window where one is
/// missing.
const LIBRARIES: &[&str] = if cfg!(windows) { &["PATH"] } else { &[] };

/// The variables that the shipper keeps, with the marker: those for consent,
/// for the product's folder, for the lifetime of the home, to find home,
/// proxies and certificates, and to load the program at all.
pub(super) fn kept(catalog: &Catalog, variables: &Variables) -> Vec<(OsString, OsString)> {
    let mut names = vec![catalog.variable("ENDPOINT")];
    let mut add = |name: &str| names.push(name.to_owned());
    for list in [PLACES, NAMES, NETWORK, LOADING, LIBRARIES, &THROWN_AWAY] {
        list.iter().for_each(|name| add(name));
    }
    catalog.destinations.iter().filter_map(key_variable).for_each(&mut add);
    consent::variables(catalog).for_each(&mut add);
    variable_of(catalog.files.folder.here()).into_iter().for_each(&mut add);
    let mut kept: Vec<(OsString, OsString)> =
        vec![(OsString::from(catalog.shipping.marker), OsString::from("1"))];
    for name in NameSet::from(names) {
        // Names that are one variable here would be two in the child's block.
        let is_there = kept.iter().any(|(known, _)| is_one(known, &name));
        if let Some(value) = variables.unchanged(&name).filter(|_| !is_there) {
            kept.push((OsString::from(name), value));
        }
    }
    kept
}

/// Whether two names are those of one variable.
fn is_one(known: &OsString, name: &str) -> bool {
    if cfg!(windows) { known.eq_ignore_ascii_case(name) } else { known == name }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// What is kept of an environment with these variables, by name.
    fn kept_of(given: &[(&str, &str)]) -> Vec<String> {
        let catalog =
            headcount_catalog::parse(include_str!("../../../../../examples/atomic/telemetry.toml"))
                .unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let given: HashMap<String, String> =
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let kept = kept(&catalog, &Variables::from(given));
        kept.iter().map(|(name, value)| format!("{}={}", name.display(), value.display())).collect()
    }

    #[test]
    fn nothing_is_kept_that_the_shipper_does_not_need() {
        for name in ["PATHEXT", "PSModulePath", "PROMPT", "USERDOMAIN", "OneDrive", "TERM"] {
            assert_eq!(kept_of(&[(name, "x")]), ["ATOMIC_TELEMETRY_UPLOAD=1"], "{name}");
        }
        for name in [PLACES, NAMES, NETWORK, LOADING, LIBRARIES].into_iter().flatten() {
            let kept = kept_of(&[(name, "x")]);
            // On Windows names of any case are one name, which is kept once.
            let same = |kept: &str| match cfg!(windows) {
                true => kept.eq_ignore_ascii_case(&format!("{name}=x")),
                false => kept == format!("{name}=x"),
            };
            assert!(kept.len() == 2 && same(&kept[1]), "{name}: {kept:?}");
        }
        for name in ["ATOMIC_TELEMETRY", "DO_NOT_TRACK", "CI", "ATOMIC_TELEMETRY_ENDPOINT"] {
            assert_eq!(kept_of(&[(name, "x")]).len(), 2, "{name}");
        }
        let marked = kept_of(&[("ATOMIC_TELEMETRY_UPLOAD", "0")]);
        assert_eq!(marked, ["ATOMIC_TELEMETRY_UPLOAD=1"], "there is one marker");
    }

    #[test]
    #[cfg(windows)]
    fn a_variable_is_kept_once_however_it_is_spelled() {
        for spelled in ["SystemRoot", "Https_Proxy", "do_not_track", "LocalAppData", "windir"] {
            assert_eq!(kept_of(&[(spelled, "x")]).len(), 2, "{spelled}");
        }
        assert_eq!(kept_of(&[("atomic_telemetry_upload", "0")]), ["ATOMIC_TELEMETRY_UPLOAD=1"]);
    }
}

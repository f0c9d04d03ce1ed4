//! The environment of a watched program, decided purely: a home of its own, the
//! collector's address, and nothing that turns telemetry off.

use std::collections::HashMap;
use std::path::Path;

use headcount::consent::{Opinion, Says, Why, explain};
use headcount::{Catalog, Flag, Surroundings, Time};

/// Folders that programs write to instead of the home, each with its place in
/// the watched home.
const FOLDERS: [(&str, &str); 7] = [
    ("HOME", ""),
    ("USERPROFILE", ""),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("APPDATA", "AppData/Roaming"),
    ("LOCALAPPDATA", "AppData/Local"),
];

/// Folders that are set everywhere; the others are set only if they were.
const ALWAYS: [&str; 1] = [if cfg!(windows) { "USERPROFILE" } else { "HOME" }];

/// What is different from the environment of `watch` itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Variables with their new values, in the order of their names.
    pub(super) set: Vec<(String, String)>,
    /// Variables that would turn telemetry off, in the order of their names.
    pub(super) removed: Vec<String>,
}

/// Where a watched program is to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surface<'a> {
    pub(super) home: &'a Path,
    /// The collector: `http://127.0.0.1:7070`
    pub(super) collector: &'a str,
    /// What notes where else the program connects to, unless the person has a
    /// proxy already.
    pub(super) proxy: Option<&'a str>,
}

impl Changes {
    /// Decides the changes for a product.
    pub(super) fn new(
        catalog: &Catalog,
        own: &HashMap<String, String>,
        surface: Surface<'_>,
    ) -> Self {
        let mut set = Vec::new();
        for (name, place) in FOLDERS {
            if own.contains_key(name) || ALWAYS.contains(&name) {
                let folder = place.split('/').fold(surface.home.to_path_buf(), |folder, part| {
                    if part.is_empty() { folder } else { folder.join(part) }
                });
                set.push((name.to_owned(), folder.to_string_lossy().into_owned()));
            }
        }
        set.push((catalog.variable("ENDPOINT"), surface.collector.to_owned()));
        if let Some(proxy) = surface.proxy {
            for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"] {
                set.push((name.to_owned(), proxy.to_owned()));
            }
            for name in ["no_proxy", "NO_PROXY"] {
                set.push((name.to_owned(), "127.0.0.1,localhost,::1".to_owned()));
            }
        }
        set.sort();
        let mut changes = Self { set, removed: Vec::new() };
        changes.remove_refusals(catalog, own, surface.home);
        changes
    }

    /// Removes variables until none turns telemetry off.
    fn remove_refusals(&mut self, catalog: &Catalog, own: &HashMap<String, String>, home: &Path) {
        loop {
            let surroundings =
                Surroundings::given(home, self.applied_to(own), Time::from_seconds(0));
            let opinions = explain(catalog, Flag::Absent, &surroundings, None);
            let names: Vec<String> =
                opinions.into_iter().filter_map(|(_, opinion)| refusing(opinion?)).collect();
            if names.is_empty() || names.iter().all(|name| self.removed.contains(name)) {
                break;
            }
            self.removed.extend(names);
        }
        self.removed.sort();
        self.removed.dedup();
    }

    /// The whole environment with these changes.
    pub(super) fn applied_to(&self, own: &HashMap<String, String>) -> HashMap<String, String> {
        let mut all = own.clone();
        all.retain(|name, _| !self.removed.contains(name));
        all.extend(self.set.iter().cloned());
        all
    }
}

/// Whether the person has named a proxy, which a program may need.
pub(super) fn has_proxy(own: &HashMap<String, String>) -> bool {
    let is_proxy = |name: &str| {
        ["http_proxy", "https_proxy", "all_proxy"].iter().any(|own| name.eq_ignore_ascii_case(own))
    };
    own.iter().any(|(name, value)| is_proxy(name) && !value.is_empty())
}

/// The variable behind a refusal.
fn refusing(opinion: Opinion) -> Option<String> {
    match opinion {
        Opinion { says: Says::Refuse, why: Why::Variable { name, .. } } => Some(name),
        Opinion { says: Says::Refuse, why: Why::Integration(name) } => Some(name.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        headcount_catalog::parse(include_str!("../../catalogs/atomic.toml")).unwrap()
    }

    fn surface<'a>(home: &'a Path, proxy: Option<&'a str>) -> Surface<'a> {
        Surface { home, collector: "http://127.0.0.1:9", proxy }
    }

    fn environment(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_turns_telemetry_off_is_removed_and_nothing_else_is() {
        let own = environment(&[
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("DO_NOT_TRACK", "1"),
            ("ATOMIC_TELEMETRY", "0"),
            ("PATH", "/bin"),
            ("LANG", "C"),
        ]);
        let changes = Changes::new(&catalog(), &own, surface(Path::new("/w"), None));
        for name in ["CI", "GITHUB_ACTIONS", "DO_NOT_TRACK", "ATOMIC_TELEMETRY"] {
            assert!(changes.removed.contains(&name.to_owned()), "{name}: {changes:?}");
        }
        let after = changes.applied_to(&own);
        assert_eq!(after["PATH"], "/bin");
        assert_eq!(after["LANG"], "C");
        assert_eq!(after["ATOMIC_TELEMETRY_ENDPOINT"], "http://127.0.0.1:9");
        assert!(!after.contains_key("CI"));
    }

    #[test]
    fn every_folder_that_is_set_leads_into_the_home() {
        let own = environment(&[("XDG_DATA_HOME", "/elsewhere"), ("PATH", "/bin")]);
        let changes = Changes::new(&catalog(), &own, surface(Path::new("/w"), None));
        let after = changes.applied_to(&own);
        assert_eq!(Path::new(&after["XDG_DATA_HOME"]), Path::new("/w/.local/share"));
        assert_eq!(Path::new(&after[ALWAYS[0]]), Path::new("/w"));
        assert!(!after.contains_key("XDG_CONFIG_HOME"));
    }

    #[test]
    fn a_proxy_of_ours_leaves_loopback_alone() {
        let own = environment(&[]);
        let proxy = Some("http://127.0.0.1:8");
        let changes = Changes::new(&catalog(), &own, surface(Path::new("/w"), proxy));
        let after = changes.applied_to(&own);
        assert_eq!(after["https_proxy"], "http://127.0.0.1:8");
        assert!(after["NO_PROXY"].contains("127.0.0.1"));
        assert!(!has_proxy(&own) && has_proxy(&environment(&[("HTTPS_PROXY", "http://p")])));
    }
}

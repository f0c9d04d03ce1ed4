//! Where Atomic keeps its files, from the home.

/// A file in the product's folder.
macro_rules! file {
    ($name:literal) => {
        if cfg!(windows) {
            concat!("AppData/Local/atomic/", $name)
        } else {
            concat!(".local/share/atomic/", $name)
        }
    };
}

/// Every folder down to the product's.
pub(crate) const FOLDERS: [&str; 3] = if cfg!(windows) {
    ["AppData/", "AppData/Local/", "AppData/Local/atomic/"]
} else {
    [".local/", ".local/share/", ".local/share/atomic/"]
};

pub(crate) const FOLDER: &str = file!("");
pub(crate) const SETTINGS: &str = file!("telemetry.json");
pub(crate) const EVENTS: &str = file!("telemetry-events.jsonl");
#[cfg(unix)]
pub(crate) const AGREED: &str = file!("telemetry-state/agreed.json");
#[cfg(unix)]
pub(crate) const STATE_FOLDER: &str = file!("telemetry-state");
pub(crate) const TALLY: &str = file!("telemetry-state/tally.json");

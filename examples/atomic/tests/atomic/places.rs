<<<<<<< HEAD
//! Where Atomic keeps its files, from the home.

/// A file in the product's folder.
macro_rules! file {
    ($name:literal) => {
        if cfg!(windows) {
            concat!("AppData/Local/atomic/", $name)
        } else {
            concat!(".local/share/atomic/", $name)
=======
//! Where Atomic keeps its files on this system, relative to the home.

macro_rules! kept {
    ($file:literal) => {
        if cfg!(windows) {
            concat!("AppData/Local/atomic", $file)
        } else {
            concat!(".local/share/atomic", $file)
>>>>>>> cd38a3c (An installer for Windows, releases, and what people read there)
        }
    };
}

<<<<<<< HEAD
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
=======
pub(crate) const FOLDER: &str = kept!("");
pub(crate) const EVENTS: &str = kept!("/telemetry-events.jsonl");
pub(crate) const SETTINGS: &str = kept!("/telemetry.json");
pub(crate) const TALLY: &str = kept!("/telemetry-state/tally.json");

/// What is above the folder.
pub(crate) const ABOVE: [&str; 2] =
    if cfg!(windows) { ["AppData/", "AppData/Local/"] } else { [".local/", ".local/share/"] };
>>>>>>> cd38a3c (An installer for Windows, releases, and what people read there)

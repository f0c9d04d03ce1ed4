//! Files on the person's machine, on each platform.

use super::blocks::Blocks;
use super::inline::code;
use crate::{Catalog, IdPlace, Mode, Scheme, variable_of};

/// A file, and what is in it.
struct KeptFile {
    what: &'static str,
    path: String,
}

pub(super) fn files(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "Files on your machine");
    let folder = catalog.files.folder;
    let rows: Vec<[String; 4]> = all(catalog)
        .into_iter()
        .map(|file| {
            [
                file.what.to_owned(),
                code(&unix(folder.linux, &file.path)),
                code(&unix(folder.macos, &file.path)),
                code(&windows(folder.windows, &file.path)),
            ]
        })
        .chain([administrators(catalog)])
        .collect();
    out.table(["what", "Linux", "macOS", "Windows"], &rows);
    let mut moved: Vec<&str> = Vec::new();
    for written in [folder.linux, folder.macos] {
        if let Some(name) = variable_of(written).filter(|name| !moved.contains(name)) {
            moved.push(name);
        }
    }
    for name in moved {
        out.paragraph(&format!(
            "Where {} has a whole path, the folder is there instead. A no counts in both places.",
            code(name)
        ));
    }
    out.paragraph("While telemetry is off, none of these is made but the one that keeps your answer, and what says that you were told.");
}

fn all(catalog: &Catalog) -> Vec<KeptFile> {
    let files = catalog.files;
    let state_folder = files.state.trim_end_matches(".json");
    let mut all = vec![KeptFile { what: "Your decision", path: files.settings.file.to_owned() }];
    if let IdPlace::File(file) = catalog.identity.place {
        all.push(KeptFile { what: "The id", path: file.to_owned() });
    }
    if catalog.shipping.mode != Mode::Thread {
        all.push(KeptFile { what: "Events that wait to be sent", path: files.queue.to_owned() });
        let path = format!("{state_folder}/sent.jsonl");
        all.push(KeptFile { what: "Events that were sent, for you to see", path });
    }
    let path = format!("{state_folder}/receipts.jsonl");
    all.push(KeptFile { what: "Requests: when, where to, and what came back", path });
    all.push(KeptFile { what: in_state(catalog), path: files.state.to_owned() });
    all.push(KeptFile { what: "Everything else of telemetry", path: format!("{state_folder}/") });
    if let Some(marker) = files.marker {
        all.push(KeptFile { what: "That the notice was shown (empty)", path: marker.to_owned() });
    }
    all
}

/// What our own state holds besides the person's no.
fn in_state(catalog: &Catalog) -> &'static str {
    match catalog.identity.scheme {
        Scheme::Random => "What you agreed to, and the secret of the id",
        Scheme::None if !catalog.identity.count.is_empty() => {
            "What you agreed to, and when this machine was counted"
        }
        Scheme::None | Scheme::MachineHash => "What you agreed to",
    }
}

fn administrators(catalog: &Catalog) -> [String; 4] {
    let name = catalog.product.name;
    [
        "An administrator's decision".to_owned(),
        code(&format!("/etc/{name}/telemetry.json")),
        code(&format!("/Library/Application Support/{name}/telemetry.json")),
        code(&format!("%ProgramData%\\{name}\\telemetry.json")),
    ]
}

/// A file where it is on each platform, in one phrase.
pub(super) fn shown_everywhere(catalog: &Catalog, file: &str) -> String {
    let folder = catalog.files.folder;
    let (linux, macos) = (unix(folder.linux, file), unix(folder.macos, file));
    let windows = windows(folder.windows, file);
    if linux == macos {
        format!("{} (on Windows {})", code(&linux), code(&windows))
    } else {
        format!("{} (on macOS {}, on Windows {})", code(&linux), code(&macos), code(&windows))
    }
}

/// A path of Unix in its usual place.
fn unix(folder: &str, file: &str) -> String {
    let usual = folder.strip_prefix("${").and_then(|rest| rest.split_once(":-"));
    let usual = usual.and_then(|(_, rest)| rest.split_once('}'));
    match usual {
        Some((place, tail)) => format!("{place}{tail}/{file}"),
        None => format!("{folder}/{file}"),
    }
}

/// A path as Windows writes it.
fn windows(folder: &str, file: &str) -> String {
    let home = folder.strip_prefix('~').map(|tail| format!("%USERPROFILE%{tail}"));
    let folder = home.unwrap_or_else(|| folder.to_owned());
    format!("{folder}/{file}").replace('/', "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_platform() {
        let xdg = "${XDG_DATA_HOME:-~/.local/share}/tool";
        assert_eq!(unix(xdg, "a/b.json"), "~/.local/share/tool/a/b.json");
        assert_eq!(unix("~/.tool", "b.json"), "~/.tool/b.json");
        assert_eq!(windows("~/.tool", "a/b.json"), "%USERPROFILE%\\.tool\\a\\b.json");
        assert_eq!(windows("%LOCALAPPDATA%/tool", "b.json"), "%LOCALAPPDATA%\\tool\\b.json");
    }
}

//! Whether two paths are one folder. On Windows a folder has many spellings:
//! upper and lower case, `/` and `\`, short names such as `RUNNER~1`, and the
//! prefix `\\?\`. A folder that counted as two would be locked twice by one
//! process.

use std::path::Path;

/// Whether both are the same folder. Elsewhere than on Windows the spelling
/// tells.
pub(super) fn is(one: &Path, other: &Path) -> bool {
    one == other || (cfg!(windows) && is_one_on_disk(one, other))
}

/// What is on the disk tells, if it can: a folder may be told to heed case.
fn is_one_on_disk(one: &Path, other: &Path) -> bool {
    // The folder may not be there yet.
    let found = |path: &Path| {
        let parent = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(parent)
    };
    let (one_found, other_found) = (found(one), found(other));
    match (&one_found, &other_found) {
        (Some(one), Some(other)) if one == other => true,
        // One that is there is not one that is missing.
        (Some(_), Some(_)) if one.exists() || other.exists() => false,
        (Some(one), Some(other)) => are_spelled_alike(one, other),
        _ => are_spelled_alike(one, other),
    }
}

fn are_spelled_alike(one: &Path, other: &Path) -> bool {
    spelled(&one.to_string_lossy()) == spelled(&other.to_string_lossy())
}

/// A path of Windows without what its spelling leaves open.
fn spelled(path: &str) -> String {
    let path = path.replace('/', "\\");
    let path = match path.strip_prefix(r"\\?\") {
        Some(rest) => {
            rest.strip_prefix(r"UNC\").map_or(rest.to_owned(), |rest| format!(r"\\{rest}"))
        }
        None => path,
    };
    path.trim_end_matches('\\').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    #[test]
    fn a_folder_has_many_spellings() {
        let usual = r"c:\users\jürgen groß\appdata\local\atomic";
        for other in [
            r"C:\Users\Jürgen Groß\AppData\Local\atomic",
            r"C:\USERS\JÜRGEN GROß\APPDATA\LOCAL\ATOMIC\",
            "C:/Users/Jürgen Groß/AppData/Local/atomic",
            r"\\?\C:\Users\Jürgen Groß\AppData\Local\atomic",
        ] {
            assert_eq!(spelled(other), usual);
        }
        assert_eq!(spelled(r"\\?\UNC\server\share\me"), spelled(r"\\SERVER\share\me\"));
        assert_ne!(spelled(r"C:\Users\me\AppData\Local\atomic"), usual);
    }

    #[test]
    fn what_is_on_the_disk_tells() {
        let home = Home::new();
        home.write("tool/file", "");
        let folder = home.path().join("tool");
        assert!(is_one_on_disk(&folder, &home.path().join(".").join("tool")));
        assert!(!is_one_on_disk(&folder, &home.path().join("other")));
        let missing = home.path().join("missing");
        assert!(is_one_on_disk(&missing, &home.path().join(".").join("missing")));
        let other_case = home.path().join("TOOL");
        assert_eq!(is_one_on_disk(&folder, &other_case), other_case.exists());
        assert_eq!(is(&folder, &other_case), cfg!(windows) && other_case.exists());
    }
}

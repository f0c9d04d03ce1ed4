//! Paths as `status` shows them.

use std::path::Path;

use crate::person::wrapped::whole;
use crate::standing::Standing;

/// A path as people write it: with `~` for their home. On Windows the whole
/// path, since none of its shells and windows understands what another does.
pub(super) fn shown(standing: &Standing, path: &Path) -> String {
    let below =
        standing.surroundings().home.as_deref().and_then(|home| path.strip_prefix(home).ok());
    match below {
        Some(below) if cfg!(unix) => whole(&format!("~/{}", below.display())),
        _ => whole(&as_typed(&path.display().to_string())),
    }
}

/// A path of Windows without the prefix that only programs need.
fn as_typed(path: &str) -> String {
    match path.strip_prefix(r"\\?\") {
        Some(rest) => {
            rest.strip_prefix(r"UNC\").map_or(rest.to_owned(), |rest| format!(r"\\{rest}"))
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_as_people_type_it() {
        for (path, typed) in [
            (r"\\?\C:\Users\me\tool", r"C:\Users\me\tool"),
            (r"\\?\UNC\server\share\tool", r"\\server\share\tool"),
            (r"\\server\share\tool", r"\\server\share\tool"),
            ("/home/me/tool", "/home/me/tool"),
        ] {
            assert_eq!(as_typed(path), typed);
        }
    }
}

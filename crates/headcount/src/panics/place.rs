//! Locations in the host's own source: a path that is relative, or an absolute
//! path from its last `src` on. Locations in dependencies and in the standard
//! library are dropped.

/// The location in the shape of the catalog's `location` kind.
pub(super) fn own(file: &str, line: u32, column: u32) -> Option<String> {
    let file = file.replace('\\', "/");
    let foreign = ["/registry/src/", "/git/checkouts/", "/rustc/", "/rustlib/"];
    if foreign.iter().any(|part| file.contains(part)) {
        return None;
    }
    let absolute = file.starts_with('/') || file.as_bytes().get(1) == Some(&b':');
    let relative = if absolute {
        file.rsplit_once("/src/").map(|(_, rest)| format!("src/{rest}"))?
    } else {
        file
    };
    let place = format!("{relative}:{line}:{column}");
    headcount_catalog::Kind::Location.token(&place).is_ok().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosts_own_source_is_a_place() {
        assert_eq!(own("src/main.rs", 3, 7).as_deref(), Some("src/main.rs:3:7"));
        assert_eq!(own("/home/me/x/src/a/b.rs", 3, 7).as_deref(), Some("src/a/b.rs:3:7"));
        assert_eq!(own("C:\\Users\\me\\x\\src\\a.rs", 1, 1).as_deref(), Some("src/a.rs:1:1"));
        for foreign in [
            "/home/me/.cargo/registry/src/index/serde-1.0/src/lib.rs",
            "/rustc/abc/library/core/src/option.rs",
            "/home/me/main.rs",
        ] {
            assert_eq!(own(foreign, 1, 1), None, "{foreign}");
        }
    }
}

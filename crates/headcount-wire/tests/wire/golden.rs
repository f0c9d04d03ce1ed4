//! The bytes of every dialect as golden files: a change here changes what
//! leaves people's machines. `UPDATE=1` writes the files again.

use std::path::Path;

use super::products::{DIALECTS, catalogs, records, sent};

#[test]
fn every_dialect_says_what_it_said_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut changed = Vec::new();
    for catalog in catalogs() {
        let records = records(&catalog);
        for (dialect, encoding, file) in DIALECTS {
            let body = sent(&catalog, &records, (dialect, encoding)).body;
            let path = folder.join(format!("{}.{file}", catalog.product.name));
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &body).unwrap();
            }
            if std::fs::read(&path).unwrap_or_default() != body {
                changed.push(path.display().to_string());
            }
        }
    }
    assert_eq!(changed, Vec::<String>::new(), "run with UPDATE=1 and read the difference");
}

/// Atomic's document reckons with about 200 bytes an event. Its own three lines
/// have 231 to 307, with ids that are cut short.
#[test]
fn lines_of_atomic_have_about_the_size_that_its_document_reckons_with() {
    let lines = include_str!("../golden/atomic.native.ndjson");
    for name in ["atomic_command", "cli_command", "agent_session"] {
        let named = format!("\"eventType\":\"{name}\"");
        let sizes: Vec<usize> =
            lines.lines().filter(|line| line.contains(&named)).map(str::len).collect();
        assert!(matches!(sizes[..], [200..=360]), "{name}: {sizes:?}");
    }
}

/// The headers and the query of each dialect.
#[test]
fn headers_and_queries_are_what_they_were() {
    let catalogs = catalogs();
    let said = |product: usize, place: usize| {
        let catalog = &catalogs[product];
        let (dialect, encoding, _) = DIALECTS[place];
        let post = sent(catalog, &records(catalog), (dialect, encoding));
        let headers = post.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let query = post.query.iter().map(|(name, value)| format!("{name}={value}"));
        query.chain(headers).collect::<Vec<_>>()
    };
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(said(0, 1), ["content-type: application/json", "authorization: Bearer KEY"]);
    assert_eq!(said(0, 2), ["content-type: application/x-protobuf", "authorization: Bearer KEY"]);
    assert_eq!(
        said(1, 0),
        [
            "content-type: application/x-ndjson",
            "authorization: Bearer KEY",
            "headcount-batch: catalog=1; rate=1"
        ]
    );
    assert_eq!(said(2, 3), ["content-type: application/json"]);
    let browser = said(3, 4);
    assert_eq!(
        browser[..4],
        [
            "ddsource=browser".to_owned(),
            "dd-api-key=KEY".to_owned(),
            format!("dd-evp-origin-version={version}"),
            "dd-evp-origin=browser".to_owned()
        ]
    );
    assert!(browser[4].starts_with("dd-request-id="), "{}", browser[4]);
    assert_eq!(browser[5..], ["content-type: text/plain;charset=UTF-8"]);
    assert_eq!(browser, said(3, 4), "sent again, it is the same request");
    assert_eq!(said(3, 5), ["content-type: application/json", "dd-api-key: KEY"]);
    assert_eq!(said(4, 6), ["content-type: application/json", "authorization: Bearer KEY"]);
    assert_eq!(said(0, 7), ["content-type: application/json", "authorization: Bearer KEY"]);
}

//! Asks a destination without storing anything: by a request of its dialect
//! that has no event.

use std::time::Duration;

use headcount::Time;
use headcount::catalog::{Catalog, Destination, Dialect};
use headcount::person::visible;
use headcount::ship::{
    Build, Next, Overrides, Request, Response, Transport, TransportError, next, request, target,
};
use headcount_wire::native;

use super::finding::Finding;
use crate::server_sentence;

/// How long a destination has for its answer: as a shipper gives it, and as
/// long again for a first connection.
const PATIENCE: Duration = Duration::from_secs(6);

/// Looks at a destination of a catalog, with the address and key of this
/// environment.
pub(super) fn look(
    catalog: &Catalog,
    destination: &Destination,
    transport: &dyn Transport,
    now: Time,
) -> Vec<Finding> {
    let variable = |name: &str| std::env::var(name).ok();
    let overrides = Overrides::read(catalog, destination, variable);
    let name = destination.name;
    let target = match target(catalog, destination, &overrides, Build::Release) {
        Ok(target) => target,
        Err(why) => {
            let text = format!("Nothing can be sent to `{name}`: {}.", visible(&why.to_string()));
            let cure =
                format!("give the destination `{name}` what it lacks, in the catalog or the build");
            return vec![Finding::wrong(text, cure)];
        }
    };
    let url = target.url(None);
    if destination.dialect == Dialect::Clacky {
        return vec![Finding::right(format!(
            "{url} was not asked: a request of the dialect clacky always stores an event."
        ))];
    }
    match request(catalog, destination, &target, &[]) {
        Ok(request) => judged(catalog, destination, &request, ask(transport, &request), now),
        Err(error) => vec![Finding::wrong(
            format!("{url} was not asked: {error}."),
            format!("report this: a request to `{name}` cannot be made"),
        )],
    }
}

fn ask(transport: &dyn Transport, request: &Request) -> Result<Response, TransportError> {
    transport.send(request, PATIENCE)
}

/// What an answer says of a destination.
fn judged(
    catalog: &Catalog,
    destination: &Destination,
    request: &Request,
    answer: Result<Response, TransportError>,
    now: Time,
) -> Vec<Finding> {
    // A key in the query is nobody's business.
    let place = request.url.split('?').next().unwrap_or_default();
    let (name, dialect) = (destination.name, destination.dialect.name());
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let why = visible(&error.to_string());
            return vec![Finding::wrong(
                format!("{place} cannot be reached ({why})."),
                format!(
                    "look at `endpoint` of the destination `{name}`, and whether something listens there"
                ),
            )];
        }
    };
    let said = server_sentence::of(&answer).map_or_else(String::new, |said| format!(": {said}"));
    let status = answer.status;
    match (next(destination, &answer, 0, now), status) {
        (Next::Done(_), _) => {
            let mut findings = vec![Finding::right(format!(
                "{place} answers as {dialect} does, and takes the key."
            ))];
            findings.extend(known(catalog, destination, &answer));
            findings
        }
        (_, 401 | 403) => vec![Finding::wrong(
            format!("{place} does not take the key (it answered {status}{said})."),
            format!("give the destination `{name}` a write key that is known there"),
        )],
        (Next::Quarantine, _) => vec![Finding::right(format!(
            "{place} is there, and wants an event (it answered {status}{said}); only one can tell whether it takes the key."
        ))],
        (_, 429 | 500..=599) => vec![Finding::wrong(
            format!("{place} takes nothing now (it answered {status}{said})."),
            "look at that receiver, or ask again later".to_owned(),
        )],
        _ => vec![Finding::wrong(
            format!("{place} does not answer as {dialect} does (it answered {status}{said})."),
            format!("look at `endpoint` and `kind` of the destination `{name}`"),
        )],
    }
}

/// Which version of the catalog a collector has, if it says so.
fn known(catalog: &Catalog, destination: &Destination, answer: &Response) -> Option<Finding> {
    if destination.dialect != Dialect::Headcount {
        return None;
    }
    let own = catalog.version;
    Some(match native::newest_catalog(&answer.body) {
        None => Finding::right("It does not say which version of the catalog it has."),
        Some(there) if there < own => Finding::wrong(
            format!(
                "It has version {there} of the catalog, and this is {own}: it would reject what is new."
            ),
            "give the collector this catalog before the release that uses it".to_owned(),
        ),
        Some(there) if there > own => Finding::right(format!(
            "It has version {there} of the catalog, newer than this ({own}): it still takes what this one allows, if it has kept it."
        )),
        Some(_) => {
            Finding::right(format!("It has version {own} of the catalog, which is this one."))
        }
    })
}

#[cfg(test)]
mod tests {
    use headcount::ship::TransportErrorKind;
    use headcount_catalog::parse;

    use super::*;

    fn wren() -> Catalog {
        let text = include_str!("../../../../examples/wren/telemetry.toml")
            .replace("catalog = 1", "catalog = 3");
        parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn told(status: u16, body: &str) -> (bool, String) {
        of(Ok(Response { status, body: body.as_bytes().to_vec(), ..Response::default() }))
    }

    fn of(answer: Result<Response, TransportError>) -> (bool, String) {
        let catalog = wren();
        let destination = &catalog.destinations[0];
        let to = target(&catalog, destination, &Overrides::default(), Build::Release).unwrap();
        let request = request(&catalog, destination, &to, &[]).unwrap();
        let findings = judged(&catalog, destination, &request, answer, Time::from_seconds(0));
        let is_wrong = findings.iter().any(|finding| finding.cure.is_some());
        let texts: Vec<String> = findings.into_iter().map(|finding| finding.text).collect();
        (is_wrong, texts.join(" "))
    }

    #[test]
    fn each_answer_is_judged() {
        let empty = |catalog: u32| native::BatchAnswer::encode_empty(catalog);
        let plain = r#"{"accepted":0,"duplicate":0,"rejected":0,"events":[]}"#;
        for (status, body, is_wrong, word) in [
            (200, empty(3).as_str(), false, "which is this one"),
            (200, &empty(2), true, "It has version 2 of the catalog, and this is 3"),
            (200, &empty(4), false, "newer than this (3)"),
            (200, plain, false, "does not say which version"),
            (200, "<html>Sign in</html>", true, "does not answer as headcount does"),
            (302, "", true, "does not answer as headcount does"),
            (401, r#"{"error":"unknown write key"}"#, true, "answered 401: unknown write key"),
            (403, "", true, "does not take the key"),
            (404, "", true, "does not answer as headcount does (it answered 404)"),
            (400, "", false, "wants an event"),
            (503, "", true, "takes nothing now"),
        ] {
            let (wrong, text) = told(status, body);
            assert_eq!(wrong, is_wrong, "{status} {body}: {text}");
            assert!(text.contains(word), "{status} {body}: {text}");
        }
        let error = TransportError::new(TransportErrorKind::Unresolved, "no such host");
        let (wrong, text) = of(Err(error));
        assert!(wrong && text.contains("cannot be reached (unresolved: no such host)"), "{text}");
    }

    #[test]
    fn a_request_without_an_event_has_none() {
        for (product, events) in [("atomic", "[]"), ("archon", "\"batch\":[]"), ("assembly", "")] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("catalogs/{product}.toml"));
            let catalog = parse(&std::fs::read_to_string(path).unwrap()).unwrap();
            let destination = Destination {
                key: headcount_catalog::Key::Public(headcount_catalog::Setting::fixed("pub1")),
                ..catalog.destinations[0]
            };
            let to = target(&catalog, &destination, &Overrides::default(), Build::Release).unwrap();
            let request = request(&catalog, &destination, &to, &[]).unwrap();
            let text = request.text().unwrap();
            assert!(text.contains(events) && text.len() < 100, "{product}: {text}");
        }
    }
}

//! Lines, and whether the SDK would write each of them: what a validator with
//! the schema of a catalog must say, too. `.ci/schema` takes them from the
//! folder that HEADCOUNT_SCHEMA_CASES names, and asks real validators.

use std::fs;
use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, Checked, Event, Kind, Time, parse};
use serde_json::{Value, json};

use super::schema::{grammar, schema};
use super::stage::{catalog, counting};

const PRODUCTS: [&str; 5] = ["archon", "assembly", "atomcode", "atomic", "clacky"];

/// 2026-11-30T09:00:00.123Z, before every last day.
const NOW: Time = Time::from_milliseconds(1_796_029_200_123);

/// A line with the verdict of the SDK.
struct Case {
    line: Value,
    is_sent: bool,
}

/// Whether the line is one that the SDK writes: it is read whole, with nothing
/// dropped, and written again it is the same.
fn is_sent(catalog: &Catalog, line: &Value) -> bool {
    let Ok(checked) = headcount_wire::read(catalog, &line.to_string()) else { return false };
    let Ok(written) = headcount_wire::write(catalog, &checked) else { return false };
    checked.dropped.is_empty() && serde_json::from_str::<Value>(&written).unwrap() == *line
}

/// What stands in the place of each value in turn.
fn others() -> Vec<Value> {
    let texts = [
        "",
        "x",
        "X",
        "other",
        "/",
        "unknown",
        "dev",
        "1.2.3",
        "1.2.3-beta.1+5",
        "v 1",
        "en-US",
        "C",
        "e",
        "de_DE.UTF-8",
        "2026-11-30T09:00:00Z",
        "2026-11-30T00:00:00Z",
        "2026-11-30T09:00:00.123Z",
        "2026-02-30T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "2026-11-30T24:00:00Z",
        "2026-11-30",
        "0190abcd-ef01-7234-89ab-cdef01234567",
        "0190ABCD-EF01-7234-89AB-CDEF01234567",
        "0190abcd-ef01-7234-89ab-cdef0123456g",
        "src/main.rs:12:5",
        "../main.rs:1",
        "a/../b.rs:1",
        "/home/me/x.rs:1",
        ".../x.rs:1",
        "main.rs:12345678",
        "atomic::run",
        "a.b",
        "no <file> here. Really?",
        "code 42",
        "vpn.acme.example refused",
        "linux",
        "darwin",
        "win32",
        "x64",
        "true",
    ];
    let texts = texts.into_iter().map(Value::from);
    let long = [33, 64, 65, 161, 300].map(|length| Value::from("a".repeat(length)));
    let lists = [
        json!([]),
        json!(["x"]),
        json!(["day"]),
        json!(["day", "day"]),
        json!(["/commit", "/commit"]),
        json!(["/commit", "/ralph-loop"]),
        json!(["a b"]),
        json!(["a", "a", "a", "a", "a", "a"]),
        json!({}),
        json!({ "x": 1 }),
    ];
    let plain = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(7),
        json!(-1),
        json!(3.5),
        json!(1001),
        json!(4_294_967_295_u64),
        json!(4_294_967_296_u64),
        json!(-2_147_483_649_i64),
        json!(9_007_199_254_740_992_u64),
    ];
    plain.into_iter().chain(texts).chain(long).chain(lists).collect()
}

/// The places of all values of a line: those of an object in it, too.
fn places(line: &Value) -> Vec<String> {
    let mut places = Vec::new();
    for (key, value) in line.as_object().unwrap() {
        places.push(format!("/{key}"));
        let inner = value.as_object().into_iter().flat_map(|object| object.keys());
        places.extend(inner.map(|name| format!("/{key}/{name}")));
    }
    places
}

fn split(place: &str) -> (&str, &str) {
    place.rsplit_once('/').unwrap()
}

fn without(line: &Value, place: &str) -> Value {
    let mut line = line.clone();
    let (holder, name) = split(place);
    line.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(name);
    line
}

/// A property that counts another one is right by itself: the schema cannot
/// say that, and says how many words there can be.
fn count_again(event: &Event, line: &mut Value) {
    for property in event.properties {
        if let Kind::CountOf(of) = property.kind
            && line.get(property.name).is_some_and(Value::is_u64)
        {
            line[property.name] = line[of].as_array().map_or(0, Vec::len).into();
        }
    }
}

fn cases(catalog: &Catalog) -> Vec<Case> {
    let mut lines = Vec::new();
    for event in catalog.events {
        let sample = catalog.sample(event, NOW);
        let whole = headcount_wire::write(catalog, &sample).unwrap();
        let sparse = headcount_wire::write(catalog, &sparse(catalog, &sample)).unwrap();
        lines.push(serde_json::from_str::<Value>(&sparse).unwrap());
        let line: Value = serde_json::from_str(&whole).unwrap();
        for place in places(&line) {
            let mut fewer = without(&line, &place);
            count_again(event, &mut fewer);
            lines.push(fewer);
            for other in others() {
                let mut changed = line.clone();
                *changed.pointer_mut(&place).unwrap() = other;
                count_again(event, &mut changed);
                lines.push(changed);
            }
            let (holder, name) = split(&place);
            let mut more = line.clone();
            more.pointer_mut(holder).unwrap()[format!("{name}2")] = "x".into();
            lines.push(more);
        }
        lines.push(line);
    }
    lines.extend([json!([]), json!({}), json!("x"), json!(null)]);
    lines.into_iter().map(|line| Case { is_sent: is_sent(catalog, &line), line }).collect()
}

/// A record without anything optional.
fn sparse(catalog: &Catalog, record: &Checked) -> Checked {
    let mut sparse = record.clone();
    for (entry, value) in catalog.envelope.iter().zip(&mut sparse.envelope) {
        *value = value.take().filter(|_| entry.optional.is_none());
    }
    for (property, value) in record.event.properties.iter().zip(&mut sparse.properties) {
        *value = value.take().filter(|_| property.absent().is_none());
    }
    // What counts another property counts nothing then.
    sparse.properties = record.event.complete(sparse.properties);
    sparse
}

/// Each event's sample is sent as it is, and so is it without what is optional.
/// Among the changed ones are many of both kinds.
fn judged(name: &str, text: &str, path: &Path) {
    let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
    for event in catalog.events {
        let sample = catalog.sample(event, NOW);
        for record in [sparse(&catalog, &sample), sample] {
            let line = headcount_wire::write(&catalog, &record).unwrap();
            let line: Value = serde_json::from_str(&line).unwrap();
            assert!(is_sent(&catalog, &line), "{name}: {line}");
        }
    }
    let cases = cases(&catalog);
    let good = cases.iter().filter(|case| case.is_sent).count();
    assert!(
        good >= 2 * catalog.events.len() && good * 2 < cases.len(),
        "{good} of {}",
        cases.len()
    );
    if let Some(folder) = std::env::var_os("HEADCOUNT_SCHEMA_CASES").map(PathBuf::from) {
        let lines: Vec<String> = cases
            .iter()
            .map(|case| json!({ "line": case.line, "is_sent": case.is_sent }).to_string())
            .collect();
        fs::write(folder.join(format!("{name}.ndjson")), lines.join("\n")).unwrap();
        let schema = schema(&[&path.display().to_string()]);
        fs::write(folder.join(format!("{name}.schema.json")), schema).unwrap();
        let registry = super::schema::schema(&["--format", "weaver", &path.display().to_string()]);
        fs::write(folder.join(format!("{name}.weaver.yaml")), registry).unwrap();
    }
}

#[test]
fn the_lines_of_the_five_products_have_a_verdict() {
    for product in PRODUCTS {
        let path = catalog(product);
        judged(product, &fs::read_to_string(&path).unwrap(), &path);
    }
}

/// Every kind and every source of an entry.
#[test]
fn the_lines_of_the_whole_grammar_have_a_verdict() {
    let home = headcount_testkit::Home::new();
    for (name, text) in [("grammar", grammar()), ("counting", counting())] {
        let path = home.write("telemetry.toml", &text);
        judged(name, &text, &path);
    }
}

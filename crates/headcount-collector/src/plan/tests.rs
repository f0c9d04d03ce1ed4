//! The plans and the slow reading agree: over the samples of the five products,
//! changed in every way, and over random fields.

use headcount_catalog::{Catalog, Day, Encoding, Time};
use headcount_wire::flat::{BodyEvent, BodyForm, Budget, DialectNames, Scratch, each};
use headcount_wire::{HomeLifetime, Payload, Rate};

use super::model::assert_agreement;
use super::{Draft, Missing, PlanState, ProductPlans};

const TODAY: Day = Day::from_number(20_777);

/// A small generator: what fails is found again with the same number.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn catalog_text(product: &str) -> String {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    std::fs::read_to_string(examples.join(product).join("telemetry.toml")).unwrap()
}

fn parse(text: &str) -> Catalog {
    headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn catalogs() -> Vec<Catalog> {
    let mut all: Vec<Catalog> = ["archon", "assembly", "atomcode", "atomic", "clacky"]
        .map(catalog_text)
        .map(|text| parse(&text))
        .to_vec();
    all.push(parse(include_str!("../../tests/collector/counting.toml")));
    all.push(parse(include_str!("every_kind.toml")));
    all
}

/// All versions of a catalog: itself, and an older one in which the first
/// required property was not there yet.
fn versions(catalog: &Catalog) -> Vec<Catalog> {
    let mut older = *catalog;
    older.version = 0;
    let events = catalog.events.iter().map(|event| {
        let mut event = *event;
        let mut properties = event.properties.to_vec();
        if properties.len() > 1 && event.id.is_none() {
            properties.remove(0);
        }
        event.properties = properties.leak();
        event
    });
    let events: Vec<_> = events.collect();
    older.events = events.leak();
    vec![*catalog, older]
}

/// The samples of all events, as lines.
fn lines(catalog: &Catalog) -> Vec<String> {
    let now = Time::from_seconds(TODAY.start().seconds() + 3_600);
    let samples = catalog.events.iter().map(|event| catalog.sample(event, now));
    samples.map(|sample| headcount_wire::write(catalog, &sample).unwrap()).collect()
}

/// Values that some kind takes, almost takes, or does not take.
const VALUES: [&str; 46] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "42",
    "0.0",
    "1e3",
    "0.5",
    "1e999",
    "-0.0",
    "9223372036854775807",
    "9223372036854775808",
    "4294967295",
    "\"\"",
    "\"x\"",
    "\"1.2.3\"",
    "\"en-US\"",
    "\"de_DE.UTF-8\"",
    "\"linux\"",
    "\"darwin\"",
    "\"win32\"",
    "\"x64\"",
    "\"arm64\"",
    "\"src/main.rs:12:5\"",
    "\"/home/me\"",
    "\"42\"",
    "\"true\"",
    "\"0\"",
    "\"day\"",
    "\"2-3\"",
    "\"2026-11-20T10:00:00Z\"",
    "\"2026-11-20T10:00:00.123+02:00\"",
    "\"2026-02-30T00:00:00Z\"",
    "\"00000000-0000-4000-8000-000000000000\"",
    "\"019a0b1c-0000-7000-8000-000000000001\"",
    "[]",
    "[\"day\",\"week\"]",
    "[\"a\",\"a\",\"b\"]",
    "[1]",
    "[[\"a\"]]",
    "{}",
    "{\"a\":1}",
    "\"a\"",
    "\"other\"",
];

fn value(random: &mut Random, catalog: &Catalog) -> String {
    if random.below(3) == 0 {
        return (*random.pick(&VALUES)).to_owned();
    }
    let event = random.pick(catalog.events);
    if event.properties.is_empty() {
        return format!("\"{}\"", event.name);
    }
    match random.pick(event.properties).kind.set() {
        Some((set, _)) if random.below(2) == 0 => {
            format!("[\"{}\",\"{}\"]", random.pick(set), random.pick(set))
        }
        Some((set, _)) => format!("\"{}\"", random.pick(set)),
        None => format!("\"{}\"", event.name),
    }
}

#[test]
fn samples_that_are_changed_are_judged_alike() {
    for catalog in catalogs() {
        let versions = versions(&catalog);
        let lines = lines(&catalog);
        let mut random = Random(1);
        let mut body = lines.join("\n");
        for line in &lines {
            // Each value replaced, each key left out, renamed or doubled.
            let serde_json::Value::Object(fields) = serde_json::from_str(line).unwrap() else {
                panic!("a line is an object")
            };
            for (key, own) in &fields {
                let (named, own) = (format!("\"{key}\":"), own.to_string());
                let rest: Vec<String> = fields
                    .iter()
                    .filter(|(other, _)| *other != key)
                    .map(|(other, value)| format!("\"{other}\":{value}"))
                    .collect();
                let rest = rest.join(",");
                body.push_str(&format!("\n{{{rest}}}\n{{\"x{key}\":{own},{rest}}}"));
                body.push_str(&format!("\n{{{rest},{named}{own},{named}null}}"));
                for value in VALUES {
                    body.push_str(&format!("\n{{{named}{value},{rest}}}"));
                }
                for _ in 0..8 {
                    body.push_str(&format!("\n{{{rest},{named}{}}}", value(&mut random, &catalog)));
                }
            }
        }
        for chunk in body.lines().collect::<Vec<_>>().chunks(5_000) {
            assert_agreement(&versions, BodyForm::Native, TODAY, chunk.join("\n").as_bytes());
        }
    }
}

#[test]
fn random_fields_are_judged_alike_in_every_dialect() {
    for (seed, catalog) in (1..).zip(catalogs()) {
        let versions = versions(&catalog);
        let mut random = Random(seed);
        for form in [BodyForm::Native, BodyForm::PostHog, BodyForm::Datadog, BodyForm::Otlp] {
            let names = names(&catalog, form);
            let events: Vec<String> =
                (0..300).map(|_| soup(&mut random, &catalog, form, &names)).collect();
            for event in &events {
                let body = body(form, std::slice::from_ref(event));
                assert_agreement(&versions, form, TODAY, body.as_bytes());
            }
            // All of them as one body, whose names are looked up once.
            assert_agreement(&versions, form, TODAY, body(form, &events).as_bytes());
        }
    }
}

/// What the shipper itself sends in each dialect.
#[test]
fn batches_are_judged_alike_in_every_dialect() {
    let now = Time::from_seconds(TODAY.start().seconds() + 3_600);
    for catalog in catalogs() {
        let events = catalog.events.iter();
        let records: Vec<_> = events.map(|event| catalog.sample(event, now)).collect();
        let each = records.iter().map(std::slice::from_ref);
        for records in each.chain([&records[..], &[&records[..], &records].concat()]) {
            let payload = Payload {
                catalog: &catalog,
                records,
                key: Some("key"),
                rate: Rate::WHOLE,
                home: HomeLifetime::Lasting,
            };
            let posts = [
                (BodyForm::Native, headcount_wire::native::encode(&payload)),
                (BodyForm::Http, headcount_wire::http::encode(&payload)),
                (BodyForm::PostHog, headcount_wire::posthog::encode(&payload)),
                (BodyForm::Datadog, headcount_wire::datadog::encode(&payload)),
                (BodyForm::Datadog, headcount_wire::datadog::encode_for_servers(&payload)),
                (BodyForm::Otlp, headcount_wire::otlp::encode(&payload, Encoding::Json)),
                (
                    BodyForm::OtlpProtobuf,
                    headcount_wire::otlp::encode(&payload, Encoding::Protobuf),
                ),
            ];
            for (form, post) in posts {
                assert_agreement(&versions(&catalog), form, TODAY, &post.unwrap().body);
            }
        }
    }
}

/// Names have numbers within a body only.
#[test]
fn the_names_of_a_body_say_nothing_about_the_next() {
    let catalog = parse(&catalog_text("atomic"));
    let plans = ProductPlans::new(vec![catalog]);
    let plan = plans.plan(BodyForm::Native);
    let line = lines(&catalog).remove(0);
    let serde_json::Value::Object(fields) = serde_json::from_str(&line).unwrap() else {
        panic!("a line is an object")
    };
    let field = |(key, value): (&String, &serde_json::Value)| format!("\"{key}\":{value}");
    let backwards: Vec<String> = fields.iter().rev().map(field).collect();
    let backwards = format!("{{{}}}", backwards.join(","));
    let (mut state, mut judged) = (PlanState::default(), 0);
    for body in [&line, &backwards, &line] {
        state.begin_body();
        let (scratch, mut draft) = (Scratch::new(), Draft::default());
        let read = each(
            BodyForm::Native,
            body.as_bytes(),
            &scratch,
            &mut Budget::of_body(),
            &mut |arrived| {
                let BodyEvent::Event(event) = arrived else { panic!("{arrived:?}") };
                let allowed = plan.judge(event, Missing::Reject, TODAY, &mut state, &mut draft);
                assert!(allowed.is_ok_and(|_| draft.dropped.is_empty()), "{body}");
                judged += 1;
            },
        );
        assert_eq!(read, Ok(()));
    }
    assert_eq!(judged, 3);
}

/// Names that the dialect has for the keys of a catalog, and some it has not.
fn names(catalog: &Catalog, form: BodyForm) -> Vec<String> {
    let all = DialectNames::new(form, catalog);
    let holder = catalog
        .key_of(|source| matches!(source, headcount_catalog::Source::Properties))
        .unwrap_or("");
    let entries = catalog.envelope.iter().map(|entry| entry.key.to_owned());
    let properties = catalog.events.iter().flat_map(|event| event.properties);
    let properties = properties.map(|property| match holder {
        "" => property.name.to_owned(),
        holder => format!("{holder}.{}", property.name),
    });
    let keys: Vec<String> = entries.chain(properties).collect();
    let mut names: Vec<String> = keys.iter().flat_map(|key| all.names_of(key)).collect();
    names.extend(keys);
    names.extend(["", "x", "a.b.c", "service", "usr.anonymous_id"].map(str::to_owned));
    names
}

/// A body of these events.
fn body(form: BodyForm, events: &[String]) -> String {
    match form {
        BodyForm::PostHog => format!("[{}]", events.join(",")),
        BodyForm::Otlp => format!(
            "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{}]}}]}}]}}",
            events.join(",")
        ),
        _ => events.join("\n"),
    }
}

fn soup(random: &mut Random, catalog: &Catalog, form: BodyForm, names: &[String]) -> String {
    let mut fields = Vec::new();
    for _ in 0..random.below(24) {
        let (name, value) = (random.pick(names).clone(), value(random, catalog));
        if form == BodyForm::Otlp {
            let kind = random.pick(&["stringValue", "boolValue", "intValue", "doubleValue"]);
            fields.push(format!("{{\"key\":\"{name}\",\"value\":{{\"{kind}\":{value}}}}}"));
            continue;
        }
        match name.split_once('.') {
            Some((outer, inner)) if random.below(2) == 0 => {
                fields.push(format!("\"{outer}\":{{\"{inner}\":{value}}}"));
            }
            _ => fields.push(format!("\"{name}\":{value}")),
        }
    }
    let event = random.pick(catalog.events).name;
    let fields = fields.join(",");
    let comma = if fields.is_empty() { "" } else { "," };
    let (id, time) = (random.pick(&VALUES), random.pick(&VALUES));
    match form {
        BodyForm::PostHog => format!(
            "{{\"event\":\"{event}\",\"uuid\":{id},\"timestamp\":{time},\
             \"distinct_id\":\"d\",\"properties\":{{{fields}}}}}"
        ),
        BodyForm::Datadog => format!("{{\"message\":\"{event}\",\"date\":{time}{comma}{fields}}}"),
        BodyForm::Otlp => format!(
            "{{\"eventName\":\"{event}\",\"timeUnixNano\":{time},\"attributes\":[{fields}]}}"
        ),
        _ => {
            let key = catalog.key_of(|source| matches!(source, headcount_catalog::Source::Event));
            format!("{{\"{}\":\"{event}\"{comma}{fields}}}", key.unwrap_or("event"))
        }
    }
}

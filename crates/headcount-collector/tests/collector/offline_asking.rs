//! A folder that is asked without a server gives the server's answers, byte for
//! byte, also while it runs.

use headcount_catalog::Day;
use headcount_collector::{Collector, HttpQuestion, Registry, offline};

use crate::asking::{FIRST, LAST, TOOL, run, send};
use crate::client::get;
use crate::fixture::{Fixture, TODAY};
use crate::store_choice::only_embedded;

const QUESTIONS: [&str; 18] = [
    "events?before=yes&days=1",
    "events?by=version",
    "events?version=1.5.0",
    "active?period=week",
    "active?by=version&period=month",
    "active?days=2",
    "new-and-returning",
    "retention",
    "by-property?event=run&property=command&by=version",
    "across?event=run&one=command&other=agent",
    "failures?event=run&property=command",
    "quantiles?event=run&property=took&period=week",
    "versions",
    "rejected",
    "rejected?format=csv&before=yes",
    "events?format=csv&by=version",
    "active?period=week&where=command:build&by=agent&before=yes",
    "across?event=run&one=agent&other=worked&format=csv",
];

/// A collector whose catalog is in a folder, so that it is kept.
fn served() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture.home.write("catalogs/tool.toml", TOOL);
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    fixture.run(Collector::start(config).unwrap());
    fixture
}

fn asked(fixture: &Fixture, question: &str) -> Result<String, offline::OfflineError> {
    let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
    let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let product = ("product".to_owned(), "tool".to_owned());
    let pairs = pairs.map(owned).chain([product]).collect();
    let question = HttpQuestion::from_name(name).unwrap();
    let today = Day::parse(TODAY).unwrap();
    offline::ask(&fixture.home.path().join("data"), question, pairs, today)
}

#[track_caller]
fn same(fixture: &Fixture, answers: &mut Vec<String>) {
    answers.clear();
    for question in QUESTIONS {
        let offline = asked(fixture, question).unwrap();
        let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
        let path = format!("/api/v1/ask/{name}?{parameters}&product=tool");
        let path = path.replace("?&", "?");
        let online = get(&path).send(fixture.address());
        assert_eq!((online.status, online.body.as_str()), (200, offline.as_str()), "{question}");
        answers.push(offline);
    }
}

#[test]
fn a_folder_answers_like_the_server_on_it() {
    if !only_embedded("a folder without events of its own cannot be asked") {
        return;
    }
    let mut fixture = served();
    let mut answers = Vec::new();
    let mut number = 0;
    // Asked after each commit: first the folder, then the server, which writes
    // its counts then.
    for round in 0..4 {
        let mut lines = Vec::new();
        for device in 0..6_u128 {
            number += 1;
            let on = if round % 2 == 0 { FIRST } else { LAST };
            let mut line = run(number, &format!("d{}", device + round), on, "1.5.0");
            line["took"] = serde_json::json!(number);
            line["agent"] = "claude".into();
            line["worked"] = (device % 3 > 0).into();
            lines.push(line);
        }
        lines.push(serde_json::json!({"event": "invented"}));
        assert_eq!(send(&fixture, &lines).json()["accepted"], 6);
        same(&fixture, &mut answers);
    }
    assert!(answers[0].contains("\"count\":12"), "{}", answers[0]);
    assert!(answers[3].contains("\"devices\":9"), "{}", answers[3]);
    fixture.stop();
    for (question, answer) in QUESTIONS.iter().zip(&answers) {
        assert_eq!(asked(&fixture, question).unwrap(), *answer, "{question}");
    }
}

#[test]
fn what_cannot_be_asked_is_a_sentence() {
    let fixture = served();
    let wrong = asked(&fixture, "events?days=0").unwrap_err();
    assert!(wrong.is_bad_question(), "{wrong}");
    assert!(wrong.to_string().starts_with("`days` is not a number"), "{wrong}");
    let ask = |data: &str, product: &str| {
        let pairs = vec![("product".to_owned(), product.to_owned())];
        let today = Day::parse(TODAY).unwrap();
        offline::ask(&fixture.home.path().join(data), HttpQuestion::Events, pairs, today)
    };
    let unknown = ask("data", "nobody").unwrap_err();
    assert!(!unknown.is_bad_question());
    assert_eq!(unknown.to_string(), "the data folder has no catalog of `nobody`: use tool");
    let nowhere = ask("nowhere", "tool").unwrap_err().to_string();
    assert!(nowhere.starts_with("there is no data folder at "), "{nowhere}");
    assert!(!fixture.home.path().join("nowhere").exists());
    let none = ask("catalogs", "tool").unwrap_err().to_string();
    assert_eq!(none, "the data folder has no catalogs, and so none of `tool`");
}

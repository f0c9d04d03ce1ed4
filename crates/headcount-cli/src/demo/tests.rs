//! The play in small: the same people, the same path, fewer days.

use std::collections::{BTreeMap, BTreeSet};

use headcount::{Context as _, TypedEvent as _};
use headcount_catalog::{Checked, Day, EventId, Given, Value};
use serde_json::Value as Json;

use super::people::{Answer, Person, Product};
use super::questions::Outcomes;
use super::*;

/// A Friday afternoon.
fn now() -> Time {
    Time::parse("2026-11-20T17:30:00Z").unwrap()
}

fn products() -> Vec<Product> {
    catalogs::products(Scale::WHOLE).unwrap()
}

fn first_of(scale: Scale) -> Day {
    scale.first_day(now().day())
}

/// Everything everybody does, without doing it.
fn every_act(products: &[Product], scale: Scale, each: &mut dyn FnMut(&Person, Day, &day::Act)) {
    let first = first_of(scale);
    let mut count = 0u128;
    let mut ids = || {
        count += 1;
        EventId::from_bits(count).to_string()
    };
    for person in people::all(products, scale, Path::new("/homes")) {
        for number in 0..i32::from(scale.days) {
            let day = first.plus(number);
            for act in day::plan(&person, number, day, now(), &mut ids).acts {
                each(&person, day, &act);
            }
        }
    }
}

#[test]
fn two_months_are_more_than_fifty_thousand_events_of_every_kind() {
    let products = products();
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut by_people_who_agree = 0;
    every_act(&products, Scale::WHOLE, &mut |person, _, act| {
        *counts.entry((person.product.catalog.product.name, act.definition().name)).or_default() +=
            1;
        by_people_who_agree += u64::from(matches!(person.answer, Answer::Yes));
    });
    assert!((55_000..75_000).contains(&by_people_who_agree), "{by_people_who_agree} {counts:#?}");

    for Product { catalog, .. } in products {
        for event in catalog.events {
            let farewell = catalog.consent.farewell == Some(event.name);
            let there = counts.contains_key(&(catalog.product.name, event.name));
            assert!(
                there || farewell || event.is_report(),
                "{} of {}",
                event.name,
                catalog.product.name
            );
        }
    }
}

/// A part of the events, for a share.
fn part(of: u64, all: u64) -> f64 {
    of as f64 / all.max(1) as f64
}

#[test]
fn the_story_is_in_what_people_do() {
    let products = products();
    let (mut transcribed, mut failed) = (BTreeMap::new(), BTreeMap::new());
    let mut agents: BTreeMap<(i32, &str), u64> = BTreeMap::new();
    let mut weekly: BTreeMap<(&str, i32), BTreeSet<u32>> = BTreeMap::new();
    let mut atomcode: BTreeMap<i32, u64> = BTreeMap::new();
    every_act(&products, Scale::WHOLE, &mut |person, day, act| {
        let number = day.number() - first_of(Scale::WHOLE).number();
        let product = person.product.story.product;
        weekly.entry((product, number / 7)).or_default().insert(person.number);
        let text = |name: &str| {
            let (place, _) = act.definition().property(name)?;
            match act.values().get(place) {
                Some(Some(Value::Word(word))) => Some(word.as_str()),
                _ => None,
            }
        };
        if text("command") == Some("assembly transcribe") {
            let version = person.version(number);
            *transcribed.entry(version).or_insert(0) += 1;
            *failed.entry(version).or_insert(0) += u64::from(text("outcome").unwrap() != "success");
        }
        if let Some(agent) = act.agent {
            *agents.entry((number / 30, agent)).or_default() += 1;
        }
        if product == "atomcode" {
            *atomcode.entry(number).or_default() += 1;
        }
    });
    let rate = |version| part(failed[version], transcribed[version]);
    assert!(rate("1.5.0") > 3.0 * rate("1.4.0") && rate("1.5.1") < 2.0 * rate("1.4.0"));
    // The outage is the whole of its second day.
    assert!(atomcode[&34] * 5 < atomcode[&32] && atomcode[&34] * 5 < atomcode[&36], "{atomcode:?}");
    assert!(agents[&(0, "CLAUDECODE")] > agents.get(&(0, "OPENCODE")).copied().unwrap_or(0));
    assert!(agents[&(1, "OPENCODE")] > agents[&(1, "CLAUDECODE")], "{agents:?}");
    let people = |product, week| weekly[&(product, week)].len();
    let grown = |week| people("assembly", week) > people("assembly", week - 1);
    assert!(
        (2..8).all(grown) && people("assembly", 7) > 2 * people("assembly", 1),
        "{:?}",
        (0..9).map(|week| people("assembly", week)).collect::<Vec<_>>()
    );
    let weeks = |product| (1..8).map(|week| people(product, week)).collect::<Vec<usize>>();
    let (least, most) = (weeks("clacky").into_iter().min(), weeks("clacky").into_iter().max());
    assert!(most.unwrap() - least.unwrap() <= most.unwrap() / 5, "{:?}", weeks("clacky"));
    assert!(weeks("archon").iter().all(|people| (5..20).contains(people)), "{:?}", weeks("archon"));
}

#[test]
fn every_event_is_one_that_its_catalog_takes_whole() {
    let scale = Scale { people_percent: 30, ..Scale::WHOLE };
    let mut absent: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut present = absent.clone();
    every_act(&products(), scale, &mut |person, day, act| {
        let catalog = person.catalog(day.number() - first_of(scale).number());
        let event = act.definition();
        let given = Given {
            device: Some("device"),
            version: Some("1.0.0"),
            platform: Some(person.platform),
            arch: Some(person.arch),
            locale: Some("en-US"),
            ci: Some(false),
            ..Given::default()
        };
        let mut envelope = catalog.envelope(event, &given);
        for (place, value) in act.entries() {
            envelope[place] = Some(value);
        }
        let properties = act.values();
        for (property, value) in event.properties.iter().zip(&properties) {
            let name = (event.name, property.name);
            if value.is_some() {
                present.insert(name)
            } else {
                absent.insert(name)
            };
        }
        let id = Some(EventId::new(day, [0; 16]));
        let dropped = Vec::new();
        let record = Checked { event, id, time: Some(act.at), envelope, properties, dropped };
        let line = headcount_wire::write(catalog, &record).unwrap();
        let read = headcount_wire::read(catalog, &line).unwrap();
        assert_eq!(read.dropped, [], "{line}");
        assert_eq!(act.at.day(), day);
    });
    // What is never there could not be drawn either.
    let never: Vec<_> = absent.difference(&present).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn nothing_happens_after_now() {
    let scale = Scale { days: 14, people_percent: 30, restarts: 0 };
    let mut last = Time::from_seconds(0);
    every_act(&products(), scale, &mut |_, _, act| last = last.max(act.at));
    assert!(last <= now() && last.day() == now().day(), "{last:?}");
}

const SMALL: Scale = Scale { days: 14, people_percent: 1, restarts: 1 };

fn stage<'a>(folder: &Path, interrupted: bool, err: &'a mut Vec<u8>) -> Stage<'a> {
    Stage {
        folder: folder.to_path_buf(),
        scale: SMALL,
        clock: Arc::new(now),
        interrupted: Arc::new(AtomicBool::new(interrupted)),
        screen: Screen::Lines,
        err,
    }
}

#[test]
fn the_books_of_a_small_play_balance() {
    let folder = tempfile::tempdir().unwrap();
    let mut err = Vec::new();
    let played = stage(folder.path(), false, &mut err).play().unwrap();
    let Played { site, books, play_days } = played;
    assert_eq!(play_days.0.plus(13), play_days.1);
    assert_eq!(books.problems(), "");
    for page in &books.pages {
        let Outcomes { stored, rejected, .. } = page.outcomes;
        assert_eq!(page.recorded, stored + rejected + page.lost, "{page:?}");
        assert_eq!(page.lost > 0, page.product == "atomic", "{page:?}");
        assert_eq!(rejected > 0, ["assembly", "atomic"].contains(&page.product), "{page:?}");
        assert_eq!(page.reports > 0, page.product == "atomic", "{page:?}");
        assert!(
            stored > 0 && page.people == 12 && page.refusing >= 2 && page.changed_mind == 1,
            "{page:?}"
        );
    }
    let Outcomes { duplicate, rejected, .. } = books.outcomes();
    assert!(duplicate > 0 && rejected > 0 && books.restarts == 1, "{books:?}");
    nobody_left_more_than_they_said(folder.path());

    let json = report::json(&books, &site.url());
    let read: Json = serde_json::from_str(&json).unwrap();
    assert_eq!((json.lines().count(), read["recorded"].as_u64()), (1, Some(books.recorded())));
    let summary = report::summary(&books, &site.url());
    for name in ["archon", "assembly", "atomcode", "atomic", "clacky", "all"] {
        assert!(summary.contains(&format!("\n{name} ")), "{summary}");
    }
    let said = String::from_utf8(err).unwrap();
    assert!(said.starts_with("playing 14 days of 60 people of 5 products"), "{said}");
}

/// Who said nothing has nothing; who said no has that, and no event.
fn nobody_left_more_than_they_said(folder: &Path) {
    let (mut silent, mut refused) = (0, 0);
    for person in people::all(&products(), SMALL, &folder.join("homes")) {
        let files = files_below(&person.home);
        match person.answer {
            Answer::Silence => {
                assert_eq!(files, Vec::<String>::new());
                silent += 1;
            }
            Answer::No => {
                let settings = person.product.catalog.files.settings.file;
                assert!(files.iter().any(|file| file.ends_with(settings)), "{files:?}");
                assert!(!files.iter().any(|file| file.contains("events.")), "{files:?}");
                refused += 1;
            }
            Answer::Yes | Answer::YesUntil(_) => {}
        }
    }
    assert!(silent >= 5 && refused >= 5, "{silent} {refused}");
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    files
}

#[test]
fn an_interrupted_play_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut err = Vec::new();
    let played = stage(folder.path(), true, &mut err).play();
    assert_eq!(played.err().as_deref(), Some("interrupted"));
}

//! Whose word wins about a purpose: every combination of what the person said
//! here and in the usual place, what an administrator says, what became of the
//! event's purpose, and the decision about telemetry as a whole, against a
//! model that is made of sentences and of no code.

use std::fs;
use std::path::Path;

use headcount::{Catalog, Paths};
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::purposes::{MOVED, RENAMED, VANISHED, command, panic, say, text};
use crate::scene::{self, NOW};

/// What is written about the purpose in one of the person's two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    Absent,
    /// A refusal of it, as an earlier release wrote it.
    Refused,
    /// A refusal of another purpose.
    OtherRefused,
    /// As a project may plant it: everything is granted, nothing refused.
    Planted,
}

const NOTES: [Note; 4] = [Note::Absent, Note::Refused, Note::OtherRefused, Note::Planted];

/// What an administrator says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admin {
    Absent,
    On,
    Off,
    OtherOff,
}

const ADMINS: [Admin; 4] = [Admin::Absent, Admin::On, Admin::Off, Admin::OtherOff];

/// What became of the purpose since it was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Same,
    /// It has another name, and says what it was.
    Renamed,
    /// The event has another purpose, which does not say that.
    Moved,
    Vanished,
}

const BECAME: [Became; 4] = [Became::Same, Became::Renamed, Became::Moved, Became::Vanished];

/// The decision about telemetry as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    On,
    Local,
    Off,
}

const WHOLES: [Whole; 3] = [Whole::On, Whole::Local, Whole::Off];

#[derive(Clone, Copy, Debug)]
struct Case {
    here: Note,
    usual: Note,
    admin: Admin,
    became: Became,
    whole: Whole,
}

impl Case {
    /// The person's refusal counts wherever they said it, and whatever became
    /// of the purpose. An administrator's names a purpose, by its name of today
    /// or an earlier one, and no event.
    fn is_refused(self) -> bool {
        let by_person = [self.here, self.usual].contains(&Note::Refused);
        let is_named = matches!(self.became, Became::Same | Became::Renamed);
        by_person || (self.admin == Admin::Off && is_named)
    }

    /// Whose word `status` says it is, of the purpose that the event has now.
    fn by(self) -> Option<&'static str> {
        let by_person = [self.here, self.usual].contains(&Note::Refused);
        let is_named = matches!(self.became, Became::Same | Became::Renamed);
        match self.whole {
            _ if is_named && self.admin == Admin::Off => Some("administrator"),
            // Moved, it is the only event of its purpose; vanished, it is one
            // of several, and the others go on.
            _ if by_person && self.became != Became::Vanished => Some("you"),
            Whole::Local | Whole::Off => Some("telemetry"),
            Whole::On => None,
        }
    }
}

/// The release in whose folder a variable can move.
fn catalog(became: Became) -> &'static Catalog {
    let changes: &[(&str, &str)] = match became {
        Became::Same => &[],
        Became::Renamed => &RENAMED,
        Became::Moved => &MOVED,
        Became::Vanished => &VANISHED,
    };
    let moved = "folder = \"${PLACE:-~/.config}/tool\"";
    scene::catalog(&text(changes).replace("folder = \"~/.tool\"", moved))
}

fn write(note: Note, state: &Path, whole: Option<Whole>) {
    let refused = match note {
        Note::Absent if whole != Some(Whole::Local) => return,
        Note::Absent => "",
        Note::Refused => ", \"refusedPurposes\": {\"crash\": [\"panic\"]}",
        Note::OtherRefused => ", \"refusedPurposes\": {\"ads\": [\"click\"]}",
        Note::Planted => ", \"granted\": [\"/\"], \"refusedPurposes\": {}",
    };
    let local = if whole == Some(Whole::Local) { ", \"local\": true" } else { "" };
    fs::create_dir_all(state.parent().unwrap()).unwrap();
    fs::write(state, format!("{{\"format\": 1{refused}{local}}}")).unwrap();
}

fn check(case: Case, catalog: &'static Catalog, home: &Home, policies: &[Home; 4]) {
    let place = home.path().join("elsewhere");
    let mut around =
        scene::surroundings(home.path(), NOW, &[("PLACE", &place.display().to_string())]);
    let admin = ADMINS.iter().position(|admin| *admin == case.admin).unwrap();
    around.policies = vec![policies[admin].path().to_path_buf()];
    let here = Paths::of(catalog, &around).unwrap();
    let usual = Paths::of(catalog, &scene::surroundings(home.path(), NOW, &[])).unwrap();
    let says = match case.whole {
        Whole::On => "{\"enabled\": true}",
        Whole::Local | Whole::Off => "{\"enabled\": false}",
    };
    home.write(".config/tool/telemetry.json", says);
    write(case.usual, &usual.state, Some(case.whole));
    write(case.here, &here.state, None);

    let session = scene::open_in(catalog, around.clone());
    let is_recorded = case.whole != Whole::Off;
    assert_eq!(session.try_record(&command(catalog)).is_ok(), is_recorded, "{case:?}");
    let is_recorded = is_recorded && !case.is_refused();
    assert_eq!(session.try_record(&panic(catalog)).is_ok(), is_recorded, "{case:?}");
    let status: Json =
        serde_json::from_str(&say(&scene::open_in(catalog, around), "status --json").out).unwrap();
    let purpose = catalog.event("panic").unwrap().purpose;
    let purposes = status["purposes"].as_array().unwrap();
    let told = purposes.iter().find(|it| it["name"] == purpose).unwrap();
    assert_eq!(told["by"].as_str(), case.by(), "{case:?}: {told}");
    assert_eq!(told["on"], case.by().is_none(), "{case:?}: {told}");
}

/// Every combination of one thing that became of the purpose; how many there
/// were.
fn sweep(became: Became, policies: &[Home; 4]) -> usize {
    let catalog = catalog(became);
    let mut combinations = 0;
    for (whole, admin) in WHOLES.into_iter().flat_map(|it| ADMINS.map(|admin| (it, admin))) {
        for (here, usual) in NOTES.into_iter().flat_map(|it| NOTES.map(|usual| (it, usual))) {
            let case = Case { here, usual, admin, became, whole };
            check(case, catalog, &Home::new(), policies);
            combinations += 1;
        }
    }
    combinations
}

#[test]
fn every_combination_of_every_word_has_the_answer_of_the_model() {
    let policies = ADMINS.map(|admin| {
        let home = Home::new();
        let says = |purposes: &str| format!("{{\"telemetry\": \"on\", \"purposes\": {purposes}}}");
        let text = match admin {
            Admin::Absent => return home,
            Admin::On => says("{\"crash\": \"on\"}"),
            Admin::Off => says("{\"crash\": \"off\"}"),
            Admin::OtherOff => says("{\"ads\": \"off\"}"),
        };
        home.write("tool/telemetry.json", &text);
        home
    });
    let combinations: usize = std::thread::scope(|scope| {
        let sweeps = BECAME.map(|became| {
            let policies = &policies;
            scope.spawn(move || sweep(became, policies))
        });
        sweeps.into_iter().map(|sweep| sweep.join().unwrap()).sum()
    });
    assert_eq!(combinations, 4 * 3 * 4 * 4 * 4);
}

/// `off` is written in both places, and `on` clears both.
#[test]
fn off_and_on_write_both_places() {
    let catalog = catalog(Became::Same);
    let home = Home::new();
    let place = home.path().join("elsewhere");
    let moved = scene::surroundings(home.path(), NOW, &[("PLACE", &place.display().to_string())]);
    let usual = scene::surroundings(home.path(), NOW, &[]);
    let states = [&moved, &usual].map(|around| Paths::of(catalog, around).unwrap().state);
    let run = |words: &str| {
        let reply = say(&scene::open_in(catalog, moved.clone()), words);
        assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{words}");
    };
    run("on");
    run("off crash");
    for state in &states {
        assert!(fs::read_to_string(state).unwrap().contains("refusedPurposes"), "{state:?}");
    }
    for around in [&moved, &usual] {
        assert!(scene::open_in(catalog, around.clone()).try_record(&panic(catalog)).is_err());
    }
    run("on crash");
    for state in &states {
        let text = fs::read_to_string(state).unwrap_or_default();
        assert!(!text.contains("refusedPurposes"), "{text}");
    }
    assert!(scene::open_in(catalog, moved.clone()).try_record(&panic(catalog)).is_ok());
    // Refused in the usual place alone, it is refused in the other too.
    let reply = say(&scene::open_in(catalog, usual), "off crash");
    assert_eq!(reply.code, 0, "{}", reply.err);
    assert!(scene::open_in(catalog, moved).try_record(&panic(catalog)).is_err());
}

//! A folder that a variable moves, which a project can set; a folder in a home
//! that is another user's; and a path that is not UTF-8.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use headcount::{Catalog, Owner, Paths, Session, Surroundings, Variables, person};
use headcount_testkit::Home;

use crate::scene::{self, NOW};

const NOBODY: u32 = 65_534;

fn around(home: &Home, variables: &[(&str, &Path)]) -> Surroundings {
    let mut surroundings = scene::surroundings(home.path(), NOW, &[]);
    if let Variables::Given(given) = &mut surroundings.variables {
        for (name, value) in variables {
            given.insert((*name).to_owned(), value.as_os_str().to_owned());
        }
    }
    surroundings
}

fn say(catalog: &'static Catalog, surroundings: &Surroundings, word: &str) -> person::Reply {
    person::run(&scene::open_in(catalog, surroundings.clone()), &[word.to_owned()])
}

fn is_on(catalog: &'static Catalog, surroundings: &Surroundings) -> bool {
    scene::open_in(catalog, surroundings.clone()).decision().is_on()
}

/// A command of the AssemblyAI CLI, which is on by default.
fn record(session: &Session, catalog: &'static Catalog) -> Result<(), headcount::RecordError> {
    let event = catalog.events.first().unwrap();
    let sample = |property: &headcount::catalog::Property| property.kind.sample(scene::time(NOW));
    let values = event.properties.iter().map(sample).collect();
    session.try_record(&Sample(event, values))
}

struct Sample(&'static headcount::catalog::Event, Vec<Option<headcount::catalog::Value>>);

impl headcount::TypedEvent for Sample {
    fn definition(&self) -> &'static headcount::catalog::Event {
        self.0
    }

    fn values(&self) -> Vec<Option<headcount::catalog::Value>> {
        self.1.clone()
    }
}

/// The products whose folder a variable can move.
const MOVED: [(&str, &str, &str, &str); 2] = [
    (
        "atomic",
        "XDG_DATA_HOME",
        "atomic/telemetry.json",
        "{\"enabled\": true, \"consentGiven\": true}",
    ),
    ("assembly", "XDG_CONFIG_HOME", "assemblyai/config.toml", "telemetry_enabled = true\n"),
];

#[test]
fn a_no_holds_wherever_a_project_moves_the_folder() {
    for (product, variable, file, planted) in MOVED {
        let (catalog, home) = (scene::catalog(&scene::text_of(product)), Home::new());
        let usual = around(&home, &[]);
        let project = home.path().join("proj");
        let moved = around(&home, &[(variable, &project)]);
        assert_eq!(say(catalog, &usual, "off").code, 0);
        for text in [None, Some(planted)] {
            if let Some(text) = text {
                home.write(&format!("proj/{file}"), text);
            }
            let before = scene::tree(&home);
            let session = scene::open_in(catalog, moved.clone());
            assert!(!session.decision().is_on(), "{product} {text:?}");
            assert!(record(&session, catalog).unwrap_err().is_off());
            assert_eq!(scene::tree(&home), before, "{product}: nothing is created");
        }
    }
}

#[test]
fn a_planted_yes_is_not_a_yes_and_the_persons_own_is() {
    for (product, variable, file, planted) in MOVED {
        let (catalog, home) = (scene::catalog(&scene::text_of(product)), Home::new());
        let (one, other) = (home.path().join("one"), home.path().join("other"));
        let (one, other) =
            (around(&home, &[(variable, &one)]), around(&home, &[(variable, &other)]));
        home.write(&format!("one/{file}"), planted);
        home.write(&format!("other/{file}"), planted);
        let by_default = product == "assembly";
        let why = |around: &Surroundings| {
            scene::open_in(catalog, around.clone()).decision().winner().why.to_string()
        };
        assert_eq!((is_on(catalog, &one), why(&one)), (by_default, "default".to_owned()));
        let status = say(catalog, &one, "status").out;
        assert!(status.contains("does not count"), "{status}");
        assert_eq!(say(catalog, &one, "on").code, 0);
        assert!(!say(catalog, &one, "status").out.contains("does not count"));
        assert!(is_on(catalog, &one) && why(&one).starts_with("config:"), "{}", why(&one));
        assert_eq!((is_on(catalog, &other), why(&other)), (by_default, "default".to_owned()));
        // A no in any of them is one everywhere.
        assert_eq!(say(catalog, &other, "off").code, 0);
        for around in [&one, &other, &around(&home, &[])] {
            assert!(!is_on(catalog, around), "{product}");
        }
        assert_eq!(say(catalog, &one, "on").code, 0);
        assert!(is_on(catalog, &one));
        assert!(!is_on(catalog, &other), "the no that is written there still counts there");
    }
}

/// What a later release would report more is withheld in a project's folder
/// too.
#[test]
fn a_moved_folder_does_not_set_free_what_is_withheld() {
    let home = Home::new();
    let text = scene::text_of("assembly");
    let later = format!(
        "{text}\n[event.more]\nwhy = \"Is it used?\"\nowner = \"cli team\"\n[event.more.properties]\nok = \"flag\"\n"
    );
    let (now, later) = (scene::catalog(&text), scene::catalog(&later));
    assert_eq!(say(now, &around(&home, &[]), "on").code, 0);
    let moved = around(&home, &[("XDG_CONFIG_HOME", &home.path().join("proj"))]);
    for surroundings in [&around(&home, &[]), &moved] {
        let session = scene::open_in(later, surroundings.clone());
        assert_eq!(session.withheld().len(), 1, "{:?}", session.withheld());
        let event = later.event("more").unwrap();
        let values = event.properties.iter().map(|it| it.kind.sample(scene::time(NOW))).collect();
        assert!(session.try_record(&Sample(event, values)).unwrap_err().is_withheld());
    }
    assert_eq!(say(later, &moved, "on").code, 0);
    assert!(scene::open_in(later, moved).withheld().is_empty());
}

/// What waits anywhere goes with a no that is said anywhere, and with a yes
/// after it.
#[test]
fn a_no_drops_what_waits_in_every_place() {
    let waiting = |folder: &Path| {
        let queue = folder.join("assemblyai/telemetry-events.jsonl");
        fs::read_to_string(queue).map_or(0, |text| text.lines().count())
    };
    let catalog = scene::catalog(&scene::text_of("assembly"));
    for said_in in ["usual", "moved"] {
        let home = Home::new();
        let (usual, project) = (home.path().join(".config"), home.path().join("proj"));
        let (plain, moved) = (around(&home, &[]), around(&home, &[("XDG_CONFIG_HOME", &project)]));
        for surroundings in [&plain, &moved] {
            assert_eq!(say(catalog, surroundings, "on").code, 0);
            record(&scene::open_in(catalog, surroundings.clone()), catalog).unwrap();
        }
        assert_eq!((waiting(&usual), waiting(&project)), (1, 1));
        let said = say(catalog, if said_in == "usual" { &plain } else { &moved }, "off");
        assert!(said.out.contains("2 events that were waiting"), "{said_in}: {}", said.out);
        assert_eq!((waiting(&usual), waiting(&project)), (0, 0), "{said_in}");
        assert!(!is_on(catalog, &plain) && !is_on(catalog, &moved));
    }
}

/// A state that a project plants agrees to nothing for the person.
#[test]
fn a_planted_agreement_sets_nothing_free() {
    let home = Home::new();
    let text = scene::text_of("assembly");
    let later = format!(
        "{text}\n[event.more]\nwhy = \"Is it used?\"\nowner = \"cli team\"\n[event.more.properties]\nok = \"flag\"\n"
    );
    let (now, later) = (scene::catalog(&text), scene::catalog(&later));
    assert_eq!(say(now, &around(&home, &[]), "on").code, 0);
    let within = format!("{:016x}", later.fingerprint());
    home.write(
        "proj/assemblyai/telemetry-state.json",
        format!("{{\"format\": 1, \"product\": \"assembly\", \"within\": \"{within}\"}}"),
    );
    let moved = around(&home, &[("XDG_CONFIG_HOME", &home.path().join("proj"))]);
    assert_eq!(scene::open_in(later, moved).withheld().len(), 1);
}

/// Recording in a moved folder leaves nothing in the usual place.
#[test]
fn a_moved_folder_is_the_only_one_that_recording_writes_to() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    let moved = around(&home, &[("XDG_CONFIG_HOME", &home.path().join("mine"))]);
    record(&scene::open_in(catalog, moved), catalog).unwrap();
    assert!(!home.path().join(".config").exists(), "{:?}", home.tree());
}

/// A variable that is no absolute path moves nothing.
#[test]
fn a_relative_or_empty_variable_moves_nothing() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    for value in ["", "proj", "./proj", "~/proj"] {
        let surroundings = around(&home, &[("XDG_CONFIG_HOME", Path::new(value))]);
        let paths = Paths::of(catalog, &surroundings).unwrap();
        assert_eq!(paths.folder, home.path().join(".config/assemblyai"), "{value:?}");
    }
}

/// `off` says so in the usual place too, where `XDG_CONFIG_HOME` was its own
/// way round: the person's shell sets it, and a cron job does not.
#[test]
fn a_no_in_a_moved_folder_counts_without_the_variable() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    let moved = around(&home, &[("XDG_CONFIG_HOME", &home.path().join("mine"))]);
    home.write(".config/assemblyai/config.toml", "telemetry_enabled = true\nregion = \"eu\"\n");
    assert!(is_on(catalog, &around(&home, &[])));
    assert_eq!(say(catalog, &moved, "off").code, 0);
    assert!(!is_on(catalog, &around(&home, &[])) && !is_on(catalog, &moved));
    let usual = home.read(".config/assemblyai/config.toml");
    assert_eq!(usual, "telemetry_enabled = false\nregion = \"eu\"\n");
    assert_eq!(say(catalog, &moved, "on").code, 0);
    assert!(is_on(catalog, &around(&home, &[])) && is_on(catalog, &moved));
}

/// Byte for byte: no second folder with U+FFFD in its name.
#[test]
fn a_path_that_is_not_utf_8_is_used_as_it_is() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    let odd = |name: &[u8]| home.path().join(OsString::from_vec(name.to_vec()));
    let (one, other) = (odd(b"c\xff"), odd(b"c\xfe"));
    let here = around(&home, &[("XDG_CONFIG_HOME", &one)]);
    assert_eq!(say(catalog, &here, "on").code, 0);
    assert!(one.join("assemblyai/config.toml").is_file());
    assert!(is_on(catalog, &here));
    record(&scene::open_in(catalog, here.clone()), catalog).unwrap();
    assert!(one.join("assemblyai/telemetry-events.jsonl").is_file());
    fs::create_dir_all(other.join("assemblyai")).unwrap();
    fs::write(other.join("assemblyai/config.toml"), "telemetry_enabled = false\n").unwrap();
    assert!(!is_on(catalog, &around(&home, &[("XDG_CONFIG_HOME", &other)])));
    // The one place is noted, and no other that looks like it.
    fs::write(other.join("assemblyai/config.toml"), "telemetry_enabled = true\n").unwrap();
    let session = scene::open_in(catalog, around(&home, &[("XDG_CONFIG_HOME", &other)]));
    assert_eq!(session.decision().winner().why.to_string(), "default");
    let names: Vec<OsString> =
        fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("c\u{fffd}\u{fffd}")));
    assert_eq!(names.len(), 4, "with `tmp`: {names:?}");
}

/// A home that is not UTF-8.
#[test]
fn a_home_that_is_not_utf_8_is_used_as_it_is() {
    let (catalog, outside) = (scene::catalog(&scene::text_of("archon")), Home::new());
    let home = outside.path().join(OsString::from_vec(b"h\xf6me".to_vec()));
    fs::create_dir(&home).unwrap();
    let surroundings = scene::surroundings(&home, NOW, &[]);
    assert_eq!(say(catalog, &surroundings, "on").code, 0);
    assert!(home.join(".archon/config.yaml").is_file());
    assert!(is_on(catalog, &surroundings));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 2, "with `tmp`");
}

/// Whose folder it is, is asked of the nearest ancestor of every place that is
/// written to: a mounted folder in a home may be another user's. Only root can
/// make this scene.
#[test]
fn nothing_is_created_in_a_folder_of_another_user() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    let mut around = around(&home, &[]);
    around.owner = None;
    for mounted in [".config", ".config/assemblyai", ".config/assemblyai/telemetry-state"] {
        fs::create_dir_all(home.path().join(mounted)).unwrap();
        if chown(home.path().join(mounted), Some(NOBODY), None).is_err() {
            eprintln!("skipped: only root can give a folder away");
            return;
        }
        let before = scene::tree(&home);
        let session = scene::open_in(catalog, around.clone());
        let why = session.decision().winner().why.to_string();
        assert_eq!(
            why, "home:the home folder, or a folder of this product in it, belongs to another user",
            "{mounted}"
        );
        assert!(record(&session, catalog).unwrap_err().is_off());
        assert_eq!(say(catalog, &around, "off").code, 1, "{mounted}");
        assert_eq!(scene::tree(&home), before, "{mounted}");
        chown(home.path().join(mounted), Some(0), None).unwrap();
    }
    around.owner = Some(Owner::User);
    assert!(is_on(catalog, &around));
    // The folder that a variable names, and one below it that is not there yet.
    let project = home.path().join("proj");
    fs::create_dir(&project).unwrap();
    chown(&project, Some(NOBODY), None).unwrap();
    let deep = project.join("not/there");
    let mut moved = self::around(&home, &[("XDG_CONFIG_HOME", &deep)]);
    moved.owner = None;
    assert!(!is_on(catalog, &moved));
    assert_eq!(say(catalog, &moved, "on").code, 1);
    assert!(!project.join("not").exists());
}

/// A yes that others could have written is not one; a no always is.
#[test]
fn a_yes_that_a_group_could_have_written_is_not_a_yes() {
    let (catalog, home) = (scene::catalog(&scene::text_of("assembly")), Home::new());
    let surroundings = around(&home, &[]);
    let file = home.write(".config/assemblyai/config.toml", "telemetry_enabled = true\n");
    if chown(&file, None, Some(54_321)).is_err() {
        eprintln!("skipped: only root can give a file to any group");
        return;
    }
    for (mode, on) in [(0o664, false), (0o660, false), (0o620, false), (0o644, true), (0o600, true)]
    {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(is_on(catalog, &surroundings), on, "{mode:o}");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
    let status = say(catalog, &surroundings, "status").out;
    assert!(status.contains("the members of its group can write to it"), "{status}");
    // The person's own yes makes the file theirs.
    assert_eq!(say(catalog, &surroundings, "on").code, 0);
    assert!(is_on(catalog, &surroundings));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    // Root's own group has no other member.
    chown(&file, None, Some(0)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
    assert!(is_on(catalog, &surroundings));
}

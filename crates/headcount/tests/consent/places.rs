//! Where an answer counts: every combination of what can be written in the
//! usual place, in the place that a variable names, and in our own notes in
//! both, against a model that is made of the sentences of the decisions and of
//! no code.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use headcount::catalog::ConsentDefault;
use headcount::consent::ConsentState;
use headcount::{Catalog, Host, Paths, Telemetry};
use headcount_testkit::Home;

use crate::model::{PRODUCTS, Product};
use crate::scene::{self, NOW};

/// What a settings file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settings {
    Absent,
    WithoutKey,
    Yes,
    No,
    Corrupt,
    /// A no under a key that was meant to be ours, and nothing else.
    Mistaken,
    /// A yes, and such a no below it.
    YesAndMistaken,
    /// A yes in a file that a group with other members may write to.
    YesOfAGroup,
    /// A no in such a file.
    NoOfAGroup,
}

const SETTINGS: [Settings; 9] = [
    Settings::Absent,
    Settings::WithoutKey,
    Settings::Yes,
    Settings::No,
    Settings::Corrupt,
    Settings::Mistaken,
    Settings::YesAndMistaken,
    Settings::YesOfAGroup,
    Settings::NoOfAGroup,
];

/// What our own state says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    Absent,
    Empty,
    Off,
    Local,
    /// The person's own `on` in the place that the variable names.
    GrantedThere,
    /// The same in yet another place.
    GrantedElsewhere,
    OfANewerRelease,
    NewerWithNo,
    Corrupt,
}

const NOTES: [Note; 9] = [
    Note::Absent,
    Note::Empty,
    Note::Off,
    Note::Local,
    Note::GrantedThere,
    Note::GrantedElsewhere,
    Note::OfANewerRelease,
    Note::NewerWithNo,
    Note::Corrupt,
];

/// One place: its settings and our note.
#[derive(Clone, Copy, Debug)]
struct Place {
    settings: Settings,
    note: Note,
}

/// One combination: the usual place, and the other if a variable names one.
#[derive(Clone, Copy, Debug)]
struct Case {
    usual: Place,
    named: Option<Place>,
    track: bool,
}

/// The texts of one product.
struct Texts {
    yes: String,
    no: String,
    mistaken: String,
    without: String,
    key: &'static str,
    /// The last key of a yes, which is the one that is told.
    given: &'static str,
    mistake: &'static str,
}

/// A product's own catalog, in a folder that a variable can move.
fn catalog(product: &Product) -> &'static Catalog {
    let text = scene::text_of(product.name);
    let line = text.lines().find(|line| line.starts_with("folder")).unwrap();
    let moved = format!("\"${{PLACE:-~/.config}}/{}\"", product.name);
    let moved = format!("folder = {{ linux = {moved}, macos = {moved}, windows = \"~/.tool\" }}");
    scene::catalog(&text.replace(line, &moved))
}

fn texts(product: &Product) -> Texts {
    let (mistaken, mistake) = match product.name {
        "atomic" | "clacky" => ("{\"Telemetry\": {\"enabled\": false}}", "Telemetry.enabled"),
        "atomcode" => ("[Telemetry]\nenabled = false\n", "Telemetry.enabled"),
        "archon" => ("Telemetry:\n  enabled: false\n", "Telemetry.enabled"),
        _ => ("[telemetry]\nenabled = false\n", "telemetry.enabled"),
    };
    Texts {
        yes: product.yes.to_owned(),
        no: product.yes.replacen("true", "false", 1),
        mistaken: mistaken.to_owned(),
        without: product.without.to_owned(),
        key: product.key,
        given: product.given.unwrap_or(product.key),
        mistake,
    }
}

/// A yes with a mistaken no in the same text.
fn both(texts: &Texts) -> String {
    match texts.yes.strip_suffix('}') {
        Some(start) => format!("{start}, {}", &texts.mistaken[1..]),
        None => format!("{}{}", texts.yes, texts.mistaken),
    }
}

impl Place {
    fn write(self, texts: &Texts, at: &Paths, there: &Path, group: u32) {
        let text = match self.settings {
            Settings::Absent => None,
            Settings::WithoutKey => Some(texts.without.clone()),
            Settings::Yes | Settings::YesOfAGroup => Some(texts.yes.clone()),
            Settings::No | Settings::NoOfAGroup => Some(texts.no.clone()),
            Settings::Corrupt => Some(format!("{}\u{0}", texts.yes)),
            Settings::Mistaken => Some(texts.mistaken.clone()),
            Settings::YesAndMistaken => Some(both(texts)),
        };
        put(&at.settings, text.as_deref());
        if matches!(self.settings, Settings::YesOfAGroup | Settings::NoOfAGroup) {
            give(&at.settings, group);
        }
        let granted = |path: &Path| format!("{{\"format\": 1, \"granted\": {path:?}}}");
        let note = match self.note {
            Note::Absent => None,
            Note::Empty => Some("{\"format\": 1}".to_owned()),
            Note::Off => Some("{\"format\": 1, \"answer\": \"off\"}".to_owned()),
            Note::Local => Some("{\"format\": 1, \"local\": true}".to_owned()),
            Note::GrantedThere => Some(granted(there)),
            Note::GrantedElsewhere => Some(granted(Path::new("/elsewhere/config"))),
            Note::OfANewerRelease => Some("{\"format\": 2}".to_owned()),
            Note::NewerWithNo => Some("{\"format\": 2, \"answer\": \"off\"}".to_owned()),
            Note::Corrupt => Some("{\"format\": 1".to_owned()),
        };
        put(&at.state, note.as_deref());
    }
}

fn put(path: &Path, text: Option<&str>) {
    match text {
        Some(text) => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        None => _ = fs::remove_file(path),
    }
}

fn give(path: &Path, group: u32) {
    std::os::unix::fs::chown(path, None, Some(group)).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o664)).unwrap();
}

/// A group that is nobody's own and that a file may be given to; `None` where
/// this user has none.
fn shared_group() -> Option<u32> {
    let output = std::process::Command::new("id").arg("-G").output().ok()?;
    let groups = String::from_utf8(output.stdout).ok()?;
    let mut groups = groups.split_whitespace().filter_map(|group| group.parse::<u32>().ok());
    match groups.next()? {
        // Root may give it to any, such as one that nobody has.
        0 => Some(54_321),
        _ => groups.next(),
    }
}

/// What one place says.
#[derive(Clone, PartialEq, Eq)]
enum Word {
    Nothing,
    Yes(String),
    /// The switch itself says no: what `local` writes too.
    PlainNo(String),
    No(String),
    Local(String),
}

impl Case {
    /// The model. A no counts wherever it was said; what the settings say is
    /// told before our note of it, and the usual place before the other. A note
    /// of *local* makes a plain no of the switch a local. A yes counts in the
    /// usual place, or where a note in the usual place has it.
    fn expected(&self, product: &Product, texts: &Texts, at: [&Paths; 2]) -> (String, String) {
        if self.track {
            return ("off".to_owned(), "env:DO_NOT_TRACK=1".to_owned());
        }
        let places: Vec<(&Place, &Paths)> = match &self.named {
            None => vec![(&self.usual, at[0])],
            Some(named) => vec![(&self.usual, at[0]), (named, at[1])],
        };
        let settings: Vec<Word> =
            places.iter().map(|(place, at)| settings_word(place.settings, texts, at)).collect();
        let notes: Vec<Word> = places.iter().map(|(place, at)| note_word(place.note, at)).collect();
        let local = notes.iter().find(|word| matches!(word, Word::Local(_)));
        for word in settings.iter().chain(&notes) {
            match word {
                Word::No(reason) => return ("off".to_owned(), reason.clone()),
                Word::PlainNo(reason) if local.is_none() => {
                    return ("off".to_owned(), reason.clone());
                }
                _ => {}
            }
        }
        if let Some(Word::Local(reason)) = local {
            return ("local".to_owned(), reason.clone());
        }
        if let Word::Yes(reason) = &settings[0] {
            return ("on".to_owned(), reason.clone());
        }
        if let (Some(Word::Yes(reason)), Note::GrantedThere) = (settings.get(1), self.usual.note) {
            return ("on".to_owned(), reason.clone());
        }
        (product.default.to_owned(), "default".to_owned())
    }
}

fn settings_word(settings: Settings, texts: &Texts, at: &Paths) -> Word {
    let config = |key: &str, value: &str| format!("config:{key}={value}");
    let file = format!("file:{}", at.settings.display());
    match settings {
        Settings::Absent | Settings::WithoutKey => Word::Nothing,
        Settings::Yes => Word::Yes(config(texts.given, "true")),
        Settings::No | Settings::NoOfAGroup => Word::PlainNo(config(texts.key, "false")),
        Settings::Corrupt | Settings::YesOfAGroup => Word::No(file),
        Settings::Mistaken | Settings::YesAndMistaken => Word::No(config(texts.mistake, "false")),
    }
}

fn note_word(note: Note, at: &Paths) -> Word {
    match note {
        Note::Absent | Note::Empty | Note::GrantedThere | Note::GrantedElsewhere => Word::Nothing,
        Note::Off | Note::NewerWithNo => Word::No("config:answer=off".to_owned()),
        Note::Local => Word::Local("config:local=true".to_owned()),
        Note::OfANewerRelease | Note::Corrupt => Word::No(format!("file:{}", at.state.display())),
    }
}

/// Every combination of one product; how many there were.
fn sweep(product: &Product, group: Option<u32>) -> usize {
    let (catalog, texts, home) = (catalog(product), texts(product), Home::new());
    let (elsewhere, mut combinations) = (home.path().join("proj"), 0);
    let place = elsewhere.to_string_lossy().into_owned();
    let moved = scene::surroundings(home.path(), NOW, &[("PLACE", &place)]);
    let track = scene::surroundings(home.path(), NOW, &[("PLACE", &place), ("DO_NOT_TRACK", "1")]);
    let plain = scene::surroundings(home.path(), NOW, &[]);
    let of = |around| Paths::of(catalog, around).unwrap();
    let at = [&of(&plain), &of(&moved)];
    assert_ne!(at[0].settings, at[1].settings);
    let is_possible = |place: &Place| {
        group.is_some() || !matches!(place.settings, Settings::YesOfAGroup | Settings::NoOfAGroup)
    };
    let all: Vec<Place> = SETTINGS
        .into_iter()
        .flat_map(|settings| NOTES.map(|note| Place { settings, note }))
        .filter(is_possible)
        .collect();
    let there = PathBuf::from(&at[1].settings);
    for usual in &all {
        usual.write(&texts, at[0], &there, group.unwrap_or(0));
        for named in [None].into_iter().chain(all.iter().map(Some)) {
            if let Some(named) = named {
                named.write(&texts, at[1], &there, group.unwrap_or(0));
            }
            let track_too = usual.note == Note::Off || usual.settings == Settings::Yes;
            for (around, tracked) in
                [(if named.is_some() { &moved } else { &plain }, false), (&track, true)]
            {
                if tracked && (named.is_none() || !track_too) {
                    continue;
                }
                let case = Case { usual: *usual, named: named.copied(), track: tracked };
                let telemetry = Telemetry::new(catalog, Host::new("1.2.3"), around.clone());
                let decision = telemetry.decide();
                let state = match decision.state() {
                    ConsentState::Off => "off",
                    ConsentState::Local => "local",
                    ConsentState::On => "on",
                };
                let expected = case.expected(product, &texts, at);
                let found = (state.to_owned(), decision.winner().why.to_string());
                assert_eq!(found, expected, "{}: {case:?}", product.name);
                combinations += 1;
            }
        }
    }
    assert_eq!(catalog.consent.default == ConsentDefault::On, product.default == "on");
    combinations
}

#[test]
fn what_is_written_anywhere_decides_as_the_model_does() {
    let group = shared_group();
    let combinations: usize = std::thread::scope(|scope| {
        let sweeps: Vec<_> =
            PRODUCTS.iter().map(|product| scope.spawn(move || sweep(product, group))).collect();
        sweeps.into_iter().map(|sweep| sweep.join().unwrap()).sum()
    });
    let settings = if group.is_some() { 9 } else { 7 };
    let one = settings * 9;
    // Without the variable once; with it, each with each; and `DO_NOT_TRACK`
    // beside those where the usual place says yes, or where the note says off.
    assert_eq!(combinations, 5 * (one + one * one + (settings + 9 - 1) * one));
}

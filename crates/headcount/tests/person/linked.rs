//! `clear --all` where files are links, as dotfile managers make them: what a
//! link leads to is changed, and the link stays.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use headcount::Catalog;
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::scene;

/// A product's folder, settings file and id file, below the home.
const PRODUCTS: [(&str, &str, &str, Option<&str>); 4] = [
    ("atomic", ".local/share/atomic", "telemetry.json", None),
    ("atomcode", ".atomcode", "config.toml", Some("device_id")),
    ("archon", ".archon", "config.yaml", Some("telemetry-id")),
    ("assembly", ".config/assemblyai", "config.toml", None),
];

fn used(catalog: &'static Catalog) -> Home {
    let home = Home::new();
    assert_eq!(scene::say(catalog, &home, "on").code, 0);
    scene::record_all(&scene::open(catalog, &home, &[]), catalog);
    home
}

fn id(catalog: &'static Catalog, home: &Home) -> String {
    let line = scene::say(catalog, home, "dump").out;
    let json: Json = serde_json::from_str(line.lines().next().expect("a record")).expect("JSON");
    let key = catalog
        .key_of(|source| matches!(source, headcount::catalog::Source::Device))
        .expect("an id");
    json[key].as_str().expect("an id").to_owned()
}

fn clear_all(catalog: &'static Catalog, home: &Home) {
    let reply = scene::say(catalog, home, "clear --all");
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{}", catalog.product.name);
}

/// Moves a file away and leaves a chain of two links.
fn stow(home: &Home, file: &str) -> PathBuf {
    let (path, dotfiles) = (home.path().join(file), home.path().join("dotfiles"));
    let target = dotfiles.join(path.file_name().unwrap());
    fs::create_dir_all(&dotfiles).unwrap();
    fs::rename(&path, &target).unwrap();
    let between = dotfiles.join("link");
    let _ = fs::remove_file(&between);
    symlink(&target, path.with_extension("between")).unwrap();
    symlink(path.with_extension("between"), &path).unwrap();
    path
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|content| content.contains(text))
}

/// Nothing below the home has the id, and nothing says yes any more.
fn is_forgotten(catalog: &'static Catalog, home: &Home, id: &str) {
    for path in scene::files(home) {
        let path = home.path().join(path);
        assert!(!holds(&path, id), "{}: {}", catalog.product.name, path.display());
    }
    let status: Json =
        serde_json::from_str(&scene::say(catalog, home, "status --json").out).expect("JSON");
    let rules = status["rules"].as_array().expect("rules");
    let settings = rules.iter().find(|rule| rule["rule"] == "settings").expect("the rule");
    assert_eq!(
        settings["says"],
        Json::Null,
        "{}: {settings} {}",
        catalog.product.name,
        status["problem"]
    );
}

#[test]
fn what_links_lead_to_is_cleared_and_the_links_stay() {
    for (product, folder, settings, id_file) in PRODUCTS {
        let catalog = scene::catalog(product);
        let home = used(catalog);
        let id = id(catalog, &home);
        let files = [Some(settings), id_file, Some("telemetry-state.json")];
        let links: Vec<PathBuf> = files
            .into_iter()
            .flatten()
            .map(|file| stow(&home, &format!("{folder}/{file}")))
            .collect();
        clear_all(catalog, &home);
        for link in &links {
            assert!(link.is_symlink() && link.exists(), "{product}: {}", link.display());
        }
        is_forgotten(catalog, &home, &id);
        assert!(!holds(&home.path().join("dotfiles/telemetry-state.json"), "secret"), "{product}");
        // Telemetry goes on to work through the links.
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        assert!(links.iter().all(|link| link.is_symlink()), "{product}");
        scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        assert!(!holds(&home.path().join(folder).join(settings), &id), "{product}");
    }
}

#[test]
fn a_folder_that_is_a_link_is_emptied_and_stays() {
    for (product, folder, _, _) in PRODUCTS {
        let catalog = scene::catalog(product);
        let home = used(catalog);
        let id = id(catalog, &home);
        let (path, target) = (home.path().join(folder), home.path().join("elsewhere"));
        fs::rename(&path, &target).unwrap();
        symlink(&target, &path).unwrap();
        clear_all(catalog, &home);
        assert!(path.is_symlink() && target.is_dir(), "{product}");
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0, "{product}");
        is_forgotten(catalog, &home, &id);
    }
}

#[test]
fn a_link_that_leads_nowhere_stays_and_is_no_obstacle() {
    for (product, folder, settings, id_file) in PRODUCTS {
        for circle in [false, true] {
            let catalog = scene::catalog(product);
            let home = used(catalog);
            let id = id(catalog, &home);
            let links = [Some(settings), id_file].into_iter().flatten().map(|file| {
                let path = home.path().join(folder).join(file);
                fs::remove_file(&path).unwrap();
                let target = if circle { path.clone() } else { home.path().join("gone/file") };
                symlink(target, &path).unwrap();
                path
            });
            let links: Vec<PathBuf> = links.collect();
            clear_all(catalog, &home);
            assert!(links.iter().all(|link| link.is_symlink()), "{product}");
            for path in scene::files(&home) {
                assert!(!holds(&home.path().join(&path), &id), "{product}: {path}");
            }
            assert!(!home.path().join("gone").exists());
        }
    }
}

#[test]
fn other_names_of_a_file_lose_its_content() {
    for (product, folder, settings, id_file) in PRODUCTS {
        let catalog = scene::catalog(product);
        let home = used(catalog);
        let id = id(catalog, &home);
        fs::create_dir(home.path().join("dotfiles")).unwrap();
        for file in [Some(settings), id_file, Some("telemetry-state.json")].into_iter().flatten() {
            let path = home.path().join(folder).join(file);
            fs::hard_link(&path, home.path().join("dotfiles").join(file)).unwrap();
        }
        clear_all(catalog, &home);
        is_forgotten(catalog, &home, &id);
        let other = fs::read_to_string(home.path().join("dotfiles").join(settings)).unwrap();
        assert!(!other.contains("true") && !other.contains("enabled"), "{product}: {other}");
        assert!(!holds(&home.path().join("dotfiles/telemetry-state.json"), "secret"), "{product}");
    }
}

/// A linked settings file that the product shares loses our keys alone; and
/// `clear` takes the id and leaves the rest.
#[test]
fn a_linked_file_of_the_products_own_keeps_what_is_not_ours() {
    for words in ["clear", "clear --all"] {
        let (catalog, home) = (scene::catalog("assembly"), Home::new());
        home.write(".config/assemblyai/config.toml", "api_key = \"kept\" # mine\n");
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        let id = id(catalog, &home);
        let link = stow(&home, ".config/assemblyai/config.toml");
        assert_eq!(scene::say(catalog, &home, words).code, 0);
        assert!(link.is_symlink());
        let after = home.read("dotfiles/config.toml");
        assert!(
            after.starts_with("api_key = \"kept\" # mine\n") && !after.contains(&id),
            "{after}"
        );
        assert_eq!(after.contains("telemetry_enabled"), words == "clear", "{after}");
    }
}

/// A yes that was killed leaves a second name of the settings file, and whoever
/// saves a new id a second name of its secret: the names go, not what is in the
/// files, which may have been replaced by nothing yet.
#[test]
fn a_second_name_that_a_killed_process_left_empties_nothing() {
    for words in ["on", "off", "local", "clear", "clear --all", "forget"] {
        let catalog = scene::catalog("assembly");
        let home = Home::new();
        home.write(".config/assemblyai/config.toml", "api_key = \"kept\" # mine\n");
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        let folder = home.path().join(".config/assemblyai");
        let settings = folder.join("config.toml");
        for name in ["before-1-0", ".config.toml.0123456789abcdef0123456789abcdef"] {
            let name = folder.join("telemetry-state").join(name);
            fs::hard_link(&settings, name).unwrap();
        }
        scene::say(catalog, &home, words);
        let after = fs::read_to_string(&settings).unwrap();
        assert!(after.starts_with("api_key = \"kept\" # mine\n"), "{words}: {after:?}");
        let names = scene::files(&home);
        assert!(!names.iter().any(|name| name.contains("before-1")), "{words}: {names:?}");
    }
}

/// A variable moved the folder: the answer in the usual place would count.
#[test]
fn clear_all_takes_the_answer_out_of_the_usual_place_too() {
    let (catalog, home) = (scene::catalog("assembly"), Home::new());
    assert_eq!(scene::say(catalog, &home, "off").code, 0);
    let elsewhere = home.path().join("elsewhere");
    let moved = [("XDG_CONFIG_HOME", elsewhere.to_str().unwrap())];
    assert_eq!(scene::say_with(catalog, &home, "on", &moved).code, 0);
    let reply = scene::say_with(catalog, &home, "clear --all", &moved);
    assert_eq!((reply.code, reply.err.as_str()), (0, ""));
    assert_eq!(scene::files(&home), [""; 0]);
}

/// AtomCode in a folder that a variable moves.
fn movable() -> String {
    let text =
        scene::text_of("atomcode").replace("~/.atomcode", "${XDG_CONFIG_HOME:-~/.config}/tool");
    text.replace(
        "folder = \"${XDG_CONFIG_HOME:-~/.config}/tool\"",
        "folder = { linux = \"${XDG_CONFIG_HOME:-~/.config}/tool\", macos = \"${XDG_CONFIG_HOME:-~/.config}/tool\", windows = \"~/.tool\" }",
    )
}

/// A project can move the folder to one of its own, with links in it.
#[test]
fn what_a_planted_link_leads_to_is_not_emptied() {
    let text = movable();
    let named: fn(&Path, PathBuf) = |to, name| symlink(to, name).unwrap();
    let second: fn(&Path, PathBuf) = |to, name| fs::hard_link(to, name).unwrap();
    let all =
        ["off", "clear", "forget", "clear --all"].map(|words| [(words, named), (words, second)]);
    for (words, link) in all.into_iter().flatten() {
        let (catalog, home) = (scene::catalog_of(&text), Home::new());
        let key = home.write("key", "-----BEGIN KEY-----\n");
        let table = home.write("project/tally.json", "{\"mine\":1}\n");
        let folder = home.path().join("project/tool");
        fs::create_dir_all(folder.join("telemetry-state")).unwrap();
        for file in ["device_id", "telemetry-state.json", "telemetry-state/quarantine.jsonl"] {
            link(&key, folder.join(file));
        }
        link(&table, folder.join("telemetry-state/left.json"));
        let project = home.path().join("project");
        let moved = [("XDG_CONFIG_HOME", project.to_str().unwrap())];
        let reply = scene::say_with(catalog, &home, words, &moved);
        assert_eq!(reply.code, 0, "{words}: {}", reply.err);
        assert_eq!(home.read("key"), "-----BEGIN KEY-----\n", "{words}");
        assert_eq!(home.read("project/tally.json"), "{\"mine\":1}\n", "{words}");
    }
}

/// What a person may have, under names that they gave and under names that are
/// ours.
const SOMEBODYS: [(&str, &str); 9] = [
    ("id_rsa", "-----BEGIN KEY-----\n"),
    ("log.jsonl", "{\"mine\":1}\n"),
    ("receipts.jsonl", "{\"time\":\"today\",\"bread\":2}\n"),
    ("tally.json", "{\"format\":1,\"sheep\":3}\n"),
    ("catalog-of-seeds.json", "{\"format\":1}\n"),
    ("starts", "at nine\n"),
    ("left.json", ""),
    ("yarn.lock", "# yarn lockfile v1\n"),
    ("before-and-after.png", "PNG\n"),
];

/// Plants the files of somebody, clears with each word, and looks at them.
fn they_stay(plant: impl Fn(&Path, &Path)) {
    let text = movable();
    for words in ["on", "off", "local", "clear", "forget", "clear --all"] {
        let (catalog, home) = (scene::catalog_of(&text), Home::new());
        let folder = home.path().join("project/tool/telemetry-state");
        fs::create_dir_all(folder.parent().unwrap()).unwrap();
        for (name, content) in SOMEBODYS {
            home.write(&format!("mine/{name}"), content);
        }
        plant(&home.path().join("mine"), &folder);
        let project = home.path().join("project");
        let moved = [("XDG_CONFIG_HOME", project.to_str().unwrap())];
        let reply = scene::say_with(catalog, &home, words, &moved);
        assert_eq!(reply.code, 0, "{words}: {}", reply.err);
        for (name, content) in SOMEBODYS.iter().filter(|(_, content)| !content.is_empty()) {
            let now = fs::read_to_string(home.path().join("mine").join(name));
            assert_eq!(now.ok().as_deref(), Some(*content), "{words}: {name}");
        }
    }
}

/// It would be the folder of keys.
#[test]
fn a_folder_that_a_planted_link_shows_as_ours_is_not_emptied() {
    they_stay(|mine, folder| symlink(mine, folder).unwrap());
    // One link further up.
    they_stay(|mine, folder| {
        let product = folder.parent().unwrap();
        fs::remove_dir(product).unwrap();
        fs::create_dir(mine.join("of-tool")).unwrap();
        symlink(mine.join("of-tool"), product).unwrap();
        symlink("..", mine.join("of-tool/telemetry-state")).unwrap();
    });
}

/// Whoever plants a link chooses its name.
#[test]
fn a_planted_link_with_the_name_of_what_it_leads_to_empties_nothing() {
    they_stay(|mine, folder| {
        fs::create_dir(folder).unwrap();
        for (name, _) in SOMEBODYS {
            symlink(mine.join(name), folder.join(name)).unwrap();
        }
    });
}

#[test]
fn a_planted_hard_link_empties_nothing() {
    they_stay(|mine, folder| {
        fs::create_dir(folder).unwrap();
        for (name, _) in SOMEBODYS {
            fs::hard_link(mine.join(name), folder.join(name)).unwrap();
        }
        // Under names of ours, too.
        for name in ["quarantine.jsonl", "sent.jsonl", "unrecorded", "later.pace.json"] {
            fs::hard_link(mine.join("id_rsa"), folder.join(name)).unwrap();
        }
    });
}

/// A dotfile manager links our own folder, or the files in it.
#[test]
fn what_reads_as_ours_goes_from_our_own_folder_behind_a_link() {
    for is_folder in [true, false] {
        let catalog = scene::catalog("atomic");
        let home = used(catalog);
        let folder = home.path().join(".local/share/atomic/telemetry-state");
        let line = "{\"time\":\"2026-11-20\",\"destination\":\"d\",\"taken\":1}\n";
        fs::write(folder.join("receipts.jsonl"), line).unwrap();
        fs::create_dir(home.path().join("dotfiles")).unwrap();
        if is_folder {
            let target = home.path().join("dotfiles/state-of-atomic");
            fs::rename(&folder, &target).unwrap();
            symlink(&target, &folder).unwrap();
        } else {
            let target = home.path().join("dotfiles/receipts.jsonl");
            fs::rename(folder.join("receipts.jsonl"), &target).unwrap();
            symlink(&target, folder.join("receipts.jsonl")).unwrap();
        }
        assert_eq!(scene::say(catalog, &home, "clear").code, 0);
        for path in scene::files(&home) {
            assert!(!holds(&home.path().join(&path), "2026-11-20"), "{path}");
        }
    }
}

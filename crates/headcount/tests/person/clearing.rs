//! `clear` and `forget`: what goes, what stays, and a home as it was before.

use std::collections::HashMap;
use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use headcount::{Catalog, Paths, Surroundings, Time};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::scene::{self, PRODUCTS, files};

#[test]
fn clear_takes_id_and_records_and_never_the_decision() {
    for product in PRODUCTS {
        let (catalog, home) = (scene::catalog(product), Home::new());
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        let count = scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        let reply = scene::say(catalog, &home, "clear");
        assert_eq!(reply.code, 0, "{product}: {}", reply.err);
        let told = match count {
            1 => "the one recorded event".to_owned(),
            count => format!("all {count} recorded events"),
        };
        assert!(reply.out.to_lowercase().contains(&told), "{}", reply.out);
        let status: Json =
            serde_json::from_str(&scene::say(catalog, &home, "status --json").out).unwrap();
        assert_eq!(status["state"], "on", "{product}");
        assert_eq!(status["waiting"]["events"], 0, "{product}");
        let lost = product == "clacky" || status["id"].is_null();
        assert!(lost, "{product}: {status}");
        // The next one is another.
        scene::record_all(&scene::open(catalog, &home, &[]), catalog);
    }
}

#[test]
fn clear_all_leaves_a_home_as_it_was() {
    for product in PRODUCTS {
        for before in ["on", "local", "off"] {
            let (catalog, home) = (scene::catalog(product), Home::new());
            assert_eq!(scene::say(catalog, &home, before).code, 0);
            let session = scene::open(catalog, &home, &[]);
            catalog.events.iter().for_each(|event| {
                session.record(&scene::Any::of(catalog, event));
            });
            let reply = scene::say(catalog, &home, "clear --all");
            assert_eq!(reply.code, 0, "{product}: {}", reply.err);
            assert_eq!(files(&home), [""; 0], "{product} {before}");
            let own = home.tree().into_iter().any(|entry| entry.path.contains(product));
            assert!(!own, "{product} {before}: {:?}", home.tree());
        }
    }
}

#[test]
fn a_clear_all_that_fails_turns_nothing_on() {
    let marked = scene::text_of("atomcode").replace("queue = ", "marker = \".seen\"\nqueue = ");
    let catalog = scene::catalog_of(&marked);
    for before in ["off", "local"] {
        let home = Home::new();
        assert_eq!(scene::say(catalog, &home, before).code, 0);
        // What is in the way cannot be removed as a file.
        let marker = home.path().join(".atomcode/.seen");
        std::fs::create_dir_all(marker.join("full")).unwrap();
        let reply = scene::say(catalog, &home, "clear --all");
        assert_eq!(reply.code, 1, "{}", reply.out);
        assert!(reply.err.contains(".seen"), "{}", reply.err);
        let session = scene::open(catalog, &home, &[]);
        assert!(!session.decision().is_on(), "{before}: {:?}", session.decision());
        std::fs::remove_dir_all(&marker).unwrap();
        assert_eq!(scene::say(catalog, &home, "clear --all").code, 0);
        assert_eq!(files(&home), [""; 0]);
    }
}

/// A home with a yes and records, its paths and its queue.
fn used_home(catalog: &'static Catalog) -> (Home, Paths, Queue) {
    let home = Home::new();
    assert_eq!(scene::say(catalog, &home, "on").code, 0);
    scene::record_all(&scene::open(catalog, &home, &[]), catalog);
    let now = Time::parse(scene::NOW).unwrap();
    let surroundings = Surroundings::given(home.path(), HashMap::new(), now);
    let paths = Paths::of(catalog, &surroundings).unwrap();
    let queue = Queue::new(&paths.queue, Bounds::USUAL).unwrap();
    (home, paths, queue)
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(30), "it never came");
        thread::yield_now();
    }
}

#[test]
fn nobody_ships_while_everything_is_cleared_and_nobody_loses_a_lock() {
    let catalog = scene::catalog("atomcode");
    let (home, paths, queue) = used_home(catalog);
    // Whoever changes something holds the clearing up half-way.
    let change = File::create(paths.state_folder.join("change.lock")).unwrap();
    change.lock().unwrap();
    thread::scope(|threads| {
        let clearing = threads.spawn(|| scene::say(catalog, &home, "clear --all"));
        wait_until(|| !paths.queue.exists() && queue.claims().unwrap().is_empty());
        let error = queue.shipper(&paths.state_folder, Duration::ZERO).unwrap_err();
        assert!(error.to_string().contains("is shipping this queue"), "{error}");
        let waiting = threads.spawn(|| queue.shipper(&paths.state_folder, Duration::from_secs(30)));
        drop(change);
        let reply = clearing.join().unwrap();
        assert_eq!(reply.code, 0, "{}", reply.err);
        let _shipper = waiting.join().unwrap().unwrap();
        assert!(queue.is_shipped(&paths.state_folder), "its lock excludes others");
    });
}

#[test]
fn a_request_under_way_is_waited_for_before_its_lock_goes() {
    let catalog = scene::catalog("atomcode");
    let (home, paths, queue) = used_home(catalog);
    let sending = paths.state_folder.join("sending.lock");
    let request = File::create(&sending).unwrap();
    request.lock_shared().unwrap();
    thread::scope(|threads| {
        let clearing = threads.spawn(|| scene::say(catalog, &home, "clear --all"));
        wait_until(|| !paths.settings.exists() || clearing.is_finished());
        assert!(sending.exists() && !clearing.is_finished());
        assert!(queue.is_shipped(&paths.state_folder));
        drop(request);
        assert_eq!(clearing.join().unwrap().code, 0);
    });
    assert_eq!(files(&home), [""; 0]);
}

#[test]
fn the_lock_of_a_queue_that_nobody_knows_goes_too() {
    let catalog = scene::catalog("atomcode");
    let (home, paths, _queue) = used_home(catalog);
    File::create(paths.state_folder.join("before.lock")).unwrap();
    assert_eq!(scene::say(catalog, &home, "clear --all").code, 0);
    assert_eq!(files(&home), [""; 0]);
}

#[test]
fn a_settings_file_of_the_products_own_loses_our_keys_alone() {
    for (product, file, text, left) in [
        (
            "archon",
            ".archon/config.yaml",
            "# mine\nassistant: claude # kept\n",
            "# mine\nassistant: claude # kept\n",
        ),
        (
            "atomcode",
            ".atomcode/config.toml",
            "# mine\n[model]\nname = \"x\" # kept\n",
            "# mine\n[model]\nname = \"x\" # kept\n",
        ),
        (
            "assembly",
            ".config/assemblyai/config.toml",
            "api_key = \"kept\"\n",
            "api_key = \"kept\"\n",
        ),
    ] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        home.write(file, text);
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        let reply = scene::say(catalog, &home, "clear --all");
        assert_eq!(reply.code, 0, "{product}: {}", reply.err);
        let after = home.read(file);
        for line in left.lines() {
            assert!(after.lines().any(|it| it == line), "{product}: {line} in {after}");
        }
        assert!(!after.contains("enabled") && !after.contains("device_id"), "{product}: {after}");
        assert_eq!(files(&home), [file], "{product}");
    }
}

#[test]
fn where_there_is_nothing_nothing_is_made() {
    for product in PRODUCTS {
        for words in
            ["clear", "clear --all", "forget", "dump", "view", "inspect", "policy", "status"]
        {
            let (catalog, home) = (scene::catalog(product), Home::new());
            let reply = scene::say_with(catalog, &home, words, &[("DO_NOT_TRACK", "1")]);
            let said = if words == "dump" { "There are no records on this machine.\n" } else { "" };
            assert_eq!((reply.code, reply.err.as_str()), (0, said), "{product} {words}");
            assert_eq!(home.tree(), [], "{product} {words}");
        }
    }
}

#[test]
fn forget_says_what_it_can_prove_and_clears() {
    for (product, told) in [
        ("atomic", "this month are yours. Nothing links earlier months"),
        ("atomcode", "proves that the events sent under it are yours."),
        ("clacky", "it does not prove which events are yours"),
    ] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        let reply = scene::say_with(catalog, &home, "forget", &[("USER", "me")]);
        assert_eq!(reply.code, 0, "{}", reply.err);
        assert!(reply.out.contains(told), "{product}: {}", reply.out);
        let answer = if product == "atomcode" {
            "was not asked: a debug build"
        } else {
            "cannot be asked by a program"
        };
        assert!(reply.out.contains(answer), "{product}: {}", reply.out);
        assert_eq!(scene::say(catalog, &home, "dump").out, "", "{product}");
    }
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    home.write(".atomcode/device_id", "0f0e0d0c-0b0a-4908-8706-050403020100\n");
    let reply = scene::say(catalog, &home, "forget");
    assert!(reply.out.contains("not made from a secret on this machine"), "{}", reply.out);
    assert!(!home.path().join(".atomcode/device_id").exists());
}

//! Made-up crates: which circles are seen in them, and which arrows are none.

use super::*;

/// What is found in a package of these files.
fn caught(files: &[(&str, &str)]) -> Vec<String> {
    let paths: Vec<String> = files.iter().map(|(path, _)| format!("a/src/{path}")).collect();
    let mut tree = vec![("a/Cargo.toml", "")];
    tree.extend(paths.iter().zip(files).map(|(path, (_, text))| (path.as_str(), *text)));
    circles(&Tree::of(&tree)).iter().map(ToString::to_string).collect()
}

/// Whether one.rs and two.rs lead to each other, where two.rs uses one.rs by an
/// import.
fn is_circle(one: &str) -> bool {
    let lib = "mod one;\nmod two;\npub use two::{Two, open};\n";
    let two = "use crate::one::One;\npub struct Two;\npub const TWO: u8 = 2;\npub fn open() {}\n\
               macro_rules! double { () => {} }\npub(crate) use double;\npub enum Kind { Flag }\n";
    !caught(&[("lib.rs", lib), ("one.rs", &format!("pub struct One;\n{one}")), ("two.rs", two)])
        .is_empty()
}

#[test]
fn a_circle_is_told_with_its_arrows_and_its_first_place() {
    let lib = "mod one;\nmod three;\nmod two;\n";
    let one = "//! One.\n\nuse crate::two::Two;\n\npub struct One(Two);\n";
    let two = "use super::three::{B, C, D, E};\npub struct Two;\n";
    let three = "pub struct B;\npub struct C;\npub struct D;\npub struct E;\n\
                 fn f() { crate::one::One; }\n";
    let files = [("lib.rs", lib), ("one.rs", one), ("three.rs", three), ("two.rs", two)];
    assert_eq!(
        caught(&files),
        ["a/src/one.rs:3: These files use one another in a circle: a/src/one.rs -> a/src/two.rs \
          (Two), a/src/two.rs -> a/src/three.rs (B, C, D, …), a/src/three.rs -> a/src/one.rs \
          (One). Move what both need into a file that both may use."]
    );
    assert_eq!(caught(&files[..3]), [""; 0]);
}

#[test]
fn of_a_group_the_shortest_circle_is_told() {
    let lib = "mod a;\nmod b;\nmod c;\npub struct L;\n";
    let a = "use crate::b::B;\npub struct A;\n";
    let b = "use crate::c::C;\npub struct B;\n";
    let c = "use crate::a::A;\nuse crate::b::B;\npub struct C;\n";
    let found = caught(&[("lib.rs", lib), ("a.rs", a), ("b.rs", b), ("c.rs", c)]);
    assert_eq!(found.len(), 1);
    let expected = "a/src/b.rs:1: 3 files use one another in circles, and this is the shortest: \
                    a/src/b.rs -> a/src/c.rs (C), a/src/c.rs -> a/src/b.rs (B).";
    assert!(found[0].starts_with(expected), "{found:?}");
}

#[test]
fn every_way_to_use_a_file_is_seen() {
    for one in [
        "use crate::two::Two;",
        "use super::two::{self, Two as Other};",
        "use crate::Two;",
        "use crate::two::*;\nstruct S(Two);",
        "fn f() { crate::two::open() }",
        "fn f() { crate::open() }",
        "fn f() { use crate::two; two::open() }",
        "use crate::two;\nfn f() { two::open() }",
        "fn f(two: crate::Two) {}",
        "fn f() -> Option<super::two::Two> { None }",
        "impl From<crate::Two> for One {}",
        "fn f() { let crate::two::TWO = g() else { return }; }",
        "fn f() { match g() { crate::two::Kind::Flag => {} } }",
        "fn f() { match g() { Some(crate::Two) => {}, _ => {} } }",
        "fn f() { <crate::Two as Default>::default() }",
        "fn f() { println!(\"{}\", crate::two::TWO) }",
        "fn f() { page!(@name: (crate::two::TWO)) }",
        "use crate::two;\nfn f() { page!(@name: (two::TWO)) }",
        "fn f() { crate::two::double!() }",
        "fn f() { double!() }",
        "macro_rules! m { () => { $crate::two::open() } }",
        "mod inside { use super::super::two::Two; }",
        "mod inside { struct S(crate::Two); }",
        "#[cfg(unix)]\nuse crate::two::Two;",
        "#[cfg(any(test, feature = \"two\"))]\nuse crate::two::Two;",
        "#[cfg(not(test))]\nfn f() { crate::open() }",
    ] {
        assert!(is_circle(one), "{one}");
    }
}

#[test]
fn what_is_no_use_is_not_seen() {
    for one in [
        "",
        "pub use crate::two::Two;",
        "pub(crate) use crate::open;",
        "use crate::two;",
        "use std::two::Two;",
        "use ::two::Two;",
        "fn f() { open() }",
        "fn f(open: u8) { open }",
        "use crate::two::*;\nfn f(open: u8) { g(open) }",
        "fn f() { a.open(); b.open }",
        "fn f() { page!(a.open() open Other::open()) }",
        "#[cfg(test)]\nuse crate::two::Two;",
        "#[cfg(all(test, unix))]\nmod tests { use crate::two::Two; }",
        "#[test]\nfn f() { crate::open() }",
        "fn f() { #[cfg(test)]\ncrate::open(); #[cfg(test)] { crate::open() } }",
        "impl One { #[cfg(test)] fn f() { crate::open() } }",
        "struct S { #[cfg(test)] two: crate::Two }",
        "/// [`crate::Two`]\npub(in crate::two) struct S;",
        "struct Two;\nfn f() -> Two { Two }",
    ] {
        assert!(!is_circle(one), "{one}");
    }
}

#[test]
fn a_re_export_hides_no_circle_and_makes_none() {
    let lib = "mod session;\nmod ship;\npub use session::Session;\npub use ship::start;\n";
    let session = "pub struct Session;\nfn f() { crate::start() }\n";
    let ship = "mod start;\npub use start::*;\n";
    let uses_back = "use crate::Session;\npub fn start() {}\n";
    let uses_nothing = "pub fn start() {}\n";
    let with = |start| {
        caught(&[("lib.rs", lib), ("session.rs", session), ("ship.rs", ship), {
            ("ship/start.rs", start)
        }])
    };
    assert_eq!(with(uses_nothing), [""; 0]);
    let found = with(uses_back);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("session.rs -> a/src/ship/start.rs (start)"), "{found:?}");
}

#[test]
fn a_parent_that_uses_its_child_must_not_be_used_by_it() {
    let child = ("room/child.rs", "use super::Rule;\npub fn read() {}\n");
    let with = |room: &str| caught(&[("lib.rs", "mod room;\n"), child, ("room/mod.rs", room)]);
    let passes_on = "mod child;\npub use child::read;\npub struct Rule;\n";
    assert_eq!(with(passes_on), [""; 0]);
    assert_eq!(with(&format!("{passes_on}fn f() {{ read() }}\n")).len(), 1);
    assert_eq!(with("mod child;\nuse child::read;\npub struct Rule;\n").len(), 1);
    assert_eq!(with("mod child;\npub struct Rule;\nfn f() { child::read() }\n").len(), 1);
    assert_eq!(with("mod child;\nmod rule;\nuse rule::Rule;\nfn f() { child::read() }\n"), [""; 0]);
}

#[test]
fn the_files_of_all_platforms_are_followed() {
    let system = "#[cfg(unix)]\n#[path = \"unix.rs\"]\nmod own;\n\
                  #[cfg(windows)]\n#[path = \"windows.rs\"]\nmod own;\n\
                  pub struct Lock;\nfn f() { own::lock() }\n";
    let files = |unix, windows| {
        caught(&[("main.rs", "mod system;\n"), ("system.rs", system), ("unix.rs", unix), {
            ("windows.rs", windows)
        }])
    };
    let (plain, back) = ("pub fn lock() {}\n", "pub fn lock(lock: super::Lock) {}\n");
    assert_eq!(files(plain, plain), [""; 0]);
    assert_eq!(files(back, plain).len(), 1);
    assert_eq!(files(plain, back).len(), 1);
}

#[test]
fn a_program_and_its_library_are_crates_of_their_own() {
    let main = "mod work;\nuse a::Work;\nconst USAGE: &str = \"\";\nfn main() { work::run(); }\n";
    let lib = "mod inner;\npub use inner::Work;\n";
    let inner = "pub struct Work;\nfn f() { crate::Work; }\n";
    let with = |work| {
        caught(&[("inner.rs", inner), ("lib.rs", lib), ("main.rs", main), ("work.rs", work)])
    };
    assert_eq!(with("pub fn run() {}\n"), [""; 0]);
    assert_eq!(with("pub fn run() { crate::USAGE; }\n").len(), 1);
}

#[test]
fn imports_that_lead_to_themselves_end() {
    let one = "pub use super::two::*;\npub use super::two::Name;\n";
    let two = "pub use super::one::*;\npub use super::one::Name;\n";
    let lib = "mod one;\nmod two;\nuse one::Name;\nuse two::Other;\nfn f() { Name; }\n";
    assert_eq!(caught(&[("lib.rs", lib), ("one.rs", one), ("two.rs", two)]), [""; 0]);
}

#[test]
fn a_file_that_cannot_be_read_is_said_so() {
    let found = caught(&[("lib.rs", "mod one;\n"), ("one.rs", "fn f() {}\nfn {}\n")]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("a/src/one.rs:2: This file cannot be read as Rust: "),
        "{found:?}"
    );
}

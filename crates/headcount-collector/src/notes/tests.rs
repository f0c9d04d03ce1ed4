//! The file of notes, whole and damaged, and who may change it.

use std::sync::Arc;
use std::thread;

use headcount_catalog::{Day, Time};
use headcount_testkit::Home;

use super::*;
use crate::credentials::ReaderName;
use crate::limits;
use crate::operator_log::OperatorLog;
use crate::operator_log::tests::Heard;

const NOW: Time = Time::from_seconds(1_795_176_000);

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn new(text: &str) -> Result<NewDayNote, NoteError> {
    let maria = ReaderName::new("maria").unwrap();
    NewDayNote::new("atomic", day("2026-11-18"), text, Some(maria))
}

#[test]
fn what_is_written_is_read_again_to_the_letter() {
    let home = Home::new();
    let texts = ["Release 1.4.0", "\"quoted\" \\ <b>&", "Ausfall in Zürich 🎂"];
    for text in texts {
        add(home.path(), new(&format!("  {text} ")).unwrap(), NOW).unwrap();
    }
    let nobody = NewDayNote::new("archon", day("2026-11-17"), "Outage", None).unwrap();
    let kept = add(home.path(), nobody, NOW).unwrap();
    let notes = read(home.path()).unwrap();
    assert_eq!(notes.iter().map(|note| note.text.as_str()).take(3).collect::<Vec<_>>(), texts);
    assert_eq!(notes[3], kept);
    assert_eq!((notes[0].by.as_ref().unwrap().as_str(), notes[0].written), ("maria", NOW));
    let lines = std::fs::read_to_string(home.path().join(FILE)).unwrap();
    assert_eq!(lines.lines().count(), 4);
}

#[test]
fn what_is_not_a_line_of_text_is_refused() {
    let long = "ü".repeat(limits::NOTE_CHARACTERS);
    assert!(new(&long).is_ok());
    assert!(matches!(new(&format!("{long}ü")), Err(NoteError::TooLong { characters: 201 })));
    for empty in ["", "  ", "\n"] {
        assert!(matches!(new(empty), Err(NoteError::Empty)), "{empty:?}");
    }
    for odd in ["a\nb", "a\rb", "\u{1b}[2J", "a\u{202e}b", "a\u{2028}b", "a\0b"] {
        assert!(matches!(new(odd), Err(NoteError::NotOneLine)), "{odd:?}");
    }
    let wrong = NewDayNote::new("../atomic", day("2026-11-18"), "x", None);
    assert!(matches!(wrong, Err(NoteError::NotAProductName(_))));
}

#[test]
fn a_note_is_removed_by_its_id_and_that_of_another_product_is_not() {
    let home = Home::new();
    let first = add(home.path(), new("one").unwrap(), NOW).unwrap();
    let second = add(home.path(), new("two").unwrap(), NOW).unwrap();
    let other = remove(home.path(), Some("archon"), &first.id);
    assert!(matches!(other, Err(NoteError::Unknown(_))));
    assert_eq!(remove(home.path(), Some("atomic"), &first.id).unwrap(), first);
    assert!(matches!(remove(home.path(), None, &first.id), Err(NoteError::Unknown(_))));
    assert_eq!(read(home.path()).unwrap(), [second]);
}

#[test]
fn a_damaged_file_is_told_once_and_never_written_over() {
    let (home, heard) = (Home::new(), Heard::default());
    let kept = add(home.path(), new("kept").unwrap(), NOW).unwrap();
    let notes = CurrentNotes::open(home.path(), heard.log());
    let all = || notes.of("atomic", &(day("2026-11-01")..=day("2026-11-30")));
    assert_eq!(all(), [kept]);
    let good = std::fs::read_to_string(home.path().join(FILE)).unwrap();
    for bad in [
        "{\"id\":\"n00000000\"}\n".to_owned(),
        "[]\n".to_owned(),
        good.replace("\"text\":\"kept\"", "\"text\":\"a\\nb\""),
        good.replace("2026-11-18\"", "2026-11-31\""),
        good.replace("\"id\":\"n", "\"id\":\"x"),
        good.replace("{\"", "{\"newer\":1,\""),
        "{".repeat(100_000),
    ] {
        home.write(FILE, format!("{good}{bad}"));
        assert!(matches!(read(home.path()), Err(NoteError::Damaged { line: 2, .. })), "{bad:.80}");
        assert!(add(home.path(), new("another").unwrap(), NOW).is_err());
        notes.look();
        notes.look();
        assert_eq!(all().len(), 1, "what was read last stays");
    }
    assert_eq!(heard.sentences().len(), 1, "{:?}", heard.sentences());
    assert!(!heard.sentences()[0].contains("kept\""));
    home.write(FILE, b"\xff\n");
    assert!(matches!(read(home.path()), Err(NoteError::Damaged { line: 1, .. })));
    home.write(FILE, good);
    notes.look();
    assert_eq!(all().len(), 1);
}

#[test]
fn there_are_no_more_than_there_may_be() {
    let home = Home::new();
    let one = add(home.path(), new("one").unwrap(), NOW).unwrap();
    let line = std::fs::read_to_string(home.path().join(FILE)).unwrap();
    let lines = (0..limits::NOTES).map(|at| line.replace(&one.id, &format!("n{at:08x}")));
    home.write(FILE, lines.collect::<String>());
    assert_eq!(read(home.path()).unwrap().len(), limits::NOTES);
    let too_many = add(home.path(), new("more").unwrap(), NOW);
    assert!(matches!(too_many, Err(NoteError::TooMany)));
}

#[test]
fn several_write_at_once_and_none_is_lost() {
    let home = Arc::new(Home::new());
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let home = Arc::clone(&home);
            thread::spawn(move || {
                add(home.path(), new(&format!("number {number}")).unwrap(), NOW).unwrap()
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    assert_eq!(read(home.path()).unwrap().len(), 8);
}

#[test]
fn notes_of_one_product_and_its_days_are_found_by_day() {
    let home = Home::new();
    for (product, on) in
        [("atomic", "2026-11-20"), ("atomic", "2026-11-01"), ("archon", "2026-11-20")]
    {
        let note = NewDayNote::new(product, day(on), on, None).unwrap();
        add(home.path(), note, NOW).unwrap();
    }
    let notes = CurrentNotes::open(home.path(), OperatorLog::unread());
    let found = |from, to| {
        let found = notes.of("atomic", &(day(from)..=day(to)));
        found.iter().map(|note| note.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("2026-11-01", "2026-11-20"), ["2026-11-01", "2026-11-20"]);
    assert_eq!(found("2026-11-02", "2026-11-19"), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_write_is_not_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    add(home.path(), new("one").unwrap(), NOW).unwrap();
    let set = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(home.path().join(FILE), mode).unwrap();
    };
    set(0o644);
    assert_eq!(read(home.path()).unwrap().len(), 1);
    set(0o666);
    assert!(matches!(read(home.path()), Err(NoteError::Unsafe { .. })));
}

//! Which sittings notes tell, and which of them are over.

use super::*;

fn at(seconds: i64) -> Time {
    Time::from_seconds(1_795_000_000 + seconds)
}

fn key(name: &str) -> SessionKey {
    SessionKey::of(Agent::Claude, name).unwrap()
}

fn opening(process: Option<&AgentProcess>) -> Opening<'_> {
    Opening { agent: Agent::Claude, bits: [7; 16], process }
}

fn begun(session: &str, is: &'static str, seconds: i64) -> Note {
    (at(seconds), note(&key(session), is, None, Some(&opening(None))))
}

fn then(session: &str, is: &'static str, command: Option<&str>, seconds: i64) -> Note {
    (at(seconds), note(&key(session), is, command, None))
}

#[test]
fn a_session_is_one_sitting_whatever_comes_twice() {
    let notes = [
        begun("a", "start", 0),
        then("a", "command", Some("/commit"), 5),
        then("a", "continued", None, 6),
        then("a", "start", None, 7),
        then("a", "command", Some("/commit"), 8),
        then("a", "turn", None, 9),
    ];
    let sittings = Sittings::of(&notes);
    let sitting = sittings.open(&key("a")).unwrap();
    assert_eq!((sitting.began, sitting.first, sitting.last), (Some(at(0)), at(0), at(9)));
    assert_eq!((sitting.commands.as_slice(), sitting.turns), (&["/commit".to_owned()][..], 1));
    assert_eq!((sitting.bits, sitting.agent, sitting.told_before), ([7; 16], Agent::Claude, None));
    assert!(sitting.is_worth_telling());
}

#[test]
fn what_was_told_is_told_again_only_for_what_came_since() {
    let mut notes = vec![
        begun("a", "start", 0),
        then("a", "command", Some("/commit"), 1),
        then("a", "told", None, 2),
    ];
    assert!(Sittings::of(&notes).open(&key("a")).is_none());
    assert_eq!(Sittings::of(&notes).told(&key("a"), at(3)), Some(at(2)));
    assert_eq!(Sittings::of(&notes).told(&key("a"), at(2 + 86_400)), None);
    notes.push(begun("a", "continued", 10));
    let sittings = Sittings::of(&notes);
    let again = sittings.open(&key("a")).unwrap();
    assert!(again.is_continued && again.commands.is_empty() && !again.is_worth_telling());
    assert_eq!(again.told_before, Some(at(2)));
    notes.push(then("a", "command", Some("/create-spec"), 11));
    assert!(Sittings::of(&notes).open(&key("a")).unwrap().is_worth_telling());
}

#[test]
fn a_sitting_is_over_when_it_was_silent_for_a_day() {
    let notes = [begun("a", "start", 0), then("a", "turn", None, 100), begun("b", "start", 50)];
    let sittings = Sittings::of(&notes);
    let over = |now: i64| -> Vec<SessionKey> {
        sittings.over(None, at(now), None).into_iter().map(|(session, _)| session).collect()
    };
    assert!(over(86_449).is_empty());
    assert_eq!(over(86_450), [key("b")]);
    assert_eq!(over(86_500).len(), 2);
    assert!(sittings.over(Some(&key("b")), at(86_450), None).is_empty(), "its own");
}

#[test]
#[cfg(target_os = "linux")]
fn a_sitting_is_over_when_its_agent_is_gone_or_has_begun_another() {
    let here = AgentProcess::of_this_hook().unwrap();
    let space = here.as_str().rsplit('/').next().unwrap();
    let gone = AgentProcess::noted(&format!("4294967295/1/{space}"));
    let by = |process: &AgentProcess, is: &'static str, command| {
        (at(0), note(&key("a"), is, command, Some(&opening(Some(process)))))
    };
    let over = |notes: &[Note], beginning: Option<&AgentProcess>| {
        !Sittings::of(notes).over(Some(&key("b")), at(1), beginning).is_empty()
    };
    assert!(over(&[by(&gone, "start", None)], None));
    // One that has nothing to tell may be one of several.
    assert!(!over(&[by(&here, "start", None)], Some(&here)));
    let commanded = [by(&here, "command", Some("/commit"))];
    assert!(!over(&commanded, None));
    assert!(!over(&commanded, Some(&gone)));
    assert!(over(&commanded, Some(&here)));
}

#[test]
fn only_what_is_still_needed_is_kept() {
    let notes = vec![
        begun("old", "start", 0),
        then("old", "told", None, 1),
        begun("a", "start", 90_000),
        then("a", "command", Some("/commit"), 90_001),
        then("a", "told", None, 90_002),
        begun("a", "continued", 90_003),
        begun("b", "start", 90_004),
        (at(0), Json::from("what another release notes")),
    ];
    let kept = needed(notes.clone(), at(90_005));
    assert_eq!(kept, notes[4..7]);
    assert_eq!(needed(kept.clone(), at(90_005)), kept);
}

#[test]
fn turns_become_one_note_and_nothing_is_lost_when_the_clock_goes_back() {
    let mut notes = vec![begun("a", "start", 100)];
    notes.extend((0..50).map(|turn| then("a", "turn", None, 99 - turn)));
    notes.push(then("a", "command", Some("/commit"), 1));
    let kept = needed(notes, at(200));
    assert_eq!(kept.len(), 3);
    let sittings = Sittings::of(&kept);
    let sitting = sittings.open(&key("a")).unwrap();
    assert_eq!((sitting.turns, sitting.commands.len()), (50, 1));
    assert_eq!(needed(kept.clone(), at(200)), kept);
}

#[test]
fn what_ended_and_could_not_be_recorded_is_over() {
    let mut notes = vec![begun("a", "start", 0)];
    notes.push((at(5), ending(&key("a"), Ending::Clear, None)));
    let over = Sittings::of(&notes).over(None, at(6), None);
    assert_eq!(over[0].1.ended, Some((at(5), Ending::Clear)));
    assert!(Sittings::of(&notes).over(Some(&key("a")), at(6), None).is_empty());
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let good = begun("a", "start", 0);
    for bad in [
        json!({}),
        json!({"session": 1, "is": "start"}),
        json!({"session": "a"}),
        json!({"session": "x", "is": "start"}),
        json!({"session": "x", "is": "start", "agent": "nobody", "id": "0".repeat(32)}),
        json!({"session": "x", "is": "start", "agent": "claude", "id": "zz"}),
    ] {
        let sittings = Sittings::of(&[(at(0), bad.clone()), good.clone()]);
        assert_eq!(sittings.open.len(), 1, "{bad}");
    }
}

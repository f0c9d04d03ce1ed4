//! The keys of a Windows console, as records, and in a console of a test's own,
//! which has no window.

use std::fs::OpenOptions;
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::IntoRawHandle as _;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use windows_sys::Win32::Storage::FileSystem::{FILE_SHARE_READ, FILE_SHARE_WRITE};
use windows_sys::Win32::System::Console::{
    CTRL_C_EVENT, FOCUS_EVENT, GenerateConsoleCtrlEvent, KEY_EVENT_RECORD, STD_ERROR_HANDLE,
    STD_INPUT_HANDLE, SetStdHandle, WriteConsoleInputW,
};

use super::*;

fn pressed(code: u16, letter: u16) -> INPUT_RECORD {
    let mut record = INPUT_RECORD { EventType: KEY_EVENT as u16, ..INPUT_RECORD::default() };
    let mut key = KEY_EVENT_RECORD { bKeyDown: 1, wVirtualKeyCode: code, ..Default::default() };
    key.uChar.UnicodeChar = letter;
    record.Event.KeyEvent = key;
    record
}

#[test]
fn keys_are_those_of_every_system() {
    for (code, letter, key) in [
        (VK_UP, 0, Key::Up),
        (VK_RIGHT, 0, Key::Down),
        (VK_RETURN, 13, Key::Enter),
        (VK_ESCAPE, 27, Key::Escape),
        (0x59, u16::from(b'y'), Key::Yes),
        (0x59, u16::from(b'Y'), Key::Yes),
        (0x4e, u16::from(b'n'), Key::No),
        (0x44, 4, Key::Escape),
        (0x4a, u16::from(b'j'), Key::Down),
        (0, 0x416, Key::Other),
        // Its low byte is that of `y`.
        (0, 0x179, Key::Other),
    ] {
        let found = key_of(&pressed(code, letter)).map(|key| key.expect("a key"));
        assert_eq!(found, Some(key), "{code} {letter}");
    }
    let interrupted = key_of(&pressed(0x43, 3)).expect("a key").expect_err("Ctrl-C");
    assert_eq!(interrupted.kind(), io::ErrorKind::Interrupted);
}

#[test]
fn what_is_released_or_changes_other_keys_is_not_an_answer() {
    let mut released = pressed(0x59, u16::from(b'y'));
    released.Event.KeyEvent.bKeyDown = 0;
    let mut focus = pressed(0x59, u16::from(b'y'));
    focus.EventType = FOCUS_EVENT as u16;
    for record in [released, focus, pressed(VK_SHIFT, 0), pressed(VK_CONTROL, 0)] {
        assert!(key_of(&record).is_none());
    }
}

#[test]
fn a_line_is_answered_by_its_first_letter() {
    for (line, key) in [
        ("y\r", Key::Yes),
        ("  Yes", Key::Yes),
        ("e", Key::Example),
        ("", Key::No),
        ("\r", Key::No),
        ("ja", Key::No),
        ("\u{feff}y", Key::No),
    ] {
        assert_eq!(answer(line.as_bytes()), key, "{line:?}");
    }
}

/// Makes the console of this process its standard input and standard error; its
/// output stays what the test reads.
fn sit_down() {
    for (name, stream) in [("CONIN$", STD_INPUT_HANDLE), ("CONOUT$", STD_ERROR_HANDLE)] {
        let mut options = OpenOptions::new();
        options.read(true).write(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
        let console = options.open(name).expect("a console").into_raw_handle();
        // SAFETY: the handle is open, and stays so to the end of the process.
        #[expect(unsafe_code, reason = "std cannot replace its streams")]
        let done = unsafe { SetStdHandle(stream, console) };
        assert_ne!(done, 0);
    }
}

fn press(records: &[INPUT_RECORD]) {
    let mut count = 0;
    // SAFETY: the pointer and the length are those of the records; the call
    // writes one number.
    #[expect(unsafe_code, reason = "std has no keyboard")]
    let done = unsafe {
        let console = io::stdin().as_raw_handle();
        WriteConsoleInputW(console, records.as_ptr(), records.len() as u32, &raw mut count)
    };
    assert!(done != 0 && count as usize == records.len(), "{}", io::Error::last_os_error());
}

fn press_ctrl_c() {
    // SAFETY: the call takes no pointer; 0 is everybody in this console.
    #[expect(unsafe_code, reason = "std has no keyboard")]
    let done = unsafe { GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) };
    assert_ne!(done, 0, "{}", io::Error::last_os_error());
}

extern "system" fn go_on(_event: u32) -> i32 {
    TRUE
}

/// Not a test: what a child of the tests below does.
#[test]
fn converse() {
    let Ok(part) = std::env::var("HEADCOUNT_CONSOLE") else { return };
    sit_down();
    let before = Modes::of_now().expect("modes");
    if part == "kept" {
        // SAFETY: the handler is a function that does nothing.
        #[expect(unsafe_code, reason = "std knows no events of a console")]
        unsafe {
            SetConsoleCtrlHandler(Some(go_on), TRUE);
        }
    }
    press(&[pressed(0x59, u16::from(b'y'))]);
    let mut keys = Keys::open().expect("a keyboard");
    assert!(Keys::open().is_err(), "two questions at once");
    println!("typing {:?}", keys.typing());
    if part == "keys" {
        let n = pressed(0x4e, u16::from(b'n'));
        press(&[pressed(VK_SHIFT, 0), pressed(VK_DOWN, 0), pressed(VK_RETURN, 13), n]);
        for _ in 0..3 {
            println!("key {:?}", keys.next().expect("a key"));
        }
    } else {
        press_ctrl_c();
        println!("went on: {:?}", keys.next().map_err(|error| error.kind()));
    }
    drop(keys);
    println!("as before: {}", Modes::of_now().expect("modes") == before);
}

fn conversation(part: &str) -> ProgramOutput {
    let home = Home::new();
    let program = TestProgram::new(std::env::current_exe().expect("this program"), &home);
    let program = program.args(["--exact", "person::raw::tests::converse", "--nocapture"]);
    program.env("HEADCOUNT_CONSOLE", part).own_console().run()
}

/// What was typed before is dropped.
#[test]
fn a_console_gives_single_keys_and_is_as_before_afterwards() {
    let said = conversation("keys").stdout_text();
    let expected = "typing Keys\nkey Down\nkey Enter\nkey No\nas before: true\n";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn ctrl_c_ends_the_process_and_not_the_question() {
    let output = conversation("ended");
    let said = output.stdout_text();
    assert!(said.contains("typing Keys\n") && !said.contains("went on"), "{said}");
    assert!(!said.contains("test result"), "{said}");
}

#[test]
fn a_host_with_a_handler_of_its_own_goes_on_without_an_answer() {
    let said = conversation("kept").stdout_text();
    assert!(said.contains("went on: Err(Interrupted)\nas before: true\n"), "{said}");
}

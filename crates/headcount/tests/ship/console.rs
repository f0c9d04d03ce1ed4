//! Events of a Windows console, told to a program by the system itself.
//!
//! A test has no keyboard. So a program that is told to end gets a console of
//! its own, without a window, and a helper joins it and presses the keys.

use headcount_testkit::{Home, RunningProgram, TestProgram};
use windows_sys::Win32::System::Console::{
    AttachConsole, CTRL_BREAK_EVENT, CTRL_C_EVENT, FreeConsole, GenerateConsoleCtrlEvent,
};
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleA, GetProcAddress};

use crate::roles;

/// Keys that end a program. Wine ends it at Ctrl-Break without a call of its
/// handler, as it does when a console is closed.
pub(crate) fn signals() -> &'static [&'static str] {
    if is_wine() { &["Ctrl-C"] } else { &["Ctrl-C", "Ctrl-Break"] }
}

fn is_wine() -> bool {
    // SAFETY: both names end with a zero; this library is in every process, to
    // its end.
    #[expect(unsafe_code, reason = "std does not look into libraries")]
    let found = unsafe {
        let library = GetModuleHandleA(c"ntdll.dll".as_ptr().cast());
        GetProcAddress(library, c"wine_get_version".as_ptr().cast())
    };
    found.is_some()
}

/// A program that can be told one of them.
pub(crate) fn child(home: &Home, role: &str) -> TestProgram {
    roles::child(home, role).own_console()
}

/// Presses keys in a program's console.
#[track_caller]
pub(crate) fn tell(program: &RunningProgram, signal: &str) {
    let home = Home::new();
    let role = if signal == "Ctrl-C" { "press-c" } else { "press-break" };
    let helper = roles::child(&home, &format!("{role} {}", program.id())).run();
    assert!(helper.stdout_text().contains("pressed"), "{}", helper.stderr_text());
}

/// What the helper does: it joins the console of a process, and outlives what
/// it presses there.
pub(crate) fn press(event: Event, id: i64) {
    let event = match event {
        Event::C => CTRL_C_EVENT,
        Event::Break => CTRL_BREAK_EVENT,
    };
    // SAFETY: neither call takes a pointer.
    #[expect(unsafe_code, reason = "std knows no consoles")]
    unsafe {
        FreeConsole();
        assert_ne!(AttachConsole(id as u32), 0, "{}", std::io::Error::last_os_error());
    }
    // With a console a process begins anew.
    let _own = headcount::signals::listen().expect("signals");
    // SAFETY: the call takes no pointer. 0 is everybody in the console.
    #[expect(unsafe_code, reason = "std knows no consoles")]
    unsafe {
        assert_ne!(GenerateConsoleCtrlEvent(event, 0), 0, "{}", std::io::Error::last_os_error());
    }
    roles::tell("pressed");
}

/// Keys that a helper presses.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    C,
    Break,
}

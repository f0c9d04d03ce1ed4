//! Signals of Windows: events of the console. For each the system starts a
//! thread in this process, which calls the handler.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use windows_sys::Win32::Foundation::{FALSE, TRUE};
use windows_sys::Win32::System::Console::{
    CTRL_BREAK_EVENT, CTRL_C_EVENT, CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT,
    SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::RemoteDesktop::ProcessIdToSessionId;

use crate::limits;

/// What the handler has heard. It gets nothing but a number, so this is shared
/// by the whole process.
static HEARD: Mutex<Heard> = Mutex::new(Heard { handler: Handler::Absent, events: 0 });

/// Wakes whoever waits for the next event.
static MORE: Condvar = Condvar::new();

struct Heard {
    handler: Handler,
    events: u64,
}

#[derive(PartialEq, Eq)]
enum Handler {
    Absent,
    Present,
}

fn heard() -> MutexGuard<'static, Heard> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
pub(super) struct Signals {
    /// Events that came before this began to listen.
    before: u64,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let mut heard = heard();
        if heard.handler == Handler::Absent {
            // SAFETY: the handler is a function of this program, which is never
            // unloaded, and may run on any thread.
            #[expect(unsafe_code, reason = "std knows no events of a console")]
            let done = unsafe { SetConsoleCtrlHandler(Some(on_event), TRUE) };
            if done == 0 {
                return Err(io::Error::last_os_error());
            }
            heard.handler = Handler::Present;
        }
        Ok(Self { before: heard.events })
    }

    pub(super) fn first(self) {
        let is_awaited = |heard: &mut Heard| heard.events == self.before;
        drop(MORE.wait_while(heard(), is_awaited));
    }
}

/// What an event means for the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It ends the wait, and the process goes on.
    Stop,
    /// It ends the wait, and the system ends the process when the handler
    /// returns.
    End,
    /// It is not for this process.
    Nothing,
    /// It is not known here: the system does what it does without a handler.
    Unknown,
}

/// A service hears of everybody who logs off, and goes on.
fn meaning(event: u32, is_service: impl FnOnce() -> bool) -> Meaning {
    match event {
        CTRL_C_EVENT | CTRL_BREAK_EVENT => Meaning::Stop,
        CTRL_CLOSE_EVENT | CTRL_SHUTDOWN_EVENT => Meaning::End,
        CTRL_LOGOFF_EVENT if is_service() => Meaning::Nothing,
        CTRL_LOGOFF_EVENT => Meaning::End,
        _ => Meaning::Unknown,
    }
}

/// Services run in the session with the number 0, and people in others.
fn is_service() -> bool {
    let mut session = 0;
    // SAFETY: the call writes one number, to a place that outlives it.
    #[expect(unsafe_code, reason = "std knows no sessions")]
    let done = unsafe { ProcessIdToSessionId(std::process::id(), &raw mut session) };
    done != 0 && session == 0
}

extern "system" fn on_event(event: u32) -> i32 {
    let meaning = meaning(event, is_service);
    match meaning {
        Meaning::Nothing => return TRUE,
        Meaning::Unknown => return FALSE,
        Meaning::Stop | Meaning::End => {}
    }
    let mut heard = heard();
    heard.events = heard.events.wrapping_add(1);
    drop(heard);
    MORE.notify_all();
    if meaning == Meaning::End {
        // The end of the process, which is what the host now works towards,
        // ends this thread too.
        thread::sleep(limits::CONSOLE_END);
    }
    TRUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_goes_on_when_somebody_logs_off() {
        for (event, person, service) in [
            (CTRL_C_EVENT, Meaning::Stop, Meaning::Stop),
            (CTRL_BREAK_EVENT, Meaning::Stop, Meaning::Stop),
            (CTRL_CLOSE_EVENT, Meaning::End, Meaning::End),
            (CTRL_SHUTDOWN_EVENT, Meaning::End, Meaning::End),
            (CTRL_LOGOFF_EVENT, Meaning::End, Meaning::Nothing),
            (3, Meaning::Unknown, Meaning::Unknown),
        ] {
            assert_eq!(meaning(event, || false), person, "{event}");
            assert_eq!(meaning(event, || true), service, "{event}");
        }
    }

    /// As the system calls it, from a thread of its own.
    #[test]
    fn an_event_ends_each_wait_that_began_before_it() {
        let (one, other) = (Signals::listen().expect("a"), Signals::listen().expect("b"));
        let told = thread::spawn(|| on_event(CTRL_BREAK_EVENT));
        one.first();
        other.first();
        assert_eq!(told.join().expect("no panic"), TRUE);
        let later = Signals::listen().expect("c");
        assert_eq!(later.before, heard().events);
    }
}

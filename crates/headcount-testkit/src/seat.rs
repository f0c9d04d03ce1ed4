//! A person's seat: a program in a real terminal, its screen as they see it,
//! and the keys they press.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::Home;

/// How long a screen is waited for: a busy machine may be slow, a hung program
/// never shows it.
const PATIENCE: Duration = Duration::from_secs(30);

const ROWS: u16 = 60;

const NOT_POISONED: &str = "the reader of the screen does not panic";

/// A program in a terminal.
pub struct Seat {
    screen: Arc<Screen>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn std::io::Write + Send>,
    _terminal: Box<dyn MasterPty + Send>,
}

struct Screen {
    shown: Mutex<(vt100::Parser, Flow)>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Open,
    Closed,
}

/// How a program in a terminal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatEnd {
    /// Its exit code.
    pub code: u32,
    /// What is on the screen then.
    pub screen: String,
    /// Whether the cursor is to be seen then.
    pub cursor: CursorState,
}

/// Whether the cursor of a terminal is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorState {
    /// It is.
    Shown,
    /// It is not.
    Hidden,
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Seat").finish_non_exhaustive()
    }
}

impl Seat {
    /// A program with these arguments, as a person with this home runs it in a
    /// terminal of so many columns, in which `typed` was typed before it began.
    ///
    /// # Panics
    ///
    /// If there is no terminal, or the program cannot be started.
    #[must_use]
    pub fn take(
        program: &Path,
        home: &Home,
        args: &[&str],
        variables: &[(&str, &str)],
        columns: u16,
        typed: &str,
    ) -> Self {
        let mut command = CommandBuilder::new(program);
        let size = PtySize { rows: ROWS, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        command.args(args);
        command.cwd(home.path());
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let own = home.environment();
        let given = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        for (name, value) in own.into_iter().chain(given) {
            command.env(name, value);
        }
        let mut keys = pair.master.take_writer().expect("a keyboard");
        keys.write_all(typed.as_bytes()).expect("a terminal takes keys");
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let screen = Arc::new(Screen {
            shown: Mutex::new((vt100::Parser::new(ROWS, columns, 0), Flow::Open)),
            changed: Condvar::new(),
        });
        let mut output = pair.master.try_clone_reader().expect("a screen");
        std::thread::spawn({
            let screen = Arc::clone(&screen);
            move || {
                let mut buffer = [0; 4096];
                loop {
                    // Linux ends a terminal without programs with an error.
                    let count = output.read(&mut buffer).unwrap_or(0);
                    let mut shown = screen.shown.lock().expect(NOT_POISONED);
                    shown.0.process(&buffer[..count]);
                    if count == 0 {
                        shown.1 = Flow::Closed;
                    }
                    screen.changed.notify_all();
                    if count == 0 {
                        return;
                    }
                }
            }
        });
        Self { screen, child, keys, _terminal: pair.master }
    }

    /// Waits until the screen shows what is looked for, and returns it whole.
    ///
    /// # Panics
    ///
    /// If it is not seen in time, or before the program ends.
    #[track_caller]
    pub fn see(&self, looked_for: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown.lock().expect(NOT_POISONED);
        loop {
            let text = contents(&shown.0);
            if looked_for(&text) {
                return text;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(shown.1 == Flow::Open && !left.is_zero(), "it was not seen:\n{text}");
            shown = self.screen.changed.wait_timeout(shown, left).expect(NOT_POISONED).0;
        }
    }

    /// Presses keys.
    ///
    /// # Panics
    ///
    /// If the terminal takes none.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("a terminal takes keys");
        self.keys.flush().expect("a terminal takes keys");
    }

    /// Waits for the end.
    ///
    /// # Panics
    ///
    /// If it does not end in time.
    #[track_caller]
    #[must_use]
    pub fn end(mut self) -> SeatEnd {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown.lock().expect(NOT_POISONED);
        while shown.1 == Flow::Open {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it did not end:\n{}", contents(&shown.0));
            shown = self.screen.changed.wait_timeout(shown, left).expect(NOT_POISONED).0;
        }
        let cursor =
            if shown.0.screen().hide_cursor() { CursorState::Hidden } else { CursorState::Shown };
        let screen = contents(&shown.0);
        drop(shown);
        SeatEnd { code: self.child.wait().expect("it ended").exit_code(), screen, cursor }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // One that has ended needs no killing.
        let _ = self.child.kill();
    }
}

/// The screen as text, without what is empty to the right and below.
fn contents(parser: &vt100::Parser) -> String {
    let text = parser.screen().contents();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

//! A person's seat: Atomic in a real terminal of 80 columns, its screen as they
//! see it, and the keys they press.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use headcount_testkit::Home;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen is waited for: a busy machine may be slow, a hung program
/// never shows it.
const PATIENCE: Duration = Duration::from_secs(30);

const ROWS: u16 = 60;
const COLUMNS: u16 = 80;

/// Keys, as a terminal sends them.
pub(crate) const ENTER: &str = "\r";
pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_D: &str = "\u{4}";
pub(crate) const CTRL_Z: &str = "\u{1a}";
pub(crate) const CTRL_BACKSLASH: &str = "\u{1c}";

/// A program in a terminal.
pub(crate) struct Seat {
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

/// How it ended.
pub(crate) struct End {
    pub(crate) code: u32,
    pub(crate) screen: String,
    pub(crate) cursor: Cursor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cursor {
    Shown,
    Hidden,
}

impl Seat {
    /// Atomic with these arguments, in a terminal in which `typed` was typed
    /// before it began.
    pub(crate) fn take(
        home: &Home,
        args: &[&str],
        variables: &[(&str, &str)],
        typed: &str,
    ) -> Self {
        let atomic = CommandBuilder::new(Path::new(env!("CARGO_BIN_EXE_atomic")));
        Self::sit_down(atomic, home, args, variables, typed)
    }

    /// A shell that runs a script, in which `$0` is Atomic.
    pub(crate) fn at_a_shell(home: &Home, script: &str, variables: &[(&str, &str)]) -> Self {
        let args = ["-c", script, env!("CARGO_BIN_EXE_atomic")];
        Self::sit_down(CommandBuilder::new("/bin/sh"), home, &args, variables, "")
    }

    fn sit_down(
        mut command: CommandBuilder,
        home: &Home,
        args: &[&str],
        variables: &[(&str, &str)],
        typed: &str,
    ) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
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
        let child = pair.slave.spawn_command(command).expect("Atomic starts");
        drop(pair.slave);
        let screen = Arc::new(Screen {
            shown: Mutex::new((vt100::Parser::new(ROWS, COLUMNS, 0), Flow::Open)),
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
                    let mut shown = screen.shown.lock().unwrap();
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

    /// Waits until the screen shows what is looked for, and gives it whole.
    #[track_caller]
    pub(crate) fn see(&self, looked_for: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown.lock().unwrap();
        loop {
            let text = contents(&shown.0);
            if looked_for(&text) {
                return text;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(shown.1 == Flow::Open && !left.is_zero(), "it was not seen:\n{text}");
            shown = self.screen.changed.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("a terminal takes keys");
        self.keys.flush().expect("a terminal takes keys");
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> End {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown.lock().unwrap();
        while shown.1 == Flow::Open {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it did not end:\n{}", contents(&shown.0));
            shown = self.screen.changed.wait_timeout(shown, left).unwrap().0;
        }
        let cursor = if shown.0.screen().hide_cursor() { Cursor::Hidden } else { Cursor::Shown };
        let screen = contents(&shown.0);
        drop(shown);
        End { code: self.child.wait().expect("it ended").exit_code(), screen, cursor }
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

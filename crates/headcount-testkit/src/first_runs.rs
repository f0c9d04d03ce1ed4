//! The first run of a product, wherever a person may run it: what it prints,
//! creates and sends, as rows of a table.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{CannedAnswer, CaptureServer, Home, TestProgram};

/// A shipper that was started has sent by then, or hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Some ids are made of it.
const USER: (&str, &str) = ("USER", "me");

/// A product, and what to look for.
#[derive(Debug)]
pub struct FirstRuns {
    /// Its binary.
    pub binary: PathBuf,
    /// The arguments of a run that records.
    pub args: Vec<String>,
    /// The variable that names the server.
    pub endpoint: &'static str,
    /// The first words of its notice.
    pub notice: &'static str,
    /// The last line of its question, and the keys that answer it.
    pub question: Option<(&'static str, &'static str)>,
    /// What the files of telemetry are called in the table, by a part of their
    /// paths; the first that fits counts. Other files are the product's own.
    pub files: &'static [(&'static str, &'static str)],
    /// What the catalog says is sent.
    pub sends: Sends,
}

/// When a product sends without an answer of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Never.
    Never,
    /// Once the person was told, in an earlier run or in the log of continuous
    /// integration.
    OnceTold,
}

/// Where a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Terminal,
    NoTerminal,
    Ci,
    Agent,
    Piped,
}

impl Place {
    const ALL: [Self; 5] = [Self::Terminal, Self::NoTerminal, Self::Ci, Self::Agent, Self::Piped];

    fn words(self) -> &'static str {
        match self {
            Self::Terminal => "in a terminal",
            Self::NoTerminal => "without a terminal",
            Self::Ci => "in CI",
            Self::Agent => "in a coding agent's shell",
            Self::Piped => "with its output piped",
        }
    }

    fn variable(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Ci => Some(("CI", "true")),
            Self::Agent => Some(("CLAUDECODE", "1")),
            Self::Terminal | Self::NoTerminal | Self::Piped => None,
        }
    }
}

impl FirstRuns {
    /// Runs it everywhere, twice in a new home each, and returns the table.
    ///
    /// # Panics
    ///
    /// If a run does not end, or sends what it may not.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = "| the first run | prints | creates | sends | the next run sends |\n\
                         | --- | --- | --- | --- | --- |\n"
            .to_owned();
        for place in Place::ALL {
            table.push_str(&self.row(place));
        }
        table
    }

    fn row(&self, place: Place) -> String {
        let (home, server) = (Home::new(), CaptureServer::start());
        server.reply_otherwise(
            CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
        );
        let printed = self.run(place, &home, &server);
        let at_once = place == Place::Ci && self.sends == Sends::OnceTold;
        if at_once {
            let _ = server.wait_for(1, PATIENCE);
        }
        let first = server.requests().len();
        let mut created = self.created(&home);
        let queue = self.files.iter().find(|(_, word)| *word == "queue");
        // After a shipment it may be gone again.
        created.extend(queue.filter(|_| first > 0).map(|(_, word)| *word));
        let again = self.run(place, &home, &server);
        assert_eq!(again, "nothing", "{place:?}: said and asked once");
        if self.sends == Sends::OnceTold && !at_once {
            // The request of the next run has what the first recorded: so the
            // first sent nothing.
            assert_eq!(first, 0, "{place:?}");
            let _ = server.wait_for(1, PATIENCE);
        }
        // What the first run has sent, the next one need not.
        let next = match server.requests().len() > first {
            _ if at_once => "-",
            true => "events",
            false => "nothing",
        };
        let words: Vec<&str> = created.into_iter().collect();
        let words = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        let sent = if first > 0 { "events" } else { "nothing" };
        format!("| {} | {printed} | {words} | {sent} | {next} |\n", place.words())
    }

    fn created(&self, home: &Home) -> BTreeSet<&'static str> {
        let word = |path: String| {
            let part = self.files.iter().find(|(part, _)| path.contains(part));
            part.map(|(_, word)| *word)
        };
        let paths = home.tree().into_iter().map(|entry| entry.path);
        paths.filter(|path| !path.ends_with('/')).filter_map(word).collect()
    }

    /// Runs it once, and returns what it printed besides its own.
    fn run(&self, place: Place, home: &Home, server: &CaptureServer) -> &'static str {
        let text = match place {
            Place::NoTerminal | Place::Ci => {
                let mut program = TestProgram::new(&self.binary, home).args(&self.args);
                program = program.env(USER.0, USER.1);
                for (name, value) in
                    [Some((self.endpoint, server.url().as_str())), place.variable()]
                        .into_iter()
                        .flatten()
                {
                    program = program.env(name, value);
                }
                let output = program.run();
                assert!(!output.stdout_text().contains(self.notice), "{place:?}");
                output.stderr_text()
            }
            Place::Terminal | Place::Agent => self.in_a_terminal(
                CommandBuilder::new(&self.binary),
                &self.args,
                place,
                home,
                server,
            ),
            Place::Piped => {
                let script = "\"$0\" \"$@\" | cat >piped".to_owned();
                let binary = self.binary.display().to_string();
                let args = ["-c".to_owned(), script, binary].into_iter();
                let args: Vec<String> = args.chain(self.args.iter().cloned()).collect();
                let shell = CommandBuilder::new("/bin/sh");
                let text = self.in_a_terminal(shell, &args, place, home, server);
                assert!(!home.read("piped").contains(self.notice), "{text}");
                text
            }
        };
        let is_asked = self.question.is_some_and(|(question, _)| text.contains(question));
        match (text.contains(self.notice), is_asked) {
            (false, false) => "nothing",
            (true, false) => "the notice",
            (false, true) => "the question",
            (true, true) => "the notice and the question",
        }
    }

    /// What is seen in a terminal. A question is answered.
    fn in_a_terminal(
        &self,
        mut command: CommandBuilder,
        args: &[String],
        place: Place,
        home: &Home,
        server: &CaptureServer,
    ) -> String {
        let size = PtySize { rows: 60, cols: 200, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        command.args(args);
        command.cwd(home.path());
        command.env_clear();
        for (name, value) in
            [("TERM", "xterm"), ("LANG", "C.UTF-8"), ("PATH", "/bin:/usr/bin"), USER]
        {
            command.env(name, value);
        }
        let url = server.url();
        let given = [Some((self.endpoint, url.as_str())), place.variable()].into_iter().flatten();
        for (name, value) in given {
            command.env(name, value);
        }
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let mut screen = pair.master.try_clone_reader().expect("a screen");
        let mut keys = pair.master.take_writer().expect("a keyboard");
        let (mut seen, mut buffer, mut unanswered) = (Vec::new(), [0; 4096], self.question);
        // Linux ends a terminal without programs with an error.
        while let Ok(count @ 1..) = screen.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&seen);
            if let Some((_, answer)) = unanswered.filter(|(question, _)| text.contains(question)) {
                keys.write_all(answer.as_bytes()).expect("a terminal takes keys");
                keys.flush().expect("a terminal takes keys");
                unanswered = None;
            }
        }
        child.wait().expect("it ends");
        String::from_utf8_lossy(&seen).into_owned()
    }
}

/// Compares a table with the one between its marks on a page. With the variable
/// `UPDATE` set it is written there instead.
///
/// # Panics
///
/// If it differs, or the page has no such marks.
pub fn compare(page: &std::path::Path, name: &str, table: &str) {
    let before = std::fs::read_to_string(page).expect("the page");
    let (open, close) = (format!("<!-- first run {name} -->\n"), format!("<!-- end {name} -->"));
    let (head, rest) = before.split_once(&open).unwrap_or_else(|| panic!("{open} is on the page"));
    let (_, tail) = rest.split_once(&close).unwrap_or_else(|| panic!("{close} is on the page"));
    let after = format!("{head}{open}{table}{close}{tail}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(page, after).expect("the page can be written");
    } else {
        assert!(before == after, "run this test with UPDATE=1; the table is\n{table}");
    }
}

//! A product in trouble: whatever its home, its disk or its backend is like, a
//! person sees what they would see with telemetry off.

use std::path::Path;

use crate::{CaptureServer, Home, ProgramOutput, ServerReply, TestProgram};

/// Nobody listens there: the port of the discard protocol.
const NOBODY: &str = "http://127.0.0.1:9";

/// A shell that sees mounts of its own.
const UNSHARE: &str = "unshare";
const APART: [&str; 3] = ["--mount", "--map-root-user", "/bin/sh"];

/// Makes the home read-only, also for root, and runs the program there.
const READ_ONLY: &str = r#"mount --bind "$HOME" "$HOME" &&
    mount -o remount,bind,ro "$HOME" && ! touch "$HOME/written" 2>"/dev/null" &&
    cd "$HOME" && exec "$0" "$@""#;

/// No file may grow, and the signal that would say so is ignored: this leaves
/// the error that a full disk gives.
const FULL: &str = r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#;

/// A product, and how it is run.
#[derive(Debug)]
pub struct InTrouble<'a> {
    /// Its binary.
    pub binary: &'a Path,
    /// Makes the home of somebody who has telemetry on.
    pub home: fn() -> Home,
    /// The arguments of each run.
    pub runs: &'a [&'a [&'a str]],
    /// Variables that the runs need.
    pub variables: &'a [(&'a str, &'a str)],
    /// The variable that names the backend.
    pub endpoint: &'a str,
    /// The variable that turns telemetry off, and its value.
    pub refusal: (&'a str, &'a str),
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// Nothing can be written to the home.
    ReadOnlyHome,
    /// The disk is full.
    FullDisk,
    /// The backend cannot be reached.
    Unreachable,
    /// The backend accepts connections and never answers.
    Silent,
}

impl Trouble {
    const ALL: [Self; 4] = [Self::ReadOnlyHome, Self::FullDisk, Self::Unreachable, Self::Silent];
}

impl Trouble {
    fn can_be_had(self) -> bool {
        if self != Self::ReadOnlyHome {
            return true;
        }
        let words = [&APART[..], &["-c", "true"]].concat();
        let can = cfg!(target_os = "linux")
            && TestProgram::new(UNSHARE, &Home::new()).args(words).run().code() == Some(0);
        if !can {
            println!("skipped a read-only home: this system gives no mount namespace");
        }
        can
    }
}

impl InTrouble<'_> {
    /// Checks that every run ends with the outputs and the exit code that it
    /// has with telemetry off, in every trouble, in the home and in a new one.
    ///
    /// # Panics
    ///
    /// If a run does not. Where this system gives no mount namespace, which
    /// makes a home read-only, that one is skipped, and it says so.
    #[track_caller]
    pub fn assert_same_as_off(&self) {
        let silent = CaptureServer::start();
        silent.reply_otherwise(ServerReply::Never);
        for args in self.runs {
            // Of the same person: a notice that is due comes either way.
            let untouched = (self.home)();
            let quiet = self.program(&untouched, NOBODY, "/bin/sh");
            let off = quiet.env(self.refusal.0, self.refusal.1);
            let off = seen(&self.within(off, "exec \"$0\" \"$@\"", args).run());
            for trouble in Trouble::ALL.into_iter().filter(|trouble| trouble.can_be_had()) {
                let home = (self.home)();
                let url = if trouble == Trouble::Silent { silent.url() } else { NOBODY.into() };
                // Twice: what the first one left must not trouble the second.
                for _ in 0..2 {
                    let output = self.run(trouble, &home, &url, args);
                    assert_eq!(seen(&output), off, "{trouble:?}: {args:?}");
                }
            }
        }
    }

    fn program(&self, home: &Home, url: &str, shell: &str) -> TestProgram {
        let program = TestProgram::new(shell, home).env(self.endpoint, url);
        self.variables.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    fn within(&self, program: TestProgram, script: &str, args: &[&str]) -> TestProgram {
        let binary = self.binary.to_string_lossy().into_owned();
        program.args(["-c", script, &binary]).args(args)
    }

    #[track_caller]
    fn run(&self, trouble: Trouble, home: &Home, url: &str, args: &[&str]) -> ProgramOutput {
        let program = |shell| self.program(home, url, shell);
        match trouble {
            Trouble::ReadOnlyHome => {
                self.within(program(UNSHARE).args(APART), READ_ONLY, args).run()
            }
            Trouble::FullDisk => self.within(program("/bin/sh"), FULL, args).run(),
            Trouble::Unreachable | Trouble::Silent => {
                self.within(program("/bin/sh"), "exec \"$0\" \"$@\"", args).run()
            }
        }
    }
}

/// What a person and a script see of a run.
fn seen(output: &ProgramOutput) -> (Option<i32>, String, String) {
    (output.code(), output.stdout_text(), output.stderr_text())
}

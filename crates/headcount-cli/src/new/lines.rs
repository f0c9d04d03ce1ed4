//! What to do after `headcount new`: the lines to paste, by language.
//!
//! Outside of Rust a program starts this binary: it waits for the person's
//! commands and the question, and does not wait for what it records. Where
//! there is no binary nothing is reported, and nobody notices.

use std::path::Path;

use headcount::person::visible;

use super::language::Language;
use super::wanted::{NewDefault, Wanted};

/// What is said after the catalog was written.
pub(super) fn next(wanted: &Wanted, language: Language, file: &Path) -> String {
    let (product, shown) = (&wanted.product, visible(&file.display().to_string()));
    let paste = lines(wanted, language);
    let (check, docs) = (format!("headcount check {shown}"), format!("headcount docs {shown}"));
    let endpoint = format!("{}_TELEMETRY_ENDPOINT", wanted.prefix());
    let typed = typed(language, &shown);
    format!(
        "{shown} is written, and passes `{check}`. Next:\n\n\
         1. List your own commands in it, and the address of your collector.\n\
         2. Paste this:\n\n{paste}\n\
         3. `headcount watch -- ./{product} build` runs it for a person who agrees, and says what it reports.\n\
         4. `headcount serve --development --catalogs {shown}` is a collector to try it\n   \
            with: run the program with {endpoint}=http://127.0.0.1:7070, and look at that address.\n\
         5. `{docs}` prints a page for the people who are counted: publish it.\n{typed}"
    )
}

/// What makes `record` of the lines a function with the types of the catalog.
fn typed(language: Language, shown: &str) -> String {
    let (name, file) = match language {
        // `catalog!` does it already.
        Language::Rust => return String::new(),
        Language::Node => ("typescript", "telemetry.ts"),
        Language::Python => ("python", "telemetry.py"),
        Language::Ruby => ("ruby", "telemetry.rb"),
        Language::Go => ("go", "telemetry.go"),
        Language::Shell => ("shell", "telemetry.sh"),
    };
    format!(
        "6. `headcount generate --lang {name} --output {file} {shown}` writes a function for each event, in place\n   \
            of `record`, that takes nothing but what the catalog allows.\n"
    )
}

/// The lines to paste.
fn lines(wanted: &Wanted, language: Language) -> String {
    let (command, what) = match wanted.default {
        NewDefault::Ask => ("ask", "and a person is asked, once"),
        NewDefault::Off | NewDefault::On => ("notice", "and a person is told, once"),
    };
    let (open, tell) = match wanted.default {
        NewDefault::Ask => ("let mut session", RUST_ASK),
        NewDefault::Off | NewDefault::On => ("let session", RUST_NOTICE),
    };
    let text = match language {
        Language::Rust => RUST.replace("OPEN", open).replace("   TELL\n", tell),
        Language::Node => NODE.to_owned(),
        Language::Python => PYTHON.to_owned(),
        Language::Ruby => RUBY.to_owned(),
        Language::Go => GO.to_owned(),
        Language::Shell => SHELL.to_owned(),
    };
    text.replace("PRODUCT", &wanted.product).replace("TELLS", command).replace("WHAT", what)
}

const RUST: &str = r#"   $ cargo add headcount --features prompt

   mod telemetry {
       headcount::catalog!("telemetry.toml");
   }
   use headcount::person::{self, Audience, Terminal};
   use headcount::{Host, Surroundings, Telemetry};

   // First of all in `main`: the process that ships is this program, started once more.
   let host = Host::new(env!("CARGO_PKG_VERSION"));
   let surroundings = Surroundings::of_this_process();
   let terminal = Terminal::of_this_process(&surroundings);
   let telemetry = Telemetry::new(&telemetry::CATALOG, host, surroundings);
   OPEN = telemetry.open();
   // `PRODUCT telemetry on`, `off`, `status`, `inspect` …
   let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
   if words.next().as_deref() == Some("telemetry") {
       let code = person::run(&session, &words.collect::<Vec<String>>()).print();
       std::process::exit(i32::from(code));
   }
   TELL
   // Around each command:
   let started = std::time::Instant::now();
   // … the program's work …
   let took = started.elapsed();
   session.record(&telemetry::Command { name: telemetry::Name::of("build"), worked: true, took });
   // At the end:
   session.finish();
"#;

const RUST_ASK: &str = r#"   // A person is asked, once; the answer counts at once.
   match person::ask(&session, terminal, Audience::ForPeople) {
       person::Asked::NotAsked(_) => {}
       person::Asked::Interrupted => std::process::exit(130),
       person::Asked::Yes | person::Asked::No => session = telemetry.open(),
       person::Asked::Failed(error) => eprintln!("PRODUCT: {error}"),
   }
"#;

const RUST_NOTICE: &str = r#"   // A person is told, once.
   if let Some(notice) = person::notice(&session, terminal, Audience::ForPeople) {
       notice.print();
   }
"#;

const NODE: &str = r#"   const { spawn, spawnSync } = require("node:child_process");
   const path = require("node:path");

   const VERSION = "0.1.0";
   const given = ["--catalog", path.join(__dirname, "telemetry.toml"), "--program", "PRODUCT"];

   /** First of all: `PRODUCT telemetry on`, `off`, `status` …; WHAT. */
   function start() {
     const [first, ...words] = process.argv.slice(2);
     const [command, rest] = first === "telemetry" ? ["telemetry", words] : ["TELLS", []];
     const { status } = spawnSync("headcount", [command, ...given, ...rest], { stdio: "inherit" });
     if (first === "telemetry") process.exit(status ?? 1);
     if (status === 130) process.exit(130); // Ctrl-C
   }

   /** After each command: record("command", "name=build", "worked=true", `took=${ms}`) */
   function record(...words) {
     const all = ["record", ...given, "--host-version", VERSION, ...words];
     const child = spawn("headcount", all, { stdio: "ignore", detached: true });
     child.on("error", () => {}); // Without the binary nothing is reported.
     child.unref();
   }
"#;

const PYTHON: &str = r#"   import pathlib
   import subprocess
   import sys

   VERSION = "0.1.0"

   def headcount(command, *words, **how):
       file = pathlib.Path(__file__).with_name("telemetry.toml")
       given = ["headcount", command, "--catalog", file, "--program", "PRODUCT", *words]
       try:
           return subprocess.Popen(given, **how)
       except OSError:
           return None  # Without the binary nothing is reported.

   def start():
       """First of all: `PRODUCT telemetry on`, `off`, `status` …; WHAT."""
       if sys.argv[1:2] == ["telemetry"]:
           child = headcount("telemetry", *sys.argv[2:])
           sys.exit(child.wait() if child else 1)
       child = headcount("TELLS")
       if child and child.wait() == 130:
           sys.exit(130)  # Ctrl-C

   def record(*words):
       """After each command: record("command", "name=build", "worked=true", f"took={ms}")"""
       none = subprocess.DEVNULL
       headcount("record", "--host-version", VERSION, *words,
                 stdin=none, stdout=none, stderr=none, start_new_session=True)
"#;

const RUBY: &str = r#"   VERSION = "0.1.0"
   GIVEN = ["--catalog", File.join(__dir__, "telemetry.toml"), "--program", "PRODUCT"].freeze

   # First of all: `PRODUCT telemetry on`, `off`, `status` …; WHAT.
   def start
     if ARGV.first == "telemetry"
       system("headcount", "telemetry", *GIVEN, *ARGV.drop(1))
       exit($?.exitstatus || 1)
     end
     system("headcount", "TELLS", *GIVEN)
     exit(130) if $?.exitstatus == 130 # Ctrl-C
   end

   # After each command: record("command", "name=build", "worked=true", "took=#{ms}")
   def record(*words)
     none = { in: File::NULL, out: File::NULL, err: File::NULL }
     all = ["headcount", "record", *GIVEN, "--host-version", VERSION, *words]
     Process.detach(Process.spawn(*all, none))
   rescue SystemCallError
     nil # Without the binary nothing is reported.
   end
"#;

const GO: &str = r#"   // Beside the program lies its catalog: ship both.
   func headcount(command string, words ...string) *exec.Cmd {
       program, _ := os.Executable()
       catalog := filepath.Join(filepath.Dir(program), "telemetry.toml")
       all := append([]string{command, "--catalog", catalog, "--program", "PRODUCT"}, words...)
       return exec.Command("headcount", all...)
   }

   // First of all: `PRODUCT telemetry on`, `off`, `status` …; WHAT.
   func start() {
       isPersons := len(os.Args) > 1 && os.Args[1] == "telemetry"
       child := headcount("TELLS")
       if isPersons {
           child = headcount("telemetry", os.Args[2:]...)
       }
       child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
       _ = child.Run() // Without the binary nothing is reported.
       if code := child.ProcessState.ExitCode(); isPersons || code == 130 { // Ctrl-C
           os.Exit(code)
       }
   }

   // After each command: record("command", "name=build", "worked=true", "took=850")
   func record(words ...string) {
       _ = headcount("record", append([]string{"--host-version", version}, words...)...).Start()
   }

   const version = "0.1.0"
"#;

const SHELL: &str = r#"   version=0.1.0
   catalog=$(dirname "$0")/telemetry.toml

   # First of all, as start "$@": `PRODUCT telemetry on`, `off`, `status` …; WHAT.
   start() {
       command -v headcount >/dev/null || return 0 # Then nothing is reported.
       if [ "${1:-}" = telemetry ]; then
           shift
           exec headcount telemetry --catalog "$catalog" --program PRODUCT "$@"
       fi
       headcount TELLS --catalog "$catalog" --program PRODUCT || [ $? -ne 130 ] || exit 130 # Ctrl-C
   }

   # After each command: record command name=build worked=true took=850
   record() {
       headcount record --catalog "$catalog" --program PRODUCT --host-version "$version" "$@" >/dev/null 2>&1 || true
   }
"#;

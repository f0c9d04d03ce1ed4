//! What to do after `headcount new`: the lines to paste, by language.
//!
//! Outside of Rust a program starts this binary and does not wait for it. Where
//! there is no binary nothing is reported, and nobody notices.

use std::path::Path;

use headcount::person::visible;

use super::language::Language;
use super::wanted::Wanted;

/// What is said after the catalog was written.
pub(super) fn next(wanted: &Wanted, language: Language, file: &Path) -> String {
    let (product, shown) = (&wanted.product, visible(&file.display().to_string()));
    let paste = paste(language).replace("PRODUCT", product);
    let (check, docs) = (format!("headcount check {shown}"), format!("headcount docs {shown}"));
    format!(
        "{shown} is written, and passes `{check}`. Next:\n\n\
         1. List your own commands in it, and the address of your collector.\n\
         2. Paste this:\n\n{paste}\n\
         3. `{docs}` prints a page for the people who are counted: publish it.\n\
         4. `headcount serve --development --catalogs .` is a collector to try it with.\n"
    )
}

fn paste(language: Language) -> &'static str {
    match language {
        Language::Rust => RUST,
        Language::Node => NODE,
        Language::Python => PYTHON,
        Language::Ruby => RUBY,
        Language::Go => GO,
        Language::Shell => SHELL,
    }
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
   let session = Telemetry::new(&telemetry::CATALOG, host, surroundings).open();
   // `PRODUCT telemetry on`, `off`, `status`, `inspect` …
   let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
   if words.next().as_deref() == Some("telemetry") {
       let code = person::run(&session, &words.collect::<Vec<String>>()).print();
       std::process::exit(i32::from(code));
   }
   if let Some(notice) = person::notice(&session, terminal, Audience::ForPeople) {
       notice.print();
   }
   // After each command:
   let took = started.elapsed();
   session.record(&telemetry::Command { name: telemetry::Name::Build, worked: true, took });
   // At the end:
   session.finish();
"#;

const NODE: &str = r#"   const { spawn } = require("node:child_process");
   const path = require("node:path");

   /** record("command", "name=build", "worked=true", `took=${ms}`) */
   function record(...words) {
     const file = path.join(__dirname, "telemetry.toml");
     const all = ["record", "--catalog", file, "--program", "PRODUCT", ...words];
     const child = spawn("headcount", all, { stdio: "ignore", detached: true });
     child.on("error", () => {}); // Without the binary nothing is reported.
     child.unref();
   }
"#;

const PYTHON: &str = r#"   import pathlib
   import subprocess

   def record(*words):
       """record("command", "name=build", "worked=true", f"took={ms}")"""
       file = pathlib.Path(__file__).with_name("telemetry.toml")
       try:
           subprocess.Popen(
               ["headcount", "record", "--catalog", file, "--program", "PRODUCT", *words],
               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
               start_new_session=True,
           )
       except OSError:
           pass  # Without the binary nothing is reported.
"#;

const RUBY: &str = r#"   # record("command", "name=build", "worked=true", "took=#{ms}")
   def record(*words)
     file = File.join(__dir__, "telemetry.toml")
     none = { in: File::NULL, out: File::NULL, err: File::NULL }
     all = ["headcount", "record", "--catalog", file, "--program", "PRODUCT", *words]
     Process.detach(Process.spawn(*all, none))
   rescue SystemCallError
     nil # Without the binary nothing is reported.
   end
"#;

const GO: &str = r#"   // record("/usr/share/PRODUCT/telemetry.toml", "command", "name=build", "worked=true", "took=850")
   func record(catalog string, words ...string) {
       all := append([]string{"record", "--catalog", catalog, "--program", "PRODUCT"}, words...)
       // Without the binary nothing is reported.
       _ = exec.Command("headcount", all...).Start()
   }
"#;

const SHELL: &str = r#"   # record command name=build worked=true took=850
   record() {
       headcount record --catalog telemetry.toml --program PRODUCT "$@" >/dev/null 2>&1 || true
   }
"#;

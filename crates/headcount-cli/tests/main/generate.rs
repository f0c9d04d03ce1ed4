//! `headcount generate` makes wrappers that say what the catalog says.
//!
//! `UPDATE=1 cargo test -p headcount-cli --test main generate` writes those of
//! the whole grammar again; read the difference. `.ci/generate` gives the
//! wrappers of the five products to the checkers of their languages.

use std::fs;
use std::path::Path;

use headcount_testkit::{Home, ProgramOutput};

use super::schema::grammar;
use super::stage::{catalog, counting, headcount};

const LANGUAGES: [(&str, &str); 5] =
    [("typescript", "ts"), ("python", "py"), ("ruby", "rb"), ("go", "go"), ("shell", "sh")];

fn generate(home: &Home, args: &[&str]) -> ProgramOutput {
    headcount(home, &["generate"]).args(args).run()
}

/// Every kind, optional and required, in every language.
#[test]
fn the_wrappers_of_the_whole_grammar_are_what_was_read() {
    let home = Home::new();
    let path = home.write("telemetry.toml", grammar());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/main/golden/generate");
    for (language, extension) in LANGUAGES {
        let made = headcount(&home, &["generate", "--lang", language]).args([&path]).run();
        assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
        let file = folder.join(format!("grammar.{extension}"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, made.stdout_text()).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == made.stdout_text(), "{}: run with UPDATE=1", file.display());
    }
}

#[test]
fn an_event_is_a_function_and_a_set_a_type() {
    let home = Home::new();
    let atomic = catalog("atomic").display().to_string();
    let made = |language: &str| generate(&home, &["--lang", language, &atomic]).stdout_text();
    let typescript = made("typescript");
    assert!(typescript.contains("  | \"uninstall\"\n"), "{typescript}");
    assert!(typescript.contains("readonly agentType?: AgentType | undefined;"), "{typescript}");
    let python = made("python");
    assert!(
        python
            .contains("def atomic_command(\n        self,\n        *,\n        command: Command,")
    );
    assert!(python.contains("agent_type: Optional[AgentType] = None,"), "{python}");
    assert!(made("ruby").contains("def atomic_command(**given)"));
    assert!(made("go").contains("var CommandUninstall = Command{\"uninstall\"}"));
    assert!(made("shell").contains("atomic_record_command() ("));
    for (language, _) in LANGUAGES {
        let text = made(language);
        let why = "Which commands are used, with which agent, and do they work?";
        assert!(text.contains(why), "{language}: {text}");
        // An id is made by the record, and constants come from the catalog.
        assert!(!text.contains("session_id") && !text.contains("sessionId"), "{language}: {text}");
        assert!(!text.contains("telemetry_report"), "{language}: {text}");
        assert!(text.contains("headcount generate --check FILE CATALOG"), "{language}: {text}");
    }
}

#[test]
fn a_wrapper_is_checked_and_its_file_says_the_language() {
    let home = Home::new();
    let path = home.write("telemetry.toml", counting()).display().to_string();
    for (_, extension) in LANGUAGES {
        let file = format!("wren.{extension}");
        let missing = generate(&home, &["--check", &file, &path]);
        assert_eq!(missing.code(), Some(1));
        assert!(
            missing.stderr_text().contains("there is no wrapper: run `headcount generate --lang ")
        );
        assert_eq!(generate(&home, &["--output", &file, &path]).code(), Some(0));
        assert_eq!(generate(&home, &["--check", &file, &path]).code(), Some(0));
    }
    home.write("telemetry.toml", counting().replacen("\"build\"", "\"built\"", 1));
    for (_, extension) in LANGUAGES {
        let drifted = generate(&home, &["--check", &format!("wren.{extension}"), &path]);
        assert_eq!((drifted.code(), drifted.stdout_text().as_str()), (Some(1), ""));
        let said = drifted.stderr_text();
        assert!(said.contains("this wrapper does not say what "), "{said}");
    }
    let unknown = generate(&home, &["--output", "wren.cob", &path]);
    assert_eq!(unknown.code(), Some(2));
    assert!(unknown.stderr_text().contains("Which language?"), "{}", unknown.stderr_text());
}

/// Its words are separated by commas on the way to `record`.
#[test]
fn a_word_with_a_comma_in_a_list_is_refused() {
    let home = Home::new();
    let text =
        counting().replacen(".properties]\n", ".properties]\nflags = { choices = [\"a,b\"] }\n", 1);
    let path = home.write("telemetry.toml", text).display().to_string();
    let refused = generate(&home, &["--lang", "go", &path]);
    assert_eq!(refused.code(), Some(2), "{}", refused.stdout_text());
    let said = refused.stderr_text();
    assert!(said.contains("The word `a,b` of `flags` has a comma"), "{said}");
}

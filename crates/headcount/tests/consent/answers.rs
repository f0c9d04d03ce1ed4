//! A settings file that is the person's own survives their answers: nothing but
//! the one value changes, whatever else stands there.

use headcount::person;
use headcount_testkit::Home;

use crate::scene::{self, edited, open};

const JSON: &str = "{\r\n\t\"model\" : \"large\",   \"theme\":{\"name\":\"d\\u00e4rk\",\"n\":[1,2 , 3]},\r\n\
                    \t\"telemetry\":   { \"enabled\"  :false , \"x\": null },\r\n\"last\": 1e3 }";

const TOML: &str = "\u{feff}# Mine.\n\nmodel = 'large'   # the large one\n\n[ telemetry ]\n# No, for now.\n\
                    enabled   =false# really\nx = [\n  1, # one\n]\n\n[theme.\"dark.er\"]\nn = 1_000\n";

const YAML: &str = "%YAML 1.2\n---\n# Mine.\nmodel: 'large'   # the large one\ntelemetry:   # and this\n\
                    \n    # No, for now.\n    enabled:    false    # really\n    x: >\n      folded\n      text\n\
                    theme: {name: dark, n: [1, 2]}\n...\n";

/// What can be in front of the product's own folder: its own files lie beside.
fn with_settings(extension: &str, text: &str) -> (&'static headcount::Catalog, Home, String) {
    let file = format!("\"config.{extension}\"");
    let catalog =
        scene::catalog(&edited(&scene::text_of("atomcode"), &[("\"config.toml\"", &file)]));
    let home = Home::new();
    let path = format!(".atomcode/config.{extension}");
    home.write(&path, text);
    (catalog, home, path)
}

#[test]
fn on_off_on_changes_the_one_value_and_nothing_else() {
    for (extension, before) in [("json", JSON), ("toml", TOML), ("yaml", YAML)] {
        assert_eq!(before.matches("false").count(), 1);
        let on = before.replace("false", "true");
        let (catalog, home, path) = with_settings(extension, before);
        for (answer, expected) in [("on", &*on), ("off", before), ("on", &on), ("on", &on)] {
            let reply = person::run(&open(catalog, &home), &[answer.to_owned()]);
            assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{extension} {answer}");
            assert_eq!(home.read(&path), expected, "{extension} {answer}");
            assert_eq!(open(catalog, &home).decision().is_on(), answer == "on");
        }
    }
}

/// The answer is added where there was none, below or beside what is there.
#[test]
fn the_first_answer_leaves_every_line_that_was_there() {
    for (extension, before) in [
        ("json", "{\n  \"model\": \"large\"\n}\n"),
        ("toml", "# Mine.\nmodel = \"large\" # the large one\n"),
        ("yaml", "# Mine.\nmodel: large # the large one\n"),
    ] {
        let (catalog, home, path) = with_settings(extension, before);
        assert_eq!(person::run(&open(catalog, &home), &["off".to_owned()]).code, 0);
        let after = home.read(&path);
        for line in before.lines() {
            assert!(after.contains(line), "{extension}: {line:?} in\n{after}");
        }
        assert!(!open(catalog, &home).decision().is_on(), "{after}");
    }
}

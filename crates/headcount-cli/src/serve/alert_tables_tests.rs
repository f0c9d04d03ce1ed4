//! Every key of `[[alert]]`, and every mistake with its line.

use headcount_testkit::Home;

use super::super::config_file;
use super::*;

fn read_file(text: &str) -> Result<Vec<AlertSetting>, String> {
    let home = Home::new();
    let path = home.write("h.toml", text);
    let read = config_file::read(&path).map(|content| content.alerts);
    let shown = path.display().to_string();
    read.map_err(|mistakes| mistakes.replace(&shown, "h.toml"))
}

const HOOK: &str = "webhook = \"https://hooks.example.org/x\"\n";

#[test]
fn every_kind_is_read_with_what_is_usual() {
    let text = format!(
        "data = \"d\"\n\
         [[alert]]\nkind = \"silence\"\nproduct = \"atomic\"\ndays = 2\n{HOOK}\
         [[alert]]\nkind = \"drop\"\nproduct = \"atomic\"\nof = \"devices\"\nbelow = 50\n{HOOK}\
         [[alert]]\nkind = \"failure-rate\"\nproduct = \"atomic\"\nevent = \"atomic_command\"\n\
         newest-version = true\nabove = 12.5\n\
         email = {{ relay = \"smtp://127.0.0.1:25\", from = \"a@example.org\", to = \"b@example.org\" }}\n\
         [[alert]]\nname = \"odd-things\"\nkind = \"rejected\"\nproduct = \"archon\"\n{HOOK}"
    );
    let alerts = read_file(&text).unwrap();
    let names: Vec<&str> = alerts.iter().map(|alert| alert.rule.name.as_str()).collect();
    assert_eq!(
        names,
        ["silence-atomic", "drop-atomic", "failure-rate-atomic-atomic-command", "odd-things"]
    );
    let conditions: Vec<_> = alerts.iter().map(|alert| alert.rule.condition.clone()).collect();
    assert_eq!(
        conditions,
        [
            AlertCondition::Silence { hours: 48 },
            AlertCondition::Drop { of: CountedThing::Devices, below_percent: 50, least: 20 },
            AlertCondition::FailureRate {
                event: "atomic_command".to_owned(),
                newest_version: true,
                above_percent: 12.5,
                least: 50,
                days: 7
            },
            AlertCondition::Rejected { least: 1 },
        ]
    );
    assert_eq!(alerts[2].rule.channels[0].kind, "email");
    assert!(alerts[0].line.ends_with(":2"), "{}", alerts[0].line);
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let silence = "[[alert]]\nkind = \"silence\"\nproduct = \"atomic\"\n";
    let mail = "email = { relay = \"smtp://a\", from = \"a@b\", to = [\"c@d\"]";
    for (text, told) in [
        (format!("{silence}hours = 0\n{HOOK}"), "h.toml:4:9: `hours`: not a whole number from 1"),
        (format!("{silence}{HOOK}"), "h.toml:1:1: missing key `hours` or `days`"),
        (format!("{silence}hours = 1\ndays = 1\n{HOOK}"), "both `hours` and `days`"),
        (format!("{silence}hours = 1\n"), "h.toml:1:1: nobody is told: add `webhook` or `email`"),
        (
            format!("{silence}hour = 1\n{HOOK}"),
            "h.toml:4:1: unknown key `hour`; did you mean `hours`?",
        ),
        (
            format!("{silence}hours = 1\nwebhook = \"http://a.example\"\n"),
            "`webhook`: over http://",
        ),
        (format!("{silence}hours = 1\nwebhook = 7\n"), "`webhook`: not a string"),
        (
            format!("{silence}hours = 1\n{mail}, user = \"u\" }}\n"),
            "`user` and `password-file` go together",
        ),
        (format!("{silence}hours = 1\n{mail}, port = 1 }}\n"), "unknown key `port`"),
        (format!("{silence}hours = 1\nemail = \"a@b\"\n"), "`email` is not a table"),
        (
            format!("{silence}hours = 1\n{HOOK}{silence}hours = 2\n{HOOK}"),
            "two alerts have the name `silence-atomic`",
        ),
        (
            format!("[[alert]]\nkind = \"loud\"\nproduct = \"atomic\"\n{HOOK}"),
            "h.toml:2:8: `kind`: use silence, drop",
        ),
        (
            format!("[[alert]]\nkind = \"rejected\"\nproduct = \"../x\"\n{HOOK}"),
            "`product`: not the name of a product",
        ),
        (format!("[[alert]]\nkind = \"rejected\"\n{HOOK}"), "missing key `product`"),
        (format!("[[alert]]\nproduct = \"atomic\"\n{HOOK}"), "missing key `kind`"),
        (
            format!("[[alert]]\nkind = \"drop\"\nproduct = \"a\"\nof = \"x\"\nbelow = 5\n{HOOK}"),
            "`of`: use events, devices",
        ),
        (
            format!(
                "[[alert]]\nkind = \"drop\"\nproduct = \"a\"\nof = \"events\"\nbelow = 100\n{HOOK}"
            ),
            "`below`: not a number",
        ),
        (
            format!("[[alert]]\nkind = \"failure-rate\"\nproduct = \"a\"\nabove = nan\n{HOOK}"),
            "missing key `event`",
        ),
        ("[alert]\nkind = \"silence\"\n".to_owned(), "write `[[alert]]`, with two brackets"),
        ("alert = [1]\n".to_owned(), "`alert` is not a table"),
        ("[[alrt]]\n".to_owned(), "did you mean `alert`?"),
    ] {
        let mistakes = read_file(&text).unwrap_err();
        assert!(mistakes.contains(told), "{text}\n{mistakes}");
    }
}

#[test]
fn the_documented_configuration_is_one() {
    let page = include_str!("../../../../docs/operate/alerts.md");
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(read_file(block).unwrap().len(), 4, "{block}");
}

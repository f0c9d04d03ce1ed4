//! Every key of `[[report]]`, and every mistake with its line.

use headcount_testkit::Home;

use super::super::config_file;
use super::*;

fn read_file(text: &str) -> Result<Vec<ReportSetting>, String> {
    let home = Home::new();
    let path = home.write("h.toml", text);
    let read = config_file::read(&path).map(|content| content.reports);
    let shown = path.display().to_string();
    read.map_err(|mistakes| mistakes.replace(&shown, "h.toml"))
}

const MAIL: &str = "email = { relay = \"smtp://127.0.0.1:25\", from = \"a@example.org\", \
                    to = [\"b@example.org\"] }\n";

#[test]
fn a_report_is_read_with_what_is_usual() {
    let text = format!(
        "[[report]]\nproducts = \"atomic\"\n{MAIL}\
         [[report]]\nname = \"all\"\nproducts = [\"archon\", \"atomic\"]\non = \"thursday\"\n\
         hour = 23\n{MAIL}"
    );
    let reports = read_file(&text).unwrap();
    let read: Vec<_> = reports
        .iter()
        .map(|report| {
            let ReportRule { name, products, on, hour, channels } = &report.rule;
            (name.as_str(), products.join(" "), *on, *hour, channels[0].kind)
        })
        .collect();
    assert_eq!(
        read,
        [
            ("weekly", "atomic".to_owned(), Weekday::Monday, 8, "email"),
            ("all", "archon atomic".to_owned(), Weekday::Thursday, 23, "email"),
        ]
    );
    assert!(reports[1].line.ends_with(":4"), "{}", reports[1].line);
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let first = "[[report]]\nproducts = [\"atomic\"]\n";
    for (text, told) in [
        (format!("[[report]]\n{MAIL}"), "h.toml:1:1: missing key `products`"),
        (format!("[[report]]\nproducts = []\n{MAIL}"), "h.toml:2:12: `products`: names nobody"),
        (
            format!("[[report]]\nproducts = [\"a b\"]\n{MAIL}"),
            "h.toml:2:12: `products`: not the name of a product",
        ),
        (
            format!("[[report]]\nproducts = [\"a\", \"a\"]\n{MAIL}"),
            "h.toml:1:1: `products` names one twice",
        ),
        (first.to_owned(), "h.toml:1:1: nobody gets it: add `email`"),
        (format!("{first}on = \"mon\"\n{MAIL}"), "h.toml:3:6: `on`: use monday, tuesday"),
        (
            format!("{first}hour = 24\n{MAIL}"),
            "h.toml:3:8: `hour`: not a whole number from 0 to 23",
        ),
        (
            format!("{first}houre = 3\n{MAIL}"),
            "h.toml:3:1: unknown key `houre`; did you mean `hour`?",
        ),
        (format!("{first}webhook = \"https://a\"\n{MAIL}"), "h.toml:3:1: unknown key `webhook`"),
        (format!("{first}{MAIL}{first}{MAIL}"), "h.toml:4:1: two reports have the name `weekly`"),
        (format!("{first}email = 1\n"), "h.toml:3:9: `email` is not a table"),
        ("[report]\n".to_owned(), "write `[[report]]`, with two brackets"),
    ] {
        let sentence = read_file(&text).unwrap_err();
        assert!(sentence.contains(told), "{text}\n{sentence}");
    }
}

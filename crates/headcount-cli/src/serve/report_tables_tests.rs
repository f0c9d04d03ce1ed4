//! Every key of `[[report]]`, and every mistake with its line.

use headcount_testkit::Home;

use super::super::config_file;
use super::*;

/// The first line of what is wrong: the others show the place.
#[track_caller]
fn mistake(text: &str) -> String {
    let told = read_file(text).unwrap_err();
    told.lines().next().unwrap_or_default().to_owned()
}

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
         hour = 23\n{MAIL}\
         [[report]]\nevery = \"month\"\nproducts = \"atomic\"\n{MAIL}\
         [[report]]\nname = \"late\"\nevery = \"month\"\nproducts = \"atomic\"\non = 28\n{MAIL}\
         [[report]]\nname = \"early\"\nevery = \"week\"\nproducts = \"atomic\"\n{MAIL}"
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
            ("weekly", "atomic".to_owned(), ReportDay::Week(Weekday::Monday), 8, "email"),
            ("all", "archon atomic".to_owned(), ReportDay::Week(Weekday::Thursday), 23, "email"),
            ("monthly", "atomic".to_owned(), ReportDay::Month(1), 8, "email"),
            ("late", "atomic".to_owned(), ReportDay::Month(28), 8, "email"),
            ("early", "atomic".to_owned(), ReportDay::Week(Weekday::Monday), 8, "email"),
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

/// The day goes with the period, and one mistake is told once.
#[test]
fn a_day_that_is_not_one_of_the_period_is_refused() {
    let week = "use monday, tuesday, wednesday, thursday, friday, saturday, sunday";
    let of_week = &*format!(
        "`on`: a weekly report is sent on a day of the week: {week}; or `every = \"month\"` for a \
         day of the month"
    );
    let week = &*format!("`on`: {week}");
    let not_every = "`on`: not a day that every month has: use a whole number from 1 to 28";
    let no_day = "`on`: not a day of the month: use a whole number from 1 to 28";
    let of_month = "`on`: a monthly report is sent on a day of the month: use a whole number from 1 \
                    to 28, or `every = \"week\"`";
    for (every, on, told) in [
        ("week", "1", of_week),
        ("week", "0", of_week),
        ("week", "\"1\"", week),
        ("week", "\"Monday\"", week),
        ("week", "true", week),
        ("month", "0", not_every),
        ("month", "-1", not_every),
        ("month", "29", not_every),
        ("month", "31", not_every),
        ("month", "257", not_every),
        ("month", "99999999999999999999", not_every),
        ("month", "1.0", no_day),
        ("month", "\"1\"", no_day),
        ("month", "\"\"", no_day),
        ("month", "[1]", no_day),
        ("month", "2026-12-01", no_day),
        ("month", "\"monday\"", of_month),
    ] {
        let text = format!("[[report]]\nproducts = \"a\"\nevery = \"{every}\"\non = {on}\n{MAIL}");
        assert_eq!(mistake(&text), format!("h.toml:4:6: {told}"), "{text}");
    }
    for every in ["\"year\"", "\"monthly\"", "\"Month\""] {
        let text = format!("[[report]]\nproducts = \"a\"\nevery = {every}\non = 31\n{MAIL}");
        assert_eq!(mistake(&text), "h.toml:3:9: `every`: use week, month");
    }
    let months = format!("[[report]]\nevery = \"month\"\nproducts = \"a\"\n{MAIL}").repeat(2);
    let told = read_file(&months).unwrap_err();
    assert!(told.contains("two reports have the name `monthly`: give one a `name`"), "{told}");
}

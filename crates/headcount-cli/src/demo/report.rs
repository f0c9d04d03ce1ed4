//! What the demo says at the end.

use std::fmt::Write as _;
use std::path::Path;

use headcount_catalog::Day;
use headcount_catalog::plain_words::thousands;

use super::books::{Books, Page};
use super::questions::Outcomes;

/// One line of JSON.
pub(super) fn json(books: &Books, url: &str) -> String {
    let Outcomes { stored, duplicate, rejected, .. } = books.outcomes();
    let (recorded, lost) = (books.recorded(), books.lost_on_the_way());
    format!(
        "{{\"recorded\":{recorded},\"stored\":{stored},\"duplicate\":{duplicate},\"rejected\":{rejected},\"lost\":{lost},\"url\":\"{url}\"}}\n"
    )
}

/// What was played, for a person.
pub(super) fn summary(books: &Books, url: &str) -> String {
    let mut text = format!("Headcount is at {url}\n\n");
    // Writing into a `String` cannot fail.
    let _ = writeln!(
        text,
        "{:<10}{:>8}{:>9}{:>10}{:>10}{:>11}{:>10}{:>6}",
        "product", "people", "said no", "recorded", "stored", "duplicate", "rejected", "lost"
    );
    for page in &books.pages {
        let _ = writeln!(text, "{}", row(page));
    }
    let all = Page {
        product: "all",
        people: books.pages.iter().map(|page| page.people).sum(),
        refusing: books.pages.iter().map(|page| page.refusing).sum(),
        changed_mind: books.pages.iter().map(|page| page.changed_mind).sum(),
        recorded: books.recorded(),
        lost: books.lost_on_the_way(),
        outcomes: books.outcomes(),
        ..Page::default()
    };
    let _ = writeln!(text, "{}\n", row(&all));
    let Outcomes { stored, duplicate, rejected, .. } = all.outcomes;
    let _ = writeln!(
        text,
        "{} recorded = {} stored + {} rejected + {} lost.\n\
         Rejected: clocks that were days ahead, and an old version with an event that its catalog \
         has no more.\n\
         Lost: what had waited too long on machines without a network, and `telemetry_report` says \
         so.\n\
         {} answers got lost, so {} events came twice, and were counted once.\n\
         The collector was restarted {} times; {} shipments found nobody there, and {} no \
         network; what they had came later.\n\
         {} people said no, or never said yes: not one event of theirs is there.\n\
         {} said yes and later no: not one after that.",
        thousands(all.recorded),
        thousands(stored),
        thousands(rejected),
        thousands(all.lost),
        thousands(books.lost),
        thousands(duplicate),
        books.restarts,
        thousands(books.unanswered),
        thousands(books.without_network),
        thousands(all.refusing),
        thousands(all.changed_mind),
    );
    text
}

fn row(page: &Page) -> String {
    let Outcomes { stored, duplicate, rejected, .. } = page.outcomes;
    format!(
        "{:<10}{:>8}{:>9}{:>10}{:>10}{:>11}{:>10}{:>6}",
        page.product,
        thousands(page.people),
        thousands(page.refusing),
        thousands(page.recorded),
        thousands(stored),
        thousands(duplicate),
        thousands(rejected),
        thousands(page.lost)
    )
}

/// Where one can go from here.
pub(super) struct Next<'a> {
    pub(super) url: &'a str,
    /// The program, as it was called.
    pub(super) program: &'a str,
    /// The demo's folder.
    pub(super) folder: &'a Path,
    pub(super) from: Day,
    pub(super) to: Day,
    /// Whether the folder stays.
    pub(super) keeps: bool,
}

impl Next<'_> {
    /// What to try next.
    pub(super) fn text(&self) -> String {
        let Self { url, program, folder, from, to, keeps } = self;
        let end = if *keeps { "leaves" } else { "removes" };
        let catalog = folder.join("catalogs").join("atomcode.toml");
        let home = folder.join("you");
        let record = format!(
            "{program} record --catalog '{}' open_atomcode session_id=mine mode=tui",
            catalog.display()
        );
        let set = |name: &str, value: &str| {
            if cfg!(windows) {
                format!("$env:{name}='{value}'; ")
            } else {
                format!("{name}='{value}' ")
            }
        };
        let home = set(if cfg!(windows) { "USERPROFILE" } else { "HOME" }, &home.to_string_lossy());
        let endpoint = set("ATOMCODE_TELEMETRY_ENDPOINT", url);
        format!(
            "What to try next:\n\n\
             \x20 open the page\n      {url}/\n\
             \x20 ask what it shows\n\
             \x20     curl '{url}/api/v1/ask/active?product=atomcode&from={from}&to={to}'\n\
             \x20     curl '{url}/api/v1/ask/events?product=atomic'\n\
             \x20 see that every arrival had an outcome\n      curl {url}/metrics\n\
             \x20 record an event yourself; it is there a moment later\n\
             \x20     {home}{endpoint}{record}\n\n\
             Ctrl-C ends it and {end} {}\n",
            folder.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_one_line() {
        let outcomes = Outcomes { stored: 8, duplicate: 3, rejected: 1, refused: 7 };
        let page = Page { recorded: 9, outcomes, ..Page::default() };
        let books = Books { pages: vec![page], ..Books::default() };
        assert_eq!(
            json(&books, "http://127.0.0.1:1"),
            "{\"recorded\":9,\"stored\":8,\"duplicate\":3,\"rejected\":1,\"lost\":0,\"url\":\"http://127.0.0.1:1\"}\n"
        );
    }

    #[test]
    fn people_get_a_table() {
        let page = |product, recorded| Page { product, recorded, people: 2, ..Page::default() };
        let books =
            Books { pages: vec![page("atomic", 1_234), page("clacky", 6)], ..Books::default() };
        let text = summary(&books, "http://127.0.0.1:1");
        assert!(text.contains("\natomic           2        0     1,234"), "{text}");
        assert!(text.contains("\nall              4        0     1,240"), "{text}");
    }

    /// The first page has a row for each product, and takes no days.
    #[test]
    fn what_to_try_next_begins_with_the_first_page() {
        let day = |text| Day::parse(text).unwrap();
        let next = Next {
            url: "http://127.0.0.1:1",
            program: "headcount",
            folder: Path::new("demo"),
            from: day("2026-11-01"),
            to: day("2026-11-20"),
            keeps: false,
        };
        let text = next.text();
        assert!(text.contains("open the page\n      http://127.0.0.1:1/\n"), "{text}");
    }
}

//! The feed of a public page (Atom, RFC 4287): an entry for each week that is
//! published and each version of the catalog.

use headcount_catalog::plain_words::thousands;
use headcount_catalog::{Catalog, Day, Grain, Judgement, difference};

use super::published::Published;
use super::week::PublicWeek;
use crate::registry::LoadedProduct;
use crate::{day_text, limits};

/// One entry.
struct Entry {
    /// What its id ends with.
    name: String,
    day: Day,
    title: String,
    summary: String,
}

/// The feed. `url` is where the collector is.
pub(super) fn feed(product: &LoadedProduct, published: &Published, url: &str) -> String {
    let (name, title) = (product.name(), product.newest().product.title);
    let weeks = published.shown().iter().map(of_week);
    let catalogs =
        published.catalogs.iter().map(|(version, day)| of_catalog(product, *version, *day));
    let mut entries: Vec<Entry> = weeks.chain(catalogs).collect();
    entries.sort_by(|one, other| (other.day, &one.name).cmp(&(one.day, &other.name)));
    let page = escaped(&format!("{url}/public/{name}"));
    let updated = entries.first().map_or(Day::from_number(0), |entry| entry.day);
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>{}</title>\n<id>{page}</id>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{page}.atom\"/>\n",
        escaped(&format!("What {title} reports about its use")),
        time(updated),
        escaped(title),
    );
    for entry in &entries {
        feed.push_str(&format!(
            "<entry><id>{page}#{}</id><title>{}</title><updated>{}</updated>\
             <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/><summary>{}</summary></entry>\n",
            entry.name,
            escaped(&entry.title),
            time(entry.day),
            escaped(&entry.summary),
        ));
    }
    feed.push_str("</feed>\n");
    feed
}

fn of_week(week: &PublicWeek) -> Entry {
    let monday = week.monday;
    let or_withheld = |number: Option<u64>| number.map_or("withheld".to_owned(), thousands);
    Entry {
        name: format!("week-{monday}"),
        // Over after seven days, and published when late arrivals are in.
        day: monday.plus(7 + limits::PUBLIC_WAIT_DAYS),
        title: format!("The week of {}", day_text::long(monday)),
        summary: format!(
            "Devices: {}. Events: {}.",
            or_withheld(week.devices),
            or_withheld(week.events)
        ),
    }
}

fn of_catalog(product: &LoadedProduct, version: u32, day: Day) -> Entry {
    Entry {
        name: format!("catalog-{version}"),
        day,
        title: format!("Version {version} of the catalog"),
        summary: changed(product.versions(), version),
    }
}

/// What is different from the version before. `versions` are the newest first.
fn changed(versions: &[Catalog], version: u32) -> String {
    let page = "Everything that the product may report is on its page.";
    let mut from = versions.iter().skip_while(|catalog| catalog.version != version);
    let (Some(own), Some(before)) = (from.next(), from.next()) else { return page.to_owned() };
    let all = difference(before, own);
    let shared = match Judgement::of(&all) {
        Judgement::Widens => "more",
        Judgement::Narrows => "less",
        Judgement::Same => "the same",
    };
    let mut text = format!("Version {} collects {shared}.", own.version);
    for one in all.iter().take(limits::PUBLIC_DIFFERENCES) {
        // Names are between backticks there, which a reader of feeds shows.
        text.push(' ');
        text.push_str(&one.sentence.replace('`', ""));
    }
    let more = all.len().saturating_sub(limits::PUBLIC_DIFFERENCES);
    if more > 0 {
        text.push_str(&format!(" There are {more} more differences."));
    }
    format!("{text} {page}")
}

fn time(day: Day) -> String {
    day.start().format(Grain::Second)
}

/// Text in XML. Control characters are not allowed there at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_a_catalog_says_what_changed() {
        let old = include_str!("../../../../examples/atomic/telemetry.toml");
        let number = headcount_catalog::parse(old).unwrap().version;
        let [mine, next] = [number, number + 1].map(|number| format!("\ncatalog = {number}\n"));
        let new = old.replace(&mine, &next).replace("\"uninstall\"", "\"uninstall\", \"doctor\"");
        let versions = [new.as_str(), old].map(|text| {
            headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
        });
        let told = changed(&versions, number + 1);
        let more = format!("Version {} collects more. ", number + 1);
        assert!(told.starts_with(&more), "{told}");
        assert!(told.contains("command of atomic_command can also be doctor."), "{told}");
        for first in [number, 99] {
            let told = changed(&versions, first);
            assert_eq!(told, "Everything that the product may report is on its page.");
        }
    }

    #[test]
    fn text_of_a_catalog_is_text_in_a_feed() {
        assert_eq!(escaped("<a href=\"x\">&\u{1}"), "&lt;a href=&quot;x&quot;&gt;&amp; ");
        assert_eq!(time(Day::parse("2026-11-16").unwrap()), "2026-11-16T00:00:00Z");
    }
}

//! Publishes weeks: each once, when it is over and late arrivals are in. The
//! housekeeper's thread does it.

use std::sync::Arc;

use headcount_catalog::{Catalog, Day, Period, Rotation};
use headcount_store::{AnswerRows, ProductRow, Question, Store, StoreError, VersionScope};

use super::devices_of_events::IdsOfADevice;
use super::published::{self, AllPublished, Published};
use super::table_plan;
use super::week::PublicWeek;
use super::week_tally::WeekTally;
use crate::app::App;
use crate::limits;
use crate::operator_log::{LogPart, Sentence};
use crate::registry::LoadedProduct;

/// Days of a week.
const WEEK: i32 = 7;

/// Publishes what is due of every product with a public page. What cannot be
/// done is told, and tried again the next time. What is published stays, so
/// nothing is while the clock is in doubt.
pub(crate) fn publish(app: &App) {
    if app.clock_watch.is_in_doubt(app.now()) {
        return;
    }
    let registry = app.registry();
    let mut public =
        registry.products().iter().filter(|product| product.newest().product.is_public).peekable();
    if public.peek().is_none() {
        return;
    }
    let mut all = match published::read(&app.data) {
        Ok(all) => all,
        Err(sentence) => return app.log.error(LogPart::Housekeeper, sentence),
    };
    let before = all.clone();
    for product in public {
        if let Err(error) = publish_product(app, product, &mut all) {
            app.log.error(LogPart::Housekeeper, &error);
        }
    }
    if all != before
        && let Err(error) = published::write(&app.data, &all)
    {
        let sentence = Sentence::from("cannot write ").and(&*app.data.join(published::FILE));
        app.log.error(LogPart::Housekeeper, sentence.and(&": ").and(&error));
    }
}

fn publish_product(
    app: &App,
    product: &LoadedProduct,
    all: &mut AllPublished,
) -> Result<(), StoreError> {
    let today = app.today();
    let published = all.entry(product.name().to_owned()).or_default();
    for version in product.versions() {
        published.catalogs.entry(version.version).or_insert(today);
    }
    let Some(known) = known_days(app.store.as_ref(), product.name())? else { return Ok(()) };
    for monday in due(today, published, known) {
        let week = count(app, product, monday)?;
        published.weeks.push(week);
    }
    let surplus = published.weeks.len().saturating_sub(limits::PUBLIC_WEEKS);
    published.weeks.drain(..surplus);
    Ok(())
}

/// The first and the last day with an event.
fn known_days(store: &dyn Store, product: &str) -> Result<Option<(Day, Day)>, StoreError> {
    let AnswerRows::Products(rows) = store.ask(&Question::Products)? else { return Ok(None) };
    let own = rows.into_iter().find(|row| row.product == product);
    Ok(own.map(|ProductRow { first, last, .. }| (first, last)))
}

/// The Mondays of the weeks that are to be published now, the oldest first:
/// after those that were, and within those that a page shows.
fn due(today: Day, published: &Published, (first, last): (Day, Day)) -> Vec<Day> {
    // A clock that is far ahead must not publish weeks that are to come.
    let over = today.plus(-WEEK - limits::PUBLIC_WAIT_DAYS).week_start().min(last.week_start());
    let weeks = i32::try_from(limits::PUBLIC_WEEKS).unwrap_or(i32::MAX / WEEK);
    let oldest = over.plus(-WEEK * (weeks - 1)).max(first.week_start());
    let from = published.weeks.last().map_or(oldest, |week| week.monday.plus(WEEK).max(oldest));
    let mut due = Vec::new();
    let mut monday = from;
    while monday <= over {
        due.push(monday);
        monday = monday.plus(WEEK);
    }
    due
}

/// Counts one week. Without all of its raw events, nobody knows of how many
/// devices a number is.
fn count(app: &App, product: &LoadedProduct, monday: Day) -> Result<PublicWeek, StoreError> {
    let catalog = product.newest();
    if app.today().days_since(monday) >= i32::from(catalog.retention.raw.0) {
        return Ok(PublicWeek::unseen(monday));
    }
    let sunday = monday.plus(WEEK - 1);
    let mut tally =
        WeekTally::new(table_plan::tables(catalog), monday, ids_of_a_device(catalog, monday));
    app.store.read_events(product.name(), (monday, sunday), &mut |rows| tally.add(rows))?;
    Ok(tally.published(active(app, product, monday)?))
}

/// A week of two months has two ids of each device, if they are replaced.
fn ids_of_a_device(catalog: &Catalog, monday: Day) -> IdsOfADevice {
    let is_of_two_months = monday.month_start() != monday.plus(WEEK - 1).month_start();
    match catalog.identity.rotation {
        Rotation::Monthly if is_of_two_months => IdsOfADevice::Two,
        Rotation::Monthly | Rotation::Never => IdsOfADevice::One,
    }
}

/// The active devices of a week, if they are counted.
fn active(app: &App, product: &LoadedProduct, monday: Day) -> Result<Option<u64>, StoreError> {
    if !product.counts_devices(Period::Week) {
        return Ok(None);
    }
    let question = Question::Active {
        product: product.name().to_owned(),
        period: Period::Week,
        from: monday,
        to: monday,
        versions: VersionScope::All,
    };
    let store = Arc::clone(&app.store);
    match store.ask(&question)? {
        AnswerRows::Active(rows) => Ok(Some(rows.iter().map(|row| row.devices).sum())),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn due_on(today: &str, last: Option<&str>, known: (&str, &str)) -> Vec<String> {
        let weeks = last.into_iter().map(|monday| PublicWeek::unseen(day(monday))).collect();
        let published = Published { weeks, ..Published::default() };
        let due = due(day(today), &published, (day(known.0), day(known.1)));
        due.iter().map(Day::to_string).collect()
    }

    #[test]
    fn a_week_is_published_a_week_after_its_end_and_once() {
        let known = ("2026-11-04", "2026-11-30");
        assert!(due_on("2026-11-15", None, known).is_empty());
        assert_eq!(due_on("2026-11-16", None, known), ["2026-11-02"]);
        assert_eq!(due_on("2026-11-23", None, known), ["2026-11-02", "2026-11-09"]);
        assert_eq!(due_on("2026-11-29", Some("2026-11-02"), known), ["2026-11-09"]);
        assert!(due_on("2026-11-29", Some("2026-11-09"), known).is_empty());
        // The clock went back.
        assert!(due_on("2026-10-29", Some("2026-11-09"), known).is_empty());
    }

    #[test]
    fn no_more_weeks_are_published_than_a_page_shows_and_none_to_come() {
        let known = ("2024-01-01", "2026-11-30");
        let all = due_on("2026-11-29", None, known);
        assert_eq!(
            (all.len(), all[0].as_str(), all[12].as_str()),
            (13, "2026-08-17", "2026-11-09")
        );
        assert_eq!(due_on("2026-11-29", Some("2024-02-05"), known), all);
        let ahead = due_on("2999-01-01", None, known);
        assert_eq!(ahead.last().map(String::as_str), Some("2026-11-30"));
    }
}

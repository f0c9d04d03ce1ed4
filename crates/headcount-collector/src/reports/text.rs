//! A report in plain text: a block for each product. Pure.

use headcount_catalog::{Grain, Period, Time};
use serde_json::json;

use super::numbers::{DaysBefore, MonthlyIds, Pair, ProductNumbers};
use super::rule::ReportRule;
use super::span::ReportSpan;
use crate::alerts::AlertMessage;
use crate::day_text;
use crate::page::{counted_properties, grouped, named_period, percent, percentage};

/// The widest name of a number.
const NAME_LETTERS: usize = 26;

/// The message with the report of this week or month, or a test of it. A
/// product is `None` if there is no catalog for it.
pub(crate) fn message(
    rule: &ReportRule,
    span: ReportSpan,
    products: &[(String, Option<ProductNumbers>)],
    is_test: bool,
    at: Time,
    url: &str,
) -> AlertMessage {
    let titles: Vec<&str> = products
        .iter()
        .map(|(name, product)| product.as_ref().map_or(name.as_str(), |product| &product.title))
        .collect();
    let (period, named) = (span.period().name(), named_period(span.first(), span.period()));
    AlertMessage::of_report(json!({
        "report": rule.name,
        "state": if is_test { "test" } else { period },
        (period): span.first().to_string(),
        "at": at.format(Grain::Second),
        "subject": format!("{named}: {}", titles.join(", ")),
        "text": text(span, products, url),
    }))
}

fn text(span: ReportSpan, products: &[(String, Option<ProductNumbers>)], url: &str) -> String {
    let mut text = heading(span);
    for (name, product) in products {
        match product {
            Some(product) => text.push_str(&block(product, span, url)),
            None => text.push_str(&format!("\n{name}\n  The collector has no catalog for it.\n")),
        }
    }
    text.push_str(
        "\nEvents that arrive late are not in these numbers yet. The configuration of the \
         collector\nsays who gets this report.\n",
    );
    text
}

fn heading(span: ReportSpan) -> String {
    if span.period() != Period::Month {
        let days = day_text::span(span.first(), span.last());
        return format!("The week from {days}, Monday to Sunday in UTC, beside the week before.\n");
    }
    let [own, before] = [span, span.before()].map(|span| named_period(span.first(), span.period()));
    let (days, days_before) = (span.days(), span.before().days());
    format!("The month of {own}, beside {before}: {days} and {days_before} days, in UTC.\n")
}

fn block(product: &ProductNumbers, span: ReportSpan, url: &str) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    let numbers = Numbers { span, before: product.before, monthly_ids: product.monthly_ids };
    match product.devices {
        Some(devices) => lines.push(("Active devices", numbers.of_devices(devices))),
        None => lines.push(("Events", numbers.of_events(product.events))),
    }
    if let Some(new) = product.new_devices {
        lines.push(("New devices", numbers.of_new(new)));
    }
    lines.push(("Events that failed", failed(product, span.period())));
    let rejected = match product.rejected.properties {
        0 => grouped(product.rejected.events),
        properties => format!(
            "{}; and {} of stored events",
            grouped(product.rejected.events),
            counted_properties(properties)
        ),
    };
    lines.push(("Events rejected on arrival", rejected));
    let lost = product.lost.map_or("not reported by this product".to_owned(), grouped);
    lines.push(("Events dropped on the way", lost));
    let newest = match &product.newest {
        Some(newest) => format!(
            "{}, {} of the events",
            newest.version,
            percent(newest.events, product.events.now)
        ),
        None if product.events.now == 0 => "no events".to_owned(),
        None => "none that enough devices have".to_owned(),
    };
    lines.push(("Newest version", newest));
    let mut text = format!("\n{}\n", product.title);
    for (name, value) in lines {
        text.push_str(&format!("  {name:NAME_LETTERS$}  {value}\n"));
    }
    let (name, from, to) = (&product.name, span.first(), span.last());
    text.push_str(&format!("  {url}/product/{name}?from={from}&to={to}\n"));
    text
}

/// How the numbers of a week or month are told beside those before.
struct Numbers {
    span: ReportSpan,
    before: DaysBefore,
    monthly_ids: Option<MonthlyIds>,
}

impl Numbers {
    /// `81 (+9% from 74)`
    fn of_devices(&self, pair: Pair<u64>) -> String {
        let is_twice = self.monthly_ids.is_some_and(|ids| !ids.are_alike(self.span));
        self.beside(pair, &|| match is_twice {
            true => {
                let period = self.span.period().name();
                format!("not compared: ids were replaced within one of the two {period}s")
            }
            false => self.whole_change(pair),
        })
    }

    /// `+9% from 74`
    fn whole_change(&self, pair: Pair<u64>) -> String {
        match pair.now == pair.before {
            true => format!("as many as the {} before", self.span.period().name()),
            false => format!("{} from {}", change(pair, (1, 1)), grouped(pair.before)),
        }
    }

    /// `1,043 (+16% from 900)`; beside a month of another length, by day:
    /// `1,043 (+20% a day from 900 in 31 days)`. More days have more events.
    fn of_events(&self, pair: Pair<u64>) -> String {
        let days = (self.span.days(), self.span.before().days());
        self.beside(pair, &|| {
            if days.0 == days.1 {
                return self.whole_change(pair);
            }
            let (change, before) = (change(pair, days), grouped(pair.before));
            format!("{change} a day from {before} in {} days", days.1)
        })
    }

    /// A number, and what is said of the one before: `change` if there is one.
    fn beside(&self, pair: Pair<u64>, change: &dyn Fn() -> String) -> String {
        let (Pair { now, before }, period) = (pair, self.span.period().name());
        let told = match (self.before.missing(self.span.period()), before) {
            (Some(missing), _) => missing,
            (None, 0) if now == 0 => format!("none the {period} before either"),
            (None, 0) => format!("none the {period} before"),
            (None, _) => change(),
        };
        format!("{} ({told})", grouped(now))
    }

    /// `17`, or `17 in the 5 weeks from 26 Oct to 29 Nov 2026`
    fn of_new(&self, new: u64) -> String {
        let new = grouped(new);
        match (self.span.period(), self.monthly_ids) {
            (Period::Month, Some(_)) => {
                "cannot be told: ids are replaced on the first of each month".to_owned()
            }
            (Period::Month, None) => {
                let (from, to) = self.span.weeks();
                let weeks = (to.days_since(from) + 1) / 7;
                format!("{new} in the {weeks} weeks from {}", day_text::span(from, to))
            }
            (_, ids) => match ids.and_then(|ids| ids.near(self.span)) {
                Some(day) => format!("{new} (ids were replaced on {})", day_text::long(day)),
                None => new,
            },
        }
    }
}

/// `+9%`, of so many days and so many before.
fn change(pair: Pair<u64>, days: (i32, i32)) -> String {
    let Pair { now, before } = pair;
    let now = now as f64 * f64::from(days.1);
    let before = before as f64 * f64::from(days.0);
    let percent = format!("{:+.0}%", (now - before) * 100.0 / before);
    // Less than half a percent, in either direction.
    if ["+0%", "-0%"].contains(&percent.as_str()) { "0%".to_owned() } else { percent }
}

/// `4.6% of 1,043 (less than 13% the week before)`
fn failed(product: &ProductNumbers, period: Period) -> String {
    let (Pair { now, before }, when) = (product.failed, period.name());
    if now.all == 0 {
        return "no event says whether it failed".to_owned();
    }
    let [rate, was] = [now, before].map(|share| percentage(share.value() * 100.0));
    if let Some(missing) = product.before.missing(period) {
        return format!("{rate} of {} ({missing})", grouped(now.all));
    }
    let change = match before.all {
        0 => format!("none the {when} before"),
        _ if now.is_above(before) => format!("more than {was} the {when} before"),
        _ if before.is_above(now) => format!("less than {was} the {when} before"),
        _ => format!("no clear change from {was} the {when} before"),
    };
    format!("{rate} of {} ({change})", grouped(now.all))
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;

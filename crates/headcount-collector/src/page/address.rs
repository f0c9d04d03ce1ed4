//! The address of a product's page: everything that a person chose is in it, so
//! that a copied address shows the same page.

use headcount_catalog::Day;

use super::comparison::Comparison;
use super::day_range::DayRange;
use super::too_much::{self, TooMuchAsked};
use crate::limits;
use crate::url_query::with_query;

/// What a product's page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageAddress {
    pub(super) product: String,
    pub(super) range: DayRange,
    /// What these days are compared with.
    pub(super) comparison: Comparison,
    /// The version of the program, if it is of one alone.
    pub(super) version: Option<String>,
    /// By what the tables of failures are ordered.
    pub(super) order: FailureOrder,
    /// Whether durations by value are counted, even of many raw events.
    pub(super) counts_durations: bool,
    /// Names and values that events must have: of several values of one name
    /// any, and of several names all.
    pub(super) filters: Vec<(String, String)>,
    /// The steps that were chosen, if any were.
    pub(super) steps: Vec<String>,
    /// The days from the first step to any other, and who is followed, as they
    /// were given.
    pub(super) within: Option<String>,
    pub(super) per: Option<String>,
    /// What is looked at for what comes next after it, in its order.
    pub(super) after: Vec<String>,
    /// The minutes after which a visit is over, as they were given.
    pub(super) pause: Option<String>,
    /// What the page shows otherwise than the address asks, a sentence each.
    pub(super) corrections: Vec<String>,
}

/// The order of a table of failures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum FailureOrder {
    /// The highest share that is certain first.
    #[default]
    Share,
    /// The most events that failed first.
    Number,
}

impl PageAddress {
    /// The page of a product with nothing chosen.
    pub(super) fn new(product: &str, today: Day) -> Self {
        Self {
            product: product.to_owned(),
            range: DayRange::last(DayRange::DEFAULT, today),
            comparison: Comparison::read(None, today),
            version: None,
            order: FailureOrder::Share,
            counts_durations: false,
            filters: Vec::new(),
            steps: Vec::new(),
            within: None,
            per: None,
            after: Vec::new(),
            pause: None,
            corrections: Vec::new(),
        }
    }

    /// Reads the query of a page. What cannot be read is left out, and told: an
    /// old or mistyped address still shows a page. Names that no page has are
    /// not looked at.
    pub(super) fn read(
        product: &str,
        pairs: &[(String, String)],
        today: Day,
    ) -> Result<Self, TooMuchAsked> {
        let (of, mut told) = (|name: &str| first(pairs, name), given_twice(pairs));
        let (range, changed) = DayRange::read(of("days"), of("from"), of("to"), today);
        told.extend(changed);
        let said = |name: &str| of(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let all = |name: &str| -> Vec<String> {
            let own = pairs.iter().filter(|(own, value)| own == name && !value.is_empty());
            own.map(|(_, value)| value.clone()).collect()
        };
        let address = Self {
            product: product.to_owned(),
            range,
            comparison: Comparison::read(of("compare"), today),
            version: said("version"),
            order: FailureOrder::read(of("order"), &mut told),
            counts_durations: counts_durations(of("durations"), &mut told),
            filters: filters(pairs, &mut told),
            steps: all("step"),
            within: said("within"),
            per: said("per"),
            after: all("after"),
            pause: said("pause"),
            corrections: told,
        };
        too_much::check(
            &address.filters,
            address.steps.len().max(address.after.len()),
            address.version.as_deref(),
            &address.pairs(),
        )?;
        Ok(address)
    }

    /// The same page for other days.
    pub(super) fn with_days(&self, days: i32) -> Self {
        let range = DayRange::last(days, self.range.today());
        Self { range, ..self.clone() }
    }

    /// The same page for the days from one to today.
    pub(super) fn with_days_since(&self, from: Day) -> Self {
        Self { range: DayRange::since(from, self.range.today()), ..self.clone() }
    }

    /// The same page, compared with other days.
    pub(super) fn comparing(&self, comparison: Comparison) -> Self {
        Self { comparison, ..self.clone() }
    }

    /// The same page with tables of failures in this order.
    pub(super) fn ordered(&self, order: FailureOrder) -> Self {
        Self { order, ..self.clone() }
    }

    /// The same page with durations by value.
    pub(super) fn counting_durations(&self) -> Self {
        Self { counts_durations: true, ..self.clone() }
    }

    /// The same page of one version, or of all.
    pub(super) fn of_version(&self, version: Option<&str>) -> Self {
        Self { version: version.map(str::to_owned), ..self.clone() }
    }

    /// The same page without a filter.
    pub(super) fn without_filter(&self, filter: &(String, String)) -> Self {
        let mut other = self.clone();
        other.filters.retain(|own| own != filter);
        other
    }

    /// The same page with one more filter.
    pub(super) fn with_filter(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        let filter = (name.to_owned(), value.to_owned());
        if !other.filters.contains(&filter) {
            other.filters.push(filter);
        }
        other
    }

    /// The same choices for another product: its versions and values are its
    /// own.
    pub(super) fn for_product(&self, product: &str) -> Self {
        let product = product.to_owned();
        Self {
            product,
            version: None,
            filters: Vec::new(),
            steps: Vec::new(),
            after: Vec::new(),
            within: None,
            pause: None,
            per: None,
            ..self.clone()
        }
    }

    /// The same page with what came after one more step.
    pub(super) fn after_step(&self, step: &str) -> Self {
        let mut other = self.clone();
        other.after.push(step.to_owned());
        other
    }

    /// The same page with what came after so many of the steps.
    pub(super) fn after_steps(&self, number: usize) -> Self {
        let mut other = self.clone();
        other.after.truncate(number);
        other
    }

    /// Names and values of the query, in a fixed order.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        match self.range.last_days() {
            Some(days) => pairs.push(("days", days.to_string())),
            None => {
                pairs.push(("from", self.range.from().to_string()));
                pairs.push(("to", self.range.to().to_string()));
            }
        }
        pairs.extend(self.comparison.written().map(|compared| ("compare", compared)));
        if let Some(version) = &self.version {
            pairs.push(("version", version.clone()));
        }
        if self.order == FailureOrder::Number {
            pairs.push(("order", "number".to_owned()));
        }
        if self.counts_durations {
            pairs.push(("durations", "counted".to_owned()));
        }
        for (name, value) in &self.filters {
            pairs.push(("where", format!("{name}:{value}")));
        }
        pairs.extend(self.steps.iter().map(|step| ("step", step.clone())));
        pairs.extend(self.within.iter().map(|days| ("within", days.clone())));
        pairs.extend(self.after.iter().map(|step| ("after", step.clone())));
        pairs.extend(self.pause.iter().map(|minutes| ("pause", minutes.clone())));
        pairs.extend(self.per.iter().map(|who| ("per", who.clone())));
        pairs
    }

    /// The query alone.
    pub(super) fn query(&self) -> String {
        with_query("", &self.pairs()).split_off(1)
    }

    /// The path and the query.
    pub(super) fn url(&self) -> String {
        with_query(&format!("/product/{}", self.product), &self.pairs())
    }
}

/// The first value of a name.
fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// What is given more than once, although a page has one.
fn given_twice(pairs: &[(String, String)]) -> Vec<String> {
    let names = [
        "days",
        "from",
        "to",
        "compare",
        "version",
        "order",
        "durations",
        "within",
        "pause",
        "per",
    ];
    let is_twice = |name: &&str| pairs.iter().filter(|(own, _)| own == name).nth(1).is_some();
    let told = |name| format!("`{name}` is given more than once: the first one counts.");
    names.into_iter().filter(is_twice).map(told).collect()
}

impl FailureOrder {
    fn read(text: Option<&str>, told: &mut Vec<String>) -> Self {
        match text {
            Some("number") => return Self::Number,
            None | Some("" | "share") => {}
            Some(_) => told.push(
                "`order` is neither `share` nor `number`: failures are ordered by their share."
                    .to_owned(),
            ),
        }
        Self::Share
    }
}

fn counts_durations(text: Option<&str>, told: &mut Vec<String>) -> bool {
    if text.is_some_and(|text| !["", "counted"].contains(&text)) {
        told.push("`durations` is left out: it can be `counted`, and nothing else.".to_owned());
    }
    text == Some("counted")
}

/// Every filter once: all that a page can have, and one more if there are more.
fn filters(pairs: &[(String, String)], told: &mut Vec<String>) -> Vec<(String, String)> {
    let mut filters: Vec<(String, String)> = Vec::new();
    let mut has_unreadable = false;
    let given = pairs.iter().filter(|(name, value)| name == "where" && !value.is_empty());
    for (_, filter) in given {
        match filter.split_once(':').filter(|(name, _)| !name.is_empty()) {
            None => has_unreadable = true,
            Some((name, value)) => {
                let filter = (name.to_owned(), value.to_owned());
                if !filters.contains(&filter) {
                    filters.push(filter);
                }
            }
        }
        if filters.len() > limits::FILTER_NAMES * limits::FILTER_VALUES {
            break;
        }
    }
    if has_unreadable {
        told.push(
            "A filter is left out: it is not a name and a value, as in `where=os:linux`."
                .to_owned(),
        );
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compared_days::ComparedDays;

    #[test]
    fn steps_are_in_their_order_and_of_one_product() {
        let pairs = [
            ("step", "run:command:a b"),
            ("step", ""),
            ("within", "14"),
            ("step", "run"),
            ("per", ""),
        ];
        let address = read(&pairs);
        assert_eq!(
            address.url(),
            "/product/atomic?days=28&step=run:command:a%20b&step=run&within=14"
        );
        assert_eq!(address.for_product("archon").url(), "/product/archon?days=28");
    }

    fn read(pairs: &[(&str, &str)]) -> PageAddress {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        PageAddress::read("atomic", &pairs, Day::parse("2026-11-20").unwrap()).unwrap()
    }

    #[test]
    fn other_days_to_compare_with_are_in_the_address_and_stay_there() {
        for compared in ["year", "2026-10-01", "no"] {
            let address = read(&[("compare", compared), ("days", "7")]);
            assert_eq!(address.url(), format!("/product/atomic?days=7&compare={compared}"));
            let other = address.for_product("archon").of_version(Some("1.0.0")).with_days(28);
            let url = format!("/product/archon?days=28&compare={compared}&version=1.0.0");
            assert_eq!(other.url(), url);
        }
        for unreadable in ["perhaps", "2026-11-21", "2026-10-32", "<script>"] {
            let address = read(&[("compare", unreadable)]);
            assert_eq!(address.comparison, Comparison::Unreadable);
            assert_eq!(address.url(), "/product/atomic?days=28");
        }
    }

    #[test]
    fn an_address_says_what_was_chosen_and_no_more() {
        assert_eq!(read(&[]).url(), "/product/atomic?days=28");
        let chosen = read(&[
            ("from", "2026-10-01"),
            ("to", "2026-10-07"),
            ("compare", "no"),
            ("version", "1.0.0+b&c"),
            ("foreign", "<script>"),
            ("order", "<script>"),
        ]);
        let before = Comparison::Days(ComparedDays::Before);
        let url = "/product/atomic?from=2026-10-01&to=2026-10-07&compare=no&version=1.0.0%2Bb%26c";
        assert_eq!(chosen.url(), url);
        assert_eq!(
            chosen.with_days(7).comparing(before).of_version(None).url(),
            "/product/atomic?days=7"
        );
        let by_number = read(&[("order", "number")]);
        assert_eq!(by_number.url(), "/product/atomic?days=28&order=number");
        assert_eq!(by_number.ordered(FailureOrder::Share).query(), "days=28");
        let counting = read(&[("where", "os:linux")]).counting_durations();
        let url = "/product/atomic?days=28&durations=counted&where=os:linux";
        assert_eq!(counting.url(), url);
        assert!(read(&[("durations", "counted")]).counts_durations);
        let other = chosen.for_product("archon").url();
        assert_eq!(other, "/product/archon?from=2026-10-01&to=2026-10-07&compare=no");
    }

    #[test]
    fn what_is_left_out_is_told() {
        let told = |pairs: &[(&str, &str)]| read(pairs).corrections.join(" ");
        for said in [
            &[("order", ""), ("durations", ""), ("where", ""), ("step", "")][..],
            &[("order", "share"), ("durations", "counted"), ("where", "os:"), ("foreign", "x")],
            &[("where", "os:linux"), ("where", "os:linux"), ("step", "run"), ("step", "run")],
        ] {
            assert_eq!(told(said), "", "{said:?}");
        }
        for (pairs, sentence) in [
            (&[("order", "strange")][..], "`order` is neither `share` nor `number`"),
            (&[("durations", "yes")], "`durations` is left out"),
            (&[("where", "agent")], "A filter is left out: it is not a name and a value"),
            (&[("where", ":x")], "A filter is left out"),
            (&[("version", "1.0.0"), ("version", "2.0.0")], "`version` is given more than once"),
            (&[("per", "device"), ("per", "session")], "`per` is given more than once"),
            (&[("days", "0")], "`days` is not a number"),
        ] {
            assert!(told(pairs).contains(sentence), "{pairs:?}: {}", told(pairs));
        }
        assert_eq!(read(&[("version", "1"), ("version", "2")]).version.as_deref(), Some("1"));
    }

    fn asked(pairs: &[(&str, String)]) -> Result<PageAddress, TooMuchAsked> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let pairs: Vec<(String, String)> = pairs.collect();
        PageAddress::read("atomic", &pairs, Day::parse("2026-11-20").unwrap())
    }

    #[test]
    fn an_address_asks_for_as_much_as_its_questions_take() {
        let values =
            |count| (0..count).map(|at| ("where", format!("agent:{at}"))).collect::<Vec<_>>();
        let names = |count| (0..count).map(|at| ("where", format!("n{at}:x"))).collect::<Vec<_>>();
        let steps = |count| vec![("step", "run".to_owned()); count];
        for fits in [values(20), names(5), steps(8), vec![("version", "1".repeat(64))]] {
            assert!(asked(&fits).is_ok(), "{fits:?}");
        }
        for (too_much, sentence) in [
            (values(21), "more filters than can be asked for"),
            (names(6), "more filters than can be asked for"),
            (values(3_000), "at most 5 names with 20 values each"),
            (steps(9), "more than 8 steps"),
            (vec![("version", "1".repeat(65))], "No version has more than 64 bytes"),
            (vec![("where", format!("{}:x", "a".repeat(65)))], "No name to filter by"),
            (vec![("where", format!("a:{}", "x".repeat(161)))], "no value more than 160"),
            (vec![("step", "x".repeat(5_000))], "more than 2 KiB can say"),
            (vec![("within", "1".repeat(5_000))], "more than 2 KiB can say"),
            (vec![("per", "\u{1}".repeat(1_500))], "more than 2 KiB can say"),
        ] {
            let TooMuchAsked(told) = asked(&too_much).unwrap_err();
            assert!(told.contains(sentence), "{told}");
        }
        // What no page has is in none of its links.
        assert!(asked(&[("foreign", "x".repeat(30_000))]).is_ok());
    }
}

//! The SQL that gives the numbers of a question from the raw events, in the
//! tables of `headcount sql`.
//!
//! A value that too few devices have told has its own name there, and is
//! `other` in an answer; a quantile is exact there, and of a histogram here.

use headcount_catalog::{Period, Scheme, Source};
use headcount_store::{
    AnalysisSource, ColumnKind, RawCount, RawQuestion, ValueFilter, VersionScope,
};

use super::for_store::StoreQuestions;
use super::http_question::HttpQuestion;
use crate::offline::EventTable;
use crate::registry::LoadedProduct;

/// The query; `None` if no query gives these numbers.
pub(super) fn sql(
    asked: HttpQuestion,
    product: &LoadedProduct,
    span: &StoreQuestions,
) -> Option<String> {
    let table = EventTable::new(product.name().to_owned(), product.versions(), &[]);
    let query = Query { product, table };
    let has_ids = product.newest().identity.scheme != Scheme::None;
    match (&span.counted, asked) {
        (Some(question), _) => query.counted(question),
        (None, HttpQuestion::Versions) => query.versions(span),
        (None, HttpQuestion::Retention) if has_ids => {
            let (from, to) = (Period::Week.start(span.from), span.to);
            Some(format!(
                "{}SELECT cohort, week, sum(weight) AS devices\n\
                 FROM seen JOIN first USING (device)\n\
                 WHERE cohort BETWEEN '{from}' AND '{to}'\n\
                 GROUP BY 1, 2 ORDER BY 1, 2",
                query.cohorts()
            ))
        }
        (None, HttpQuestion::NewAndReturning) if has_ids => {
            let (from, to) = (Period::Week.start(span.from), span.to);
            Some(format!(
                "{}SELECT week, sum(iif(cohort = week, weight, 0)) AS new,\n  \
                 sum(iif(cohort < week, weight, 0)) AS \"returning\"\n\
                 FROM seen JOIN first USING (device)\n\
                 WHERE week BETWEEN '{from}' AND '{to}'\n\
                 GROUP BY 1 ORDER BY 1",
                query.cohorts()
            ))
        }
        _ => None,
    }
}

/// The tables and names of one product.
pub(super) struct Query<'a> {
    pub(super) product: &'a LoadedProduct,
    table: EventTable,
}

/// The parts of a query over the table `t`.
#[derive(Default)]
pub(super) struct Parts {
    /// Expressions with their names; rows are grouped by them.
    keys: Vec<String>,
    /// Tables of the values of lists.
    lists: Vec<String>,
    pub(super) conditions: Vec<String>,
}

impl Query<'_> {
    fn counted(&self, question: &RawQuestion) -> Option<String> {
        let mut parts = Parts::default();
        match &question.count {
            RawCount::Events => {
                parts.keys.push(format!("{} AS day", self.ours(&AnalysisSource::Day)));
                self.add_scope(&mut parts, question)?;
                parts.keys.push(format!("{} AS event", self.ours(&AnalysisSource::Event)));
                self.add_conditions(&mut parts, question)?;
                Some(self.sums(&parts, &[("count", self.ours(&AnalysisSource::Weight))]))
            }
            RawCount::Active { period } => self.active(question, *period),
            RawCount::ByProperty { property, .. } => {
                self.of_values(question, &[("value", property)])
            }
            RawCount::Across { one, other, .. } => {
                self.of_values(question, &[("one", one), ("other", other)])
            }
            RawCount::Failures { event, by } => self.failures(question, event, by.as_deref()),
            RawCount::Quantiles { property, period, .. } => {
                self.quantiles(question, property, *period)
            }
            RawCount::Steps(count) => self.steps(question, count),
            RawCount::Next(count) => self.next(question, count),
            _ => None,
        }
    }

    fn of_values(&self, question: &RawQuestion, keys: &[(&str, &String)]) -> Option<String> {
        let mut parts = Parts::default();
        parts.keys.push(format!("{} AS day", self.ours(&AnalysisSource::Day)));
        self.add_scope(&mut parts, question)?;
        for (name, property) in keys {
            self.add_key(&mut parts, name, property)?;
        }
        self.add_conditions(&mut parts, question)?;
        Some(self.sums(&parts, &[("count", self.ours(&AnalysisSource::Weight))]))
    }

    fn failures(&self, question: &RawQuestion, event: &str, by: Option<&str>) -> Option<String> {
        let mut parts = Parts::default();
        parts.keys.push(format!("{} AS day", self.ours(&AnalysisSource::Day)));
        self.add_scope(&mut parts, question)?;
        if let Some(property) = by {
            self.add_key(&mut parts, "value", property)?;
        }
        let versions = self.product.versions().iter();
        let told = versions.filter_map(|catalog| catalog.event(event)?.failure());
        let (_, property) = told.into_iter().next()?;
        let shown = self.shown(property.name)?;
        let fails = match property.failure {
            [] => format!("{shown} <> '0'"),
            values => format!("{shown} IN ({})", texts(values.iter().copied())),
        };
        parts.conditions.push(format!("{shown} IS NOT NULL"));
        self.add_conditions(&mut parts, question)?;
        let weight = self.ours(&AnalysisSource::Weight);
        let failed = format!("iif({fails}, {weight}, 0)");
        let worked = format!("iif({fails}, 0, {weight})");
        Some(self.sums(&parts, &[("failed", failed), ("worked", worked)]))
    }

    /// A device counts once in each period, by the smallest weight of its
    /// events there. Marks are in no query.
    fn active(&self, question: &RawQuestion, period: Period) -> Option<String> {
        if self.product.newest().identity.scheme == Scheme::None {
            return None;
        }
        let mut parts = Parts::default();
        parts.keys.push(format!("{} AS {}", self.start(period), period.name()));
        self.add_scope(&mut parts, question)?;
        let shown: Vec<String> = (1..=parts.keys.len()).map(|place| place.to_string()).collect();
        let names: Vec<&str> = parts.keys.iter().filter_map(|key| key.rsplit(' ').next()).collect();
        let names = names.join(", ");
        let (device, weight) =
            (self.ours(&AnalysisSource::Device), self.ours(&AnalysisSource::Weight));
        parts.keys.push(format!("{device} AS device"));
        parts.conditions.push(format!("{device} IS NOT NULL"));
        parts.conditions.push(format!("NOT {}", self.ours(&AnalysisSource::Ephemeral)));
        self.add_conditions(&mut parts, question)?;
        let devices = self.grouped(&parts, &[("weight".to_owned(), format!("min({weight})"))]);
        let places = shown.join(", ");
        Some(format!(
            "SELECT {names}, sum(weight) AS devices FROM (\n{devices}\n)\n\
             GROUP BY {places} ORDER BY {places}"
        ))
    }

    fn quantiles(&self, question: &RawQuestion, property: &str, period: Period) -> Option<String> {
        let mut parts = Parts::default();
        parts.keys.push(format!("{} AS start", self.start(period)));
        self.add_scope(&mut parts, question)?;
        let scope = parts.keys.get(1).and_then(|key| key.rsplit(' ').next()).map(str::to_owned);
        let (column, kind) = self.cells(property)?;
        if !matches!(kind, ColumnKind::Number | ColumnKind::Decimal) {
            return None;
        }
        parts.conditions.push(format!("{column} IS NOT NULL"));
        self.add_conditions(&mut parts, question)?;
        parts.keys.push(format!("{column} AS number"));
        let weight = format!("sum({})", self.ours(&AnalysisSource::Weight));
        let numbers = self.grouped(&parts, &[("weight".to_owned(), weight)]);
        let scope = scope.map(|name| format!("{name}, ")).unwrap_or_default();
        let of = |share: &str| format!("min(iif(seen >= {share} * total, number, NULL))");
        let places = if scope.is_empty() { "1" } else { "1, 2" };
        Some(format!(
            "WITH number AS MATERIALIZED (\n{numbers}\n),\n\
             every AS (SELECT start, {scope}number, weight FROM number\n  \
             UNION ALL SELECT NULL, {scope}number, weight FROM number),\n\
             ranked AS (SELECT start, {scope}number, weight,\n  \
             sum(weight) OVER (PARTITION BY start, {scope}1 ORDER BY number) AS seen,\n  \
             sum(weight) OVER (PARTITION BY start, {scope}1) AS total FROM every)\n\
             SELECT start, {scope}max(total) AS count, {} AS p50, {} AS p90, {} AS p99,\n  \
             sum(max(number, 0) * weight) AS sum\n\
             FROM ranked GROUP BY {places} ORDER BY {places}",
            of("0.5"),
            of("0.9"),
            of("0.99")
        ))
    }

    fn versions(&self, span: &StoreQuestions) -> Option<String> {
        let (day, weight) = (self.ours(&AnalysisSource::Day), self.ours(&AnalysisSource::Weight));
        let version = self.version()?;
        Some(format!(
            "SELECT coalesce({version}, '') AS version, min({day}) AS first, max({day}) AS last,\n  \
             sum({weight}) AS count\nFROM {} AS t\nWHERE {day} BETWEEN '{}' AND '{}'\n\
             GROUP BY 1 ORDER BY 1",
            quoted(self.product.name()),
            span.from,
            span.to
        ))
    }

    /// The weeks of each device, and its first one, of all raw events.
    fn cohorts(&self) -> String {
        let (device, weight) =
            (self.ours(&AnalysisSource::Device), self.ours(&AnalysisSource::Weight));
        format!(
            "WITH seen AS MATERIALIZED (\n\
             SELECT {} AS week, {device} AS device, min({weight}) AS weight\n\
             FROM {} AS t\nWHERE {device} IS NOT NULL AND NOT {}\nGROUP BY 1, 2\n),\n\
             first AS MATERIALIZED (SELECT device, min(week) AS cohort FROM seen GROUP BY 1)\n",
            self.start(Period::Week),
            quoted(self.product.name()),
            self.ours(&AnalysisSource::Ephemeral)
        )
    }

    /// Sums by the keys.
    fn sums(&self, parts: &Parts, sums: &[(&str, String)]) -> String {
        let sums: Vec<_> =
            sums.iter().map(|(name, of)| ((*name).to_owned(), format!("sum({of})"))).collect();
        let places: Vec<String> = (1..=parts.keys.len()).map(|place| place.to_string()).collect();
        format!("{} ORDER BY {}", self.grouped(parts, &sums), places.join(", "))
    }

    fn grouped(&self, parts: &Parts, columns: &[(String, String)]) -> String {
        let columns = columns.iter().map(|(name, expression)| format!("{expression} AS {name}"));
        let all: Vec<String> = parts.keys.iter().cloned().chain(columns).collect();
        let places: Vec<String> = (1..=parts.keys.len()).map(|place| place.to_string()).collect();
        let lists: String = parts.lists.iter().map(|list| format!(", {list}")).collect();
        format!(
            "SELECT {}\nFROM {} AS t{lists}\nWHERE {}\nGROUP BY {}",
            all.join(", "),
            quoted(self.product.name()),
            parts.conditions.join("\n  AND "),
            places.join(", ")
        )
    }

    /// The version, or what rows are split by.
    fn add_scope(&self, parts: &mut Parts, question: &RawQuestion) -> Option<()> {
        let (name, shown) = match (&question.split, &question.versions) {
            (Some(column), _) => ("\"by\"", self.shown(column)?),
            (None, VersionScope::Each) => ("version", self.version()?),
            (None, _) => return Some(()),
        };
        parts.keys.push(format!("coalesce({shown}, '') AS {name}"));
        Some(())
    }

    /// A value that is counted by. Events without one do not count.
    fn add_key(&self, parts: &mut Parts, name: &str, property: &str) -> Option<()> {
        let (column, kind) = self.cells(property)?;
        if is_list(kind) {
            parts.lists.push(format!("json_each({column}) AS {name}"));
            parts.keys.push(format!("{name}.value AS {name}"));
        } else {
            let shown = self.shown(property)?;
            parts.conditions.push(format!("{shown} IS NOT NULL"));
            parts.keys.push(format!("{shown} AS {name}"));
        }
        Some(())
    }

    pub(super) fn add_conditions(&self, parts: &mut Parts, question: &RawQuestion) -> Option<()> {
        let event = match &question.count {
            RawCount::ByProperty { event, .. }
            | RawCount::Across { event, .. }
            | RawCount::Failures { event, .. }
            | RawCount::Quantiles { event, .. } => Some(event),
            _ => None,
        };
        let (from, to) = question.days();
        let days = format!("{} BETWEEN '{from}' AND '{to}'", self.ours(&AnalysisSource::Day));
        let mut first = vec![days];
        if let Some(event) = event {
            first.push(format!("{} = {}", self.ours(&AnalysisSource::Event), text(event)));
        }
        match &question.versions {
            VersionScope::Only(version) if version == OTHER => return None,
            VersionScope::Only(version) => {
                first.push(format!("coalesce({}, '') = {}", self.version()?, text(version)));
            }
            VersionScope::All | VersionScope::Each => {}
        }
        for filter in &question.filters {
            first.push(self.condition(filter)?);
        }
        parts.conditions.splice(0..0, first);
        Some(())
    }

    pub(super) fn condition(&self, filter: &ValueFilter) -> Option<String> {
        let (column, kind) = self.cells(&filter.column)?;
        let is_open = matches!(kind, ColumnKind::Text | ColumnKind::Texts | ColumnKind::Number);
        if is_open && filter.values.iter().any(|value| value == OTHER) {
            return None;
        }
        let values: Vec<&str> =
            filter.values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
        let mut either = Vec::new();
        if !values.is_empty() {
            let values = texts(values.iter().copied());
            either.push(if is_list(kind) {
                format!(
                    "EXISTS (SELECT 1 FROM json_each({column}) AS own WHERE own.value IN ({values}))"
                )
            } else {
                format!("{} IN ({values})", self.shown(&filter.column)?)
            });
        }
        if values.len() < filter.values.len() {
            let nothing =
                if is_list(kind) { format!(" OR {column} = '[]'") } else { String::new() };
            either.push(format!("{column} IS NULL{nothing}"));
        }
        Some(match either.len() {
            1 => either.swap_remove(0),
            _ => format!("({})", either.join(" OR ")),
        })
    }

    /// The column that has the version.
    fn version(&self) -> Option<String> {
        let mut entries = self.product.newest().envelope.iter();
        let key = entries.find(|entry| entry.source == Source::Version)?.key;
        self.cells(key).map(|(column, _)| column)
    }

    /// A value as an answer shows it; `None` if the column has several.
    pub(super) fn shown(&self, name: &str) -> Option<String> {
        let (column, kind) = self.cells(name)?;
        match kind {
            ColumnKind::Flag => {
                Some(format!("CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"))
            }
            ColumnKind::Word | ColumnKind::Text => Some(column),
            ColumnKind::Number => Some(format!("CAST({column} AS TEXT)")),
            _ => None,
        }
    }

    /// The column of a property or an entry; `None` if it is of several kinds.
    pub(super) fn cells(&self, name: &str) -> Option<(String, ColumnKind)> {
        self.table.columns.iter().find_map(|column| match column.source() {
            AnalysisSource::Cells(own, kinds) if own == name => match kinds.as_slice() {
                [kind] => Some((format!("t.{}", quoted(&column.name)), *kind)),
                _ => None,
            },
            _ => None,
        })
    }

    /// A column that is not one of the catalog.
    pub(super) fn ours(&self, source: &AnalysisSource) -> String {
        let column = self.table.columns.iter().find(|column| column.source() == source);
        format!("t.{}", quoted(column.map_or("", |column| column.name.as_str())))
    }

    /// The first day of a period, as an answer shows it.
    fn start(&self, period: Period) -> String {
        let day = self.ours(&AnalysisSource::Day);
        match period {
            Period::Day => day,
            // The Sunday on or after it, and the Monday before that.
            Period::Week => format!("date({day}, 'weekday 0', '-6 days')"),
            Period::Month => format!("substr({day}, 1, 7)"),
        }
    }
}

/// The value under which an answer counts those that few devices have told.
const OTHER: &str = headcount_store::limits::OTHER;

fn is_list(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Words | ColumnKind::Texts)
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in SQL.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn texts<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.map(text).collect::<Vec<_>>().join(", ")
}

//! What `promtool check metrics` complains of, as far as it can be about this
//! program's output: the rules of Prometheus' `promlint`, and of its parser.

use std::collections::{BTreeMap, BTreeSet};

/// Every complaint; empty if there is none.
pub(super) fn complaints(text: &str) -> Vec<String> {
    let mut lint = Lint::default();
    text.lines().for_each(|line| lint.line(line));
    if !text.ends_with('\n') {
        lint.complain("the last line does not end");
    }
    lint.histograms();
    lint.complaints
}

#[derive(Default)]
struct Lint {
    /// The kinds of families, by name.
    kinds: BTreeMap<String, String>,
    helped: BTreeSet<String>,
    /// The family that is being written.
    family: String,
    samples: BTreeSet<String>,
    /// By family and labels without `le`: the buckets, and the count.
    buckets: BTreeMap<String, Vec<(f64, f64)>>,
    counts: BTreeMap<String, f64>,
    complaints: Vec<String>,
}

impl Lint {
    fn complain(&mut self, text: &str) {
        self.complaints.push(format!("{}: {text}", self.family));
    }

    fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap_or((rest, ""));
            self.family = name.to_owned();
            if help.trim().is_empty() {
                self.complain("no help text");
            }
            if !self.helped.insert(name.to_owned()) {
                self.complain("two help texts");
            }
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap_or((rest, ""));
            if name != self.family {
                self.complain("a type without help, or of another family");
            }
            self.name(name, kind);
            if self.kinds.insert(name.to_owned(), kind.to_owned()).is_some() {
                self.complain("two types");
            }
        } else {
            self.sample(line);
        }
    }

    fn name(&mut self, name: &str, kind: &str) {
        let words: Vec<&str> = name.split('_').collect();
        if name.chars().any(|letter| letter.is_ascii_uppercase() || letter == ':') {
            self.complain("capitals or a colon in the name");
        }
        match kind {
            "counter" if !name.ends_with("_total") => self.complain("a counter without `_total`"),
            "gauge" | "histogram" if name.ends_with("_total") => {
                self.complain("`_total`, and not a counter");
            }
            "counter" | "gauge" | "histogram" => {}
            _ => self.complain("an unknown type"),
        }
        if ["_count", "_sum", "_bucket"].iter().any(|suffix| name.ends_with(suffix)) {
            self.complain("a suffix of histograms");
        }
        if words.iter().any(|word| ["counter", "gauge", "histogram", "summary"].contains(word)) {
            self.complain("the type in the name");
        }
        const ABBREVIATED: [&str; 12] =
            ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m"];
        if words.iter().any(|word| ABBREVIATED.contains(word)) {
            self.complain("an abbreviated unit");
        }
        const SCALED: [&str; 14] = [
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "kilobytes",
            "megabytes",
            "gigabytes",
            "percent",
            "bits",
            "days",
            "weeks",
            "months",
            "years",
        ];
        if words.iter().any(|word| SCALED.contains(word)) {
            self.complain("a unit that is not a base unit");
        }
    }

    fn sample(&mut self, line: &str) {
        let Some((series, value)) = line.rsplit_once(' ') else {
            return self.complain("a line without a value");
        };
        let Ok(value) = value.parse::<f64>() else {
            return self.complain("a value that is not a number");
        };
        if !self.samples.insert(series.to_owned()) {
            self.complain(&format!("the same series twice: {series}"));
        }
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let kind = self.kinds.get(&self.family).cloned().unwrap_or_default();
        let suffix = name.strip_prefix(&*self.family).unwrap_or("?");
        match (kind.as_str(), suffix) {
            ("histogram", "_bucket") => {
                let (others, bound) = labels.rsplit_once("le=\"").unwrap_or((labels, ""));
                let bound = bound.trim_end_matches("\"}").replace("+Inf", "inf");
                let key = format!("{}{{{}", self.family, others.trim_end_matches(','));
                let bound = bound.parse().unwrap_or(f64::NAN);
                self.buckets.entry(key).or_default().push((bound, value));
            }
            ("histogram", "_count") => {
                let key = format!("{}{{{}", self.family, labels.trim_end_matches('}'));
                self.counts.insert(key, value);
            }
            ("histogram", "_sum") | ("counter" | "gauge", "") => {}
            _ => self.complain(&format!("{series} is not of the family before it")),
        }
        if kind == "counter" && value < 0.0 {
            self.complain("a negative counter");
        }
    }

    fn histograms(&mut self) {
        for (key, buckets) in std::mem::take(&mut self.buckets) {
            self.family = key;
            let is_sorted = |of: fn(&(f64, f64)) -> f64| buckets.iter().is_sorted_by_key(of);
            if !is_sorted(|(bound, _)| *bound) || !is_sorted(|(_, count)| *count) {
                self.complain("buckets that are not cumulative");
            }
            let last = buckets.last().copied().unwrap_or_default();
            if last.0 != f64::INFINITY || Some(&last.1) != self.counts.get(&self.family) {
                self.complain("the last bucket is not infinite, or not the count");
            }
        }
    }
}

#[test]
fn it_finds_what_promtool_finds() {
    for (text, found) in [
        ("# HELP a_total A.\n# TYPE a_total counter\na_total 1\n", ""),
        ("# HELP a A.\n# TYPE a counter\na 1\n", "a counter without `_total`"),
        ("# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n", "not a counter"),
        ("# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n", "an abbreviated unit"),
        ("# HELP a_minutes A.\n# TYPE a_minutes gauge\n", "not a base unit"),
        ("# HELP aB A.\n# TYPE aB gauge\n", "capitals"),
        ("# HELP a \n# TYPE a gauge\n", "no help text"),
        ("# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "the same series twice"),
        ("# HELP a A.\n# TYPE a gauge\nb 1\n", "not of the family"),
        ("# HELP a_gauge A.\n# TYPE a_gauge gauge\n", "the type in the name"),
        (
            "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\n\
             a_sum 1\na_count 1\n",
            "not cumulative",
        ),
        (
            "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n",
            "not the count",
        ),
    ] {
        let told = complaints(text).join("\n");
        assert!(told.contains(found) && told.is_empty() == found.is_empty(), "{text}{told}");
    }
}

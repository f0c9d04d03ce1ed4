//! Prometheus' text format: families, each with its help and its kind, and
//! their samples.

use std::fmt::{Display, Write as _};

use super::histogram::HistogramState;

/// The content type of this format.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page of metrics that is being written.
#[derive(Debug, Default)]
pub(super) struct Exposition {
    text: String,
}

/// One family of a page.
pub(super) struct MetricFamily<'a> {
    text: &'a mut String,
    name: &'static str,
}

/// What a family is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MetricKind {
    /// Only grows, and begins anew at a start; its name ends in `_total`.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values by size.
    Histogram,
}

/// The labels of a sample. Their values are of closed lists, or names of loaded
/// products.
pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

impl Exposition {
    /// Begins a family. Its help is one sentence.
    pub(super) fn family(
        &mut self,
        kind: MetricKind,
        name: &'static str,
        help: &'static str,
    ) -> MetricFamily<'_> {
        let kind = match kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        };
        // Writing into a `String` cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        MetricFamily { text: &mut self.text, name }
    }

    /// A family with one sample and no labels.
    pub(super) fn one(
        &mut self,
        kind: MetricKind,
        name: &'static str,
        help: &'static str,
        value: impl Display,
    ) {
        self.family(kind, name, help).sample(&[], value);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

impl MetricFamily<'_> {
    pub(super) fn sample(&mut self, labels: Labels<'_>, value: impl Display) {
        self.line("", labels, None, value);
    }

    pub(super) fn histogram(&mut self, labels: Labels<'_>, state: &HistogramState) {
        for (bound, count) in &state.buckets {
            let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
            self.line("_bucket", labels, Some(&bound), count);
        }
        self.line("_sum", labels, None, state.sum);
        self.line("_count", labels, None, state.count());
    }

    fn line(&mut self, suffix: &str, labels: Labels<'_>, bound: Option<&str>, value: impl Display) {
        let (text, name) = (&mut *self.text, self.name);
        text.push_str(name);
        text.push_str(suffix);
        let bound = bound.map(|bound| ("le", bound));
        let mut separator = '{';
        for (label, value) in labels.iter().copied().chain(bound) {
            let _ = write!(text, "{separator}{label}=\"{}\"", escaped(value));
            separator = ',';
        }
        if separator == ',' {
            text.push('}');
        }
        let _ = writeln!(text, " {value}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_their_labels_and_these_are_escaped() {
        let mut page = Exposition::default();
        page.one(MetricKind::Gauge, "up", "Whether it is up.", 1);
        let mut family = page.family(MetricKind::Histogram, "size_bytes", "Sizes.");
        let state = HistogramState { buckets: vec![(0.5, 1), (f64::INFINITY, 3)], sum: 2.5 };
        family.histogram(&[("of", "a\"b\\c\nd")], &state);
        assert_eq!(
            page.finish(),
            "# HELP up Whether it is up.\n\
             # TYPE up gauge\n\
             up 1\n\
             # HELP size_bytes Sizes.\n\
             # TYPE size_bytes histogram\n\
             size_bytes_bucket{of=\"a\\\"b\\\\c\\nd\",le=\"0.5\"} 1\n\
             size_bytes_bucket{of=\"a\\\"b\\\\c\\nd\",le=\"+Inf\"} 3\n\
             size_bytes_sum{of=\"a\\\"b\\\\c\\nd\"} 2.5\n\
             size_bytes_count{of=\"a\\\"b\\\\c\\nd\"} 3\n"
        );
    }
}

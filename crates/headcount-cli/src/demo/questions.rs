//! What the collector says of itself, asked over HTTP like by anybody else.

use serde_json::Value as Json;

use crate::loopback_collector::Asking;

/// How the arrivals of one product ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    pub(super) stored: u64,
    pub(super) duplicate: u64,
    pub(super) rejected: u64,
    /// For now; they came again.
    pub(super) refused: u64,
}

/// Asks a collector.
pub(super) struct Questions(Asking);

impl Questions {
    pub(super) fn to(url: &str) -> Self {
        Self(Asking::of(url))
    }

    /// The collector's counter, as text.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub(super) fn counter(&self) -> Result<String, String> {
        self.0.get("/metrics")
    }

    /// How many events of a product the panels stand on, all days taken
    /// together.
    ///
    /// # Errors
    ///
    /// Why there is no answer, or none that can be read.
    pub(super) fn events(&self, product: &str, from: &str, to: &str) -> Result<u64, String> {
        let path = format!("/api/v1/ask/events?product={product}&from={from}&to={to}");
        let text = self.0.get(&path)?;
        sum(&text).ok_or_else(|| format!("{path} has an answer without rows of counts: {text}"))
    }
}

/// The counts of all rows.
fn sum(text: &str) -> Option<u64> {
    let json: Json = serde_json::from_str(text).ok()?;
    json.get("rows")?.as_array()?.iter().map(|row| row.get("count")?.as_u64()).sum()
}

/// One product's lines of the counter.
pub(super) fn outcomes(counter: &str, product: &str) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for line in counter.lines() {
        let Some(line) = line.strip_prefix("headcount_events_total{") else { continue };
        let Some((labels, count)) = line.rsplit_once("} ") else { continue };
        let count: u64 = count.trim().parse().unwrap_or(0);
        if label(labels, "product") != Some(product) {
            continue;
        }
        match label(labels, "outcome") {
            Some("stored") => outcomes.stored += count,
            Some("duplicate") => outcomes.duplicate += count,
            Some("rejected") => outcomes.rejected += count,
            Some("refused") => outcomes.refused += count,
            _ => {}
        }
    }
    outcomes
}

/// The value of a label; those of this counter need no escapes.
fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    labels.split(',').find_map(|pair| {
        let (own, value) = pair.split_once('=')?;
        (own == name).then(|| value.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_read_by_product() {
        let counter = "# TYPE headcount_events_total counter\n\
            headcount_events_total{product=\"atomic\",outcome=\"stored\",reason=\"\"} 7\n\
            headcount_events_total{product=\"atomic\",outcome=\"rejected\",reason=\"too-old\"} 1\n\
            headcount_events_total{product=\"atomic\",outcome=\"rejected\",reason=\"malformed\"} 2\n\
            headcount_events_total{product=\"atomcode\",outcome=\"duplicate\",reason=\"\"} 5\n\
            something_else{product=\"atomic\",outcome=\"stored\"} 9\n";
        let atomic = Outcomes { stored: 7, rejected: 3, ..Outcomes::default() };
        assert_eq!(outcomes(counter, "atomic"), atomic);
        assert_eq!(outcomes(counter, "atomcode").duplicate, 5);
        assert_eq!(outcomes(counter, "clacky"), Outcomes::default());
    }

    #[test]
    fn rows_add_up_and_anything_else_is_no_answer() {
        assert_eq!(sum("{\"rows\":[{\"day\":\"2026-11-20\",\"count\":4},{\"count\":3}]}"), Some(7));
        assert_eq!(sum("{\"rows\":[]}"), Some(0));
        for bad in ["", "{}", "{\"rows\":[{\"count\":\"4\"}]}"] {
            assert_eq!(sum(bad), None, "{bad}");
        }
    }
}

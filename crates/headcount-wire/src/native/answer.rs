//! A collector's answer to a native batch.

use headcount_catalog::Reason;

use crate::json::{Object, Written, list, parse};
use crate::{Json, Outcome, Settled};

/// The counts in an answer, each with the outcome that it counts.
const COUNTS: [(&str, &str); 4] = [
    ("accepted", "stored"),
    ("duplicate", "duplicate"),
    ("rejected", "rejected"),
    ("refused", "refused"),
];

/// The outcome of every event of a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchAnswer {
    /// One outcome for each event.
    pub outcomes: Vec<Outcome>,
}

/// Where an event was rejected, in names of the catalog. It never holds what
/// was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedPlace<'a> {
    /// The event, and the property that was missing or wrong if there is one.
    pub path: (&'a str, Option<&'a str>),
    /// The name of the property's kind; otherwise empty.
    pub kind: &'a str,
    /// The version of the catalog that judged.
    pub catalog: u32,
}

impl BatchAnswer {
    /// Encodes the answer as JSON: the counts, and every event that was not
    /// stored.
    #[must_use]
    pub fn encode(&self) -> String {
        self.encode_with(|_| None)
    }

    /// Encodes the answer with the places of rejected events, as far as they
    /// are known. An event is given by its index.
    #[must_use]
    pub fn encode_with<'a>(&self, place: impl Fn(usize) -> Option<RejectedPlace<'a>>) -> String {
        let refused = match self.count("refused") {
            0 => String::new(),
            refused => format!("\"refused\":{refused},"),
        };
        let mut text = format!(
            "{{\"accepted\":{},\"duplicate\":{},\"rejected\":{},{refused}\"events\":",
            self.count("stored"),
            self.count("duplicate"),
            self.count("rejected"),
        );
        let others =
            self.outcomes.iter().enumerate().filter(|(_, outcome)| **outcome != Outcome::Stored);
        list(&mut text, others, |out, (index, outcome)| {
            let mut event = Object::after(std::mem::take(out));
            event.put("index", &Written::Whole(i64::try_from(index).unwrap_or(i64::MAX)));
            event.put("outcome", &Written::Text(outcome.name()));
            if let Some(reason) = outcome.reason() {
                event.put("reason", &Written::Text(reason.name()));
                if let Some(place) = place(index) {
                    put_place(&mut event, &place);
                }
            }
            *out = event.finish();
        });
        text.push('}');
        text
    }

    /// Encodes the answer to a batch without an event, by which somebody asks
    /// whether a key is known: it says which catalog the events would be judged
    /// by.
    #[must_use]
    pub fn encode_empty(catalog: u32) -> String {
        let counts = "{\"accepted\":0,\"duplicate\":0,\"rejected\":0,\"events\":[]";
        format!("{counts},\"catalog\":{catalog}}}")
    }

    /// Decodes the answer to a batch of `sent` events; `None` if it is not one
    /// or contradicts itself, so that the page of a proxy settles nothing.
    #[must_use]
    pub fn decode(body: &[u8], sent: usize) -> Option<Self> {
        let json = parse(std::str::from_utf8(body).ok()?).ok()?;
        json.get("accepted")?;
        let mut outcomes = vec![Outcome::Stored; sent];
        let Json::List(events) = json.get("events")? else { return None };
        for event in events {
            let index = event.get("index").and_then(number)?;
            let reason = event.get("reason").and_then(Json::text).and_then(Reason::read);
            *outcomes.get_mut(index)? = match event.get("outcome")?.text()? {
                "duplicate" => Outcome::Duplicate,
                "rejected" => Outcome::Rejected(reason.unwrap_or(Reason::Malformed)),
                "refused" => Outcome::Refused,
                _ => return None,
            };
        }
        let answer = Self { outcomes };
        // An event that is counted but not listed would be mistaken for stored.
        for (count, name) in COUNTS {
            if json.get(count).map_or(Some(0), number)? != answer.count(name) {
                return None;
            }
        }
        Some(answer)
    }

    fn count(&self, name: &str) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.name() == name).count()
    }

    /// Returns what is settled by the answer.
    #[must_use]
    pub fn settled(&self) -> Settled {
        let rejected =
            self.outcomes.iter().filter(|outcome| outcome.reason().is_some()).count() as u64;
        let refused =
            self.outcomes.iter().enumerate().filter(|(_, outcome)| **outcome == Outcome::Refused);
        Settled { rejected, again: refused.map(|(place, _)| place).collect() }
    }
}

fn put_place(event: &mut Object<'_>, place: &RejectedPlace<'_>) {
    let (name, property) = place.path;
    match property {
        None => event.put("path", &Written::Text(name)),
        Some(property) => event.put("path", &Written::Text(&format!("{name}.{property}"))),
    }
    if !place.kind.is_empty() {
        event.put("kind", &Written::Text(place.kind));
    }
    event.put("catalog", &Written::Whole(place.catalog.into()));
}

/// Reads the body of a 2xx to a batch of `sent` events; `None` if it is not a
/// collector's answer.
#[must_use]
pub fn settled(body: &[u8], sent: usize) -> Option<Settled> {
    BatchAnswer::decode(body, sent).map(|answer| answer.settled())
}

/// Returns the version of the newest catalog that a collector has, if it says
/// so: it does to a batch without an event.
#[must_use]
pub fn newest_catalog(body: &[u8]) -> Option<u32> {
    let json = parse(std::str::from_utf8(body).ok()?).ok()?;
    json.get("accepted")?;
    u32::try_from(json.get("catalog")?.whole()?).ok()
}

fn number(json: &Json<'_>) -> Option<usize> {
    usize::try_from(json.whole()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_batch_is_answered_with_the_catalog() {
        let body = BatchAnswer::encode_empty(7);
        assert_eq!(newest_catalog(body.as_bytes()), Some(7));
        assert_eq!(BatchAnswer::decode(body.as_bytes(), 0), Some(BatchAnswer { outcomes: vec![] }));
        for other in ["{\"catalog\":7}", "<html>", "{\"accepted\":0,\"catalog\":-1}", "[]"] {
            assert_eq!(newest_catalog(other.as_bytes()), None, "{other}");
        }
    }
}

//! Copies of events that a store has already. A file calls them duplicates at
//! once. ClickHouse finds them when it counts: until then it calls them stored.

use serde_json::Value as Json;

use crate::client::Answer;
use crate::fixture::Fixture;
use crate::store_choice::is_embedded;

/// How many events are called stored, and how many duplicates, of so many new
/// ones and copies.
fn called(new: u64, copies: u64) -> (u64, u64) {
    if is_embedded() { (new, copies) } else { (new + copies, 0) }
}

impl Answer {
    /// Checks what it says of new events and of copies.
    #[track_caller]
    pub(crate) fn assert_taken(&self, new: u64, copies: u64) {
        let json = self.json();
        let (accepted, duplicate) = called(new, copies);
        let said = (&json["accepted"], &json["duplicate"]);
        assert_eq!(said, (&Json::from(accepted), &Json::from(duplicate)), "{self:?}");
    }
}

impl Fixture {
    /// Checks how many events of a product are new and how many are copies: in
    /// the counter of outcomes, and that the store counts each new one once.
    #[track_caller]
    pub(crate) fn assert_taken(&self, product: &str, new: u64, copies: u64) {
        assert_eq!(self.counted(product), new, "events of {product} that are counted");
        let outcomes = ["stored", "duplicate"].map(|outcome| self.counter(product, outcome, ""));
        assert_eq!(outcomes, <[u64; 2]>::from(called(new, copies)), "outcomes of {product}");
    }

    /// The number of a product's events, as a question about all days has it.
    #[track_caller]
    fn counted(&self, product: &str) -> u64 {
        let days = "from=2026-01-01&to=2027-12-31";
        let asked = format!("/api/v1/ask/events?product={product}&{days}");
        let answer = self.get(&asked);
        assert_eq!(answer.status, 200, "{answer:?}");
        let rows = answer.json()["rows"].as_array().expect("rows").clone();
        rows.iter().map(|row| row["count"].as_u64().expect("a number")).sum()
    }
}

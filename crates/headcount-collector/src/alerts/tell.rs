//! The message about what a rule sees.

use headcount_catalog::{Grain, Time};
use serde_json::{Map, Value as Json, json};

use super::message::AlertMessage;
use super::rule::{AlertCondition, AlertRule};
use super::sight::AlertSight;

impl AlertMessage {
    /// A message about what a rule sees. `state` is `begun`, `over` or `test`.
    #[must_use]
    pub fn new(
        rule: &AlertRule,
        sight: &AlertSight,
        state: &'static str,
        at: Time,
        url: &str,
    ) -> Self {
        let numbers: Map<String, Json> = sight
            .numbers
            .iter()
            .map(|(name, number)| ((*name).to_owned(), json!(number)))
            .collect();
        let mut message = json!({
            "alert": rule.name,
            "state": state,
            "kind": rule.condition.kind(),
            "product": rule.product,
            "at": at.format(Grain::Second),
            "sentence": sight.sentence,
            "numbers": numbers,
            "page": format!("{url}/product/{}", rule.product),
        });
        if let AlertCondition::FailureRate { event, .. } = &rule.condition {
            message["event"] = json!(event);
        }
        if let Some(version) = &sight.version {
            message["version"] = json!(version);
        }
        Self(message)
    }
}

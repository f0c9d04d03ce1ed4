//! What is told of an alert that has begun or is over, or of a week or month.

use serde_json::Value as Json;

/// A message about an alert, or a report: an object of JSON, as a webhook gets
/// it. It has names of a catalog, numbers and times, and nothing of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertMessage(pub(super) Json);

impl AlertMessage {
    /// Reads a message that was kept; `None` if it is not one.
    #[must_use]
    pub fn of_json(json: Json) -> Option<Self> {
        let is_alert = json["alert"].is_string() && json["state"].is_string();
        let is_report = json["report"].is_string() && json["text"].is_string();
        (is_alert || is_report).then_some(Self(json))
    }

    pub(crate) fn of_report(json: Json) -> Self {
        Self(json)
    }

    /// The message as JSON.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.0
    }

    /// A text of it; empty if it has none of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }
}

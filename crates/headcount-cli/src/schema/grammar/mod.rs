//! The schema of `telemetry.toml` itself, for editors. The words are the
//! parser's own lists, and a test compares the keys with those that it looks
//! for. What several sections must agree on only `headcount check` sees.

mod envelope;
mod event;
mod places;
mod product;
mod table;
mod text;

use serde_json::{Value, json};

use table::Table;

/// The sections that only a program's own catalog has.
const OF_A_HOST: [&str; 4] = ["consent", "files", "identity", "destination"];

/// Returns the schema of the file.
pub(super) fn schema() -> Value {
    let mut schema = Table::new()
        .needs("grammar", "The version of this grammar.", json!({ "const": 1 }))
        .needs(
            "catalog",
            "The version of your catalog. Raise it with every release that changes the file.",
            text::whole(1, u64::from(u32::MAX)),
        )
        .needs("product", "The product that collects.", product::product())
        .may("consent", "How consent is decided.", product::consent())
        .may("files", "Where files are on the person's machine.", places::files())
        .may("identity", "How a device is identified.", places::identity())
        .needs("envelope", "What every event contains, in this order.", envelope::envelope())
        .may("destination", "Where events are sent.", places::destinations())
        .may("shipping", "How events are sent.", places::shipping())
        .may("retention", "How long anything is kept.", places::retention())
        .may("report", "Turns reports about the uploads themselves on.", event::report())
        .may("opentelemetry", "Somebody else's program.", places::observed())
        .may("purpose", "What groups of events are for.", event::purposes())
        .needs("event", "What may be reported.", event::events())
        .described();
    schema["title"] = "telemetry.toml".into();
    schema["description"] =
        "Everything that a product may report. `headcount check` knows more.".into();
    // A catalog of somebody else's program has none of them.
    schema["if"] = json!({ "required": ["opentelemetry"] });
    schema["else"] = json!({ "required": OF_A_HOST });
    schema["$defs"] = json!({ "property": event::property(), "entry": envelope::entry() });
    schema
}

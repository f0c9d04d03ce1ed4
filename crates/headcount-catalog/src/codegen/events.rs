//! Writes a struct for each event. Its literal is the only constructor.

use super::plan::EventStruct;
use super::writer::{CodeWriter, prose, quoted};
use crate::Kind;

/// Writes the struct of an event, and its conversion to values.
pub(super) fn write(out: &mut CodeWriter<'_>, event: &EventStruct) {
    let sdk = out.sdk;
    let name = &event.name;
    let mut heading = format!(
        "The event {}. Owner: {}.",
        quoted(event.definition.name),
        prose(event.definition.owner)
    );
    if let Some(day) = event.definition.expires {
        heading.push_str(&format!(
            " Recorded until {day}; after that day, recording it does nothing."
        ));
    }
    out.line("");
    out.docs(&[&prose(event.definition.why), &heading]);
    out.line("#[derive(Debug, Clone, PartialEq)]");
    out.line("#[must_use = \"an event is not reported until it is recorded\"]");
    if event.fields.is_empty() {
        out.line(&format!("pub struct {name} {{}}"));
    } else {
        out.open(&format!("pub struct {name} {{"));
        event.fields.iter().for_each(|field| field.declare(out));
        out.close("}");
    }
    out.line("");
    out.open(&format!("impl {sdk}::TypedEvent for {name} {{"));
    out.open(&format!("fn definition(&self) -> &'static {sdk}::catalog::Event {{"));
    out.line(&format!("&CATALOG.events[{}]", event.place));
    out.close("}");
    out.line("");
    let value = format!("::core::option::Option<{sdk}::catalog::Value>");
    out.open(&format!("fn values(&self) -> ::std::vec::Vec<{value}> {{"));
    values(out, event);
    out.close("}");
    out.close("}");
}

fn values(out: &mut CodeWriter<'_>, event: &EventStruct) {
    let mut values = Vec::new();
    for (place, property) in event.definition.properties.iter().enumerate() {
        let kind = format!("event.properties[{place}].kind");
        let value = event.fields.iter().find(|field| field.place == place);
        values.push(match (value, property.kind) {
            (Some(field), _) => field.value(&kind),
            (None, Kind::Constant(_) | Kind::CountOf(_)) => "None".to_owned(),
            (None, _) => continue,
        });
    }
    out.import_value(&values);
    out.line(&format!("let event = &CATALOG.events[{}];", event.place));
    out.list("event.complete(::std::vec![", &values, "])");
}

//! Codegen's events: one struct an event, whose literal is its constructor.

use super::page::{Page, prose, quoted};
use super::plan::Said;
use crate::Kind;

/// Writes the struct of an event and how it becomes values.
pub(super) fn write(page: &mut Page<'_>, said: &Said) {
    let sdk = page.sdk;
    let name = &said.name;
    let whose =
        format!("{}, looked after by {}.", quoted(said.event.name), prose(said.event.owner));
    page.line("");
    page.docs(&[&prose(said.event.why), &whose]);
    page.line("#[derive(Debug, Clone, PartialEq)]");
    page.line("#[must_use = \"an event says nothing until it is recorded\"]");
    if said.fields.is_empty() {
        page.line(&format!("pub struct {name} {{}}"));
    } else {
        page.open(&format!("pub struct {name} {{"));
        said.fields.iter().for_each(|field| field.declare(page));
        page.close("}");
    }
    page.line("");
    page.open(&format!("impl {sdk}::TypedEvent for {name} {{"));
    page.open(&format!("fn definition(&self) -> &'static {sdk}::catalog::Event {{"));
    page.line(&format!("&CATALOG.events[{}]", said.place));
    page.close("}");
    page.line("");
    let value = format!("::core::option::Option<{sdk}::catalog::Value>");
    page.open(&format!("fn values(&self) -> ::std::vec::Vec<{value}> {{"));
    values(page, said);
    page.close("}");
    page.close("}");
}

fn values(page: &mut Page<'_>, said: &Said) {
    let mut values = Vec::new();
    for (place, property) in said.event.properties.iter().enumerate() {
        let kind = format!("event.properties[{place}].kind");
        let value = said.fields.iter().find(|field| field.place == place);
        values.push(match (value, property.kind) {
            (Some(field), _) => field.value(&kind),
            (None, Kind::Constant(_) | Kind::CountOf(_)) => "None".to_owned(),
            (None, _) => continue,
        });
    }
    page.import_value(&values);
    page.line(&format!("let event = &CATALOG.events[{}];", said.place));
    page.list("event.complete(::std::vec![", &values, "])");
}

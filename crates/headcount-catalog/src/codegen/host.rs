//! Codegen's host: the envelope entries that only the host knows.

use super::page::Page;
use super::plan::Field;

/// Writes `Host`.
pub(super) fn write(page: &mut Page<'_>, fields: &[Field]) {
    let sdk = page.sdk;
    page.line("");
    page.docs(&[
        "What only this program knows of every event it reports; what it does not set is absent.",
    ]);
    page.line("#[derive(Debug, Clone, Default, PartialEq)]");
    if fields.is_empty() {
        page.line("pub struct Host {}");
    } else {
        page.open("pub struct Host {");
        fields.iter().for_each(|field| field.declare(page));
        page.close("}");
    }
    page.line("");
    page.open(&format!("impl {sdk}::Context for Host {{"));
    page.open(&format!("fn entries(&self) -> ::std::vec::Vec<(usize, {sdk}::catalog::Value)> {{"));
    entries(page, fields);
    page.close("}");
    page.close("}");
}

fn entries(page: &mut Page<'_>, fields: &[Field]) {
    if fields.is_empty() {
        page.line("::std::vec::Vec::new()");
        return;
    }
    let entries: Vec<String> = fields
        .iter()
        .map(|field| {
            let value = field.value(&format!("kind({})?", field.place));
            format!("({}, {value})", field.place)
        })
        .collect();
    page.import_value(&entries);
    if entries.iter().any(|entry| entry.contains("kind(")) {
        page.line("let kind = |place: usize| CATALOG.envelope[place].source.kind();");
    }
    page.list("let entries = [", &entries, "];");
    page.line("entries.into_iter().filter_map(|(place, value)| Some((place, value?))).collect()");
}

//! Writes the struct `Host`: the envelope entries that only the host knows.

use super::plan::Field;
use super::writer::CodeWriter;

/// Writes the struct `Host`, and its conversion to values.
pub(super) fn write(out: &mut CodeWriter<'_>, fields: &[Field]) {
    let sdk = out.sdk;
    out.line("");
    out.docs(&[
        "What only this program knows about the events it reports. Entries that are not set are absent.",
    ]);
    out.line("#[derive(Debug, Clone, Default, PartialEq)]");
    if fields.is_empty() {
        out.line("pub struct Host {}");
    } else {
        out.open("pub struct Host {");
        fields.iter().for_each(|field| field.declare(out));
        out.close("}");
    }
    out.line("");
    out.open(&format!("impl {sdk}::Context for Host {{"));
    out.open(&format!("fn entries(&self) -> ::std::vec::Vec<(usize, {sdk}::catalog::Value)> {{"));
    entries(out, fields);
    out.close("}");
    out.close("}");
}

fn entries(out: &mut CodeWriter<'_>, fields: &[Field]) {
    if fields.is_empty() {
        out.line("::std::vec::Vec::new()");
        return;
    }
    let entries: Vec<String> = fields
        .iter()
        .map(|field| {
            let value = field.value(&format!("kind({})?", field.place));
            format!("({}, {value})", field.place)
        })
        .collect();
    out.import_value(&entries);
    if entries.iter().any(|entry| entry.contains("kind(")) {
        out.line("let kind = |place: usize| CATALOG.envelope[place].source.kind();");
    }
    out.list("let entries = [", &entries, "];");
    out.line("entries.into_iter().filter_map(|(place, value)| Some((place, value?))).collect()");
}

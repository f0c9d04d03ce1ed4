//! Rows for programs: a line of JSON each, or CSV.

use std::ops::ControlFlow;

use headcount_collector::offline::{AnalysisRows, AnalysisValue};
use serde_json::Value as Json;

use super::output::{FinishedRows, Output, QueryEnd, text_of};

/// A line of JSON a row.
pub(super) struct JsonRows<'o> {
    out: &'o mut Output,
    keys: Vec<String>,
}

impl<'o> JsonRows<'o> {
    pub(super) fn new(out: &'o mut Output) -> Self {
        Self { out, keys: Vec::new() }
    }
}

impl AnalysisRows for JsonRows<'_> {
    fn columns(&mut self, names: &[&str]) -> ControlFlow<()> {
        // A key that comes twice would hide the first one.
        for (place, name) in names.iter().enumerate() {
            let before = names[..place].iter().filter(|known| *known == name).count();
            let key = if before == 0 { (*name).to_owned() } else { format!("{name}:{before}") };
            self.keys.push(Json::from(key).to_string());
        }
        ControlFlow::Continue(())
    }

    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()> {
        // Each value goes out before the next one is made: a row may have many
        // that are long.
        for (place, (key, value)) in self.keys.iter().zip(values).enumerate() {
            let value = match *value {
                AnalysisValue::Null => Json::Null,
                AnalysisValue::Integer(number) => number.into(),
                // JSON knows no infinity.
                AnalysisValue::Real(number) => number.into(),
                value => text_of(value).map_or(Json::Null, |text| text.as_ref().into()),
            };
            let before = if place == 0 { "{" } else { "," };
            self.out.write(before)?;
            self.out.write(key)?;
            self.out.write(":")?;
            self.out.write(&value.to_string())?;
        }
        self.out.write("}\n")
    }
}

impl FinishedRows for JsonRows<'_> {
    fn finish(&mut self, _: QueryEnd) {}
}

/// CSV as RFC 4180 has it, with lines that end as on Unix. NULL is empty, and
/// an empty text is `""`.
pub(super) struct CsvRows<'o> {
    out: &'o mut Output,
}

impl<'o> CsvRows<'o> {
    pub(super) fn new(out: &'o mut Output) -> Self {
        Self { out }
    }
}

impl AnalysisRows for CsvRows<'_> {
    fn columns(&mut self, names: &[&str]) -> ControlFlow<()> {
        let names: Vec<String> = names.iter().map(|name| field(name)).collect();
        self.out.write(&format!("{}\n", names.join(",")))
    }

    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()> {
        for (place, value) in values.iter().enumerate() {
            self.out.write(if place == 0 { "" } else { "," })?;
            let field = text_of(*value).map_or_else(String::new, |text| field(&text));
            self.out.write(&field)?;
        }
        self.out.write("\n")
    }
}

impl FinishedRows for CsvRows<'_> {
    fn finish(&mut self, _: QueryEnd) {}
}

fn field(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_quoted_if_it_needs_it() {
        for (text, wanted) in [
            ("plain text", "plain text"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(field(text), wanted);
        }
    }
}

//! An answer as a collector writes it.

use serde_json::Value as Json;

/// The rows of an answer, each as it was written and as it is read.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) rows: Vec<AnswerRow>,
    /// The rows of as many days to compare with; `None` if they were not asked
    /// for.
    pub(super) before: Option<Vec<AnswerRow>>,
    /// The first and the last day of those.
    pub(super) compared: Option<(String, String)>,
    /// The first day that was counted, where raw events were.
    pub(super) counted_from: Option<String>,
}

/// A row.
#[derive(Debug)]
pub(super) struct AnswerRow {
    text: String,
    json: Json,
}

impl AnswerRow {
    fn read(text: &str) -> Option<Self> {
        Some(Self { text: text.to_owned(), json: serde_json::from_str(text).ok()? })
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_default()
    }

    pub(super) fn number(&self, name: &str) -> f64 {
        self.json[name].as_f64().unwrap_or_default()
    }

    pub(super) fn count(&self, name: &str) -> u64 {
        self.json[name].as_u64().unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.json.get(name).is_some()
    }

    /// `None` if it is `null` or not there.
    pub(super) fn share(&self, name: &str) -> Option<f64> {
        self.json[name].as_f64()
    }

    /// The first of these that the row has: what it stands for.
    pub(super) fn start(&self) -> Option<&str> {
        ["day", "week", "month"].iter().find_map(|name| self.json[*name].as_str())
    }
}

impl Answer {
    /// Reads an answer. `None` if it is not one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let whole: Json = serde_json::from_str(text).ok()?;
        whole["rows"].as_array()?;
        let has_before = whole["before"]["rows"].is_array();
        let day = |name: &str| whole["before"][name].as_str().map(str::to_owned);
        let compared = day("from").zip(day("to"));
        let (mut rows, mut before) = (Vec::new(), Vec::new());
        for (depth, row) in objects_in_lists(text) {
            let rows = match depth {
                2 => &mut rows,
                3 => &mut before,
                _ => continue,
            };
            rows.push(AnswerRow::read(row)?);
        }
        let counted_from = whole["counted_from"].as_str().map(str::to_owned);
        Some(Self { rows, before: has_before.then_some(before), compared, counted_from })
    }

    /// One line a row, each as the collector wrote it. Whose days they are is
    /// said first, if there are two kinds.
    pub(super) fn lines(&self) -> String {
        let Some(before) = &self.before else {
            return self.rows.iter().map(|row| format!("{}\n", row.text)).collect();
        };
        let line = |span: &str, row: &AnswerRow| {
            let rest = row.text.trim_start_matches('{');
            format!("{{\"span\":\"{span}\",{rest}\n")
        };
        let asked = self.rows.iter().map(|row| line("asked", row));
        asked.chain(before.iter().map(|row| line("before", row))).collect()
    }
}

/// The objects that stand in a list, and how many lists and objects they are
/// in. The text is valid JSON.
fn objects_in_lists(text: &str) -> Vec<(usize, &str)> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    let (mut in_text, mut is_escaped) = (false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => open.push((byte, place)),
            b'}' | b']' => {
                let Some((own, start)) = open.pop() else { continue };
                if own == b'{' && open.last().is_some_and(|(outer, _)| *outer == b'[') {
                    found.push((open.len(), &text[start..=place]));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_printed_as_they_were_written() {
        let text = r#"{"question":"x","product":"a","rows":[{"day":"2026-11-20","share":0.5000},
            {"value":"}]\"{[","cohorts":{"to":"a"}}],"before":{"from":"a","to":"b","rows":[{"n":1}]}}"#;
        let answer = Answer::read(text).unwrap();
        assert_eq!(
            answer.lines(),
            "{\"span\":\"asked\",\"day\":\"2026-11-20\",\"share\":0.5000}\n\
             {\"span\":\"asked\",\"value\":\"}]\\\"{[\",\"cohorts\":{\"to\":\"a\"}}\n\
             {\"span\":\"before\",\"n\":1}\n"
        );
        let answer = Answer::read(r#"{"rows":[]}"#).unwrap();
        assert_eq!((answer.lines().as_str(), answer.before.is_none()), ("", true));
        for other in ["", "{}", "[]", "<html>", r#"{"rows":{}}"#, r#"{"rows":["#] {
            assert!(Answer::read(other).is_none(), "{other}");
        }
    }
}

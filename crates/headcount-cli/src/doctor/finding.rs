//! Something that was looked at, and how all of it is told.

use serde_json::json;

use crate::print;

/// Something that was looked at: a sentence, and what to do if it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) text: String,
    pub(super) cure: Option<String>,
}

impl Finding {
    pub(super) fn right(text: impl Into<String>) -> Self {
        Self { text: text.into(), cure: None }
    }

    pub(super) fn wrong(text: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { text: text.into(), cure: Some(cure.into()) }
    }
}

/// Prints what was found, and the one thing to do next: what cures the first
/// wrong thing, or `well`. Returns 1 if something is wrong.
pub(super) fn tell(findings: &[Finding], well: &str, as_json: bool) -> u8 {
    let cure = findings.iter().find_map(|finding| finding.cure.as_deref());
    let next = format!("{}.", cure.unwrap_or(well).trim_end_matches('.'));
    if as_json {
        let all: Vec<_> = findings
            .iter()
            .map(|finding| json!({"wrong": finding.cure.is_some(), "text": finding.text}))
            .collect();
        print::out(format_args!("{}\n", json!({"findings": all, "next": next})));
    } else {
        for Finding { text, cure } in findings {
            let mark = if cure.is_some() { "WRONG" } else { "right" };
            print::out(format_args!("{mark}: {text}\n"));
        }
        print::out(format_args!("Next: {next}\n"));
    }
    u8::from(cure.is_some())
}

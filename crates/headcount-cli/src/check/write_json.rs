//! Findings for a program: one line of JSON each.

use serde_json::json;

use super::finding::{Finding, Level, Source};

pub(super) fn text(sources: &[Source], findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let source = &sources[finding.source];
        let (from, to) = finding.span;
        let (start, end) = (source.position(from), source.position(to));
        let line = json!({
            "file": source.shown,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "level": level(finding.level),
            "code": finding.code,
            "name": finding.name,
            "message": finding.message,
        });
        format!("{line}\n")
    };
    findings.iter().map(line).collect()
}

/// The word for a level.
fn level(level: Level) -> &'static str {
    match level {
        Level::Mistake => "mistake",
        Level::Advice => "advice",
        Level::Hint => "hint",
    }
}

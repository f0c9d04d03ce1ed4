//! Findings as annotations of a pull request: commands that a job of GitHub
//! prints. The form is that of GitHub's "Workflow commands".

use super::finding::{Finding, Level, Source};

pub(super) fn text(sources: &[Source], findings: &[Finding]) -> String {
    let command = |finding: &Finding| {
        let source = &sources[finding.source];
        let (start, end) = (source.position(finding.span.0), source.position(finding.span.1));
        let word = match finding.level {
            Level::Mistake => "error",
            Level::Advice => "warning",
            Level::Hint => "notice",
        };
        format!(
            "::{word} file={},line={},col={},endLine={},endColumn={},title={} {}::{}\n",
            property(&source.url),
            start.line,
            start.column,
            end.line,
            end.column,
            finding.code,
            finding.name,
            data(&finding.message),
        )
    };
    findings.iter().map(command).collect()
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

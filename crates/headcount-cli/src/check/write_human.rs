//! Findings for a terminal: the sentence, and the line that it is about.

use annotate_snippets::{AnnotationKind, Level as Drawn, Renderer, Snippet};
use headcount::person::visible;

use super::finding::{Finding, Level, Source};

/// Characters of a line that are drawn. A longer one is named by its place
/// alone: it would fill the screen.
const LONGEST_LINE: usize = 400;

/// A finding, with the line that it is about.
pub(super) fn text(source: &Source, finding: &Finding) -> String {
    let level = match finding.level {
        Level::Mistake => Drawn::ERROR,
        Level::Advice => Drawn::WARNING,
        Level::Hint => Drawn::NOTE,
    };
    let (from, to) = finding.span;
    let position = source.position(from);
    let line = source.text.lines().nth(position.line - 1).unwrap_or_default();
    let message = visible(&finding.message);
    if source.text.is_empty() || line.len() > LONGEST_LINE {
        let word = if finding.level == Level::Mistake { "error" } else { "warning" };
        let place = if source.text.is_empty() {
            source.shown.clone()
        } else {
            format!("{}:{}:{}", source.shown, position.line, position.column)
        };
        return format!("{word}[{}]: {message}\n --> {place}\n\n", finding.code);
    }
    // At the end of a line there is nothing to underline: its last character
    // is.
    let to = to.max(from).min(source.text.len());
    let snippet = Snippet::source(source.text.as_str())
        .path(source.shown.as_str())
        .annotation(AnnotationKind::Primary.span(from.min(to)..to));
    let report = [level.primary_title(message.as_str()).id(finding.code).element(snippet)];
    format!("{}\n\n", Renderer::plain().render(&report))
}

//! JSON that is written: a value, as text in the style of the file around it.

/// A value that is written.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    Object(Vec<(&'static str, Json)>),
    Array(Vec<Json>),
    Text(String),
    Number(u32),
}

/// How a file is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Style {
    /// What each level is indented by.
    pub(crate) unit: String,
    /// What ends a line.
    pub(crate) newline: &'static str,
    /// Whether everything is on one line.
    pub(crate) is_one_line: bool,
}

impl Style {
    /// The style of a file that does not exist yet.
    pub(crate) fn of_new_file() -> Self {
        Self { unit: "  ".to_owned(), newline: "\n", is_one_line: false }
    }

    /// The style of a text: its first line's end, its first indented line.
    pub(crate) fn of(text: &str) -> Self {
        let newline = match text.find('\n') {
            Some(end) if text[..end].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let inside =
            text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        let has_content = inside.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let has_content = has_content.is_none_or(|rest| !rest.trim().is_empty());
        let first = text.lines().skip(1).map(indentation).find(|space| !space.is_empty());
        let unit = match first {
            Some(space) if space.starts_with('\t') => "\t",
            Some(space) => space,
            None => "  ",
        };
        Self { unit: unit.to_owned(), newline, is_one_line: has_content && !inside.contains('\n') }
    }
}

/// The spaces and tabs at the start of a line that has something else.
pub(crate) fn indentation(line: &str) -> &str {
    let content = line.trim_start_matches([' ', '\t']);
    if content.trim().is_empty() { "" } else { &line[..line.len() - content.len()] }
}

impl Json {
    /// The value as text. Lines below the first are indented by `indent` and
    /// more. There is always space behind an opening bracket: a value without
    /// it was there before (see `splice`).
    pub(crate) fn render(&self, indent: &str, style: &Style) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Array(items) => {
                let items = items.iter();
                block('[', ']', indent, style, |deeper| {
                    items.map(|item| item.render(deeper, style)).collect()
                })
            }
            Self::Object(members) => block('{', '}', indent, style, |deeper| {
                let members = members.iter();
                members.map(|(name, value)| named(name, value, deeper, style)).collect()
            }),
        }
    }
}

/// A member of an object.
pub(crate) fn named(name: &str, value: &Json, indent: &str, style: &Style) -> String {
    format!("{}: {}", quoted(name), value.render(indent, style))
}

fn block(
    open: char,
    close: char,
    indent: &str,
    style: &Style,
    items: impl FnOnce(&str) -> Vec<String>,
) -> String {
    if style.is_one_line {
        return format!("{open} {} {close}", items(indent).join(", "));
    }
    let Style { unit, newline, .. } = style;
    let deeper = format!("{indent}{unit}");
    let items = items(&deeper).join(&format!(",{newline}{deeper}"));
    format!("{open}{newline}{deeper}{items}{newline}{indent}{close}")
}

/// A string of JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

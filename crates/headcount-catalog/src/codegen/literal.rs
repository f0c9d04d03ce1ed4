//! Constant expressions as a tree. They are written on one line if they fit,
//! and on several lines otherwise.

use std::collections::BTreeSet;

use super::writer::WIDTH;

/// A constant expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// Text that is written as it is: a number, a quoted string, a call of a
    /// macro.
    Plain(String),
    /// A path without arguments: `Kind::Flag`.
    Path(String),
    /// A tuple.
    Tuple(Vec<Literal>),
    /// A path with one argument: `Some(…)`.
    Call(&'static str, Box<Literal>),
    /// A path with named fields: `Kind::Count { … }`.
    Fields(&'static str, Vec<(&'static str, Literal)>),
    /// A borrowed slice: `&[…]`.
    List(Vec<Literal>),
}

impl Literal {
    /// Returns a quoted string.
    pub(super) fn text(text: &str) -> Self {
        Self::Plain(format!("{text:?}"))
    }

    /// Returns a number.
    pub(super) fn number(number: impl Into<u64>) -> Self {
        Self::Plain(number.into().to_string())
    }

    /// Returns `true` or `false`.
    pub(super) fn flag(flag: bool) -> Self {
        Self::Plain(flag.to_string())
    }

    /// Returns a variant without fields. Its `Debug` is its name.
    pub(super) fn variant(of: &str, variant: impl std::fmt::Debug) -> Self {
        Self::Path(format!("{of}::{variant:?}"))
    }

    /// Returns an optional value.
    pub(super) fn maybe<T>(value: Option<T>, write: impl FnOnce(T) -> Self) -> Self {
        match value {
            Some(value) => Self::Call("Some", Box::new(write(value))),
            None => Self::Path("None".to_owned()),
        }
    }

    /// Returns an optional string.
    pub(super) fn maybe_text(text: Option<&str>) -> Self {
        Self::maybe(text, Self::text)
    }

    /// Returns a slice of what `write` makes of each item.
    pub(super) fn list<T>(items: &[T], write: impl FnMut(&T) -> Self) -> Self {
        Self::List(items.iter().map(write).collect())
    }

    /// Returns a slice of strings.
    pub(super) fn texts(texts: &[&str]) -> Self {
        Self::list(texts, |text| Self::text(text))
    }

    /// Collects the first names of all paths, for a `use`.
    pub(super) fn imports(&self, into: &mut BTreeSet<String>) {
        match self {
            Self::Plain(_) => {}
            Self::Path(path) => import(path, into),
            Self::Call(path, value) => {
                import(path, into);
                value.imports(into);
            }
            Self::Fields(path, fields) => {
                import(path, into);
                fields.iter().for_each(|(_, value)| value.imports(into));
            }
            Self::Tuple(items) | Self::List(items) => {
                items.iter().for_each(|item| item.imports(into));
            }
        }
    }

    fn flat(&self) -> String {
        let joined = |items: &[Self]| items.iter().map(Self::flat).collect::<Vec<_>>().join(", ");
        match self {
            Self::Plain(text) | Self::Path(text) => text.clone(),
            Self::Tuple(items) => format!("({})", joined(items)),
            Self::List(items) => format!("&[{}]", joined(items)),
            Self::Call(path, value) => format!("{path}({})", value.flat()),
            Self::Fields(path, fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", value.flat()))
                    .collect();
                format!("{path} {{ {} }}", fields.join(", "))
            }
        }
    }

    /// Writes the expression after `before` columns of its line, of which
    /// `indent` are blank. One more column is reserved for what follows.
    pub(super) fn write(&self, out: &mut String, indent: usize, before: usize) {
        let flat = self.flat();
        if before + flat.chars().count() < WIDTH {
            out.push_str(&flat);
            return;
        }
        let inner = indent + 4;
        let blank = |out: &mut String, columns: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', columns));
        };
        match self {
            Self::Plain(_) | Self::Path(_) | Self::Tuple(_) => out.push_str(&flat),
            Self::Call(path, value) => {
                out.push_str(path);
                out.push('(');
                value.write(out, indent, before + path.len() + 2);
                out.push(')');
            }
            Self::Fields(path, fields) => {
                out.push_str(path);
                out.push_str(" {");
                for (name, value) in fields {
                    blank(out, inner);
                    out.push_str(name);
                    out.push_str(": ");
                    value.write(out, inner, inner + name.len() + 2);
                    out.push(',');
                }
                blank(out, indent);
                out.push('}');
            }
            Self::List(items) => {
                out.push_str("&[");
                let mut column = WIDTH;
                for item in items {
                    let plain = matches!(item, Self::Plain(_));
                    let length = item.flat().chars().count();
                    if plain && column + 1 + length < WIDTH {
                        out.push(' ');
                        column += 1;
                    } else {
                        blank(out, inner);
                        column = inner;
                    }
                    item.write(out, inner, column);
                    out.push(',');
                    column += length + 1;
                }
                blank(out, indent);
                out.push(']');
            }
        }
    }
}

fn import(path: &str, into: &mut BTreeSet<String>) {
    let name = path.split("::").next().unwrap_or(path);
    into.insert(name.to_owned());
}

/// Returns what to import for an expression: paths, each with its names.
pub(super) fn uses(literal: &Literal, sdk: &str) -> Vec<(String, Vec<String>)> {
    let mut names = BTreeSet::new();
    literal.imports(&mut names);
    let (options, model): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| matches!(name.as_str(), "None" | "Some"));
    let paths =
        [("::core::option::Option".to_owned(), options), (format!("{sdk}::catalog"), model)];
    paths.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_on_its_line_and_what_does_not_is_broken() {
        let set = Literal::texts(&["aaaaaaaaaaaaaaaa"; 6]);
        let kind = Literal::Fields(
            "Kind::Choice",
            vec![("set", set), ("other", Literal::maybe_text(None))],
        );
        let mut wide = String::new();
        kind.write(&mut wide, 0, 0);
        assert_eq!(wide.lines().count(), 7, "{wide}");
        assert!(wide.lines().all(|line| line.len() <= WIDTH), "{wide}");
        let mut short = String::new();
        Literal::texts(&["a", "b"]).write(&mut short, 0, 0);
        assert_eq!(short, r#"&["a", "b"]"#);
    }

    #[test]
    fn text_is_quoted() {
        assert_eq!(Literal::text("say \"no\"\n\u{202e}").flat(), r#""say \"no\"\n\u{202e}""#);
    }
}

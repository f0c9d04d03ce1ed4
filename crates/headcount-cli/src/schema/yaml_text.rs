//! YAML as people write it: mappings in their order, by indentation, and every
//! text in double quotation marks, as JSON has it.

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Yaml {
    Text(String),
    List(Vec<Yaml>),
    /// On one line.
    Row(Vec<String>),
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The whole document.
    pub(super) fn document(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    /// Writes a list or a mapping, each part on lines of its own.
    fn write(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(pairs) => {
                for (key, value) in pairs {
                    out.push_str(&" ".repeat(indent));
                    value.write_pair(key, out, indent);
                }
            }
            Self::List(items) => {
                for item in items {
                    out.push_str(&" ".repeat(indent));
                    out.push_str("- ");
                    let mut inner = String::new();
                    item.write(&mut inner, indent + 2);
                    out.push_str(inner.trim_start());
                }
            }
            Self::Text(_) | Self::Row(_) => {
                out.push_str(&self.inline());
                out.push('\n');
            }
        }
    }

    fn write_pair(&self, key: &str, out: &mut String, indent: usize) {
        match self {
            Self::Map(_) | Self::List(_) => {
                out.push_str(&format!("{key}:\n"));
                self.write(out, indent + 2);
            }
            _ => out.push_str(&format!("{key}: {}\n", self.inline())),
        }
    }

    fn inline(&self) -> String {
        let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        match self {
            Self::Text(text) => quoted(text),
            Self::Row(items) => {
                let items: Vec<String> = items.iter().map(quoted).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(_) | Self::List(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_place() {
        let inner = Yaml::Map(vec![("id", Yaml::text("a: \"b\"")), ("most", Yaml::text("7"))]);
        let list =
            Yaml::List(vec![inner, Yaml::Map(vec![("row", Yaml::Row(vec!["x".to_owned()]))])]);
        let whole = Yaml::Map(vec![("groups", list)]);
        let expected = "groups:\n  - id: \"a: \\\"b\\\"\"\n    most: \"7\"\n  - row: [\"x\"]\n";
        assert_eq!(whole.document(), expected);
    }
}

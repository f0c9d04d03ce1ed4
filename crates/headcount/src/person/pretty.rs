//! Indents JSON for a person, without changing a byte of a name or value.

/// Whether a line is JSON.
pub(super) fn is_json(line: &str) -> bool {
    line.parse::<serde_json::Value>().is_ok()
}

/// Returns the same JSON, indented, in the same order and with every byte of
/// names and values unchanged. Text that is not JSON is returned as it is.
pub(super) fn pretty(line: &str) -> String {
    if !is_json(line) {
        return line.to_owned();
    }
    let mut page = Page { text: String::with_capacity(line.len() * 2), depth: 0 };
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                page.text.push('"');
                while let Some(letter) = letters.next() {
                    page.text.push(letter);
                    match letter {
                        '"' => break,
                        '\\' => page.text.extend(letters.next()),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => page.text.extend([letter, close]),
                    None => page.open(letter),
                }
            }
            '}' | ']' => page.close(letter),
            ',' => {
                page.text.push(',');
                page.line();
            }
            ':' => page.text.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => page.text.push(letter),
        }
    }
    page.text
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn open(&mut self, letter: char) {
        self.text.push(letter);
        self.depth += 1;
        self.line();
    }

    fn close(&mut self, letter: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.text.push(letter);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_json_keeps_its_order_and_its_bytes() {
        let line = r#"{"z":1,"a":[],"m":{"q":"say \"no\": [x], {y}","é":"\u00e9 "},"l":["b","a"],"n":null}"#;
        let shown = pretty(line);
        assert_eq!(
            shown,
            r#"{
  "z": 1,
  "a": [],
  "m": {
    "q": "say \"no\": [x], {y}",
    "é": "\u00e9 "
  },
  "l": [
    "b",
    "a"
  ],
  "n": null
}"#
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&shown), read(line));
        assert_eq!(pretty(&shown), shown);
        assert_eq!(pretty("{torn"), "{torn");
    }
}

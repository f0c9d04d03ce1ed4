//! Texts that are made at random: layout, comments, commas and values of all
//! sorts, with and without hooks.

use crate::install::entries::{Entry, Shape, found, installed, removed};
use crate::install::table::NESTED;

const FLAT: Shape = Shape {
    is_nested: false,
    has_type: false,
    command: "bash",
    timeout: "timeoutSec",
    version: Some(1),
};

/// SplitMix64: the same texts in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let count = choices.len() as u64;
        choices[usize::try_from(self.below(count)).unwrap()]
    }

    /// White space and comments.
    fn space(&mut self) -> String {
        let pieces =
            ["", "", "", " ", "\n", "\n  ", "\t", "/* a, ] } */", " // b, ] }\n", "\n\n    "];
        let count = self.below(3);
        (0..count).map(|_| self.of(&pieces)).collect()
    }

    fn container(&mut self, open: char, close: char, items: Vec<String>) -> String {
        let mut text = String::from(open);
        let last = items.len().wrapping_sub(1);
        for (place, item) in items.into_iter().enumerate() {
            let (before, after) = (self.space(), self.space());
            let has_comma = place != last || self.below(3) == 0;
            text.push_str(&format!("{before}{item}{after}{}", if has_comma { "," } else { "" }));
        }
        format!("{text}{}{close}", self.space())
    }

    fn member(&mut self, name: &str, value: &str) -> String {
        format!("\"{name}\"{}:{}{value}", self.space(), self.space())
    }

    fn value(&mut self, depth: u64) -> String {
        if depth == 0 || self.below(3) == 0 {
            let values =
                ["null", "-1.5e3", "true", "\"\"", "\"a\\\"]},//\"", "\"\\u00e9é\"", "[]", "{}"];
            return self.of(&values).to_owned();
        }
        let count = self.below(4);
        let names = ["a", "b", "hooks", "version", "command"];
        if self.below(2) == 0 {
            let items = (0..count).map(|_| self.value(depth - 1)).collect();
            return self.container('[', ']', items);
        }
        let items = (0..count).map(|place| {
            let value = self.value(depth - 1);
            let name = names[usize::try_from(place).unwrap()];
            self.member(name, &value)
        });
        let items = items.collect();
        self.container('{', '}', items)
    }

    fn event(&mut self) -> String {
        let count = self.below(3);
        let items = (0..count).map(|_| self.value(2)).collect();
        self.container('[', ']', items)
    }

    /// A file: other members, and hooks at any place among them.
    fn file(&mut self) -> String {
        let mut members = Vec::new();
        for name in ["z", "version"] {
            if self.below(2) == 0 {
                let value = self.value(2);
                members.push(self.member(name, &value));
            }
        }
        if self.below(3) > 0 {
            let mut events = Vec::new();
            for name in ["Start", "Other", "End"] {
                if self.below(2) == 0 {
                    let event = self.event();
                    events.push(self.member(name, &event));
                }
            }
            let hooks = self.container('{', '}', events);
            let hooks = self.member("hooks", &hooks);
            let place = usize::try_from(self.below(members.len() as u64 + 1)).unwrap();
            members.insert(place, hooks);
        }
        let file = self.container('{', '}', members);
        let text = format!("{}{file}{}", self.space(), self.space());
        let text = if self.below(4) == 0 { text.replace('\n', "\r\n") } else { text };
        if self.below(8) == 0 { format!("\u{feff}{text}") } else { text }
    }
}

#[test]
fn every_text_is_as_it_was_and_a_second_install_changes_nothing() {
    let is_ours = |line: &str| line.starts_with("ours");
    let entries: Vec<Entry> = ["Start", "Turn", "End"]
        .map(|event| Entry { event, command: format!("ours {event}"), timeout: 5 })
        .to_vec();
    let mut chance = Chance(16);
    for _ in 0..1_000 {
        let before = chance.file();
        for shape in [NESTED, FLAT] {
            let with = installed(&before, shape, &entries, &is_ours)
                .unwrap_or_else(|error| panic!("{error}: {before}"));
            assert_eq!(found(&with, shape, &is_ours).unwrap().len(), 3);
            assert_eq!(installed(&with, shape, &entries, &is_ours).unwrap(), with);
            let after = removed(&with, shape, &is_ours).unwrap();
            assert_eq!(after.as_deref(), Some(before.as_str()), "with hooks:\n{with}");
        }
    }
}

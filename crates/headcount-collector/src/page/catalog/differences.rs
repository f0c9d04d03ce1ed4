//! What is different between two versions, in the sentences of
//! `headcount diff`.

use headcount_catalog::{Catalog, Difference, Judgement, difference};
use maud::{Markup, html};

use crate::page::text;

/// What somebody wants to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// There is one version only.
    Nothing,
    /// The numbers of two versions that there are.
    Two { old: u32, new: u32 },
    /// A version that there is not.
    Unknown,
}

impl Compared {
    /// Reads the two numbers of an address. Without them, the newest version is
    /// compared with the one before; a number without the other, with its
    /// neighbour.
    pub(super) fn read(versions: &[Catalog], old: Option<&str>, new: Option<&str>) -> Self {
        let place = |text: &str| {
            let number: u32 = text.parse().ok()?;
            versions.iter().position(|catalog| catalog.version == number)
        };
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (place(old), place(new)),
            (Some(old), None) => (place(old), place(old).map(|place| place.saturating_sub(1))),
            (None, Some(new)) => (place(new).map(|place| place + 1), place(new)),
            (None, None) => (Some(1), Some(0)),
        };
        let (Some(old), Some(new)) = (old, new) else { return Self::Unknown };
        match (versions.get(old), versions.get(new)) {
            (Some(old), Some(new)) => Self::Two { old: old.version, new: new.version },
            _ => Self::Nothing,
        }
    }

    /// The choice of two versions, and what is different.
    pub(super) fn panel(self, versions: &[Catalog], product: &str) -> Markup {
        html! {
            section.panel id="difference" {
                h2 { "What is different" }
                (self.choice(versions, product))
                @match self {
                    Self::Nothing => { p.quiet { "There is no version before it to compare with." } }
                    Self::Unknown => { p.quiet { "There is no such version here: choose two of the list." } }
                    Self::Two { old, new } => { (between(versions, old, new)) }
                }
            }
        }
    }

    fn choice(self, versions: &[Catalog], product: &str) -> Markup {
        let (old, new) = match self {
            Self::Two { old, new } => (Some(old), Some(new)),
            Self::Nothing | Self::Unknown => (None, None),
        };
        html! {
            @if versions.len() > 1 {
                form.compared method="get" action={ "/product/" (product) "/catalog#difference" } {
                    (select("old", "From version", versions, old))
                    (select("new", "to version", versions, new))
                    button type="submit" { "Compare" }
                }
            }
        }
    }
}

fn select(name: &str, label: &str, versions: &[Catalog], chosen: Option<u32>) -> Markup {
    html! {
        label {
            (label) " "
            select name=(name) {
                @for catalog in versions {
                    option value=(catalog.version) selected[chosen == Some(catalog.version)] {
                        (catalog.version)
                    }
                }
            }
        }
        " "
    }
}

fn between(versions: &[Catalog], old: u32, new: u32) -> Markup {
    let find = |number| versions.iter().find(|catalog| catalog.version == number);
    let all = match (find(old), find(new)) {
        (Some(old), Some(new)) => difference(old, new),
        _ => Vec::new(),
    };
    html! {
        p {
            @match Judgement::of(&all) {
                Judgement::Widens => { "Version " (new) " collects " strong { "more" } " than version " (old) "." }
                Judgement::Narrows => { "Version " (new) " collects " strong { "less" } " than version " (old) "." }
                Judgement::Same => { "Version " (new) " collects the same as version " (old) "." }
            }
        }
        @if all.is_empty() { p.quiet { "They say the same." } }
        @for (judgement, title) in [
            (Judgement::Widens, "More"),
            (Judgement::Narrows, "Less"),
            (Judgement::Same, "The same, with other words or settings"),
        ] {
            (group(title, all.iter().filter(|one| one.judgement == judgement)))
        }
        @if all.iter().any(|one| one.is_withheld) {
            p.quiet.note {
                "What is marked with * is not sent for people who have agreed to version " (old)
                " only, until they agree to version " (new) "."
            }
        }
    }
}

fn group<'a>(title: &str, all: impl Iterator<Item = &'a Difference>) -> Markup {
    let all: Vec<&Difference> = all.collect();
    html! {
        @if !all.is_empty() {
            h3 { (title) }
            ul {
                @for one in all {
                    li { (text::quoted(&one.sentence)) @if one.is_withheld { " *" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(numbers: &[u32]) -> Vec<Catalog> {
        let text = include_str!("../../../../../examples/atomic/telemetry.toml");
        let catalog = headcount_catalog::parse(text).unwrap();
        numbers.iter().map(|version| Catalog { version: *version, ..catalog }).collect()
    }

    #[test]
    fn two_versions_are_read_and_nonsense_is_not_one() {
        let all = versions(&[7, 5, 2]);
        let read = |old, new| Compared::read(&all, old, new);
        assert_eq!(read(None, None), Compared::Two { old: 5, new: 7 });
        assert_eq!(read(Some("2"), Some("7")), Compared::Two { old: 2, new: 7 });
        assert_eq!(read(Some("7"), Some("2")), Compared::Two { old: 7, new: 2 });
        assert_eq!(read(Some("2"), None), Compared::Two { old: 2, new: 5 });
        assert_eq!(read(None, Some("5")), Compared::Two { old: 2, new: 5 });
        assert_eq!(read(None, Some("2")), Compared::Nothing);
        for wrong in ["3", "-1", "", "<b>", "99999999999", "2 "] {
            assert_eq!(read(Some(wrong), Some("7")), Compared::Unknown, "{wrong}");
            assert_eq!(read(None, Some(wrong)), Compared::Unknown, "{wrong}");
        }
        assert_eq!(Compared::read(&versions(&[1]), None, None), Compared::Nothing);
    }
}

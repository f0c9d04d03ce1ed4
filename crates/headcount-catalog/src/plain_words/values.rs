//! The values that something may have, in words.

use super::inline::{code, codes, prose};
use super::thousands::thousands;
use crate::{Absent, Arch, Grain, Kind, Platform, Property, Reference, Unit, Words};

/// The values of a property, with what is said of it besides.
pub(super) fn of_property(property: &Property, title: &str) -> String {
    let mut text = kind(&property.kind, title);
    text.push_str(absent(property.optional));
    if let Some(day) = property.expires {
        text.push_str(&format!(" Not recorded after {day}."));
    }
    if let Some(why) = property.why {
        text.push_str(&format!(" {}", prose(why)));
    }
    text
}

/// What is told where there is no value.
pub(super) fn absent(optional: Option<Absent>) -> &'static str {
    match optional {
        None => "",
        Some(Absent::Omit) => " Left out where there is none.",
        Some(Absent::Null) => " `null` where there is none.",
    }
}

/// A unit as people write it: a currency has capital letters (ISO 4217).
fn unit_name(unit: &str) -> String {
    match unit {
        "usd" | "eur" | "gbp" | "jpy" | "cny" | "chf" => unit.to_ascii_uppercase(),
        _ => unit.to_owned(),
    }
}

/// The values of a kind, in a sentence. `title` is the product's.
pub(super) fn kind(kind: &Kind, title: &str) -> String {
    match *kind {
        Kind::Flag => "`true` or `false`.".to_owned(),
        Kind::Choice { set, other } => {
            one_of_a_set("One of", set, other, "Any other value is reported as")
        }
        Kind::Choices { set, other } => one_of_a_set(
            "Any of these, each at most once:",
            set,
            other,
            "Any other value is reported as",
        ),
        Kind::Count { cap } => format!("A whole number, at most {}.", thousands(cap)),
        Kind::Amount { unit, cap, decimals } => {
            let cap = thousands(cap);
            format!(
                "An amount in {}, with at most {decimals} decimals, at most {cap}.",
                unit_name(unit)
            )
        }
        Kind::Bucket { ladder } => {
            let numbers: Vec<String> = ladder.iter().map(|number| thousands(*number)).collect();
            format!("A whole number, rounded down to 0, {}.", numbers.join(", "))
        }
        Kind::Duration { unit, cap } => {
            let (unit, a_day) = match unit {
                Unit::Milliseconds => ("milliseconds", 86_400_000),
                Unit::Seconds => ("seconds", 86_400),
            };
            let day = if cap == a_day { " (a day)" } else { "" };
            format!("A number of {unit}, at most {}{day}.", thousands(cap))
        }
        Kind::ExitCode => "The exit code, a whole number.".to_owned(),
        Kind::Version => "A version, such as `1.2.3`.".to_owned(),
        Kind::Locale => "A language and region, such as `en-US`.".to_owned(),
        Kind::Token { alphabet, most } => {
            format!("A word of at most {most} characters, all of them of {}.", code(alphabet))
        }
        Kind::Location => {
            format!("A place in {title}'s own source code, such as `src/main.rs:12:5`.")
        }
        Kind::Frames { most } => format!(
            "The names of at most {most} of {title}'s own functions, the innermost one first."
        ),
        Kind::Scrubbed { most, because } => format!(
            "At most {most} characters of text, without anything that looks like a path, a name, an address, a number or a quotation. {}",
            prose(because)
        ),
        Kind::Reference(reference) => referred(reference),
        Kind::Function { set, other } => {
            let one = format!("One of {title}'s own functions:");
            one_of_a_set(&one, set, other, "Every other function is reported as")
        }
        Kind::Class { set, other } => one_of_a_set(
            "One of these classes of errors:",
            set,
            other,
            "Every other is reported as",
        ),
        Kind::CountOf(name) => format!("The number of words in {}.", code(name)),
        Kind::Time(grain) => time(grain),
        Kind::Constant(word) => format!("Always {}.", code(word)),
    }
}

fn one_of_a_set(one: &str, set: &[&str], other: Option<&str>, otherwise: &str) -> String {
    let set = codes(set.iter().copied());
    match other {
        Some(other) => format!("{one} {set}. {otherwise} {}.", code(other)),
        None => format!("{one} {set}."),
    }
}

pub(super) fn referred(reference: Reference) -> String {
    match reference {
        Reference::Session => "An id of a session, which says nothing else.".to_owned(),
        Reference::Turn => "An id of a turn in a session, which says nothing else.".to_owned(),
        Reference::Account => "The id of your account. A Headcount collector keeps only a hash of it, made with a secret of its own.".to_owned(),
    }
}

/// A time to a grain, which is UTC.
pub(super) fn time(grain: Grain) -> String {
    let word = Grain::ALL.iter().find(|(one, _)| *one == grain).map_or("second", |(_, word)| word);
    format!("A time, to the {word}, in UTC.")
}

pub(super) fn platforms(words: Words) -> String {
    named("The operating system", Platform::ALL.map(|platform| platform.word(words)))
}

pub(super) fn processors(words: Words) -> String {
    named("The processor", Arch::ALL.map(|arch| arch.word(words)))
}

/// Vocabularies may have one word for several.
fn named<const COUNT: usize>(what: &str, words: [&str; COUNT]) -> String {
    let mut once: Vec<&str> = Vec::new();
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    format!("{what}: one of {}.", codes(once))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_outside_a_set_is_told_as_its_bucket() {
        let set = &["init", "run"];
        let open = Kind::Choice { set, other: Some("other") };
        assert_eq!(
            kind(&open, "Tool"),
            "One of `init`, `run`. Any other value is reported as `other`."
        );
        assert_eq!(kind(&Kind::Choice { set, other: None }, "Tool"), "One of `init`, `run`.");
    }

    #[test]
    fn numbers_are_told_with_their_bounds() {
        let duration = Kind::Duration { unit: Unit::Milliseconds, cap: 86_400_000 };
        assert_eq!(
            kind(&duration, "Tool"),
            "A number of milliseconds, at most 86,400,000 (a day)."
        );
        let bucket = Kind::Bucket { ladder: &[1, 10, 1_000] };
        assert_eq!(kind(&bucket, "Tool"), "A whole number, rounded down to 0, 1, 10, 1,000.");
    }

    #[test]
    fn a_vocabulary_has_each_word_once() {
        assert_eq!(
            processors(Words::Node),
            "The processor: one of `x64`, `arm64`, `ia32`, `arm`, `other`."
        );
    }
}

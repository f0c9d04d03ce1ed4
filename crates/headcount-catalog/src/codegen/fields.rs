//! Codegen's fields: the type of one, what its documentation says, and the
//! expression that makes a value of it.

use super::plan::{Field, Presence};
use super::writer::{CodeWriter, prose, quoted};
use crate::{Absent, Grain, Kind, Reference, Unit};

/// The argument of a closure in the generated text: the value of an optional field.
const GIVEN: &str = "it";

/// An expression for a value.
enum Made {
    /// Of this type whatever was given.
    Always(String),
    /// Optional: the kind judges what was given.
    Judged(String),
}

impl Field {
    /// Its type where it must be there.
    pub(super) fn required_type(&self, sdk: &str) -> String {
        let named = || self.named.clone().unwrap_or_default();
        match self.kind {
            Kind::Flag | Kind::Constant(_) => "bool".to_owned(),
            Kind::Count { .. } | Kind::Bucket { .. } | Kind::CountOf(_) => "u64".to_owned(),
            Kind::Amount { .. } => "f64".to_owned(),
            Kind::Duration { .. } => "::core::time::Duration".to_owned(),
            Kind::ExitCode => "i32".to_owned(),
            Kind::Time(_) => format!("{sdk}::Time"),
            Kind::Choices { .. } => format!("::std::vec::Vec<{}>", named()),
            Kind::Choice { .. }
            | Kind::Function { .. }
            | Kind::Class { .. }
            | Kind::Version
            | Kind::Locale
            | Kind::Token { .. }
            | Kind::Location
            | Kind::Frames { .. }
            | Kind::Scrubbed { .. }
            | Kind::Reference(_) => named(),
        }
    }

    /// Writes its documentation and its line in a struct.
    pub(super) fn declare(&self, out: &mut CodeWriter<'_>) {
        let absent = match self.presence {
            Presence::Required => "",
            Presence::Optional(Absent::Null) => ", `null` where there is none",
            Presence::Optional(Absent::Omit) => ", left out where there is none",
            Presence::Set(Some(Absent::Null)) => ", `null` while it is not set",
            Presence::Set(Some(Absent::Omit)) => ", left out while it is not set",
            Presence::Set(None) => ", without which no event is whole",
        };
        let says = format!("{}: {}{absent}.", quoted(self.key), self.sentence());
        let why = self.why.map(prose);
        match &why {
            Some(why) => out.docs(&[why, &says]),
            None => out.docs(&[&says]),
        }
        let required = self.required_type(out.sdk);
        let whole = match self.presence {
            Presence::Required => required,
            _ => format!("::core::option::Option<{required}>"),
        };
        out.line(&format!("pub {}: {whole},", self.name));
    }

    /// The expression for its optional value; `kind` is the expression for its
    /// kind, which may end with a `?`.
    pub(super) fn value(&self, kind: &str) -> String {
        let place = format!("self.{}", self.name);
        if self.presence == Presence::Required {
            return match self.made(&place, kind) {
                Made::Always(value) => format!("Some({value})"),
                Made::Judged(value) => value,
            };
        }
        let borrowed = match self.kind {
            Kind::Flag => return format!("{place}.map(Value::Flag)"),
            Kind::Choices { .. } | Kind::Frames { .. } => ".as_ref()",
            _ if self.is_shape() => ".as_ref()",
            _ => "",
        };
        match self.made(GIVEN, kind) {
            Made::Always(value) => format!("{place}{borrowed}.map(|{GIVEN}| {value})"),
            Made::Judged(value) => format!("{place}{borrowed}.and_then(|{GIVEN}| {value})"),
        }
    }

    fn is_shape(&self) -> bool {
        self.named.is_some() && self.kind.set().is_none()
    }

    fn made(&self, given: &str, kind: &str) -> Made {
        let value = |variant: &str, of: &str| Made::Always(format!("Value::{variant}({of})"));
        let judged = |method: &str, of: &str| Made::Judged(format!("{kind}.{method}({of})"));
        match self.kind {
            Kind::Flag => value("Flag", given),
            Kind::Frames { .. } => value("Tokens", &format!("{given}.0.clone()")),
            Kind::Choices { .. } => {
                let words = format!("{kind}.words({given}.iter().map(|word| *word as usize))");
                if kind.ends_with('?') {
                    Made::Judged(format!("Some({words})"))
                } else {
                    Made::Always(words)
                }
            }
            _ if self.is_shape() => value("Token", &format!("{given}.0.clone()")),
            _ if self.kind.set().is_some() => judged("word", &format!("{given} as usize")),
            Kind::Amount { .. } => judged("amount", given),
            Kind::Duration { .. } => judged("duration", given),
            Kind::ExitCode => judged("exit_code", given),
            Kind::Time(_) => judged("time", given),
            _ => judged("number", given),
        }
    }

    /// What values it can have, as half a sentence.
    fn sentence(&self) -> String {
        let named = self.named.as_deref().unwrap_or_default();
        match self.kind {
            Kind::Choices { .. } => format!("words of [`{named}`], each at most once"),
            Kind::Choice { .. } | Kind::Function { .. } | Kind::Class { .. } => {
                format!("a word of [`{named}`]")
            }
            kind => sentence(kind),
        }
    }
}

/// What values a kind without a closed set can have, as half a sentence.
pub(super) fn sentence(kind: Kind) -> String {
    match kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Count { cap } => format!("how many, at most {cap}"),
        Kind::Amount { unit, cap, decimals } => {
            format!("how much in {unit}, at most {cap}, {decimals} digits after the point")
        }
        Kind::Bucket { ladder } => {
            let rungs: Vec<String> = ladder.iter().map(ToString::to_string).collect();
            format!("a number, told as the highest rung below it of 0, {}", rungs.join(", "))
        }
        Kind::Duration { unit: Unit::Milliseconds, cap } => {
            format!("how long, told in milliseconds, at most {cap}")
        }
        Kind::Duration { unit: Unit::Seconds, cap } => {
            format!("how long, told in seconds, at most {cap}")
        }
        Kind::ExitCode => "what a process ended with".to_owned(),
        Kind::Version => "a version such as `1.2.3`".to_owned(),
        Kind::Locale => "a language and region such as `en-US`".to_owned(),
        Kind::Token { alphabet, most } => {
            format!("a word of at most {most} of the characters {}", quoted(alphabet))
        }
        Kind::Location => "a place in this program's own source".to_owned(),
        Kind::Frames { most } => {
            format!("names of at most {most} of this program's own functions, the innermost first")
        }
        Kind::Scrubbed { most, because } => {
            format!("scrubbed text of at most {most} characters, because {}", prose(because))
        }
        Kind::Reference(Reference::Session) => "a session".to_owned(),
        Kind::Reference(Reference::Turn) => "a turn of a session".to_owned(),
        Kind::Reference(Reference::Account) => "an account".to_owned(),
        Kind::Time(grain) => {
            let name =
                Grain::ALL.iter().find(|(named, _)| *named == grain).map_or("", |(_, name)| name);
            format!("a time, told to the {name}")
        }
        kind => kind.name().to_owned(),
    }
}

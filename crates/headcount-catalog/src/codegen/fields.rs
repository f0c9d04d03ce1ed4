//! Writes fields: their types, their documentation, and the expressions that
//! convert them to values.

use super::plan::{Field, Presence};
use super::writer::{CodeWriter, prose, quoted};
use crate::{Absent, Grain, Kind, Reference, Unit};

/// The argument of a closure in the generated text: the value of an optional
/// field.
const GIVEN: &str = "it";

/// The expression that converts a field to a value.
enum Conversion {
    /// The conversion always succeeds.
    Infallible(String),
    /// The conversion returns an `Option`, because the kind checks the value.
    Fallible(String),
}

impl Field {
    /// Returns the type of a required field.
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

    /// Writes the field of a struct, with its documentation.
    pub(super) fn declare(&self, out: &mut CodeWriter<'_>) {
        let absent = match self.presence {
            Presence::Required => "",
            Presence::Optional(Absent::Null) => ", `null` if there is none",
            Presence::Optional(Absent::Omit) => ", left out if there is none",
            Presence::Set(Some(Absent::Null)) => ", `null` if it is not set",
            Presence::Set(Some(Absent::Omit)) => ", left out if it is not set",
            Presence::Set(None) => ", required for every event",
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

    /// Returns the expression for the optional value of the field. `kind` is
    /// the expression for its kind, which may end with `?`.
    pub(super) fn value(&self, kind: &str) -> String {
        let place = format!("self.{}", self.name);
        if self.presence == Presence::Required {
            return match self.conversion(&place, kind) {
                Conversion::Infallible(value) => format!("Some({value})"),
                Conversion::Fallible(value) => value,
            };
        }
        let borrowed = match self.kind {
            Kind::Flag => return format!("{place}.map(Value::Flag)"),
            Kind::Choices { .. } | Kind::Frames { .. } => ".as_ref()",
            _ if self.is_shape() => ".as_ref()",
            _ => "",
        };
        match self.conversion(GIVEN, kind) {
            Conversion::Infallible(value) => format!("{place}{borrowed}.map(|{GIVEN}| {value})"),
            Conversion::Fallible(value) => format!("{place}{borrowed}.and_then(|{GIVEN}| {value})"),
        }
    }

    fn is_shape(&self) -> bool {
        self.named.is_some() && self.kind.set().is_none()
    }

    fn conversion(&self, given: &str, kind: &str) -> Conversion {
        let value =
            |variant: &str, of: &str| Conversion::Infallible(format!("Value::{variant}({of})"));
        let checked =
            |method: &str, of: &str| Conversion::Fallible(format!("{kind}.{method}({of})"));
        match self.kind {
            Kind::Flag => value("Flag", given),
            Kind::Frames { .. } => value("Tokens", &format!("{given}.0.clone()")),
            Kind::Choices { .. } => {
                let words = format!("{kind}.words({given}.iter().map(|word| *word as usize))");
                if kind.ends_with('?') {
                    Conversion::Fallible(format!("Some({words})"))
                } else {
                    Conversion::Infallible(words)
                }
            }
            _ if self.is_shape() => value("Token", &format!("{given}.0.clone()")),
            _ if self.kind.set().is_some() => checked("word", &format!("{given} as usize")),
            Kind::Amount { .. } => checked("amount", given),
            Kind::Duration { .. } => checked("duration", given),
            Kind::ExitCode => checked("exit_code", given),
            Kind::Time(_) => checked("time", given),
            _ => checked("number", given),
        }
    }

    /// Returns the values that it can have, as part of a sentence.
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

/// Returns the values of a kind without a closed set, as part of a sentence.
pub(super) fn sentence(kind: Kind) -> String {
    match kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Count { cap } => format!("a count of at most {cap}"),
        Kind::Amount { unit, cap, decimals } => {
            format!("an amount in {unit} of at most {cap}, with {decimals} decimals")
        }
        Kind::Bucket { ladder } => {
            let rungs: Vec<String> = ladder.iter().map(ToString::to_string).collect();
            format!("a number, rounded down to one of 0, {}", rungs.join(", "))
        }
        Kind::Duration { unit: Unit::Milliseconds, cap } => {
            format!("a duration of at most {cap} milliseconds")
        }
        Kind::Duration { unit: Unit::Seconds, cap } => {
            format!("a duration of at most {cap} seconds")
        }
        Kind::ExitCode => "the exit code of a process".to_owned(),
        Kind::Version => "a version such as `1.2.3`".to_owned(),
        Kind::Locale => "a language and region such as `en-US`".to_owned(),
        Kind::Token { alphabet, most } => {
            format!("1 to {most} of the characters {}", quoted(alphabet))
        }
        Kind::Location => "a location in this program's own source code".to_owned(),
        Kind::Frames { most } => {
            format!("names of at most {most} of this program's own functions, the innermost first")
        }
        Kind::Scrubbed { most, because } => {
            format!(
                "scrubbed text of at most {most} characters ({})",
                prose(because.trim_end_matches('.'))
            )
        }
        Kind::Reference(Reference::Session) => "a session".to_owned(),
        Kind::Reference(Reference::Turn) => "a turn of a session".to_owned(),
        Kind::Reference(Reference::Account) => "an account".to_owned(),
        Kind::Time(grain) => {
            let name =
                Grain::ALL.iter().find(|(named, _)| *named == grain).map_or("", |(_, name)| name);
            format!("a time, to the {name}")
        }
        kind => kind.name().to_owned(),
    }
}

//! Converts what a host gives into values. Generated code calls these
//! functions.

use std::time::Duration;

use crate::{Event, Kind, Raw, Reason, Time, Token, Unit, Value, Word};

impl Kind {
    /// Returns the value of a whole number; `None` if this kind is not one of
    /// numbers.
    #[must_use]
    pub fn number(&self, number: u64) -> Option<Value> {
        self.admit(&Raw::Integer(i64::try_from(number).unwrap_or(i64::MAX))).ok()
    }

    /// Returns the value of an amount; `None` if it is negative or not a
    /// number, or if this kind is not an amount.
    #[must_use]
    pub fn amount(&self, amount: f64) -> Option<Value> {
        self.admit(&Raw::Decimal(amount)).ok()
    }

    /// Returns the value of an exit code.
    #[must_use]
    pub fn exit_code(&self, code: i32) -> Option<Value> {
        self.admit(&Raw::Integer(i64::from(code))).ok()
    }

    /// Returns the value of a duration, in the unit of this kind.
    #[must_use]
    pub fn duration(&self, duration: Duration) -> Option<Value> {
        let Self::Duration { unit, .. } = self else { return None };
        match unit {
            Unit::Milliseconds => {
                self.number(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
            }
            Unit::Seconds => self.number(duration.as_secs()),
        }
    }

    /// Returns the value of a time, cut to the grain of this kind.
    #[must_use]
    pub fn time(&self, time: Time) -> Option<Value> {
        let Self::Time(grain) = self else { return None };
        Some(Value::Time(time.cut(*grain), *grain))
    }

    /// Checks the names of functions. Only as many are kept as this kind
    /// allows.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadProperty`] if one of them is not the name of a
    /// function, or if this kind is not [`Kind::Frames`].
    pub fn frames<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<Token>, Reason> {
        let Self::Frames { most } = self else { return Err(Reason::BadProperty) };
        let names = names.into_iter().take(usize::from(*most)).map(Raw::Text).collect();
        match self.admit(&Raw::List(names))? {
            Value::Tokens(tokens) => Ok(tokens),
            _ => Err(Reason::BadProperty),
        }
    }
}

impl Event {
    /// Adds constants and counts of other properties to the values that a host
    /// gave. The values are in the order of the properties.
    #[must_use]
    pub fn complete(&self, mut values: Vec<Option<Value>>) -> Vec<Option<Value>> {
        values.resize(self.properties.len(), None);
        for (place, property) in self.properties.iter().enumerate() {
            match property.kind {
                Kind::Constant(word) => values[place] = Some(Value::Word(Word::of(word))),
                Kind::CountOf(of) => values[place] = count(self, of, &values),
                _ => {}
            }
        }
        values
    }
}

/// Returns how many words the property `of` has. It must be before its count.
pub(crate) fn count(event: &Event, of: &str, values: &[Option<Value>]) -> Option<Value> {
    let (place, _) = event.property(of)?;
    match values.get(place)? {
        Some(Value::Words(words)) => i64::try_from(words.len()).ok().map(Value::Number),
        _ => Some(Value::Number(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decimal, Grain, Property};

    #[test]
    fn what_a_host_gives_is_checked_like_what_is_on_a_line() {
        assert_eq!(Kind::Count { cap: 5 }.number(u64::MAX), Some(Value::Number(5)));
        assert_eq!(Kind::Bucket { ladder: &[1, 10] }.number(11), Some(Value::Number(10)));
        assert_eq!(Kind::ExitCode.exit_code(-1), Some(Value::Number(-1)));
        let amount = Kind::Amount { unit: "usd", cap: 9, decimals: 1 };
        assert_eq!(
            amount
                .amount(0.25)
                .zip(Decimal::rounded(0.3, 1).map(Value::Decimal))
                .map(|(a, b)| a == b),
            Some(true)
        );
        assert_eq!(amount.amount(f64::NAN), None);
        assert_eq!(amount.amount(-0.1), None);
    }

    #[test]
    fn a_duration_is_in_its_unit_and_never_overflows() {
        let milliseconds = Kind::Duration { unit: Unit::Milliseconds, cap: 2_000 };
        assert_eq!(milliseconds.duration(Duration::from_micros(1_999)), Some(Value::Number(1)));
        assert_eq!(milliseconds.duration(Duration::MAX), Some(Value::Number(2_000)));
        let seconds = Kind::Duration { unit: Unit::Seconds, cap: 2_000 };
        assert_eq!(seconds.duration(Duration::from_millis(1_999)), Some(Value::Number(1)));
        assert_eq!(Kind::Flag.duration(Duration::ZERO), None);
    }

    #[test]
    fn frames_are_cut_to_their_number_and_checked() {
        let kind = Kind::Frames { most: 1 };
        let taken = kind.frames(["atomic::run", "/home/me"]).expect("the second is beyond the cut");
        assert_eq!(taken.iter().map(Token::as_str).collect::<Vec<_>>(), ["atomic::run"]);
        assert_eq!(kind.frames(["/home/me"]), Err(Reason::BadProperty));
        assert_eq!(Kind::Flag.frames([]), Err(Reason::BadProperty));
    }

    #[test]
    fn constants_and_counts_are_added() {
        let property = |name, kind| Property {
            name,
            kind,
            optional: None,
            why: None,
            expires: None,
            failure: &[],
        };
        let words = Kind::Choices { set: &["a", "b"], other: None };
        let properties: &'static [Property] = Box::leak(Box::new([
            property("source", Kind::Constant("cli")),
            property("commands", words),
            property("commandCount", Kind::CountOf("commands")),
        ]));
        let event = Event {
            name: "e",
            why: "w",
            owner: "o",
            id: None,
            path: None,
            purpose: "usage",
            expires: None,
            restated: &[],
            across: &[],
            hook: None,
            properties,
        };
        let values = event.complete(vec![None, Some(words.words([0, 1]))]);
        assert_eq!(values[0], Some(Value::Word(Word::of("cli"))));
        assert_eq!(values[2], Some(Value::Number(2)));
        assert_eq!(
            Kind::Time(Grain::Day).time(Time::from_milliseconds(86_400_001)),
            Some(Value::Time(Time::from_milliseconds(86_400_000), Grain::Day))
        );
    }
}

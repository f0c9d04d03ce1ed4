//! What a host gives, made into values: the other side of what codegen writes.

use std::time::Duration;

use crate::{Event, Kind, Raw, Reason, Time, Token, Unit, Value, Word};

impl Kind {
    /// The value of a whole number; `None` where the kind is of none.
    #[must_use]
    pub fn number(&self, number: u64) -> Option<Value> {
        self.admit(&Raw::Integer(i64::try_from(number).unwrap_or(i64::MAX))).ok()
    }

    /// The value of a number with digits after the point; `None` where it is no
    /// number, or below zero.
    #[must_use]
    pub fn amount(&self, amount: f64) -> Option<Value> {
        self.admit(&Raw::Decimal(amount)).ok()
    }

    /// The value of what a process ended with.
    #[must_use]
    pub fn exit_code(&self, code: i32) -> Option<Value> {
        self.admit(&Raw::Integer(i64::from(code))).ok()
    }

    /// The value of a length of time, in the kind's unit.
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

    /// The value of a time, cut to the kind's grain.
    #[must_use]
    pub fn time(&self, time: Time) -> Option<Value> {
        let Self::Time(grain) = self else { return None };
        Some(Value::Time(time.cut(*grain), *grain))
    }

    /// Judges function names, of which no more are kept than the kind has room
    /// for.
    ///
    /// # Errors
    ///
    /// [`Reason::BadProperty`] where one of them is no function's name, or where
    /// the kind is not one of frames.
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
    /// The values a host gave, in the order of the properties, with those that
    /// follow by themselves put in: constants, and counts of other properties.
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

/// How many words the property `of` has; it must stand before its count.
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
    fn what_a_host_gives_is_judged_like_what_a_line_says() {
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
    fn a_duration_is_told_in_its_unit_and_never_overflows() {
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
    fn constants_and_counts_follow_by_themselves() {
        let property = |name, kind| Property { name, kind, optional: None, why: None };
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
            restated: &[],
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

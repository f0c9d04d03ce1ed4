//! Checks a value against its kind, and converts it.

use crate::{Decimal, Kind, Raw, Reason, Time, Token, Value, Word, shape};

impl Kind {
    /// Checks a raw value and converts it to a value of this kind.
    ///
    /// A number above the cap becomes the cap, and a word outside the set
    /// becomes the set's bucket. [`check`](crate::Catalog::check) does not read
    /// constants and counts of other properties: it takes them from the
    /// catalog.
    ///
    /// # Errors
    ///
    /// - [`Reason::OutsideSet`] for a word outside a set without a bucket.
    /// - [`Reason::BadProperty`] for any other value that this kind does not
    ///   allow.
    pub fn admit(&self, raw: &Raw<'_>) -> Result<Value, Reason> {
        match self {
            Self::Flag => match raw {
                Raw::Flag(flag) => Ok(Value::Flag(*flag)),
                _ => Err(Reason::BadProperty),
            },
            Self::Choice { set, other }
            | Self::Function { set, other }
            | Self::Class { set, other } => {
                let text = raw.text().ok_or(Reason::BadProperty)?;
                word(set, *other, text).map(Value::Word).ok_or(Reason::OutsideSet)
            }
            Self::Choices { set, other } => choices(set, *other, raw),
            Self::Count { cap } | Self::Duration { cap, .. } => capped(raw, *cap),
            Self::Amount { cap, decimals, .. } => amount(raw, *cap, *decimals),
            Self::Bucket { ladder } => bucket(raw, ladder),
            Self::ExitCode => match raw.whole() {
                // Windows has unsigned 32-bit exit codes such as 0xC0000005.
                Some(code) if i32::try_from(code).is_ok() || u32::try_from(code).is_ok() => {
                    Ok(Value::Number(code))
                }
                _ => Err(Reason::BadProperty),
            },
            Self::Time(grain) => raw
                .text()
                .and_then(Time::parse)
                .map(|time| Value::Time(time.cut(*grain), *grain))
                .ok_or(Reason::BadProperty),
            Self::Frames { most } => frames(raw, *most),
            Self::Constant(word) => Ok(Value::Word(Word::of(word))),
            Self::CountOf(_) => capped(raw, u64::from(u16::MAX)),
            Self::Version
            | Self::Locale
            | Self::Token { .. }
            | Self::Location
            | Self::Scrubbed { .. }
            | Self::Reference(_) => {
                self.token(raw.text().ok_or(Reason::BadProperty)?).map(Value::Token)
            }
        }
    }

    /// Checks a value that another kind admitted.
    ///
    /// # Errors
    ///
    /// The same as [`Kind::admit`].
    pub fn readmit(&self, value: &Value) -> Result<Value, Reason> {
        let text;
        let raw = match value {
            Value::Flag(flag) => Raw::Flag(*flag),
            Value::Number(number) => Raw::Integer(*number),
            Value::Decimal(decimal) => Raw::Decimal(decimal.get()),
            Value::Word(word) => Raw::Text(word.as_str()),
            Value::Token(token) => Raw::Text(token.as_str()),
            Value::Words(words) => {
                Raw::List(words.iter().map(|word| Raw::Text(word.as_str())).collect())
            }
            Value::Tokens(tokens) => {
                Raw::List(tokens.iter().map(|token| Raw::Text(token.as_str())).collect())
            }
            Value::Time(time, grain) => {
                text = time.format(*grain);
                Raw::Text(&text)
            }
        };
        self.admit(&raw)
    }

    /// Checks text of a kind that is defined by a pattern.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadProperty`] if the text does not match the pattern,
    /// or if this kind has none.
    pub fn token(&self, text: &str) -> Result<Token, Reason> {
        if self.fits(text) { Ok(Token::admitted(text)) } else { Err(Reason::BadProperty) }
    }

    /// Whether text matches the pattern of this kind. Nothing matches a kind
    /// that has none.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Version => shape::is_version(text),
            Self::Locale => shape::is_locale(text),
            Self::Token { alphabet, most } => shape::is_token(text, alphabet, *most),
            Self::Location => shape::is_location(text),
            Self::Scrubbed { most, .. } => shape::is_scrubbed(text, *most),
            Self::Reference(_) => shape::is_reference(text),
            _ => false,
        }
    }

    /// Returns the word at a place of the closed set, for generated code. The
    /// bucket has the place after the last word. `None` for any other place,
    /// and for a kind without a set.
    #[must_use]
    pub fn word(&self, place: usize) -> Option<Value> {
        let (set, other) = self.set()?;
        let word = set.get(place).copied().or(if place == set.len() { other } else { None });
        word.map(Word::of).map(Value::Word)
    }

    /// Returns the words at several places of the closed set, without
    /// duplicates.
    #[must_use]
    pub fn words(&self, places: impl IntoIterator<Item = usize>) -> Value {
        let mut words = Vec::new();
        for place in places {
            if let Some(Value::Word(word)) = self.word(place)
                && !words.contains(&word)
            {
                words.push(word);
            }
        }
        Value::Words(words)
    }
}

fn word(set: &'static [&'static str], other: Option<&'static str>, text: &str) -> Option<Word> {
    set.iter().copied().find(|word| *word == text).or(other).map(Word::of)
}

fn choices(
    set: &'static [&'static str],
    other: Option<&'static str>,
    raw: &Raw<'_>,
) -> Result<Value, Reason> {
    let Raw::List(items) = raw else { return Err(Reason::BadProperty) };
    let mut words: Vec<Word> = Vec::new();
    for item in items {
        let text = item.text().ok_or(Reason::BadProperty)?;
        let word = word(set, other, text).ok_or(Reason::OutsideSet)?;
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(Value::Words(words))
}

/// Reads a whole number of at least 0.
fn whole(raw: &Raw<'_>) -> Result<u64, Reason> {
    raw.whole().and_then(|number| u64::try_from(number).ok()).ok_or(Reason::BadProperty)
}

fn capped(raw: &Raw<'_>, cap: u64) -> Result<Value, Reason> {
    let number = whole(raw)?.min(cap);
    Ok(Value::Number(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn amount(raw: &Raw<'_>, cap: u64, decimals: u8) -> Result<Value, Reason> {
    let number = match raw {
        Raw::Integer(number) => *number as f64,
        Raw::Decimal(number) => *number,
        _ => return Err(Reason::BadProperty),
    };
    if number.is_nan() || number < 0.0 {
        return Err(Reason::BadProperty);
    }
    Decimal::rounded(number.min(cap as f64), decimals)
        .map(Value::Decimal)
        .ok_or(Reason::BadProperty)
}

fn bucket(raw: &Raw<'_>, ladder: &[u64]) -> Result<Value, Reason> {
    let number = whole(raw)?;
    let rung = ladder.iter().rev().find(|low| **low <= number).copied().unwrap_or(0);
    Ok(Value::Number(i64::try_from(rung).unwrap_or(i64::MAX)))
}

fn frames(raw: &Raw<'_>, most: u8) -> Result<Value, Reason> {
    let Raw::List(items) = raw else { return Err(Reason::BadProperty) };
    let frames = items.iter().take(usize::from(most)).map(|item| match item.text() {
        Some(text) if shape::is_frame(text) => Ok(Token::admitted(text)),
        _ => Err(Reason::BadProperty),
    });
    frames.collect::<Result<_, _>>().map(Value::Tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_over_the_cap_become_the_cap() {
        let kind = Kind::Count { cap: 10 };
        assert_eq!(kind.admit(&Raw::Integer(11)), Ok(Value::Number(10)));
        assert_eq!(kind.admit(&Raw::Decimal(3.0)), Ok(Value::Number(3)));
        for bad in
            [Raw::Integer(-1), Raw::Decimal(0.5), Raw::Decimal(f64::NAN), Raw::Text("3"), Raw::Null]
        {
            assert_eq!(kind.admit(&bad), Err(Reason::BadProperty), "{bad:?}");
        }
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let ladder = Kind::Bucket { ladder: &[0, 10, 100] };
        let (count, exit_code) = (Kind::Count { cap: 1_000 }, Kind::ExitCode);
        let number = |number| Ok(Value::Number(number));
        for (raw, counted, code) in [
            (Raw::Decimal(0.0), number(0), number(0)),
            (Raw::Decimal(-0.0), number(0), number(0)),
            (Raw::Decimal(1e3), number(1_000), number(1_000)),
            (Raw::Decimal(-1.0), Err(Reason::BadProperty), number(-1)),
            (Raw::Decimal(3_221_225_477.0), number(1_000), number(3_221_225_477)),
            (Raw::Decimal(1e22), number(1_000), Err(Reason::BadProperty)),
            (Raw::Decimal(0.5), Err(Reason::BadProperty), Err(Reason::BadProperty)),
            (Raw::Decimal(f64::INFINITY), Err(Reason::BadProperty), Err(Reason::BadProperty)),
            (Raw::Decimal(f64::NAN), Err(Reason::BadProperty), Err(Reason::BadProperty)),
            (Raw::Text("0"), Err(Reason::BadProperty), Err(Reason::BadProperty)),
        ] {
            assert_eq!(count.admit(&raw), counted, "{raw:?}");
            assert_eq!(exit_code.admit(&raw), code, "{raw:?}");
        }
        assert_eq!(ladder.admit(&Raw::Decimal(5e1)), number(10));
        assert_eq!(Kind::CountOf("x").admit(&Raw::Decimal(2.0)), number(2));
    }

    #[test]
    fn a_word_outside_its_set_becomes_the_bucket_or_nothing() {
        let open = Kind::Choice { set: &["a", "b"], other: Some("user-defined") };
        assert_eq!(open.admit(&Raw::Text("secret")), Ok(Value::Word(Word::of("user-defined"))));
        let closed = Kind::Choice { set: &["a", "b"], other: None };
        assert_eq!(closed.admit(&Raw::Text("secret")), Err(Reason::OutsideSet));
        assert_eq!(closed.word(1), Some(Value::Word(Word::of("b"))));
        assert_eq!(closed.word(2), None);
        assert_eq!(open.word(2), Some(Value::Word(Word::of("user-defined"))));
    }

    #[test]
    fn several_words_each_once() {
        let kind = Kind::Choices { set: &["/commit", "/create-spec"], other: None };
        let twice = Raw::List(vec![Raw::Text("/commit"), Raw::Text("/commit")]);
        assert_eq!(kind.admit(&twice), Ok(Value::Words(vec![Word::of("/commit")])));
        assert_eq!(kind.admit(&Raw::List(vec![Raw::Text("/home")])), Err(Reason::OutsideSet));
    }

    #[test]
    fn a_number_is_rounded_down_to_its_rung() {
        let kind = Kind::Bucket { ladder: &[1, 10, 100] };
        for (number, rung) in [(0, 0), (1, 1), (9, 1), (10, 10), (5_000, 100)] {
            assert_eq!(kind.admit(&Raw::Integer(number)), Ok(Value::Number(rung)));
        }
    }

    #[test]
    fn amounts_are_rounded_and_never_infinite() {
        let kind = Kind::Amount { unit: "usd", cap: 100, decimals: 2 };
        assert_eq!(
            kind.admit(&Raw::Decimal(0.126)),
            Ok(Value::Decimal(Decimal::rounded(0.13, 2).expect("finite")))
        );
        for bad in [f64::NAN, -1.0] {
            assert_eq!(kind.admit(&Raw::Decimal(bad)), Err(Reason::BadProperty));
        }
        assert!(kind.admit(&Raw::Decimal(f64::INFINITY)).is_ok());
    }
}

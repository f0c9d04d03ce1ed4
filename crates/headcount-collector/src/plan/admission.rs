//! How a value of one kind becomes a cell. The kind decides whether it is
//! allowed, as in [`Kind::admit`]; here it is looked up and not built.

use headcount_catalog::{Arch, Kind, Platform, Reason, Value, Words};
use headcount_wire::flat::{FlatEvent, FlatValue};

use super::columns::Columns;
use super::draft::{Draft, DraftCell};
use super::words::WordCodes;
use crate::pseudonym::IdKind;

/// How a value becomes a cell of one column.
#[derive(Debug)]
pub(super) enum Admission {
    /// A flag, a number or a time: what [`Kind::admit`] returns is the cell.
    Plain(Kind),
    Word(WordCodes),
    Words(WordCodes),
    /// A text of a known shape.
    Text(Kind),
    /// Frames: several texts, of which so many are kept.
    Texts(Kind, usize),
    Id(IdKind, Kind),
    Platform(Words, [u16; Platform::ALL.len()]),
    Arch(Words, [u16; Arch::ALL.len()]),
}

impl Admission {
    /// `column` is where the cells go; without a column the value is checked
    /// and left out.
    pub(super) fn new(kind: Kind, columns: &Columns, column: Option<usize>) -> Self {
        let words = |set: &[&'static str], other| WordCodes::new(columns, column, set, other);
        match kind {
            Kind::Flag
            | Kind::Count { .. }
            | Kind::Amount { .. }
            | Kind::Bucket { .. }
            | Kind::Duration { .. }
            | Kind::ExitCode
            | Kind::CountOf(_)
            | Kind::Time(_)
            | Kind::Constant(_) => Self::Plain(kind),
            Kind::Choice { set, other }
            | Kind::Function { set, other }
            | Kind::Class { set, other } => Self::Word(words(set, other)),
            Kind::Choices { set, other } => Self::Words(words(set, other)),
            Kind::Version
            | Kind::Locale
            | Kind::Token { .. }
            | Kind::Location
            | Kind::Scrubbed { .. } => Self::Text(kind),
            Kind::Frames { most } => Self::Texts(kind, usize::from(most)),
            Kind::Reference(reference) => Self::Id(IdKind::from(reference), kind),
        }
    }

    pub(super) fn platform(words: Words, columns: &Columns, column: Option<usize>) -> Self {
        let code = |platform: Platform| columns.code(column?, platform.word(words));
        let code = |platform| code(platform).unwrap_or(0);
        Self::Platform(words, Platform::ALL.map(code))
    }

    pub(super) fn arch(words: Words, columns: &Columns, column: Option<usize>) -> Self {
        let code = |arch: Arch| columns.code(column?, arch.word(words));
        let code = |arch| code(arch).unwrap_or(0);
        Self::Arch(words, Arch::ALL.map(code))
    }

    /// Checks a value that was sent, and adds its cell to the draft.
    #[inline(always)]
    pub(super) fn admit<'b>(
        &self,
        event: &FlatEvent<'b>,
        value: &FlatValue<'b>,
        column: Option<usize>,
        draft: &mut Draft<'b>,
    ) -> Result<(), Reason> {
        // The value is not moved as a whole: see `Draft::put`.
        match (self, value) {
            (Self::Word(codes), FlatValue::Text(text)) => {
                let code = codes.code(text).ok_or(Reason::OutsideSet)?;
                draft.put(column, DraftCell::Word(code));
            }
            (Self::Plain(Kind::Flag), FlatValue::Flag(flag)) => {
                draft.put(column, DraftCell::Flag(*flag));
            }
            (_, FlatValue::Text(text)) => return self.admit_text(event, text, column, draft),
            _ => return self.admit_other(event, *value, column, draft),
        }
        Ok(())
    }

    fn admit_text<'b>(
        &self,
        event: &FlatEvent<'b>,
        text: &'b str,
        column: Option<usize>,
        draft: &mut Draft<'b>,
    ) -> Result<(), Reason> {
        match self {
            Self::Text(_) | Self::Id(..) => {
                return if self.given(text, column, draft) {
                    Ok(())
                } else {
                    Err(Reason::BadProperty)
                };
            }
            Self::Platform(words, codes) => {
                let place = place(&Platform::ALL, Platform::read(*words, text))?;
                draft.put(column, DraftCell::Word(codes[place]));
            }
            Self::Arch(words, codes) => {
                let place = place(&Arch::ALL, Arch::read(*words, text))?;
                draft.put(column, DraftCell::Word(codes[place]));
            }
            Self::Plain(_) | Self::Word(_) | Self::Words(_) | Self::Texts(..) => {
                return self.admit_other(event, FlatValue::Text(text), column, draft);
            }
        }
        Ok(())
    }

    /// As [`Self::admit`], of what comes less often.
    fn admit_other<'b>(
        &self,
        event: &FlatEvent<'b>,
        value: FlatValue<'b>,
        column: Option<usize>,
        draft: &mut Draft<'b>,
    ) -> Result<(), Reason> {
        let cell = match self {
            // None of these kinds takes a list, so nothing is copied.
            Self::Plain(_) if matches!(value, FlatValue::List(..)) => None,
            Self::Plain(kind) => plain(&kind.admit(&event.raw(value))?),
            Self::Words(codes) => Some(words(codes, event, value, draft)?),
            Self::Texts(kind, most) => Some(texts(*kind, *most, event, value, draft)?),
            // A platform is a word of its set, whatever was sent instead.
            Self::Platform(..) | Self::Arch(..) => return Err(Reason::OutsideSet),
            // What is a text has been admitted as one.
            Self::Word(_) | Self::Text(_) | Self::Id(..) => None,
        };
        draft.put(column, cell.ok_or(Reason::BadProperty)?);
        Ok(())
    }

    /// Whether the kind is a number or a flag, which Datadog's official API
    /// client can send only as text.
    pub(super) fn may_be_quoted(&self) -> bool {
        match self {
            Self::Plain(kind) => {
                !matches!(kind, Kind::Time(_) | Kind::CountOf(_) | Kind::Constant(_))
            }
            _ => false,
        }
    }

    /// Adds a text that the dialect has in a field of its own, if it is
    /// allowed. Returns whether it is.
    pub(super) fn given<'b>(
        &self,
        text: &'b str,
        column: Option<usize>,
        draft: &mut Draft<'b>,
    ) -> bool {
        match self {
            Self::Text(kind) if kind.fits(text) => draft.put(column, DraftCell::Text(text)),
            Self::Id(id, kind) if kind.fits(text) => draft.put(column, DraftCell::Id(*id, text)),
            _ => return false,
        }
        true
    }

    pub(super) fn given_platform(&self, platform: Platform) -> Option<u16> {
        let Self::Platform(_, codes) = self else { return None };
        Some(codes[place(&Platform::ALL, Some(platform)).ok()?])
    }

    pub(super) fn given_arch(&self, arch: Arch) -> Option<u16> {
        let Self::Arch(_, codes) = self else { return None };
        Some(codes[place(&Arch::ALL, Some(arch)).ok()?])
    }

    /// The code of a word that the collector itself sets.
    pub(super) fn code(&self, word: &str) -> Option<u16> {
        match self {
            Self::Word(codes) | Self::Words(codes) => codes.code(word),
            _ => None,
        }
    }
}

fn place<T: PartialEq>(all: &[T], known: Option<T>) -> Result<usize, Reason> {
    let place = known.and_then(|known| all.iter().position(|one| *one == known));
    place.ok_or(Reason::OutsideSet)
}

fn plain<'b>(value: &Value) -> Option<DraftCell<'b>> {
    Some(match value {
        Value::Flag(flag) => DraftCell::Flag(*flag),
        Value::Number(number) => DraftCell::Number(*number),
        Value::Decimal(decimal) => DraftCell::Decimal(decimal.get()),
        Value::Time(time, _) => DraftCell::Seconds(time.seconds()),
        Value::Word(_) | Value::Words(_) | Value::Token(_) | Value::Tokens(_) => return None,
    })
}

fn words<'b>(
    codes: &WordCodes,
    event: &FlatEvent<'b>,
    value: FlatValue<'b>,
    draft: &mut Draft<'b>,
) -> Result<DraftCell<'b>, Reason> {
    let FlatValue::List(..) = value else { return Err(Reason::BadProperty) };
    let first = draft.words.len();
    for item in event.items_of(value) {
        let text = item.text().ok_or(Reason::BadProperty)?;
        let code = codes.code(text).ok_or(Reason::OutsideSet)?;
        if !draft.words[first..].contains(&code) {
            draft.words.push(code);
        }
    }
    Ok(DraftCell::Words(first, draft.words.len()))
}

fn texts<'b>(
    kind: Kind,
    most: usize,
    event: &FlatEvent<'b>,
    value: FlatValue<'b>,
    draft: &mut Draft<'b>,
) -> Result<DraftCell<'b>, Reason> {
    // Only an event about a crash has frames, so a copy is cheap enough.
    kind.admit(&event.raw(value))?;
    let first = draft.texts.len();
    let items = event.items_of(value).iter().take(most);
    draft.texts.extend(items.filter_map(|item| item.text()));
    Ok(DraftCell::Texts(first, draft.texts.len()))
}

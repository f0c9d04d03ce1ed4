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

    /// Checks a value that was sent.
    pub(super) fn admit<'b>(
        &self,
        event: &FlatEvent<'b>,
        value: FlatValue<'b>,
        draft: &mut Draft<'b>,
    ) -> Result<DraftCell<'b>, Reason> {
        let text = || value.text().ok_or(Reason::BadProperty);
        match self {
            // None of these kinds takes a list, so nothing is copied.
            Self::Plain(_) if matches!(value, FlatValue::List(..)) => Err(Reason::BadProperty),
            Self::Plain(kind) => plain(&kind.admit(&event.raw(value))?).ok_or(Reason::BadProperty),
            Self::Word(codes) => codes.code(text()?).map(DraftCell::Word).ok_or(Reason::OutsideSet),
            Self::Words(codes) => words(codes, event, value, draft),
            Self::Text(_) | Self::Id(..) => self.given(text()?).ok_or(Reason::BadProperty),
            Self::Texts(kind, most) => texts(*kind, *most, event, value, draft),
            Self::Platform(words, codes) => {
                let known = value.text().and_then(|text| Platform::read(*words, text));
                place(&Platform::ALL, known).map(|place| DraftCell::Word(codes[place]))
            }
            Self::Arch(words, codes) => {
                let known = value.text().and_then(|text| Arch::read(*words, text));
                place(&Arch::ALL, known).map(|place| DraftCell::Word(codes[place]))
            }
        }
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

    /// Checks a text that the dialect has in a field of its own.
    pub(super) fn given<'b>(&self, text: &'b str) -> Option<DraftCell<'b>> {
        match self {
            Self::Text(kind) => kind.fits(text).then_some(DraftCell::Text(text)),
            Self::Id(id, kind) => kind.fits(text).then_some(DraftCell::Id(*id, text)),
            _ => None,
        }
    }

    pub(super) fn given_platform<'b>(&self, platform: Platform) -> Option<DraftCell<'b>> {
        let Self::Platform(_, codes) = self else { return None };
        let place = place(&Platform::ALL, Some(platform)).ok()?;
        Some(DraftCell::Word(codes[place]))
    }

    pub(super) fn given_arch<'b>(&self, arch: Arch) -> Option<DraftCell<'b>> {
        let Self::Arch(_, codes) = self else { return None };
        let place = place(&Arch::ALL, Some(arch)).ok()?;
        Some(DraftCell::Word(codes[place]))
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

//! Which columns the rows of a product have, and how they are added up: decided
//! by the kinds of its catalogs.
//!
//! The matches name every kind and every source, so that a new one has to be
//! considered here.

use headcount_catalog::{
    Age, Arch, Catalog, Event, Kind, Period, Platform, Property, Reference, RunningAgent, Source,
};
use headcount_store::{
    ColumnKind, ColumnRole, ColumnShape, EventShape, FailureShape, RollupKind, RowSchema,
};

/// What a column is made of: everything but its name and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    kind: ColumnKind,
    rollup: RollupKind,
    role: ColumnRole,
}

impl Shape {
    const fn plain(kind: ColumnKind, rollup: RollupKind) -> Self {
        Self { kind, rollup, role: ColumnRole::Plain }
    }

    /// The column of a property of this kind.
    fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::plain(ColumnKind::Flag, RollupKind::Values),
            Kind::Choice { .. } | Kind::Function { .. } | Kind::Class { .. } => {
                Self::plain(ColumnKind::Word, RollupKind::Values)
            }
            Kind::Choices { .. } => Self::plain(ColumnKind::Words, RollupKind::Values),
            Kind::Version | Kind::Locale | Kind::Token { .. } => {
                Self::plain(ColumnKind::Text, RollupKind::OpenValues)
            }
            Kind::ExitCode => Self::plain(ColumnKind::Number, RollupKind::ExitCodes),
            Kind::Count { .. } | Kind::Bucket { .. } | Kind::Duration { .. } => {
                Self::plain(ColumnKind::Number, RollupKind::Histogram)
            }
            Kind::Amount { .. } => Self::plain(ColumnKind::Decimal, RollupKind::Histogram),
            // A constant has one value, and a count of words says less than the
            // words. The others have too many values, or point to a person or a
            // machine.
            Kind::Constant(_) => Self::plain(ColumnKind::Word, RollupKind::None),
            Kind::CountOf(_) => Self::plain(ColumnKind::Number, RollupKind::None),
            Kind::Time(_) => Self::plain(ColumnKind::Seconds, RollupKind::None),
            Kind::Location | Kind::Scrubbed { .. } => {
                Self::plain(ColumnKind::Text, RollupKind::None)
            }
            Kind::Frames { .. } => Self::plain(ColumnKind::Texts, RollupKind::None),
            Kind::Reference(reference) => Self {
                kind: ColumnKind::Pseudonym,
                rollup: RollupKind::None,
                role: match reference {
                    Reference::Account => ColumnRole::Account,
                    Reference::Session | Reference::Turn => ColumnRole::Plain,
                },
            },
        }
    }

    /// The column of an envelope entry; `None` if the entry is another field of
    /// the row.
    fn of_source(source: Source) -> Option<Self> {
        Some(match source {
            Source::EventId | Source::Event | Source::Device | Source::Properties => return None,
            Source::Time(grain) => Self::of_kind(Kind::Time(grain)),
            Source::Session => Self::of_kind(Kind::Reference(Reference::Session)),
            Source::Turn => Self::of_kind(Kind::Reference(Reference::Turn)),
            Source::Account => Self::of_kind(Kind::Reference(Reference::Account)),
            Source::Version => Self { role: ColumnRole::Version, ..Self::of_kind(Kind::Version) },
            Source::CatalogVersion => Self::plain(ColumnKind::Number, RollupKind::None),
            Source::Platform(_) | Source::Arch(_) => {
                Self::plain(ColumnKind::Word, RollupKind::Values)
            }
            Source::Locale => Self::of_kind(Kind::Locale),
            Source::Ci | Source::Attended => Self::of_kind(Kind::Flag),
            Source::Agent => Self::of_kind(RunningAgent::KIND),
            // Marks and ages have a rollup of their own.
            Source::Marks => Self::plain(ColumnKind::Words, RollupKind::None),
            Source::Age => Self::plain(ColumnKind::Word, RollupKind::None),
            Source::Constant(word) => Self::of_kind(Kind::Constant(word)),
            Source::Host(kind) => Self::of_kind(kind),
        })
    }

    /// Whether events are counted by the values of the column.
    fn is_counted(self) -> bool {
        match self.rollup {
            RollupKind::Values | RollupKind::OpenValues | RollupKind::ExitCodes => true,
            RollupKind::None | RollupKind::Histogram => false,
        }
    }
}

/// The schema of the rows that these catalogs of one product allow, the newest
/// first.
pub(crate) fn schema_of(versions: &[Catalog]) -> RowSchema {
    Columns::of(versions).schema(versions)
}

/// The columns of a product's rows.
#[derive(Debug, Default)]
pub(super) struct Columns {
    shapes: Vec<ColumnShape>,
}

impl Columns {
    /// The columns of all events of all versions, those of the first version
    /// first.
    pub(super) fn of(versions: &[Catalog]) -> Self {
        let mut columns = Self::default();
        for catalog in versions {
            for event in catalog.events {
                for entry in catalog.envelope {
                    columns.add_entry(event, entry.key, entry.source);
                }
                for property in event.properties {
                    let Property { name, kind, .. } = *property;
                    columns.add(name, Shape::of_kind(kind), &words_of(kind));
                }
            }
        }
        columns
    }

    fn add_entry(&mut self, event: &Event, key: &'static str, source: Source) {
        let Some(shape) = shape_of_entry(event, key, source) else { return };
        let words: Vec<&str> = match source {
            Source::Platform(words) => Platform::ALL.map(|known| known.word(words)).to_vec(),
            Source::Arch(words) => Arch::ALL.map(|known| known.word(words)).to_vec(),
            Source::Constant(word) => vec![event.constant(key, word)],
            Source::Marks => words_of(Period::MARKS),
            Source::Age => words_of(Age::KIND),
            Source::Agent => words_of(RunningAgent::KIND),
            Source::Host(kind) => words_of(kind),
            _ => Vec::new(),
        };
        self.add(key, shape, &words);
    }

    /// Adds a column and its words, if they are new.
    fn add(&mut self, name: &str, shape: Shape, words: &[&str]) {
        let place = self.find(name, shape).unwrap_or_else(|| {
            let Shape { kind, rollup, role } = shape;
            let name = name.to_owned();
            self.shapes.push(ColumnShape { name, kind, words: Vec::new(), rollup, role });
            self.shapes.len() - 1
        });
        let all = &mut self.shapes[place].words;
        for word in words {
            if !all.iter().any(|known| known == word) {
                all.push((*word).to_owned());
            }
        }
    }

    fn find(&self, name: &str, shape: Shape) -> Option<usize> {
        let Shape { kind, rollup, role } = shape;
        self.shapes.iter().position(|known| {
            known.name == name && known.kind == kind && known.rollup == rollup && known.role == role
        })
    }

    /// The place of an entry's column; `None` if it has none.
    pub(super) fn entry(&self, event: &Event, key: &str, source: Source) -> Option<usize> {
        self.find(key, shape_of_entry(event, key, source)?)
    }

    /// The place of a property's column.
    pub(super) fn property(&self, name: &str, kind: Kind) -> Option<usize> {
        self.find(name, Shape::of_kind(kind))
    }

    /// The code of a word that [`Columns::of`] has found.
    pub(super) fn code(&self, column: usize, word: &str) -> Option<u16> {
        let place = self.shapes.get(column)?.words.iter().position(|known| known == word)?;
        u16::try_from(place).ok()
    }

    /// The schema of a product's rows.
    pub(super) fn schema(&self, versions: &[Catalog]) -> RowSchema {
        let mut events: Vec<EventShape> = Vec::new();
        for catalog in versions {
            for event in catalog.events {
                let known = events.iter().position(|known| known.name == event.name);
                let place = known.unwrap_or_else(|| {
                    let name = event.name.to_owned();
                    events.push(EventShape { name, across: Vec::new(), failure: None });
                    events.len() - 1
                });
                self.add_pairs(catalog, event, &mut events[place]);
            }
        }
        let product = versions.first().map_or("", |newest| newest.product.name);
        RowSchema::new(product.to_owned(), events, self.shapes.clone())
    }

    /// Adds what an event of one version is counted by besides its values. What
    /// newer versions say goes first.
    fn add_pairs(&self, catalog: &Catalog, event: &Event, shape: &mut EventShape) {
        for (one, other) in event.across {
            let [one, other] = [one, other].map(|name| self.place_of(catalog, event, name));
            if let (Some(one), Some(other)) = (one, other) {
                let pairs = [(one, other), (other, one)];
                if !shape.across.iter().any(|known| pairs.contains(known)) {
                    shape.across.push((one, other));
                }
            }
        }
        if let (None, Some((_, property))) = (&shape.failure, event.failure()) {
            let column = self.place_of(catalog, event, property.name);
            let values = property.failure.iter().map(|value| (*value).to_owned()).collect();
            shape.failure = column.map(|column| FailureShape { column, values });
        }
    }

    /// The place of the column that has a property or an entry.
    fn place_of(&self, catalog: &Catalog, event: &Event, name: &str) -> Option<usize> {
        if let Some((_, property)) = event.property(name) {
            return self.property(name, property.kind);
        }
        let entry = catalog.envelope.iter().find(|entry| entry.key == name)?;
        self.entry(event, name, entry.source)
    }
}

/// The column of an entry of this event; `None` if it has none.
fn shape_of_entry(event: &Event, key: &str, source: Source) -> Option<Shape> {
    // A property may have the same name, in an object of its own, and is more
    // specific.
    if event.property(key).is_some() { None } else { Shape::of_source(source) }
}

/// The words of a kind's closed set, its bucket last.
fn words_of(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Constant(word) => vec![word],
        _ => match kind.set() {
            Some((set, other)) => set.iter().copied().chain(other).collect(),
            None => Vec::new(),
        },
    }
}

/// The envelope entries and properties by which events of one name are counted,
/// entries first.
pub(crate) fn counted_names(catalog: &Catalog, event: &'static Event) -> Vec<&'static str> {
    let entries = catalog.envelope.iter();
    let entries = entries
        .filter_map(|entry| Some((entry.key, shape_of_entry(event, entry.key, entry.source)?)));
    let properties = event.properties.iter();
    let properties = properties.map(|property| (property.name, Shape::of_kind(property.kind)));
    let counted = entries.chain(properties).filter(|(_, shape)| shape.is_counted());
    counted.map(|(name, _)| name).collect()
}

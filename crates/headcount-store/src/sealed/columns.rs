//! One column of sealed rows, and how its cells are copied to another order.

use super::presence::Presence;
use crate::day_rows::item_range;
use crate::{CellColumn, Cells, ColumnKind, TextSet};

/// The cells of one column.
#[derive(Debug, Clone)]
pub(crate) struct SealedColumn {
    pub(super) presence: Presence,
    pub(super) cells: Cells,
}

/// A row of one of several sources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowPick {
    pub(super) source: u32,
    pub(super) row: u32,
}

impl SealedColumn {
    pub(super) fn new(kind: ColumnKind) -> Self {
        Self { presence: Presence::default(), cells: Cells::new(kind) }
    }

    /// A column in which no row has a cell.
    pub(super) fn empty(kind: ColumnKind, rows: usize) -> Self {
        Self { presence: Presence::of(&[], rows), cells: Cells::new(kind) }
    }

    pub(super) fn of(column: CellColumn, rows: usize) -> Self {
        let (present, cells) = column.into_parts();
        Self { presence: Presence::of(&present, rows), cells }
    }

    pub(super) fn into_cells(self) -> CellColumn {
        CellColumn::from_parts(self.presence.present().collect(), self.cells)
    }

    /// The bytes of its distinct texts.
    pub(super) fn text_bytes(&self) -> usize {
        match &self.cells {
            Cells::Text(texts, _) | Cells::TextLists(texts, ..) => texts.bytes(),
            _ => 0,
        }
    }

    /// Adds the cells of these rows, in this order. All sources are of the same
    /// kind.
    pub(super) fn gather(&mut self, sources: &[&Self], picks: &[RowPick]) {
        // In most columns, the place of a cell is that of its row.
        if sources.iter().all(|source| source.presence.is_full()) {
            self.presence.push_alike(picks.len(), true);
            gather_cells(&mut self.cells, sources, picks);
            return;
        }
        // A column is that of one event, or of a few of them.
        if sources.iter().all(|source| source.presence.cells() == 0) {
            self.presence.push_alike(picks.len(), false);
            return;
        }
        let mut places = Vec::with_capacity(picks.len());
        for pick in picks {
            let place = sources[pick.source as usize].presence.place(pick.row as usize);
            self.presence.push(place.is_some());
            places.extend(place.map(|place| RowPick { row: place as u32, ..*pick }));
        }
        if !places.is_empty() {
            gather_cells(&mut self.cells, sources, &places);
        }
    }
}

/// The cells of one kind of each source.
macro_rules! cells_of {
    ($sources:expr, $kind:pat => $cells:expr) => {
        $sources
            .iter()
            .map(|source| match &source.cells {
                $kind => $cells,
                _ => panic!("the sources of a column are of one kind"),
            })
            .collect::<Vec<_>>()
    };
}

fn gather_cells(own: &mut Cells, sources: &[&SealedColumn], places: &[RowPick]) {
    match own {
        Cells::Flags(own) => copy(own, &cells_of!(sources, Cells::Flags(all) => all), places),
        Cells::Numbers(own) => copy(own, &cells_of!(sources, Cells::Numbers(all) => all), places),
        Cells::Seconds(own) => copy(own, &cells_of!(sources, Cells::Seconds(all) => all), places),
        Cells::Decimals(own) => copy(own, &cells_of!(sources, Cells::Decimals(all) => all), places),
        Cells::Words(own) => copy(own, &cells_of!(sources, Cells::Words(all) => all), places),
        Cells::Pseudonyms(own) => {
            copy(own, &cells_of!(sources, Cells::Pseudonyms(all) => all), places);
        }
        Cells::WordLists(own_ends, own) => {
            let all = cells_of!(sources, Cells::WordLists(ends, codes) => (ends, codes));
            for place in places {
                let (ends, codes) = all[place.source as usize];
                own.extend_from_slice(&codes[item_range(ends, place.row as usize)]);
                own_ends.push(own.len() as u32);
            }
        }
        Cells::Text(texts, own) => {
            let all = cells_of!(sources, Cells::Text(texts, codes) => (texts, codes));
            let mut recoded = Recoded::new(texts, all.iter().map(|(texts, _)| *texts).collect());
            own.extend(places.iter().map(|place| {
                let source = place.source as usize;
                recoded.code(source, all[source].1[place.row as usize])
            }));
        }
        Cells::TextLists(texts, own_ends, own) => {
            let all =
                cells_of!(sources, Cells::TextLists(texts, ends, codes) => (texts, ends, codes));
            let mut recoded = Recoded::new(texts, all.iter().map(|(texts, ..)| *texts).collect());
            for place in places {
                let source = place.source as usize;
                let (_, ends, codes) = all[source];
                let codes = &codes[item_range(ends, place.row as usize)];
                own.extend(codes.iter().map(|code| recoded.code(source, *code)));
                own_ends.push(own.len() as u32);
            }
        }
    }
}

/// Adds the entries of these places. If there is one source, as when rows of
/// one schema are sealed, the list of sources is not looked at for each.
pub(super) fn copy<T: Copy>(own: &mut Vec<T>, sources: &[&Vec<T>], places: &[RowPick]) {
    if let [source] = sources {
        own.extend(places.iter().map(|place| source[place.row as usize]));
    } else {
        own.extend(places.iter().map(|place| sources[place.source as usize][place.row as usize]));
    }
}

/// Codes of the sources' texts as codes of one list, each text looked up once.
struct Recoded<'a> {
    own: &'a mut TextSet,
    sources: Vec<&'a TextSet>,
    known: Vec<Vec<u32>>,
}

const UNKNOWN: u32 = u32::MAX;

impl<'a> Recoded<'a> {
    fn new(own: &'a mut TextSet, sources: Vec<&'a TextSet>) -> Self {
        let known = sources.iter().map(|texts| vec![UNKNOWN; texts.len()]).collect();
        Self { own, sources, known }
    }

    fn code(&mut self, source: usize, code: u32) -> u32 {
        let known = &mut self.known[source][code as usize];
        if *known == UNKNOWN {
            *known = self.own.code(self.sources[source].get(code).unwrap_or_default());
        }
        *known
    }
}

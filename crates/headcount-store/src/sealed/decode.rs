//! Chunks to rows. The bytes may be damaged, so nothing in them is trusted.

use std::sync::Arc;

use headcount_catalog::Day;

use super::SealedDamage;
use super::columns::SealedColumn;
use super::encode::{FORMAT, HEAD_BYTES, MAGIC};
use super::frames::FrameReader;
use super::id_page::read_page;
use super::presence::Presence;
use super::row_part::{RowPart, WantedPart};
use super::sealed_rows::{SealedHead, SealedRows, SlotDevice};
use crate::block::{ByteReader, Damage, xxh64};
use crate::{Cells, ColumnKind, ColumnShape, Pseudonym, RowMarks, RowSchema, TextSet, limits};

/// Reads a chunk with its pages of ids, in order.
pub(crate) fn decode(
    schema: &Arc<RowSchema>,
    day: Day,
    pages: &[Vec<u8>],
    body: &[u8],
) -> Result<SealedRows, SealedDamage> {
    let mut rows = SealedRows::new(Arc::clone(schema), day);
    for page in pages {
        read_page(page, &mut rows.ids, &mut rows.contents)?;
    }
    let mut body = ChunkBody::new(body)?;
    if body.rows != rows.len() {
        return Err(SealedDamage::RowCount);
    }
    rows.heads = body.heads()?;
    if rows.heads.iter().any(|head| usize::from(head.event) >= schema.events().len()) {
        return Err(SealedDamage::OutsideSchema);
    }
    let columns = body.frames.bytes.count()?;
    if columns != schema.columns().len() {
        return Err(SealedDamage::OutsideSchema);
    }
    for (place, shape) in schema.columns().iter().enumerate() {
        rows.columns[place] = body.column(shape)?;
    }
    body.frames.bytes.end()?;
    Ok(rows)
}

/// The body of a chunk, whose checksum is right.
pub(crate) struct ChunkBody<'a> {
    rows: usize,
    frames: FrameReader<'a>,
}

impl<'a> ChunkBody<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Result<Self, SealedDamage> {
        let mut reader = ByteReader::new(body);
        if reader.array()? != MAGIC {
            return Err(SealedDamage::NotAChunk);
        }
        match reader.byte()? {
            FORMAT => {}
            other => return Err(SealedDamage::UnknownFormat(other)),
        }
        let checksum = u64::from_le_bytes(reader.array()?);
        if checksum != xxh64(&body[HEAD_BYTES..]) {
            return Err(Damage::Checksum.into());
        }
        let rows = reader.varint()?;
        let rows = usize::try_from(rows).ok();
        let rows = rows.filter(|rows| (1..=limits::CHUNK_ROWS).contains(rows));
        let rows = rows.ok_or(SealedDamage::RowCount)?;
        Ok(Self { rows, frames: FrameReader::new(reader)? })
    }

    fn heads(&mut self) -> Result<Vec<SealedHead>, SealedDamage> {
        let events: Vec<u16> = self.frames.integers(self.rows)?;
        let weights: Vec<u16> = self.frames.integers(self.rows)?;
        let (marks, devices) = (self.marks()?, self.devices()?);
        let heads = events.into_iter().zip(weights).zip(marks).zip(devices);
        let head = |(((event, weight), marks), device)| SealedHead { event, weight, marks, device };
        Ok(heads.map(head).collect())
    }

    fn marks(&mut self) -> Result<Vec<RowMarks>, SealedDamage> {
        let marks: Vec<u8> = self.frames.integers(self.rows)?;
        let marks = marks.into_iter().map(RowMarks::from_byte);
        Ok(marks.collect::<Option<_>>().ok_or(Damage::UnknownCode)?)
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Reads what is wanted, and skips everything else.
    pub(crate) fn part(
        mut self,
        schema: &RowSchema,
        wanted: &WantedPart,
    ) -> Result<RowPart, SealedDamage> {
        let events: Vec<u16> = self.frames.integers(self.rows)?;
        if events.iter().any(|event| usize::from(*event) >= schema.events().len()) {
            return Err(SealedDamage::OutsideSchema);
        }
        let weights = self.frames.integers(self.rows)?;
        let mut part = RowPart { events, weights, ..RowPart::default() };
        if wanted.has_devices {
            (part.marks, part.devices) = (self.marks()?, self.devices()?);
        } else {
            self.skip_integers()?;
            self.skip_devices()?;
        }
        if self.frames.bytes.count()? != schema.columns().len() {
            return Err(SealedDamage::OutsideSchema);
        }
        for (place, shape) in schema.columns().iter().enumerate() {
            if wanted.columns.contains(&place) {
                part.columns.push((place, self.column(shape)?.into_cells()));
            } else {
                let length = self.frames.bytes.count()?;
                self.frames.bytes.take(length)?;
            }
        }
        self.frames.bytes.end()?;
        Ok(part)
    }

    fn devices(&mut self) -> Result<Vec<SlotDevice>, SealedDamage> {
        let devices: Vec<u8> = self.frames.integers(self.rows)?;
        let named = devices.iter().filter(|device| **device != 0).count();
        let mut slots = self.frames.integers::<u32>(named)?.into_iter();
        let device = |device| {
            Ok(match device {
                0 => SlotDevice::None,
                1 => SlotDevice::Counted(slots.next().unwrap_or_default()),
                2 => SlotDevice::Ephemeral(slots.next().unwrap_or_default()),
                _ => return Err(Damage::UnknownCode.into()),
            })
        };
        devices.into_iter().map(device).collect()
    }

    /// The slots of the devices, one a row that names one, and nothing else of
    /// the body.
    pub(crate) fn slots(mut self) -> Result<Vec<u32>, SealedDamage> {
        self.skip_to_devices()?;
        Ok(self.devices()?.into_iter().filter_map(SlotDevice::slot).collect())
    }

    /// Skips events, weights and marks.
    fn skip_to_devices(&mut self) -> Result<(), SealedDamage> {
        (0..3).try_for_each(|_| self.skip_integers())
    }

    fn skip_devices(&mut self) -> Result<(), SealedDamage> {
        let devices: Vec<u8> = self.frames.integers(self.rows)?;
        // No slots are written where no row has a device.
        if devices.iter().any(|device| *device != 0) { self.skip_integers() } else { Ok(()) }
    }

    fn skip_integers(&mut self) -> Result<(), SealedDamage> {
        self.frames.bytes.varint()?;
        for _ in 0..self.frames.bytes.byte()? {
            let count = self.frames.bytes.count()?;
            self.frames.bytes.take(count)?;
        }
        Ok(())
    }

    /// Whether a column of pseudonyms has this one, and nothing else of the
    /// body. `columns` are places of such columns.
    pub(crate) fn has_pseudonym(
        mut self,
        columns: &[usize],
        wanted: &dyn Fn(Pseudonym) -> bool,
    ) -> Result<bool, SealedDamage> {
        self.skip_to_devices()?;
        self.devices()?;
        for place in 0..self.frames.bytes.count()? {
            let length = self.frames.bytes.count()?;
            let bytes = self.frames.bytes.take(length)?;
            if columns.contains(&place) {
                let rows = self.rows;
                let all = self.frames.within(bytes, |frames| match presence(frames, rows)? {
                    Some(presence) => pseudonyms(frames, presence.cells()),
                    None => Ok(Vec::new()),
                })?;
                if all.into_iter().any(wanted) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn column(&mut self, shape: &ColumnShape) -> Result<SealedColumn, SealedDamage> {
        let length = self.frames.bytes.count()?;
        let bytes = self.frames.bytes.take(length)?;
        let rows = self.rows;
        self.frames.within(bytes, |frames| {
            let column = match presence(frames, rows)? {
                Some(presence) => {
                    let cells = cells(frames, shape, presence.cells())?;
                    SealedColumn { presence, cells }
                }
                None => SealedColumn::empty(shape.kind, rows),
            };
            frames.bytes.end()?;
            Ok(column)
        })
    }
}

/// Which rows have a cell; nothing if none has.
fn presence(frames: &mut FrameReader<'_>, rows: usize) -> Result<Option<Presence>, SealedDamage> {
    Ok(match frames.bytes.byte()? {
        0 => None,
        1 => Some(Presence::from_bytes(&vec![0xff; rows.div_ceil(8)], rows)),
        2 => Some(Presence::from_bytes(&frames.frame(rows.div_ceil(8))?, rows)),
        _ => return Err(Damage::UnknownPresence.into()),
    })
}

fn cells(
    frames: &mut FrameReader<'_>,
    shape: &ColumnShape,
    count: usize,
) -> Result<Cells, SealedDamage> {
    Ok(match shape.kind {
        ColumnKind::Flag => {
            let bits = frames.frame(count.div_ceil(8))?;
            Cells::Flags((0..count).map(|place| bits[place / 8] >> (place % 8) & 1 == 1).collect())
        }
        ColumnKind::Number => Cells::Numbers(frames.signed(count)?),
        ColumnKind::Seconds => Cells::Seconds(frames.signed(count)?),
        ColumnKind::Decimal => {
            let bits = frames.signed(count)?.into_iter();
            Cells::Decimals(bits.map(|bits| f64::from_bits(bits.cast_unsigned())).collect())
        }
        ColumnKind::Word => Cells::Words(words(frames, shape, count)?),
        ColumnKind::Words => {
            let ends = ends(frames, count)?;
            let all = ends.last().map_or(0, |end| *end as usize);
            Cells::WordLists(ends, words(frames, shape, all)?)
        }
        ColumnKind::Text => {
            let (texts, of_code) = texts(frames)?;
            Cells::Text(texts, codes(frames, count, &of_code)?)
        }
        ColumnKind::Texts => {
            let (texts, of_code) = texts(frames)?;
            let ends = ends(frames, count)?;
            let all = ends.last().map_or(0, |end| *end as usize);
            Cells::TextLists(texts, ends, codes(frames, all, &of_code)?)
        }
        ColumnKind::Pseudonym => {
            let distinct = pseudonyms(frames, count)?;
            Cells::Pseudonyms(codes(frames, count, &distinct)?)
        }
    })
}

fn words(
    frames: &mut FrameReader<'_>,
    shape: &ColumnShape,
    count: usize,
) -> Result<Vec<u16>, SealedDamage> {
    let words: Vec<u16> = frames.integers(count)?;
    if words.iter().any(|code| usize::from(*code) >= shape.words.len()) {
        return Err(SealedDamage::OutsideSchema);
    }
    Ok(words)
}

/// Reads codes, and returns what they stand for.
fn codes<T: Copy>(
    frames: &mut FrameReader<'_>,
    count: usize,
    of_code: &[T],
) -> Result<Vec<T>, SealedDamage> {
    let codes: Vec<u32> = frames.integers(count)?;
    let entry = |code: u32| of_code.get(code as usize).copied().ok_or(Damage::UnknownCode);
    Ok(codes.into_iter().map(entry).collect::<Result<_, _>>()?)
}

/// Where the items of each row end. Their sum is bounded by the next frame,
/// which must have that many bytes.
fn ends(frames: &mut FrameReader<'_>, count: usize) -> Result<Vec<u32>, SealedDamage> {
    let lengths: Vec<u32> = frames.integers(count)?;
    let mut end = 0u32;
    let mut next = |length: u32| {
        end = end.checked_add(length)?;
        Some(end)
    };
    let ends: Option<Vec<u32>> = lengths.into_iter().map(&mut next).collect();
    Ok(ends.ok_or(Damage::NumberTooLarge)?)
}

/// The distinct texts, and the code of each in what is returned.
fn texts(frames: &mut FrameReader<'_>) -> Result<(TextSet, Vec<u32>), SealedDamage> {
    let count = distinct_count(frames)?;
    let bytes = usize::try_from(frames.bytes.varint()?).map_err(|_| Damage::CountTooLarge)?;
    let lengths: Vec<u32> = frames.integers(count)?;
    let joined = frames.frame(bytes)?;
    let mut rest = str::from_utf8(&joined).map_err(|_| Damage::NotUtf8)?;
    let mut texts = TextSet::default();
    let mut codes = Vec::with_capacity(count);
    for length in lengths {
        let (text, after) = rest.split_at_checked(length as usize).ok_or(Damage::CutShort)?;
        codes.push(texts.code(text));
        rest = after;
    }
    if rest.is_empty() { Ok((texts, codes)) } else { Err(Damage::TrailingBytes.into()) }
}

fn pseudonyms(frames: &mut FrameReader<'_>, most: usize) -> Result<Vec<Pseudonym>, SealedDamage> {
    let count = distinct_count(frames)?;
    if count > most {
        return Err(Damage::CountTooLarge.into());
    }
    let bytes = frames.frame(count * 16)?;
    Ok(bytes.as_chunks::<16>().0.iter().copied().map(Pseudonym::from_bytes).collect())
}

/// How many distinct texts or pseudonyms follow. The frame after it is checked
/// against it before anything is allocated.
fn distinct_count(frames: &mut FrameReader<'_>) -> Result<usize, SealedDamage> {
    let count = frames.bytes.varint()?;
    u32::try_from(count).map(|count| count as usize).map_err(|_| Damage::CountTooLarge.into())
}

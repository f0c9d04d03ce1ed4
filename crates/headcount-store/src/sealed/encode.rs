//! Rows to chunks.

use std::io;

use headcount_catalog::EventId;

use super::columns::SealedColumn;
use super::frames::FrameWriter;
use super::id_page::IdPage;
use super::sealed_rows::{SealedRows, SlotDevice};
use crate::block::{put_bits, put_count, xxh64};
use crate::{Cells, Pseudonym, TextSet};

pub(super) const MAGIC: [u8; 3] = *b"HCS";
pub(super) const FORMAT: u8 = 1;
pub(super) const HEAD_BYTES: usize = MAGIC.len() + 1 + size_of::<u64>();

/// A part of a segment as bytes.
#[derive(Debug, Clone)]
pub(crate) struct SealedChunk {
    pub(crate) first: EventId,
    pub(crate) last: EventId,
    pub(crate) rows: usize,
    pub(crate) pages: Vec<IdPage>,
    pub(crate) body: Vec<u8>,
}

/// Makes chunks. It keeps the tables of the compressor from one to the next.
pub(crate) struct ChunkEncoder {
    frames: FrameWriter,
    column: Vec<u8>,
}

impl ChunkEncoder {
    /// # Errors
    ///
    /// Returns an error if there is no memory for the compressor, here and
    /// below.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { frames: FrameWriter::new()?, column: Vec::new() })
    }

    /// Makes a chunk of sorted rows; nothing of none.
    pub(crate) fn encode(&mut self, rows: &SealedRows) -> io::Result<Option<SealedChunk>> {
        let (Some(first), Some(last)) = (rows.ids.first(), rows.ids.last()) else {
            return Ok(None);
        };
        let pages = IdPage::cut(&rows.ids, &rows.contents);
        let mut body = Vec::with_capacity(rows.len() * 12 + 1_024);
        body.extend_from_slice(&MAGIC);
        body.push(FORMAT);
        body.extend_from_slice(&[0; size_of::<u64>()]);
        put_count(&mut body, rows.len());
        self.put_heads(&mut body, rows)?;
        put_count(&mut body, rows.columns.len());
        for column in &rows.columns {
            let mut bytes = std::mem::take(&mut self.column);
            bytes.clear();
            self.put_column(&mut bytes, column)?;
            put_count(&mut body, bytes.len());
            body.extend_from_slice(&bytes);
            self.column = bytes;
        }
        seal(&mut body);
        Ok(Some(SealedChunk { first: *first, last: *last, rows: rows.len(), pages, body }))
    }

    fn put_heads(&mut self, out: &mut Vec<u8>, rows: &SealedRows) -> io::Result<()> {
        let heads = &rows.heads;
        let events: Vec<u16> = heads.iter().map(|head| head.event).collect();
        self.frames.put_integers(out, &events)?;
        let weights: Vec<u16> = heads.iter().map(|head| head.weight).collect();
        self.frames.put_integers(out, &weights)?;
        let marks: Vec<u8> = heads.iter().map(|head| head.marks.byte()).collect();
        self.frames.put_integers(out, &marks)?;
        let device = |device| match device {
            SlotDevice::None => 0,
            SlotDevice::Counted(_) => 1,
            SlotDevice::Ephemeral(_) => 2,
        };
        let devices: Vec<u8> = heads.iter().map(|head| device(head.device)).collect();
        self.frames.put_integers(out, &devices)?;
        let slots: Vec<u32> = heads.iter().filter_map(|head| head.device.slot()).collect();
        self.frames.put_integers(out, &slots)
    }

    fn put_column(&mut self, out: &mut Vec<u8>, column: &SealedColumn) -> io::Result<()> {
        let presence = &column.presence;
        if presence.cells() == 0 {
            out.push(0);
            return Ok(());
        } else if presence.is_full() {
            out.push(1);
        } else {
            out.push(2);
            self.frames.put_frame(out, &presence.bytes())?;
        }
        self.put_cells(out, &column.cells)
    }

    fn put_cells(&mut self, out: &mut Vec<u8>, cells: &Cells) -> io::Result<()> {
        let frames = &mut self.frames;
        match cells {
            Cells::Flags(flags) => {
                let mut bits = Vec::with_capacity(flags.len().div_ceil(8));
                put_bits(&mut bits, flags.iter().copied());
                frames.put_frame(out, &bits)
            }
            Cells::Numbers(numbers) | Cells::Seconds(numbers) => frames.put_integers(out, numbers),
            Cells::Decimals(decimals) => {
                let bits: Vec<i64> =
                    decimals.iter().map(|decimal| decimal.to_bits().cast_signed()).collect();
                frames.put_integers(out, &bits)
            }
            Cells::Words(codes) => frames.put_integers(out, codes),
            Cells::WordLists(ends, codes) => {
                frames.put_integers(out, &lengths(ends))?;
                frames.put_integers(out, codes)
            }
            Cells::Text(texts, codes) => {
                put_texts(frames, out, texts)?;
                frames.put_integers(out, codes)
            }
            Cells::TextLists(texts, ends, codes) => {
                put_texts(frames, out, texts)?;
                frames.put_integers(out, &lengths(ends))?;
                frames.put_integers(out, codes)
            }
            Cells::Pseudonyms(pseudonyms) => {
                let (distinct, codes) = distinct(pseudonyms);
                put_count(out, distinct.len());
                let bytes: Vec<u8> = distinct.iter().flat_map(|one| one.bytes()).collect();
                frames.put_frame(out, &bytes)?;
                frames.put_integers(out, &codes)
            }
        }
    }
}

/// Writes the checksum into the head of a finished body.
pub(super) fn seal(body: &mut [u8]) {
    let checksum = xxh64(&body[HEAD_BYTES..]);
    body[HEAD_BYTES - size_of::<u64>()..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
}

fn lengths(ends: &[u32]) -> Vec<u32> {
    let starts = std::iter::once(&0).chain(ends);
    ends.iter().zip(starts).map(|(end, start)| end - start).collect()
}

fn put_texts(frames: &mut FrameWriter, out: &mut Vec<u8>, texts: &TextSet) -> io::Result<()> {
    let lengths: Vec<u32> = texts.iter().map(|text| text.len() as u32).collect();
    let joined: String = texts.iter().collect();
    put_count(out, lengths.len());
    put_count(out, joined.len());
    frames.put_integers(out, &lengths)?;
    frames.put_frame(out, joined.as_bytes())
}

/// The distinct ones in rising order, and the place of each.
fn distinct(pseudonyms: &[Pseudonym]) -> (Vec<Pseudonym>, Vec<u32>) {
    let mut distinct = pseudonyms.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |one: &Pseudonym| distinct.partition_point(|known| known < one) as u32;
    let codes = pseudonyms.iter().map(place).collect();
    (distinct, codes)
}

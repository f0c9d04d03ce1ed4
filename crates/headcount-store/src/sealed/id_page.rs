//! Pages of sorted ids and their content hashes: the index of sealed rows.

use headcount_catalog::EventId;

use super::SealedDamage;
use super::bit_packing::{BitReader, BitWriter};
use crate::block::{ByteReader, Damage, xxh64};
use crate::limits;

/// Bits of a version-7 UUID that are random.
const RANDOM_BITS: u32 = 74;

const CHECKSUM_BYTES: usize = size_of::<u64>();
const HEAD_BYTES: usize = CHECKSUM_BYTES + size_of::<u16>() + 2 + size_of::<u128>();

/// Some sorted ids, each with the hash of its row's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdPage {
    pub(crate) first: EventId,
    pub(crate) rows: usize,
    pub(crate) body: Vec<u8>,
}

/// How the ids of a page are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole = 0,
    Compact = 1,
}

impl Form {
    /// The form of an id that comes after `first`.
    fn of(id: u128, first: u128) -> Self {
        let is_alike = id >> 80 == first >> 80 && is_version_7(id) && is_version_7(first);
        if is_alike { Self::Compact } else { Self::Whole }
    }

    /// The id as a number that rises with it.
    fn number(self, id: u128) -> u128 {
        match self {
            Self::Whole => id,
            Self::Compact => (id >> 64 & 0xfff) << 62 | id & LOW_62,
        }
    }

    /// The id of such a number, on a page that starts with `first`.
    fn id(self, number: u128, first: u128) -> u128 {
        match self {
            Self::Whole => number,
            Self::Compact => {
                (first >> 76 << 76) | (number >> 62 & 0xfff) << 64 | 0b10 << 62 | number & LOW_62
            }
        }
    }
}

const LOW_62: u128 = (1 << 62) - 1;

fn is_version_7(id: u128) -> bool {
    id >> 76 & 0xf == 7 && id >> 62 & 0b11 == 0b10
}

impl IdPage {
    /// Cuts sorted ids into pages of at most
    /// [`limits::ID_PAGE_BYTES`](crate::limits::ID_PAGE_BYTES).
    pub(crate) fn cut(ids: &[EventId], contents: &[u32]) -> Vec<Self> {
        let mut pages = Vec::new();
        let (mut ids, mut contents) = (ids, contents);
        while !ids.is_empty() {
            let (rows, form, width) = fitting(ids);
            pages.push(Self::encode(&ids[..rows], &contents[..rows], form, width));
            (ids, contents) = (&ids[rows..], &contents[rows..]);
        }
        pages
    }

    fn encode(ids: &[EventId], contents: &[u32], form: Form, width: u32) -> Self {
        let first = ids[0];
        let mut writer = BitWriter::default();
        for pair in ids.windows(2) {
            writer.push(form.number(pair[1].bits()) - form.number(pair[0].bits()), width);
        }
        let mut body = vec![0; CHECKSUM_BYTES];
        body.extend_from_slice(&u16::try_from(ids.len()).unwrap_or(u16::MAX).to_le_bytes());
        body.extend_from_slice(&[form as u8, width as u8]);
        body.extend_from_slice(&first.bits().to_be_bytes());
        body.extend_from_slice(&writer.finish());
        contents.iter().for_each(|hash| body.extend_from_slice(&hash.to_le_bytes()));
        let checksum = xxh64(&body[CHECKSUM_BYTES..]);
        body[..CHECKSUM_BYTES].copy_from_slice(&checksum.to_le_bytes());
        Self { first, rows: ids.len(), body }
    }
}

/// How many of the ids fit a page, in which form, and the width of their gaps.
fn fitting(ids: &[EventId]) -> (usize, Form, u32) {
    let first = ids[0].bits();
    let form = ids.get(1).map_or(Form::Whole, |next| Form::of(next.bits(), first));
    let (mut rows, mut width) = (1, 0);
    let mut before = form.number(first);
    for id in ids[1..].iter().map(|id| id.bits()) {
        if Form::of(id, first) != form {
            break;
        }
        let number = form.number(id);
        let wider = width.max(u128::BITS - (number - before).leading_zeros());
        let bytes = HEAD_BYTES + (rows * wider as usize).div_ceil(8) + (rows + 1) * 4;
        if bytes > limits::ID_PAGE_BYTES {
            break;
        }
        (rows, width, before) = (rows + 1, wider, number);
    }
    (rows, form, width)
}

/// The ids of a page, in order, as they are read.
struct PageReader<'a> {
    form: Form,
    width: u32,
    first: u128,
    rows: usize,
    gaps: BitReader<'a>,
    contents: &'a [[u8; 4]],
}

impl<'a> PageReader<'a> {
    fn new(body: &'a [u8]) -> Result<Self, SealedDamage> {
        let mut reader = ByteReader::new(body);
        let checksum = u64::from_le_bytes(reader.array()?);
        if checksum != xxh64(&body[CHECKSUM_BYTES..]) {
            return Err(Damage::Checksum.into());
        }
        let rows = usize::from(u16::from_le_bytes(reader.array()?));
        let form = match reader.byte()? {
            0 => Form::Whole,
            1 => Form::Compact,
            other => return Err(SealedDamage::UnknownFormat(other)),
        };
        let width = u32::from(reader.byte()?);
        let most = if form == Form::Compact { RANDOM_BITS } else { u128::BITS };
        let gaps = rows.checked_sub(1).ok_or(SealedDamage::RowCount)?;
        if width > most {
            return Err(Damage::NumberTooLarge.into());
        }
        let first = u128::from_be_bytes(reader.array()?);
        let gaps = BitReader::new(reader.take((gaps * width as usize).div_ceil(8))?);
        let contents = reader.arrays(rows)?;
        reader.end()?;
        Ok(Self { form, width, first, rows, gaps, contents })
    }

    /// Calls `each` with the place and the number of each id, until it returns
    /// false.
    fn each(&mut self, mut each: impl FnMut(usize, u128) -> bool) -> Result<(), SealedDamage> {
        let mut number = self.form.number(self.first);
        for place in 0..self.rows {
            if place > 0 {
                let gap = self.gaps.take(self.width)?;
                number =
                    number.checked_add(gap).filter(|_| gap > 0).ok_or(SealedDamage::IdOrder)?;
            }
            if !each(place, number) {
                break;
            }
        }
        Ok(())
    }
}

/// Reads a page: adds its ids and content hashes to what there is.
pub(crate) fn read_page(
    body: &[u8],
    ids: &mut Vec<EventId>,
    contents: &mut Vec<u32>,
) -> Result<(), SealedDamage> {
    let mut page = PageReader::new(body)?;
    if ids.last().is_some_and(|last| last.bits() >= page.first) {
        return Err(SealedDamage::IdOrder);
    }
    let (form, first) = (page.form, page.first);
    page.each(|_, number| {
        ids.push(EventId::from_bits(form.id(number, first)));
        true
    })?;
    contents.extend(page.contents.iter().map(|hash| u32::from_le_bytes(*hash)));
    Ok(())
}

/// Returns the content hash of an id, if the page has it.
pub(crate) fn find_in_page(body: &[u8], id: EventId) -> Result<Option<u32>, SealedDamage> {
    let mut page = PageReader::new(body)?;
    let id = id.bits();
    let is_unlike = page.form == Form::Compact && Form::of(id, page.first) != Form::Compact;
    if id < page.first || is_unlike {
        return Ok(None);
    }
    let wanted = page.form.number(id);
    let mut found = None;
    page.each(|place, number| {
        if number == wanted {
            found = Some(place);
        }
        number < wanted
    })?;
    Ok(found.map(|place| u32::from_le_bytes(page.contents[place])))
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;
    use crate::contract::SeededRandom;

    fn random(random: &mut SeededRandom) -> u128 {
        u128::from(random.next()) << 64 | u128::from(random.next())
    }

    fn check(mut ids: Vec<EventId>) -> usize {
        ids.sort_unstable();
        ids.dedup();
        let contents: Vec<u32> = (0..ids.len() as u32).map(|row| row.wrapping_mul(77)).collect();
        let pages = IdPage::cut(&ids, &contents);
        let (mut read, mut hashes) = (Vec::new(), Vec::new());
        for page in &pages {
            assert!(page.body.len() <= limits::ID_PAGE_BYTES);
            let before = read.len();
            assert_eq!(page.first, ids[before]);
            read_page(&page.body, &mut read, &mut hashes).expect("a page as it was written");
            assert_eq!(read.len() - before, page.rows);
        }
        assert!(read == ids && hashes == contents);
        for (place, id) in ids.iter().enumerate().step_by(7) {
            let at = pages.partition_point(|page| page.first <= *id) - 1;
            assert_eq!(find_in_page(&pages[at].body, *id), Ok(Some(contents[place])));
            for other in [id.bits().wrapping_add(1), id.bits().wrapping_sub(1), id.bits() ^ 1 << 90]
            {
                let other = EventId::from_bits(other);
                let known = ids.binary_search(&other).ok().map(|place| contents[place]);
                let at = pages.partition_point(|page| page.first <= other);
                let found = at.checked_sub(1).map(|at| find_in_page(&pages[at].body, other));
                assert_eq!(found.unwrap_or(Ok(None)), Ok(known));
            }
        }
        pages.iter().map(|page| page.body.len()).sum()
    }

    #[test]
    fn ids_of_every_kind_come_back() {
        let mut seed = SeededRandom::new(1);
        let day = Day::from_number(20_777);
        let version_7 = |seed: &mut SeededRandom| EventId::new(day, random(seed).to_be_bytes());
        let any = |seed: &mut SeededRandom| EventId::from_bits(random(seed));
        check((0..10_000).map(|_| version_7(&mut seed)).collect());
        check((0..5_000).map(|_| any(&mut seed)).collect());
        let mixed =
            |row: usize| if row.is_multiple_of(3) { any(&mut seed) } else { version_7(&mut seed) };
        check((0..5_000).map(mixed).collect());
        check((0..3_000).map(EventId::from_bits).collect());
        let edges = [0, 1, u128::MAX, u128::MAX - 1, 1 << 127, 7 << 76, 7 << 76 | 1 << 63];
        check(edges.map(EventId::from_bits).to_vec());
        check(vec![EventId::from_bits(u128::MAX)]);
    }

    #[test]
    fn a_hundred_thousand_ids_of_a_day_take_eight_bytes_each() {
        let mut seed = SeededRandom::new(2);
        let day = Day::from_number(20_777);
        let ids = (0..100_000).map(|_| EventId::new(day, random(&mut seed).to_be_bytes()));
        let bytes = check(ids.collect());
        // 74 bits, less 17 of a hundred thousand, 3 for the widest of some 300
        // gaps, and 4 bytes of content: 11.5 bytes.
        assert!(bytes < 1_170_000, "{bytes}");
    }

    #[test]
    fn any_changed_byte_of_a_page_is_found() {
        let ids: Vec<_> = (0..40u128).map(|id| EventId::from_bits(id * id + id)).collect();
        let body = &IdPage::cut(&ids, &[7; 40])[0].body;
        for place in 0..body.len() {
            let mut damaged = body.clone();
            damaged[place] ^= 1 << (place % 8);
            assert!(read_page(&damaged, &mut Vec::new(), &mut Vec::new()).is_err(), "{place}");
            let cut = &body[..place];
            assert!(find_in_page(cut, ids[3]).is_err(), "cut to {place}");
        }
    }
}

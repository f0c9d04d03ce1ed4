//! The devices of a product: a pseudonym has a slot, a small number by which
//! everything else knows it.
//!
//! A slot is never given to another device. A device whose last raw event is
//! gone loses its pseudonym; if it comes back, it has a new slot.
//!
//! Slots lie in pages of 256, and a page whose devices are all gone takes no
//! memory. A device takes 36 bytes: 16 for its pseudonym, 16 for what was last
//! seen of it, and 4 or 8 in the index.

use std::collections::BTreeSet;

use headcount_catalog::Day;

use crate::Pseudonym;

/// Slots of a page.
pub(super) const PAGE: usize = 256;

/// The devices of a product.
#[derive(Debug, Default)]
pub(in crate::embedded) struct DeviceTable {
    pages: Vec<Option<Box<Page>>>,
    /// The next slot.
    next: u32,
    /// Slots by pseudonym, + 1; 0 is free. An entry of a device that is gone
    /// stays until the index grows. Its length is a power of two.
    index: Vec<u32>,
    /// Entries that are not free.
    used: usize,
    changed: BTreeSet<u32>,
}

#[derive(Debug)]
struct Page {
    names: [Pseudonym; PAGE],
    /// A bit a slot: whether it has a device.
    live: [u64; PAGE / 64],
    seen: [[Seen; 2]; PAGE],
}

/// With what a device was last put into the sets of a day. There is one for odd
/// days and one for even ones, so that today and yesterday do not take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) day: Day,
    pub(super) version: u32,
    pub(super) weight: u16,
}

const UNSEEN: Seen = Seen { day: Day::from_number(i32::MIN), version: 0, weight: 0 };

impl Page {
    fn new() -> Box<Self> {
        let names = [Pseudonym::from_bytes([0; 16]); PAGE];
        Box::new(Self { names, live: [0; PAGE / 64], seen: [[UNSEEN; 2]; PAGE] })
    }

    fn is_live(&self, place: usize) -> bool {
        self.live[place / 64] >> (place % 64) & 1 == 1
    }
}

/// The bits of a pseudonym are uniform, and nobody outside can choose them.
fn hash(pseudonym: Pseudonym) -> usize {
    let mut bits = [0; 8];
    bits.copy_from_slice(&pseudonym.bytes()[8..]);
    u64::from_le_bytes(bits) as usize
}

fn split(slot: u32) -> (usize, usize) {
    (slot as usize / PAGE, slot as usize % PAGE)
}

impl DeviceTable {
    /// The slot of a device that has one.
    pub(in crate::embedded) fn find(&self, device: Pseudonym) -> Option<u32> {
        let mask = self.index.len().checked_sub(1)?;
        let mut place = hash(device) & mask;
        loop {
            let slot = self.index[place].checked_sub(1)?;
            if self.pseudonym(slot) == Some(device) {
                return Some(slot);
            }
            place = (place + 1) & mask;
        }
    }

    /// The slot of a device. A new device gets the next one.
    ///
    /// # Panics
    ///
    /// If a product has had more than four billion devices.
    pub(in crate::embedded) fn slot(&mut self, device: Pseudonym) -> u32 {
        self.find(device).unwrap_or_else(|| self.add(device))
    }

    /// The device of a slot, if it is not gone.
    pub(in crate::embedded) fn pseudonym(&self, slot: u32) -> Option<Pseudonym> {
        let (page, place) = split(slot);
        let page = self.pages.get(page)?.as_ref()?;
        page.is_live(place).then_some(page.names[place])
    }

    /// Takes a device its pseudonym, and gives its page back if it was the last
    /// one there.
    pub(in crate::embedded) fn forget(&mut self, slot: u32) {
        let (number, place) = split(slot);
        let Some(Some(page)) = self.pages.get_mut(number) else { return };
        page.live[place / 64] &= !(1 << (place % 64));
        page.names[place] = Pseudonym::from_bytes([0; 16]);
        self.changed.insert(number as u32);
        let is_full = self.next as usize >= (number + 1) * PAGE;
        if is_full && page.live == [0; PAGE / 64] {
            self.pages[number] = None;
        }
    }

    /// Returns whether this is the first time that the device is seen so, as
    /// far as is remembered, and remembers it.
    pub(super) fn see(&mut self, slot: u32, seen: Seen) -> bool {
        let (page, place) = split(slot);
        let Some(Some(page)) = self.pages.get_mut(page) else { return false };
        let last = &mut page.seen[place][(seen.day.number() & 1) as usize];
        let is_new = *last != seen;
        *last = seen;
        is_new
    }

    /// Forgets that the device was seen on a day.
    pub(super) fn unsee(&mut self, slot: u32, day: Day) {
        let (page, place) = split(slot);
        let Some(Some(page)) = self.pages.get_mut(page) else { return };
        let last = &mut page.seen[place][(day.number() & 1) as usize];
        if last.day == day {
            *last = UNSEEN;
        }
    }

    /// The slots that have a device.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> {
        let is_live = |slot: &u32| self.pseudonym(*slot).is_some();
        (0..self.next).filter(is_live)
    }

    fn add(&mut self, device: Pseudonym) -> u32 {
        if (self.used + 1) * 4 > self.index.len() * 3 {
            self.rebuild_index();
        }
        let slot = self.next;
        self.next = slot.checked_add(1).expect("a product has fewer than four billion devices");
        let (number, place) = split(slot);
        if number == self.pages.len() {
            self.pages.push(None);
        }
        let page = self.pages[number].get_or_insert_with(Page::new);
        page.names[place] = device;
        page.live[place / 64] |= 1 << (place % 64);
        self.changed.insert(number as u32);
        self.enter(device, slot);
        slot
    }

    fn enter(&mut self, device: Pseudonym, slot: u32) {
        let mask = self.index.len() - 1;
        let mut place = hash(device) & mask;
        while self.index[place] != 0 {
            place = (place + 1) & mask;
        }
        self.index[place] = slot + 1;
        self.used += 1;
    }

    /// Makes room for twice the devices that are live.
    pub(super) fn rebuild_index(&mut self) {
        let live: Vec<u32> = self.slots().collect();
        self.index = vec![0; (live.len() * 2).next_power_of_two().max(16)];
        self.used = 0;
        for slot in live {
            if let Some(device) = self.pseudonym(slot) {
                self.enter(device, slot);
            }
        }
    }

    /// Calls `write` with the number and the bytes of each page that changed;
    /// with no bytes if the page is empty.
    pub(super) fn write<E>(
        &mut self,
        mut write: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        for number in std::mem::take(&mut self.changed) {
            let given = (self.next as usize - number as usize * PAGE).min(PAGE);
            let page = self.pages[number as usize].as_deref();
            write(number, &page.map(|page| page.bytes(given)).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Puts a page there that was written. [`Self::rebuild_index`] ends it.
    /// `None` if the bytes are not those of a page.
    pub(super) fn read(&mut self, number: u32, bytes: &[u8]) -> Option<()> {
        let number = number as usize;
        if self.pages.len() <= number {
            self.pages.resize_with(number + 1, || None);
        }
        let end = u32::try_from((number + 1) * PAGE).ok()?;
        if bytes.is_empty() {
            self.next = self.next.max(end);
            return Some(());
        }
        let page = Page::read(bytes)?;
        let taken = (bytes.len() - PAGE / 8) / 16;
        self.next = self.next.max(end - (PAGE - taken) as u32);
        self.pages[number] = Some(page);
        Some(())
    }

    /// The slot after the last one.
    pub(super) fn end(&self) -> u32 {
        self.next
    }
}

impl Page {
    /// The bits that say which slots have a device, then the pseudonyms of the
    /// slots that were ever given.
    fn bytes(&self, given: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(PAGE / 8 + given * 16);
        self.live.iter().for_each(|bits| bytes.extend_from_slice(&bits.to_le_bytes()));
        self.names[..given].iter().for_each(|name| bytes.extend_from_slice(&name.bytes()));
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Box<Self>> {
        let (live, names) = bytes.split_at_checked(PAGE / 8)?;
        let mut page = Self::new();
        let (words, _) = live.as_chunks::<8>();
        page.live.iter_mut().zip(words).for_each(|(own, bits)| *own = u64::from_le_bytes(*bits));
        let (names, []) = names.as_chunks::<16>() else { return None };
        if names.len() > PAGE {
            return None;
        }
        for (own, name) in page.names.iter_mut().zip(names) {
            *own = Pseudonym::from_bytes(*name);
        }
        Some(page)
    }
}

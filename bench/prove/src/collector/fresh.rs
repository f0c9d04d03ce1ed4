//! Ids that no event had before, and devices that events come from.

use std::time::SystemTime;

use headcount_catalog::{Day, EventId};

use super::limits::DEVICES;

/// Bytes of a UUID as text.
pub(crate) const UUID_BYTES: usize = 36;

/// Where events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Devices {
    /// From a hundred thousand devices, each as likely as the next.
    Pool,
    /// Each from a device of its own.
    Fresh,
}

/// Makes ids. It starts from the clock, so that two loads on one store never
/// make the same.
#[derive(Debug)]
pub(crate) struct Fresh {
    state: u64,
    day: Day,
    devices: Devices,
    pool: Vec<[u8; UUID_BYTES]>,
}

impl Fresh {
    /// Ids of a day.
    pub(crate) fn new(day: Day, devices: Devices) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let state = u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap_or(1) | 1;
        let pool = match devices {
            Devices::Pool => (1..=DEVICES as u64).map(|number| device(mixed(number))).collect(),
            Devices::Fresh => Vec::new(),
        };
        Self { state, day, devices, pool }
    }

    /// Random numbers that follow from a seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        let (day, devices) = (Day::from_number(0), Devices::Fresh);
        Self { state: mixed(seed) | 1, day, devices, pool: Vec::new() }
    }

    /// The same ids of another day.
    pub(crate) fn turn_to(&mut self, day: Day) {
        self.day = day;
    }

    /// Sixty-four random bits (xorshift64*).
    pub(crate) fn bits(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % (end.max(1) as u64)).unwrap_or(0)
    }

    /// Writes the id of a new event.
    pub(crate) fn write_event(&mut self, text: &mut [u8]) {
        let random = u128::from(self.bits()) << 64 | u128::from(self.bits());
        write_uuid(EventId::new(self.day, random.to_be_bytes()).bits(), text);
    }

    /// Writes the id of the device that the next event comes from.
    pub(crate) fn write_device(&mut self, text: &mut [u8]) {
        match self.devices {
            Devices::Pool => {
                let place = self.below(self.pool.len());
                text.copy_from_slice(&self.pool[place]);
            }
            Devices::Fresh => text.copy_from_slice(&device(self.bits())),
        }
    }
}

/// A version-4 UUID of sixty-four bits.
fn device(bits: u64) -> [u8; UUID_BYTES] {
    let random = u128::from(mixed(bits)) << 64 | u128::from(bits);
    let free = !(0xf << 76) & !(0b11 << 62);
    let mut text = [0; UUID_BYTES];
    write_uuid((random & free) | (4 << 76) | (0b10 << 62), &mut text);
    text
}

/// A number that looks random (the finaliser of splitmix64).
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// Writes a UUID with hyphens into its 36 bytes. Each event costs two, so that
/// this takes the bytes as pairs of digits from a table.
fn write_uuid(bits: u128, text: &mut [u8]) {
    let mut at = 0;
    for (place, byte) in bits.to_be_bytes().into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text[at] = b'-';
            at += 1;
        }
        text[at..at + 2].copy_from_slice(&PAIRS[usize::from(byte)]);
        at += 2;
    }
}

/// Both digits of every byte.
static PAIRS: [[u8; 2]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
        byte += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_of_their_day_and_never_the_same() {
        let day = Day::from_number(20_000);
        let mut fresh = Fresh::new(day, Devices::Fresh);
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let mut text = [0; UUID_BYTES];
            fresh.write_event(&mut text);
            let id = EventId::parse(std::str::from_utf8(&text).unwrap()).unwrap();
            assert_eq!(id.day(), Some(day));
            assert!(seen.insert(id));
        }
    }

    #[test]
    fn a_pool_has_as_many_devices_as_it_says() {
        let fresh = Fresh::new(Day::from_number(0), Devices::Pool);
        let pool: HashSet<_> = fresh.pool.iter().collect();
        assert_eq!(pool.len(), DEVICES);
        let text = std::str::from_utf8(&fresh.pool[0]).unwrap();
        assert!(EventId::parse(text).is_some() && &text[14..15] == "4", "{text}");
    }
}

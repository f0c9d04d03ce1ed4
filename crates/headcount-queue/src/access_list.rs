//! What the access list of a file on Windows means: who besides its owner may
//! read it or write to it, and whether its owner is another user. It is read
//! from the bytes of a security descriptor, without a call of the system.
//!
//! The layouts are those of MS-DTYP: 2.4.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL) and
//! 2.4.6 (security descriptor).

/// Who besides the owner, the system and its administrators has a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhoElse {
    /// Nobody.
    OwnerAlone,
    /// Accounts or groups that were named one by one.
    SomeOthers,
    /// Everybody who can use the machine, or all guests, or all of a domain.
    Everybody,
}

/// What the access list of a file means for one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessList {
    /// Who else may read the file.
    pub readers: WhoElse,
    /// Who else may change the file, or who may.
    pub writers: WhoElse,
    /// Whether it belongs to a user that is neither this one nor an
    /// administrator.
    pub is_of_another_user: bool,
    /// Whether it names others one by one and not this user, as the profile of
    /// somebody else does, whoever owns the folder.
    pub is_for_others: bool,
}

impl AccessList {
    /// That of a file on a file system without access lists.
    pub(crate) const NONE: Self = Self {
        readers: WhoElse::OwnerAlone,
        writers: WhoElse::OwnerAlone,
        is_of_another_user: false,
        is_for_others: false,
    };

    /// Whether nobody else has a right.
    pub(crate) fn is_private(self) -> bool {
        self.readers == WhoElse::OwnerAlone && self.writers == WhoElse::OwnerAlone
    }
}

/// An account or a group: S-1, an authority, and numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sid {
    authority: u64,
    numbers: Vec<u32>,
}

const NT: u64 = 5;
/// S-1-5-18.
const SYSTEM: [u32; 1] = [18];
/// S-1-5-32-544.
const ADMINISTRATORS: [u32; 2] = [32, 544];
/// The service that installs Windows.
const TRUSTED_INSTALLER: [u32; 6] =
    [80, 956_008_885, 3_418_522_649, 1_831_038_044, 1_853_292_631, 2_271_478_464];

/// Rights to read what is in a file: FILE_READ_DATA, GENERIC_READ and
/// GENERIC_ALL.
const READS: u32 = 0x1 | 0x8000_0000 | 0x1000_0000;
/// Rights to change what is in a file, or who may: FILE_WRITE_DATA,
/// FILE_APPEND_DATA, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE and
/// GENERIC_ALL.
const WRITES: u32 = 0x2 | 0x4 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x4000_0000 | 0x1000_0000;
/// FILE_ALL_ACCESS.
const ALL: u32 = 0x1f_01ff;

/// The entry is for what is created in the folder, not for the folder.
const INHERIT_ONLY_ACE: u8 = 0x8;
/// OBJECT_INHERIT_ACE and CONTAINER_INHERIT_ACE: files and folders in the
/// folder get the entry.
const INHERIT_ACE: u8 = 0x1 | 0x2;
const SE_DACL_PRESENT: u16 = 0x4;
const SE_DACL_PROTECTED: u16 = 0x1000;
const SE_SELF_RELATIVE: u16 = 0x8000;

impl Sid {
    /// Reads one; `None` if the bytes are too few.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let count = usize::from(*bytes.get(1)?);
        let authority = bytes.get(2..8)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let numbers = bytes.get(8..8 + 4 * count)?.chunks_exact(4);
        let numbers = numbers.map(|bytes| u32_at(bytes, 0)).collect::<Option<_>>()?;
        Some(Self { authority, numbers })
    }

    fn write(&self) -> Vec<u8> {
        let count = u8::try_from(self.numbers.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![1, count];
        bytes.extend(&self.authority.to_be_bytes()[2..]);
        bytes.extend(self.numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    fn nt(numbers: &[u32]) -> Self {
        Self { authority: NT, numbers: numbers.to_vec() }
    }

    /// Who can read and change every file of the machine anyway.
    fn is_administrator(&self) -> bool {
        if self.authority != NT {
            return false;
        }
        match self.numbers[..] {
            // The built-in account, and the administrators of a domain and of
            // all domains.
            [21, .., last] => matches!(last, 500 | 512 | 519),
            ref numbers => {
                *numbers == SYSTEM || *numbers == ADMINISTRATORS || *numbers == TRUSTED_INSTALLER
            }
        }
    }

    /// Whose entry gives nobody a right that the owner does not have: CREATOR
    /// OWNER, OWNER RIGHTS, and packages and capabilities, which only narrow
    /// what a sandboxed program of a user may use.
    fn is_of_owner(&self) -> bool {
        matches!((self.authority, &self.numbers[..]), (3, [0 | 4]) | (15, [2 | 3, ..]))
    }

    fn is_everybody(&self) -> bool {
        match (self.authority, &self.numbers[..]) {
            // Everyone; local, and at the console.
            (1, [0]) | (2, [0 | 1]) => true,
            // Dial-up, network, batch, interactive, anonymous, authenticated,
            // remote, this organization.
            (NT, [1 | 2 | 3 | 4 | 7 | 11 | 14 | 15]) => true,
            // Users, guests, power users.
            (NT, [32, 545..=547]) => true,
            // A machine's or domain's guest, users, guests and computers.
            (NT, [21, .., 501 | 513 | 514 | 515]) => true,
            _ => false,
        }
    }

    fn reach(&self, user: &Self) -> WhoElse {
        if self == user || self.is_administrator() || self.is_of_owner() {
            WhoElse::OwnerAlone
        } else if self.is_everybody() {
            WhoElse::Everybody
        } else {
            WhoElse::SomeOthers
        }
    }
}

/// Returns what a security descriptor in one piece means for a user; `None` if
/// it is damaged. Entries that deny something are not looked at: without them,
/// others can only have fewer rights.
pub(crate) fn judge(descriptor: &[u8], user: &Sid) -> Option<AccessList> {
    let at = |offset| usize::try_from(u32_at(descriptor, offset)?).ok();
    let owner = match at(4)? {
        0 => None,
        owner => Some(Sid::read(descriptor.get(owner..)?)?),
    };
    let is_others = |owner: Sid| owner != *user && !owner.is_administrator();
    let mut list =
        AccessList { is_of_another_user: owner.is_some_and(is_others), ..AccessList::NONE };
    let is_present = u16_at(descriptor, 2)? & SE_DACL_PRESENT != 0;
    let entries = at(16)?;
    if !is_present || entries == 0 {
        list.readers = WhoElse::Everybody;
        list.writers = WhoElse::Everybody;
        return Some(list);
    }
    let bytes = descriptor.get(entries..)?;
    let mut offset = 8;
    let mut names_user = false;
    for _ in 0..u16_at(bytes, 4)? {
        let bytes = bytes.get(offset..)?;
        let length = usize::from(u16_at(bytes, 2)?);
        let entry = bytes.get(..length)?;
        if let Some((rights, reach)) = allowed(entry, user)? {
            names_user |= Sid::read(entry.get(8..)?).as_ref() == Some(user);
            if rights & READS != 0 {
                list.readers = list.readers.max(reach);
            }
            if rights & WRITES != 0 {
                list.writers = list.writers.max(reach);
            }
        }
        offset += length.max(4);
    }
    list.is_for_others = !names_user && list.readers == WhoElse::SomeOthers;
    Some(list)
}

/// The rights that an entry allows, and whom; `Some(None)` if it allows
/// nothing.
fn allowed(entry: &[u8], user: &Sid) -> Option<Option<(u32, WhoElse)>> {
    if entry.get(1)? & INHERIT_ONLY_ACE != 0 {
        return Some(None);
    }
    Some(match entry.first()? {
        // ACCESS_ALLOWED_ACE_TYPE, and the same under a condition.
        0 | 9 => Some((u32_at(entry, 4)?, Sid::read(entry.get(8..)?)?.reach(user))),
        // Compound and object entries, which files do not have.
        4 | 5 | 11 => Some((u32_at(entry, 4)?, WhoElse::Everybody)),
        _ => None,
    })
}

/// What gets a private access list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    /// What is created in it gets the same list.
    Folder,
}

/// A security descriptor with an access list for the user, the system and its
/// administrators, which no folder adds to, as the words that the system reads.
pub(crate) fn private(user: &Sid, kind: Kind) -> Vec<u32> {
    let flags = if kind == Kind::Folder { INHERIT_ACE } else { 0 };
    let mut entries = Vec::new();
    for sid in [user, &Sid::nt(&SYSTEM), &Sid::nt(&ADMINISTRATORS)] {
        let sid = sid.write();
        entries.extend([0, flags]);
        entries.extend(length(8 + sid.len()));
        entries.extend(ALL.to_le_bytes());
        entries.extend(sid);
    }
    let mut descriptor = vec![1, 0];
    descriptor.extend((SE_SELF_RELATIVE | SE_DACL_PROTECTED | SE_DACL_PRESENT).to_le_bytes());
    // The places of owner, group, audit list and access list.
    for place in [0, 0, 0, 20_u32] {
        descriptor.extend(place.to_le_bytes());
    }
    descriptor.extend([2, 0]);
    descriptor.extend(length(8 + entries.len()));
    descriptor.extend([3, 0, 0, 0]);
    descriptor.extend(entries);
    descriptor.chunks_exact(4).filter_map(|bytes| u32_at(bytes, 0)).map(u32::to_le).collect()
}

/// Lengths of entries and lists have sixteen bits: three entries have 120 bytes
/// at most.
fn length(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_le_bytes()
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `S-1-5-18`.
    fn sid(text: &str) -> Sid {
        let mut numbers =
            text.strip_prefix("S-1-").unwrap().split('-').map(|it| it.parse().unwrap());
        let authority = numbers.next().unwrap();
        Sid {
            authority,
            numbers: numbers.map(|number: u64| u32::try_from(number).unwrap()).collect(),
        }
    }

    const ME: &str = "S-1-5-21-1-2-3-1001";
    const HER: &str = "S-1-5-21-1-2-3-1002";
    const MODIFY: u32 = 0x13_01bf;
    const READ: u32 = 0x12_0089;

    fn descriptor(owner: &str, entries: Option<&[(u8, u8, u32, &str)]>) -> Vec<u8> {
        let owner = sid(owner).write();
        let mut bytes = vec![1, 0, 4, 0x80];
        for offset in [20, 0, 0, if entries.is_some() { 20 + owner.len() as u32 } else { 0 }] {
            bytes.extend(offset.to_le_bytes());
        }
        bytes.extend(owner);
        let Some(entries) = entries else { return bytes };
        let mut list = Vec::new();
        for (kind, flags, rights, who) in entries {
            let who = sid(who).write();
            list.extend([*kind, *flags]);
            list.extend(length(8 + who.len()));
            list.extend(rights.to_le_bytes());
            list.extend(who);
        }
        bytes.extend([2, 0]);
        bytes.extend(length(8 + list.len()));
        bytes.extend(length(entries.len()));
        bytes.extend([0, 0]);
        bytes.extend(list);
        bytes
    }

    fn judged(owner: &str, entries: &[(u8, u8, u32, &str)]) -> (WhoElse, WhoElse, bool) {
        let list = judge(&descriptor(owner, Some(entries)), &sid(ME)).unwrap();
        (list.readers, list.writers, list.is_of_another_user)
    }

    #[test]
    fn the_profile_of_somebody_else_names_them_and_not_this_user() {
        let (system, admins) = ("S-1-5-18", "S-1-5-32-544");
        let is_for_others = |entries: &[(u8, u8, u32, &str)]| {
            judge(&descriptor(system, Some(entries)), &sid(ME)).unwrap().is_for_others
        };
        let machines = [(0, 3, ALL, system), (0, 3, ALL, admins)];
        assert!(!is_for_others(&machines));
        assert!(!is_for_others(&[&machines[..], &[(0, 3, ALL, ME)]].concat()));
        assert!(is_for_others(&[&machines[..], &[(0, 3, ALL, HER)]].concat()));
        assert!(!is_for_others(&[&machines[..], &[(0, 3, ALL, HER), (0, 3, READ, ME)]].concat()));
        // A folder that everybody may use is nobody's.
        assert!(!is_for_others(&[&machines[..], &[(0, 3, READ, "S-1-1-0")]].concat()));
    }

    #[test]
    fn what_a_profile_folder_hands_down_is_private() {
        use WhoElse::OwnerAlone;
        let inherited: [(u8, u8, u32, &str); 3] =
            [(0, 0x10, ALL, "S-1-5-18"), (0, 0x10, ALL, "S-1-5-32-544"), (0, 0x10, ALL, ME)];
        for owner in [ME, "S-1-5-18", "S-1-5-32-544", "S-1-5-21-1-2-3-500", "S-1-5-21-9-9-9-512"] {
            assert_eq!(judged(owner, &inherited), (OwnerAlone, OwnerAlone, false), "{owner}");
        }
        let installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
        assert_eq!(judged(installer, &[]), (OwnerAlone, OwnerAlone, false));
    }

    #[test]
    fn who_else_has_a_right_is_told_by_the_entry() {
        use WhoElse::{Everybody, OwnerAlone, SomeOthers};
        for (who, reach) in [
            ("S-1-1-0", Everybody),
            ("S-1-2-0", Everybody),
            ("S-1-5-4", Everybody),
            ("S-1-5-7", Everybody),
            ("S-1-5-11", Everybody),
            ("S-1-5-32-545", Everybody),
            ("S-1-5-32-546", Everybody),
            ("S-1-5-21-1-2-3-513", Everybody),
            ("S-1-5-21-1-2-3-501", Everybody),
            (HER, SomeOthers),
            ("S-1-5-21-1-2-3-1100", SomeOthers),
            ("S-1-5-20", SomeOthers),
            ("S-1-5-32-551", SomeOthers),
            ("S-1-22-2-100", SomeOthers),
            ("S-1-5-80-1-2-3-4-5", SomeOthers),
            (ME, OwnerAlone),
            ("S-1-3-0", OwnerAlone),
            ("S-1-3-4", OwnerAlone),
            ("S-1-15-2-1", OwnerAlone),
            ("S-1-15-3-1024-1", OwnerAlone),
            ("S-1-5-21-1-2-3-519", OwnerAlone),
        ] {
            assert_eq!(judged(ME, &[(0, 0, MODIFY, who)]), (reach, reach, false), "{who}");
            assert_eq!(judged(ME, &[(0, 0, READ, who)]), (reach, OwnerAlone, false), "{who}");
            for (kind, flags) in [(0, 0x8), (0, 0xb), (1, 0)] {
                let entry = (kind, flags, MODIFY, who);
                assert_eq!(judged(ME, &[entry]), (OwnerAlone, OwnerAlone, false), "{who}");
            }
        }
        assert_eq!(judged(HER, &[(0, 0, ALL, HER)]), (SomeOthers, SomeOthers, true));
        assert_eq!(judged("S-1-22-1-1000", &[]), (OwnerAlone, OwnerAlone, true));
    }

    #[test]
    fn every_right_that_changes_a_file_counts_and_no_other() {
        for right in [0x2, 0x4, 0x1_0000, 0x4_0000, 0x8_0000, 0x4000_0000, 0x1000_0000] {
            assert_eq!(judged(ME, &[(0, 0, right, "S-1-1-0")]).1, WhoElse::Everybody, "{right:x}");
        }
        // To run it, to see or change its attributes, to see its list.
        for right in [0x20, 0x80, 0x100, 0x8, 0x10, 0x2_0000, 0x10_0000] {
            assert_eq!(judged(ME, &[(0, 0, right, "S-1-1-0")]).1, WhoElse::OwnerAlone, "{right:x}");
        }
    }

    #[test]
    fn no_list_lets_everybody_in_and_an_empty_one_nobody() {
        let none = judge(&descriptor(ME, None), &sid(ME)).unwrap();
        assert_eq!((none.readers, none.writers), (WhoElse::Everybody, WhoElse::Everybody));
        assert_eq!(judged(ME, &[]), (WhoElse::OwnerAlone, WhoElse::OwnerAlone, false));
        for kind in [4, 5, 11] {
            assert_eq!(judged(ME, &[(kind, 0, MODIFY, ME)]).1, WhoElse::Everybody);
        }
    }

    #[test]
    fn a_damaged_descriptor_means_nothing_and_ends() {
        let whole = descriptor(ME, Some(&[(0, 0, ALL, ME), (0, 0, ALL, HER)]));
        for length in 0..whole.len() {
            assert_eq!(judge(&whole[..length], &sid(ME)), None, "{length}");
        }
        for at in 0..whole.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut broken = whole.clone();
                broken[at] = byte;
                let _ = judge(&broken, &sid(ME));
            }
        }
    }

    #[test]
    fn the_private_list_is_private() {
        for kind in [Kind::File, Kind::Folder] {
            let words = private(&sid(ME), kind);
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
            assert_eq!(20 + usize::from(u16_at(&bytes, 22).unwrap()), bytes.len());
            assert!(judge(&bytes, &sid(ME)).unwrap().is_private());
            // For anybody else it is mine.
            assert_eq!(judge(&bytes, &sid(HER)).unwrap().writers, WhoElse::SomeOthers);
        }
    }
}

//! The room of the protocol's proof in the small: every interleaving of two writers and a shipper,
//! each of whom may die at any step, is walked through.
//!
//! The world has what the protocol relies on and nothing else: files that a name may lead to, a
//! lock a file that the system takes back from the dead, and a seal a file. At the end of every
//! path one more shipper runs undisturbed; then every line whose append returned must have been read.

use std::collections::HashSet;

const WRITERS: usize = 2;
const LINES_EACH: u8 = 2;
const CLAIMS: u8 = 2;
/// More files than two claims and the reopening after them need.
const FILES: usize = 6;

type Line = u8;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct File {
    lines: Vec<Line>,
    sealed: bool,
    linked: bool,
    /// Writers that hold the shared lock, a bit each.
    shared: u8,
    exclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Writer {
    Idle,
    Opened(usize),
    /// Locked and looked at: not sealed, and linked.
    Reached(usize),
    Written(usize),
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shipper {
    /// Holds the ship lock and has not yet looked.
    Idle,
    Locked(usize),
    Sealed(usize),
    Unlocked(usize),
    Read(usize),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    files: Vec<File>,
    /// What the open segment's name leads to.
    open: Option<usize>,
    claims: Vec<usize>,
    writers: [Writer; WRITERS],
    left: [u8; WRITERS],
    shipper: Shipper,
    claims_left: u8,
    deaths_left: u8,
    /// A bit a line: their order does not matter.
    appended: u8,
    read: Vec<(usize, Vec<Line>)>,
}

/// What of the protocol is left out, to see that the walk would notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    /// Writers do not look at the file again when they have the lock.
    Look,
    /// Shippers seal without waiting for the writers.
    Wait,
    /// A dead shipper's unsealed claim is read as it is.
    Adoption,
}

impl World {
    fn new() -> World {
        World {
            files: Vec::new(),
            open: None,
            claims: Vec::new(),
            writers: [Writer::Idle; WRITERS],
            left: [LINES_EACH; WRITERS],
            shipper: Shipper::Idle,
            claims_left: CLAIMS,
            deaths_left: 2,
            appended: 0,
            read: Vec::new(),
        }
    }

    /// Every world one step of this writer away.
    fn write(&self, me: usize, without: Without) -> Vec<World> {
        let mut next = self.clone();
        match self.writers[me] {
            Writer::Idle if self.left[me] > 0 => {
                let file = next.open.unwrap_or(next.files.len());
                if file == next.files.len() {
                    next.files.push(File { linked: true, ..File::default() });
                }
                assert!(next.files.len() <= FILES);
                next.open = Some(file);
                next.writers[me] = Writer::Opened(file);
            }
            Writer::Opened(file) if !self.files[file].exclusive => {
                let sealed = self.files[file].sealed || !self.files[file].linked;
                if sealed && without != Without::Look {
                    next.writers[me] = Writer::Idle;
                } else {
                    next.files[file].shared |= 1 << me;
                    next.writers[me] = Writer::Reached(file);
                }
            }
            Writer::Reached(file) => {
                next.files[file].lines.push(me as u8 * LINES_EACH + self.left[me] - 1);
                next.writers[me] = Writer::Written(file);
            }
            Writer::Written(file) => {
                next.files[file].shared &= !(1 << me);
                next.left[me] -= 1;
                next.appended |= 1 << (me as u8 * LINES_EACH + next.left[me]);
                next.writers[me] = Writer::Idle;
            }
            Writer::Idle | Writer::Opened(_) | Writer::Dead => return Vec::new(),
        }
        let mut worlds = vec![next];
        if self.deaths_left > 0 && self.writers[me] != Writer::Idle {
            let mut dead = self.clone();
            dead.files.iter_mut().for_each(|file| file.shared &= !(1 << me));
            dead.writers[me] = Writer::Dead;
            dead.deaths_left -= 1;
            worlds.push(dead);
        }
        worlds
    }

    /// A shipper that holds nothing renames the open segment, or turns to the oldest claim. Its death
    /// here would change nothing.
    fn begin(&self, without: Without) -> Vec<World> {
        let mut worlds = Vec::new();
        if let (Some(file), 1..) = (self.open, self.claims_left) {
            let mut next = self.clone();
            next.open = None;
            next.claims.push(file);
            next.claims_left -= 1;
            worlds.push(next);
        }
        if let Some(file) = self.claims.first().copied() {
            let busy = self.files[file].shared != 0 && without != Without::Wait;
            let mut next = self.clone();
            if self.files[file].sealed || without == Without::Adoption {
                next.shipper = Shipper::Unlocked(file);
                worlds.push(next);
            } else if !busy {
                next.files[file].exclusive = true;
                next.shipper = Shipper::Locked(file);
                worlds.push(next);
            }
        }
        worlds
    }

    /// Every world one step of the shipper away; after its death the next one starts.
    fn ship(&self, without: Without) -> Vec<World> {
        let mut worlds = Vec::new();
        match self.shipper {
            Shipper::Idle => return self.begin(without),
            Shipper::Locked(file) => {
                let mut next = self.clone();
                next.files[file].sealed = true;
                next.shipper = Shipper::Sealed(file);
                worlds.push(next);
            }
            Shipper::Sealed(file) => {
                let mut next = self.clone();
                next.files[file].exclusive = false;
                next.shipper = Shipper::Unlocked(file);
                worlds.push(next);
            }
            Shipper::Unlocked(file) => {
                let mut next = self.clone();
                next.read.retain(|(read, _)| *read != file);
                next.read.push((file, self.files[file].lines.clone()));
                next.shipper = Shipper::Read(file);
                worlds.push(next);
            }
            Shipper::Read(file) => {
                let mut next = self.clone();
                next.files[file].linked = false;
                next.claims.retain(|claim| *claim != file);
                next.shipper = Shipper::Idle;
                worlds.push(next);
            }
        }
        if self.deaths_left > 0 {
            let mut dead = self.clone();
            dead.files.iter_mut().for_each(|file| file.exclusive = false);
            dead.shipper = Shipper::Idle;
            dead.deaths_left -= 1;
            worlds.push(dead);
        }
        worlds
    }

    /// What is wrong once nobody can do anything any more and one more shipper ran to its end.
    fn verdict(mut self) -> Result<(), String> {
        for file in self.claims.drain(..).chain(self.open) {
            self.read.retain(|(read, _)| *read != file);
            self.read.push((file, self.files[file].lines.clone()));
        }
        let mut read: Vec<Line> = self.read.iter().flat_map(|(_, lines)| lines.clone()).collect();
        read.sort_unstable();
        if read.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(format!("a line is in two claims: {:?}", self.read));
        }
        let lines = (0..8).filter(|line| self.appended >> line & 1 == 1);
        match lines.into_iter().find(|line| !read.contains(line)) {
            Some(line) => Err(format!("line {line} is lost: {:?}", self.read)),
            None => Ok(()),
        }
    }
}

/// Walks through every world there is; the number of them, or what is wrong in one.
fn walk(without: Without) -> Result<usize, String> {
    let mut seen = HashSet::new();
    let mut open = vec![World::new()];
    while let Some(world) = open.pop() {
        if !seen.insert(world.clone()) {
            continue;
        }
        let mut next = world.ship(without);
        (0..WRITERS).for_each(|writer| next.extend(world.write(writer, without)));
        if next.is_empty() {
            world.verdict()?;
        }
        open.extend(next);
    }
    Ok(seen.len())
}

#[test]
fn no_interleaving_and_no_death_loses_or_doubles_a_line() {
    let worlds = walk(Without::Nothing).unwrap();
    assert!(worlds > 10_000, "only {worlds}");
}

#[test]
fn each_part_of_the_protocol_is_needed() {
    for without in [Without::Look, Without::Wait, Without::Adoption] {
        let wrong = walk(without).unwrap_err();
        assert!(wrong.contains("is lost"), "{wrong}");
    }
}

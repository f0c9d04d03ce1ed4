//! A model of the protocol: every interleaving of two writers and a shipper,
//! each of which may die at any step.
//!
//! The model has only what the protocol relies on: files, two names (the open
//! segment and a side segment) that lead to them, and for each file a lock,
//! which the system releases when its holder dies, and a seal. In some walks
//! the holder of the ship lock clears: it removes a claim or a segment without
//! reading it. At the end of every path one more shipper runs undisturbed. Then
//! every line whose append returned must have been read, or cleared after it or
//! its writer could be seen.
//!
//! In the model a line is written completely or not at all (`full.rs` and
//! `processes.rs` tear real lines), and a writer may use the side segment at
//! any time, which covers every possible lock holder.

use std::collections::HashSet;

const WRITERS: usize = 2;
const LINES_EACH: u8 = 2;
/// The open segment and one beside it.
const NAMES: usize = 2;
/// As many as can be reached at once: by names, two claims, writers and the
/// shipper.
const FILES: usize = NAMES + 2 + WRITERS + 1;

/// How much may happen in a walk. Everything at once would have too many
/// interleavings.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// Segments that there are: without or with one beside the open one.
    names: usize,
    /// Segments that are claimed.
    claims: u8,
    /// Files that a clearing removes.
    cleared: u8,
    deaths: u8,
}

/// A bit a line: their order does not matter.
type Lines = u8;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct File {
    lines: Lines,
    /// What of it a shipper has read.
    read: Lines,
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
    /// A file that nobody can reach any more leaves its place to a new one.
    files: [File; FILES],
    /// What each segment's name leads to.
    names: [Option<usize>; NAMES],
    names_used: usize,
    claims: Vec<usize>,
    writers: [Writer; WRITERS],
    left: [u8; WRITERS],
    shipper: Shipper,
    claims_left: u8,
    cleared_left: u8,
    deaths_left: u8,
    appended: Lines,
    /// Lines that were cleared, or were being written to what was.
    cleared: Lines,
    /// What was read of files that are gone, and what of it more than once.
    read: Lines,
    doubled: Lines,
}

/// The part of the protocol that is left out, to check that the walk notices
/// it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    /// Writers do not look at the file again when they have the lock.
    Look,
    /// They look whether it is sealed, and not whether it is still there.
    Link,
    /// Shippers seal without waiting for the writers.
    Wait,
    /// A dead shipper's unsealed claim is read as it is.
    Adoption,
}

impl World {
    fn new(scope: Scope) -> World {
        World {
            files: [File::default(); FILES],
            names: [None; NAMES],
            names_used: scope.names,
            claims: Vec::new(),
            writers: [Writer::Idle; WRITERS],
            left: [LINES_EACH; WRITERS],
            shipper: Shipper::Idle,
            claims_left: scope.claims,
            cleared_left: scope.cleared,
            deaths_left: scope.deaths,
            appended: 0,
            cleared: 0,
            read: 0,
            doubled: 0,
        }
    }

    /// Forgets the files that nobody can reach any more, but for what was read
    /// of them.
    fn settled(mut self) -> World {
        for place in 0..FILES {
            let file = self.files[place];
            let held = self.shipper.file() == Some(place)
                || self.writers.iter().any(|writer| writer.file() == Some(place));
            if !file.linked && !held {
                self.doubled |= self.read & file.read;
                self.read |= file.read;
                self.files[place] = File::default();
            }
        }
        self
    }

    /// Every world one step of this writer away.
    fn write(&self, me: usize, without: Without) -> Vec<World> {
        let mut next = self.clone();
        match self.writers[me] {
            Writer::Idle if self.left[me] > 0 => {
                return (0..self.names_used).map(|name| self.opened(me, name)).collect();
            }
            Writer::Opened(file) if !self.files[file].exclusive => {
                let gone = !self.files[file].linked && without != Without::Link;
                if (self.files[file].sealed || gone) && without != Without::Look {
                    next.writers[me] = Writer::Idle;
                } else {
                    next.files[file].shared |= 1 << me;
                    next.writers[me] = Writer::Reached(file);
                }
            }
            Writer::Reached(file) => {
                next.files[file].lines |= self.next_line(me);
                next.writers[me] = Writer::Written(file);
            }
            Writer::Written(file) => {
                next.files[file].shared &= !(1 << me);
                next.appended |= self.next_line(me);
                next.left[me] -= 1;
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

    fn next_line(&self, writer: usize) -> Lines {
        1 << (writer as u8 * LINES_EACH + self.left[writer] - 1)
    }

    fn opened(&self, me: usize, name: usize) -> World {
        let mut next = self.clone();
        let free = || next.files.iter().position(|file| *file == File::default());
        let file = next.names[name].or_else(free).unwrap();
        next.files[file].linked = true;
        next.names[name] = Some(file);
        next.writers[me] = Writer::Opened(file);
        next
    }

    /// Without the name by which it was found.
    fn cleared(&self, file: usize) -> World {
        let mut next = self.clone();
        next.names.iter_mut().for_each(|name| *name = name.filter(|named| *named != file));
        next.claims.retain(|claim| *claim != file);
        next.files[file].linked = false;
        next.cleared_left -= 1;
        let at_work = (0..WRITERS).filter(|me| self.writers[*me] == Writer::Reached(file));
        let written = at_work.fold(0, |lines, me| lines | self.next_line(me));
        next.cleared |= self.files[file].lines | written;
        next
    }

    /// A shipper that holds nothing renames a segment, turns to the oldest
    /// claim, or clears. Its death here would change nothing.
    fn begin(&self, without: Without) -> Vec<World> {
        let mut worlds = Vec::new();
        for name in 0..NAMES {
            if let (Some(file), 1..) = (self.names[name], self.claims_left) {
                let mut next = self.clone();
                next.names[name] = None;
                next.claims.push(file);
                next.claims_left -= 1;
                worlds.push(next);
            }
        }
        if self.cleared_left > 0 {
            let there = self.names.iter().flatten().chain(&self.claims);
            worlds.extend(there.map(|file| self.cleared(*file)));
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

    /// Every world one step of the shipper away; after its death the next one
    /// starts.
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
                next.files[file].read = self.files[file].lines;
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

    /// What is wrong once nobody can do anything any more and one more shipper
    /// ran to its end.
    fn verdict(mut self) -> Result<(), String> {
        for place in self.claims.drain(..).chain(self.names.into_iter().flatten()) {
            let file = &mut self.files[place];
            (file.read, file.linked) = (file.lines, false);
        }
        let last = self.settled();
        let lost = last.appended & !last.cleared & !last.read;
        match (last.doubled, lost) {
            (0, 0) => Ok(()),
            (0, _) => Err(format!("{lost:b} is lost: {last:?}")),
            (doubled, _) => Err(format!("{doubled:b} is in two claims: {last:?}")),
        }
    }
}

impl Writer {
    fn file(self) -> Option<usize> {
        match self {
            Writer::Opened(file) | Writer::Reached(file) | Writer::Written(file) => Some(file),
            Writer::Idle | Writer::Dead => None,
        }
    }
}

impl Shipper {
    fn file(self) -> Option<usize> {
        match self {
            Shipper::Idle => None,
            Shipper::Locked(file)
            | Shipper::Sealed(file)
            | Shipper::Unlocked(file)
            | Shipper::Read(file) => Some(file),
        }
    }
}

/// Walks through every world there is; the number of them, or what is wrong in
/// one.
fn walk(scope: Scope, without: Without) -> Result<usize, String> {
    let mut seen = HashSet::new();
    let mut open = vec![World::new(scope)];
    while let Some(world) = open.pop() {
        if !seen.insert(world.clone()) {
            continue;
        }
        let mut next = world.ship(without);
        (0..WRITERS).for_each(|writer| next.extend(world.write(writer, without)));
        if next.is_empty() {
            world.verdict()?;
        }
        open.extend(next.into_iter().map(World::settled));
    }
    Ok(seen.len())
}

const CLAIMING: Scope = Scope { names: 1, claims: 2, cleared: 0, deaths: 2 };
const CLEARING: Scope = Scope { names: 1, claims: 1, cleared: 1, deaths: 1 };
const CLEARING_MORE: Scope = Scope { names: 1, claims: 2, cleared: 1, deaths: 0 };
const ASIDE: Scope = Scope { names: 2, claims: 1, cleared: 0, deaths: 1 };
const CLEARING_ASIDE: Scope = Scope { names: 2, claims: 1, cleared: 1, deaths: 0 };

#[test]
fn no_interleaving_and_no_death_loses_or_doubles_a_line() {
    for scope in [CLAIMING, CLEARING, CLEARING_MORE, ASIDE, CLEARING_ASIDE] {
        let worlds = walk(scope, Without::Nothing).unwrap();
        assert!(worlds > 40_000, "only {worlds} of {scope:?}");
    }
}

#[test]
fn each_part_of_the_protocol_is_needed() {
    for (scope, without) in [
        (CLAIMING, Without::Look),
        (CLAIMING, Without::Wait),
        (CLAIMING, Without::Adoption),
        (CLEARING, Without::Look),
        (CLEARING, Without::Link),
        (ASIDE, Without::Wait),
    ] {
        let wrong = walk(scope, without).unwrap_err();
        assert!(wrong.contains("is lost"), "{wrong}");
    }
}

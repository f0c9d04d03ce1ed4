//! The two months, day by day: everybody lives the same day at the same time,
//! on a few threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use headcount::ship::Ureq;
use headcount_catalog::{Day, EventId, Time};

use super::books::Books;
use super::limits::{self, Scale};
use super::player::{Lived, Player, Surface};
use super::progress::Progress;
use super::site::Site;

/// Where and when the play is.
pub(super) struct Play<'a> {
    pub(super) scale: Scale,
    /// Now; the play ends with it.
    pub(super) end: Time,
    pub(super) site: &'a Site,
    /// Set where somebody does not want to see the rest.
    pub(super) interrupted: &'a AtomicBool,
}

/// Why a play has no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stopped {
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// It cannot go on.
    Failed(String),
}

/// People who are played by one thread, over connections of its own.
pub(super) struct Group {
    transport: Ureq,
    players: Vec<Player>,
}

/// Everybody, in as many groups as there are threads.
pub(super) fn groups(players: impl IntoIterator<Item = Player>) -> Vec<Group> {
    let mut groups: Vec<Group> = (0..limits::THREADS)
        .map(|_| Group { transport: Ureq::new(), players: Vec::new() })
        .collect();
    for (place, player) in players.into_iter().enumerate() {
        groups[place % limits::THREADS].players.push(player);
    }
    groups
}

impl Play<'_> {
    /// The first day.
    pub(super) fn first(&self) -> Day {
        self.scale.first_day(self.end.day())
    }

    /// Plays every day, and ships what is left after the last.
    ///
    /// # Errors
    ///
    /// Why it was not played to the end.
    pub(super) fn run(
        &self,
        groups: &mut [Group],
        books: &mut Books,
        progress: &mut Progress<'_>,
    ) -> Result<(), Stopped> {
        for number in 0..i32::from(self.scale.days) {
            self.day(number, groups, books, progress)?;
        }
        self.site.set_real_time();
        for round in 1..=limits::ROUNDS {
            if groups.iter().flat_map(|group| &group.players).all(|player| player.waiting() == 0) {
                break;
            }
            self.round(i64::from(round), groups, books);
        }
        for player in groups.iter().flat_map(|group| &group.players) {
            books.leave(player);
        }
        progress.done();
        Ok(())
    }

    fn day(
        &self,
        number: i32,
        groups: &mut [Group],
        books: &mut Books,
        progress: &mut Progress<'_>,
    ) -> Result<(), Stopped> {
        let day = self.first().plus(number);
        self.site.set_day(day);
        let people: usize = groups.iter().map(|group| group.players.len()).sum();
        let restart = self.restarts_on(number);
        let mut trouble = None;
        thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            for group in groups {
                let tell = tell.clone();
                scope.spawn(move || self.group(group, number, day, &tell));
            }
            drop(tell);
            for (played, lived) in told.iter().enumerate() {
                books.take(&lived);
                progress.day(number, self.scale.days, books.recorded());
                // In the middle of everything: a third of the people still find
                // it, a third finds nobody there, and the last third finds it
                // again.
                if restart && played == people / 3 {
                    self.site.stop();
                }
                if restart && played == people * 2 / 3 {
                    trouble = self.site.start_again().err();
                    books.restarted();
                }
            }
        });
        if self.interrupted.load(Ordering::Relaxed) {
            return Err(Stopped::Interrupted);
        }
        trouble.map_or(Ok(()), |trouble| Err(Stopped::Failed(trouble)))
    }

    fn group(&self, group: &mut Group, number: i32, day: Day, tell: &mpsc::Sender<Lived>) {
        for player in &mut group.players {
            if self.interrupted.load(Ordering::Relaxed) {
                return;
            }
            let url = self.site.url();
            let around =
                Surface { day, number, end: self.end, url: &url, transport: &group.transport };
            // Whoever listens ends after the last of us.
            let _ = tell.send(player.live(&around, &mut random_id));
        }
    }

    /// Ships what is left, so much later that no destination is backed off from
    /// any more.
    fn round(&self, round: i64, groups: &mut [Group], books: &mut Books) {
        let at = Time::from_seconds(self.end.seconds() + round * limits::ROUND_SECONDS);
        let url = self.site.url();
        for Group { transport, players } in groups {
            let number = i32::from(self.scale.days);
            let around = Surface { day: at.day(), number, end: at, url: &url, transport };
            for player in players.iter_mut().filter(|player| player.waiting() > 0) {
                let mut lived = Lived { place: player.person.place, ..Lived::default() };
                player.ship(&around, at, &mut lived);
                books.take(&lived);
            }
        }
    }

    /// Whether the collector is restarted on this day: they are spread over the
    /// play.
    fn restarts_on(&self, number: i32) -> bool {
        let (days, restarts) = (i32::from(self.scale.days), i32::from(self.scale.restarts));
        (1..=restarts).any(|restart| number == days * restart / (restarts + 1))
    }
}

/// A version-4 UUID; nothing where the system has no randomness, and then no
/// event that needs one.
fn random_id() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    EventId::random(bytes).to_string()
}

//! Daemons in real processes, dropped and forked: what waits in memory goes
//! once, and what a child records is on disk.
#![expect(unsafe_code, reason = "the standard library has no fork")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use headcount::daemon::{Daemon, ShutdownEnd};
use headcount_testkit::{CaptureServer, Home, ServerReply};

use crate::daemon::NoContext;
use crate::killed::{BUDGET, Books, EACH, PATIENCE, SERVING, daemon, home, settled};
use crate::{process, roles, scene};

/// The product keeps no event on disk; its server holds the first one.
fn in_memory() -> (CaptureServer, Home) {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_next(ServerReply::Held(scene::yes("http")));
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    roles::settle(&home, &text.replace("mode = \"detached\"", "mode = \"thread\""));
    (server, home)
}

/// What its host does first: the thread has sent the first event and waits for
/// an answer, and the others wait for the thread.
fn waiting_in_memory(events: i64) -> Daemon {
    let (daemon, catalog) = (daemon(), roles::own_catalog());
    for number in 0..events {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    process::until(|| home().join("go").exists());
    daemon
}

/// Waits until so many events of a host have come, and gives all their numbers
/// in order.
fn sent_by(role: &str, count: usize) -> Vec<i64> {
    let (server, home) = in_memory();
    let host = roles::child(&home, role).spawn();
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    home.write("go", "");
    assert_eq!(host.wait().code(), Some(0));
    let numbers = || -> Vec<i64> { server.requests().iter().flat_map(scene::numbers).collect() };
    process::until(|| numbers().len() >= count);
    let mut numbers = numbers();
    numbers.sort_unstable();
    numbers
}

/// A host that forgets `shutdown`.
pub(crate) fn dropped() {
    drop(waiting_in_memory(5));
}

#[test]
fn a_daemon_that_is_dropped_hands_over_what_is_in_memory_alone() {
    assert_eq!(sent_by("dropped", 5), [0, 1, 2, 3, 4]);
}

/// What a child of a fork does, and how the parent sees it end.
pub(crate) fn forked(act: impl FnOnce()) {
    // SAFETY: the child takes no lock that another thread of its parent may
    // have held, which is what this is about, and ends without returning.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "a fork");
    if child == 0 {
        act();
        // SAFETY: ends the process, and runs nothing of it.
        unsafe { libc::_exit(0) };
    }
    let mut status = -1;
    // SAFETY: `status` is ours, and the child is.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child's end");
}

/// A child has copies of what waits in its parent's memory, and no thread.
pub(crate) fn fork() {
    let (daemon, catalog) = (waiting_in_memory(5), roles::own_catalog());
    let mut daemon = Some(daemon);
    forked(|| {
        let daemon = daemon.take().expect("the child's copy");
        daemon.record(&NoContext, &scene::Tick::new(catalog, 10));
        assert_eq!(daemon.shutdown(PATIENCE), ShutdownEnd::OutOfBudget);
    });
    daemon.expect("the parent's own").shutdown(BUDGET);
}

#[test]
fn what_waits_in_memory_is_its_own_process_s_after_a_fork() {
    assert_eq!(sent_by("fork", 6), [0, 1, 2, 3, 4, 10]);
}

/// Children of one daemon.
const FORKS: i64 = 40;

/// Forks of a daemon whose threads record all the while: a child that took a
/// lock which one of them held would never end.
pub(crate) fn fork_under_load() {
    let (daemon, catalog) = (daemon(), roles::own_catalog());
    let over = AtomicBool::new(false);
    let (daemon, over) = (&daemon, &over);
    std::thread::scope(|scope| {
        for thread in 0..SERVING {
            scope.spawn(move || {
                // Half as many as a thread may, since no shipment empties this
                // segment's 2 MiB.
                let mut numbers = thread * EACH..thread * EACH + EACH / 2;
                let mut recorded = 0;
                while !over.load(Ordering::SeqCst) {
                    if let Some(number) = numbers.next() {
                        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
                        recorded += 1;
                    }
                    std::thread::park_timeout(Duration::from_micros(50));
                }
                roles::tell(&format!("recorded {recorded}"));
            });
        }
        for child in 0..FORKS {
            forked(|| {
                daemon.record(&NoContext, &scene::Tick::new(catalog, SERVING * EACH + child));
            });
        }
        over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn what_a_forked_child_records_is_on_disk() {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.refuse_after(0);
    settled(&home, &server.url());
    let host = roles::child(&home, "fork-under-load").spawn();
    let output = host.wait();
    assert_eq!(output.code(), Some(0));
    let counts = output.stdout_text();
    let counts = counts.lines().filter_map(|line| line.strip_prefix("recorded "));
    let recorded: i64 = counts.map(|count| count.parse::<i64>().expect("a count")).sum();
    let mut books = Books::default();
    books.disk(&home);
    let of_children = books.0.range(SERVING * EACH..).count() as i64;
    assert_eq!((books.0.len() as i64, of_children), (recorded + FORKS, FORKS));
}

//! `telemetry_report` once, whatever comes between: a kill at any step, a
//! second shipper, a clock that jumps.

use crate::report::{DAY_S, TALLY, a_report_waits, command, queue, reports, taking};
use crate::scene;

/// Between the tally and the queue: the line goes with the next shipment. That
/// is where it always lies for a while.
#[test]
fn killed_before_the_line_is_in_the_queue_it_is_said_once() {
    let (server, catalog, home) = taking();
    a_report_waits(catalog, &home);
    assert_eq!(command(catalog, &home, DAY_S + 1), 1);
    assert_eq!(command(catalog, &home, DAY_S + 2), 0);
    assert_eq!(reports(&server.requests()).len(), 1);
}

/// Between the queue and the tally: the next shipper finds the line in both.
#[test]
fn killed_after_the_line_is_in_the_queue_it_is_said_once() {
    let (server, catalog, home) = taking();
    let line = a_report_waits(catalog, &home);
    queue(catalog, &home).append(&line).unwrap();
    let shown = scene::said(catalog, &home, scene::after(DAY_S + 1), "dump");
    assert_eq!(shown.lines().collect::<Vec<_>>(), [&line], "once here too");
    assert_eq!(scene::ship(catalog, &home, scene::after(DAY_S + 1)).reports, 0);
    assert_eq!(reports(&server.requests()).len(), 1);
    assert!(!home.read(TALLY).contains("telling"));
    command(catalog, &home, DAY_S + 2);
    assert_eq!(reports(&server.requests()).len(), 1);
}

/// Where the disk refuses what should be remembered, it goes twice, as one
/// event.
#[test]
fn said_twice_it_is_one_event() {
    let (server, catalog, home) = taking();
    a_report_waits(catalog, &home);
    let before = home.read(TALLY);
    command(catalog, &home, DAY_S + 1);
    home.write(TALLY, &before);
    command(catalog, &home, DAY_S + 2);
    let said = reports(&server.requests());
    assert_eq!(said.len(), 2);
    assert_eq!(said[0], said[1]);
}

#[test]
fn of_two_shippers_one_says_it() {
    for _ in 0..20 {
        let (server, catalog, home) = taking();
        a_report_waits(catalog, &home);
        scene::ticks(catalog, &home, scene::after(DAY_S + 1), [1]);
        let said: u64 = std::thread::scope(|scope| {
            let ship = || scope.spawn(|| scene::ship(catalog, &home, scene::after(DAY_S + 1)));
            let shippers = [ship(), ship()];
            shippers.into_iter().map(|it| it.join().unwrap().reports).sum()
        });
        assert_eq!(said, 1);
        assert_eq!(reports(&server.requests()).len(), 1);
    }
}

/// A clock that was wrong for a command is no reason to be silent for ever, nor
/// to tell more than once a day.
#[test]
fn a_clock_that_jumps_by_a_year() {
    for year_s in [365 * DAY_S, -365 * DAY_S] {
        let (server, catalog, home) = taking();
        let wrong = [0, year_s, year_s + 1].map(|at_s| command(catalog, &home, at_s));
        let before = usize::try_from(wrong.iter().sum::<u64>()).unwrap();
        assert_eq!(before, usize::from(year_s > 0), "for all it knows a year has gone by");
        let said: Vec<i64> = (1..12)
            .map(|half_day| half_day * DAY_S / 2)
            .filter(|at_s| command(catalog, &home, *at_s) == 1)
            .collect();
        assert!(said.len() >= 3, "{year_s}: {said:?}");
        assert!(said[0] <= 2 * DAY_S, "{year_s}: {said:?}");
        let apart = said.windows(2).all(|pair| pair[1] - pair[0] >= DAY_S);
        assert!(apart, "{year_s}: {said:?}");
        assert_eq!(reports(&server.requests()).len(), before + said.len());
    }
}

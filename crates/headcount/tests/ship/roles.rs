//! What a child process of the tests does: the host, and the shipper that it
//! starts. Both are this very test program, told which by their environment,
//! and both find their catalog in their home.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use headcount::person::{self, Audience, Terminal};
use headcount::{Catalog, Host, Session, Surroundings};
use headcount_testkit::{Home, TestProgram};

use crate::scene::{self, Tick};

/// Which part a child plays.
const ROLE: &str = "TICK_ROLE";

const CATALOG: &str = "catalog.toml";

/// Not a test: what a child does.
#[test]
fn play() {
    if std::env::var_os("TICK_TELEMETRY_FLUSH").is_some() {
        first();
        panic!("a shipper went on with the program's own work");
    }
    let Ok(role) = std::env::var(ROLE) else { return };
    let mut words = role.split(' ');
    let part = words.next().unwrap_or_default();
    let number = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
    match part {
        "record" => {
            let session = open();
            session.record(&Tick::new(own_catalog(), number));
            session.finish();
        }
        "write" => crate::chaos::write(number),
        "ship" => crate::chaos::ship(),
        "serve" => crate::killed::serve(),
        #[cfg(unix)]
        "fill" => crate::hardship::fill(number),
        #[cfg(unix)]
        "status" => crate::hardship::status(),
        #[cfg(unix)]
        "ship-and-tell" => crate::hardship::ship_and_tell(),
        "stop" => crate::killed::stop(),
        #[cfg(windows)]
        "held" => crate::inherited::hold(),
        #[cfg(windows)]
        "renamed" => crate::inherited::rename(number),
        #[cfg(windows)]
        "in-a-job" => crate::inherited::in_a_job(number),
        #[cfg(windows)]
        "press-c" => crate::console::press(crate::console::Event::C, number),
        #[cfg(windows)]
        "press-break" => crate::console::press(crate::console::Event::Break, number),
        #[cfg(unix)]
        "dropped" => crate::forked::dropped(),
        #[cfg(unix)]
        "count-forked" => crate::counting::fork(),
        #[cfg(unix)]
        "count-day" => crate::counting::record_on(number),
        #[cfg(unix)]
        "fork" => crate::forked::fork(),
        #[cfg(unix)]
        "fork-under-load" => crate::forked::fork_under_load(),
        "crash" => crate::panics::crash(crate::panics::Death::Unwinding),
        "crash-at-once" => crate::panics::crash(crate::panics::Death::AtOnce),
        "broken-transport" => crate::panics::broken_transport(),
        "flush" => person::flush(&open()),
        "notice" => {
            let session = open();
            let notice = person::notice(&session, Terminal::Absent, Audience::ForPeople);
            notice.map(person::Notice::print);
        }
        #[cfg(target_os = "linux")]
        "hold" => crate::started::hold(number),
        #[cfg(target_os = "linux")]
        "lowered" => crate::started::lowered(),
        #[cfg(target_os = "linux")]
        "ignore" => crate::started::ignore(),
        #[cfg(target_os = "linux")]
        "stay" => crate::process::stay(number),
        other => panic!("no such part: {other}"),
    }
}

/// Which of our functions a host calls first.
pub(crate) const FIRST: &str = "TICK_FIRST";

/// What a host does first, and its shipper too. None of these returns there.
fn first() {
    match std::env::var(FIRST).as_deref() {
        Ok("daemon") => drop(telemetry().daemon(headcount::ship::Ureq::new())),
        Ok("watch") => telemetry().watch_panics(headcount::panics::Watch::new(&["ship"]), |_| None),
        Ok("thread") => {
            let opened = std::thread::spawn(|| drop(open()));
            let _ = opened.join();
        }
        Ok("caught") => drop(std::panic::catch_unwind(|| drop(open()))),
        _ => drop(open()),
    }
}

/// A program that plays a part in a home.
pub(crate) fn child(home: &Home, role: &str) -> TestProgram {
    child_of(&std::env::current_exe().expect("this program"), home, role)
}

/// The same under another name.
pub(crate) fn child_of(program: &Path, home: &Home, role: &str) -> TestProgram {
    let program = TestProgram::new(program, home).args(["--exact", "roles::play", "--nocapture"]);
    program.env(ROLE, role)
}

/// Gives a home its catalog, and tells its person.
pub(crate) fn settle(home: &Home, text: &str) -> &'static Catalog {
    home.write(CATALOG, text);
    let catalog = scene::catalog(text);
    scene::tell(catalog, home);
    catalog
}

/// The child's own catalog.
pub(crate) fn own_catalog() -> &'static Catalog {
    let home = PathBuf::from(std::env::var_os("HOME").expect("a home"));
    scene::catalog(&fs::read_to_string(home.join(CATALOG)).expect("a catalog"))
}

pub(crate) fn open() -> Session {
    telemetry().open()
}

pub(crate) fn telemetry() -> headcount::Telemetry {
    headcount::Telemetry::new(own_catalog(), Host::new("1.2.3"), Surroundings::of_this_process())
}

/// Says a line to the test, past the harness's own.
pub(crate) fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // A test that hears nothing says so itself.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

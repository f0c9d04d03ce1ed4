//! The start of a shipper as real processes see it: the host ends at once,
//! whatever the shipper runs into, and nothing of either is left.

use std::fs;
use std::time::{Duration, Instant};

#[cfg(unix)]
use headcount_queue::{Bounds, Queue};
#[cfg(unix)]
use headcount_testkit::TestProgram;
use headcount_testkit::{CaptureServer, Home, ServerReply};

use crate::{roles, scene};

/// A busy machine may be slow; what hangs never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Less than any request may take: whoever waits for one is later.
pub(crate) const SOON: Duration = Duration::from_millis(2_500);

fn settle(home: &Home, server: &CaptureServer) {
    roles::settle(
        home,
        &scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]),
    );
}

#[test]
fn a_host_ends_at_once_and_its_shipper_goes_on() {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_next(ServerReply::Held(scene::yes("http")));
    settle(&home, &server);
    let output = roles::child(&home, "record 7").run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(output.elapsed < SOON, "the host waited {:?}", output.elapsed);
    let requests = server.wait_for(1, PATIENCE);
    assert_eq!(scene::numbers(&requests[0]), [7]);
    server.release();
    receipts(&home, 1);
}

/// Waits until so many receipts are written, and gives them.
pub(crate) fn receipts(home: &Home, count: usize) -> String {
    let path = home.path().join(".tick/telemetry-state/receipts.jsonl");
    let text = || fs::read_to_string(&path).unwrap_or_default();
    until(|| text().lines().count() >= count);
    text()
}

/// Waits for a condition.
pub(crate) fn until(mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "it never came");
        std::thread::yield_now();
    }
}

/// An agent that captures a program's output waits until nobody holds the pipe
/// any more; a descriptor that the host inherited must not live on in the
/// shipper.
#[test]
#[cfg(unix)]
fn a_pipe_that_the_host_inherited_is_not_held_by_its_shipper() {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_otherwise(ServerReply::Never);
    settle(&home, &server);
    let this = std::env::current_exe().expect("this program");
    let script = "exec \"$0\" --exact roles::play --nocapture 7>&1 9>&2";
    let host = TestProgram::new("/bin/sh", &home)
        .args(["-c", script, &this.to_string_lossy()])
        .env("TICK_ROLE", "record 1");
    let output = host.run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(output.elapsed < SOON, "its outputs were open for {:?}", output.elapsed);
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1, "the shipper goes on without them");
}

/// Who throws its home away is told by these to the collector, which must not
/// count it as a person more.
#[test]
#[cfg(unix)]
fn a_shipper_sees_what_tells_how_long_its_home_lasts() {
    use std::collections::HashMap;
    use std::os::unix::fs::PermissionsExt as _;

    let (server, home) = (CaptureServer::start(), Home::new());
    let catalog = scene::one("headcount", &server.url());
    let script = "#!/bin/sh\nenv > \"$HOME/seen\" && mv \"$HOME/seen\" \"$HOME/whole\"\n";
    let program = home.write("script", script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let names = ["container", "CODESPACES", "GITPOD_WORKSPACE_ID", "KUBERNETES_SERVICE_HOST"];
    let variables = names.into_iter().map(|name| (name.to_owned(), "yes".to_owned()));
    let elsewhere = [("HOME".to_owned(), home.path().display().to_string())];
    let stranger = [("SECRET_TOKEN".to_owned(), "it stays".to_owned())];
    let variables: HashMap<String, String> = variables.chain(elsewhere).chain(stranger).collect();
    let mut surroundings = headcount::Surroundings::given(home.path(), variables, scene::after(0));
    assert_eq!(format!("{:?}", surroundings.home_lasts()), "Ephemeral");
    surroundings.program = headcount::Program::At(program);
    scene::tell(catalog, &home);
    let session =
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open();
    session.record(&scene::Tick::new(catalog, 1));
    session.finish();
    until(|| home.path().join("whole").exists());
    let seen = home.read("whole");
    for name in names {
        assert!(seen.lines().any(|line| line == format!("{name}=yes")), "{name} of {seen}");
    }
    assert!(!seen.contains("SECRET_TOKEN"), "{seen}");
}

/// What a shell script says that is started as a shipper.
#[cfg(unix)]
fn said_by_a_shipper(catalog: &'static headcount::Catalog, says: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    let script = format!("#!/bin/sh\ncd \"${{0%/*}}\" && {{ {says}; }} >said && mv said whole\n");
    let program = home.write("script", script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let mut surroundings = scene::surroundings(&home, scene::after(0));
    surroundings.program = headcount::Program::At(program);
    scene::tell(catalog, &home);
    let session =
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open();
    session.record(&scene::Tick::new(catalog, 1));
    session.finish();
    until(|| home.path().join("whole").exists());
    home.read("whole")
}

/// Whoever lists the processes of a machine reads their arguments.
#[test]
#[cfg(unix)]
fn nothing_that_is_sent_is_an_argument_of_the_shipper() {
    let catalog = scene::one("headcount", "http://127.0.0.1:9");
    let said = said_by_a_shipper(catalog, "printf '%s\\n' \"$@\"");
    assert_eq!(said.lines().collect::<Vec<_>>(), catalog.shipping.command);
}

/// Ctrl-C and a hangup are for the group of the terminal; and the streams of
/// the host are not held.
#[test]
#[cfg(target_os = "linux")]
fn a_shipper_leads_a_process_group_of_its_own_and_says_nothing() {
    let catalog = scene::one("headcount", "http://127.0.0.1:9");
    let says = "read -r own _ _ _ group _ </proc/$$/stat; echo \"$own $group\"; \
                readlink /proc/$$/fd/0 /proc/$$/fd/2";
    let said = said_by_a_shipper(catalog, says);
    let mut lines = said.lines();
    let (own, group) = lines.next().and_then(|line| line.split_once(' ')).expect("two numbers");
    assert_eq!(own, group);
    assert_eq!(lines.collect::<Vec<_>>(), ["/dev/null"; 2]);
}

/// A release replaces programs while they run.
#[test]
#[cfg(unix)]
fn a_program_that_is_removed_meanwhile_breaks_nothing() {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_next(ServerReply::Held(scene::yes("http")));
    settle(&home, &server);
    let program = home.path().join("tick");
    let this = std::env::current_exe().expect("this program");
    fs::hard_link(&this, &program).or_else(|_| fs::copy(&this, &program).map(drop)).unwrap();
    assert_eq!(roles::child_of(&program, &home, "record 1").run().code(), Some(0));
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    fs::remove_file(&program).unwrap();
    server.release();
    assert!(receipts(&home, 1).contains("\"status\":200"));

    let paths = scene::paths(roles::settle(&home, &home.read("catalog.toml")), &home);
    let queue = Queue::new(&paths.queue, Bounds::USUAL).expect("a queue");
    until(|| !queue.is_shipped(&paths.state_folder));

    // Removed before the shipper starts: nothing starts, and nobody notices.
    let catalog = roles::settle(&home, &home.read("catalog.toml"));
    let mut surroundings = scene::surroundings(&home, scene::after(0));
    surroundings.program = headcount::Program::At(program);
    let session =
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open();
    session.record(&scene::Tick::new(catalog, 2));
    assert!(session.start_shipper().is_err());
    session.finish();
    assert_eq!(server.requests().len(), 1);
}

/// A host that stays does not collect dead children.
#[test]
#[cfg(target_os = "linux")]
fn a_host_that_stays_has_no_dead_children_but_the_last() {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_otherwise(scene::yes("http"));
    settle(&home, &server);
    let host = roles::child(&home, "stay 4").spawn();
    assert_eq!(host.line("zombies"), "zombies 1");
    assert_eq!(server.requests().len(), 4);
}

/// What the host of the test above does: it starts shippers, one after the
/// other, waits until each has ended, and says how many dead children it has.
#[cfg(target_os = "linux")]
pub(crate) fn stay(times: i64) {
    let catalog = roles::own_catalog();
    for number in 0..times {
        let session = roles::open();
        session.record(&scene::Tick::new(catalog, number));
        assert_eq!(session.start_shipper().expect("a start"), headcount::ship::Started::Detached);
        until(|| children().iter().all(|state| state == "Z"));
    }
    roles::tell(&format!("zombies {}", children().len()));
}

/// The states of this process's children, as the kernel tells them.
#[cfg(target_os = "linux")]
pub(crate) fn children() -> Vec<String> {
    let own = std::process::id().to_string();
    let entries = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let stat = entries.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    // `pid (name) state parent …`; a name may hold anything.
    let fields = stat.filter_map(|stat| {
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut words = rest.split(' ');
        let (state, parent) = (words.next()?, words.next()?);
        (parent == own).then(|| state.to_owned())
    });
    fields.collect()
}

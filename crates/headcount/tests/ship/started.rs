//! A started shipper: it holds nothing of its host's, it is told what its host
//! knew, it does nothing but ship, and what cannot be started is told.

use std::fs::{self, File, OpenOptions};
use std::os::fd::{AsRawFd as _, FromRawFd as _, RawFd};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use headcount::ship::Started;
use headcount::{Catalog, Host, Program, Surroundings, Telemetry};
use headcount_testkit::{CaptureServer, Home, ServerReply, TestProgram};

use crate::{process, roles, scene};

const PATIENCE: Duration = Duration::from_secs(30);

fn settled(home: &Home) -> (CaptureServer, &'static Catalog) {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let destination = scene::destination("one", "http", &format!("{}/e", server.url()));
    let catalog = roles::settle(home, &scene::text(&[destination]));
    (server, catalog)
}

/// Descriptors that nobody marked, one of them far away.
const NUMBERS: [RawFd; 3] = [60, 61, 900];

/// What a host does: it holds locks on files whose descriptors every child
/// would inherit, starts a shipper, lets the locks go, and looks whether they
/// are free. It counts how often they are.
pub(crate) fn hold(times: i64) {
    let (catalog, home) = (roles::own_catalog(), std::env::var("HOME").expect("a home"));
    let folder = Path::new(&home).join("work");
    fs::create_dir(&folder).expect("a folder");
    std::env::set_current_dir(&folder).expect("it");
    let mut free = 0;
    for number in 0..times {
        let held: Vec<File> = NUMBERS.into_iter().map(|number| locked(&folder, number)).collect();
        let session = roles::open();
        session.record(&scene::Tick::new(catalog, number));
        assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
        let elsewhere = folders_of_children();
        drop(held);
        let are_free = NUMBERS.into_iter().all(|number| {
            let file = File::open(lock_path(&folder, number)).expect("a file");
            file.try_lock().is_ok()
        });
        free += i64::from(are_free && elsewhere.iter().all(|path| *path != folder));
        process::until(|| process::children().iter().all(|state| state == "Z"));
    }
    roles::tell(&format!("free {free}"));
}

fn lock_path(folder: &Path, number: RawFd) -> PathBuf {
    folder.join(format!("{number}.lock"))
}

/// A locked file under this number, which is not marked to be closed.
fn locked(folder: &Path, number: RawFd) -> File {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(lock_path(folder, number));
    let file = file.expect("a file");
    // SAFETY: both numbers are descriptors or unused; the new one is owned by
    // the file that is returned, and by nothing else.
    #[expect(unsafe_code, reason = "std has no way to choose a number")]
    let copy = unsafe {
        assert_eq!(libc::dup2(file.as_raw_fd(), number), number);
        File::from_raw_fd(number)
    };
    copy.lock().expect("a lock");
    copy
}

/// The numbers of this process's children.
fn children() -> Vec<String> {
    let own = std::process::id();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
    // The shipper is started by the test's own thread.
    let of_threads = fs::read_dir("/proc/self/task")
        .expect("threads")
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    let all: String = of_threads.chain(children).collect::<Vec<String>>().join(" ");
    all.split_whitespace().map(str::to_owned).collect()
}

/// The working directories of this process's children.
fn folders_of_children() -> Vec<PathBuf> {
    let children = children().into_iter();
    children.filter_map(|child| fs::read_link(format!("/proc/{child}/cwd")).ok()).collect()
}

/// Signals that a host's own parent may have chosen to ignore.
fn ignored() -> [libc::c_int; 5] {
    [libc::SIGCHLD, libc::SIGHUP, libc::SIGTERM, libc::SIGXFSZ, libc::SIGRTMIN() + 3]
}

/// What a host does that ignores them.
pub(crate) fn ignore() {
    for signal in ignored() {
        // SAFETY: no function of this process is to be called.
        #[expect(unsafe_code, reason = "std has no signals")]
        let before = unsafe { libc::signal(signal, libc::SIG_IGN) };
        assert_ne!(before, libc::SIG_ERR, "{signal}");
    }
    let session = roles::open();
    session.record(&scene::Tick::new(roles::own_catalog(), 1));
    assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
    roles::tell(&format!("child {}", children().concat()));
}

/// But for the one that makes an error of a file that may not grow.
#[test]
fn a_shipper_ignores_no_signal_that_its_host_ignored() {
    let home = Home::new();
    let (server, _) = settled(&home);
    server.reply_next(ServerReply::Held(scene::yes("http")));
    let host = roles::child(&home, "ignore").spawn();
    let child = host.line("child ");
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    let path = child.replace("child ", "/proc/") + "/status";
    let status = fs::read_to_string(path).expect("it waits for the answer");
    let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("a line");
    let set = u64::from_str_radix(set.trim(), 16).expect("a number");
    // A bit for each, from 1 on.
    let still = ignored().into_iter().filter(|signal| set & 1 << (signal - 1) != 0);
    assert_eq!(still.collect::<Vec<_>>(), [libc::SIGXFSZ], "{set:x}");
    server.release();
}

#[test]
fn a_lock_that_the_host_held_is_free_as_soon_as_the_host_lets_go() {
    let home = Home::new();
    let (server, _) = settled(&home);
    let host = roles::child(&home, "hold 60").limit(Duration::from_secs(120)).spawn();
    assert_eq!(host.line("free"), "free 60");
    assert_eq!(server.wait_for(60, PATIENCE).len(), 60);
}

/// What a host does that has opened more than it may by now.
pub(crate) fn lowered() {
    let catalog = roles::own_catalog();
    let folder = PathBuf::from(std::env::var("HOME").expect("a home"));
    let held: Vec<File> = NUMBERS.into_iter().map(|number| locked(&folder, number)).collect();
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both pointers lead to a whole `rlimit` that outlives the calls.
    #[expect(unsafe_code, reason = "std knows no limits of a process")]
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit), 0);
        limit.rlim_cur = 61;
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit), 0);
    }
    let session = roles::open();
    session.record(&scene::Tick::new(catalog, 1));
    assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
    drop(held);
}

/// Numbers under the new limit, at it and far over it.
#[test]
fn a_limit_that_was_lowered_keeps_nothing_from_being_sent() {
    let home = Home::new();
    let (server, _) = settled(&home);
    assert_eq!(roles::child(&home, "lowered").run().code(), Some(0));
    assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [1]);
}

/// A no of a moment ago: a run that was permitted until then makes no file.
#[test]
fn after_a_no_nothing_is_started_and_no_file_appears() {
    let home = Home::new();
    let (server, catalog) = settled(&home);
    let mut surroundings = Surroundings::given(home.path(), [].into(), scene::after(0));
    surroundings.program = Program::At(std::env::current_exe().expect("this program"));
    let open = || Telemetry::new(catalog, Host::new("1.2.3"), surroundings.clone()).open();
    let session = open();
    session.try_record(&scene::Tick::new(catalog, 1)).expect("a record");
    let settings = scene::paths(catalog, &home).settings;
    fs::write(settings, "{\"telemetry\":{\"enabled\":false}}").expect("a no");
    assert!(!open().is_recording());
    let before = home.tree();
    assert_eq!(session.start_shipper().expect("a look"), Started::NotPermitted);
    assert_eq!(home.tree(), before);
    assert_eq!(server.connections(), 0);
}

/// As `flock` and shells do it, and with closed standard streams.
#[test]
fn whatever_a_host_was_given_its_shipper_starts_without_it() {
    for given in ["9>lock 8<lock 7>&1", "<&-", "<&- >&- 2>&-", "2>/dev/full 200>lock"] {
        let home = Home::new();
        let (server, _) = settled(&home);
        let script = format!("exec \"$0\" --exact roles::play --nocapture {given}");
        let this = std::env::current_exe().expect("this program");
        home.write("lock", "");
        let host = TestProgram::new("/bin/sh", &home)
            .args(["-c", &script, &this.to_string_lossy()])
            .env("TICK_ROLE", "record 1");
        let _ = host.run();
        assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [1], "{given}");
    }
}

/// As Termux starts every program, and with a loader's own options.
#[test]
fn a_program_that_was_given_to_its_loader_starts_as_it_was_started() {
    const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";
    if !Path::new(LOADER).exists() {
        eprintln!("not tested: this system has no {LOADER}");
        return;
    }
    let this = std::env::current_exe().expect("this program").display().to_string();
    for options in [&[][..], &["--inhibit-cache"], &["--library-path", "/lib", "--argv0", "tick"]] {
        let home = Home::new();
        let (server, _) = settled(&home);
        let program = TestProgram::new(LOADER, &home).args(options).args([&this]);
        let program = program.args(["--exact", "roles::play", "--nocapture"]);
        let output = program.env("TICK_ROLE", "record 4").run();
        assert_eq!(output.code(), Some(0), "{options:?}: {}", output.stderr_text());
        assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [4], "{options:?}");
    }
}

/// The shipper looks where its host has recorded.
#[test]
fn a_folder_that_a_variable_names_is_named_to_the_shipper() {
    for name in ["$HOME/tools", "$HOME/with space/é", "$HOME/$(printf 'a\\377b')"] {
        let home = Home::new();
        let (server, _) = settled(&home);
        let catalog = home.read("catalog.toml");
        let folder = catalog.lines().find(|line| line.starts_with("folder")).expect("a folder");
        let moved = "folder = \"${TICKDIR:-~/.config}/tick\"";
        roles::settle(&home, &catalog.replace(folder, moved));
        let script = format!("TICKDIR=\"{name}\"; export TICKDIR; exec \"$0\" \"$@\"");
        let this = std::env::current_exe().expect("this program").display().to_string();
        let host = TestProgram::new("/bin/sh", &home)
            .args(["-c", &script, &this, "--exact", "roles::play", "--nocapture"])
            .env("TICK_ROLE", "record 5");
        let output = host.run();
        assert_eq!(output.code(), Some(0), "{name}: {}", output.stderr_text());
        assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [5], "{name}");
        assert!(!home.path().join(".config/tick/events.jsonl").exists(), "{name}");
    }
}

/// Whatever a host calls first, and however it is built around that.
#[test]
fn a_shipper_ships_and_ends_at_the_first_call_of_ours() {
    for (number, first) in ["open", "daemon", "watch", "thread", "caught"].into_iter().enumerate() {
        let home = Home::new();
        let (server, _) = settled(&home);
        let number = number as i64;
        let recorded = roles::child(&home, &format!("record {number}"));
        assert_eq!(recorded.run().code(), Some(0));
        assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [number], "{first}");
        let shipper = roles::child(&home, "record 9").env("TICK_TELEMETRY_FLUSH", "1");
        let output = shipper.env(roles::FIRST, first).run();
        assert_eq!(output.code(), Some(0), "{first}: {}", output.stderr_text());
        assert!(!output.stdout_text().contains("test result"), "{first}: it went on");
    }
}

fn with(program: Program, catalog: &'static Catalog, home: &Home) -> Telemetry {
    let surroundings = Surroundings { program, ..scene::surroundings(home, scene::after(0)) };
    Telemetry::new(catalog, Host::new("1.2.3"), surroundings)
}

fn script(home: &Home, text: &str, mode: u32) -> PathBuf {
    let path = home.write("script", text);
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
    path
}

fn status(telemetry: &Telemetry) -> String {
    headcount::person::run(&telemetry.open(), &["status".to_owned()]).out
}

#[test]
fn what_cannot_be_started_is_told_by_status() {
    let home = Home::new();
    let (server, catalog) = settled(&home);
    let unexecutable = script(&home, "#!/bin/sh\n", 0o600);
    for (path, why) in
        [(home.path().join("gone"), "does not exist"), (unexecutable, "does not execute")]
    {
        let telemetry = with(Program::At(path.clone()), catalog, &home);
        let session = telemetry.open();
        session.record(&scene::Tick::new(catalog, 1));
        assert!(session.start_shipper().is_err(), "{why}");
        let said = status(&telemetry);
        let line = said.lines().find(|line| line.starts_with("Nothing is sent: "));
        let line = line.unwrap_or_else(|| panic!("{why} in {said}"));
        assert!(line.contains(why) && line.contains(path.to_str().expect("UTF-8")), "{line}");
    }
    assert_eq!(server.requests().len(), 0);
}

/// A program that ends before it opens telemetry is not started for ever.
#[test]
fn a_program_that_does_not_answer_is_left_alone() {
    let home = Home::new();
    let (server, catalog) = settled(&home);
    let silent = script(&home, "#!/bin/sh\nexit 2\n", 0o700);
    let now = headcount::Time::from_system(std::time::SystemTime::now());
    let mut surroundings = scene::surroundings(&home, now);
    surroundings.program = Program::At(silent);
    let telemetry = Telemetry::new(catalog, Host::new("1.2.3"), surroundings);
    let session = telemetry.open();
    session.record(&scene::Tick::new(catalog, 1));
    for _ in 0..5 {
        assert!(!status(&telemetry).contains("Nothing is sent"));
        assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
    }
    assert_eq!(session.start_shipper().expect("a look"), Started::Unanswered);
    let said = status(&telemetry);
    assert!(said.contains("was started 5 times for it and sent nothing"), "{said}");

    // An update has mended it.
    let shipper = roles::child(&home, "").env("TICK_TELEMETRY_FLUSH", "1");
    assert_eq!(shipper.run().code(), Some(0));
    assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [1]);
    assert!(!status(&telemetry).contains("Nothing is sent"));
}

/// The harness of these tests writes before it runs one, so each shipper does
/// what a careless author's does.
#[test]
#[cfg(debug_assertions)]
fn a_debug_build_complains_of_what_its_shipper_wrote_before() {
    let home = Home::new();
    let (server, _) = settled(&home);
    let first = roles::child(&home, "record 1").run();
    assert_eq!((first.code(), first.stderr_text()), (Some(0), String::new()));
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    let second = roles::child(&home, "record 2").run();
    assert_eq!(second.code(), Some(0));
    let said = second.stderr_text();
    assert!(said.contains("bytes before it opened telemetry"), "{said}");
    assert!(said.contains("Open telemetry first in `main`"), "{said}");
}

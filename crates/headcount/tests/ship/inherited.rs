//! What a shipper has of its host on Windows: no handle, no folder and, where
//! that is permitted, not its job; and which program it is after an update.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::AsRawHandle;
use std::path::PathBuf;
use std::ptr;
use std::time::{Duration, Instant};

use headcount::ship::Started;
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{CaptureServer, Home, ServerReply};
use windows_sys::Win32::Foundation::{FALSE, HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, IsProcessInJob, JOB_OBJECT_LIMIT_BREAKAWAY_OK,
    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectExtendedLimitInformation, SetInformationJobObject,
};
use windows_sys::Win32::System::Threading::GetCurrentProcess;

use crate::{killed, process, roles, scene};

const PATIENCE: Duration = Duration::from_secs(30);

/// A home whose endpoint takes a request and answers later, so that the shipper
/// lives until then.
fn settled() -> (CaptureServer, Home) {
    let (server, home) = (CaptureServer::start(), Home::new());
    server.reply_next(ServerReply::Held(scene::yes("http")));
    server.reply_otherwise(scene::yes("http"));
    let destination = scene::destination("one", "http", &format!("{}/e", server.url()));
    roles::settle(&home, &scene::text(&[destination]));
    (server, home)
}

fn let_inherit(handle: &impl AsRawHandle) {
    // SAFETY: the handle is borrowed, and so open; no pointer is given.
    #[expect(unsafe_code, reason = "std makes no handle that can be inherited")]
    let done = unsafe {
        SetHandleInformation(handle.as_raw_handle(), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)
    };
    assert_ne!(done, 0);
}

/// What a host does: with a file that nobody else may open, a pipe and a folder
/// in its hands, it starts a shipper; when that runs, it lets all of them go.
pub(crate) fn hold() {
    let folder = killed::home().join("work");
    fs::create_dir(&folder).expect("a folder");
    std::env::set_current_dir(&folder).expect("it");
    let path = folder.join("held");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).share_mode(0).open(&path);
    let file = file.expect("a file");
    let (mut reader, writer) = io::pipe().expect("a pipe");
    let_inherit(&file);
    let_inherit(&writer);
    let_inherit(&reader);
    let session = roles::open();
    session.record(&scene::Tick::new(roles::own_catalog(), 1));
    assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
    roles::tell("started");
    process::until(|| killed::home().join("go").exists());
    drop(file);
    drop(writer);
    let start = Instant::now();
    // To its end: whoever has the writer keeps it open.
    reader.read_to_end(&mut Vec::new()).expect("an end");
    let is_soon = start.elapsed() < process::SOON;
    let file = fs::remove_file(&path).is_ok();
    std::env::set_current_dir(killed::home()).expect("the home");
    let folder = fs::remove_dir(&folder).is_ok();
    roles::tell(&format!("let go: pipe {is_soon}, file {file}, folder {folder}"));
}

#[test]
fn a_shipper_keeps_no_file_no_pipe_and_no_folder_of_its_host() {
    let (server, home) = settled();
    let host = roles::child(&home, "held").limit(PATIENCE * 2).spawn();
    assert_eq!(host.line("started"), "started");
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    home.write("go", "");
    assert_eq!(host.line("let go"), "let go: pipe true, file true, folder true");
    assert!(!home.path().join(".tick/telemetry-state/receipts.jsonl").exists(), "it has ended");
    server.release();
    process::receipts(&home, 1);
}

/// A copy of this program in the home.
fn copied(home: &Home, name: &str) -> PathBuf {
    let program = home.path().join(name);
    fs::create_dir_all(program.parent().expect("a folder")).expect("it");
    let this = std::env::current_exe().expect("this program");
    fs::hard_link(&this, &program)
        .or_else(|_| fs::copy(&this, &program).map(drop))
        .expect("a copy");
    program
}

/// What an updater does to a program that runs, and the program then. With 1
/// there is a new program under the old name.
pub(crate) fn rename(new: i64) {
    let program = killed::home().join("tick.exe");
    let aside = killed::home().join("tick.exe.old");
    fs::rename(&program, &aside).expect("another name");
    if new == 1 {
        fs::copy(&aside, &program).expect("a new one");
    }
    let session = roles::open();
    session.record(&scene::Tick::new(roles::own_catalog(), new));
    match session.start_shipper() {
        Ok(started) => roles::tell(&format!("start: {started:?}")),
        Err(error) => roles::tell(&format!("start: {error}")),
    }
    session.finish();
}

#[test]
fn after_an_update_the_new_program_is_started() {
    let (server, home) = settled();
    let program = copied(&home, "tick.exe");
    let host = roles::child_of(&program, &home, "renamed 1").spawn();
    assert_eq!(host.line("start: "), "start: Detached");
    assert_eq!(host.wait().code(), Some(0));
    assert_eq!(scene::numbers(&server.wait_for(1, PATIENCE)[0]), [1]);
    // Nobody runs the old one any more.
    fs::remove_file(home.path().join("tick.exe.old")).expect("removed");
    server.release();
    process::receipts(&home, 1);
}

#[test]
fn a_program_that_was_renamed_and_not_replaced_is_gone() {
    let (server, home) = settled();
    let program = copied(&home, "tick.exe");
    let host = roles::child_of(&program, &home, "renamed 0").spawn();
    let said = host.line("start: ");
    assert!(said.contains("does not exist") && said.contains("tick.exe"), "{said}");
    assert_eq!((host.wait().code(), server.connections()), (Some(0), 0));
}

/// What a host does whose job ends with it. With 1 the job lets processes go.
pub(crate) fn in_a_job(lets_go: i64) {
    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if lets_go == 1 {
        limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_BREAKAWAY_OK;
    }
    // SAFETY: the null pointers ask for no special rights and no name; the
    // pointer and the length are those of a whole structure. The job's only
    // handle is left open on purpose: the end of this process closes it.
    #[expect(unsafe_code, reason = "std has no jobs")]
    unsafe {
        let job = CreateJobObjectW(ptr::null(), ptr::null());
        let (length, limits) = (size_of_val(&limits) as u32, (&raw const limits).cast());
        let set = SetInformationJobObject(job, JobObjectExtendedLimitInformation, limits, length);
        assert_ne!(set, 0, "{}", io::Error::last_os_error());
        let put = AssignProcessToJobObject(job, GetCurrentProcess());
        assert_ne!(put, 0, "{}", io::Error::last_os_error());
    }
    let session = roles::open();
    session.record(&scene::Tick::new(roles::own_catalog(), lets_go));
    assert_eq!(session.start_shipper().expect("a start"), Started::Detached);
    roles::tell("started");
    process::until(|| killed::home().join("go").exists());
}

/// Whether the tests run in a job already: then it depends on that one too.
fn is_in_a_job() -> bool {
    let mut is_in_one = FALSE;
    // SAFETY: the null handle stands for any job; the call writes one number.
    #[expect(unsafe_code, reason = "std has no jobs")]
    let done = unsafe { IsProcessInJob(GetCurrentProcess(), ptr::null_mut(), &raw mut is_in_one) };
    done == 0 || is_in_one != FALSE
}

/// A host in a job, which ends as soon as its shipper has asked.
fn ended_in_a_job(server: &CaptureServer, home: &Home, lets_go: i64) {
    let host = roles::child(home, &format!("in-a-job {lets_go}")).limit(PATIENCE * 2).spawn();
    assert_eq!(host.line("started"), "started");
    assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
    home.write("go", "");
    let _ = host.wait();
}

#[test]
fn a_job_that_lets_processes_go_ends_without_the_shipper() {
    if is_in_a_job() {
        println!("not tested: this is in a job already");
        return;
    }
    let (server, home) = settled();
    ended_in_a_job(&server, &home, 1);
    server.release();
    assert!(process::receipts(&home, 1).contains("\"status\":200"));
}

/// It ends with its job, and what it had is on disk for the next.
#[test]
fn a_job_that_lets_nobody_go_ends_the_shipper_and_loses_nothing() {
    if is_in_a_job() {
        println!("not tested: this is in a job already");
        return;
    }
    let (server, home) = settled();
    ended_in_a_job(&server, &home, 0);
    let catalog = roles::settle(&home, &home.read("catalog.toml"));
    let paths = scene::paths(catalog, &home);
    let queue = Queue::new(&paths.queue, Bounds::USUAL).expect("a queue");
    process::until(|| !queue.is_shipped(&paths.state_folder));
    server.release();
    assert!(!home.path().join(".tick/telemetry-state/receipts.jsonl").exists());
    assert_eq!(roles::child(&home, "record 2").run().code(), Some(0));
    // What the first one had goes again as it was, and the new event after it.
    process::until(|| {
        let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
        numbers.contains(&0) && numbers.contains(&2)
    });
}

//! The operator: restarts, kills, reloads, renews, rotates, takes the folder
//! away, and backs up, while clients send.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use headcount_testkit::{Home, ProgramOutput, RunningProgram};

use super::books::Stage;
use super::chance::Chance;
use super::dialect::Dialect;
use super::tls::{self, Connection};
use crate::stage::{catalog, headcount};

/// A change holds in a running collector within ten seconds. As much again is
/// for a machine with much to do.
const HOLDS: Duration = Duration::from_secs(20);

/// Between two looks at whether something holds.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// How long a collector of the chaos may run.
const LIMIT: Duration = Duration::from_secs(900);

/// What the operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Restart,
    Kill,
    Reload,
    LoadCatalog,
    RenewCertificate,
    RotateKey,
    ChangePassword,
    BackUp,
    TakeFolderAway,
}

impl Act {
    pub(super) const ALL: [Self; 9] = [
        Self::Restart,
        Self::Kill,
        Self::Reload,
        Self::LoadCatalog,
        Self::RenewCertificate,
        Self::RotateKey,
        Self::ChangePassword,
        Self::BackUp,
        Self::TakeFolderAway,
    ];
}

/// A backup, and how many answers had acknowledged events before it began.
pub(super) struct BackedUp {
    pub(super) name: String,
    pub(super) acknowledged: usize,
}

pub(super) struct Operator<'a> {
    home: &'a Home,
    running: Option<RunningProgram>,
    certificate: usize,
    catalogs: u32,
    passwords: u32,
    pub(super) backups: Vec<BackedUp>,
    /// How often each was done, and how long the longest took.
    pub(super) done: BTreeMap<Act, (u64, Duration)>,
    chance: Chance,
}

impl<'a> Operator<'a> {
    /// Everything that a collector needs, made with the commands that an
    /// operator has. Returns each product's key.
    pub(super) fn prepare(home: &'a Home, seed: u64) -> (Self, BTreeMap<&'static str, String>) {
        let operator = Self {
            home,
            running: None,
            certificate: 0,
            catalogs: 1,
            passwords: 0,
            backups: Vec::new(),
            done: BTreeMap::new(),
            chance: Chance(seed),
        };
        tls::write_certificate(home.path(), 0);
        for dialect in Dialect::ALL {
            let name = format!("catalogs/{}.toml", dialect.product());
            home.write(&name, std::fs::read(catalog(dialect.product())).unwrap());
        }
        let products: BTreeSet<_> = Dialect::ALL.map(Dialect::product).into();
        let keys = products.into_iter().map(|product| (product, operator.new_key(product)));
        let keys = keys.collect();
        operator.run(&["readers", "new", "maria", "--data", "data"], &password(0));
        (operator, keys)
    }

    /// Runs a command, which must work.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str], input: &str) -> String {
        let output = headcount(self.home, args).stdin(format!("{input}\n")).limit(LIMIT).run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
        output.stdout_text()
    }

    fn new_key(&self, product: &str) -> String {
        self.run(&["keys", "new", product, "--data", "data"], "").trim().to_owned()
    }

    /// Starts a collector on a folder. Returns where it is.
    pub(super) fn start(&mut self, data: &str) -> SocketAddr {
        let args = ["serve", "--listen", "127.0.0.1:0", "--host", "localhost", "--data", data];
        let tls = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
        let running = headcount(self.home, &args).args(tls).limit(LIMIT).spawn();
        let line = running.line("listening on ");
        let address = line.trim().rsplit(['/', ' ']).next().and_then(|text| text.parse().ok());
        self.running = Some(running);
        address.unwrap_or_else(|| panic!("not an address: {line}"))
    }

    /// Stops it as a supervisor does: it ends by itself, with 0.
    pub(super) fn stop(&mut self) -> ProgramOutput {
        let running = self.running.take().expect("a collector that runs");
        signal("-TERM", &running);
        let output = running.wait();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        output
    }

    /// Does one thing, and measures it.
    pub(super) fn act(&mut self, stage: &Stage, act: Act) {
        let start = Instant::now();
        match act {
            Act::Restart | Act::Kill => self.restart(stage, act),
            Act::Reload => self.hang_up(),
            Act::LoadCatalog => self.load_catalog(),
            Act::RenewCertificate => self.renew_certificate(stage),
            Act::RotateKey => self.rotate_key(stage),
            Act::ChangePassword => self.change_password(stage),
            Act::BackUp => self.back_up(stage),
            Act::TakeFolderAway => self.take_folder_away(stage),
        }
        let (count, longest) = self.done.entry(act).or_default();
        *count += 1;
        *longest = start.elapsed().max(*longest);
    }

    fn restart(&mut self, stage: &Stage, act: Act) {
        stage.goes_down();
        if act == Act::Kill {
            let mut running = self.running.take().expect("a collector that runs");
            running.kill();
            let _ = running.wait();
        } else {
            self.stop();
        }
        stage.is_up_at(self.start("data"));
    }

    fn hang_up(&self) {
        signal("-HUP", self.running.as_ref().expect("a collector that runs"));
    }

    /// Says that there is something new, or leaves it to the collector to find
    /// it by itself.
    fn perhaps_hang_up(&mut self) {
        if self.chance.below(4) != 0 {
            self.hang_up();
        }
    }

    fn load_catalog(&mut self) {
        self.catalogs += 1;
        let version = format!("catalog = {}", self.catalogs);
        let text = std::fs::read_to_string(catalog("atomic")).unwrap();
        let text = text.replacen("catalog = 1", &version, 1);
        // An editor that writes in place: half of it may be read.
        self.home.write("catalogs/atomic.toml", &text[..text.len() / 2]);
        self.hang_up();
        self.home.write("catalogs/atomic.toml", text);
        self.perhaps_hang_up();
        let kept = self.home.path().join(format!("data/catalogs/atomic.{}.toml", self.catalogs));
        holds("a new catalog", || kept.exists());
    }

    fn renew_certificate(&mut self, stage: &Stage) {
        self.certificate += 1;
        tls::write_certificate(self.home.path(), self.certificate);
        self.perhaps_hang_up();
        let wanted = tls::certificate(self.certificate);
        let shown = || Connection::open(&tls::config(), stage.address())?.shown();
        holds("a renewed certificate", || shown().is_ok_and(|shown| shown == wanted));
    }

    /// A second key; the clients move over once it holds; then the first one is
    /// revoked, and does not hold.
    fn rotate_key(&mut self, stage: &Stage) {
        let all = Dialect::ALL;
        let dialect = all[usize::try_from(self.chance.below(all.len() as u64)).unwrap()];
        let product = dialect.product();
        let listed = self.run(&["keys", "list", "--data", "data"], "");
        let of_product =
            listed.lines().find(|line| line.split_whitespace().nth(1) == Some(product));
        let old_id = of_product.and_then(|line| line.split(' ').next()).expect("a key").to_owned();
        let (old, new) = (stage.key(product), self.new_key(product));
        self.perhaps_hang_up();
        answers("a new key", |status| status != 401, || write(stage, dialect, &new));
        stage.books().keys.insert(product, new);
        self.run(&["keys", "revoke", &old_id, "--data", "data"], "");
        self.perhaps_hang_up();
        answers("a revoked key", |status| status == 401, || write(stage, dialect, &old));
    }

    fn change_password(&mut self, stage: &Stage) {
        let before = sign_in(stage, &password(self.passwords));
        let cookie = before.unwrap_or_else(|status| panic!("signing in was answered {status}"));
        assert_eq!(page(stage, &cookie), Some(200));
        self.passwords += 1;
        let args = ["readers", "password", "maria", "--data", "data"];
        self.run(&args, &password(self.passwords));
        self.perhaps_hang_up();
        answers("another password", |status| status == 303, || page(stage, &cookie));
        assert_eq!(sign_in(stage, &password(self.passwords - 1)), Err(401));
        let after = sign_in(stage, &password(self.passwords));
        assert_eq!(after.map(|cookie| page(stage, &cookie)), Ok(Some(200)));
    }

    fn back_up(&mut self, stage: &Stage) {
        let name = format!("backup-{}", self.backups.len());
        let acknowledged = stage.books().acknowledged.len();
        self.run(&["backup", "--data", "data", &name], "");
        self.backups.push(BackedUp { name, acknowledged });
    }

    /// Nothing is acknowledged while the folder is somewhere else, and all goes
    /// on when it is back.
    fn take_folder_away(&mut self, stage: &Stage) {
        let folder = |name: &str| -> PathBuf { self.home.path().join(name) };
        let later = || stage.books().count(503);
        let before = later();
        std::fs::rename(folder("data"), folder("elsewhere")).unwrap();
        holds("a folder that is not there", || later() >= before + 2 * Dialect::ALL.len() as u64);
        std::fs::rename(folder("elsewhere"), folder("data")).unwrap();
        let before = stage.books().acknowledged.len();
        holds("a folder that is back", || stage.books().acknowledged.len() > before);
    }
}

impl Drop for Operator<'_> {
    /// A test that fails says what the collector has said.
    fn drop(&mut self) {
        let Some(mut running) = self.running.take().filter(|_| std::thread::panicking()) else {
            return;
        };
        running.kill();
        eprintln!("the collector said:\n{}", running.wait().stderr_text());
    }
}

fn signal(name: &str, running: &RunningProgram) {
    let told = Command::new("kill").args([name, &running.id().to_string()]).status();
    assert!(told.is_ok_and(|status| status.success()), "kill {name}");
}

fn password(number: u32) -> String {
    format!("correct horse battery {number}")
}

#[track_caller]
fn holds(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + HOLDS;
    while !is_so() {
        assert!(Instant::now() < end, "{what} does not hold within {HOLDS:?}");
        std::thread::park_timeout(LOOK_AGAIN);
    }
}

/// Waits for an answer of a status.
#[track_caller]
fn answers(what: &str, is_right: impl Fn(u16) -> bool, ask: impl Fn() -> Option<u16>) {
    let mut last = None;
    let end = Instant::now() + HOLDS;
    while !last.is_some_and(&is_right) {
        assert!(Instant::now() < end, "{what} does not hold within {HOLDS:?}: {last:?}");
        std::thread::park_timeout(LOOK_AGAIN);
        last = ask();
    }
}

/// The status of a request that has nothing to store.
fn write(stage: &Stage, dialect: Dialect, key: &str) -> Option<u16> {
    let body: &[u8] = match dialect {
        Dialect::Native | Dialect::OtlpProtobuf => b"",
        // PostHog's clients have the key in each event, too, so that a batch
        // without any has no key that could be wrong.
        Dialect::PostHog => b"{\"batch\":[{\"event\":\"probe\"}]}",
        Dialect::PostHogNewer => b"{\"batch\":[]}",
        Dialect::Datadog => b"[]",
        // It has no such form: this one is not valid, once the key is.
        Dialect::OtlpJson | Dialect::Clacky => b"{}",
    };
    send(stage, &dialect.bytes(body, key)).map(|answer| answer.status)
}

fn send(stage: &Stage, request: &[u8]) -> Option<tls::Answer> {
    Connection::open(&tls::config(), stage.address()).and_then(|mut own| own.exchange(request)).ok()
}

/// Signs in at the form. Returns the cookie, or the status of the refusal.
fn sign_in(stage: &Stage, password: &str) -> Result<String, u16> {
    let form = format!("name=maria&password={}", password.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    let answer = send(stage, request.as_bytes()).ok_or(0_u16)?;
    let cookie = answer.header("set-cookie").and_then(|text| text.split(';').next());
    cookie.map(str::to_owned).ok_or(answer.status)
}

/// The status of the first page.
fn page(stage: &Stage, cookie: &str) -> Option<u16> {
    let request = format!("GET / HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
    send(stage, request.as_bytes()).map(|answer| answer.status)
}

//! PostgreSQL as a store of events: what self-hosted products insert an event
//! with, `INSERT … ON CONFLICT DO NOTHING`, a batch a statement.
//!
//! The client does the decoding that a collector does for itself: columns of
//! typed values go to the server, so that the figure is the database's alone.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use headcount_catalog::{Day, EventId};
use nix::unistd::{Uid, User};
use tokio::task::LocalSet;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use super::connection::Answer;
use super::cores::Cores;
use super::fresh::{Devices, Fresh, UUID_BYTES};
use super::limits::{CONNECTIONS, START};
use super::load::Until;
use super::server::{Launch, Server, free_address};
use super::tally::Tally;
use crate::Fault;

/// How often a server that starts is asked whether it has started.
const LOOK: Duration = Duration::from_millis(20);

/// The promise beside its figure.
pub(crate) const PROMISE: &str =
    "told apart by id, synced to disk (`synchronous_commit = on`); decoded by the client";

/// Where it listens: on loopback only.
const PLACE: [&str; 2] = ["listen_addresses=127.0.0.1", "unix_socket_directories="];

/// Durable, and with room for the index of ids; the rest is as Debian has it.
const SETTINGS: [&str; 3] = ["synchronous_commit=on", "shared_buffers=1GB", "max_wal_size=4GB"];

/// The columns of one of Atomic's events.
const TABLE: &str = "CREATE TABLE event (id uuid PRIMARY KEY, device uuid NOT NULL, \
    at bigint NOT NULL, event text NOT NULL, command text, agent text, worked boolean, \
    platform text NOT NULL, version text NOT NULL)";

const INSERT: &str = "INSERT INTO event SELECT * FROM unnest($1::uuid[], $2::uuid[], \
    $3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[]) \
    ON CONFLICT DO NOTHING";

/// A database cluster of its own.
#[derive(Debug)]
pub(crate) struct Cluster {
    server: Server,
}

/// The folder of Debian's or anybody's programs.
fn programs() -> Option<PathBuf> {
    let folder = crate::machine::said("pg_config", &["--bindir"]);
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    all.sort();
    all.push(PathBuf::from(folder));
    all.into_iter().rev().find(|folder| folder.join("initdb").is_file())
}

/// Its version, or that it is not here.
pub(crate) fn version() -> String {
    let Some(folder) = programs() else { return "PostgreSQL is not here".to_owned() };
    crate::machine::said(&folder.join("postgres").to_string_lossy(), &["--version"])
}

/// How it is started, in words.
pub(crate) fn started() -> String {
    format!("`postgres -c {}`; a prepared `{INSERT}` a batch", SETTINGS.join(" -c "))
}

impl Cluster {
    /// Starts one on an empty folder.
    ///
    /// # Errors
    ///
    /// It is not here, or does not start.
    pub(crate) fn start(folder: &Path, cores: &Cores, count: usize) -> Result<Self, Fault> {
        let programs = programs().ok_or("PostgreSQL is not here: install `postgresql`")?;
        let data = folder.join("postgres");
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        std::fs::create_dir_all(&data)?;
        let user = server_user()?;
        if let Some(user) = user {
            std::os::unix::fs::chown(&data, Some(user), None)?;
        }
        let mut make = Command::new(programs.join("initdb"));
        make.args(["--auth=trust", "--username=proof", "--encoding=UTF8", "--no-locale", "-D"]);
        make.arg(&data);
        if let Some(user) = user {
            std::os::unix::process::CommandExt::uid(&mut make, user);
        }
        let made = make.output()?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()).into());
        }
        let address = free_address()?;
        let port = address.port().to_string();
        let mut arguments = vec!["-D".to_owned(), data.to_string_lossy().into_owned()];
        arguments.extend(["-p".to_owned(), port]);
        for setting in PLACE.iter().chain(&SETTINGS) {
            arguments.extend(["-c".to_owned(), (*setting).to_owned()]);
        }
        let program = programs.join("postgres");
        let log = folder.join("postgres.log");
        let launch = Launch { program, arguments, address, log, user };
        Ok(Self { server: Server::start(&launch, cores, count)? })
    }

    /// Loads it, and says what came of it.
    ///
    /// # Errors
    ///
    /// A statement fails.
    pub(crate) fn load(&self, batch: usize, until: Until, day: Day) -> Result<Tally, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let address = self.server.address;
        let tally = Rc::new(RefCell::new(Tally::new(until)));
        let fresh = Rc::new(RefCell::new(Fresh::new(day, Devices::Pool)));
        let loaded = runtime.block_on(LocalSet::new().run_until(async {
            let first = first_connection(address).await?;
            first.batch_execute("DROP TABLE IF EXISTS event").await?;
            first.batch_execute(TABLE).await?;
            let began = Instant::now();
            let mut drivers = Vec::new();
            for _ in 0..CONNECTIONS {
                let (tally, fresh) = (Rc::clone(&tally), Rc::clone(&fresh));
                let driver = async move {
                    let client = connect(address).await?;
                    let insert = client.prepare(INSERT).await?;
                    drive(&client, &insert, (batch, until, began), &tally, &fresh).await
                };
                drivers.push(tokio::task::spawn_local(driver));
            }
            for driver in drivers {
                driver.await??;
            }
            Ok::<(), Fault>(())
        }));
        loaded.map_err(explained)?;
        Ok(Rc::into_inner(tally).ok_or("a connection is still open")?.into_inner())
    }
}

/// The columns of a batch.
#[derive(Default)]
struct Columns {
    ids: Vec<Uuid>,
    devices: Vec<Uuid>,
    times: Vec<i64>,
    events: Vec<&'static str>,
    commands: Vec<Option<&'static str>>,
    agents: Vec<Option<&'static str>>,
    worked: Vec<Option<bool>>,
    platforms: Vec<&'static str>,
    versions: Vec<&'static str>,
}

impl Columns {
    fn fill(&mut self, fresh: &mut Fresh, (batch, now): (usize, i64)) {
        *self = Self::default();
        let mut text = [0; UUID_BYTES];
        for _ in 0..batch {
            fresh.write_event(&mut text);
            self.ids.push(id_of(&text));
            fresh.write_device(&mut text);
            self.devices.push(id_of(&text));
            self.times.push(now - i64::try_from(fresh.below(3_600)).unwrap_or(0));
            self.events.push("atomic_command");
            self.commands.push(Some(["init", "update", "uninstall", "run"][fresh.below(4)]));
            self.agents.push([None, Some("claude"), Some("copilot")][fresh.below(3)]);
            self.worked.push(Some(fresh.below(20) > 0));
            self.platforms.push(["darwin", "linux", "win32"][fresh.below(3)]);
            self.versions.push(["0.9.4", "0.10.0", "0.10.1"][fresh.below(3)]);
        }
    }
}

fn id_of(text: &[u8]) -> Uuid {
    let id = std::str::from_utf8(text).ok().and_then(EventId::parse);
    Uuid::from_u128(id.map_or(0, EventId::bits))
}

async fn drive(
    client: &Client,
    insert: &Statement,
    (batch, until, began): (usize, Until, Instant),
    tally: &RefCell<Tally>,
    fresh: &RefCell<Fresh>,
) -> Result<(), Fault> {
    let Until::Over(warm_up, window) = until else { return Err("it has no window".into()) };
    let taken = Answer { status: 200, retry_after: false, body: Vec::new() };
    let mut columns = Columns::default();
    let now = headcount_catalog::Time::from_system(std::time::SystemTime::now()).seconds();
    while began.elapsed() < warm_up + window {
        columns.fill(&mut fresh.borrow_mut(), (batch, now));
        let Columns { ids, devices, times, events, .. } = &columns;
        let Columns { commands, agents, worked, platforms, versions, .. } = &columns;
        let sent = Instant::now();
        client
            .execute(
                insert,
                &[ids, devices, times, events, commands, agents, worked, platforms, versions],
            )
            .await?;
        tally.borrow_mut().note(&taken, batch as u64, sent.elapsed(), began.elapsed());
    }
    Ok(())
}

/// A server that can be connected to may still be starting up.
async fn first_connection(address: SocketAddr) -> Result<Client, Fault> {
    let began = Instant::now();
    loop {
        match connect(address).await {
            Ok(client) => return Ok(client),
            Err(fault) if began.elapsed() > START => return Err(fault),
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
}

async fn connect(address: SocketAddr) -> Result<Client, Fault> {
    let parameters =
        format!("host={} port={} user=proof dbname=postgres", address.ip(), address.port());
    let (client, connection) = tokio_postgres::connect(&parameters, NoTls).await?;
    // It ends with the client; what goes wrong on it, the client is told.
    tokio::task::spawn_local(async move { drop(connection.await) });
    Ok(client)
}

/// With what the database said: the error itself only says that it did.
fn explained(fault: Fault) -> Fault {
    match fault.source() {
        Some(source) => format!("{fault}: {source}").into(),
        None => fault,
    }
}

/// Who the server runs as: it refuses to be root.
fn server_user() -> Result<Option<u32>, Fault> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let user = match User::from_name("postgres")? {
        Some(user) => Some(user),
        None => User::from_name("nobody")?,
    };
    let user = user.ok_or("PostgreSQL refuses to run as root, and there is nobody else")?;
    Ok(Some(user.uid.as_raw()))
}

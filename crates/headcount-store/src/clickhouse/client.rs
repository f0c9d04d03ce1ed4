//! Requests to ClickHouse's HTTP interface. If a host does not answer, the
//! next one is asked.
//!
//! Source: ClickHouse's documentation, "HTTP interface". A statement and its
//! parameters are a form, and settings are in the URL; rows that are inserted
//! are the body, and their statement is in the URL. With
//! `wait_end_of_query`, an answer begins once the statement has ended, so that
//! its status is true of all of it.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_core::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::{Response, header};

use super::locked::locked;
use super::request_body::RequestBody;
use super::{ClickHouseAddress, Problem, Statement};
use crate::{StoreError, limits};

/// Settings of every statement. Rows come as JSON, numbers as numbers.
const SETTINGS: [(&str, &str); 4] = [
    ("default_format", "JSONCompactEachRow"),
    ("output_format_json_quote_64bit_integers", "0"),
    ("wait_end_of_query", "1"),
    ("date_time_output_format", "simple"),
];

/// Settings of rows that are inserted: they are in the table when the answer
/// comes, as one block, whatever days they are of.
const INSERT_SETTINGS: [(&str, &str); 4] = [
    ("async_insert", "0"),
    ("max_partitions_per_insert_block", "0"),
    ("input_format_parallel_parsing", "0"),
    ("wait_end_of_query", "1"),
];

/// Settings of a cluster: rows are on their shard when an insert ends; a
/// question within another one is asked of each shard, where copies of an event
/// lie together; and the condition of a deletion may ask another table.
const CLUSTER_SETTINGS: [(&str, &str); 3] = [
    ("distributed_foreground_insert", "1"),
    ("distributed_product_mode", "local"),
    ("allow_nondeterministic_mutations", "1"),
];

/// Asks the hosts of one address.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    address: ClickHouseAddress,
    current: Mutex<CurrentHost>,
    /// Whether the books are not kept any more.
    is_closed: AtomicBool,
    /// After how many statements a test ends the collector; none below 0.
    #[cfg(test)]
    pub(super) cut: std::sync::atomic::AtomicI64,
}

/// The host that is asked, and since when.
#[derive(Debug)]
struct CurrentHost {
    place: usize,
    since: Instant,
}

/// What a request may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// A question, or a batch.
    Short,
    /// Housekeeping, which may rewrite parts.
    Long,
}

impl Patience {
    fn is_for_the_house(self) -> bool {
        matches!(self, Self::Long)
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Short => limits::clickhouse::SECONDS,
            Self::Long => limits::clickhouse::HOUSE_SECONDS,
        }
    }
}

impl Client {
    pub(super) fn new(address: ClickHouseAddress) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            // A server closes what is idle, by default after 3 to 30 seconds.
            .max_idle_age(Duration::from_secs(limits::clickhouse::IDLE_SECONDS))
            .timeout_connect(Some(Duration::from_secs(limits::clickhouse::CONNECT_SECONDS)))
            .user_agent(concat!("headcount/", env!("CARGO_PKG_VERSION")));
        Self {
            agent: config.build().into(),
            address,
            current: Mutex::new(CurrentHost { place: 0, since: Instant::now() }),
            is_closed: AtomicBool::new(false),
            #[cfg(test)]
            cut: std::sync::atomic::AtomicI64::new(-1),
        }
    }

    pub(super) fn address(&self) -> &ClickHouseAddress {
        &self.address
    }

    /// The rows of an answer, each as a tuple of its columns.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        statement: &Statement,
    ) -> Result<Vec<T>, StoreError> {
        let answer = self.sent(statement, Patience::Short)?;
        let lines = answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines
            .map(|line| {
                serde_json::from_slice(line).map_err(|_| Problem::Unreadable.error(&self.address))
            })
            .collect()
    }

    /// The only row of an answer.
    pub(super) fn row<T: DeserializeOwned>(&self, statement: &Statement) -> Result<T, StoreError> {
        let row = self.rows(statement)?.pop();
        row.ok_or_else(|| Problem::Unreadable.error(&self.address))
    }

    /// Lets no statement begin any more that keeps the books.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Runs a statement that keeps the books to its end.
    ///
    /// # Errors
    ///
    /// The server refuses, or the store is being closed.
    pub(super) fn run(&self, statement: &Statement) -> Result<(), StoreError> {
        self.may_keep()?;
        self.sent(statement, Patience::Long).map(drop)
    }

    /// Inserts rows that keep the books, as [`insert`](Self::insert) does.
    pub(super) fn keep(&self, into: &str, token: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.may_keep()?;
        let kept = self.insert(into, token, bytes);
        #[cfg(test)]
        self.end_here()?;
        kept
    }

    fn may_keep(&self) -> Result<(), StoreError> {
        match self.is_closed.load(Ordering::Relaxed) {
            true => Err(StoreError::new("the store on ClickHouse is being closed")),
            false => Ok(()),
        }
    }

    /// Ends the collector of a test: what it has just sent was carried out, and
    /// nobody heard of it.
    #[cfg(test)]
    fn end_here(&self) -> Result<(), StoreError> {
        match self.cut.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(StoreError::new("cut off by the test")),
            _ => Ok(()),
        }
    }

    /// Inserts rows: `into` is a table and its columns, and `bytes` the rows in
    /// the format that it names. Rows that come again with the same token are
    /// not inserted again.
    pub(super) fn insert(&self, into: &str, token: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO {into}");
        let own = [("query", &*sql), ("insert_deduplication_token", token)];
        let query = [&own[..], &INSERT_SETTINGS].concat();
        self.asked(&query, &RequestBody::rows(bytes), Patience::Short).map(drop)
    }

    fn sent(&self, statement: &Statement, patience: Patience) -> Result<Vec<u8>, StoreError> {
        let mut query: Vec<(&str, &str)> = SETTINGS.to_vec();
        let seconds = patience.seconds().to_string();
        query.push(("max_execution_time", &seconds));
        if statement.sql.starts_with("INSERT") {
            query.extend([("async_insert", "0"), ("max_partitions_per_insert_block", "0")]);
        }
        let answer = self.asked(&query, &RequestBody::form(statement), patience);
        #[cfg(test)]
        self.end_here()?;
        answer
    }

    /// Asks one host after the other, beginning with the one that answered
    /// last, until one answers.
    fn asked(
        &self,
        query: &[(&str, &str)],
        body: &RequestBody<'_>,
        patience: Patience,
    ) -> Result<Vec<u8>, StoreError> {
        let first = self.first();
        let hosts = &self.address.hosts;
        let mut last = None;
        for place in (0..hosts.len()).map(|nth| (first + nth) % hosts.len()) {
            match self.ask_host(&hosts[place], query, body, patience) {
                Ok(answer) => {
                    self.stay_with(place);
                    return Ok(answer);
                }
                // Counts that are written twice under one generation would be
                // twice as many: whoever keeps the books begins anew.
                Err(problem) if patience.is_for_the_house() && problem.may_have_run() => {
                    return Err(problem.error(&self.address));
                }
                Err(problem) if problem.is_of_the_host() => last = Some(problem),
                Err(problem) => return Err(problem.error(&self.address)),
            }
        }
        Err(last.unwrap_or(Problem::Unreadable).error(&self.address))
    }

    /// The host that is asked first: the one that answered last, but for a
    /// while at most. All collectors are to ask the same one, so that what one
    /// ships is there when another one counts.
    fn first(&self) -> usize {
        let mut current = self.current();
        if current.since.elapsed() >= limits::clickhouse::OTHER_HOST {
            current.place = 0;
        }
        current.place
    }

    fn stay_with(&self, place: usize) {
        let mut current = self.current();
        if current.place != place {
            *current = CurrentHost { place, since: Instant::now() };
        }
    }

    fn current(&self) -> MutexGuard<'_, CurrentHost> {
        locked(&self.current)
    }

    fn ask_host(
        &self,
        host: &str,
        query: &[(&str, &str)],
        body: &RequestBody<'_>,
        patience: Patience,
    ) -> Result<Vec<u8>, Problem> {
        let address = &self.address;
        // The server ends a statement that takes too long; the client waits a
        // little longer, so that it hears of it.
        let timeout = Duration::from_secs(patience.seconds() + 5);
        let request = self
            .agent
            .post(address.url(host))
            .config()
            .timeout_global(Some(timeout))
            .build()
            .query("database", &address.database)
            .query_pairs(query.iter().copied())
            .query_pairs(address.cluster.iter().flat_map(|_| CLUSTER_SETTINGS))
            .header("x-clickhouse-user", &address.user)
            .header("x-clickhouse-key", &address.password)
            .header(header::CONTENT_TYPE, &*body.content_type);
        let answer =
            request.send(&*body.bytes).map_err(|error| Problem::of_transport(host, &error))?;
        read(host, answer)
    }
}

fn read(host: &str, answer: Response<ureq::Body>) -> Result<Vec<u8>, Problem> {
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    let most = limits::clickhouse::ANSWER_BYTES;
    let mut body = answer.into_body().into_reader().take(most + 1);
    body.read_to_end(&mut bytes).map_err(|_| Problem::BrokenOff { host: host.to_owned() })?;
    if bytes.len() as u64 > most {
        return Err(Problem::TooLong);
    }
    match status {
        200 => Ok(bytes),
        _ => Err(Problem::of_answer(host, status, &bytes)),
    }
}

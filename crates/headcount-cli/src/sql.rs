//! `headcount sql`: the raw events, asked with SQL.

mod output;
mod lines;
mod schema;
mod shown_table;

use std::io::{self, Read as _};
use std::process;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use headcount_collector::offline::EventTables;

use crate::args::Sql;
use crate::print;
use lines::{CsvRows, JsonRows};
use output::{FinishedRows, Output, QueryEnd, WritingTime};
use shown_table::ShownTable;

/// Answers a query. 1 where it has no answer, or not all of it. A reader that
/// has seen enough is not an error.
pub(crate) fn run(sql: &Sql) -> u8 {
    let tables = match EventTables::open(&sql.folder.data) {
        Ok(tables) => tables,
        Err(error) => return failed(&error),
    };
    if sql.schema {
        print::out(schema::told(tables.tables(), schema::Form::of(sql)));
        return 0;
    }
    let query = match query_of(sql) {
        Ok(query) => query,
        Err(error) => return failed(&error),
    };
    let mut out = Output::new();
    let writing = out.time();
    let mut rows: Box<dyn FinishedRows + '_> = if sql.json {
        Box::new(JsonRows::new(&mut out))
    } else if sql.csv {
        Box::new(CsvRows::new(&mut out))
    } else {
        Box::new(ShownTable::new(&mut out))
    };
    let time = Duration::from_secs(sql.timeout.into());
    let done = ended_at_the_latest(time, writing);
    let answered = tables.query(&query, time, rows.as_mut());
    drop(done);
    // What came before an error is shown too: it is true.
    rows.finish(if answered.is_ok() { QueryEnd::Answered } else { QueryEnd::Failed });
    drop(rows);
    let written = out.finish();
    match (answered, written) {
        (Err(error), _) => failed(&error),
        (Ok(()), Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => {
            failed(&format_args!("cannot write the rows: {error}"))
        }
        (Ok(()), _) => 0,
    }
}

/// How long a query may take to end by itself after its time.
const GRACE: Duration = Duration::from_secs(2);

/// Ends the process if a query has not ended long after its time: one call of a
/// function, such as `rtrim` with two long texts, is not interrupted. Nothing
/// is lost, since a query writes nothing. Dropped, it does nothing any more.
/// The time in which rows are read does not count.
fn ended_at_the_latest(time: Duration, writing: Arc<WritingTime>) -> mpsc::Sender<()> {
    let (done, waiting) = mpsc::channel();
    let began = Instant::now();
    thread::spawn(move || {
        let mut left = time + GRACE;
        while waiting.recv_timeout(left) == Err(mpsc::RecvTimeoutError::Timeout) {
            left = (time + GRACE + writing.so_far()).saturating_sub(began.elapsed());
            if !left.is_zero() {
                continue;
            }
            failed(&format_args!(
                "a function of the query took longer than {} seconds: give it shorter texts",
                time.as_secs()
            ));
            process::exit(1);
        }
    });
    done
}

fn failed(error: &dyn std::fmt::Display) -> u8 {
    print::err(format_args!("headcount sql: {error}\n"));
    1
}

fn query_of(sql: &Sql) -> Result<String, String> {
    match sql.query.as_deref() {
        Some("-") => {
            let mut query = String::new();
            // A query that is too long is told as one.
            let read = io::stdin().lock().take(QUERY_BYTES).read_to_string(&mut query);
            read.map(|_| query).map_err(|error| format!("cannot read standard input: {error}"))
        }
        query => Ok(query.unwrap_or_default().to_owned()),
    }
}

/// Bytes of a query that are read: more than one may have.
const QUERY_BYTES: u64 = 1024 * 1024;

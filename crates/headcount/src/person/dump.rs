//! `dump`: the records on this machine, as they are.

use std::fmt::Write as _;

use super::arguments::{Dump, Layout, Reader};
use super::pretty::{is_json, pretty};
use super::reply::Reply;
use crate::consent::ConsentState;
use crate::ship;
use crate::standing::Standing;

/// Said where there is nothing to print: on standard error, so that what reads
/// the lines gets none.
const EMPTY: &str = "There are no records on this machine.";

/// Prints the lines of the queue, including claimed ones, and the report that
/// goes with the next shipment. In the local state it prints the local records.
pub(super) fn dump(standing: &Standing, dump: Dump, reader: Reader) -> Reply {
    let lines = match lines(standing) {
        Ok(lines) => lines,
        Err(error) => return Reply::failed(&format!("The records cannot be read: {error}.")),
    };
    let skipped = lines.len().saturating_sub(dump.last.unwrap_or(usize::MAX));
    let lines = &lines[skipped..];
    if lines.is_empty() && reader == Reader::Person {
        return Reply::verbatim(String::new()).with_err(EMPTY);
    }
    Reply::verbatim(match reader {
        Reader::Program => array(lines),
        Reader::Person => {
            let mut text = String::new();
            for line in lines {
                let line = match dump.layout {
                    Layout::Line => line.clone(),
                    Layout::Pretty => pretty(line),
                };
                // Writing into a `String` cannot fail.
                let _ = writeln!(text, "{line}");
            }
            text
        }
    })
}

fn lines(standing: &Standing) -> Result<Vec<String>, headcount_queue::QueueError> {
    let Some(queue) = standing.queue() else { return Ok(Vec::new()) };
    let lines = queue.lines()?.map(|line| line.map(|line| line.text));
    let mut lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    if standing.decision().state() != ConsentState::Local {
        let report = ship::waiting_report(standing).filter(|line| !lines.contains(line));
        lines.extend(report);
    }
    Ok(lines)
}

/// One line of JSON. A line on disk that is not JSON becomes a string in it.
fn array(lines: &[String]) -> String {
    let items: Vec<String> = lines
        .iter()
        .map(|line| {
            if is_json(line) {
                line.clone()
            } else {
                serde_json::Value::from(line.as_str()).to_string()
            }
        })
        .collect();
    format!("[{}]\n", items.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_one_line_whatever_lies_on_disk() {
        let lines = ["{\"a\":1}".to_owned(), "{torn".to_owned()];
        assert_eq!(array(&lines), "[{\"a\":1},\"{torn\"]\n");
    }
}

//! One event through an open handle, against the bare system calls with the
//! same bytes.

use std::fs;
use std::io::{self, Write as _};

use headcount_queue::{Bounds, Queue};

use crate::bare;

/// Records a turn: few enough that none of 300 bytes reaches the open segment's
/// 2 MiB.
const CALLS: u32 = 1_000;

/// Prints nanoseconds, a line a turn and variant.
pub(crate) fn measure(turns: u32) -> io::Result<()> {
    let session = crate::session();
    let event = crate::event(1);
    let line = session.line(&event).map_err(io::Error::other)?;
    let framed = format!("{line}\n");
    let framed = framed.as_bytes();
    let folder = crate::folder()?;
    let (segment, plain, kept) =
        (folder.join("events.jsonl"), folder.join("plain.jsonl"), folder.join("kept.jsonl"));
    let queue = Queue::new(&segment, Bounds::USUAL).map_err(io::Error::other)?;
    let mut handle = bare::opened(&kept)?;
    println!("line-bytes {}", framed.len());
    for _ in 0..turns {
        say("kept", bare::turn(CALLS, || handle.write_all(framed))?);
        say("unlocked", bare::turn(CALLS, || bare::unlocked(&plain, framed))?);
        fs::remove_file(&plain)?;
        say("locked", bare::turn(CALLS, || bare::locked(&plain, framed))?);
        fs::remove_file(&plain)?;
        say("protocol", bare::turn(CALLS, || bare::protocol(&plain, framed))?);
        fs::remove_file(&plain)?;
        let append = || queue.append(&line).map(drop).map_err(io::Error::other);
        say("append", bare::turn(CALLS, append)?);
        fs::remove_file(&segment)?;
        let make = || session.line(&event).map(drop).map_err(io::Error::other);
        say("line", bare::turn(CALLS, make)?);
        let record = || session.try_record(&event).map_err(io::Error::other);
        say("record", bare::turn(CALLS, record)?);
        fs::remove_file(&segment)?;
        handle.set_len(0)?;
    }
    Ok(())
}

fn say(name: &str, nanoseconds: f64) {
    println!("{name} {nanoseconds:.1}");
}

//! Writers: one that reports each event before and after it is recorded, for
//! whoever may kill it in between; and one that fills a queue.

use std::io::{self, Write as _};

/// Before a record, after it, and after one that was refused: then the number,
/// little endian.
const BEGUN: u8 = b'b';
const DONE: u8 = b'd';
const REFUSED: u8 = b'r';

/// Records `count` events from number `first` on.
pub(crate) fn report(first: u32, count: u32) -> io::Result<()> {
    let session = crate::session();
    let mut out = io::stdout().lock();
    let mut say = |word: u8, number: u32| {
        let [a, b, c, d] = number.to_le_bytes();
        out.write_all(&[word, a, b, c, d]).and_then(|()| out.flush())
    };
    for number in first..first + count {
        say(BEGUN, number)?;
        let recorded = session.try_record(&crate::event(number));
        say(if recorded.is_ok() { DONE } else { REFUSED }, number)?;
    }
    Ok(())
}

/// Records `count` events and prints how many were taken.
pub(crate) fn fill(count: u32) -> io::Result<()> {
    let session = crate::session();
    let taken = (0..count).filter(|number| session.try_record(&crate::event(*number)).is_ok());
    println!("{}", taken.count());
    Ok(())
}

//! Between shippers and the collector: passes everything on, and keeps the
//! books of what passed.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Fault;
use crate::http::Message;

/// How long the collector may take to answer. A shipper waits three seconds.
const ANSWER: Duration = Duration::from_secs(5);

/// What passed.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// Event ids, each once.
    pub(crate) ids: HashSet<u128>,
    /// Numbers of events, with their ids.
    pub(crate) numbers: HashMap<u32, u128>,
    /// Lines in all, repeated ones too.
    pub(crate) lines: u64,
    /// Numbers that came under two ids.
    pub(crate) torn_apart: u64,
}

/// The proxy. Its address stays, while the collector's changes.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    /// Where shippers send to.
    pub(crate) address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    passed: Arc<Mutex<Passed>>,
}

impl Proxy {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// The system gives no port.
    pub(crate) fn start(target: SocketAddr) -> Result<Self, Fault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let proxy = Self {
            address: listener.local_addr()?,
            target: Arc::new(Mutex::new(target)),
            passed: Arc::default(),
        };
        let mine = proxy.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mine = mine.clone();
                // A side that ends early is what this is about.
                std::thread::spawn(move || mine.pass(client).ok());
            }
        });
        Ok(proxy)
    }

    /// From now on to that address.
    pub(crate) fn lead_to(&self, target: SocketAddr) {
        *lock(&self.target) = target;
    }

    /// The books.
    pub(crate) fn passed(&self) -> MutexGuard<'_, Passed> {
        lock(&self.passed)
    }

    fn pass(&self, client: TcpStream) -> io::Result<()> {
        let mut client = BufReader::new(client);
        while let Some(request) = Message::read(&mut client)? {
            self.passed().note(&request)?;
            let target = *lock(&self.target);
            let mut server = TcpStream::connect(target)?;
            server.set_read_timeout(Some(ANSWER))?;
            server.write_all(&request.raw)?;
            let Some(answer) = Message::read(&mut BufReader::new(server))? else { return Ok(()) };
            client.get_mut().write_all(&answer.raw)?;
        }
        Ok(())
    }
}

impl Passed {
    fn note(&mut self, request: &Message) -> io::Result<()> {
        let body = String::from_utf8_lossy(&request.plain()?).into_owned();
        for line in body.lines() {
            self.lines += 1;
            let Some(id) = id(line) else { continue };
            self.ids.insert(id);
            if let Some(number) = number(line)
                && self.numbers.insert(number, id).is_some_and(|before| before != id)
            {
                self.torn_apart += 1;
            }
        }
        Ok(())
    }
}

/// The event id of a line.
fn id(line: &str) -> Option<u128> {
    let text = after(line, "\"id\":\"")?.split('"').next()?;
    u128::from_str_radix(&text.replace('-', ""), 16).ok()
}

/// The number of a line's event.
pub(crate) fn number(line: &str) -> Option<u32> {
    let text = after(line, "\"number\":")?;
    text.split([',', '}']).next()?.parse().ok()
}

fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, rest)| rest)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_its_id_and_its_number() {
        let line =
            "{\"id\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"event\":\"run\",\"number\":17}";
        assert_eq!(id(line), Some(0x0190_163d_8694_739b_aea5_966c_26f8_ad91));
        assert_eq!(number(line), Some(17));
        assert_eq!((id("{}"), number("{}")), (None, None));
    }
}

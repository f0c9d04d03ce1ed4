//! Listeners that no client should meet: each keeps to one bad manner.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A bad manner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A head, a byte a second.
    Trickle,
    /// A head at once, and a body of a byte a second.
    TrickleBody,
    /// Ten gigabytes.
    Endless,
    /// Ten gigabytes of head.
    EndlessHead,
    /// Go to where you are.
    Loop,
    /// A page for people, with a 200.
    Page,
    /// Half of what was promised.
    Half,
    /// No word of HTTP.
    Nonsense,
    /// Taken, and never a word.
    Silence,
    /// Nobody listens.
    Nobody,
    /// The connection is cut before a word.
    Cut,
    /// Wait for the answer, without end.
    Interim,
    /// A no, and half of what it promised to say about it.
    RefusedHalf,
    /// A no, and a byte a second about it.
    RefusedTrickle,
    /// A no, and ten gigabytes about it.
    RefusedEndless,
}

impl Manner {
    /// Those that answer nothing that could be heeded.
    pub(crate) const ALL: [Self; 12] = [
        Self::Trickle,
        Self::TrickleBody,
        Self::Endless,
        Self::EndlessHead,
        Self::Loop,
        Self::Page,
        Self::Half,
        Self::Nonsense,
        Self::Silence,
        Self::Nobody,
        Self::Cut,
        Self::Interim,
    ];

    /// Those that say no, in a head that is whole.
    pub(crate) const REFUSING: [Self; 3] =
        [Self::RefusedHalf, Self::RefusedTrickle, Self::RefusedEndless];
}

/// A listener.
pub(crate) struct Rogue {
    address: SocketAddr,
    /// Keeps an address at which nobody listens from becoming somebody's.
    _taken: Option<(TcpListener, TcpStream)>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Rogue {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, stopped) = channel();
        if manner == Manner::Nobody {
            // A client's own end: its port is in use, and nobody listens there.
            let client = TcpStream::connect(address).expect("it listens");
            let address = client.local_addr().expect("it is connected");
            return Self { address, _taken: Some((listener, client)), stop: None, thread: None };
        }
        let thread = std::thread::spawn(move || serve(&listener, manner, &stopped));
        Self { address, _taken: None, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Rogue {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Whoever waits for a connection looks up.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One connection after the other, until the test is over.
fn serve(listener: &TcpListener, manner: Manner, stopped: &Receiver<()>) {
    use std::sync::mpsc::TryRecvError::Disconnected;

    while stopped.try_recv() != Err(Disconnected) {
        let Ok((stream, _)) = listener.accept() else { return };
        if stopped.try_recv() == Err(Disconnected) {
            return;
        }
        // The client going away is how most of it ends.
        let _ = misbehave(stream, manner, stopped);
    }
}

fn misbehave(mut stream: TcpStream, manner: Manner, stopped: &Receiver<()>) -> std::io::Result<()> {
    // What a test has no more use for must not keep it from ending.
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    if manner == Manner::Cut {
        return Ok(());
    }
    read_request(&stream)?;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let refused = "HTTP/1.1 429 Slow down\r\nretry-after: 600\r\nheadcount-send: 0.5\r\n";
    match manner {
        Manner::Trickle => trickle(&mut stream, head.as_bytes(), stopped),
        Manner::TrickleBody => {
            write!(stream, "{head}content-length: 100\r\n\r\n")?;
            trickle(&mut stream, &[b' '; 100], stopped)
        }
        Manner::Endless => {
            write!(stream, "{head}content-length: 10737418240\r\n\r\n")?;
            flood(&mut stream, PIECE, stopped)
        }
        Manner::EndlessHead => {
            write!(stream, "{head}x: ")?;
            flood(&mut stream, PIECE, stopped)
        }
        Manner::Interim => flood(&mut stream, b"HTTP/1.1 103 Early Hints\r\n\r\n", stopped),
        Manner::RefusedHalf => write!(stream, "{refused}content-length: 100\r\n\r\nno"),
        Manner::RefusedTrickle => {
            write!(stream, "{refused}content-length: 100\r\n\r\n")?;
            trickle(&mut stream, &[b' '; 100], stopped)
        }
        Manner::RefusedEndless => {
            write!(stream, "{refused}content-length: 10737418240\r\n\r\n")?;
            flood(&mut stream, PIECE, stopped)
        }
        Manner::Loop => {
            let here = stream.local_addr()?;
            write!(
                stream,
                "HTTP/1.1 307 Again\r\nlocation: http://{here}/e\r\ncontent-length: 0\r\n\r\n"
            )
        }
        Manner::Page => {
            let page = "<html>Sign in to the network</html>";
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len())
        }
        Manner::Half => write!(stream, "{head}content-length: 100\r\n\r\n{{\"half\":"),
        Manner::Nonsense => write!(stream, "220 mail.example ESMTP\r\n\r\n"),
        Manner::Silence => {
            // Until the client goes, or the test is over.
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            stream.read(&mut [0]).map(drop)
        }
        Manner::Nobody | Manner::Cut => Ok(()),
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(number) = lower.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).map(drop)
}

/// A byte a second, or until the test is over.
fn trickle(stream: &mut TcpStream, bytes: &[u8], stopped: &Receiver<()>) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte])?;
        if stopped.recv_timeout(Duration::from_secs(1))
            == Err(std::sync::mpsc::RecvTimeoutError::Disconnected)
        {
            break;
        }
    }
    Ok(())
}

const PIECE: &[u8] = &[b'x'; 64 * 1024];

fn flood(stream: &mut TcpStream, piece: &[u8], stopped: &Receiver<()>) -> std::io::Result<()> {
    while stopped.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
        stream.write_all(piece)?;
    }
    Ok(())
}

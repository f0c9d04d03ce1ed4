//! A relay for tests: it takes what it is sent, and answers as it is told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a relay does.
#[derive(Debug, Clone, Default)]
pub(super) struct Manners {
    /// What it offers after EHLO.
    pub(super) offers: Vec<&'static str>,
    /// What it answers to a command that begins so, instead of the usual.
    pub(super) answers: Vec<(&'static str, &'static str)>,
}

/// A relay that listens.
pub(super) struct SmtpCapture {
    pub(super) address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl SmtpCapture {
    pub(super) fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&lines);
        // It ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = talk(stream, &manners, &heard);
            }
        });
        Self { address, lines }
    }

    /// Every line that it was sent.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

fn talk(
    mut stream: std::net::TcpStream,
    manners: &Manners,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 relay.example ready\r\n")?;
    let mut is_data = false;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        heard.lock().unwrap().push(line.clone());
        if is_data && line != "." {
            continue;
        }
        let own = manners.answers.iter().find(|(command, _)| line.starts_with(command));
        let usual = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => {
                let offers: String =
                    manners.offers.iter().map(|offer| format!("250-{offer}\r\n")).collect();
                format!("250-relay.example\r\n{offers}250 SIZE 1000000")
            }
            "DATA" => "354 go on".to_owned(),
            "QUIT" => "221 bye".to_owned(),
            "AUTH" => "235 welcome".to_owned(),
            _ => "250 ok".to_owned(),
        };
        is_data = line == "DATA" && own.is_none();
        let answer = own.map_or(usual, |(_, answer)| (*answer).to_owned());
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

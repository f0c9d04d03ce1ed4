//! Hands e-mail to a relay (RFC 5321): the dozen lines of the protocol that a
//! relay of one's own needs. A library would bring forty crates, most of them
//! tables of Unicode for addresses in other scripts.
//!
//! Nothing is said in the clear beyond this machine: a relay elsewhere must
//! offer STARTTLS (RFC 3207), or begin with TLS (RFC 8314).

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Instant;

use headcount_collector::{AlertChannel, AlertMessage, Delivered};

use super::relay::{Email, Relay};
use super::{limits, mail_text, smtp_tls};

/// A stream of bytes both ways.
trait Both: Read + Write {}

impl<T: Read + Write> Both for T {}

/// A conversation with a relay.
struct Talk {
    stream: BufReader<Box<dyn Both>>,
    /// When it is given up.
    end: Instant,
}

/// What a relay answered: a number, and the words of each line.
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Email {
    /// The channel that delivers through it.
    pub(crate) fn channel(self) -> AlertChannel {
        let deliver = move |message: &AlertMessage| send(&self, message);
        AlertChannel { kind: "email", deliver: Arc::new(deliver) }
    }
}

/// Delivers a message to everybody it is for.
fn send(email: &Email, message: &AlertMessage) -> Delivered {
    let (mut talk, offers) = begin(email)?;
    if let Some(user) = &email.user {
        log_in(&mut talk, email, user, &offers)?;
    }
    talk.command(&format!("MAIL FROM:<{}>", email.from), 250)?;
    for to in &email.to {
        talk.command(&format!("RCPT TO:<{to}>"), 250)?;
    }
    talk.command("DATA", 354)?;
    // A line that begins with a dot gets another one (section 4.5.2).
    let text = mail_text::of(email, message).replace("\r\n.", "\r\n..");
    talk.command(&format!("{text}\r\n."), 250)?;
    // It is delivered, whatever is answered.
    let _ = talk.command("QUIT", 221);
    Ok(())
}

/// Connects, with TLS unless the relay is on this machine and has none.
/// Returns what the relay offers.
fn begin(email: &Email) -> Result<(Talk, Reply), String> {
    let relay = &email.relay;
    let stream = connect(relay)?;
    let hello = hello(stream.local_addr().ok());
    let end = Instant::now() + limits::WHOLE_TIME;
    if relay.begins_with_tls {
        let stream = smtp_tls::over(stream, &relay.host, email.authorities.as_deref())?;
        let mut talk = Talk { stream: BufReader::new(Box::new(stream)), end };
        talk.reply(220, "the greeting")?;
        let offers = talk.command(&hello, 250)?;
        return Ok((talk, offers));
    }
    let plain = stream.try_clone().map_err(|error| error.to_string())?;
    let mut talk = Talk { stream: BufReader::new(Box::new(plain)), end };
    talk.reply(220, "the greeting")?;
    let offers = talk.command(&hello, 250)?;
    if !offers.has("STARTTLS") {
        if relay.is_loopback() {
            return Ok((talk, offers));
        }
        return Err("the relay does not offer STARTTLS: use another port, or smtps://".to_owned());
    }
    talk.command("STARTTLS", 220)?;
    // Bytes that came before TLS are anybody's (RFC 3207, section 6).
    if !talk.stream.buffer().is_empty() {
        return Err("the relay said more than it may before TLS began".to_owned());
    }
    let stream = smtp_tls::over(stream, &relay.host, email.authorities.as_deref())?;
    let mut talk = Talk { stream: BufReader::new(Box::new(stream)), end };
    let offers = talk.command(&hello, 250)?;
    Ok((talk, offers))
}

fn connect(relay: &Relay) -> Result<TcpStream, String> {
    let Relay { host, port, .. } = relay;
    let addresses = (host.as_str(), *port).to_socket_addrs();
    let addresses = addresses.map_err(|error| format!("its host is not known: {error}"))?;
    let mut why = "its host has no address".to_owned();
    // Two ways to one host: IPv6 and IPv4.
    for address in addresses.take(2) {
        match TcpStream::connect_timeout(&address, limits::STEP_TIME) {
            Ok(stream) => {
                let timed = stream
                    .set_read_timeout(Some(limits::STEP_TIME))
                    .and_then(|()| stream.set_write_timeout(Some(limits::STEP_TIME)));
                return timed.map(|()| stream).map_err(|error| error.to_string());
            }
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

/// Who speaks: an address, since a machine need not know its own name (section
/// 4.1.3).
fn hello(own: Option<SocketAddr>) -> String {
    match own {
        Some(SocketAddr::V6(own)) => format!("EHLO [IPv6:{}]", own.ip()),
        Some(SocketAddr::V4(own)) => format!("EHLO [{}]", own.ip()),
        None => "EHLO localhost".to_owned(),
    }
}

fn log_in(talk: &mut Talk, email: &Email, user: &str, offers: &Reply) -> Delivered {
    if !offers.has("AUTH") {
        return Err("the relay takes no user: leave out `user`".to_owned());
    }
    let file = email.password_file.as_deref().ok_or("there is no `password-file`")?;
    let mut password = String::new();
    let read = File::open(file)
        .and_then(|open| open.take(limits::PASSWORD_BYTES).read_to_string(&mut password));
    read.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let password = password.trim_end_matches(['\r', '\n']);
    let secret = base64(format!("\0{user}\0{password}").as_bytes());
    talk.write(&format!("AUTH PLAIN {secret}"))?;
    talk.reply(235, "the user").map(drop)
}

impl Talk {
    /// Sends a line and reads the answer, whose number must be this one.
    fn command(&mut self, line: &str, code: u16) -> Result<Reply, String> {
        self.write(line)?;
        let what = if code == 250 && line.contains('\n') {
            "the message"
        } else {
            line.split([' ', ':']).next().unwrap_or_default()
        };
        self.reply(code, what)
    }

    fn write(&mut self, line: &str) -> Delivered {
        let stream = self.stream.get_mut();
        let written = stream.write_all(format!("{line}\r\n").as_bytes());
        written.and_then(|()| stream.flush()).map_err(|error| error.to_string())
    }

    fn reply(&mut self, code: u16, to: &str) -> Result<Reply, String> {
        let reply = self.read()?;
        if reply.code == code {
            return Ok(reply);
        }
        let said = reply.lines.last().map(String::as_str).unwrap_or_default();
        let said: String = said.chars().take(limits::TOLD_LETTERS).collect();
        Err(format!("the relay answered {} to {to}: {said}", reply.code))
    }

    fn read(&mut self) -> Result<Reply, String> {
        const ODD: &str = "the answer is not one of a relay: is this its address?";
        let mut lines = Vec::new();
        while lines.len() < limits::ANSWER_LINES {
            if Instant::now() >= self.end {
                return Err("it took too long".to_owned());
            }
            let mut line = Vec::new();
            let read = (&mut self.stream).take(limits::LINE_BYTES).read_until(b'\n', &mut line);
            read.map_err(|error| error.to_string())?;
            if line.is_empty() {
                return Err("the relay ended the connection".to_owned());
            }
            if line.last() != Some(&b'\n') {
                return Err(ODD.to_owned());
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok()).ok_or(ODD)?;
            let (is_last, words) = match line.as_bytes().get(3) {
                Some(b'-') => (false, &line[4..]),
                Some(b' ') => (true, &line[4..]),
                None => (true, ""),
                Some(_) => return Err(ODD.to_owned()),
            };
            lines.push(words.to_owned());
            if is_last {
                return Ok(Reply { code, lines });
            }
        }
        Err(ODD.to_owned())
    }
}

impl Reply {
    /// Whether a relay offers something.
    fn has(&self, word: &str) -> bool {
        let first = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        self.lines.iter().any(|line| first(line).eq_ignore_ascii_case(word))
    }
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    /// The vectors of RFC 4648, section 10.
    #[test]
    fn base64_is_the_published_one() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}

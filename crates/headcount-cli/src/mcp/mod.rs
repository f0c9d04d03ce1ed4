//! `headcount mcp`: the closed questions as tools for a coding agent, over
//! standard input and output, of a data folder or of a collector's address. It
//! reads, and can do nothing else.
//!
//! ```text
//! standard input --> lines --> protocol --> tools --> ask (folder or address)
//!                              (pure)       (pure)
//! ```

mod limits;
mod lines;
mod tools;
mod protocol;

use std::io::{self, BufRead, Write as _};

use headcount::person::visible;
use headcount_catalog::Day;
use headcount_collector::HttpQuestion;

use crate::ask;
use crate::ask_args::AskedPlace;
use crate::mcp_args::Mcp;
use crate::print;
use lines::Line;

/// Answers until the input ends or nobody reads any more.
pub(crate) fn run(mcp: &Mcp, today: impl Fn() -> Day) -> u8 {
    let place = match &mcp.url {
        Some(url) => AskedPlace::Address {
            url: url.clone(),
            token_file: mcp.token_file.clone(),
            authorities: mcp.ca.clone(),
        },
        None => AskedPlace::Folder(mcp.data.clone()),
    };
    let answers = |question: HttpQuestion, pairs: Vec<(String, String)>| {
        ask::text(&place, question, pairs, today()).map_err(|none| none.sentence)
    };
    match converse(&mut io::stdin().lock(), &answers) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let error = error.to_string();
            print::err(format_args!("headcount mcp: {}\n", visible(&error)));
            1
        }
    }
}

fn converse(input: &mut impl BufRead, answers: protocol::Answers<'_>) -> io::Result<()> {
    while let Some(line) = lines::read(input)? {
        let answer = match line {
            Line::Message(message) => protocol::answer(&message, answers),
            Line::TooLong => Some(protocol::too_long()),
            Line::NotJson => Some(protocol::not_json()),
            Line::Empty => None,
        };
        if let Some(answer) = answer {
            let mut out = io::stdout().lock();
            writeln!(out, "{answer}")?;
            out.flush()?;
        }
    }
    Ok(())
}

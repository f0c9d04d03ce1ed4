//! `headcount mcp`: the closed questions as tools for a coding agent, over
//! standard input and output, of a data folder or of a collector's address. It
//! reads, and can do nothing else. With `--public`, what public pages show is
//! all that it reads.
//!
//! ```text
//! standard input --> lines --> protocol --> tools, public_tools --> ask (folder or address)
//!                              (pure)              (pure)
//! ```

mod limits;
mod lines;
mod tool;
mod tools;
mod public_tools;
mod protocol;

use std::io::{self, BufRead, Write as _};

use headcount::person::visible;
use headcount_catalog::Day;
use headcount_collector::HttpQuestion;

use crate::ask::{self, PublicPlace};
use crate::ask_args::AskedPlace;
use crate::mcp_args::Mcp;
use crate::print;
use lines::Line;
use protocol::Offer;
use public_tools::PublicAnswers;

/// Answers until the input ends or nobody reads any more.
pub(crate) fn run(mcp: &Mcp, today: impl Fn() -> Day) -> u8 {
    let today = &today;
    let public = public_place(mcp);
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
    let products = || ask::public_products(&public).map_err(|none| none.sentence);
    let numbers =
        |product: &str| ask::public_numbers(&public, product).map_err(|none| none.sentence);
    let offer = match mcp.public {
        true => Offer::Public(PublicAnswers { products: &products, numbers: &numbers }),
        false => Offer::Questions(&answers),
    };
    match converse(&mut io::stdin().lock(), offer) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let error = error.to_string();
            print::err(format_args!("headcount mcp: {}\n", visible(&error)));
            1
        }
    }
}

fn public_place(mcp: &Mcp) -> PublicPlace {
    match &mcp.url {
        Some(url) => PublicPlace::Address {
            url: url.clone(),
            authorities: mcp.ca.clone(),
            products: mcp.product.clone(),
        },
        None => PublicPlace::Folder(mcp.data.clone()),
    }
}

fn converse(input: &mut impl BufRead, offer: Offer<'_>) -> io::Result<()> {
    while let Some(line) = lines::read(input)? {
        let answer = match line {
            Line::Message(message) => protocol::answer(&message, offer),
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

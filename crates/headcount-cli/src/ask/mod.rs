//! `headcount ask QUESTION PRODUCT`: a product's numbers in the terminal, from
//! a folder or from a collector's address. Both give the same text, by the same
//! code; what is shown is made of that text alone.
//!
//! ```text
//! folder or address --> answer --> view (what stands where) --> table (columns, width)
//!                         |          \_ buckets, numbers, sparkline
//!                         +--> one line of JSON a row, or CSV
//! ```

mod limits;
mod no_answer;
mod token;
mod address;
mod public;
mod answer;
mod numbers;
mod sparkline;
mod buckets;
mod table;
mod lines;
mod view_counts;
mod view_devices;
mod view_rates;
mod view_steps;
mod matrix;
mod view;
mod suggestion;

use headcount::Surroundings;
use headcount::person::Screen;
use headcount_catalog::Day;
use headcount_collector::{HttpQuestion, QuestionParameter, asked_days, offline};

use crate::ask_args::{AnswerOutput, AskNumbers, AskedPlace};
use crate::print;
use answer::Answer;
use buckets::Asked;
use no_answer::NoAnswer;

pub(crate) use numbers::plural;
pub(crate) use public::{PublicPlace, numbers as public_numbers, products as public_products};

/// Asks, and prints the answer. 1 where there is none, 2 where the question
/// cannot be asked like this.
pub(crate) fn run(ask: &AskNumbers, today: Day) -> u8 {
    match printed(ask, today) {
        Ok(text) => {
            print::out(text);
            0
        }
        Err(NoAnswer { code, sentence }) => {
            let sentence = headcount::person::visible(&sentence);
            print::err(format_args!("headcount ask: {sentence}\n"));
            code
        }
    }
}

/// Tells of a word that is not the name of a question.
pub(crate) fn unknown(word: &str) -> u8 {
    let names = HttpQuestion::ALL.map(HttpQuestion::name);
    let meant = suggestion::nearest(word, &names);
    let meant = meant.map_or(String::new(), |name| format!(": did you mean `{name}`?"));
    let (word, names) = (headcount::person::visible(word), names.join(", "));
    print::err(format_args!(
        "headcount ask: unknown question `{word}`{meant}\nThe questions are {names}. Without one, \
         a person is asked the question of a catalog.\n"
    ));
    2
}

fn printed(ask: &AskNumbers, today: Day) -> Result<String, NoAnswer> {
    let asked = asked(ask, today)?;
    let format = if ask.output == AnswerOutput::Csv { "csv" } else { "json" };
    let mut pairs = asked.pairs.clone();
    pairs.push((QuestionParameter::Format.name().to_owned(), format.to_owned()));
    let text = text(&ask.place, ask.question, pairs, today)?;
    if ask.output == AnswerOutput::Csv {
        return Ok(text);
    }
    let answer = Answer::read(&text).ok_or_else(|| {
        NoAnswer::failed("the answer is not one of a collector: is this its address?")
    })?;
    if ask.output == AnswerOutput::Json {
        return Ok(answer.lines());
    }
    let surroundings = Surroundings::of_this_process();
    let screen = Screen::of_this_process(&surroundings);
    Ok(view::view(&asked, &answer).text(screen, Screen::width(&surroundings)))
}

/// The text of an answer, JSON or CSV, as whoever is asked gives it.
pub(crate) fn text(
    place: &AskedPlace,
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    today: Day,
) -> Result<String, NoAnswer> {
    match place {
        AskedPlace::Folder(data) => offline::ask(data, question, pairs, today).map_err(|error| {
            let code = if error.is_bad_question() { 2 } else { 1 };
            NoAnswer { code, sentence: error.to_string() }
        }),
        AskedPlace::Address { url, token_file, authorities } => {
            let token = token::read(token_file.as_deref(), |name| std::env::var(name).ok())?;
            address::ask(url, question, &pairs, token.as_deref(), authorities.as_deref())
        }
    }
}

/// The question with its days written out, so that the answer's days are known
/// here, and the same wherever it is asked.
fn asked(ask: &AskNumbers, today: Day) -> Result<Asked, NoAnswer> {
    let (from, to) =
        asked_days(ask.question, ask.pairs.clone(), today).map_err(NoAnswer::misused)?;
    let of_days = [QuestionParameter::From, QuestionParameter::To, QuestionParameter::Days];
    let is_of_days = |name: &str| of_days.iter().any(|parameter| parameter.name() == name);
    let mut pairs: Vec<_> =
        ask.pairs.iter().filter(|(name, _)| !is_of_days(name)).cloned().collect();
    for (parameter, day) in [(QuestionParameter::From, from), (QuestionParameter::To, to)] {
        pairs.push((parameter.name().to_owned(), day.to_string()));
    }
    Ok(Asked { question: ask.question, pairs, from, to, today })
}

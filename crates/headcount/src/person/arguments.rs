//! Parses the words after `telemetry`. It has no effects.

use headcount_catalog::Day;

use super::listed::one_of;
use super::marks::HANG;

/// Who reads a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A person.
    Person,
    /// A program: one line of JSON.
    Program,
}

/// A parsed command, and who reads its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) command: Command,
    pub(super) reader: Reader,
}

/// One of the person's commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Status,
    Doctor,
    /// Everything, or the purpose of this name.
    On(Option<String>),
    /// Everything, or the purpose of this name.
    Off(Option<String>),
    Local,
    Inspect(Layout),
    Dump(Dump),
    View,
    Sent(SentRange),
    /// How many of the newest; `None` means all.
    Receipts(Option<usize>),
    Clear(Extent),
    Forget,
    Policy,
    Flush,
    Help,
}

/// Which records `dump` prints, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dump {
    /// How many of the newest; `None` means all.
    pub(super) last: Option<usize>,
    pub(super) layout: Layout,
}

/// Which records `sent` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SentRange {
    /// How many of the newest; `None` means all.
    pub(super) last: Option<usize>,
    /// The first day; `None` means the first of all.
    pub(super) since: Option<Day>,
}

/// How a record is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// As on disk, one per line.
    Line,
    /// Indented.
    Pretty,
}

/// How much `clear` removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The id and every record; the decision stays.
    Records,
    /// Everything, the decision too.
    Everything,
}

/// Each command: name, aliases, options, and what it does.
pub(super) const COMMANDS: [(&str, &[&str], &str, &str); 13] = [
    ("status", &[], "", "Show whether telemetry is on, why, and where it is sent"),
    ("doctor", &[], "", "Check that everything works, and say the one thing to do next"),
    ("on", &["enable"], "[PURPOSE]", "Turn telemetry on, or one purpose that you refused"),
    (
        "off",
        &["disable"],
        "[PURPOSE]",
        "Turn telemetry off, or one purpose, and delete what is waiting to be sent",
    ),
    ("local", &[], "", "Record for yourself only: nothing is ever sent"),
    ("inspect", &[], "[--pretty]", "Show the exact requests that would be sent next"),
    ("dump", &[], "[--last N] [--pretty]", "Print the records on this machine as they are"),
    ("view", &[], "", "Show charts of your own use"),
    ("sent", &[], "[--last N] [--since DAY]", "Print the records that were sent, as they were"),
    ("receipts", &[], "[--last N]", "List the requests: when, where, and what came back"),
    ("clear", &[], "[--all]", "Delete the id and every record; with --all, your decision too"),
    ("forget", &[], "", "Ask for erasure of what was sent, then clear this machine"),
    ("policy", &[], "", "Print the address of the policy, and where to report a leak"),
];

/// Parses the words.
///
/// # Errors
///
/// Returns a sentence that says what is wrong and which words are valid.
pub(super) fn read(args: &[String]) -> Result<Order, String> {
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != "--json").collect();
    let reader = if words.len() == args.len() { Reader::Person } else { Reader::Program };
    let command = match words[..] {
        [] | ["status"] => Command::Status,
        ["on" | "enable", ref rest @ ..] => Command::On(purpose(&words, rest)?),
        ["off" | "disable", ref rest @ ..] => Command::Off(purpose(&words, rest)?),
        ["doctor"] => Command::Doctor,
        ["local"] => Command::Local,
        ["inspect"] => Command::Inspect(Layout::Line),
        ["inspect", "--pretty"] => Command::Inspect(Layout::Pretty),
        ["dump", ref rest @ ..] => Command::Dump(dump(rest)?),
        ["view"] => Command::View,
        ["sent", ref rest @ ..] => Command::Sent(sent(rest)?),
        ["receipts", ref rest @ ..] => Command::Receipts(receipts(rest)?),
        ["clear"] => Command::Clear(Extent::Records),
        ["clear", "--all"] => Command::Clear(Extent::Everything),
        ["forget"] => Command::Forget,
        ["policy"] => Command::Policy,
        ["flush"] => Command::Flush,
        ["help" | "--help" | "-h"] => Command::Help,
        _ => return Err(misused(&words)),
    };
    Ok(Order { command, reader })
}

/// The purpose after `on` or `off`, if there is one.
fn purpose(words: &[&str], rest: &[&str]) -> Result<Option<String>, String> {
    match *rest {
        [] => Ok(None),
        [name] if !name.starts_with('-') => Ok(Some(name.to_owned())),
        _ => Err(misused(words)),
    }
}

fn dump(words: &[&str]) -> Result<Dump, String> {
    let mut dump = Dump { last: None, layout: Layout::Line };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let number = match word.split_once('=') {
            Some(("--last", number)) => Some(number),
            _ if *word == "--last" => Some(words.next().copied().unwrap_or_default()),
            _ if *word == "--pretty" => None,
            _ => {
                return Err(format!(
                    "unknown option `{word}` for `dump`: use --last N or --pretty"
                ));
            }
        };
        match number.map(str::parse) {
            None => dump.layout = Layout::Pretty,
            Some(Ok(number)) => dump.last = Some(number),
            Some(Err(_)) => {
                return Err("`--last` needs a number, such as `dump --last 50`".to_owned());
            }
        }
    }
    Ok(dump)
}

fn sent(words: &[&str]) -> Result<SentRange, String> {
    let mut range = SentRange::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, value),
            None => (*word, words.next().copied().unwrap_or_default()),
        };
        match name {
            "--last" => {
                let number = value.parse();
                let wrong = |_| "`--last` needs a number, such as `sent --last 50`".to_owned();
                range.last = Some(number.map_err(wrong)?);
            }
            "--since" => range.since = Some(day(value)?),
            _ => {
                return Err(format!(
                    "unknown option `{word}` for `sent`: use --last N or --since DAY"
                ));
            }
        }
    }
    Ok(range)
}

/// Reads a day of UTC.
///
/// # Errors
///
/// Returns a sentence with an example.
pub(super) fn day(text: &str) -> Result<Day, String> {
    let day = Day::parse(text);
    day.ok_or_else(|| "`--since` needs a day, such as `sent --since 2026-11-20`".to_owned())
}

fn receipts(words: &[&str]) -> Result<Option<usize>, String> {
    let number = match words {
        [] => return Ok(None),
        ["--last", number] => number,
        [word] => word.strip_prefix("--last=").unwrap_or_default(),
        _ => "",
    };
    let number = number.parse().map_err(|_| {
        "wrong arguments for `receipts`: use --last N, such as `receipts --last 20`".to_owned()
    });
    number.map(Some)
}

fn misused(words: &[&str]) -> String {
    format!(
        "unknown command `telemetry {}`: use {}; --json prints JSON",
        words.join(" "),
        one_of(&COMMANDS.map(|(name, ..)| name))
    )
}

/// What `telemetry help` prints.
pub(super) fn help(call: &str) -> String {
    let mut text = format!("Usage: {call} <COMMAND> [--json]\n\nCommands:\n");
    for (name, _, options, about) in COMMANDS {
        let call = if options.is_empty() { name.to_owned() } else { format!("{name} {options}") };
        text.push_str(&format!("  {call:<30} {HANG}{about}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(words: &str) -> Result<Order, String> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        read(&words)
    }

    #[test]
    fn every_command_is_read_by_every_name_it_has() {
        for (name, others, ..) in COMMANDS {
            let command = order(name).expect("a command").command;
            for other in others {
                assert_eq!(order(other).expect("a command").command, command, "{other}");
            }
            let json = order(&format!("{name} --json")).expect("a command");
            assert_eq!(json, Order { command, reader: Reader::Program });
        }
        assert_eq!(order("").expect("a command").command, Command::Status);
        assert_eq!(order("--json").expect("a command").reader, Reader::Program);
    }

    #[test]
    fn dump_takes_its_options_in_any_order_and_form() {
        for words in
            ["dump --last 5 --pretty", "dump --pretty --last=5", "dump --last 5 --pretty --json"]
        {
            let dump = Dump { last: Some(5), layout: Layout::Pretty };
            assert_eq!(order(words).expect("a command").command, Command::Dump(dump), "{words}");
        }
    }

    #[test]
    fn on_and_off_take_the_name_of_a_purpose() {
        let name = || Some("crash".to_owned());
        for (words, command) in [
            ("on crash", Command::On(name())),
            ("enable crash --json", Command::On(name())),
            ("off --json crash", Command::Off(name())),
            ("disable", Command::Off(None)),
        ] {
            assert_eq!(order(words).expect("a command").command, command, "{words}");
        }
    }

    #[test]
    fn receipts_are_all_or_the_newest() {
        let last = |words: &str| order(words).map(|order| order.command);
        assert_eq!(last("receipts"), Ok(Command::Receipts(None)));
        for words in ["receipts --last 5", "receipts --last=5", "receipts --json --last 5"] {
            assert_eq!(last(words), Ok(Command::Receipts(Some(5))), "{words}");
        }
        for words in ["receipts 5", "receipts --last", "receipts --last x", "receipts --last 5 6"] {
            assert!(last(words).is_err(), "{words}");
        }
    }

    #[test]
    fn what_was_sent_is_all_or_the_newest_since_a_day() {
        let range = |words: &str| order(words).map(|order| order.command);
        let whole = SentRange { last: Some(5), since: Day::from_civil(2026, 11, 20) };
        assert_eq!(range("sent"), Ok(Command::Sent(SentRange::default())));
        for words in [
            "sent --last 5 --since 2026-11-20",
            "sent --since=2026-11-20 --json --last=5",
            "sent --last 7 --last 5 --since 2026-11-20",
        ] {
            assert_eq!(range(words), Ok(Command::Sent(whole)), "{words}");
        }
        let one = SentRange { last: None, ..whole };
        assert_eq!(range("sent --since 2026-11-20"), Ok(Command::Sent(one)));
        for words in [
            "sent 5",
            "sent --last",
            "sent --last x",
            "sent --last -1",
            "sent --since",
            "sent --since=",
            "sent --since yesterday",
            "sent --since 2026-02-30",
            "sent --since 2026-11-20 5",
            "sent --pretty",
        ] {
            assert!(range(words).is_err(), "{words}");
        }
    }

    #[test]
    fn what_is_no_command_is_told_what_is_one() {
        for words in ["stop", "on --now", "off a b", "status --verbose", "clear --everything"] {
            let sentence = order(words).expect_err(words);
            for (name, ..) in COMMANDS {
                assert!(sentence.contains(name), "{name} in {sentence}");
            }
            assert!(!sentence.contains("flush"), "{sentence}");
        }
        for words in
            ["dump --last", "dump --last many", "dump --last=-1", "dump 5", "dump --last 5 6"]
        {
            assert!(order(words).is_err(), "{words}");
        }
    }
}

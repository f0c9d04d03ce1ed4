//! A message as e-mail (RFC 5322): ASCII alone, so that every relay takes it.

use headcount_catalog::{Day, Period, Time};
use headcount_collector::AlertMessage;

use super::limits;
use super::relay::Email;

/// Head and body, with a CR and LF at each line's end. It is made of the
/// message alone, so that a second try is the same e-mail.
pub(super) fn of(email: &Email, message: &AlertMessage) -> String {
    let words = match message.text("report") {
        "" => of_alert(message),
        _ => of_report(message),
    };
    let at = plain(message.text("at"));
    let time = Time::parse(&at).unwrap_or(Time::from_seconds(0));
    let domain = email.from.split('@').next_back().unwrap_or_default();
    let head = [
        format!("From: Headcount <{}>", email.from),
        format!("To: {}", email.to.join(",\r\n ")),
        format!("Subject: [headcount] {}", words.subject),
        format!("Date: {}", date(time)),
        format!("Message-ID: <{}.{}@{domain}>", words.id, time.seconds()),
        // No answer of a program comes back (RFC 3834).
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        String::new(),
    ];
    let lines = head.into_iter().chain(words.body).chain([String::new()]);
    lines.collect::<Vec<_>>().join("\r\n")
}

/// What a message says, in lines of ASCII.
struct Words {
    subject: String,
    /// Unlike that of every other message at this time.
    id: String,
    body: Vec<String>,
}

fn of_alert(message: &AlertMessage) -> Words {
    let [alert, state, sentence, page] =
        ["alert", "state", "sentence", "page"].map(|name| plain(message.text(name)));
    let (change, note) = match state.as_str() {
        "begun" => ("has begun", "You get another message when it is over."),
        "over" => ("is over", "You get another message if it begins again."),
        _ => ("test", "This is a test: nothing has happened. It says what the alert sees now."),
    };
    let empty = String::new;
    Words {
        subject: format!("{alert}: {change}"),
        id: format!("{alert}.{state}"),
        body: vec![sentence, empty(), page, empty(), note.to_owned()],
    }
}

fn of_report(message: &AlertMessage) -> Words {
    let [report, state, week, month] =
        ["report", "state", "week", "month"].map(|name| plain(message.text(name)));
    // It has one of the two.
    let first = format!("{week}{month}");
    let subject: String =
        plain(message.text("subject")).chars().take(limits::SUBJECT_LETTERS).collect();
    let is_test = state == "test";
    let test = if is_test { format!("test of {report}, ") } else { String::new() };
    let mut body: Vec<String> = message.text("text").lines().map(plain).collect();
    if is_test {
        body.push("This is a test: the next report comes when it is due.".to_owned());
    }
    Words { subject: format!("{test}{subject}"), id: format!("{report}.{state}.{first}"), body }
}

/// `Fri, 20 Nov 2026 12:00:00 +0000`
fn date(time: Time) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day: Day = time.day();
    let (year, month, of_month) = day.civil();
    let weekday = usize::try_from(day.days_since(Period::Week.start(day))).unwrap_or(0);
    let seconds = time.seconds() - day.start().seconds();
    format!(
        "{}, {of_month:02} {} {year} {:02}:{:02}:{:02} +0000",
        DAYS[weekday % 7],
        MONTHS[usize::from(month.clamp(1, 12)) - 1],
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// On one line and in ASCII.
fn plain(text: &str) -> String {
    let printable = |letter: char| if matches!(letter, ' '..='~') { letter } else { '?' };
    text.chars().map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_mail_of_its_lines() {
        let json = serde_json::json!({
            "report": "weekly", "state": "week", "week": "2026-11-16", "at": "2026-11-23T08:00:00Z",
            "subject": "week of 16 Nov 2026: Atomic\r\nBcc: <evil@example.org>",
            "text": "One.\n\n.\nTwo \u{fc}.\r\n",
        });
        let words = of_report(&AlertMessage::of_json(json).unwrap());
        assert_eq!(words.subject, "week of 16 Nov 2026: Atomic??Bcc: <evil@example.org>");
        assert_eq!(words.id, "weekly.week.2026-11-16");
        assert_eq!(words.body, ["One.", "", ".", "Two ?."]);
    }

    #[test]
    fn a_test_of_a_month_says_so() {
        let json = serde_json::json!({
            "report": "monthly", "state": "test", "month": "2026-11-01",
            "at": "2026-12-01T08:00:00Z", "subject": "November 2026: Atomic", "text": "One.\n",
        });
        let words = of_report(&AlertMessage::of_json(json).unwrap());
        assert_eq!(words.subject, "test of monthly, November 2026: Atomic");
        assert_eq!(words.id, "monthly.test.2026-11-01");
        assert_eq!(words.body, ["One.", "This is a test: the next report comes when it is due."]);
    }

    #[test]
    fn dates_are_those_of_mail() {
        let text = |seconds| date(Time::from_seconds(seconds));
        assert_eq!(text(0), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(text(1_795_177_845), "Fri, 20 Nov 2026 12:30:45 +0000");
    }
}

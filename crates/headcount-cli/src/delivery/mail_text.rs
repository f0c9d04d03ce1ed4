//! A message as e-mail (RFC 5322): ASCII alone, so that every relay takes it.

use headcount_catalog::{Day, Period, Time};
use headcount_collector::AlertMessage;

use super::relay::Email;

/// Head and body, with a CR and LF at each line's end. It is made of the
/// message alone, so that a second try is the same e-mail.
pub(super) fn of(email: &Email, message: &AlertMessage) -> String {
    let [alert, state, at, sentence, page] =
        ["alert", "state", "at", "sentence", "page"].map(|name| plain(message.text(name)));
    let (change, note) = match state.as_str() {
        "begun" => ("has begun", "You get another message when it is over."),
        "over" => ("is over", "You get another message if it begins again."),
        _ => ("test", "This is a test: nothing has happened. It says what the alert sees now."),
    };
    let time = Time::parse(&at).unwrap_or(Time::from_seconds(0));
    let domain = email.from.split('@').next_back().unwrap_or_default();
    let lines = [
        format!("From: Headcount <{}>", email.from),
        format!("To: {}", email.to.join(",\r\n ")),
        format!("Subject: [headcount] {alert}: {change}"),
        format!("Date: {}", date(time)),
        format!("Message-ID: <{alert}.{state}.{}@{domain}>", time.seconds()),
        // No answer of a program comes back (RFC 3834).
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        String::new(),
        sentence,
        String::new(),
        page,
        String::new(),
        note.to_owned(),
        String::new(),
    ];
    lines.join("\r\n")
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
    fn dates_are_those_of_mail() {
        let text = |seconds| date(Time::from_seconds(seconds));
        assert_eq!(text(0), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(text(1_795_177_845), "Fri, 20 Nov 2026 12:30:45 +0000");
    }
}

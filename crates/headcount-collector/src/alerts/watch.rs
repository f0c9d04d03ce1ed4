//! Looks at the rules and the reports again and again while a collector runs,
//! and delivers what waits, on a thread of its own. No event waits for it.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use headcount_catalog::Time;
use headcount_store::{Question, Store, StoreError};

use super::channel::AlertChannel;
use super::memory::AlertMemory;
use super::message::AlertMessage;
use super::queue::{self, Fate, Pending};
use super::rule::AlertRule;
use super::{file, judge, questions};
use crate::config::TimeSource;
use crate::health::LifeSign;
use crate::limits;
use crate::metrics::Measurements;
use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::private_file::{self, OwnFile};
use crate::registry::CurrentCatalogs;
use crate::repeated_task::{Pauses, RepeatedTask};
use crate::reports::{self, ReportRule, ReportSpan, due_span};

/// Before the name of a report, among the names of rules: no rule's name has a
/// space.
const REPORT: &str = "report ";

/// The rules of a running collector, and what is remembered of them.
pub(crate) struct AlertWatch {
    pub(crate) rules: Vec<AlertRule>,
    pub(crate) reports: Vec<ReportRule>,
    /// The catalogs, which may change while it runs.
    pub(crate) catalogs: Arc<CurrentCatalogs>,
    pub(crate) data: PathBuf,
    /// Where people reach the page.
    pub(crate) url: String,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: TimeSource,
    pub(crate) log: OperatorLog,
    pub(crate) measurements: Arc<Measurements>,
}

struct State {
    /// Whether the file was read. Until then nothing is looked at or told: what
    /// rings and what waits is not known.
    is_read: bool,
    started: Time,
    memory: AlertMemory,
    /// What is on disk.
    written: AlertMemory,
    looked: Option<Time>,
}

impl AlertWatch {
    /// Starts the thread.
    pub(crate) fn start(self) -> io::Result<RepeatedTask> {
        let state = Mutex::new(self.first_state());
        let log = self.log.clone();
        let tell = move |done: std::thread::Result<()>| {
            if done.is_err() {
                log.error(
                    LogPart::Alerts,
                    "a look at the alerts panicked, and another one follows; this is a bug in \
                     Headcount: please report it",
                );
            }
        };
        let pauses = Pauses { first: limits::ALERT_TICK, every: limits::ALERT_TICK };
        // Whether a disk that is full was told.
        let is_unwritten = AtomicBool::new(false);
        let work = move || self.turn(&state, &is_unwritten);
        RepeatedTask::start("headcount-alerts", pauses, LifeSign::default(), work, tell)
    }

    fn first_state(&self) -> State {
        let mut state = State {
            is_read: false,
            started: (self.clock)(),
            memory: AlertMemory::default(),
            written: AlertMemory::default(),
            looked: None,
        };
        if let Err(error) = self.read(&mut state) {
            let sentence = Sentence::from("cannot read ")
                .and(&*file::path(&self.data))
                .and(&": ")
                .and(&error)
                .and(&"; until it can be read, no alert and no report is told");
            self.log.error(LogPart::Alerts, sentence);
        }
        state
    }

    /// Reads what is remembered. A damaged file is renamed before another one
    /// is written.
    fn read(&self, state: &mut State) -> io::Result<()> {
        let mut memory = match file::read(&self.data)? {
            OwnFile::Whole(memory) => memory,
            OwnFile::None => AlertMemory::default(),
            OwnFile::Damaged => {
                let aside = private_file::set_aside(&file::path(&self.data))?;
                let sentence = Sentence::from("damaged, so it was renamed: ").and(&*aside).and(
                    &"; an alert that rings may be told once more, messages that waited are not \
                      sent, and a report may be left out",
                );
                self.log.warn(LogPart::Alerts, sentence);
                AlertMemory::default()
            }
        };
        state.written.clone_from(&memory);
        // Rules that are gone from the configuration are forgotten.
        let is_known = |name: &str| self.rules.iter().any(|rule| rule.name == name);
        let is_report = |name: &str| self.reports.iter().any(|report| report.name == name);
        memory.rules.retain(|name, _| is_known(name));
        memory.reported.retain(|name, _| is_report(name));
        memory.pending.retain(|one| match one.rule.strip_prefix(REPORT) {
            Some(name) => is_report(name),
            None => is_known(&one.rule),
        });
        for rule in &self.rules {
            memory.rules.entry(rule.name.clone()).or_default().started = Some(state.started);
        }
        state.memory = memory;
        state.is_read = true;
        Ok(())
    }

    /// Looks if it is time to, and then delivers one message if one waits: so a
    /// stop never waits for more than one.
    fn turn(&self, state: &Mutex<State>, is_unwritten: &AtomicBool) {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        // It was told at the start.
        if !state.is_read && self.read(&mut state).is_err() {
            return;
        }
        let now = (self.clock)();
        let since = state.looked.map(|looked| now.seconds() - looked.seconds());
        if since.is_none_or(|since| !(0..limits::ALERT_INTERVAL_SECONDS).contains(&since)) {
            state.looked = Some(now);
            self.look(&mut state.memory, now);
            self.report(&mut state.memory, now);
        }
        // What rings is on disk before it is told, so that nothing is told
        // twice.
        self.keep(&mut state, is_unwritten);
        self.deliver(&mut state.memory, now);
        self.keep(&mut state, is_unwritten);
    }

    fn look(&self, memory: &mut AlertMemory, now: Time) {
        for rule in &self.rules {
            let asked = questions(rule, now.day());
            let rows: Result<Vec<_>, _> = asked.iter().map(|one| self.store.ask(one)).collect();
            let rows = match rows {
                Ok(rows) => rows,
                Err(error) => {
                    self.log.error(LogPart::Alerts, &error);
                    continue;
                }
            };
            let own = memory.rules.entry(rule.name.clone()).or_default();
            own.heard(super::stored(&rows, &rule.product), now);
            let sight = judge(rule, &rows, own, now);
            let Some(change) = own.see(&sight, now) else { continue };
            for channel in &rule.channels {
                let pending = Pending {
                    rule: rule.name.clone(),
                    channel: channel.kind.to_owned(),
                    message: AlertMessage::new(rule, &sight, change, now, &self.url),
                    tries: 0,
                    next: now,
                };
                let lost = queue::push(&mut memory.pending, pending);
                (0..lost).for_each(|_| self.give_up());
            }
        }
        let ringing = memory.rules.values().filter(|rule| rule.ringing.is_some()).count();
        self.measurements.alerts.ringing.store(ringing as u64, Ordering::Relaxed);
    }

    /// Adds the reports that are due.
    fn report(&self, memory: &mut AlertMemory, now: Time) {
        for rule in &self.reports {
            let span = due_span(rule, now);
            if !memory.is_untold(&rule.name, span) {
                continue;
            }
            let message = match self.message(rule, span, now) {
                Ok(message) => message,
                Err(error) => {
                    self.log.error(LogPart::Alerts, &error);
                    continue;
                }
            };
            memory.reported.insert(rule.name.clone(), span);
            for channel in &rule.channels {
                let pending = Pending {
                    rule: format!("{REPORT}{}", rule.name),
                    channel: channel.kind.to_owned(),
                    message: message.clone(),
                    tries: 0,
                    next: now,
                };
                let lost = queue::push(&mut memory.pending, pending);
                (0..lost).for_each(|_| self.give_up());
            }
        }
    }

    fn message(
        &self,
        rule: &ReportRule,
        span: ReportSpan,
        now: Time,
    ) -> Result<AlertMessage, StoreError> {
        let registry = self.catalogs.registry();
        let ask = |questions: &[Question]| {
            questions.iter().map(|question| self.store.ask(question)).collect()
        };
        reports::of_span(rule, &registry, span, &ask)
            .map(|products| reports::message(rule, span, &products, false, now, &self.url))
    }

    /// Where a message goes; `None` if that is gone from the configuration.
    fn channel(&self, one: &Pending) -> Option<&AlertChannel> {
        let channels = match one.rule.strip_prefix(REPORT) {
            Some(name) => &self.reports.iter().find(|report| report.name == name)?.channels,
            None => &self.rules.iter().find(|rule| rule.name == one.rule)?.channels,
        };
        channels.iter().find(|channel| channel.kind == one.channel)
    }

    fn deliver(&self, memory: &mut AlertMemory, now: Time) {
        let Some(at) = queue::due(&memory.pending, now) else { return };
        let one = &mut memory.pending[at];
        // A channel that is gone from the configuration wants nothing.
        let Some(channel) = self.channel(one) else {
            memory.pending.remove(at);
            return;
        };
        let counts = &self.measurements.alerts;
        match (channel.deliver)(&one.message) {
            Ok(()) => {
                counts.sent.fetch_add(1, Ordering::Relaxed);
                memory.pending.remove(at);
            }
            Err(why) => {
                counts.failed.fetch_add(1, Ordering::Relaxed);
                let (name, kind) = (&one.rule, channel.kind);
                let what = match name.strip_prefix(REPORT) {
                    Some(name) => format!("the report `{name}`"),
                    None => format!("the alert `{name}`"),
                };
                let sentence = format!("cannot deliver {what} by {kind}: {why}");
                self.log.warn(LogPart::Alerts, Sentence::of_files(&sentence));
                if queue::failed(one, now) == Fate::GivenUp {
                    memory.pending.remove(at);
                    self.give_up();
                }
            }
        }
    }

    fn give_up(&self) {
        self.measurements.alerts.given_up.fetch_add(1, Ordering::Relaxed);
        self.log.error(
            LogPart::Alerts,
            "a message about an alert, or a report, is given up: `headcount alerts` shows what each \
             alert sees, and with --report what is reported",
        );
    }

    /// Writes what has changed. A disk that is full is told once: alerts go on
    /// in memory.
    fn keep(&self, state: &mut State, is_unwritten: &AtomicBool) {
        if state.memory == state.written {
            return;
        }
        match file::write(&self.data, &state.memory) {
            Ok(()) => {
                state.written = state.memory.clone();
                is_unwritten.store(false, Ordering::Relaxed);
            }
            Err(error) => {
                if !is_unwritten.swap(true, Ordering::Relaxed) {
                    let sentence = Sentence::from("cannot write what is known of the alerts: ")
                        .and(&error)
                        .and(&"; after a restart they, and reports, may be told once more");
                    self.log.error(LogPart::Alerts, sentence);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use headcount_store::EmbeddedStore;
    use headcount_testkit::Home;

    use super::super::rule::AlertCondition;
    use super::*;
    use crate::registry::{KeptCatalogs, Registry};

    const SMALLEST: &str = include_str!("../../tests/collector/smallest.toml");

    /// A watch of one rule, whose channel notes what it is told.
    fn watch(home: &Home, data: &Path, told: &Arc<Mutex<Vec<String>>>) -> AlertWatch {
        let catalog = headcount_catalog::parse(SMALLEST).unwrap();
        let registry = Registry::of(vec![catalog]).unwrap();
        let kept = KeptCatalogs::of(&home.path().join("kept"));
        let log = OperatorLog::unread();
        let catalogs = CurrentCatalogs::open(registry, kept, log.clone()).unwrap();
        let heard = Arc::clone(told);
        let deliver = move |message: &AlertMessage| {
            heard.lock().unwrap().push(message.text("alert").to_owned());
            Ok(())
        };
        let rule = AlertRule {
            name: "silence".to_owned(),
            product: "smallest".to_owned(),
            condition: AlertCondition::Silence { hours: 6 },
            channels: vec![AlertChannel { kind: "webhook", deliver: Arc::new(deliver) }],
        };
        AlertWatch {
            rules: vec![rule],
            reports: Vec::new(),
            catalogs: Arc::new(catalogs),
            data: data.to_path_buf(),
            url: String::new(),
            store: Arc::new(EmbeddedStore::open(&home.path().join("store")).unwrap()),
            clock: Arc::new(|| Time::from_seconds(1_795_176_000)),
            log,
            measurements: Arc::default(),
        }
    }

    #[cfg(unix)]
    fn waiting() -> AlertMemory {
        let json = serde_json::json!({"alert": "silence", "state": "begun"});
        let (rule, channel) = ("silence".to_owned(), "webhook".to_owned());
        let message = AlertMessage::of_json(json).unwrap();
        let next = Time::from_seconds(1_795_176_000);
        let mut memory = AlertMemory::default();
        memory.pending.push(Pending { rule, channel, message, tries: 0, next });
        memory
    }

    /// A folder whose name is a link to itself cannot be looked into by
    /// anybody, as on a disk with an error.
    #[cfg(unix)]
    #[test]
    fn what_waits_is_told_once_the_file_can_be_read() {
        let home = Home::new();
        let (data, aside) = (home.path().join("data"), home.path().join("aside"));
        std::fs::create_dir(&data).unwrap();
        std::fs::create_dir(home.path().join("store")).unwrap();
        file::write(&data, &waiting()).unwrap();
        std::fs::rename(&data, &aside).unwrap();
        std::os::unix::fs::symlink("data", &data).unwrap();
        let told = Arc::default();
        let watch = watch(&home, &data, &told);
        let (state, is_unwritten) = (Mutex::new(watch.first_state()), AtomicBool::new(false));
        watch.turn(&state, &is_unwritten);
        assert_eq!(*told.lock().unwrap(), [""; 0]);
        // It can be read again after the look, and before anything else.
        std::fs::remove_file(&data).unwrap();
        std::fs::rename(&aside, &data).unwrap();
        assert!(file::read(&data).unwrap() == OwnFile::Whole(waiting()));
        watch.turn(&state, &is_unwritten);
        assert_eq!(*told.lock().unwrap(), ["silence"]);
    }

    #[test]
    fn a_damaged_file_is_renamed_before_another_is_written() {
        let home = Home::new();
        let data = home.path().join("data");
        std::fs::create_dir(home.path().join("store")).unwrap();
        home.write("data/alerts.json", "{\"format\": 1, ");
        let watch = watch(&home, &data, &Arc::default());
        let (state, is_unwritten) = (Mutex::new(watch.first_state()), AtomicBool::new(false));
        assert_eq!(home.read("data/alerts.json.damaged"), "{\"format\": 1, ");
        watch.turn(&state, &is_unwritten);
        assert!(matches!(file::read(&data).unwrap(), OwnFile::Whole(_)));
    }
}

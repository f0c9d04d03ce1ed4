//! The writer with stores that succeed, fail and panic, and arrivals that are
//! lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use headcount_catalog::{Day, EventId, Reason};
use headcount_store::{
    AnswerRows, CellRef, ColumnKind, ColumnShape, DayRows, EmbeddedStore, Erasure, EventShape,
    HousePolicy, HouseReport, Question, RowDevice, RowHead, RowMarks, RowSchema, StoreError,
};
use headcount_testkit::Home;
use headcount_wire::Outcome;

use super::*;
use crate::arrival::{Arrivals, RejectedAt};
use crate::commit_answers::AwaitedAnswer;
use crate::limits;
use crate::operator_log::LogField;
use crate::operator_log::tests::Heard;
use crate::plan::RejectedEvent;

/// A store that keeps the printed counts of its commits.
#[derive(Default)]
struct KeepsCounts {
    commits: Mutex<Vec<String>>,
    panics: AtomicBool,
}

/// What a store of these tests is not asked.
macro_rules! nothing_else {
    () => {
        fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
            Ok(AnswerRows::Products(Vec::new()))
        }

        fn erase(&self, _: &str, _: Erasure) -> Result<u64, StoreError> {
            Ok(0)
        }

        fn keep_house(&self, _: &HousePolicy) -> Result<HouseReport, StoreError> {
            Ok(HouseReport::default())
        }

        fn read_events(
            &self,
            _: &str,
            _: (Day, Day),
            _: &mut dyn FnMut(&DayRows),
        ) -> Result<(), StoreError> {
            Ok(())
        }

        fn health(&self) -> Result<(), StoreError> {
            Ok(())
        }
    };
}

fn stored(commit: &Commit) -> Vec<Vec<RowStatus>> {
    commit.rows.iter().map(|rows| vec![RowStatus::Stored; rows.len()]).collect()
}

impl Store for KeepsCounts {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        assert!(!self.panics.load(Ordering::SeqCst), "on purpose");
        self.commits.lock().unwrap().push(format!("{:?}", commit.unstored));
        Ok(stored(commit))
    }

    nothing_else!();
}

const DAY: Day = Day::from_number(20_777);

fn rejected(inbox: &Inbox, count: usize) -> Arrivals {
    let mut arrivals = Arrivals::new(inbox.lost_arrivals());
    let reason = Reason::Malformed;
    let event = RejectedEvent { reason, catalog: 1, event: None, property: None };
    let at = RejectedAt { product: "atomic", today: DAY, program: None };
    (0..count).for_each(|_| arrivals.reject(&event, at));
    arrivals
}

fn schema() -> Arc<RowSchema> {
    let event = EventShape { name: "run".to_owned(), across: Vec::new(), failure: None };
    let column = ColumnShape::plain("took", ColumnKind::Number);
    Arc::new(RowSchema::new("atomic".to_owned(), vec![event], vec![column]))
}

/// Events with these ids, days and numbers.
fn allowed(inbox: &Inbox, schema: &Arc<RowSchema>, events: &[(u8, Day, i64)]) -> Arrivals {
    let mut arrivals = Arrivals::new(inbox.lost_arrivals());
    for (id, day, number) in events {
        let place = arrivals.rows.iter().position(|rows| rows.day() == *day);
        let place = place.unwrap_or_else(|| {
            arrivals.rows.push(DayRows::new(Arc::clone(schema), *day));
            arrivals.rows.len() - 1
        });
        let marks = RowMarks::default();
        let head = RowHead { event: 0, weight: 1, marks, device: RowDevice::None };
        let cells = [(0, CellRef::Number(*number))];
        arrivals.rows[place].push(EventId::new(*day, [*id; 16]), head, cells);
        arrivals.allow("atomic", place);
    }
    arrivals
}

fn start(inbox: &Arc<Inbox>, store: Arc<dyn Store>, log: OperatorLog) -> Writer {
    let refusals = Arc::new(Refusals::new(log.clone()));
    let reports = WriterReports { log, refusals, measurements: Arc::default() };
    Writer::start(Arc::clone(inbox), store, Arc::default(), reports).unwrap()
}

fn ignore() -> OperatorLog {
    OperatorLog::unread()
}

#[tokio::test]
async fn what_waits_is_one_commit_and_what_does_not_fit_is_refused_and_counted() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    let submit = |count| {
        let inbox = Arc::clone(&inbox);
        tokio::spawn(async move { inbox.submit(rejected(&inbox, count)).result().await })
    };
    // Larger than all that may wait: let in, because nothing else waits.
    let (first, second, third) = (submit(limits::WAITING_EVENTS + 1), submit(1), submit(2));
    tokio::task::yield_now().await;
    assert_eq!(second.await.unwrap(), Err(Refusal::Busy));
    assert_eq!(third.await.unwrap(), Err(Refusal::Busy));
    let writer = start(&inbox, store.clone(), ignore());
    let outcomes = first.await.unwrap().unwrap();
    assert_eq!(outcomes.len(), limits::WAITING_EVENTS + 1);
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Rejected(Reason::Malformed)));
    writer.stop();
    let commits = store.commits.lock().unwrap().clone();
    assert_eq!(commits.len(), 1, "one commit for all: {commits:?}");
    assert!(commits[0].contains("count: 65537") && commits[0].contains("count: 3"));
    let late = inbox.submit(rejected(&inbox, 1)).result().await;
    assert_eq!(late, Err(Refusal::Busy), "there is no writer any more");
}

#[tokio::test]
async fn a_store_that_panics_refuses_and_is_asked_again() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    let heard = Heard::default();
    let writer = start(&inbox, store.clone(), heard.log());
    store.panics.store(true, Ordering::SeqCst);
    assert_eq!(inbox.submit(rejected(&inbox, 2)).result().await, Err(Refusal::StoreFailed));
    store.panics.store(false, Ordering::SeqCst);
    inbox.submit(rejected(&inbox, 1)).result().await.unwrap();
    writer.stop();
    let commits = store.commits.lock().unwrap().join("\n");
    assert!(commits.contains("\"store-failed\", count: 2"), "{commits}");
    assert!(commits.contains("\"malformed\", count: 1"), "{commits}");
    let told = heard.sentences();
    assert!(told[0].contains("the store panicked"), "{told:?}");
    // What was committed has rejected events.
    assert_eq!(told[1..], ["events are rejected"]);
    let fields = &heard.records()[1].fields;
    let expected = [LogField::Product("atomic"), LogField::Reason("malformed"), LogField::Count(1)];
    assert_eq!(fields[..], expected);
}

/// No request follows that would cause a commit: the lost arrival itself has
/// to.
#[test]
fn a_lost_arrival_is_counted_in_a_commit_of_its_own() {
    struct Sends(mpsc::SyncSender<String>);

    impl Store for Sends {
        fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
            self.0.send(format!("{:?}", commit.unstored)).expect("the test listens");
            Ok(stored(commit))
        }

        nothing_else!();
    }

    let inbox = Arc::new(Inbox::new());
    let (sender, commits) = mpsc::sync_channel(1);
    let (told, messages) = mpsc::sync_channel(1);
    let log = OperatorLog::new(move |record| told.send(record.sentence.to_string()).unwrap());
    let writer = start(&inbox, Arc::new(Sends(sender)), log);
    drop(allowed(&inbox, &schema(), &[(1, DAY, 1)]));
    let commit = commits.recv_timeout(Duration::from_secs(30)).expect("a commit");
    assert!(commit.contains("\"refused\", reason: \"internal\", count: 1"), "{commit}");
    assert!(messages.try_recv().expect("a message").contains("counted as refused: 1;"));
    writer.stop();
}

/// Whatever becomes of arrivals, the sum of outcomes is the sum of arrivals.
#[tokio::test]
async fn outcomes_add_up_to_arrivals() {
    let home = Home::new();
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(home.path()).unwrap());
    let inbox = Arc::new(Inbox::new());
    let writer = start(&inbox, Arc::clone(&store), ignore());
    let schema = schema();
    let submit = |arrivals| inbox.submit(arrivals).result();
    let twice = allowed(&inbox, &schema, &[(1, DAY, 1), (1, DAY, 1), (1, DAY, 2)]);
    let outcomes = submit(twice).await.unwrap();
    let other = Outcome::Rejected(Reason::OtherContent);
    assert_eq!(outcomes, [Outcome::Stored, Outcome::Duplicate, other]);
    submit(rejected(&inbox, 3)).await.unwrap();
    drop(allowed(&inbox, &schema, &[(2, DAY, 1)]));
    drop(rejected(&inbox, 4));
    let panicking = Arc::clone(&inbox);
    let panicked = thread::spawn(move || {
        let _arrivals = rejected(&panicking, 5);
        panic!("on purpose");
    });
    panicked.join().unwrap_err();
    writer.stop();
    let AnswerRows::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
    let counts: Vec<_> =
        rows.iter().map(|row| (row.outcome.as_str(), row.reason.as_str(), row.count)).collect();
    let expected = [
        ("duplicate", "", 1),
        ("refused", "internal", 10),
        ("rejected", "malformed", 3),
        ("rejected", "other-content", 1),
        ("stored", "", 1),
    ];
    assert_eq!(counts, expected);
}

/// Whatever a commit gathers, each request hears of its own events.
#[tokio::test]
async fn requests_of_one_commit_hear_of_their_own_events() {
    let home = Home::new();
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(home.path()).unwrap());
    let inbox = Arc::new(Inbox::new());
    let (schema, reloaded) = (schema(), schema());
    let (next, submit) = (DAY.plus(1), |arrivals| inbox.submit(arrivals));
    let requests = [
        submit(allowed(&inbox, &schema, &[(1, DAY, 1), (2, next, 1), (3, DAY, 1)])),
        submit(rejected(&inbox, 1)),
        // Another schema of the same product: after a reload.
        submit(allowed(&inbox, &reloaded, &[(3, DAY, 1), (4, DAY, 1)])),
        submit(allowed(&inbox, &schema, &[(2, next, 2), (4, DAY, 1), (2, next, 1), (5, DAY, 1)])),
    ];
    let writer = start(&inbox, store, ignore());
    let mut heard = Vec::new();
    for request in requests {
        heard.push(request.result().await.unwrap());
    }
    writer.stop();
    use Outcome::{Duplicate, Stored};
    // What comes first wins: that of the first schema, wherever it was sent.
    let of_both = [heard[2][1], heard[3][1]];
    assert!(of_both.contains(&Stored) && of_both.contains(&Duplicate), "{heard:?}");
    assert_eq!(heard[0], [Stored; 3]);
    assert_eq!(heard[1], [Outcome::Rejected(Reason::Malformed)]);
    assert_eq!(heard[2][0], Duplicate);
    assert_eq!(heard[3][0], Outcome::Rejected(Reason::OtherContent));
    assert_eq!(heard[3][2..], [Duplicate, Stored]);
}

/// A store whose commits begin and end when the test says so, with the number
/// of their events.
struct Steps {
    begun: mpsc::SyncSender<usize>,
    end: Mutex<mpsc::Receiver<()>>,
}

impl Store for Steps {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.begun.send(commit.rows.iter().map(DayRows::len).sum()).expect("the test listens");
        self.end.lock().unwrap().recv().expect("the test ends each commit");
        Ok(stored(commit))
    }

    nothing_else!();
}

fn some(inbox: &Inbox, events: usize) -> Arrivals {
    allowed(inbox, &schema(), &vec![(1, DAY, 1); events])
}

/// Starts a writer on such a store, whose first commit has begun. It has as
/// many requests as let the next ones gather, an event each.
fn first_of_steps(
    inbox: &Arc<Inbox>,
) -> (Writer, AwaitedAnswer, mpsc::Receiver<usize>, mpsc::SyncSender<()>) {
    let ((begun, begins), (end, ends)) = (mpsc::sync_channel(9), mpsc::sync_channel(9));
    // The other clients go at once.
    let first = many(inbox).swap_remove(0);
    let writer = start(inbox, Arc::new(Steps { begun, end: Mutex::new(ends) }), ignore());
    assert_eq!(next(&begins), limits::GATHERING_REQUESTS);
    (writer, first, begins, end)
}

/// As many requests as let the next ones gather, an event each.
fn many(inbox: &Arc<Inbox>) -> Vec<AwaitedAnswer> {
    (0..limits::GATHERING_REQUESTS).map(|_| inbox.submit(some(inbox, 1))).collect()
}

fn next(begins: &mpsc::Receiver<usize>) -> usize {
    begins.recv_timeout(Duration::from_secs(30)).expect("a commit")
}

#[tokio::test]
async fn what_comes_in_return_for_an_answer_is_in_the_next_commit() {
    let inbox = Arc::new(Inbox::new());
    let (writer, first, begins, end) = first_of_steps(&inbox);
    let others = [2, 3].map(|events| inbox.submit(some(&inbox, events)));
    end.send(()).unwrap();
    first.result().await.unwrap();
    // A client sends again as soon as it has its answer.
    let again = inbox.submit(some(&inbox, 4));
    tokio::task::yield_now().await;
    let last = inbox.submit(some(&inbox, 5));
    end.send(()).unwrap();
    for request in others.into_iter().chain([again, last]) {
        request.result().await.unwrap();
    }
    assert_eq!(next(&begins), 2 + 3 + 4 + 5);
    writer.stop();
    assert_eq!(begins.try_iter().count(), 0);
}

/// A few clients take turns with each other, which is quicker for each of them.
#[tokio::test]
async fn after_a_commit_of_few_requests_the_next_ones_do_not_gather() {
    let inbox = Arc::new(Inbox::new());
    let (writer, first, begins, end) = first_of_steps(&inbox);
    end.send(()).unwrap();
    first.result().await.unwrap();
    for _ in 0..=limits::GATHERING_ROUNDS {
        tokio::task::yield_now().await;
    }
    let few = inbox.submit(some(&inbox, 2));
    assert_eq!(next(&begins), 2);
    let another = inbox.submit(some(&inbox, 3));
    end.send(()).unwrap();
    // Nobody has looked at the answer of the commit before.
    assert_eq!(next(&begins), 3);
    end.send(()).unwrap();
    for request in [few, another] {
        request.result().await.unwrap();
    }
    writer.stop();
}

/// Its answer waits, and so do those that it would send on.
#[tokio::test]
async fn many_events_do_not_wait_for_an_answer_that_nobody_looks_at() {
    let inbox = Arc::new(Inbox::new());
    let (writer, first, begins, end) = first_of_steps(&inbox);
    end.send(()).unwrap();
    let few = inbox.submit(some(&inbox, limits::GATHERED_EVENTS - 1));
    let one = inbox.submit(some(&inbox, 1));
    end.send(()).unwrap();
    assert_eq!(next(&begins), limits::GATHERED_EVENTS);
    for request in [few, one, first] {
        request.result().await.unwrap();
    }
    writer.stop();
}

#[tokio::test]
async fn a_client_that_has_gone_holds_nobody_back() {
    let inbox = Arc::new(Inbox::new());
    let (writer, first, begins, end) = first_of_steps(&inbox);
    drop(first);
    let mut second = many(&inbox);
    end.send(()).unwrap();
    assert_eq!(next(&begins), limits::GATHERING_REQUESTS);
    // They have gone while their answers were on their way.
    end.send(()).unwrap();
    second.clear();
    let third = inbox.submit(some(&inbox, 3));
    assert_eq!(next(&begins), 3);
    end.send(()).unwrap();
    third.result().await.unwrap();
    writer.stop();
}

/// What waits for the end of a rest is committed when the collector stops.
#[tokio::test]
async fn a_stop_ends_a_rest() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    let writer = start(&inbox, store.clone(), ignore());
    let rest = inbox.rest();
    let waiting = inbox.submit(rejected(&inbox, 1));
    writer.stop();
    waiting.result().await.unwrap();
    drop(rest);
}

/// After an error nobody sends on any answer.
#[tokio::test]
async fn a_failed_commit_holds_nobody_back() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    store.panics.store(true, Ordering::SeqCst);
    let failed: Vec<_> =
        (0..limits::GATHERING_REQUESTS).map(|_| inbox.submit(rejected(&inbox, 1))).collect();
    let writer = start(&inbox, store.clone(), ignore());
    for request in failed {
        assert_eq!(request.result().await, Err(Refusal::StoreFailed));
    }
    store.panics.store(false, Ordering::SeqCst);
    inbox.submit(rejected(&inbox, 1)).result().await.unwrap();
    writer.stop();
}

/// A request whose client has gone is committed all the same.
#[tokio::test]
async fn nobody_has_to_wait_for_a_request() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    drop(inbox.submit(rejected(&inbox, 2)));
    start(&inbox, store.clone(), ignore()).stop();
    let commits = store.commits.lock().unwrap().join("\n");
    assert!(commits.contains("\"malformed\", count: 2"), "{commits}");
}

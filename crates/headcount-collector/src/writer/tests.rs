//! The writer with stores that succeed, fail and panic, and arrivals that are
//! lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use headcount_catalog::{Day, EventId, Reason};
use headcount_store::{AnswerRows, DeviceMarks, EmbeddedStore, EventRow, Question, StoreError};
use headcount_testkit::Home;
use headcount_wire::Outcome;

use super::*;
use crate::limits;

/// A store that keeps the printed counts of its commits.
#[derive(Default)]
struct KeepsCounts {
    commits: Mutex<Vec<String>>,
    panics: AtomicBool,
}

impl Store for KeepsCounts {
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
        assert!(!self.panics.load(Ordering::SeqCst), "on purpose");
        self.commits.lock().unwrap().push(format!("{:?}", commit.unstored));
        Ok(vec![RowStatus::Stored; commit.rows.len()])
    }

    fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
        Ok(AnswerRows::Products(Vec::new()))
    }
}

fn rejected(inbox: &Inbox, count: usize) -> Vec<Arrival> {
    let lost = inbox.lost_arrivals();
    (0..count).map(|_| Arrival::new("atomic", Err(Reason::Malformed), lost)).collect()
}

fn allowed(inbox: &Inbox, id: u8) -> Arrival {
    let day = Day::from_number(20_777);
    let id = EventId::new(day, [id; 16]);
    let (marks, columns) = (DeviceMarks::default(), Vec::new());
    let row = EventRow { product: "atomic", day, id, event: "run", device: None, marks, columns };
    Arrival::new("atomic", Ok(row), inbox.lost_arrivals())
}

fn ignore() -> ErrorLog {
    Arc::new(|_| {})
}

#[tokio::test]
async fn what_waits_is_one_commit_and_what_does_not_fit_is_refused_and_counted() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    let submit = |count| {
        let inbox = Arc::clone(&inbox);
        tokio::spawn(async move { inbox.submit(rejected(&inbox, count)).await })
    };
    // Larger than all that may wait: let in, because nothing else waits.
    let (first, second, third) = (submit(limits::WAITING_EVENTS + 1), submit(1), submit(2));
    tokio::task::yield_now().await;
    assert_eq!(second.await.unwrap(), Err(Refusal::Busy));
    assert_eq!(third.await.unwrap(), Err(Refusal::Busy));
    let writer = Writer::start(Arc::clone(&inbox), store.clone(), ignore()).unwrap();
    let outcomes = first.await.unwrap().unwrap();
    assert_eq!(outcomes.len(), limits::WAITING_EVENTS + 1);
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Rejected(Reason::Malformed)));
    writer.stop();
    let commits = store.commits.lock().unwrap().clone();
    assert_eq!(commits.len(), 1, "one commit for all: {commits:?}");
    assert!(commits[0].contains("count: 65537") && commits[0].contains("count: 3"));
    let late = inbox.submit(rejected(&inbox, 1)).await;
    assert_eq!(late, Err(Refusal::Busy), "there is no writer any more");
}

#[tokio::test]
async fn a_store_that_panics_refuses_and_is_asked_again() {
    let inbox = Arc::new(Inbox::new());
    let store = Arc::new(KeepsCounts::default());
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let error_log: ErrorLog = Arc::new(move |message| log.lock().unwrap().push(message.to_owned()));
    let writer = Writer::start(Arc::clone(&inbox), store.clone(), error_log).unwrap();
    store.panics.store(true, Ordering::SeqCst);
    assert_eq!(inbox.submit(rejected(&inbox, 2)).await, Err(Refusal::StoreFailed));
    store.panics.store(false, Ordering::SeqCst);
    inbox.submit(rejected(&inbox, 1)).await.unwrap();
    writer.stop();
    let commits = store.commits.lock().unwrap().join("\n");
    assert!(commits.contains("\"store-failed\", count: 2"), "{commits}");
    assert!(commits.contains("\"malformed\", count: 1"), "{commits}");
    let told = told.lock().unwrap();
    assert!(told.len() == 1 && told[0].contains("the store panicked"), "{told:?}");
}

/// No request follows that would cause a commit: the lost arrival itself has
/// to.
#[test]
fn a_lost_arrival_is_counted_in_a_commit_of_its_own() {
    struct Sends(mpsc::SyncSender<String>);

    impl Store for Sends {
        fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
            self.0.send(format!("{:?}", commit.unstored)).expect("the test listens");
            Ok(Vec::new())
        }

        fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
            Ok(AnswerRows::Products(Vec::new()))
        }
    }

    let inbox = Arc::new(Inbox::new());
    let (sender, commits) = mpsc::sync_channel(1);
    let (told, messages) = mpsc::sync_channel(1);
    let error_log: ErrorLog = Arc::new(move |message| told.send(message.to_owned()).unwrap());
    let writer = Writer::start(Arc::clone(&inbox), Arc::new(Sends(sender)), error_log).unwrap();
    drop(allowed(&inbox, 1));
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
    let writer = Writer::start(Arc::clone(&inbox), Arc::clone(&store), ignore()).unwrap();
    inbox.submit(vec![allowed(&inbox, 1), allowed(&inbox, 1)]).await.unwrap();
    inbox.submit(rejected(&inbox, 3)).await.unwrap();
    drop(allowed(&inbox, 2));
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
        ("stored", "", 1),
    ];
    assert_eq!(counts, expected);
}

//! The answers to all requests of one commit.
//!
//! Waking a task from another thread is a system call, and a small commit has
//! many requests. So the writer answers one request only, and gives it the
//! answers of the others: they are sent on the thread of the connections, where
//! waking costs nothing. So every request must be awaited by a task of its own,
//! or be dropped: one that is held and not looked at would hold others back.
//!
//! Clients that are answered send their next requests at once. After a commit
//! of many requests, the writer rests until these have arrived, which the
//! thread of the connections knows: else they and those that came during the
//! commit would take turns, in twice as many commits. A small commit costs as
//! much as ten small requests.

use headcount_store::Refusal;
use headcount_wire::Outcome;
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::limits;
use crate::writer_rest::WriterRest;

/// What a request hears: an outcome for each event, or that all of them are
/// refused for now.
pub(crate) type CommitResult = Result<Vec<Outcome>, Refusal>;

/// What one request is sent: its own result, and those that it sends on.
struct Answer {
    own: CommitResult,
    others: CommitAnswers,
}

/// Where a request is answered.
pub(crate) struct AnswerSender(oneshot::Sender<Answer>);

/// A request that waits for its answer.
pub(crate) struct AwaitedAnswer(oneshot::Receiver<Answer>);

/// Answers that are not sent yet. Dropping them sends them, wherever that
/// happens: if the client of the request that should send them has gone, too.
#[derive(Default)]
pub(crate) struct CommitAnswers {
    requests: Vec<(AnswerSender, CommitResult)>,
    /// Ends once they are written, and what comes in return is in the inbox.
    rest: Option<WriterRest>,
}

/// Makes the two ends of one request.
pub(crate) fn channel() -> (AnswerSender, AwaitedAnswer) {
    let (sender, receiver) = oneshot::channel();
    (AnswerSender(sender), AwaitedAnswer(receiver))
}

impl AnswerSender {
    /// Answers this request alone.
    pub(crate) fn send(self, own: CommitResult) {
        self.send_with(own, CommitAnswers::default());
    }

    fn send_with(self, own: CommitResult, others: CommitAnswers) {
        // If the client has gone, the others are dropped here, which sends
        // them. It hears the same when it sends its events again.
        let _ = self.0.send(Answer { own, others });
    }
}

impl AwaitedAnswer {
    /// Waits for the answer.
    pub(crate) async fn result(self) -> CommitResult {
        // Without an answer the writer has ended, and nothing was acknowledged.
        let Answer { own, mut others } = self.0.await.map_err(|_| Refusal::StoreFailed)?;
        let rest = others.rest.take();
        drop(others);
        if let Some(rest) = rest {
            tokio::spawn(end_when_answered(rest));
        }
        own
    }
}

/// Ends the writer's rest after the answers are written and what came in return
/// is in the inbox. Each round is all that was ready, and a look at the
/// sockets.
async fn end_when_answered(rest: WriterRest) {
    for _ in 0..limits::GATHERING_ROUNDS {
        yield_now().await;
    }
    drop(rest);
}

impl CommitAnswers {
    pub(crate) fn add(&mut self, request: AnswerSender, result: CommitResult) {
        self.requests.push((request, result));
    }

    /// Sends all of them from a thread that is not that of the connections.
    pub(crate) fn send(mut self, rest: Option<WriterRest>) {
        if self.requests.is_empty() {
            return;
        }
        self.rest = rest;
        let (first, own) = self.requests.swap_remove(0);
        first.send_with(own, self);
    }
}

impl Drop for CommitAnswers {
    fn drop(&mut self) {
        for (request, result) in self.requests.drain(..) {
            request.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::inbox::Inbox;

    fn answered(gone: &[usize]) -> Vec<CommitResult> {
        let mut answers = CommitAnswers::default();
        let mut waiting = Vec::new();
        for request in 0..4 {
            let (sender, awaited) = channel();
            answers.add(sender, Ok(vec![Outcome::Stored; request]));
            if !gone.contains(&request) {
                waiting.push(awaited);
            }
        }
        answers.send(Some(Arc::new(Inbox::new()).rest()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut heard = Vec::new();
            // The one that sends on is the first one.
            for awaited in waiting {
                heard.push(awaited.result().await);
            }
            heard
        })
    }

    #[test]
    fn every_request_is_answered_whoever_has_gone() {
        let of = |request| Ok(vec![Outcome::Stored; request]);
        assert_eq!(answered(&[]), [of(0), of(1), of(2), of(3)]);
        assert_eq!(answered(&[0]), [of(1), of(2), of(3)]);
        assert_eq!(answered(&[0, 2, 3]), [of(1)]);
        assert_eq!(answered(&[0, 1, 2, 3]), []);
    }

    /// A client may go after its request was answered and before it looks.
    #[test]
    fn an_answer_that_nobody_takes_sends_the_others() {
        let mut answers = CommitAnswers::default();
        let [(one, first), (other, last)] = [channel(), channel()];
        answers.add(one, Ok(Vec::new()));
        answers.add(other, Err(Refusal::Busy));
        answers.send(Some(Arc::new(Inbox::new()).rest()));
        drop(first);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(last.result()), Err(Refusal::Busy));
    }

    #[test]
    fn without_a_writer_nothing_was_acknowledged() {
        let (sender, awaited) = channel();
        drop(sender);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(awaited.result()), Err(Refusal::StoreFailed));
    }
}

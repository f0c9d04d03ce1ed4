//! Why a request as a whole was not taken, in the words of each dialect.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_store::Refusal;
use headcount_wire::{Malformed, datadog, otlp, posthog};

use crate::limits;

/// Why a request was not taken. None of its events has an outcome but those that are refused for
/// now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TurnedAway {
    /// The body is not what the dialect carries.
    Malformed(String),
    /// It has more in it than is taken at once; the sentence says of what.
    TooMuch(String),
    /// Nothing says whose events these are; the sentence says what does in this dialect.
    NoKey(&'static str),
    /// Nobody has this key.
    UnknownKey,
    /// There is no such product; those there are.
    UnknownProduct(String),
    /// This product has no event of which this is the path.
    NoEvent(&'static str),
    /// The one event of the request was rejected, which is its outcome.
    Rejected(Reason),
    /// The body took too long to come.
    TooSlow,
    /// The body is longer than [`limits::BODY_BYTES`].
    TooLarge,
    /// The body is longer than [`limits::DECOMPRESSED_BYTES`] once it is decompressed.
    TooLargeInside,
    /// The body is compressed in a way that is not known here.
    UnknownEncoding,
    /// The body is in a format that is not known here; the sentence says which are.
    UnknownType(&'static str),
    /// Too much is going on.
    Busy,
    /// The commit failed.
    StoreFailed,
}

impl From<Malformed> for TurnedAway {
    fn from(malformed: Malformed) -> Self {
        let sentence = malformed.to_string();
        if malformed.is_too_much() { Self::TooMuch(sentence) } else { Self::Malformed(sentence) }
    }
}

impl From<Refusal> for TurnedAway {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::StoreFailed => Self::StoreFailed,
            _ => Self::Busy,
        }
    }
}

/// `google.rpc.Code`, as far as it is needed.
#[derive(Debug, Clone, Copy)]
enum Code {
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    Unavailable = 14,
    Unauthenticated = 16,
}

impl TurnedAway {
    fn status(&self) -> (StatusCode, Code) {
        match self {
            Self::Malformed(_) | Self::Rejected(_) => {
                (StatusCode::BAD_REQUEST, Code::InvalidArgument)
            }
            Self::NoKey(_) | Self::UnknownKey => (StatusCode::UNAUTHORIZED, Code::Unauthenticated),
            Self::UnknownProduct(_) | Self::NoEvent(_) => (StatusCode::NOT_FOUND, Code::NotFound),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, Code::DeadlineExceeded),
            Self::TooMuch(_) | Self::TooLarge | Self::TooLargeInside => {
                (StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidArgument)
            }
            Self::UnknownEncoding | Self::UnknownType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidArgument)
            }
            // Never 500: a client that follows OTLP throws its events away after one.
            Self::Busy | Self::StoreFailed => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Malformed(sentence) | Self::TooMuch(sentence) => sentence.clone(),
            Self::NoKey(sentence) | Self::UnknownType(sentence) => (*sentence).to_owned(),
            Self::UnknownKey => {
                "nobody has this key: in development a product's name is one, and so is the public \
                 key in its catalog"
                    .to_owned()
            }
            Self::UnknownProduct(known) => {
                format!("this collector knows no product of this name; it knows {known}")
            }
            Self::NoEvent(product) => {
                format!("no event of `{product}` has this path: its catalog names each event's own")
            }
            Self::Rejected(reason) => {
                format!("the event was rejected, and would be again: {reason}")
            }
            Self::TooSlow => format!(
                "the body was not whole after {} seconds: send it again, in smaller batches",
                limits::BODY_TIME.as_secs()
            ),
            Self::TooLarge => format!(
                "the body is longer than {} MiB: send smaller batches",
                limits::BODY_BYTES / MIB
            ),
            Self::TooLargeInside => format!(
                "the body is longer than {} MiB once it is decompressed: send smaller batches",
                limits::DECOMPRESSED_BYTES / MIB
            ),
            Self::UnknownEncoding => {
                "the body is compressed in a way that is not taken: send it plain, or with \
                 `Content-Encoding: gzip`, `deflate` or `zstd`"
                    .to_owned()
            }
            Self::Busy => "too much is going on: send it again later".to_owned(),
            Self::StoreFailed => {
                "the events could not be written to disk: send them again later".to_owned()
            }
        }
    }

    /// `{"error":"…"}`.
    pub(super) fn native(&self) -> Response {
        let (status, _) = self.status();
        self.dress(crate::answer::error(status, &self.sentence()))
    }

    /// A `google.rpc.Status`.
    pub(super) fn otlp(&self) -> Response {
        let (status, code) = self.status();
        self.dress(super::json(status, otlp::encode_error(code as u8, &self.sentence())))
    }

    /// The same in protocol buffers.
    pub(super) fn otlp_protobuf(&self) -> Response {
        let (status, code) = self.status();
        let error = otlp::encode_error_protobuf(code as u8, &self.sentence());
        self.dress(crate::answer::of(status, otlp::CONTENT_TYPE_PROTOBUF, error))
    }

    /// `{"error":"…","error_description":"…"}`.
    pub(super) fn posthog(&self) -> Response {
        let (status, _) = self.status();
        let tag = title(status).to_ascii_lowercase().replace(' ', "_");
        self.dress(super::json(status, posthog::encode_error(&tag, &self.sentence())))
    }

    /// `{"errors":[{"status":"…","title":"…","detail":"…"}]}`.
    pub(super) fn datadog(&self) -> Response {
        let (status, _) = self.status();
        let error = datadog::encode_error(status.as_u16(), title(status), &self.sentence());
        self.dress(super::json(status, error))
    }

    fn dress(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        match self {
            Self::Busy | Self::StoreFailed => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_SECONDS));
            }
            Self::NoKey(_) | Self::UnknownKey => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooSlow => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

/// HTTP's own name for a status.
fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

const MIB: usize = 1024 * 1024;

//! Why a request as a whole was rejected, and the answer of each dialect.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_store::Refusal;
use headcount_wire::{Malformed, datadog, otlp, posthog};

use crate::answer::{self, WhyRefused, after_retry_time};
use crate::door::TurnedAway;
use crate::limits;

/// Why a request was rejected as a whole. Its events have no outcomes, unless
/// they were refused or [rejected](Self::Rejected).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rejection {
    /// The body is not valid in its dialect; the message says where.
    Malformed(String),
    /// The body has more of something than one request may have; the message
    /// says of what.
    TooMuch(String),
    /// Nothing names the product; the message says what does in this dialect.
    NoKey(&'static str),
    /// No product has this key.
    UnknownKey,
    /// It is a reader's token, which cannot write.
    ReadersToken,
    /// The key is a product's whose catalog is not loaded.
    NoCatalog,
    /// A web page of another origin sent it, without a key.
    FromOtherSite,
    /// No product has this name.
    UnknownProduct,
    /// Spans or metrics of a product whose catalog does not read them.
    NotObserved,
    /// This product has no event with this path.
    NoEvent(&'static str),
    /// The only event of the request was rejected, and this is its outcome.
    Rejected(Reason),
    /// The body did not arrive within [`limits::BODY_TIME`], or too slowly for
    /// as many clients as there are.
    TooSlow,
    /// The connection ended before the body did.
    CutShort,
    /// The body is longer than [`limits::BODY_BYTES`].
    TooLarge,
    /// The decompressed body is longer than [`limits::DECOMPRESSED_BYTES`].
    DecompressedTooLarge,
    /// The `Content-Encoding` is not supported.
    UnknownEncoding,
    /// The `Content-Type` is not supported; the message says which are.
    UnknownType(&'static str),
    /// There are too many requests, bodies or waiting events.
    Busy,
    /// Its client or its key sends too often.
    TooOften,
    /// It did not come through the proxy in front.
    NotFromTheProxy,
    /// Its client did not speak TLS with the proxy in front.
    NotEncrypted,
    /// It is plain HTTP, and the collector speaks TLS.
    WithoutTls,
    /// The proxy in front does not say whether its client spoke TLS.
    SchemeUnsaid,
    /// The commit failed.
    StoreFailed,
    /// An event seems to lie in the future or to be too old, and the
    /// collector's clock is in doubt.
    ClockInDoubt,
    /// A bug in the collector.
    Internal,
    /// Any other one, of a request whose product is known.
    OfProduct(&'static str, Box<Self>),
}

impl From<Malformed> for Rejection {
    fn from(malformed: Malformed) -> Self {
        let message = malformed.to_string();
        if malformed.is_too_much() { Self::TooMuch(message) } else { Self::Malformed(message) }
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Busy => Self::Busy,
            Refusal::StoreFailed => Self::StoreFailed,
            Refusal::ClockInDoubt => Self::ClockInDoubt,
            _ => Self::Internal,
        }
    }
}

impl From<TurnedAway> for Rejection {
    fn from(why: TurnedAway) -> Self {
        match why {
            TurnedAway::NotFromTheProxy => Self::NotFromTheProxy,
            TurnedAway::SchemeUnsaid => Self::SchemeUnsaid,
            TurnedAway::NotEncrypted => Self::NotEncrypted,
            TurnedAway::WithoutTls => Self::WithoutTls,
            TurnedAway::TooOften => Self::TooOften,
        }
    }
}

/// The values of `google.rpc.Code` that the collector uses.
#[derive(Debug, Clone, Copy)]
enum Code {
    InvalidArgument = 3,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unavailable = 14,
    Unauthenticated = 16,
}

impl Rejection {
    /// The body is not what its encoding requires.
    pub(super) fn broken_encoding(encoding: &str) -> Self {
        Self::Malformed(format!("the body is not valid {encoding}, or is cut short"))
    }

    /// The same, of a request to this product.
    pub(super) fn of(self, product: &'static str) -> Self {
        match self {
            known @ Self::OfProduct(..) => known,
            why => Self::OfProduct(product, Box::new(why)),
        }
    }

    /// What the operator's log says of it.
    fn why(&self) -> WhyRefused {
        let reason = match self {
            Self::OfProduct(product, why) => {
                return WhyRefused { product: Some(product), ..why.why() };
            }
            Self::NoEvent(product) => {
                return WhyRefused { reason: "no-event-at-path", product: Some(product) };
            }
            Self::Malformed(_) => "malformed",
            Self::TooMuch(_) => "too-much",
            Self::NoKey(_) => "no-key",
            Self::UnknownKey => "unknown-key",
            Self::ReadersToken => "readers-token",
            Self::NoCatalog => "no-catalog",
            Self::FromOtherSite => "from-other-site",
            Self::UnknownProduct => "unknown-product",
            Self::NotObserved => "not-observed",
            Self::Rejected(reason) => reason.name(),
            Self::TooSlow => "too-slow",
            Self::CutShort => "cut-short",
            Self::TooLarge => "too-large",
            Self::DecompressedTooLarge => "decompressed-too-large",
            Self::UnknownEncoding => "unknown-encoding",
            Self::UnknownType(_) => "unknown-type",
            Self::Busy => "busy",
            Self::StoreFailed => "store-failed",
            Self::ClockInDoubt => "clock-in-doubt",
            Self::Internal => "internal",
            Self::TooOften => "too-often",
            Self::WithoutTls => "without-tls",
            Self::NotFromTheProxy => "not-from-the-proxy",
            Self::SchemeUnsaid => "scheme-unsaid",
            Self::NotEncrypted => "not-encrypted",
        };
        WhyRefused { reason, product: None }
    }

    fn status(&self) -> (StatusCode, Code) {
        match self {
            Self::OfProduct(_, why) => why.status(),
            Self::Malformed(_) | Self::Rejected(_) | Self::WithoutTls => {
                (StatusCode::BAD_REQUEST, Code::InvalidArgument)
            }
            Self::NoKey(_) | Self::UnknownKey | Self::ReadersToken => {
                (StatusCode::UNAUTHORIZED, Code::Unauthenticated)
            }
            Self::FromOtherSite | Self::NotFromTheProxy | Self::NotEncrypted => {
                (StatusCode::FORBIDDEN, Code::PermissionDenied)
            }
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, Code::ResourceExhausted),
            Self::UnknownProduct | Self::NotObserved | Self::NoCatalog | Self::NoEvent(_) => {
                (StatusCode::NOT_FOUND, Code::NotFound)
            }
            Self::TooMuch(_) | Self::TooLarge | Self::DecompressedTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidArgument)
            }
            Self::UnknownEncoding | Self::UnknownType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidArgument)
            }
            // Never 500 or 408: OTLP clients do not retry after them, and drop
            // their events. The clients of every dialect retry after 503.
            Self::TooSlow
            | Self::CutShort
            | Self::Busy
            | Self::StoreFailed
            | Self::ClockInDoubt
            | Self::SchemeUnsaid
            | Self::Internal => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::OfProduct(_, why) => why.message(),
            Self::Malformed(message) | Self::TooMuch(message) => message.clone(),
            Self::NoKey(message) | Self::UnknownType(message) => (*message).to_owned(),
            Self::UnknownKey => {
                "unknown write key: use one that `headcount keys new` has made; with --development, use \
                 the product's name or the public key in its catalog"
                    .to_owned()
            }
            Self::ReadersToken => {
                "this is a reader's token, and can only read: send a write key, which `headcount keys \
                 new` makes"
                    .to_owned()
            }
            Self::NoCatalog => {
                "the write key is right, but the catalog of its product is not loaded: put it into \
                 the folder of catalogs"
                    .to_owned()
            }
            Self::FromOtherSite => {
                "a web page of another origin sent this, without a write key: send \
                 `Authorization: Bearer KEY`, or what PostHog's or Datadog's clients send"
                    .to_owned()
            }
            Self::UnknownProduct => {
                "unknown product: send the name in the catalog, or load its catalog into this \
                 collector"
                    .to_owned()
            }
            Self::NotObserved => {
                "spans and metrics are taken of products whose catalog has `[opentelemetry]`: send logs \
                 to /v1/logs"
                    .to_owned()
            }
            Self::NoEvent(product) => {
                format!("`{product}` has no event with this path; its catalog gives each event's path")
            }
            Self::Rejected(reason) => {
                format!("the event was rejected ({reason}); sending it again does not help")
            }
            Self::TooSlow => format!(
                "the body did not arrive within {} seconds, or too slowly while the collector is \
                 busy: send it again {}, or send smaller batches",
                limits::BODY_TIME.as_secs(),
                after_retry_time()
            ),
            Self::CutShort => {
                format!("the body ended early: send the same request again {}", after_retry_time())
            }
            Self::TooLarge => format!(
                "the body is longer than {} MiB: send smaller batches",
                limits::BODY_BYTES / MIB
            ),
            Self::DecompressedTooLarge => format!(
                "the decompressed body is longer than {} MiB: send smaller batches",
                limits::DECOMPRESSED_BYTES / MIB
            ),
            Self::UnknownEncoding => {
                "unsupported Content-Encoding: send the body uncompressed, or with \
                 `Content-Encoding: gzip`, `deflate` or `zstd`"
                    .to_owned()
            }
            Self::Busy => {
                format!("the collector is busy: send the same request again {}", after_retry_time())
            }
            Self::TooOften => format!(
                "too many requests from this address or with this key: send the same request again \
                 after {} seconds, and more events in one request",
                limits::TOO_OFTEN_SECONDS
            ),
            Self::NotFromTheProxy => {
                "this collector is behind a proxy: use the proxy's address; the operator names the \
                 addresses that the proxy connects from with --behind-proxy"
                    .to_owned()
            }
            Self::NotEncrypted => {
                "this was sent over plain HTTP, and the key or password in it must not be: use \
                 https://"
                    .to_owned()
            }
            Self::WithoutTls => {
                "this collector speaks TLS here: use https:// instead of http://".to_owned()
            }
            Self::SchemeUnsaid => {
                "the proxy in front of this collector does not say that the client spoke TLS with it: \
                 let it set the header `X-Forwarded-Proto: https`, in nginx with `proxy_set_header \
                 X-Forwarded-Proto $scheme;`, in Caddy with `reverse_proxy`, which sets it by itself"
                    .to_owned()
            }
            Self::StoreFailed => format!(
                "the collector could not write the events to disk: send the same request again {}",
                after_retry_time()
            ),
            Self::ClockInDoubt => format!(
                "an event seems to lie in the future or to be too old, and the collector's clock seems \
                 to be wrong: send the same request again after {} seconds",
                limits::CLOCK_RETRY_SECONDS
            ),
            Self::Internal => answer::internal_sentence(),
        }
    }

    /// Answers `{"error":"…"}`.
    pub(super) fn native(&self) -> Response {
        let (status, _) = self.status();
        self.with_headers(answer::error(status, &self.message()))
    }

    /// Answers with a `google.rpc.Status` in JSON.
    pub(super) fn otlp(&self) -> Response {
        let (status, code) = self.status();
        self.with_headers(answer::json(status, otlp::encode_error(code as u8, &self.message())))
    }

    /// Answers with a `google.rpc.Status` in protocol buffers.
    pub(super) fn otlp_protobuf(&self) -> Response {
        let (status, code) = self.status();
        let error = otlp::encode_error_protobuf(code as u8, &self.message());
        self.with_headers(answer::of(status, otlp::CONTENT_TYPE_PROTOBUF, error))
    }

    /// Answers `{"error":"…","error_description":"…"}`.
    pub(super) fn posthog(&self) -> Response {
        let (status, _) = self.status();
        let tag = title(status).to_ascii_lowercase().replace(' ', "_");
        self.with_headers(answer::json(status, posthog::encode_error(&tag, &self.message())))
    }

    /// Answers `{"errors":[{"status":"…","title":"…","detail":"…"}]}`.
    pub(super) fn datadog(&self) -> Response {
        let (status, _) = self.status();
        let error = datadog::encode_error(status.as_u16(), title(status), &self.message());
        self.with_headers(answer::json(status, error))
    }

    fn with_headers(&self, mut response: Response) -> Response {
        if let Self::OfProduct(product, why) = self {
            let mut response = why.with_headers(response);
            let why = WhyRefused { product: Some(product), ..why.why() };
            response.extensions_mut().insert(why);
            return response;
        }
        response.extensions_mut().insert(self.why());
        let headers = response.headers_mut();
        let is_for_later = matches!(
            self.status().0,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        );
        if is_for_later {
            let seconds = match self {
                Self::TooOften => limits::TOO_OFTEN_SECONDS,
                Self::ClockInDoubt => limits::CLOCK_RETRY_SECONDS,
                _ => limits::RETRY_SECONDS,
            };
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        match self {
            Self::NoKey(_) | Self::UnknownKey | Self::ReadersToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooSlow | Self::CutShort | Self::NotFromTheProxy | Self::WithoutTls => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

/// The name that HTTP gives a status.
fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

const MIB: usize = 1024 * 1024;

//! A message as the body of a request: `POST`, JSON.

use std::path::PathBuf;
use std::sync::Arc;

use headcount_collector::{AlertChannel, AlertMessage, Delivered};
use ureq::Agent;
use ureq::http::{Uri, header};
use ureq::tls::TlsConfig;

use super::limits;

/// An address that takes messages. It is often a secret, so it is not shown.
#[derive(Clone)]
pub(crate) struct Webhook {
    url: String,
    is_loopback: bool,
}

impl Webhook {
    /// Checks an address.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub(crate) fn new(url: &str) -> Result<Self, &'static str> {
        const FORM: &str = "write the address as https://hooks.example.org/path";
        let uri: Uri = url.parse().map_err(|_| FORM)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(FORM)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let address: Option<std::net::IpAddr> = bare.parse().ok();
        let is_loopback = host.eq_ignore_ascii_case("localhost")
            || address.is_some_and(|address| address.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback => {}
            Some("http") => {
                return Err("over http:// everybody on the way reads along: use https://");
            }
            _ => return Err(FORM),
        }
        Ok(Self { url: url.to_owned(), is_loopback })
    }

    /// The channel that delivers to it.
    pub(crate) fn channel(self) -> AlertChannel {
        let deliver = move |message: &AlertMessage| self.deliver(message);
        AlertChannel { kind: "webhook", deliver: Arc::new(deliver) }
    }

    /// Anything but 2xx is a failure: no redirect is followed.
    fn deliver(&self, message: &AlertMessage) -> Delivered {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(headcount::ship::roots(variable)).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("headcount/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(limits::STEP_TIME))
            .timeout_global(Some(limits::WHOLE_TIME));
        // On loopback no proxy has a business.
        let config = if self.is_loopback { config.proxy(None) } else { config };
        let request = config
            .build()
            .new_agent()
            .post(&self.url)
            .header(header::CONTENT_TYPE, "application/json");
        // What `ureq` says may have the address in it.
        let answer = request.send(message.json().to_string()).map_err(|error| match error {
            ureq::Error::Timeout(_) => "it took too long".to_owned(),
            ureq::Error::Io(error) => error.to_string(),
            ureq::Error::HostNotFound => "its host is not known".to_owned(),
            ureq::Error::ConnectionFailed => "the connection failed".to_owned(),
            ureq::Error::Rustls(error) => error.to_string(),
            _ => "there is no answer".to_owned(),
        })?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("the answer is {}", status.as_u16())) }
    }
}

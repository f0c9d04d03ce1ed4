//! Delivers messages about alerts, and reports: to a webhook, and by e-mail
//! through a relay.

mod limits;
mod webhook;
mod mail_text;
mod relay;
mod smtp;
mod smtp_tls;
#[cfg(test)]
mod smtp_capture;
#[cfg(test)]
mod tests;

pub(crate) use relay::{Email, Relay, is_mail_address};
pub(crate) use webhook::Webhook;

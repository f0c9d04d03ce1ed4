//! Asks the collector at an address, over HTTPS.

use std::path::{Path, PathBuf};

use headcount_collector::HttpQuestion;
use serde_json::Value as Json;
use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};

use super::limits;
use super::no_answer::NoAnswer;
use crate::authorities;

const ADDRESS: &str = "write the address as https://telemetry.example.org";

/// Returns the text of the answer. No redirect is followed: the token is for
/// this host alone.
pub(super) fn ask(
    url: &str,
    question: HttpQuestion,
    pairs: &[(String, String)],
    token: Option<&str>,
    authorities: Option<&Path>,
) -> Result<String, NoAnswer> {
    let path = format!("/api/v1/ask/{}", question.name());
    let answer = get(url, &path, pairs, token, authorities)?;
    // JSON is told from other text when it is read.
    let is_csv = pairs.iter().any(|(_, value)| value == "csv");
    match answer.status {
        StatusCode::OK if is_csv && !is_of_type(&answer.headers, "text/csv") => Err(not_ours()),
        StatusCode::OK => answer.body,
        _ => Err(answer.refused(token.is_some())),
    }
}

/// Returns the numbers of a public page; `None` if there is no such page. The
/// name is plain.
pub(super) fn public(
    url: &str,
    product: &str,
    authorities: Option<&Path>,
) -> Result<Option<String>, NoAnswer> {
    let answer = get(url, &format!("/public/{product}.json"), &[], None, authorities)?;
    match answer.status {
        StatusCode::OK if !is_of_type(&answer.headers, "application/json") => Err(not_ours()),
        StatusCode::OK => answer.body.map(Some),
        StatusCode::NOT_FOUND => Ok(None),
        _ => Err(answer.refused(false)),
    }
}

/// An answer to a request.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Result<String, NoAnswer>,
}

impl Received {
    fn refused(self, has_token: bool) -> NoAnswer {
        let location = self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        refused(self.status, location, &self.body.unwrap_or_default(), has_token)
    }
}

fn get(
    url: &str,
    path: &str,
    pairs: &[(String, String)],
    token: Option<&str>,
    authorities: Option<&Path>,
) -> Result<Received, NoAnswer> {
    let host = check(url)?;
    let agent = agent(&host, authorities)?;
    let mut request = agent.get(format!("{}{path}", url.trim_end_matches('/')));
    for (name, value) in pairs {
        request = request.query(name, value);
    }
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let unreached = |error: ureq::Error| {
        NoAnswer::failed(format!("there is no answer from {}: {error}", host.name))
    };
    let mut answer = request.call().map_err(unreached)?;
    let body = answer.body_mut().with_config().limit(limits::ANSWER_BYTES).read_to_string();
    Ok(Received {
        status: answer.status(),
        headers: answer.headers().clone(),
        body: body.map_err(unreached),
    })
}

fn not_ours() -> NoAnswer {
    NoAnswer::failed("the answer is not one of a collector: is this its address?")
}

/// Whether an answer says that it is what was asked for: a page to sign in to
/// something else is not.
fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    said.and_then(|said| said.split(';').next()).is_some_and(|kind| kind.trim() == wanted)
}

/// Who is asked.
struct AskedHost {
    /// For messages.
    name: String,
    is_loopback: bool,
}

/// Refuses addresses that would show the token to others.
fn check(url: &str) -> Result<AskedHost, NoAnswer> {
    let misused = |sentence: &str| NoAnswer::misused(format!("--url: {sentence}"));
    let uri: Uri = url.parse().map_err(|_| misused(ADDRESS))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(misused(ADDRESS));
    };
    if authority.as_str().contains('@') || uri.query().is_some() {
        return Err(misused(
            "an address is no place for a token: use HEADCOUNT_TOKEN or --token-file",
        ));
    }
    let host = authority.host();
    let is_loopback = is_loopback(host);
    match scheme {
        "https" => {}
        "http" if is_loopback => {}
        "http" => {
            return Err(misused(
                "over http:// everybody on the way can read the token: use https://",
            ));
        }
        _ => return Err(misused(ADDRESS)),
    }
    Ok(AskedHost { name: authority.as_str().to_owned(), is_loopback })
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address: Option<std::net::IpAddr> = bare.parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

fn agent(host: &AskedHost, named: Option<&Path>) -> Result<Agent, NoAnswer> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let roots = match named {
        Some(file) => {
            let failed = |why| NoAnswer::failed(format!("--ca {}: {why}", file.display()));
            RootCerts::from(authorities::in_file(file, limits::AUTHORITIES_BYTES).map_err(failed)?)
        }
        None => headcount::ship::roots(variable),
    };
    let config = Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("headcount/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(limits::CONNECT_TIME))
        .timeout_global(Some(limits::ANSWER_TIME));
    // On loopback no proxy has a business.
    let config = if host.is_loopback { config.proxy(None) } else { config };
    Ok(config.build().new_agent())
}

fn refused(status: StatusCode, location: Option<&str>, body: &str, has_token: bool) -> NoAnswer {
    let json: Option<Json> = serde_json::from_str(body).ok();
    let told = json.as_ref().and_then(|json| json["error"].as_str());
    match (status, told) {
        (StatusCode::UNAUTHORIZED, Some(told)) if has_token => NoAnswer::failed(told),
        (StatusCode::UNAUTHORIZED, None) if has_token => NoAnswer::failed(
            "the collector does not know this token: make another one there with `headcount \
             readers token NAME --data DIR`",
        ),
        (StatusCode::UNAUTHORIZED, _) => NoAnswer::failed(
            "the collector wants a token: put one into HEADCOUNT_TOKEN, or name its file with \
             --token-file; `headcount readers token NAME --data DIR` makes one",
        ),
        (StatusCode::BAD_REQUEST, Some(told)) => NoAnswer::misused(told),
        (_, Some(told)) => NoAnswer::failed(told),
        (status, None) if status.is_redirection() => NoAnswer::failed(format!(
            "the collector's address leads to {}, which is not followed with a token: name that \
             address if it is yours",
            location.unwrap_or("another one")
        )),
        (status, None) => NoAnswer::failed(format!(
            "the answer is {} and not one of a collector: is this its address?",
            status.as_u16()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_nobody_on_the_way() {
        for good in [
            "https://telemetry.example.org",
            "https://telemetry.example.org:8443/headcount/",
            "http://127.0.0.1:7070",
            "http://localhost:7070",
            "http://[::1]:7070",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for (wrong, told) in [
            ("http://telemetry.example.org", "use https://"),
            ("http://127.0.0.1.example.org", "use https://"),
            ("https://token@telemetry.example.org", "no place for a token"),
            ("https://telemetry.example.org/?token=a", "no place for a token"),
            ("telemetry.example.org", "write the address as"),
            ("/telemetry", "write the address as"),
            ("ftp://telemetry.example.org", "write the address as"),
            ("https://", "write the address as"),
            ("", "write the address as"),
        ] {
            let error = check(wrong).err().unwrap_or_else(|| panic!("{wrong}"));
            assert!(error.code == 2 && error.sentence.contains(told), "{wrong}: {error:?}");
        }
    }
}

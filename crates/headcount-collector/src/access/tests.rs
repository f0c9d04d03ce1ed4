//! The table of who may do what, every cell of it: each route with each method
//! for each caller.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use axum::routing::MethodFilter;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::{Builder, Runtime};

use super::row::{Face, Needs, Row};
use crate::app::App;
use crate::app::tests::TestApp;
use crate::connection_facts::{ConnectionFacts, PeerHash};
use crate::credentials::{Password, ReaderName, Role, SecretKind, SecretText};
use crate::offline::credentials as offline;
use crate::routes;

const PASSWORD: &str = "correct horse battery";

/// Every method that a row could have, and some that none has.
const METHODS: [(Method, Option<MethodFilter>); 8] = [
    (Method::GET, Some(MethodFilter::GET)),
    (Method::HEAD, Some(MethodFilter::HEAD)),
    (Method::POST, Some(MethodFilter::POST)),
    (Method::PUT, Some(MethodFilter::PUT)),
    (Method::DELETE, Some(MethodFilter::DELETE)),
    (Method::PATCH, Some(MethodFilter::PATCH)),
    (Method::OPTIONS, Some(MethodFilter::OPTIONS)),
    (Method::TRACE, Some(MethodFilter::TRACE)),
];

/// Who asks, with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    WriteKey,
    RevokedKey,
    InventedKey,
    ReadToken,
    OperateToken,
    RevokedToken,
    InventedToken,
    BasicPassword,
    SignedInToRead,
    SignedInToOperate,
    SignedOut,
    InventedSignIn,
    OtherSite,
    ForgedProxy,
}

impl Who {
    const ALL: [Self; 15] = [
        Self::Nobody,
        Self::WriteKey,
        Self::RevokedKey,
        Self::InventedKey,
        Self::ReadToken,
        Self::OperateToken,
        Self::RevokedToken,
        Self::InventedToken,
        Self::BasicPassword,
        Self::SignedInToRead,
        Self::SignedInToOperate,
        Self::SignedOut,
        Self::InventedSignIn,
        Self::OtherSite,
        Self::ForgedProxy,
    ];

    /// What the person or program may do, as the documentation says.
    fn role(self) -> Option<Role> {
        match self {
            Self::ReadToken | Self::SignedInToRead => Some(Role::Read),
            Self::OperateToken | Self::SignedInToOperate | Self::OtherSite => Some(Role::Operate),
            _ => None,
        }
    }

    fn may_write(self) -> bool {
        self == Self::WriteKey
    }
}

/// A collector with everybody's secrets, without its server.
struct Stage {
    runtime: Runtime,
    router: TowerToHyperService<Router>,
    _app: TestApp,
    secrets: Vec<(Who, String)>,
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::guarded();
        let (data, today) = (app.data().to_path_buf(), app.app.today());
        let reader = |name: &str, role| {
            let name = ReaderName::new(name).unwrap();
            let password = Password::new(PASSWORD, &name).unwrap();
            offline::new_reader(&data, &name, &password, role, today).unwrap();
        };
        reader("maria", Role::Read);
        reader("otto", Role::Operate);
        let key = || offline::new_key(&data, "smallest", today).unwrap().reveal().to_owned();
        let token = |name: &str| {
            let token = offline::new_token(&data, name, Role::Operate, today).unwrap();
            token.reveal().to_owned()
        };
        let mut secrets = vec![(Who::RevokedKey, key()), (Who::RevokedToken, token("otto"))];
        offline::revoke_key(&data, &offline::keys(&data).unwrap()[0].id).unwrap();
        let readers = offline::readers(&data).unwrap();
        offline::revoke_token(&data, &readers[1].tokens[0].id).unwrap();
        secrets.push((Who::WriteKey, key()));
        secrets.push((Who::ReadToken, token("maria")));
        secrets.push((Who::OperateToken, token("otto")));
        for (who, kind) in [
            (Who::InventedKey, SecretKind::WriteKey),
            (Who::InventedToken, SecretKind::Token),
            (Who::InventedSignIn, SecretKind::SignIn),
        ] {
            secrets.push((who, SecretText::new(kind).unwrap().as_str().to_owned()));
        }
        app.app.gate.look();
        let router = routes::all(&app.app).with_state(Arc::clone(&app.app));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let router = TowerToHyperService::new(router);
        let mut stage = Self { runtime, router, _app: app, secrets };
        for (who, name) in [
            (Who::SignedInToRead, "maria"),
            (Who::SignedInToOperate, "otto"),
            (Who::OtherSite, "otto"),
            (Who::SignedOut, "otto"),
        ] {
            stage.sign_in(who, name);
        }
        let cookie = stage.cookie(Who::SignedOut);
        let out = request(Method::POST, "/sign-out").header(header::COOKIE, cookie);
        assert_eq!(stage.send(out.body(Body::empty()).unwrap()).status(), StatusCode::SEE_OTHER);
        stage
    }

    fn sign_in(&mut self, who: Who, name: &str) {
        let form = format!("name={name}&password=correct+horse+battery");
        let request = request(Method::POST, "/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request.body(Body::from(form)).unwrap());
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let secret = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
        self.secrets.push((who, secret));
    }

    fn secret(&self, who: Who) -> &str {
        self.secrets.iter().find(|(own, _)| *own == who).map_or("", |(_, secret)| secret)
    }

    fn cookie(&self, who: Who) -> String {
        format!("headcount-sign-in={}", self.secret(who))
    }

    fn send(&self, request: Request<Body>) -> Response {
        self.runtime.block_on(self.router.call(request)).unwrap()
    }

    /// Sends what somebody would send there.
    fn ask(&self, who: Who, method: &Method, path: &str) -> Response {
        let mut request = request(method.clone(), &path.replace("{name}", "smallest"));
        let mut body = String::from("{}");
        match who {
            Who::Nobody => {}
            Who::BasicPassword => {
                // otto and his password, as browsers would send them.
                let basic = "Basic b3R0bzpjb3JyZWN0IGhvcnNlIGJhdHRlcnk=";
                request = request.header(header::AUTHORIZATION, basic);
            }
            Who::SignedInToRead | Who::SignedInToOperate | Who::SignedOut | Who::InventedSignIn => {
                request = request.header(header::COOKIE, self.cookie(who));
            }
            Who::OtherSite => {
                request = request
                    .header(header::COOKIE, self.cookie(who))
                    .header("sec-fetch-site", "cross-site")
                    .header(header::ORIGIN, "https://evil.example");
            }
            Who::ForgedProxy => request = request.header("x-forwarded-user", "otto"),
            _ => {
                // The dialects have the key in the head, in a header of their
                // own, or in the body.
                let secret = self.secret(who);
                request = request
                    .header(header::AUTHORIZATION, format!("Bearer {secret}"))
                    .header("dd-api-key", secret);
                body = format!(r#"{{"api_key":"{secret}","batch":[{{"event":"x"}}]}}"#);
            }
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).unwrap())
    }
}

fn request(method: Method, path: &str) -> axum::http::request::Builder {
    let facts = ConnectionFacts { peers: [Some(PeerHash(1)), None], is_encrypted: false };
    Request::builder().method(method).uri(path).header(header::HOST, "localhost").extension(facts)
}

/// What a cell must be, said a second time and independently of the gate.
fn expected(needs: Needs, face: Face, method: &Method, who: Who) -> &'static str {
    let is_safe = *method == Method::GET || *method == Method::HEAD;
    match needs {
        Needs::Nothing => "let in",
        Needs::WriteKey if who.may_write() => "let in",
        Needs::WriteKey => "401",
        Needs::Role(needed) => match who.role() {
            Some(_) if who == Who::OtherSite && !is_safe => "403",
            Some(role) if role >= needed => "let in",
            Some(_) => "403",
            None => {
                let is_silent = matches!(
                    who,
                    Who::Nobody | Who::SignedOut | Who::InventedSignIn | Who::ForgedProxy
                );
                if face == Face::Person && is_silent { "to sign in" } else { "401" }
            }
        },
    }
}

fn seen(answer: &Response) -> &'static str {
    let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
    match answer.status() {
        StatusCode::UNAUTHORIZED => "401",
        StatusCode::FORBIDDEN => "403",
        StatusCode::METHOD_NOT_ALLOWED => "405",
        StatusCode::SEE_OTHER if place.is_some_and(|to| to.starts_with("/sign-in")) => "to sign in",
        _ => "let in",
    }
}

/// The row that takes a method at a path. `HEAD` is taken where `GET` is.
fn row<'a>(rows: &'a [Row], path: &str, filter: MethodFilter) -> Option<&'a Row> {
    let find = |filter| rows.iter().find(|row| row.path == path && row.method == filter);
    find(filter).or_else(|| (filter == MethodFilter::HEAD).then(|| find(MethodFilter::GET))?)
}

#[test]
fn every_cell_of_the_table_is_as_the_routes_say() {
    let (stage, rows) = (Stage::new(), routes::rows());
    let mut cells = 0;
    let mut paths: Vec<&str> = rows.iter().map(|row| row.path).collect();
    paths.dedup();
    for path in paths {
        // These two are what a browser of another site may not send either.
        let is_of_sign_in = path == "/sign-in" || path == "/sign-out";
        for (method, filter) in &METHODS {
            for who in Who::ALL {
                let own = filter.and_then(|filter| row(&rows, path, filter));
                let wanted = match own {
                    None => "405",
                    Some(_) if is_of_sign_in => match (method, who) {
                        (&Method::POST, Who::OtherSite) => "403",
                        (&Method::POST, _) if path == "/sign-out" => "to sign in",
                        (&Method::POST, _) => "401 or 400",
                        _ => "let in",
                    },
                    Some(row) => expected(row.needs, row.face, method, who),
                };
                if path == "/sign-out" && who == Who::SignedInToOperate {
                    continue;
                }
                if path == "/sign-out" && who == Who::SignedInToRead {
                    continue;
                }
                let answer = stage.ask(who, method, path);
                let is_right = match wanted {
                    // The body is not a form.
                    "401 or 400" => answer.status() == StatusCode::BAD_REQUEST,
                    wanted => seen(&answer) == wanted,
                };
                assert!(is_right, "{who:?} {method} {path}: {} {wanted}", answer.status());
                cells += 1;
            }
        }
    }
    assert!(cells > 2_000, "{cells}");
}

/// A path that no route has tells nobody anything.
#[test]
fn unknown_paths_are_not_found_for_everybody() {
    let stage = Stage::new();
    for path in ["/api", "/api/v1", "/product", "/admin", "/api/v1/reload/x", "/.env"] {
        for who in Who::ALL {
            assert_eq!(stage.ask(who, &Method::GET, path).status(), StatusCode::NOT_FOUND);
        }
    }
}

/// What gives away who may do what is a page that operators can read.
#[test]
fn the_documented_table_is_that_of_the_routes() {
    let mut table = String::from(
        "| path | method | who |\n\
         | --- | --- | --- |\n",
    );
    for row in routes::rows() {
        let method = METHODS.iter().find(|(_, filter)| *filter == Some(row.method));
        let method = method.map_or("", |(method, _)| method.as_str());
        let who = match row.needs {
            Needs::Nothing => "everybody",
            Needs::WriteKey => "a write key",
            Needs::Role(Role::Read) => "a reader",
            Needs::Role(Role::Operate) => "a reader with the role `operate`",
        };
        let _ = writeln!(table, "| `{}` | {method} | {who} |", row.path);
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate/access.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let begin = "<!-- routes -->\n";
    let (head, rest) = page.split_once(begin).expect("the mark of the table");
    let (own, tail) = rest.split_once("<!-- end of routes -->").expect("the end of the table");
    if std::env::var_os("UPDATE").is_some() {
        let page = format!("{head}{begin}{table}<!-- end of routes -->{tail}");
        std::fs::write(&file, page).unwrap();
    } else {
        assert_eq!(own, table, "run this test with UPDATE=1, and look at the difference");
    }
}

#[test]
fn a_route_is_a_row_and_nothing_else() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("access/table.rs")
                && !path.ends_with("access/tests.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                for other in [".route(", ".route_service(", ".nest(", ".merge(routes"] {
                    assert!(!text.contains(other), "{}: {other}", path.display());
                }
            }
        }
    }
}

#[test]
fn a_token_in_an_address_is_refused_whoever_sends_it() {
    let stage = Stage::new();
    let token = stage.secret(Who::OperateToken).to_owned();
    for path in ["/metrics?token=", "/api/v1/ask/events?product=smallest&token=", "/?t="] {
        for who in [Who::Nobody, Who::OperateToken, Who::SignedInToOperate] {
            let answer = stage.ask(who, &Method::GET, &format!("{path}{token}"));
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{who:?} {path}");
        }
    }
}

/// A browser that was signed in by one password is not by the next one.
#[test]
fn another_password_or_a_removed_reader_ends_every_sign_in() {
    let stage = Stage::new();
    let app: &Arc<App> = &stage._app.app;
    let data = stage._app.data().to_path_buf();
    let is_in = |who| stage.ask(who, &Method::GET, "/metrics").status() == StatusCode::OK;
    assert!(is_in(Who::SignedInToRead) && is_in(Who::SignedInToOperate));
    let maria = ReaderName::new("maria").unwrap();
    let password = Password::new("another horse battery", &maria).unwrap();
    offline::set_password(&data, &maria, &password).unwrap();
    offline::remove_reader(&data, "otto").unwrap();
    app.gate.look();
    assert!(!is_in(Who::SignedInToRead) && !is_in(Who::SignedInToOperate));
    assert!(!is_in(Who::OperateToken), "its reader is gone");
    assert!(is_in(Who::ReadToken), "a token is not a password");
}

/// Two heads of one name are two opinions, and the proxy in front may have read
/// the other one.
#[test]
fn a_token_that_is_sent_twice_counts_as_none() {
    let stage = Stage::new();
    let token = format!("Bearer {}", stage.secret(Who::OperateToken));
    let mut headers = HeaderMap::new();
    headers.append(header::AUTHORIZATION, token.parse().unwrap());
    headers.append(header::AUTHORIZATION, token.parse().unwrap());
    let mut twice = request(Method::GET, "/metrics").body(Body::empty()).unwrap();
    twice.headers_mut().extend(headers);
    assert_eq!(stage.send(twice).status(), StatusCode::UNAUTHORIZED);
}

//! `POST /product/<name>/notes`: a reader writes a note, or takes one away.

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Extension, Form, Path, State};
use axum::handler::Handler as _;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Day;

use super::day_note::NewDayNote;
use super::note_error::NoteError;
use crate::access::{Caller, Row};
use crate::answer::{ErrorSentence, whole_sentence};
use crate::app::App;
use crate::operator_log::{LogPart, Sentence};
use crate::registry::LoadedProduct;
use crate::{answer, guard, limits};

/// The routes of notes.
pub(crate) fn rows() -> Vec<Row> {
    let form = change.layer(DefaultBodyLimit::max(limits::NOTE_FORM_BYTES));
    vec![
        Row::form("/product/{name}/notes", form),
        // Where somebody lands who has to sign in first.
        Row::page("/product/{name}/notes", back),
    ]
}

type Name = Result<Path<String>, PathRejection>;

/// What a form asks for.
enum Asked {
    Add(NewDayNote),
    Remove(String),
}

async fn back(State(app): State<Arc<App>>, name: Name) -> Response {
    known(&app, name).map_or_else(answer::not_found, |product| to_page(&place(product, "")))
}

async fn change(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    // In development no gate has looked.
    if guard::is_cross_site(&headers, app.door.scheme()) {
        let sentence = "A web page of another origin sent this: open this collector's own page.";
        return said(StatusCode::FORBIDDEN, sentence, None);
    }
    let Some(product) = known(&app, name) else { return answer::not_found() };
    let Ok(Form(pairs)) = form else {
        let sentence = "This is not a form: send `day` and `text`, or `remove`.";
        return said(StatusCode::BAD_REQUEST, sentence, Some(place(product, "")));
    };
    let back = place(product, field(&pairs, "query"));
    let asked = match asked(product, &caller, &pairs) {
        Ok(asked) => asked,
        Err(sentence) => return said(StatusCode::BAD_REQUEST, &sentence, Some(back)),
    };
    let (changing, now) = (Arc::clone(&app), app.now());
    let changed = tokio::task::spawn_blocking(move || {
        let data = &changing.data;
        match asked {
            Asked::Add(note) => super::add(data, note, now)?,
            Asked::Remove(id) => super::remove(data, Some(product), &id)?,
        };
        changing.notes.look();
        Ok::<(), NoteError>(())
    });
    match changed.await {
        Ok(Ok(())) => to_page(&back),
        Ok(Err(error)) if error.is_of_the_note() => {
            said(StatusCode::BAD_REQUEST, &sentence(&error), Some(back))
        }
        Ok(Err(error)) => {
            app.log.error(LogPart::Notes, Sentence::of_files(&error.to_string()));
            let sentence = "The note cannot be kept right now. The operator's log says why.";
            said(StatusCode::SERVICE_UNAVAILABLE, sentence, Some(back))
        }
        Err(_) => answer::internal_error(),
    }
}

fn known(app: &App, name: Name) -> Option<&'static str> {
    let Path(name) = name.ok()?;
    app.registry().product(&name).map(LoadedProduct::name)
}

fn asked(product: &str, caller: &Caller, pairs: &[(String, String)]) -> Result<Asked, String> {
    let id = field(pairs, "remove");
    if !id.is_empty() {
        return Ok(Asked::Remove(id.to_owned()));
    }
    let day = Day::parse(field(pairs, "day"))
        .ok_or("`day` is not a date: write it as 2026-11-20.".to_owned())?;
    NewDayNote::new(product, day, field(pairs, "text"), caller.name.clone())
        .map(Asked::Add)
        .map_err(|error| sentence(&error))
}

/// What is wrong, as a whole sentence. Nothing that was sent is in it.
fn sentence(error: &NoteError) -> String {
    let text = match error {
        NoteError::Unknown(_) => "no note of this product has this id: it is gone".to_owned(),
        error => error.to_string(),
    };
    whole_sentence(&text)
}

fn field<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The address of the product's page, with the query that the form was on:
/// which days are shown, and how.
fn place(product: &str, query: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"=&-._~%+,:".contains(&byte);
    let is_query = query.len() <= limits::PAGE_QUERY_BYTES && query.bytes().all(is_plain);
    match query {
        "" => format!("/product/{product}"),
        _ if is_query => format!("/product/{product}?{query}"),
        _ => format!("/product/{product}"),
    }
}

fn to_page(place: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // The names of products are plain.
    if let Ok(place) = HeaderValue::try_from(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// A sentence, for a browser on a page with the way back.
fn said(status: StatusCode, sentence: &str, back: Option<String>) -> Response {
    let text = format!("{sentence}\n");
    let mut response = answer::of(status, "text/plain; charset=utf-8", text);
    let told = ErrorSentence { sentence: sentence.to_owned(), back };
    response.extensions_mut().insert(told);
    response
}

//! `POST /api/v1/reload`: reads the catalogs and the credentials again, as
//! SIGHUP does.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::answer;
use crate::app::App;
use crate::operator_log::Sentence;

pub(super) async fn handle(State(app): State<Arc<App>>) -> Response {
    let reloading = Arc::clone(&app);
    let reload = tokio::task::spawn_blocking(move || {
        reloading.gate.reload();
        reloading.catalogs.reload()
    });
    match reload.await {
        Ok(reload) => {
            let text = json!({"added": texts(&reload.added), "mistakes": texts(&reload.mistakes)});
            answer::json(StatusCode::OK, text.to_string())
        }
        Err(_) => answer::internal_error(),
    }
}

fn texts(sentences: &[Sentence]) -> Vec<&str> {
    sentences.iter().map(|sentence| &**sentence).collect()
}

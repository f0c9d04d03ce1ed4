//! The page to sign in. It names no product: it is shown to everybody.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::layout;

/// What the page says besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInNote {
    /// The name or the password is wrong.
    Wrong,
    /// There were too many tries.
    TooOften {
        /// After how long another one may come.
        seconds: u64,
    },
    /// A page of another origin sent the form.
    FromOtherSite,
    /// What was sent is not the form.
    NotAForm,
}

/// The page to sign in, which then leads to `to`.
pub(crate) fn sign_in(status: StatusCode, to: &str, note: Option<SignInNote>) -> Response {
    layout::page_answer(status, layout::without_products("Sign in", &form(to, note)))
}

fn form(to: &str, note: Option<SignInNote>) -> Markup {
    let invalid = (note == Some(SignInNote::Wrong)).then_some("true");
    html! {
        section.sign-in {
            h1 { "Sign in" }
            @if let Some(note) = note { p.note role="alert" id="note" { (said(note)) } }
            form method="post" action="/sign-in" {
                input type="hidden" name="to" value=(to);
                label for="name" { "Name" }
                input id="name" name="name" required autofocus autocomplete="username"
                    autocapitalize="none" spellcheck="false" aria-invalid=[invalid];
                label for="password" { "Password" }
                input id="password" name="password" type="password" required
                    autocomplete="current-password" aria-invalid=[invalid];
                button type="submit" { "Sign in" }
            }
            p.quiet {
                "Whoever runs this collector adds readers with " code { "headcount readers new NAME" } "."
            }
        }
    }
}

fn said(note: SignInNote) -> String {
    match note {
        SignInNote::Wrong => "Wrong name or password. Try again.".to_owned(),
        SignInNote::TooOften { seconds } => {
            let plural = if seconds == 1 { "" } else { "s" };
            format!("Too many tries. Try again after {seconds} second{plural}.")
        }
        SignInNote::FromOtherSite => {
            "Another site sent this form. If you want to sign in, do it here.".to_owned()
        }
        SignInNote::NotAForm => "What was sent is not this form. Try again.".to_owned(),
    }
}

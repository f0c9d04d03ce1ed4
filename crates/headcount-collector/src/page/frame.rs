//! The document around what a page shows, in two parts: the first can be sent
//! while the content is not known.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::style;

/// What a page has between its two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Numbers of a store: the page stays fresh, and says where they are as
    /// data.
    Numbers,
    NoNumbers,
}

/// Everything down to the content. `head` comes after the link to all products.
pub(super) fn above_content(title: &str, head: &Markup, content: Content) -> Markup {
    let live = if content == Content::Numbers { " data-live=\"yes\"" } else { "" };
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · Headcount" }
            (style::of_a_page())
            link rel="icon" type="image/svg+xml" href="/favicon.svg";
            script src="/page.js" defer {}
        }
        (PreEscaped("<body>"))
        a.skip href="#content" { "Skip to the content" }
        header.top {
            a.house href="/" { "Headcount" }
            (head)
        }
        @if content == Content::Numbers { p id="stale" role="status" {} }
        (PreEscaped(format!("<main id=\"content\"{live}>")))
    }
}

/// Everything after the content.
pub(super) fn below_content(content: Content) -> Markup {
    html! {
        (PreEscaped("</main>"))
        footer {
            p {
                "Counted by " strong { "Headcount" } ". Ids of devices are stored as pseudonyms, and IP \
                 addresses are not stored."
                @if content == Content::Numbers {
                    " Days are those of UTC. Every panel has its numbers as data; "
                    a href="/api/v1/openapi.json" { "all questions" } " and "
                    a href="/metrics" { "metrics" } " are there, too."
                }
            }
            @if content == Content::Numbers { p id="fresh" {} }
        }
        (PreEscaped("</body></html>"))
    }
}

//! Writes blocks as a page of its own: one file that loads nothing.

use headcount_catalog::Catalog;
use headcount_catalog::plain_words::Block;
use headcount_collector::words_as_html;

/// Light and dark, for a phone and for paper.
const STYLE: &str = "
:root { color-scheme: light dark; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 46rem; font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { margin-top: 2.4rem; font-size: 1.25rem; }
h3 { margin-top: 1.6rem; font-size: 1rem; }
code { font: 0.9em ui-monospace, monospace; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); text-align: left; vertical-align: top; }
";

/// The whole document, with one newline at its end.
pub(super) fn written(catalog: &Catalog, blocks: &[Block]) -> String {
    let title = escaped(catalog.product.title);
    format!(
        "<!doctype html>\n\
         <!-- Made from telemetry.toml by `headcount docs --format html`: change that file, and run it again. -->\n\
         <html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>What {title} reports about its use</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         {}\n</main>\n</body>\n</html>\n",
        words_as_html(blocks)
    )
}

/// Text of an author's, as text of HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

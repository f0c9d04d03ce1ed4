//! Generates a typed telemetry API from a catalog, at compile time.
//!
//! ```text
//! telemetry.toml ──parse──▶ catalog ──codegen──▶ CATALOG, a struct an event,
//!                                                an enum a closed set, Host
//! ```
//!
//! A host writes `headcount::catalog!("telemetry.toml");` in its own module and
//! makes an event with a struct literal. A property that is not in the catalog,
//! a missing one, a free string or a word outside its set does not compile.
//!
//! This crate is a thin shell around `headcount-catalog` (features `parse` and
//! `codegen`), which parses the catalog and generates the code. It runs inside
//! the compiler, so the host's binary contains neither. A host does not depend
//! on it directly: `headcount` re-exports its one macro.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::path::Path;

use headcount_catalog::codegen::{Paths, rust};
use headcount_catalog::parse;

/// Generates the typed telemetry API of a catalog, in the module where it is
/// called.
///
/// The path is relative to the folder of the package's `Cargo.toml`. The
/// package is compiled again when the file changes.
///
/// ```ignore
/// mod telemetry {
///     headcount::catalog!("telemetry.toml");
/// }
///
/// let event = telemetry::AtomicCommand {
///     command: telemetry::Command::Update,
///     agent_type: None,
///     success: true,
/// };
/// ```
///
/// Every mistake in the catalog is a compile error with its line and column.
#[proc_macro]
pub fn catalog(input: TokenStream) -> TokenStream {
    let span = input.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let text = path(input).and_then(|path| expand(&path));
    let tokens = text.and_then(|text| {
        text.parse::<TokenStream>().map_err(|error| {
            vec![format!("The code generated from the catalog does not compile ({error}). This is a bug in Headcount: please report it.")]
        })
    });
    tokens.unwrap_or_else(|sentences| {
        sentences.iter().flat_map(|sentence| compile_error(sentence, span)).collect()
    })
}

/// The path, from the one string literal that the macro takes.
fn path(input: TokenStream) -> Result<String, Vec<String>> {
    let usage = || vec!["Give the path of the catalog: `catalog!(\"telemetry.toml\")`.".to_owned()];
    let mut tokens = input.into_iter();
    let (Some(token), None) = (tokens.next(), tokens.next()) else { return Err(usage()) };
    let literal = match token {
        TokenTree::Literal(literal) => literal.to_string(),
        // A literal from another macro comes in a group without delimiters.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            return path(group.stream());
        }
        _ => return Err(usage()),
    };
    let written = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match written.ok_or_else(usage)? {
        "" => Err(usage()),
        path if path.contains('\\') => {
            Err(vec!["Write the path of the catalog with `/`, on Windows too.".to_owned()])
        }
        path => Ok(path.to_owned()),
    }
}

/// The API of the catalog at a path, and a line that makes the compiler track
/// the file.
fn expand(written: &str) -> Result<String, Vec<String>> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
        vec![
            "CARGO_MANIFEST_DIR, the folder of the package, is not set: build with cargo."
                .to_owned(),
        ]
    })?;
    let file = Path::new(&folder).join(written);
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let why = error.kind();
        vec![format!(
            "{written} cannot be read ({why}). The path is relative to the folder of Cargo.toml."
        )]
    })?;
    let catalog = parse(&text).map_err(|mistakes| {
        mistakes.into_iter().map(|mistake| format!("{written}:{mistake}")).collect::<Vec<_>>()
    })?;
    let tracked =
        format!("const _: &[u8] = ::core::include_bytes!({:?});\n", file.display().to_string());
    Ok(rust(&catalog, Paths::HOST) + &tracked)
}

/// `::core::compile_error! { "sentence" }`, all of it at `span`.
fn compile_error(sentence: &str, span: Span) -> impl Iterator<Item = TokenTree> {
    let colon = |spacing| TokenTree::from(Punct::new(':', spacing));
    let text = TokenStream::from(TokenTree::from(Literal::string(sentence)));
    let tokens = [
        colon(Spacing::Joint),
        colon(Spacing::Alone),
        Ident::new("core", span).into(),
        colon(Spacing::Joint),
        colon(Spacing::Alone),
        Ident::new("compile_error", span).into(),
        Punct::new('!', Spacing::Alone).into(),
        Group::new(Delimiter::Brace, text).into(),
    ];
    tokens.into_iter().map(move |mut token| {
        token.set_span(span);
        token
    })
}

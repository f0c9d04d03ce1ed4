//! The macro `catalog!`, which makes a typed telemetry API of a
//! `telemetry.toml` when a host is compiled.
//!
//! ```text
//! telemetry.toml ── parse ──▶ catalog ── codegen ──▶ CATALOG, a struct for each event,
//!                                                    an enum for each closed set, Host
//! ```
//!
//! A host writes `headcount::catalog!("telemetry.toml");` in a module of its
//! own and makes an event with a struct literal. A property outside the
//! catalog, a missing property, a plain string or a word outside its set does
//! not compile.
//!
//! This crate only reads the file and reports mistakes: `parse` and `codegen`
//! are features of `headcount-catalog`. It runs in the compiler, so the host's
//! binary contains neither. Hosts do not depend on it directly, since
//! `headcount` re-exports the macro.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::path::Path;

use headcount_catalog::codegen::{SdkPath, rust};
use headcount_catalog::parse;

/// Makes the typed telemetry API of a catalog, in the module that contains it.
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
/// Every mistake in the catalog is a compile error with its line and column in
/// the file.
#[proc_macro]
pub fn catalog(input: TokenStream) -> TokenStream {
    let span = input.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let text = path(input).and_then(|path| expand(&path));
    let tokens = text.and_then(|text| {
        text.parse::<TokenStream>().map_err(|error| {
            vec![format!(
                "The code generated from the catalog does not compile ({error}). This is a bug in \
                 Headcount: please report it."
            )]
        })
    });
    tokens.unwrap_or_else(|sentences| {
        sentences.iter().flat_map(|sentence| compile_error(sentence, span)).collect()
    })
}

/// Returns the path, the only argument.
fn path(input: TokenStream) -> Result<String, Vec<String>> {
    let usage =
        || vec!["Expected the path of the catalog: `catalog!(\"telemetry.toml\")`.".to_owned()];
    let mut tokens = input.into_iter();
    let (Some(token), None) = (tokens.next(), tokens.next()) else { return Err(usage()) };
    let literal = match token {
        TokenTree::Literal(literal) => literal.to_string(),
        // A literal that another macro passes on is in a group without
        // delimiters.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            return path(group.stream());
        }
        _ => return Err(usage()),
    };
    let written = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match written.ok_or_else(usage)? {
        "" => Err(usage()),
        path if path.contains('\\') => {
            Err(vec!["Use `/` in the path of the catalog, also on Windows.".to_owned()])
        }
        path => Ok(path.to_owned()),
    }
}

/// Returns the API of the catalog at a path, and a line that makes Cargo watch
/// the file.
fn expand(written: &str) -> Result<String, Vec<String>> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| vec!["CARGO_MANIFEST_DIR is not set: build with Cargo.".to_owned()])?;
    let file = Path::new(&folder).join(written);
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let why = error.kind();
        vec![format!(
            "Cannot read `{written}` ({why}): the path is relative to the folder of Cargo.toml."
        )]
    })?;
    let catalog = parse(&text).map_err(|mistakes| {
        mistakes.into_iter().map(|mistake| format!("{written}:{mistake}")).collect::<Vec<_>>()
    })?;
    if catalog.is_observed() {
        return Err(vec![format!(
            "`{written}` has `[opentelemetry]`, so it is for collectors: no program can record by it."
        )]);
    }
    let tracked =
        format!("const _: &[u8] = ::core::include_bytes!({:?});\n", file.display().to_string());
    Ok(rust(&catalog, SdkPath::HOST) + &tracked)
}

/// Returns `::core::compile_error! { "sentence" }`, all of it at `span`.
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

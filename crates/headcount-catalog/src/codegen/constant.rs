//! Writes the constant `CATALOG`: the whole catalog as one expression.

use super::kinds::{of_entry, of_event};
use super::literal::{Literal, uses};
use super::writer::CodeWriter;
use crate::{
    Catalog, Consent, Destination, Files, IdPlace, Identity, Key, PerPlatform, Product, Purpose,
    Retention, Setting, Settings, Shipping, Texts,
};

/// Writes `CATALOG`.
pub(super) fn write(out: &mut CodeWriter<'_>, catalog: &Catalog) {
    let literal = whole(catalog);
    out.line("");
    out.docs(&["The catalog: everything that this program may report, and the rules for it."]);
    out.open(&format!("pub static CATALOG: {}::catalog::Catalog = {{", out.sdk));
    for (path, names) in uses(&literal, out.sdk) {
        out.import(&path, &names);
    }
    let mut text = String::new();
    literal.write(&mut text, out.indent(), out.indent());
    out.line(&text);
    out.close("};");
}

fn whole(catalog: &Catalog) -> Literal {
    let Catalog {
        version,
        product,
        consent,
        files,
        identity,
        envelope,
        destinations,
        shipping,
        retention,
        purposes,
        events,
        // A host has none: see `codegen::rust`.
        observed: _,
    } = *catalog;
    Literal::Fields(
        "Catalog",
        vec![
            ("version", Literal::number(version)),
            ("product", of_product(product)),
            ("consent", of_consent(consent)),
            ("files", of_files(files)),
            ("identity", of_identity(identity)),
            ("envelope", Literal::list(envelope, of_entry)),
            ("destinations", Literal::list(destinations, of_destination)),
            ("shipping", of_shipping(shipping)),
            ("retention", of_retention(retention)),
            ("purposes", Literal::list(purposes, of_purpose)),
            ("events", Literal::list(events, of_event)),
            ("observed", Literal::maybe_text(None)),
        ],
    )
}

fn of_product(product: Product) -> Literal {
    let Product { name, prefix, title, policy, contact, is_public } = product;
    Literal::Fields(
        "Product",
        vec![
            ("name", Literal::text(name)),
            ("prefix", Literal::text(prefix)),
            ("title", Literal::text(title)),
            ("policy", Literal::maybe_text(policy)),
            ("contact", Literal::maybe_text(contact)),
            ("is_public", Literal::flag(is_public)),
        ],
    )
}

fn of_consent(consent: Consent) -> Literal {
    let Consent { default, order, variables, off, farewell, texts } = consent;
    Literal::Fields(
        "Consent",
        vec![
            ("default", Literal::variant("ConsentDefault", default)),
            ("order", Literal::list(order, |rule| Literal::variant("Rule", rule))),
            (
                "variables",
                Literal::list(variables, |variable| {
                    let name = Literal::text(variable.name);
                    let refuses = Literal::variant("RefusingValues", variable.refuses);
                    Literal::Fields("Variable", vec![("name", name), ("refuses", refuses)])
                }),
            ),
            ("off", Literal::variant("OnOff", off)),
            ("farewell", Literal::maybe_text(farewell)),
            ("texts", of_texts(texts)),
        ],
    )
}

fn of_texts(texts: Texts) -> Literal {
    let Texts { question, introduction, collected, never, notice } = texts;
    Literal::Fields(
        "Texts",
        vec![
            ("question", Literal::maybe_text(question)),
            ("introduction", Literal::maybe_text(introduction)),
            ("collected", Literal::texts(collected)),
            ("never", Literal::texts(never)),
            ("notice", Literal::maybe_text(notice)),
        ],
    )
}

fn of_files(files: Files) -> Literal {
    let Files { folder, settings, queue, marker, state } = files;
    let PerPlatform { linux, macos, windows } = folder;
    let folder = Literal::Fields(
        "PerPlatform",
        vec![
            ("linux", Literal::text(linux)),
            ("macos", Literal::text(macos)),
            ("windows", Literal::text(windows)),
        ],
    );
    let Settings { file, format, enabled, given, created } = settings;
    let settings = Literal::Fields(
        "Settings",
        vec![
            ("file", Literal::text(file)),
            ("format", Literal::variant("SettingsFormat", format)),
            ("enabled", Literal::text(enabled)),
            ("given", Literal::maybe_text(given)),
            ("created", Literal::maybe_text(created)),
        ],
    );
    Literal::Fields(
        "Files",
        vec![
            ("folder", folder),
            ("settings", settings),
            ("queue", Literal::text(queue)),
            ("marker", Literal::maybe_text(marker)),
            ("state", Literal::text(state)),
        ],
    )
}

fn of_identity(identity: Identity) -> Literal {
    let Identity { scheme, rotation, place, count } = identity;
    let place = match place {
        IdPlace::File(file) => Literal::Call("IdPlace::File", Box::new(Literal::text(file))),
        IdPlace::Settings { id, rotated } => Literal::Fields(
            "IdPlace::Settings",
            vec![("id", Literal::text(id)), ("rotated", Literal::maybe_text(rotated))],
        ),
        IdPlace::Nowhere => Literal::variant("IdPlace", place),
    };
    Literal::Fields(
        "Identity",
        vec![
            ("scheme", Literal::variant("Scheme", scheme)),
            ("rotation", Literal::variant("Rotation", rotation)),
            ("place", place),
            ("count", Literal::list(count, |period| Literal::variant("Period", period))),
        ],
    )
}

fn of_purpose(purpose: &Purpose) -> Literal {
    let Purpose { name, title, why, was } = *purpose;
    Literal::Fields(
        "Purpose",
        vec![
            ("name", Literal::text(name)),
            ("title", Literal::text(title)),
            ("why", Literal::text(why)),
            ("was", Literal::texts(was)),
        ],
    )
}

fn of_destination(destination: &Destination) -> Literal {
    let Destination { name, dialect, endpoint, key, encoding } = *destination;
    let key = match key {
        Key::None => Literal::variant("Key", key),
        Key::Public(setting) => Literal::Call("Key::Public", Box::new(of_setting(setting))),
        Key::Optional(setting) => Literal::Call("Key::Optional", Box::new(of_setting(setting))),
    };
    Literal::Fields(
        "Destination",
        vec![
            ("name", Literal::text(name)),
            ("dialect", Literal::variant("Dialect", dialect)),
            ("endpoint", of_setting(endpoint)),
            ("key", key),
            ("encoding", Literal::variant("Encoding", encoding)),
        ],
    )
}

/// The host's compiler reads the value of the variable `build`.
fn of_setting(setting: Setting) -> Literal {
    let Setting { written, build, built: _, run } = setting;
    let built = match build {
        Some(variable) => Literal::Plain(format!("::core::option_env!({variable:?})")),
        None => Literal::maybe_text(None),
    };
    Literal::Fields(
        "Setting",
        vec![
            ("written", Literal::text(written)),
            ("build", Literal::maybe_text(build)),
            ("built", built),
            ("run", Literal::maybe_text(run)),
        ],
    )
}

fn of_shipping(shipping: Shipping) -> Literal {
    let Shipping { mode, command, marker } = shipping;
    Literal::Fields(
        "Shipping",
        vec![
            ("mode", Literal::variant("Mode", mode)),
            ("command", Literal::texts(command)),
            ("marker", Literal::text(marker)),
        ],
    )
}

fn of_retention(retention: Retention) -> Literal {
    let Retention { on_machine, raw } = retention;
    let days = |days: crate::Days| Literal::Call("Days", Box::new(Literal::number(days.0)));
    Literal::Fields("Retention", vec![("on_machine", days(on_machine)), ("raw", days(raw))])
}

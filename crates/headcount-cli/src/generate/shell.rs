//! POSIX shell: a function for each event, whose words are checked when it is
//! called. It returns 0 whatever happens; with HEADCOUNT_STRICT=1 it waits,
//! says on standard error why nothing is recorded, and returns 1.

use std::fmt::Write as _;

use super::head;
use super::identifier::{Name, Taken};
use super::plan::{Plan, PlannedEvent, Shape};

pub(super) fn wrapper(plan: &Plan<'_>) -> String {
    let product = Name::of(plan.catalog.product.name).snake();
    let mut text = String::from(HEAD);
    for line in head::lines(plan, "a POSIX shell") {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    let functions = functions(plan, &product);
    text.push_str(&usage(plan, &product, &functions));
    for (planned, function) in plan.events.iter().zip(&functions) {
        event(plan, planned, (&product, function), &mut text);
    }
    people(plan, &product, &mut text);
    text.push_str(&helpers(plan).replace("PRODUCT", &product));
    text
}

/// The variables of an event's function are those of its subshell.
const HEAD: &str = "# shellcheck shell=sh disable=SC2030,SC2031\n#\n";

fn functions(plan: &Plan<'_>, product: &str) -> Vec<String> {
    let own = ["notice", "ask", "person"].map(|name| format!("{product}_telemetry_{name}"));
    let mut taken = Taken::of(&own.join(" "));
    let names = plan.events.iter().map(|planned| {
        // Of one with the product's name it is enough.
        let name = planned.name.snake();
        let rest = name.strip_prefix(&format!("{product}_")).unwrap_or(&name).to_owned();
        taken.take(&format!("{product}_record_{rest}"))
    });
    names.collect()
}

fn usage(plan: &Plan<'_>, product: &str, functions: &[String]) -> String {
    let mut text = format!(
        "#\n# A function takes `key=value` words, and commas between the words of a list. It\n\
         # returns 0 whatever happens. With HEADCOUNT_STRICT=1 it waits, says on standard\n\
         # error why nothing is recorded, and then returns 1.\n#\n\
         # Set these before you read this file, or before a call:\n\
         #   {product}_catalog       the path of telemetry.toml\n\
         #   {product}_version       the version of the program\n\
         #   {product}_program       how people call it, if `NAME telemetry status` works\n\
         #   {product}_no_telemetry  1 if it was called with --no-telemetry\n"
    );
    for field in &plan.context {
        let name = field.name.snake();
        let optional = if field.is_required { "" } else { " (may be left out)" };
        let _ = writeln!(text, "#   {product}_{name}  {}{optional}", values(plan, field.shape));
    }
    if let Some(function) = functions.first() {
        let example: Vec<String> = plan.events[0]
            .fields
            .iter()
            .filter(|field| field.is_required)
            .map(|field| format!(" {}=…", field.name.snake()))
            .collect();
        let _ = writeln!(text, "#\n#   {function}{}", example.concat());
    }
    text
}

/// What a field takes, in words.
fn values(plan: &Plan<'_>, shape: Shape) -> String {
    match shape {
        Shape::Flag => "true|false".to_owned(),
        Shape::Word(set) => plan.sets[set].words.join("|"),
        Shape::Words(set) => format!("some of {}", plan.sets[set].words.join(",")),
        Shape::Whole | Shape::Duration(_) => "a whole number".to_owned(),
        Shape::Integer => "a whole number, also below 0".to_owned(),
        Shape::Decimal => "a number".to_owned(),
        Shape::Text(_) => "text of its form".to_owned(),
        Shape::Texts(_) => "texts of its form".to_owned(),
        Shape::Time => "a time such as 2026-11-20T09:00:00Z".to_owned(),
    }
}

fn event(
    plan: &Plan<'_>,
    planned: &PlannedEvent,
    (product, function): (&str, &str),
    text: &mut String,
) {
    let name = planned.event.name;
    let _ = write!(text, "\n# {}\n", planned.event.why);
    for field in &planned.fields {
        let optional = if field.is_required { "" } else { " (may be left out)" };
        let says = format!(
            "#   {}={}{optional}. {}",
            field.name.snake(),
            values(plan, field.shape),
            field.says
        );
        let _ = writeln!(text, "{}", says.trim_end());
    }
    if planned.fields.is_empty() {
        let _ = write!(
            text,
            "{function}() (\n    [ $# -eq 0 ] || _{product}_refuse '{name}' \"$1\"\n    _{product}_record '{name}'\n)\n"
        );
        return;
    }
    // In a subshell, so that its variables are its own.
    let _ = write!(
        text,
        "{function}() (\n    given=' '\n    for pair do\n        value=${{pair#*=}}\n        case $pair in\n"
    );
    for field in &planned.fields {
        let (key, own) = (&field.key, field.name.snake());
        let check = match field.shape {
            Shape::Flag => "_PRODUCT_is_flag \"$value\"".to_owned(),
            Shape::Word(set) => {
                format!("_PRODUCT_is_word \"$value\" {}", quoted(&plan.sets[set].words))
            }
            Shape::Words(set) => {
                format!("_PRODUCT_are_words \"$value\" {}", quoted(&plan.sets[set].words))
            }
            Shape::Whole | Shape::Duration(_) => "_PRODUCT_is_whole \"$value\"".to_owned(),
            Shape::Integer => "_PRODUCT_is_whole \"${value#-}\"".to_owned(),
            Shape::Decimal => "_PRODUCT_is_decimal \"$value\"".to_owned(),
            // `headcount record` knows its form.
            Shape::Text(_) | Shape::Texts(_) | Shape::Time => "[ -n \"$value\" ]".to_owned(),
        };
        let _ = write!(
            text,
            "            {own}=*)\n                {check} || _PRODUCT_refuse '{name}' \"$pair\"\n                key='{key}' ;;\n"
        );
    }
    let _ = write!(
        text,
        "            *) _PRODUCT_refuse '{name}' \"$pair\" ;;\n        esac\n\
         \x20       given=\"$given${{pair%%=*}} \"\n        shift\n        set -- \"$@\" \"$key=$value\"\n    done\n"
    );
    for field in planned.fields.iter().filter(|field| field.is_required) {
        let own = field.name.snake();
        let _ = writeln!(
            text,
            "    case $given in *' {own} '*) ;; *) _PRODUCT_refuse '{name}' 'without {own}' ;; esac"
        );
    }
    let _ = write!(text, "    _PRODUCT_record '{name}' \"$@\"\n)\n");
    *text = text.replace("_PRODUCT_", &format!("_{product}_"));
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<String>>().join(" ")
}

fn people(plan: &Plan<'_>, product: &str, text: &mut String) {
    let _ = write!(
        text,
        "\n# {}\n{product}_telemetry_notice() {{\n    _{product}_headcount notice || true\n}}\n",
        head::NOTICE.replace(", and waits two seconds at most", "")
    );
    if plan.asks() {
        let _ = write!(
            text,
            "\n# {}\n{product}_telemetry_ask() {{\n    _{product}_headcount ask || true\n}}\n",
            head::ASK
        );
    }
    let _ = write!(
        text,
        "\n# {}\n{product}_telemetry_person() {{\n    _{product}_headcount telemetry \"$@\"\n}}\n",
        head::PERSON
    );
}

/// What all functions use.
fn helpers(plan: &Plan<'_>) -> String {
    let mut record = String::from(RECORD_HEAD);
    if let Some(key) = plan.session {
        let _ = writeln!(record, "    set -- \"$@\" \"{key}=$_PRODUCT_session\"");
    }
    for field in &plan.context {
        let (key, name) = (&field.key, field.name.snake());
        let _ = writeln!(
            record,
            "    [ -z \"${{PRODUCT_{name}:-}}\" ] || set -- \"$@\" \"{key}=$PRODUCT_{name}\""
        );
    }
    record.push_str(RECORD_TAIL);
    let session = if plan.session.is_some() { SESSION } else { "" };
    format!("{session}{record}{CHECKS}")
}

const SESSION: &str = r"
# The same for each event of this run.
_PRODUCT_session=$(od -An -N16 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')
";

const RECORD_HEAD: &str = r#"
# COMMAND WORD …: runs headcount with what the program says of itself.
_PRODUCT_headcount() {
    _PRODUCT_command=$1
    shift
    [ "${PRODUCT_no_telemetry:-}" != 1 ] || set -- --no-telemetry "$@"
    [ -z "${PRODUCT_program:-}" ] || set -- --program "$PRODUCT_program" "$@"
    headcount "$_PRODUCT_command" --catalog "${PRODUCT_catalog:-telemetry.toml}" "$@"
}

# EVENT PAIR …: in the background, unless somebody wants to know.
_PRODUCT_record() {
"#;

const RECORD_TAIL: &str = r#"    set -- --host-version "${PRODUCT_version:-unknown}" "$@"
    if [ "${HEADCOUNT_STRICT:-}" = 1 ]; then
        _PRODUCT_headcount record --strict "$@" </dev/null >/dev/null
    else
        # By `exec`, so that the shell that waits for it holds no pipe open.
        (
            exec </dev/null >/dev/null 2>&1
            _PRODUCT_headcount record "$@"
        ) &
    fi
}

# EVENT WHAT: ends the subshell of an event.
_PRODUCT_refuse() {
    if [ "${HEADCOUNT_STRICT:-}" = 1 ]; then
        echo "$1 is not recorded: $2 is not allowed" >&2
        exit 1
    fi
    exit 0
}
"#;

const CHECKS: &str = r#"
_PRODUCT_is_flag() {
    case $1 in true | false) ;; *) return 1 ;; esac
}

_PRODUCT_is_whole() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
}

_PRODUCT_is_decimal() {
    case $1 in '' | . | *[!0-9.]* | *.*.*) return 1 ;; esac
}

# VALUE WORD …
_PRODUCT_is_word() {
    _PRODUCT_value=$1
    shift
    for _PRODUCT_word do
        [ "$_PRODUCT_value" != "$_PRODUCT_word" ] || return 0
    done
    return 1
}

# VALUES WORD …, with commas between the values.
_PRODUCT_are_words() {
    _PRODUCT_values=$1,
    shift
    while [ -n "$_PRODUCT_values" ]; do
        _PRODUCT_is_word "${_PRODUCT_values%%,*}" '' "$@" || return 1
        _PRODUCT_values=${_PRODUCT_values#*,}
    done
}
"#;

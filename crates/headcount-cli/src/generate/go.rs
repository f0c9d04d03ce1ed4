//! Go: closed sets as structs that nobody else can make, a method for each
//! event. What is required is a parameter, so that nothing can be forgotten.

use std::fmt::Write as _;

use headcount_catalog::Unit;

use super::head;
use super::identifier::Taken;
use super::plan::{Field, Plan, PlannedEvent, Shape};

/// Keywords, predeclared names, and those that the file uses for itself.
const RESERVED: &str = "break case chan const continue default defer else fallthrough for func go goto if \
    import interface map package range return select struct switch type var any bool byte error int \
    int64 float64 string true false nil append len make new panic telemetry optional catalog version \
    options context pair word wordList flag flagOrNone whole wholeOrNone decimal decimalOrNone moment momentOrNone \
    durationOrNone texts exec regexp rand hex os strconv strings time";

/// Exported names of the file.
const OWN: &str = "Telemetry Options New Notice Ask Person";

pub(super) fn wrapper(plan: &Plan<'_>) -> String {
    let mut taken = Taken::of(OWN);
    let types = Types::of(plan, &mut taken);
    let mut body = String::new();
    types.write(plan, &mut taken, &mut body);
    host(plan, &types, &mut body);
    let mut methods = Taken::of("Notice Ask Person");
    for planned in &plan.events {
        event(planned, &types, (&mut methods, &mut taken), &mut body);
    }
    people(plan, &mut body);
    body.push_str(RECORD);
    for (mark, helper) in HELPERS {
        if body.contains(mark) {
            body.push_str(helper);
        }
    }
    let mut text = String::new();
    for line in head::lines(plan, "Go") {
        let _ = writeln!(text, "{}", format!("// {line}").trim_end());
    }
    text.push_str("\n// Package telemetry records the events of the catalog.\npackage telemetry\n\nimport (\n");
    for (package, mark) in IMPORTS {
        if body.contains(mark) {
            let _ = writeln!(text, "\t\"{package}\"");
        }
    }
    text.push_str(")\n");
    text + &body
}

/// Packages, and how it is seen that one is used.
const IMPORTS: [(&str, &str); 9] = [
    ("context", "context.Back"),
    ("crypto/rand", "rand.Read"),
    ("encoding/hex", "hex.Encode"),
    ("os", "os.Std"),
    ("os/exec", "exec.Command"),
    ("regexp", "regexp.Must"),
    ("strconv", "strconv.Format"),
    ("strings", "strings.Join"),
    ("time", "time.Dur"),
];

/// The names of the types.
struct Types {
    sets: Vec<String>,
    patterns: Vec<String>,
}

impl Types {
    fn of(plan: &Plan<'_>, taken: &mut Taken) -> Self {
        let sets = plan.sets.iter().map(|set| taken.take(&set.name.pascal())).collect();
        let patterns =
            plan.patterns.iter().map(|pattern| taken.take(&pattern.name.pascal())).collect();
        Self { sets, patterns }
    }

    fn write(&self, plan: &Plan<'_>, taken: &mut Taken, text: &mut String) {
        for (set, name) in plan.sets.iter().zip(&self.sets) {
            let of = &set.of;
            let _ = write!(
                text,
                "\n// {name} is a value of `{of}`.\ntype {name} struct{{ word string }}\n"
            );
            for word in &set.words {
                let one =
                    taken.take(&format!("{name}{}", super::identifier::Name::of(word).pascal()));
                let _ = write!(text, "\n// {one} is `{word}`.\nvar {one} = {name}{{\"{word}\"}}\n");
            }
        }
        for (pattern, name) in plan.patterns.iter().zip(&self.patterns) {
            let maker = taken.take(&format!("{name}Of"));
            let of = &pattern.of;
            let form = format!("regexp.MustCompile(`^(?:{})$`)", pattern.form);
            let mut fits = vec![format!("{form}.MatchString(text)")];
            fits.extend(pattern.most.map(|most| format!("len(text) <= {most}")));
            let never = pattern.never.as_ref();
            fits.extend(
                never.map(|never| format!("!regexp.MustCompile(`{never}`).MatchString(text)")),
            );
            let _ = write!(
                text,
                "\n// {name} is text that fits `{of}`. Its zero value is none.\ntype {name} struct{{ word string }}\n\
                 \n// {maker} returns text that fits, and whether it does.\nfunc {maker}(text string) ({name}, bool) {{\n\
                 \tif !({}) {{\n\t\treturn {name}{{}}, false\n\t}}\n\treturn {name}{{text}}, true\n}}\n",
                fits.join(" && ")
            );
        }
    }

    /// The type of a field. Where one may be left out, its zero value or a nil
    /// pointer is none.
    fn of_field(&self, field: &Field) -> String {
        let (plain, has_none) = match field.shape {
            Shape::Flag => ("bool".to_owned(), false),
            Shape::Whole | Shape::Integer => ("int64".to_owned(), false),
            Shape::Decimal => ("float64".to_owned(), false),
            Shape::Duration(_) => ("time.Duration".to_owned(), false),
            Shape::Time => ("time.Time".to_owned(), false),
            Shape::Word(set) => (self.sets[set].clone(), true),
            Shape::Words(set) => (format!("[]{}", self.sets[set]), true),
            Shape::Text(pattern) => (self.patterns[pattern].clone(), true),
            Shape::Texts(pattern) => (format!("[]{}", self.patterns[pattern]), true),
        };
        if field.is_required || has_none { plain } else { format!("*{plain}") }
    }
}

/// The unit of a duration is in its type.
fn name(field: &Field) -> &super::identifier::Name {
    if matches!(field.shape, Shape::Duration(_)) { &field.bare } else { &field.name }
}

/// A struct of fields that may be left out.
fn optional_struct(of: &str, says: &str, types: &Types, fields: &[&Field], text: &mut String) {
    let _ = write!(text, "\n// {of} {says}\ntype {of} struct {{\n");
    let mut taken = Taken::default();
    for (place, field) in fields.iter().enumerate() {
        let name = taken.take(&name(field).pascal());
        let said = if field.says.is_empty() {
            format!("{name} is `{}`.", field.key)
        } else {
            format!("{name} is `{}`. {}", field.key, field.says)
        };
        let between = if place == 0 { "" } else { "\n" };
        let _ = write!(text, "{between}\t// {said}\n\t{name} {}\n", types.of_field(field));
    }
    text.push_str("}\n");
}

/// The names of the fields that may be left out, in their struct.
fn optional_names(fields: &[&Field]) -> Vec<String> {
    let mut taken = Taken::default();
    fields.iter().map(|field| taken.take(&name(field).pascal())).collect()
}

/// An expression for a value with its key.
fn pair(field: &Field, value: &str) -> String {
    let none = if field.is_required { "" } else { "OrNone" };
    let key = &field.key;
    match field.shape {
        Shape::Word(_) | Shape::Text(_) => format!("word(\"{key}\", {value}.word)"),
        Shape::Flag => format!("flag{none}(\"{key}\", {value})"),
        Shape::Whole | Shape::Integer => format!("whole{none}(\"{key}\", {value})"),
        Shape::Decimal => format!("decimal{none}(\"{key}\", {value})"),
        Shape::Time => format!("moment{none}(\"{key}\", {value})"),
        Shape::Duration(unit) => {
            let unit = match unit {
                Unit::Milliseconds => "time.Millisecond",
                Unit::Seconds => "time.Second",
            };
            if field.is_required {
                format!("whole(\"{key}\", int64({value}/{unit}))")
            } else {
                format!("durationOrNone(\"{key}\", {value}, {unit})")
            }
        }
        Shape::Words(_) | Shape::Texts(_) => {
            let required = if field.is_required { "true" } else { "false" };
            format!(
                "wordList(\"{key}\", len({value}), func(at int) string {{ return {value}[at].word }}, {required})"
            )
        }
    }
}

fn host(plan: &Plan<'_>, types: &Types, text: &mut String) {
    let (needed, optional): (Vec<&Field>, Vec<&Field>) =
        plan.context.iter().partition(|field| field.is_required);
    let mut taken = Taken::of(RESERVED);
    let names: Vec<String> = needed.iter().map(|field| taken.take(&name(field).camel())).collect();
    text.push_str(
        "\n// Options is what a program may say of itself besides.\ntype Options struct {\n\
         \t// Program is how people call the program, if `NAME telemetry status` works.\n\tProgram string\n\
         \n\t// NoTelemetry says that the program was called with --no-telemetry.\n\tNoTelemetry bool\n\
         \n\t// Binary is where `headcount` is, if it is not on the path.\n\tBinary string\n",
    );
    for (field, name) in optional.iter().zip(optional_names(&optional)) {
        let _ =
            write!(text, "\n\t// {name} is `{}`.\n\t{name} {}\n", field.key, types.of_field(field));
    }
    let title = plan.catalog.product.title;
    let _ = write!(
        text,
        "}}\n\n// Telemetry records the events of {title}.\ntype Telemetry struct {{\n\tcatalog string\n\
         \n\tversion string\n\n\toptions Options\n\n\tcontext []pair\n}}\n"
    );
    if plan.session.is_some() {
        text.push_str(SESSION);
    }
    let parameters: String = needed
        .iter()
        .zip(&names)
        .map(|(field, name)| format!(", {name} {}", types.of_field(field)))
        .collect();
    let _ = write!(
        text,
        "\n// New returns telemetry by the catalog at a path, for a version of the program.\n\
         func New(catalog, version string{parameters}, options Options) *Telemetry {{\n\tcontext := []pair{{{}",
        if plan.context.is_empty() && plan.session.is_none() { "" } else { "\n" }
    );
    if let Some(key) = plan.session {
        let _ = writeln!(text, "\t\tword(\"{key}\", session),");
    }
    for (field, name) in needed.iter().zip(&names) {
        let _ = writeln!(text, "\t\t{},", pair(field, name));
    }
    for (field, name) in optional.iter().zip(optional_names(&optional)) {
        let _ = writeln!(text, "\t\t{},", pair(field, &format!("options.{name}")));
    }
    let indent = if text.ends_with('{') { "" } else { "\t" };
    let _ =
        write!(text, "{indent}}}\n\treturn &Telemetry{{catalog, version, options, context}}\n}}\n");
}

/// The id of this run of the program.
const SESSION: &str = r"
var session = newSession()

func newSession() string {
	bits := make([]byte, 16)
	_, _ = rand.Read(bits)
	return hex.EncodeToString(bits)
}
";

fn event(
    planned: &PlannedEvent,
    types: &Types,
    (methods, taken): (&mut Taken, &mut Taken),
    text: &mut String,
) {
    let method = methods.take(&planned.name.pascal());
    let (needed, optional): (Vec<&Field>, Vec<&Field>) =
        planned.fields.iter().partition(|field| field.is_required);
    let mut names = Taken::of(RESERVED);
    let mut parameters = Vec::new();
    let mut pairs = Vec::new();
    let mut said = String::new();
    for field in needed {
        let name = names.take(&name(field).camel());
        parameters.push(format!("{name} {}", types.of_field(field)));
        pairs.push(pair(field, &name));
        if !field.says.is_empty() {
            let _ = write!(said, "//\n// {name}: {}\n", field.says);
        }
    }
    if !optional.is_empty() {
        let of = taken.take(&format!("{method}Optional"));
        let says = format!("is what {method} may leave out.");
        optional_struct(&of, &says, types, &optional, text);
        parameters.push(format!("optional {of}"));
        for (field, name) in optional.iter().zip(optional_names(&optional)) {
            pairs.push(pair(field, &format!("optional.{name}")));
        }
    }
    let _ = write!(
        text,
        "\n// {method}: {}\n{said}func (telemetry *Telemetry) {method}({}) {{\n\ttelemetry.record(\"{}\"",
        planned.event.why,
        parameters.join(", "),
        planned.event.name
    );
    for pair in pairs {
        let _ = write!(text, ",\n\t\t{pair}");
    }
    text.push_str(")\n}\n");
}

fn people(plan: &Plan<'_>, text: &mut String) {
    let _ = write!(
        text,
        "\n// Notice: {}\nfunc (telemetry *Telemetry) Notice() {{\n\ttelemetry.run(\"notice\", nil, {}*time.Second)\n}}\n",
        head::NOTICE,
        head::NOTICE_SECONDS
    );
    if plan.asks() {
        let _ = write!(
            text,
            "\n// Ask: {}\nfunc (telemetry *Telemetry) Ask() {{\n\ttelemetry.run(\"ask\", nil, 0)\n}}\n",
            head::ASK
        );
    }
    let _ = write!(
        text,
        "\n// Person: {}\n// It returns the exit code.\nfunc (telemetry *Telemetry) Person(words []string) int {{\n\treturn telemetry.run(\"telemetry\", words, 0)\n}}\n",
        head::PERSON
    );
}

const RECORD: &str = r#"
type pair struct {
	key, text string

	given bool
}

func word(key, text string) pair {
	return pair{key, text, text != ""}
}

func (telemetry *Telemetry) record(event string, pairs ...pair) {
	if telemetry == nil {
		return
	}
	all := []string{"--host-version", telemetry.version, event}
	for _, one := range append(append([]pair{}, telemetry.context...), pairs...) {
		if one.given {
			all = append(all, one.key+"="+one.text)
		}
	}
	child := exec.Command(telemetry.binary(), telemetry.words("record", all)...)
	if child.Start() == nil {
		// So that nothing is left of it, in a program that stays.
		go func() { _ = child.Wait() }()
	}
}

func (telemetry *Telemetry) run(command string, rest []string, limit time.Duration) int {
	if telemetry == nil {
		return 1
	}
	ends := context.Background()
	if limit > 0 {
		limited, cancel := context.WithTimeout(ends, limit)
		defer cancel()
		ends = limited
	}
	child := exec.CommandContext(ends, telemetry.binary(), telemetry.words(command, rest)...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Run(); err != nil {
		if child.ProcessState != nil && child.ProcessState.ExitCode() > 0 {
			return child.ProcessState.ExitCode()
		}
		return 1
	}
	return 0
}

func (telemetry *Telemetry) binary() string {
	if telemetry.options.Binary != "" {
		return telemetry.options.Binary
	}
	return "headcount"
}

func (telemetry *Telemetry) words(command string, rest []string) []string {
	all := []string{command, "--catalog", telemetry.catalog}
	if telemetry.options.Program != "" {
		all = append(all, "--program", telemetry.options.Program)
	}
	if telemetry.options.NoTelemetry {
		all = append(all, "--no-telemetry")
	}
	return append(all, rest...)
}
"#;

/// Functions, each of which is there if it is used: the later ones by the
/// first, which is why they are in this order.
const HELPERS: [(&str, &str); 9] = [
    (
        "flagOrNone(",
        "\nfunc flagOrNone(key string, value *bool) pair {\n\tif value == nil {\n\t\treturn pair{}\n\t}\n\treturn flag(key, *value)\n}\n",
    ),
    (
        "flag(",
        "\nfunc flag(key string, value bool) pair {\n\treturn pair{key, strconv.FormatBool(value), true}\n}\n",
    ),
    (
        "wholeOrNone(",
        "\nfunc wholeOrNone(key string, value *int64) pair {\n\tif value == nil {\n\t\treturn pair{}\n\t}\n\treturn whole(key, *value)\n}\n",
    ),
    (
        "durationOrNone(",
        "\nfunc durationOrNone(key string, value *time.Duration, unit time.Duration) pair {\n\tif value == nil {\n\t\treturn pair{}\n\t}\n\treturn whole(key, int64(*value/unit))\n}\n",
    ),
    (
        "whole(",
        "\nfunc whole(key string, value int64) pair {\n\treturn pair{key, strconv.FormatInt(value, 10), true}\n}\n",
    ),
    (
        "decimalOrNone(",
        "\nfunc decimalOrNone(key string, value *float64) pair {\n\tif value == nil {\n\t\treturn pair{}\n\t}\n\treturn decimal(key, *value)\n}\n",
    ),
    (
        "decimal(",
        "\nfunc decimal(key string, value float64) pair {\n\treturn pair{key, strconv.FormatFloat(value, 'f', -1, 64), true}\n}\n",
    ),
    (
        "moment",
        "\nfunc moment(key string, value time.Time) pair {\n\treturn pair{key, value.UTC().Format(\"2006-01-02T15:04:05Z\"), true}\n}\n\nfunc momentOrNone(key string, value *time.Time) pair {\n\tif value == nil {\n\t\treturn pair{}\n\t}\n\treturn moment(key, *value)\n}\n",
    ),
    (
        "wordList(\"",
        "\nfunc wordList(key string, count int, at func(int) string, required bool) pair {\n\ttexts := make([]string, count)\n\tfor place := range texts {\n\t\ttexts[place] = at(place)\n\t}\n\treturn pair{key, strings.Join(texts, \",\"), required || count > 0}\n}\n",
    ),
];

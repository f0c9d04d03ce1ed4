//! TypeScript: unions of words, branded text, a class with a method for each
//! event. For Node, from ES modules and CommonJS.

use std::fmt::Write as _;

use super::head;
use super::identifier::Taken;
use super::plan::{Field, Plan, Shape};

/// Names that the file uses for itself.
const OWN: &str = "Telemetry Host Date Array String Number Math Pair Checked";

/// Names of the class's own methods.
const METHODS: &str = "constructor notice ask person toString";

pub(super) fn wrapper(plan: &Plan<'_>) -> String {
    let types = Types::of(plan);
    let mut text = String::new();
    for line in head::lines(plan, "TypeScript") {
        let _ = writeln!(text, "{}", format!("// {line}").trim_end());
    }
    text.push_str("\nimport { spawn, spawnSync } from \"node:child_process\";\n");
    if plan.session.is_some() {
        text.push_str("import { randomUUID } from \"node:crypto\";\n");
    }
    types.write(plan, &mut text);
    host(plan, &types, &mut text);
    class(plan, &types, &mut text);
    text.push_str(HELPERS.trim_start_matches('\n'));
    for (name, body) in OPTIONAL_HELPERS {
        if text.contains(&format!("\", {name}(")) {
            text.push_str(body);
        }
    }
    text
}

/// The names of the types.
struct Types {
    sets: Vec<String>,
    patterns: Vec<String>,
    makers: Vec<String>,
}

impl Types {
    fn of(plan: &Plan<'_>) -> Self {
        let mut taken = Taken::of(OWN);
        let mut functions =
            Taken::of("spawn spawnSync randomUUID whole list time decimal flag text");
        let sets = plan.sets.iter().map(|set| taken.take(&set.name.pascal())).collect();
        let patterns: Vec<String> =
            plan.patterns.iter().map(|pattern| taken.take(&pattern.name.pascal())).collect();
        let makers = plan.patterns.iter().map(|pattern| functions.take(&pattern.name.camel()));
        Self { sets, makers: makers.collect(), patterns }
    }

    fn write(&self, plan: &Plan<'_>, text: &mut String) {
        for (set, name) in plan.sets.iter().zip(&self.sets) {
            let words: Vec<String> =
                set.words.iter().map(|word| format!("  | \"{word}\"")).collect();
            let _ = write!(
                text,
                "\n/** Values of `{}`. */\nexport type {name} =\n{};\n",
                set.of,
                words.join("\n")
            );
        }
        if !plan.patterns.is_empty() {
            text.push_str("\ndeclare const checked: unique symbol;\n");
        }
        for ((pattern, name), maker) in plan.patterns.iter().zip(&self.patterns).zip(&self.makers) {
            let form = pattern.form.replace('/', "\\/");
            let mut fits = vec![format!("/^(?:{form})$/u.test(text)")];
            fits.extend(pattern.most.map(|most| format!("text.length <= {most}")));
            let never = pattern.never.as_ref().map(|never| format!("!/{never}/u.test(text)"));
            fits.extend(never);
            let _ = write!(
                text,
                "\n/** Text that fits `{}`; only `{maker}` makes it. */\n\
                 export type {name} = string & {{ readonly [checked]: \"{name}\" }};\n\
                 export function {maker}(text: string): {name} | undefined {{\n\
                 \x20 return {} ? (text as {name}) : undefined;\n}}\n",
                pattern.of,
                fits.join(" && ")
            );
        }
    }

    fn of_field(&self, field: &Field) -> String {
        match field.shape {
            Shape::Flag => "boolean".to_owned(),
            Shape::Word(set) => self.sets[set].clone(),
            Shape::Words(set) => format!("readonly {}[]", self.sets[set]),
            Shape::Whole | Shape::Integer | Shape::Decimal | Shape::Duration(_) => {
                "number".to_owned()
            }
            Shape::Text(pattern) => self.patterns[pattern].clone(),
            Shape::Texts(pattern) => format!("readonly {}[]", self.patterns[pattern]),
            Shape::Time => "Date".to_owned(),
        }
    }

    /// A key of an object's type, with what it is for.
    fn member(&self, field: &Field, indent: &str) -> String {
        let (name, kind) = (field.name.camel(), self.of_field(field));
        let says = if field.says.is_empty() {
            String::new()
        } else {
            format!("{indent}/** {} */\n", comment(&field.says))
        };
        if field.is_required {
            format!("{says}{indent}readonly {name}: {kind};\n")
        } else {
            format!("{says}{indent}readonly {name}?: {kind} | undefined;\n")
        }
    }
}

/// Text for a comment between `/**` and `*/`.
fn comment(text: &str) -> String {
    text.replace("*/", "* /")
}

fn host(plan: &Plan<'_>, types: &Types, text: &mut String) {
    text.push_str(
        "\n/** What the program says of itself, once. */\nexport interface Host {\n\
         \x20 /** The path of telemetry.toml. */\n  readonly catalog: string;\n\
         \x20 /** The version of the program. */\n  readonly version: string;\n\
         \x20 /** How people call the program, if `NAME telemetry status` and so on work. */\n\
         \x20 readonly program?: string | undefined;\n\
         \x20 /** The program was called with --no-telemetry. */\n\
         \x20 readonly noTelemetry?: boolean | undefined;\n\
         \x20 /** Where `headcount` is, if it is not on the path. */\n\
         \x20 readonly binary?: string | undefined;\n",
    );
    for field in &plan.context {
        text.push_str(&types.member(field, "  "));
    }
    text.push_str("}\n");
}

fn class(plan: &Plan<'_>, types: &Types, text: &mut String) {
    let title = comment(plan.catalog.product.title);
    let _ = write!(
        text,
        "\n/** The events of {title}. */\nexport class Telemetry {{\n  readonly #host: Host;\n"
    );
    if plan.session.is_some() {
        text.push_str("  static readonly #session = randomUUID();\n");
    }
    text.push_str("\n  constructor(host: Host) {\n    this.#host = host;\n  }\n");
    let mut taken = Taken::of(METHODS);
    for planned in &plan.events {
        let method = taken.take(&planned.name.camel());
        let why = comment(planned.event.why);
        let _ = write!(text, "\n  /** {why} */\n  {method}(");
        if !planned.fields.is_empty() {
            let is_optional = planned.fields.iter().all(|field| !field.is_required);
            text.push_str("given: {\n");
            for field in &planned.fields {
                text.push_str(&types.member(field, "    "));
            }
            text.push_str(if is_optional { "  } = {}" } else { "  }" });
        }
        let _ = write!(text, "): void {{\n    this.#record(\"{}\", () => [", planned.event.name);
        for field in &planned.fields {
            let _ = write!(text, "\n      {},", pair(field, "given"));
        }
        text.push_str(if planned.fields.is_empty() { "]);\n  }\n" } else { "\n    ]);\n  }\n" });
    }
    methods(plan, text);
    text.push_str("}\n\n");
}

/// The key and the value of a field, as `headcount record` takes them.
fn pair(field: &Field, of: &str) -> String {
    let value = format!("{of}.{}", field.name.camel());
    let converted = match field.shape {
        Shape::Word(_) | Shape::Text(_) => value,
        Shape::Flag => format!("flag({value})"),
        Shape::Words(_) | Shape::Texts(_) => format!("list({value})"),
        Shape::Whole | Shape::Integer | Shape::Duration(_) => format!("whole({value})"),
        Shape::Decimal => format!("decimal({value})"),
        Shape::Time => format!("time({value})"),
    };
    format!("[\"{}\", {converted}]", field.key)
}

fn methods(plan: &Plan<'_>, text: &mut String) {
    let milliseconds = head::NOTICE_SECONDS * 1000;
    let _ = write!(
        text,
        "\n  /** {} */\n  notice(): void {{\n    this.#run(\"notice\", [], {milliseconds});\n  }}\n",
        head::NOTICE
    );
    if plan.asks() {
        let _ = write!(
            text,
            "\n  /** {} */\n  ask(): void {{\n    this.#run(\"ask\", []);\n  }}\n",
            head::ASK
        );
    }
    let _ = write!(
        text,
        "\n  /** {} Returns the exit code. */\n  person(words: readonly string[]): number {{\n    return this.#run(\"telemetry\", words);\n  }}\n",
        head::PERSON
    );
    text.push_str(RECORD_HEAD);
    if let Some(key) = plan.session {
        let _ = writeln!(text, "        [\"{key}\", Telemetry.#session],");
    }
    for field in &plan.context {
        let _ = writeln!(text, "        {},", pair(field, "host"));
    }
    text.push_str(RECORD_TAIL);
}

const RECORD_HEAD: &str = r#"
  #record(event: string, pairs: () => readonly Pair[]): void {
    try {
      const host = this.#host;
      const all: readonly Pair[] = [
"#;

const RECORD_TAIL: &str = r#"        ...pairs(),
      ];
      const given = all.filter(([, value]) => value !== undefined && value !== null);
      const words = given.map(([key, value]) => `${key}=${value}`);
      const version = ["--host-version", host.version];
      const child = spawn(this.#binary(), this.#words("record", [...version, event, ...words]), {
        stdio: "ignore",
        detached: true,
        windowsHide: true,
      });
      child.on("error", () => undefined);
      child.unref();
    } catch {
      // Nothing is recorded.
    }
  }

  #run(command: string, words: readonly string[], timeout?: number): number {
    try {
      const all = this.#words(command, words);
      return spawnSync(this.#binary(), all, { stdio: "inherit", timeout }).status ?? 1;
    } catch {
      return 1;
    }
  }

  #binary(): string {
    return this.#host.binary ?? "headcount";
  }

  #words(command: string, words: readonly string[]): string[] {
    const { catalog, program, noTelemetry } = this.#host;
    const named = program === undefined ? [] : ["--program", program];
    const off = noTelemetry === true ? ["--no-telemetry"] : [];
    return [command, "--catalog", catalog, ...named, ...off, ...words];
  }
"#;

const HELPERS: &str = r#"
type Pair = readonly [key: string, value: string | undefined];
"#;

/// Functions, each of which is there if it is used.
const OPTIONAL_HELPERS: [(&str, &str); 5] = [
    (
        "flag",
        "\nfunction flag(value: boolean | undefined): string | undefined {\n  return value === undefined ? undefined : String(value);\n}\n",
    ),
    (
        "whole",
        "\nfunction whole(value: number | undefined): string | undefined {\n  return value === undefined ? undefined : String(Math.floor(value));\n}\n",
    ),
    (
        "decimal",
        "\nfunction decimal(value: number | undefined): string | undefined {\n  return value === undefined ? undefined : String(value);\n}\n",
    ),
    (
        "list",
        "\nfunction list(value: readonly string[] | undefined): string | undefined {\n  return value?.join(\",\");\n}\n",
    ),
    (
        "time",
        "\nfunction time(value: Date | undefined): string | undefined {\n  return value?.toISOString();\n}\n",
    ),
];

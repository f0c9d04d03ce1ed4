//! Python: `Literal` types, `NewType` text, a class with a method for each
//! event. From 3.8 on, without a package.

use std::fmt::Write as _;

use super::head;
use super::identifier::Taken;
use super::plan::{Field, Plan, Shape};

/// Keywords, and what a parameter or a method cannot be called.
const RESERVED: &str = "False None True and as assert async await break class continue def del elif \
    else except finally for from global if import in is lambda nonlocal not or pass raise return try \
    while with yield self bool int float str list dict object Optional Sequence Literal datetime \
    catalog version program no_telemetry binary notice ask person";

/// Names that the file uses for itself.
const OWN: &str = "Telemetry Literal Mapping NewType Optional Path Sequence Union False None True";

pub(super) fn wrapper(plan: &Plan<'_>) -> String {
    let types = Types::of(plan);
    let mut text = String::from("\"\"\"");
    for line in head::lines(plan, "Python") {
        let _ = writeln!(text, "{}", docstring(&line));
    }
    text.push_str("\"\"\"\n");
    text.push_str(IMPORTS);
    if plan.session.is_some() {
        text.push_str("import uuid\n");
    }
    text.push_str(TYPING);
    types.write(plan, &mut text);
    class(plan, &types, &mut text);
    text.push_str(HELPERS);
    text
}

const IMPORTS: &str = r"
from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import threading
";

const TYPING: &str = "from pathlib import Path\n\
    from typing import Literal, Mapping, NewType, Optional, Sequence, Union\n";

/// Text within a docstring: no backslash and no end of it.
fn docstring(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "'''").trim_end().to_owned()
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
        let mut functions = Taken::of(RESERVED);
        let sets = plan.sets.iter().map(|set| taken.take(&set.name.pascal())).collect();
        let patterns: Vec<String> =
            plan.patterns.iter().map(|pattern| taken.take(&pattern.name.pascal())).collect();
        let makers = plan
            .patterns
            .iter()
            .map(|pattern| functions.take(&format!("{}_of", pattern.name.snake())));
        Self { sets, makers: makers.collect(), patterns }
    }

    fn write(&self, plan: &Plan<'_>, text: &mut String) {
        for (set, name) in plan.sets.iter().zip(&self.sets) {
            let _ = write!(text, "\n{name} = Literal[\n");
            for word in &set.words {
                let _ = writeln!(text, "    \"{word}\",");
            }
            text.push_str("]\n");
        }
        for ((pattern, name), maker) in plan.patterns.iter().zip(&self.patterns).zip(&self.makers) {
            let mut fits = vec![format!("re.fullmatch(r\"{}\", text)", pattern.form)];
            fits.extend(pattern.most.map(|most| format!("len(text) <= {most}")));
            let never =
                pattern.never.as_ref().map(|never| format!("not re.search(r\"{never}\", text)"));
            fits.extend(never);
            let _ = write!(
                text,
                "\n{name} = NewType(\"{name}\", str)\n\n\n\
                 def {maker}(text: str) -> Optional[{name}]:\n\
                 \x20   \"\"\"Returns text that fits `{}`, or nothing.\"\"\"\n\
                 \x20   return {name}(text) if {} else None\n\n",
                pattern.of,
                fits.join(" and ")
            );
        }
    }

    fn of_field(&self, field: &Field) -> String {
        let kind = match field.shape {
            Shape::Flag => "bool".to_owned(),
            Shape::Word(set) => self.sets[set].clone(),
            Shape::Words(set) => format!("Sequence[{}]", self.sets[set]),
            Shape::Whole | Shape::Integer | Shape::Duration(_) => "int".to_owned(),
            Shape::Decimal => "float".to_owned(),
            Shape::Text(pattern) => self.patterns[pattern].clone(),
            Shape::Texts(pattern) => format!("Sequence[{}]", self.patterns[pattern]),
            Shape::Time => "datetime.datetime".to_owned(),
        };
        if field.is_required { kind } else { format!("Optional[{kind}]") }
    }

    fn parameter(&self, name: &str, field: &Field) -> String {
        let default = if field.is_required { "" } else { " = None" };
        format!("        {name}: {}{default},\n", self.of_field(field))
    }
}

/// The names of parameters.
fn names(fields: &[Field]) -> Vec<String> {
    let mut taken = Taken::of(RESERVED);
    fields.iter().map(|field| taken.take(&field.name.snake())).collect()
}

/// A dictionary of the fields, by the keys of `headcount record`.
fn pairs(fields: &[Field], names: &[String]) -> String {
    let pairs = fields.iter().zip(names);
    let lines = pairs.map(|(field, name)| format!("            \"{}\": {name},\n", field.key));
    lines.collect()
}

/// What is said of the fields, for a docstring.
fn says(fields: &[Field], names: &[String]) -> String {
    let mut text = String::new();
    for (field, name) in fields.iter().zip(names).filter(|(field, _)| !field.says.is_empty()) {
        let _ = write!(text, "\n        {name}: {}\n", docstring(&field.says));
    }
    text
}

fn class(plan: &Plan<'_>, types: &Types, text: &mut String) {
    let title = docstring(plan.catalog.product.title);
    let _ = write!(
        text,
        "\n\nclass Telemetry:\n    \"\"\"The events of {title}. `catalog` is telemetry.toml, by default beside this file.\"\"\"\n"
    );
    if plan.session.is_some() {
        text.push_str("\n    _session = str(uuid.uuid4())\n");
    }
    text.push_str(
        "\n    def __init__(\n        self,\n        *,\n        version: str,\n\
         \x20       catalog: Union[str, \"os.PathLike[str]\", None] = None,\n\
         \x20       program: Optional[str] = None,\n        no_telemetry: bool = False,\n\
         \x20       binary: str = \"headcount\",\n",
    );
    let context = names(&plan.context);
    for (field, name) in plan.context.iter().zip(&context) {
        text.push_str(&types.parameter(name, field));
    }
    text.push_str(
        "    ) -> None:\n\
         \x20       self._catalog = catalog if catalog is not None else Path(__file__).with_name(\"telemetry.toml\")\n\
         \x20       self._version = version\n        self._program = program\n\
         \x20       self._no_telemetry = no_telemetry\n        self._binary = binary\n\
         \x20       self._context: Mapping[str, _Value] = {\n",
    );
    if let Some(key) = plan.session {
        let _ = writeln!(text, "            \"{key}\": self._session,");
    }
    text.push_str(&pairs(&plan.context, &context));
    text.push_str("        }\n");
    let mut taken = Taken::of(RESERVED);
    for planned in &plan.events {
        let method = taken.take(&planned.name.snake());
        let parameters = names(&planned.fields);
        let _ = write!(text, "\n    def {method}(\n        self,\n");
        if !planned.fields.is_empty() {
            text.push_str("        *,\n");
        }
        for (field, name) in planned.fields.iter().zip(&parameters) {
            text.push_str(&types.parameter(name, field));
        }
        let said = says(&planned.fields, &parameters);
        let end = if said.is_empty() { "" } else { "        " };
        let _ = write!(
            text,
            "    ) -> None:\n        \"\"\"{}{}{said}{end}\"\"\"\n        self._record(\"{}\", {{\n{}        }})\n",
            docstring(planned.event.why),
            if said.is_empty() { "" } else { "\n" },
            planned.event.name,
            pairs(&planned.fields, &parameters)
        );
    }
    methods(plan, text);
}

fn methods(plan: &Plan<'_>, text: &mut String) {
    let _ = write!(
        text,
        "\n    def notice(self) -> None:\n        \"\"\"{}\"\"\"\n        self._run(\"notice\", [], {})\n",
        head::NOTICE,
        head::NOTICE_SECONDS
    );
    if plan.asks() {
        let _ = write!(
            text,
            "\n    def ask(self) -> None:\n        \"\"\"{}\"\"\"\n        self._run(\"ask\", [], None)\n",
            head::ASK
        );
    }
    let _ = write!(
        text,
        "\n    def person(self, words: Sequence[str]) -> int:\n        \"\"\"{} Returns the exit code.\"\"\"\n        return self._run(\"telemetry\", words, None)\n",
        head::PERSON
    );
    text.push_str(METHODS);
}

const METHODS: &str = r#"
    def _record(self, event: str, given: Mapping[str, _Value]) -> None:
        try:
            pairs = [(key, _text(value)) for key, value in {**self._context, **given}.items()]
            words = [f"{key}={text}" for key, text in pairs if text is not None]
            flags = 0
            if sys.platform == "win32":
                flags = subprocess.CREATE_NO_WINDOW
            child = subprocess.Popen(
                self._words("record", ["--host-version", self._version, event, *words]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=flags,
            )
            # So that nothing is left of it, in a program that stays.
            threading.Thread(target=child.wait, daemon=True).start()
        except Exception:
            pass  # Nothing is recorded.

    def _run(self, command: str, words: Sequence[str], timeout: Optional[float]) -> int:
        try:
            return subprocess.run(self._words(command, words), timeout=timeout).returncode
        except Exception:
            return 1

    def _words(self, command: str, words: Sequence[str]) -> Sequence[str]:
        program = [] if self._program is None else ["--program", self._program]
        off = ["--no-telemetry"] if self._no_telemetry else []
        return [self._binary, command, "--catalog", os.fspath(self._catalog), *program, *off, *words]
"#;

const HELPERS: &str = r#"

_Value = Union[bool, int, float, str, datetime.datetime, Sequence[str], None]


def _text(value: _Value) -> Optional[str]:
    """Returns a value as `headcount record` takes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ",".join(value)
"#;

"""The schemas of Codex's payloads, which are texts in its program, against the keys that we read."""

import json
import re

from stage.install import HERE

READ = HERE.parent / "crates/headcount-agents/src/codex/payload.rs"
RECORDED = HERE.parent / "crates/headcount-agents/tests/payloads/codex"
TITLE = re.compile(rb'"title": "([a-z-]+)\.command\.input"')
# More than the longest of them.
LONGEST = 64 * 1024


def schemas(program):
    """Every schema of a payload in the program, by the name of its event."""
    content, found = program.read_bytes(), {}
    for title in TITLE.finditer(content):
        start = content.rindex(b"{", 0, content.rindex(b'"$schema"', 0, title.start()))
        text = content[start : start + LONGEST].decode(errors="replace")
        schema, _ = json.JSONDecoder().raw_decode(text)
        found[schema["properties"]["hook_event_name"]["const"]] = schema
    return found


def check(installed):
    programs = [it for it in installed.rglob("vendor/*/bin/codex") if it.is_file()]
    if len(programs) != 1:
        return [f"the package has {len(programs)} programs, not one"]
    found = schemas(programs[0])
    known = {key for schema in found.values() for key in schema["properties"]}
    read = re.findall(r'\("(\w+)", Take::', READ.read_text())
    mistakes = [f"`{key}` is read, and no schema has it" for key in read if key not in known]
    if len(read) < 4:
        mistakes.append(f"only {len(read)} keys are read, says {READ.name}")
    files = sorted(RECORDED.glob("*.json"))
    for file in files:
        mistakes += against(json.loads(file.read_text()), found[file.stem], file.stem)
    return mistakes if files else [*mistakes, "no payload is recorded"]


def against(value, schema, name):
    """A recorded payload against its schema: keys, types and closed sets of words."""
    mistakes = []
    properties = schema["properties"]
    if schema.get("additionalProperties") is not False:
        mistakes.append(f"{name}: the schema allows any key")
    mistakes += [f"{name}: no `{key}`" for key in schema["required"] if key not in value]
    for key, inner in value.items():
        if key not in properties:
            mistakes.append(f"{name}: `{key}` is not in the schema")
            continue
        rule = properties[key]
        if rule is True:
            continue
        if "$ref" in rule:
            rule = schema["definitions"][rule["$ref"].rsplit("/", 1)[1]]
        kinds = rule.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and kind(inner) not in kinds:
            mistakes.append(f"{name}: `{key}` is of the type {kind(inner)}, not {kinds}")
        if inner not in rule.get("enum", [inner]) or inner != rule.get("const", inner):
            mistakes.append(f"{name}: `{key}` is {inner!r}")
    return mistakes


def kind(value):
    names = {str: "string", bool: "boolean", type(None): "null", dict: "object", list: "array", int: "integer"}
    return names.get(type(value), "number")

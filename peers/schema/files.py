"""The schema of telemetry.toml, by jsonschema for Python: it accepts every catalog of the repository
that is accepted, and says something fitting about mistakes that a newcomer makes.

    files.py
"""

import json
import pathlib
import re
import sys
import tomllib

import jsonschema

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "docs/reference/telemetry.schema.json"
CATALOGS = REPOSITORY / "crates/headcount-catalog/tests"

# Of the catalogs that `check` refuses, so many have a mistake that a schema can see. The others are
# about what sections must agree on, or are not TOML at all.
LEAST_REFUSED = 55

# What is written instead of what, the place of the mistake, and what is said.
MISTAKES = [
    ('owner = "cli team"', 'ownr = "cli team"', "event.command", "'ownr' was unexpected"),
    ('owner = "cli team"', "", "event.command", "'owner' is a required property"),
    ('why = "Which commands are used?"', "why = 3", "event.command.why", "3 is not of type 'string'"),
    ('works = "flag"', 'works = "bool"', "event.command.properties.works", "'bool' is not one of ['flag', "),
    ('works = "flag"', "works = true", "event.command.properties.works", "True is not one of ['flag', "),
    ('works = "flag"', 'works = { is = "flag", nullable = true }', "event.command.properties.works", "'nullable' was unexpected"),
    ('works = "flag"', 'works = { is = "flag", optional = true }', "event.command.properties.works.optional", "True is not one of ['null', 'omit']"),
    ('works = "flag"', 'took = { token = "a-z" }', "event.command.properties.took", "'most' is a dependency of 'token'"),
    ('works = "flag"', 'took = { amount = "usd" }', "event.command.properties.took", "'cap' is a dependency of 'amount'"),
    ('works = "flag"', 'took = { duration = "minutes" }', "event.command.properties.took.duration", "'minutes' is not one of ['ms', 's']"),
    ('works = "flag"', 'took = { count = "1000" }', "event.command.properties.took.count", "'1000' is not of type 'integer'"),
    ('works = "flag"', 'took = { count = 9, other = "x" }', "event.command.properties.took", "'choice' is a required property"),
    ('["build", "run"]', "[]", "event.command.properties.name.choice", "[] should be non-empty"),
    ('["build", "run"]', '"build"', "event.command.properties.name.choice", "'build' is not of type 'array'"),
    ('["build", "run"]', '["build", "build"]', "event.command.properties.name.choice", "has non-unique elements"),
    ('default = "off"', 'default = "of"', "consent.default", "'of' is not one of ['ask', 'off', 'on']"),
    ('"do-not-track", ', "", "consent.order", "does not contain items matching the given schema"),
    ('time = "time"', 'time = "clock"', "envelope.time", "'clock' is not one of ['event-id', "),
    ('time = "time"', 'time = { is = "time", gran = "hour" }', "envelope.time", "'gran' was unexpected"),
    ("https://telemetry", "http://telemetry", "destination.0.endpoint", "'http://telemetry.tool.example/api/v1/events' does not match"),
    ('kind = "headcount"', 'kind = "posthog"', "destination.0", "'key' is a required property"),
    ("[[destination]]", "[destination]", "destination", "is not of type 'array'"),
    ("catalog = 1", 'catalog = "1"', "catalog", "'1' is not of type 'integer'"),
    ("catalog = 1", "catalog = 0", "catalog", "0 is less than the minimum of 1"),
    ('prefix = "TOOL"', 'prefix = "tool"', "product.prefix", "'tool' does not match"),
    ("[identity]", "[id]", "", "'id' was unexpected"),
]


def validator():
    schema = json.loads(SCHEMA.read_text())
    draft = jsonschema.Draft202012Validator
    draft.check_schema(schema)
    return draft(schema, format_checker=draft.FORMAT_CHECKER)


def leaves(errors):
    """All errors, and those within the forms that a value can have."""
    for error in errors:
        yield error
        yield from leaves(error.context)


def grammar() -> str:
    page = (REPOSITORY / "docs/catalog.md").read_text()
    return "\n".join(re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL))


def accepted():
    yield "docs/catalog.md", grammar()
    places = ["examples/*/telemetry.toml", "crates/headcount-cli/catalogs/**/*.toml"]
    files = [file for place in places for file in REPOSITORY.glob(place)]
    for file in files + list(CATALOGS.glob("accept/*.toml")):
        yield str(file.relative_to(REPOSITORY)), file.read_text()


def main() -> int:
    checks = validator()
    failed = []
    catalogs = list(accepted())
    for name, text in catalogs:
        for error in checks.iter_errors(tomllib.loads(text)):
            said = "; ".join(leaf.message for leaf in leaves([error]))
            failed.append(f"{name}: {error.json_path}: {said}")
    refused = 0
    for file in CATALOGS.glob("reject/*.toml"):
        try:
            refused += not checks.is_valid(tomllib.loads(file.read_text()))
        except (tomllib.TOMLDecodeError, RecursionError):
            pass
    if refused < LEAST_REFUSED:
        failed.append(f"only {refused} catalogs with mistakes are refused, not {LEAST_REFUSED}")
    smallest = (CATALOGS / "accept/smallest.toml").read_text()
    for right, wrong, place, said in MISTAKES:
        assert right in smallest, right
        errors = leaves(checks.iter_errors(tomllib.loads(smallest.replace(right, wrong, 1))))
        found = [(".".join(map(str, error.absolute_path)), error.message) for error in errors]
        if not any(at == place and said in message for at, message in found):
            failed.append(f"{wrong}: nothing says `{said}` at `{place}`, but: {found}")
    for line in failed:
        print(line)
    print(
        f"telemetry.schema.json: {len(catalogs)} catalogs accepted, {refused} refused,"
        f" {len(MISTAKES)} mistakes told, {len(failed)} findings"
    )
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

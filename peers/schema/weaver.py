"""Registries of `headcount schema --format weaver`, by the schema that OpenTelemetry Weaver itself has
for them, which is not a part of this repository:

    weaver.py SEMCONV_SCHEMA FILE …

SEMCONV_SCHEMA is `schemas/semconv.schema.json` of Weaver's repository.
"""

import json
import sys

import jsonschema
import yaml


def main() -> int:
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    failed = groups = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            registry = yaml.safe_load(file)
        groups += len(registry["groups"])
        for error in validator.iter_errors(registry):
            failed += 1
            print(f"{name}: {error.json_path}: {error.message[:200]}")
        ids = [own["id"] for group in registry["groups"] for own in group.get("attributes", []) if "id" in own]
        refs = [own["ref"] for group in registry["groups"] for own in group.get("attributes", []) if "ref" in own]
        if len(ids) != len(set(ids)) or not set(refs) <= set(ids):
            failed += 1
            print(f"{name}: an attribute is there twice, or is referred to and not there")
        # A schema that accepts everything would prove nothing.
        del registry["groups"][-1]["brief"]
        if validator.is_valid(registry):
            failed += 1
            print(f"{name}: the schema accepts a group without a brief")
    print(f"Weaver's schema: {len(sys.argv) - 2} registries with {groups} groups, {failed} findings")
    return int(failed > 0 or groups == 0)


if __name__ == "__main__":
    sys.exit(main())

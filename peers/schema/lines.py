"""Lines, by jsonschema for Python: what the SDK sends is valid, and nothing else is.

    lines.py CASES
"""

import json
import pathlib
import sys

import jsonschema

LEAST = 1000

# It takes 3 ms a line, Ajv 0.2: of the changed lines every twelfth is enough.
EVERY = 12


def judge(folder: pathlib.Path, schema_file: pathlib.Path) -> tuple[int, int]:
    product = schema_file.name.removesuffix(".schema.json")
    schema = json.loads(schema_file.read_text())
    draft = jsonschema.Draft202012Validator
    draft.check_schema(schema)
    validator = draft(schema, format_checker=draft.FORMAT_CHECKER)
    judged = wrong = 0
    cases = map(json.loads, (folder / f"{product}.ndjson").read_text().splitlines())
    for place, case in enumerate(cases):
        if place % EVERY and not case["is_sent"]:
            continue
        judged += 1
        if validator.is_valid(case["line"]) != case["is_sent"]:
            wrong += 1
            print(f"{product}: jsonschema says {not case['is_sent']}, the SDK {case['is_sent']}: {case['line']}")
    return judged, wrong


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    # Without it, the format of times is not checked, and says nothing of it.
    assert "date-time" in jsonschema.Draft202012Validator.FORMAT_CHECKER.checkers, "rfc3339-validator is missing"
    sums = [judge(folder, file) for file in sorted(folder.glob("*.schema.json"))]
    judged, wrong = (sum(numbers) for numbers in zip(*sums))
    print(f"jsonschema: {judged} lines judged, {wrong} not as the SDK does")
    return int(wrong > 0 or judged < LEAST)


if __name__ == "__main__":
    sys.exit(main())

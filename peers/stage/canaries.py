"""What a person would not want to see anywhere, and a search that would find it."""

import base64
import urllib.parse

PLANTED = {
    "mail": "canary.person@canary-mail.example",
    "person": "Canary Person Example",
    "address": "198.51.100.77",
    "path": "/home/canary-user/canary-project/main.rs",
    "host": "canary-host-7f3a",
    "url": "https://canary-url.example/private?token=canary-query",
    "word": "canary-word-93b1",
    "company": "canary-company",
    "agent": "canary-agent/1.0",
}

# Any of these is a find; the longer values above hold them.
TELLING = ["canary", "198.51.100.77", "private?token"]


def forms(text):
    """How a text may look on a disk."""
    raw = text.encode()
    yield raw.lower()
    yield text.encode("utf-16-le").lower()
    yield raw.hex().encode()
    yield urllib.parse.quote(text, safe="").encode().lower()
    # In base64 it looks otherwise at each of three places; the ends depend on what is beside it.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[4 if shift else 0 : -4].lower()


def finds(folder, texts):
    """Which texts are in which files below a folder, in any form and any case."""
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        content = file.read_bytes().lower()
        for text in texts:
            if any(form in content for form in forms(text) if len(form) > 4):
                found.append((text, str(file.relative_to(folder))))
    return found

"""Gemini CLI. No hook of it names a command."""

import json

from . import person

NAME = "gemini"
PACKAGE, VERSION = "@google/gemini-cli", "0.61.0"
FILE = ".gemini/settings.json"
OBSERVED = ["SessionStart", "BeforeAgent", "BeforeTool", "AfterAgent", "SessionEnd"]


class Agent:
    # It tells its end also when a signal ends it, and three times in a terminal.
    sessions = [([], 1, "exit"), ([], 0, "exit"), ([], 1, "exit"), ([], 0, "exit")]
    commands = []

    def __init__(self, installed, node, owner, model):
        self.program = [node, str(installed / "node_modules/@google/gemini-cli/bundle/gemini.js")]
        self.owner = owner
        self.variables = {
            "GEMINI_API_KEY": "canary-key", "GOOGLE_GEMINI_BASE_URL": model, "GEMINI_TELEMETRY_ENABLED": "0",
        }
        groups = {
            event: [{"hooks": [{"type": "command", "command": owner.observer(event), "timeout": 2000}]}]
            for event in OBSERVED
        }
        settings = {
            "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
            "privacy": {"usageStatisticsEnabled": False},
            "telemetry": {"enabled": False},
            "security": {"auth": {"selectedType": "gemini-api-key"}},
            "model": {"name": "gemini-2.5-flash"},
            "hooks": groups,
        }
        owner.write(FILE, json.dumps(settings, indent=4))
        for command in ("commit", "create-spec", person.UNLISTED):
            owner.write(f".gemini/commands/{command}.toml", 'prompt = "Do what is said of {{args}}"\n')

    def typed(self, command, text):
        return [*self.program, "--skip-trust", "-p", f"/{command} {text}"]

    def tool(self, file):
        return "read_file", {"file_path": str(file)}

    def in_terminal(self):
        return [*self.program, "--skip-trust"]

"""Qwen Code. Without a terminal it tells no end: the next start does."""

import json

from . import person

NAME = "qwen"
PACKAGE, VERSION = "@qwen-code/qwen-code", "0.24.4"
FILE = ".qwen/settings.json"
OBSERVED = ["SessionStart", "UserPromptExpansion", "UserPromptSubmit", "PreToolUse", "Stop", "SessionEnd"]


class Agent:
    # The fourth, in a terminal, is the only one that tells its end.
    sessions = [(["/commit"], 1, "unknown"), (["/create-spec"], 0, "unknown"), ([], 1, "unknown"), ([], 0, "exit")]
    commands = [("/commit", "typed"), ("/create-spec", "typed")]

    def __init__(self, installed, node, owner, model):
        self.program = [node, str(installed / "node_modules/@qwen-code/qwen-code/cli-entry.js")]
        self.owner = owner
        self.variables = {
            "OPENAI_API_KEY": "canary-key", "OPENAI_BASE_URL": f"{model}/v1", "OPENAI_MODEL": "fake",
            "QWEN_USAGE_STATISTICS_ENABLED": "0", "QWEN_TELEMETRY_ENABLED": "0",
        }
        groups = {
            event: [{"hooks": [{"type": "command", "command": owner.observer(event), "timeout": 2}]}]
            for event in OBSERVED
        }
        settings = {
            "general": {"enableAutoUpdate": False},
            "privacy": {"usageStatisticsEnabled": False},
            "telemetry": {"enabled": False},
            "security": {"auth": {"selectedType": "openai"}},
            "model": {"name": "fake"},
            "hooks": groups,
            # It would add these when it first runs.
            "$version": 4,
            "ui": {"autoModeAcknowledged": True},
        }
        owner.write(FILE, json.dumps(settings, indent=2))
        for command in ("commit", "create-spec", person.UNLISTED):
            text = "---\ndescription: A command\n---\nDo what is said of {{args}}\n"
            owner.write(f".qwen/commands/{command}.md", text)

    def typed(self, command, text):
        return [*self.program, "-p", f"/{command} {text}"]

    def tool(self, file):
        return "read_file", {"file_path": str(file)}

    def in_terminal(self):
        return self.program

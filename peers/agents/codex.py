"""Codex CLI. It runs only hooks that its user has trusted: here the test is its user."""

import json
import subprocess

NAME = "codex"
PACKAGE, VERSION = "@openai/codex", "0.171.0"
FILE = ".codex/hooks.json"
# What the person's own hooks listen to.
OBSERVED = ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop", "SessionEnd"]

CONFIG = """\
# of a person
model = "fake"
model_provider = "fake"
check_for_update_on_startup = false
web_search = "disabled"

[model_providers.fake]
name = "fake"
base_url = "{model}/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[features]
plugins = false

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"
"""


class Agent:
    # An end by a signal is told by no hook: by the next start.
    sessions = [(["/commit"], 1, "other"), (["/create-spec"], 0, "unknown"), ([], 1, "other")]
    commands = [("/commit", "typed"), ("/create-spec", "typed")]

    def __init__(self, installed, node, owner, model):
        self.program = [node, str(installed / "node_modules/@openai/codex/bin/codex.js")]
        self.owner = owner
        self.variables = {}
        owner.write(".codex/config.toml", CONFIG.format(model=model))
        groups = {
            event: [{"hooks": [{"type": "command", "command": owner.observer(event), "timeout": 2}]}]
            for event in OBSERVED
        }
        owner.write(FILE, json.dumps({"hooks": groups}, indent="\t"))

    def typed(self, command, text):
        return [*self.program, "exec", "--skip-git-repo-check", f"${command} {text}"]

    def tool(self, file):
        return "exec_command", {"cmd": f"cat {file}"}

    def trust(self):
        """Trusts every hook as `/hooks` does: by its hash, which Codex says."""
        asked = [
            {"id": 0, "method": "initialize", "params": {"clientInfo": {"name": "t", "title": "t", "version": "0"}}},
            {"method": "initialized"},
            {"id": 1, "method": "hooks/list", "params": {"cwds": [str(self.owner.project)]}},
        ]
        server = subprocess.Popen(
            [*self.program, "app-server"], env=self.owner.variables, cwd=self.owner.project,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        try:
            for line in asked:
                server.stdin.write(json.dumps(line) + "\n")
            server.stdin.flush()
            for line in server.stdout:
                answer = json.loads(line)
                if answer.get("id") == 1:
                    break
            hooks = answer["result"]["data"][0]["hooks"]
        finally:
            server.kill()
            server.wait()
        with (self.owner.home / ".codex/config.toml").open("a") as config:
            for hook in hooks:
                key = json.dumps(hook["key"])
                config.write(f'\n[hooks.state.{key}]\ntrusted_hash = "{hook["currentHash"]}"\n')
        return {hook["trustStatus"] for hook in hooks}

"""OpenCode. Its hooks are a plugin, which runs in it."""

import json

from . import person

NAME = "opencode"
PACKAGE, VERSION = "opencode-ai", "1.18.33"
FILE = ".config/opencode/plugins/peer-agents-telemetry.js"
OBSERVED = ["session.created", "session.idle", "command.executed"]

OBSERVER = """\
import { writeFileSync } from "node:fs"
const wanted = %s
export const Observer = async () => ({
  event: async ({ event }) => {
    if (!wanted.includes(event.type)) return
    const file = `${%s}/${event.type}.${process.hrtime.bigint()}`
    writeFileSync(file, JSON.stringify(event.properties))
  },
})
"""


class Agent:
    # An end by a signal is told by no hook: by the next start.
    sessions = [(["/commit"], 1, "exit"), (["/create-spec"], 0, "unknown"), ([], 1, "exit")]
    commands = [("/commit", "typed"), ("/create-spec", "typed")]

    def __init__(self, installed, _node, owner, model):
        self.program = [str(installed / "node_modules/.bin/opencode")]
        self.owner = owner
        home = owner.home
        self.variables = {
            "OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1", "OPENCODE_DISABLE_SHARE": "1",
            # It would install types for plugins, of which none needs them.
            "npm_config_offline": "true", "npm_config_fetch_retries": "0",
            "XDG_CONFIG_HOME": f"{home}/.config", "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_STATE_HOME": f"{home}/.local/state", "XDG_CACHE_HOME": f"{home}/.cache",
        }
        options = {"baseURL": f"{model}/v1", "apiKey": "canary-key"}
        models = {"fake": {"name": "fake", "limit": {"context": 100000, "output": 4000}}}
        provider = {"npm": "@ai-sdk/openai-compatible", "name": "Fake", "options": options, "models": models}
        settings = {
            "$schema": "https://opencode.ai/config.json",
            "autoupdate": False, "share": "disabled", "model": "fake/fake", "small_model": "fake/fake",
            "enabled_providers": ["fake"], "lsp": False, "formatter": False, "provider": {"fake": provider},
        }
        owner.write(".config/opencode/opencode.json", json.dumps(settings, indent=2))
        observer = OBSERVER % (json.dumps(OBSERVED), json.dumps(str(owner.observed)))
        owner.write(".config/opencode/plugins/observer.js", observer)
        for command in ("commit", "create-spec", person.UNLISTED):
            text = "---\ndescription: A command\n---\nDo what is said of $ARGUMENTS\n"
            owner.write(f".config/opencode/commands/{command}.md", text)

    def typed(self, command, text):
        return [*self.program, "run", "--command", command, text]

    def tool(self, file):
        return "read", {"filePath": str(file)}

"""Programs that use the wrappers of the five products, in each language: a call that is right, and what
is wrong with three others, as a replacement in it."""

# Per language: the call, then what is misspelt, of another type, and unknown. Wrong ones are
# (what is there, what is there instead).
CALLS = {
    "archon": {
        "event": "cli.command_completed",
        "ts": (
            'telemetry.cliCommandCompleted({ command: "serve", exitCode: 0, durationMs: 12.5 });',
            ('"serve"', '"serv"'), ("exitCode: 0", 'exitCode: "0"'), ("exitCode: 0", 'exitCode: 0, path: "/home"'),
        ),
        "py": (
            'telemetry.cli_command_completed(command="serve", exit_code=0, duration_ms=12)',
            ('"serve"', '"serv"'), ("exit_code=0", 'exit_code="0"'), ("exit_code=0", 'exit_code=0, path="/home"'),
        ),
        "rb": (
            'telemetry.cli_command_completed(command: "serve", exit_code: 0, duration_ms: 12)',
            ('"serve"', "nil"), ("exit_code: 0", 'exit_code: "0"'), ("exit_code: 0", 'exit_code: 0, path: "/home"'),
        ),
        "go": (
            "t.CliCommandCompleted(telemetry.CommandServe, 0, 12*time.Millisecond, telemetry.CliCommandCompletedOptional{})",
            ("CommandServe", "CommandServ"), (", 0,", ', "0",'), ("Optional{}", 'Optional{Path: "/home"}'),
        ),
        "sh": (
            "archon_record_cli_command_completed command=serve exit_code=0 duration_ms=12",
            ("=serve", "=serv"), ("exit_code=0", "exit_code=zero"), ("exit_code=0", "exit_code=0 path=/home"),
        ),
    },
    "assembly": {
        "event": "command_run",
        "ts": (
            'telemetry.commandRun({ command: "assembly dev", outcome: "success", exitCode: 0, durationMs: 12 });',
            ('"success"', '"done"'), ("exitCode: 0", "exitCode: true"), ("exitCode: 0", "exitCode: 0, user: 1"),
        ),
        "py": (
            'telemetry.command_run(command="assembly dev", outcome="success", exit_code=0, duration_ms=12)',
            ('"success"', '"done"'), ("exit_code=0", "exit_code=0.5"), ("exit_code=0", "exit_code=0, user=1"),
        ),
        "rb": (
            'telemetry.command_run(command: "assembly dev", outcome: "success", exit_code: 0, duration_ms: 12)',
            ('"success"', '"done"'), ("exit_code: 0", "exit_code: 0.5"), ("exit_code: 0", "exit_code: 0, user: 1"),
        ),
        "go": (
            "t.CommandRun(telemetry.CommandAssemblyDev, telemetry.OutcomeSuccess, 0, 12*time.Millisecond)",
            ("OutcomeSuccess", "OutcomeDone"), (", 0,", ", 0.5,"), ("Millisecond)", "Millisecond, 1)"),
        ),
        "sh": (
            "assembly_record_command_run command='assembly dev' outcome=success exit_code=0 duration_ms=12",
            ("=success", "=done"), ("exit_code=0", "exit_code=0.5"), ("exit_code=0", "exit_code=0 user=1"),
        ),
    },
    "atomcode": {
        "event": "use_command",
        "ts": (
            'telemetry.useCommand({ type: "/help" });',
            ('"/help"', '"/hlp"'), ('"/help"', "3"), ('"/help"', '"/help", prompt: "x"'),
        ),
        "py": (
            'telemetry.use_command(type="/help")',
            ('"/help"', '"/hlp"'), ('"/help"', "3"), ('"/help"', '"/help", prompt="x"'),
        ),
        "rb": (
            'telemetry.use_command(type: "/help")',
            ('"/help"', '"/hlp"'), ('"/help"', "3"), ('"/help"', '"/help", prompt: "x"'),
        ),
        "go": (
            "t.UseCommand(telemetry.TypeHelp)",
            ("TypeHelp", "TypeHlp"), ("telemetry.TypeHelp", '"/help"'), ("TypeHelp)", 'TypeHelp, "x")'),
        ),
        "sh": (
            "atomcode_record_use_command type=/help",
            ("/help", "/hlp"), ("/help", "3"), ("/help", "/help prompt=x"),
        ),
    },
    "atomic": {
        "event": "atomic_command",
        "ts": (
            'telemetry.atomicCommand({ command: "init", agentType: "claude", success: true });',
            ('"claude"', '"cladue"'), ("true", '"true"'), ("true", 'true, project: "x"'),
        ),
        "py": (
            'telemetry.atomic_command(command="init", agent_type="claude", success=True)',
            ('"claude"', '"cladue"'), ("True", '"true"'), ("True", 'True, project="x"'),
        ),
        "rb": (
            'telemetry.atomic_command(command: "init", agent_type: "claude", success: true)',
            ('"claude"', '"cladue"'), ("true", '"true"'), ("true", 'true, project: "x"'),
        ),
        "go": (
            "t.AtomicCommand(telemetry.CommandInit, true, telemetry.AtomicCommandOptional{AgentType: telemetry.AgentTypeClaude})",
            ("AgentTypeClaude", "AgentTypeCladue"), ("true", '"true"'), ("Claude}", 'Claude, Project: "x"}'),
        ),
        "sh": (
            "atomic_record_command command=init agent_type=claude success=true",
            ("=claude", "=cladue"), ("=true", "=yes"), ("=true", "=true project=x"),
        ),
    },
    "clacky": {
        "event": "task",
        "ts": (
            'telemetry.task({ status: "success", costUsd: 0.25, durationMs: 12 });',
            ('"success"', '"done"'), ("0.25", '"0.25"'), ("0.25", "0.25, host: 1"),
        ),
        "py": (
            'telemetry.task(status="success", cost_usd=0.25, duration_ms=12)',
            ('"success"', '"done"'), ("0.25", '"0.25"'), ("0.25", "0.25, host=1"),
        ),
        "rb": (
            'telemetry.task(status: "success", cost_usd: 0.25, duration_ms: 12)',
            ('"success"', '"done"'), ("0.25", '"0.25"'), ("0.25", "0.25, host: 1"),
        ),
        "go": (
            "t.Task(telemetry.TaskOptional{Status: telemetry.StatusSuccess, CostUsd: &cost})",
            ("StatusSuccess", "StatusDone"), ("&cost", '"0.25"'), ("&cost", "&cost, Host: 1"),
        ),
        "sh": (
            "clacky_record_task status=success cost_usd=0.25 duration_ms=12",
            ("=success", "=done"), ("0.25", "much"), ("0.25", "0.25 host=1"),
        ),
    },
}

# What a program of a product says of itself besides, where it must.
CONTEXT = {
    ("archon", "ts"): ', archonGitCommit: archonGitCommit("1a2b3c4")!, archonIsBinary: true',
    ("archon", "py"): ", archon_git_commit=commit, archon_is_binary=True",
    ("archon", "rb"): ', archon_git_commit: "1a2b3c4", archon_is_binary: true',
    ("archon", "go"): ", commit, true",
    ("archon", "sh"): "archon_archon_git_commit=1a2b3c4 archon_archon_is_binary=true",
    ("atomcode", "ts"): ', mode: "tui"',
    ("atomcode", "py"): ', mode="tui"',
    ("atomcode", "rb"): ', mode: "tui"',
    ("atomcode", "go"): ", telemetry.ModeTui",
    ("atomcode", "sh"): "atomcode_mode=tui",
}


def typescript(product: str, call: str) -> str:
    imported = ", archonGitCommit" if product == "archon" else ""
    context = CONTEXT.get((product, "ts"), "")
    return (
        f'import {{ Telemetry{imported} }} from "./{product}.js";\n\n'
        f'const telemetry = new Telemetry({{ catalog: process.env["CATALOG"]!, version: "1.2.3"{context} }});\n'
        f"{call}\n"
    )


def python(product: str, call: str) -> str:
    commit = ""
    if product == "archon":
        commit = f'commit = {product}.archon_git_commit_of("1a2b3c4")\nassert commit is not None\n'
    context = CONTEXT.get((product, "py"), "")
    return (
        f"import os\n\nimport {product}\n\n{commit}"
        f'telemetry = {product}.Telemetry(version="1.2.3", catalog=os.environ["CATALOG"]{context})\n{call}\n'
    )


def ruby(product: str, call: str) -> str:
    context = CONTEXT.get((product, "rb"), "")
    return (
        f'require_relative "{product}"\n\n'
        f'telemetry = Telemetry.new(version: "1.2.3", catalog: ENV.fetch("CATALOG"){context})\n'
        f"handed_over = {call}\nexit(handed_over ? 0 : 1)\n"
    )


def go(product: str, call: str) -> str:
    context = CONTEXT.get((product, "go"), "")
    imports = ["os", "time"] if "time." in call else ["os"]
    before = {
        "archon": '\tcommit, _ := telemetry.ArchonGitCommitOf("1a2b3c4")\n',
        "clacky": "\tcost := 0.25\n\t_ = cost\n",
    }
    lines = "".join(f'\t"{name}"\n' for name in imports)
    return (
        f'package main\n\nimport (\n{lines}\n\ttelemetry "wrappers/{product}"\n)\n\n'
        f"func main() {{\n{before.get(product, '')}"
        f'\tt := telemetry.New(os.Getenv("CATALOG"), "1.2.3"{context}, telemetry.Options{{}})\n\t{call}\n'
        # So that the program does not end before its process has begun.
        "\tt.Notice()\n}\n"
    )


def shell(product: str, call: str) -> str:
    context = CONTEXT.get((product, "sh"), "")
    # As strict as a shell can be: what is wrong in a wrapper ends the program.
    return (
        f"set -eu\n{product}_catalog=$CATALOG {product}_version=1.2.3 {context}\n"
        f'. "${{0%/*}}/{product}.sh"\n{call}\necho done\n'
    )

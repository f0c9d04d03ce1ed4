// The plugin that `headcount hooks install --agent opencode` writes, in a harness of the types of `@opencode-ai/plugin`: what it
// tells of the events of both generations, and that nothing it meets can disturb the agent. `.ci/opencode` puts the plugin beside
// this file, with a recorder for its program: a line with the arguments and one with standard input for each call.
import assert from "node:assert/strict"
import { existsSync, readFileSync, rmSync } from "node:fs"
import { afterEach, test } from "node:test"

import type { Hooks, PluginInput, PluginModule } from "@opencode-ai/plugin"
import type { Plugin as LaterPlugin } from "@opencode-ai/plugin/v2/promise"

import plugin from "./plugin.mjs"

type Event = Parameters<NonNullable<Hooks["event"]>>[0]["event"]
type LaterContext = Parameters<LaterPlugin["setup"]>[0]

// It is a module of the first generation by its type.
const first: PluginModule = plugin
const record = process.env.RECORD ?? "record.txt"
const SECRET = "canary-5f3a"

afterEach(() => rmSync(record, { force: true }))

/** The calls since the last test: the event in the arguments, and what was on standard input. */
function calls(): [string, unknown][] {
  if (!existsSync(record)) return []
  const text = readFileSync(record, "utf8")
  assert.ok(!text.includes(SECRET), text)
  const lines = text.trimEnd().split("\n")
  const found: [string, unknown][] = []
  for (let at = 0; at < lines.length; at += 2) {
    const words = lines[at]!.split(" ")
    assert.deepEqual([words[0], words[1], words.at(-2)], ["hook", "--catalog", "opencode"])
    found.push([words.at(-1)!, JSON.parse(lines[at + 1]!)])
  }
  return found
}

function created(id: string, parentID?: string): Event {
  return {
    type: "session.created",
    properties: {
      info: {
        id,
        ...(parentID ? { parentID } : {}),
        projectID: SECRET,
        directory: `/home/ada/${SECRET}`,
        title: SECRET,
        version: "1.18.33",
        time: { created: 1, updated: 1 },
      },
    },
  }
}

function executed(sessionID: string): Event {
  return {
    type: "command.executed",
    properties: { name: "commit", sessionID, arguments: SECRET, messageID: SECRET },
  }
}

async function run(events: Event[]): Promise<Hooks> {
  const hooks = await first.server({} as PluginInput)
  // As the host does it: nobody waits for a handler.
  for (const event of events) void hooks.event?.({ event })
  return hooks
}

test("a session of version 1 is told while it goes on, and ended by dispose", async () => {
  const hooks = await run([
    created("ses_1"),
    created("ses_2", "ses_1"),
    executed("ses_1"),
    executed("ses_2"),
    { type: "session.status", properties: { sessionID: "ses_1", status: { type: "idle" } } },
    { type: "session.idle", properties: { sessionID: "ses_1" } },
    { type: "file.edited", properties: { file: SECRET } },
  ])
  const before = calls()
  assert.deepEqual(before, [
    ["session.created", { event: "session.created", sessionID: "ses_1" }],
    ["command.executed", { event: "command.executed", sessionID: "ses_1", name: "commit" }],
  ])
  await hooks.dispose?.()
  assert.deepEqual(calls().slice(before.length), [["dispose", { event: "dispose", sessionID: "ses_1" }]])
})

test("a command of version 1 is told once, when it begins, also if its turn is never done", async () => {
  const hooks = await run([created("ses_7"), created("ses_8", "ses_7")])
  const before = calls().length
  const begins = async (sessionID: string) => {
    const output = { parts: [] }
    await hooks["command.execute.before"]?.({ command: "commit", sessionID, arguments: SECRET }, output)
    assert.deepEqual(output, { parts: [] })
  }
  const done = (sessionID: string) => hooks.event?.({ event: executed(sessionID) })
  const told = ["command.executed", { event: "command.executed", sessionID: "ses_7", name: "commit" }]
  await begins("ses_7")
  assert.deepEqual(calls().slice(before), [told])
  await done("ses_7")
  assert.deepEqual(calls().slice(before), [told])
  await begins("ses_7")
  await begins("ses_7")
  await begins("ses_8")
  assert.deepEqual(calls().slice(before), [told, told, told])
  await hooks["command.execute.before"]?.(undefined as never, undefined as never)
  await hooks["command.execute.before"]?.({ command: 7 } as never, { parts: [] })
  assert.deepEqual(calls().slice(before), [told, told, told])
  await hooks.dispose?.()
})

test("an event that is not what it should be tells nothing and throws nothing", async () => {
  const hooks = await first.server(undefined as unknown as PluginInput)
  const throwing = { get type(): string { throw new Error("no") } }
  const odd = [undefined, null, 1, "x", {}, { type: "session.created" }, throwing,
    { type: "session.created", properties: { info: { id: 7 } } },
    { type: "command.executed", properties: { name: 7, sessionID: "ses_1" } }]
  for (const event of odd) await hooks.event?.({ event: event as Event })
  await hooks.event?.(undefined as unknown as { event: Event })
  await hooks.dispose?.()
  assert.deepEqual(calls(), [])
})

test("a session of version 2 is told from the stream, of this project alone", async () => {
  let done: () => void = () => {}
  const told = new Promise<void>((resolve) => (done = resolve))
  const here = { directory: "/srv/here" }
  const events = [
    { type: "session.created", location: here, data: { sessionID: "ses_3", title: SECRET } },
    { type: "session.created", location: { directory: "/srv/there" }, data: { sessionID: "ses_4" } },
    { type: "session.created", location: here, data: { sessionID: "ses_5", parentID: "ses_3" } },
    { type: "session.skill.activated", location: here, data: { sessionID: "ses_3", name: "commit", text: SECRET } },
    { type: "session.skill.activated", location: here, data: { sessionID: "ses_5", name: "commit", text: SECRET } },
  ]
  let signal: AbortSignal | undefined
  async function* subscribe(options: { signal: AbortSignal }) {
    signal = options.signal
    yield* events
    done()
  }
  const end = plugin.setup({ location: here, event: { subscribe } })
  await told
  const before = calls()
  assert.deepEqual(before, [
    ["session.created", { event: "session.created", sessionID: "ses_3" }],
    ["session.skill.activated", { event: "session.skill.activated", sessionID: "ses_3", name: "commit" }],
  ])
  assert.equal(signal?.aborted, false)
  end()
  assert.equal(signal?.aborted, true)
  assert.deepEqual(calls().slice(before.length), [["dispose", { event: "dispose", sessionID: "ses_3" }]])
})

test("a context of version 2 that lacks everything is taken", () => {
  for (const context of [{} as LaterContext, { event: {} }, null, undefined]) {
    const end = plugin.setup(context)
    end()
  }
  async function* fails() {
    throw new Error("the stream broke")
  }
  plugin.setup({ event: { subscribe: fails } })()
  assert.deepEqual(calls(), [])
})

test("a program that hangs holds the agent up for about a second", async () => {
  process.env.HANG = "yes"
  const start = performance.now()
  await run([created("ses_6")])
  const took = performance.now() - start
  delete process.env.HANG
  assert.ok(took >= 900 && took < 10_000, `${took} ms`)
})

/*MARK*/
// removed by `hooks remove`. It tells the program below when a session starts, when a turn is done, when it ends, and the
// names of commands: no prompt, no path, no title. What that program may record is in its catalog.
import { spawnSync } from "node:child_process"

const program = /*PROGRAM*/
const words = /*ARGUMENTS*/
const commands = /*COMMANDS*/
const turns = /*TURNS*/
const most = /*MOST_SESSIONS*/

// The sessions that were told, and those of sub-agents, which are not.
const told = new Set()
const inner = new Set()

// Handlers of events are not awaited: what is told is told before they return. Nothing is ever thrown.
function tell(event, session, more) {
  try {
    if (typeof session !== "string" || session === "" || inner.has(session)) return
    if (told.size < most) told.add(session)
    spawnSync(program, [...words, event], {
      input: JSON.stringify({ event, sessionID: session, ...more }),
      stdio: ["pipe", "ignore", "ignore"],
      timeout: /*WAIT_MILLISECONDS*/,
      killSignal: "SIGKILL",
      windowsHide: true,
    })
  } catch {}
}

function leaveOut(session) {
  if (typeof session === "string" && inner.size < most) inner.add(session)
}

function tellCommand(event, session, name) {
  if (commands && typeof name === "string") tell(event, session, { name })
}

// Version 1 tells a command once its turn is done, and never if a signal ends that: so it is told when it begins.
const begun = new Set()

function commandBegins(session, name) {
  if (begun.size >= most) return
  begun.add(`${session} ${name}`)
  tellCommand("command.executed", session, name)
}

function commandIsDone(session, name) {
  if (!begun.delete(`${session} ${name}`)) tellCommand("command.executed", session, name)
}

function tellTurn(event, session) {
  if (turns) tell(event, session)
}

function tellEnds() {
  for (const session of told) tell("dispose", session)
  told.clear()
}

// Version 1: what an event says is in `properties`.
function heard(event) {
  const said = event?.properties
  switch (event?.type) {
    case "session.created":
      if (said?.info?.parentID) leaveOut(said.info.id)
      else tell("session.created", said?.info?.id)
      break
    case "command.executed":
      commandIsDone(said?.sessionID, said?.name)
      break
    case "session.idle":
      tellTurn("session.idle", said?.sessionID)
      break
  }
}

// Version 2: it is in `data`, and each project's plugin hears of all projects.
function heardInProject(event, project) {
  const place = event?.location?.directory
  if (typeof place === "string" && typeof project === "string" && place !== project) return
  const said = event?.data
  const session = said?.sessionID ?? said?.info?.id
  switch (event?.type) {
    case "session.created":
      if (said?.parentID ?? said?.info?.parentID) leaveOut(session)
      else tell("session.created", session)
      break
    case "session.skill.activated":
      tellCommand("session.skill.activated", session, said?.name)
      break
    case "session.execution.succeeded":
      tellTurn("session.execution.succeeded", session)
      break
  }
}

export default {
  id: /*NAME*/,

  server: async () => ({
    event: async (input) => {
      try {
        heard(input?.event)
      } catch {}
    },
    "command.execute.before": async (input) => {
      try {
        commandBegins(input?.sessionID, input?.command)
      } catch {}
    },
    dispose: async () => tellEnds(),
  }),

  setup: (context) => {
    const stop = new AbortController()
    const listen = async () => {
      try {
        for await (const event of context.event.subscribe({ signal: stop.signal })) {
          heardInProject(event, context.location?.directory)
        }
      } catch {}
    }
    if (typeof context?.event?.subscribe === "function") void listen()
    return () => {
      stop.abort()
      tellEnds()
    }
  },
}

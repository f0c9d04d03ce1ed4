// What The Tool may report, for programs in TypeScript.
//
// Made by `headcount generate` from version 4 of the catalog of `tool`.
// Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it
// is not what the catalog says.
//
// Each event starts `headcount record` and does not wait for it. Whatever goes
// wrong, nothing is recorded and the program goes on, also where there is no
// `headcount`. Whether anything is recorded is for the person to say.

import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";

/** Values of `mode`. */
export type Mode =
  | "batch"
  | "interactive";

/** Values of `repo.host`. */
export type RepoHost =
  | "github"
  | "gitlab"
  | "none"
  | "other";

/** Values of `command`. */
export type Command =
  | "build"
  | "test"
  | "publish"
  | "user-defined";

/** Values of `flags`. */
export type Flags =
  | "--release"
  | "--offline";

/** Values of `where`. */
export type Where =
  | "main"
  | "build"
  | "publish"
  | "elsewhere";

/** Values of `class`. */
export type Class =
  | "io"
  | "network"
  | "other";

declare const checked: unique symbol;

/** Text that fits `account`; only `reference` makes it. */
export type Reference = string & { readonly [checked]: "Reference" };
export function reference(text: string): Reference | undefined {
  return /^(?:[A-Za-z0-9._\-]{1,64})$/u.test(text) ? (text as Reference) : undefined;
}

/** Text that fits `model`; only `model` makes it. */
export type Model = string & { readonly [checked]: "Model" };
export function model(text: string): Model | undefined {
  return /^(?:[a-z0-9.:\x2d]{1,64})$/u.test(text) ? (text as Model) : undefined;
}

/** Text that fits `compiler`; only `version` makes it. */
export type Version = string & { readonly [checked]: "Version" };
export function version(text: string): Version | undefined {
  return /^(?:(?:unknown|dev|[A-Za-z.+_\-]*[0-9][A-Za-z0-9.+_\-]*))$/u.test(text) && text.length <= 64 ? (text as Version) : undefined;
}

/** Text that fits `speaks`; only `locale` makes it. */
export type Locale = string & { readonly [checked]: "Locale" };
export function locale(text: string): Locale | undefined {
  return /^(?:(?:C|[A-Za-z]{2,8}(?:[\-_][A-Za-z0-9]{1,8})*))$/u.test(text) && text.length <= 35 ? (text as Locale) : undefined;
}

/** Text that fits `place`; only `location` makes it. */
export type Location = string & { readonly [checked]: "Location" };
export function location(text: string): Location | undefined {
  return /^(?:(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*)(?:\/(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*))*:[0-9]{1,7}(?::[0-9]{1,7})?)$/u.test(text) && text.length <= 160 ? (text as Location) : undefined;
}

/** Text that fits `stack`; only `frame` makes it. */
export type Frame = string & { readonly [checked]: "Frame" };
export function frame(text: string): Frame | undefined {
  return /^(?:[A-Za-z0-9_:<>\{\}#]{1,120})$/u.test(text) ? (text as Frame) : undefined;
}

/** Text that fits `message`; only `message` makes it. */
export type Message = string & { readonly [checked]: "Message" };
export function message(text: string): Message | undefined {
  return /^(?:[A-Za-z .,:;()<>_!?\-]*)$/u.test(text) && text.length <= 120 && !/[^ ]\.[^ ]/u.test(text) ? (text as Message) : undefined;
}

/** What the program says of itself, once. */
export interface Host {
  /** The path of telemetry.toml. */
  readonly catalog: string;
  /** The version of the program. */
  readonly version: string;
  /** How people call the program, if `NAME telemetry status` and so on work. */
  readonly program?: string | undefined;
  /** The program was called with --no-telemetry. */
  readonly noTelemetry?: boolean | undefined;
  /** Where `headcount` is, if it is not on the path. */
  readonly binary?: string | undefined;
  readonly account?: Reference | undefined;
  readonly mode?: Mode | undefined;
  readonly repoHost?: RepoHost | undefined;
  readonly repoShared?: boolean | undefined;
}

/** The events of The Tool. */
export class Telemetry {
  readonly #host: Host;
  static readonly #session = randomUUID();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Which commands are used, and do they work? */
  cliRun(given: {
    readonly command: Command;
    readonly flags?: readonly Flags[] | undefined;
    readonly worked: boolean;
    readonly exitCode: number;
    /** At most 86400000: more becomes that. */
    readonly tookMs: number;
    /** Rounded down to 0, 1, 10, 100, 1000. */
    readonly files: number;
    /** Null where the compiler was not reached. At most 500: more becomes that. Recorded until 2027-06-30. */
    readonly warnings?: number | undefined;
  }): void {
    this.#record("cli.run", () => [
      ["command", given.command],
      ["flags", list(given.flags)],
      ["worked", flag(given.worked)],
      ["exit_code", whole(given.exitCode)],
      ["took", whole(given.tookMs)],
      ["files", whole(given.files)],
      ["warnings", whole(given.warnings)],
    ]);
  }

  /** What do conversations cost? */
  chat(given: {
    /** Cut to the hour. */
    readonly began: Date;
    readonly model: Model;
    /** At most 100: more becomes that. */
    readonly costUsd: number;
    readonly compiler?: Version | undefined;
    readonly speaks: Locale;
  }): void {
    this.#record("chat", () => [
      ["began", time(given.began)],
      ["model", given.model],
      ["cost", decimal(given.costUsd)],
      ["compiler", given.compiler],
      ["speaks", given.speaks],
    ]);
  }

  /** Where does it crash? */
  crash(given: {
    readonly where: Where;
    readonly class: Class;
    readonly place: Location;
    readonly stack: readonly Frame[];
    readonly message?: Message | undefined;
  }): void {
    this.#record("crash", () => [
      ["where", given.where],
      ["class", given.class],
      ["place", given.place],
      ["stack", list(given.stack)],
      ["message", given.message],
    ]);
  }

  /** How many turn it off? */
  goodbye(): void {
    this.#record("goodbye", () => []);
  }

  /** Prints the notice of what is reported, once, and waits two seconds at most. */
  notice(): void {
    this.#run("notice", [], 2000);
  }

  /** Asks whether anything may be reported, where it is due, and waits for the answer. */
  ask(): void {
    this.#run("ask", []);
  }

  /** Runs `status`, `on`, `off` and the others, with the words after `telemetry`. Returns the exit code. */
  person(words: readonly string[]): number {
    return this.#run("telemetry", words);
  }

  #record(event: string, pairs: () => readonly Pair[]): void {
    try {
      const host = this.#host;
      const all: readonly Pair[] = [
        ["session", Telemetry.#session],
        ["account", host.account],
        ["mode", host.mode],
        ["repo.host", host.repoHost],
        ["repo.shared", flag(host.repoShared)],
        ...pairs(),
      ];
      const given = all.filter(([, value]) => value !== undefined && value !== null);
      const words = given.map(([key, value]) => `${key}=${value}`);
      const version = ["--host-version", host.version];
      const child = spawn(this.#binary(), this.#words("record", [...version, event, ...words]), {
        stdio: "ignore",
        detached: true,
        windowsHide: true,
      });
      child.on("error", () => undefined);
      child.unref();
    } catch {
      // Nothing is recorded.
    }
  }

  #run(command: string, words: readonly string[], timeout?: number): number {
    try {
      const all = this.#words(command, words);
      return spawnSync(this.#binary(), all, { stdio: "inherit", timeout }).status ?? 1;
    } catch {
      return 1;
    }
  }

  #binary(): string {
    return this.#host.binary ?? "headcount";
  }

  #words(command: string, words: readonly string[]): string[] {
    const { catalog, program, noTelemetry } = this.#host;
    const named = program === undefined ? [] : ["--program", program];
    const off = noTelemetry === true ? ["--no-telemetry"] : [];
    return [command, "--catalog", catalog, ...named, ...off, ...words];
  }
}

type Pair = readonly [key: string, value: string | undefined];

function flag(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function whole(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(Math.floor(value));
}

function decimal(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function list(value: readonly string[] | undefined): string | undefined {
  return value?.join(",");
}

function time(value: Date | undefined): string | undefined {
  return value?.toISOString();
}

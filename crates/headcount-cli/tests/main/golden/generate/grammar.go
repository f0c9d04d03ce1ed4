// What The Tool may report, for programs in Go.
//
// Made by `headcount generate` from version 4 of the catalog of `tool`.
// Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it
// is not what the catalog says.
//
// Each event starts `headcount record` and does not wait for it. Whatever goes
// wrong, nothing is recorded and the program goes on, also where there is no
// `headcount`. Whether anything is recorded is for the person to say.

// Package telemetry records the events of the catalog.
package telemetry

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Mode is a value of `mode`.
type Mode struct{ word string }

// ModeBatch is `batch`.
var ModeBatch = Mode{"batch"}

// ModeInteractive is `interactive`.
var ModeInteractive = Mode{"interactive"}

// RepoHost is a value of `repo.host`.
type RepoHost struct{ word string }

// RepoHostGithub is `github`.
var RepoHostGithub = RepoHost{"github"}

// RepoHostGitlab is `gitlab`.
var RepoHostGitlab = RepoHost{"gitlab"}

// RepoHostNone is `none`.
var RepoHostNone = RepoHost{"none"}

// RepoHostOther is `other`.
var RepoHostOther = RepoHost{"other"}

// Command is a value of `command`.
type Command struct{ word string }

// CommandBuild is `build`.
var CommandBuild = Command{"build"}

// CommandTest is `test`.
var CommandTest = Command{"test"}

// CommandPublish is `publish`.
var CommandPublish = Command{"publish"}

// CommandUserDefined is `user-defined`.
var CommandUserDefined = Command{"user-defined"}

// Flags is a value of `flags`.
type Flags struct{ word string }

// FlagsRelease is `--release`.
var FlagsRelease = Flags{"--release"}

// FlagsOffline is `--offline`.
var FlagsOffline = Flags{"--offline"}

// Where is a value of `where`.
type Where struct{ word string }

// WhereMain is `main`.
var WhereMain = Where{"main"}

// WhereBuild is `build`.
var WhereBuild = Where{"build"}

// WherePublish is `publish`.
var WherePublish = Where{"publish"}

// WhereElsewhere is `elsewhere`.
var WhereElsewhere = Where{"elsewhere"}

// Class is a value of `class`.
type Class struct{ word string }

// ClassIo is `io`.
var ClassIo = Class{"io"}

// ClassNetwork is `network`.
var ClassNetwork = Class{"network"}

// ClassOther is `other`.
var ClassOther = Class{"other"}

// Reference is text that fits `account`. Its zero value is none.
type Reference struct{ word string }

// ReferenceOf returns text that fits, and whether it does.
func ReferenceOf(text string) (Reference, bool) {
	if !(regexp.MustCompile(`^(?:[A-Za-z0-9._\-]{1,64})$`).MatchString(text)) {
		return Reference{}, false
	}
	return Reference{text}, true
}

// Model is text that fits `model`. Its zero value is none.
type Model struct{ word string }

// ModelOf returns text that fits, and whether it does.
func ModelOf(text string) (Model, bool) {
	if !(regexp.MustCompile(`^(?:[a-z0-9.:\x2d]{1,64})$`).MatchString(text)) {
		return Model{}, false
	}
	return Model{text}, true
}

// Version is text that fits `compiler`. Its zero value is none.
type Version struct{ word string }

// VersionOf returns text that fits, and whether it does.
func VersionOf(text string) (Version, bool) {
	if !(regexp.MustCompile(`^(?:(?:unknown|dev|[A-Za-z.+_\-]*[0-9][A-Za-z0-9.+_\-]*))$`).MatchString(text) && len(text) <= 64) {
		return Version{}, false
	}
	return Version{text}, true
}

// Locale is text that fits `speaks`. Its zero value is none.
type Locale struct{ word string }

// LocaleOf returns text that fits, and whether it does.
func LocaleOf(text string) (Locale, bool) {
	if !(regexp.MustCompile(`^(?:(?:C|[A-Za-z]{2,8}(?:[\-_][A-Za-z0-9]{1,8})*))$`).MatchString(text) && len(text) <= 35) {
		return Locale{}, false
	}
	return Locale{text}, true
}

// Location is text that fits `place`. Its zero value is none.
type Location struct{ word string }

// LocationOf returns text that fits, and whether it does.
func LocationOf(text string) (Location, bool) {
	if !(regexp.MustCompile(`^(?:(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*)(?:/(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*))*:[0-9]{1,7}(?::[0-9]{1,7})?)$`).MatchString(text) && len(text) <= 160) {
		return Location{}, false
	}
	return Location{text}, true
}

// Frame is text that fits `stack`. Its zero value is none.
type Frame struct{ word string }

// FrameOf returns text that fits, and whether it does.
func FrameOf(text string) (Frame, bool) {
	if !(regexp.MustCompile(`^(?:[A-Za-z0-9_:<>\{\}#]{1,120})$`).MatchString(text)) {
		return Frame{}, false
	}
	return Frame{text}, true
}

// Message is text that fits `message`. Its zero value is none.
type Message struct{ word string }

// MessageOf returns text that fits, and whether it does.
func MessageOf(text string) (Message, bool) {
	if !(regexp.MustCompile(`^(?:[A-Za-z .,:;()<>_!?\-]*)$`).MatchString(text) && len(text) <= 120 && !regexp.MustCompile(`[^ ]\.[^ ]`).MatchString(text)) {
		return Message{}, false
	}
	return Message{text}, true
}

// Options is what a program may say of itself besides.
type Options struct {
	// Program is how people call the program, if `NAME telemetry status` works.
	Program string

	// NoTelemetry says that the program was called with --no-telemetry.
	NoTelemetry bool

	// Binary is where `headcount` is, if it is not on the path.
	Binary string

	// Account is `account`.
	Account Reference

	// Mode is `mode`.
	Mode Mode

	// RepoHost is `repo.host`.
	RepoHost RepoHost

	// RepoShared is `repo.shared`.
	RepoShared *bool
}

// Telemetry records the events of The Tool.
type Telemetry struct {
	catalog string

	version string

	options Options

	context []pair
}

var session = newSession()

func newSession() string {
	bits := make([]byte, 16)
	_, _ = rand.Read(bits)
	return hex.EncodeToString(bits)
}

// New returns telemetry by the catalog at a path, for a version of the program.
func New(catalog, version string, options Options) *Telemetry {
	context := []pair{
		word("session", session),
		word("account", options.Account.word),
		word("mode", options.Mode.word),
		word("repo.host", options.RepoHost.word),
		flagOrNone("repo.shared", options.RepoShared),
	}
	return &Telemetry{catalog, version, options, context}
}

// CliRunOptional is what CliRun may leave out.
type CliRunOptional struct {
	// Flags is `flags`.
	Flags []Flags

	// Warnings is `warnings`. Null where the compiler was not reached. At most 500: more becomes that. Recorded until 2027-06-30.
	Warnings *int64
}

// CliRun: Which commands are used, and do they work?
//
// took: At most 86400000: more becomes that.
//
// files: Rounded down to 0, 1, 10, 100, 1000.
func (telemetry *Telemetry) CliRun(command Command, worked bool, exitCode int64, took time.Duration, files int64, optional CliRunOptional) {
	telemetry.record("cli.run",
		word("command", command.word),
		flag("worked", worked),
		whole("exit_code", exitCode),
		whole("took", int64(took/time.Millisecond)),
		whole("files", files),
		wordList("flags", len(optional.Flags), func(at int) string { return optional.Flags[at].word }, false),
		wholeOrNone("warnings", optional.Warnings))
}

// ChatOptional is what Chat may leave out.
type ChatOptional struct {
	// Compiler is `compiler`.
	Compiler Version
}

// Chat: What do conversations cost?
//
// began: Cut to the hour.
//
// costUsd: At most 100: more becomes that.
func (telemetry *Telemetry) Chat(began time.Time, model Model, costUsd float64, speaks Locale, optional ChatOptional) {
	telemetry.record("chat",
		moment("began", began),
		word("model", model.word),
		decimal("cost", costUsd),
		word("speaks", speaks.word),
		word("compiler", optional.Compiler.word))
}

// CrashOptional is what Crash may leave out.
type CrashOptional struct {
	// Message is `message`.
	Message Message
}

// Crash: Where does it crash?
func (telemetry *Telemetry) Crash(where Where, class Class, place Location, stack []Frame, optional CrashOptional) {
	telemetry.record("crash",
		word("where", where.word),
		word("class", class.word),
		word("place", place.word),
		wordList("stack", len(stack), func(at int) string { return stack[at].word }, true),
		word("message", optional.Message.word))
}

// Goodbye: How many turn it off?
func (telemetry *Telemetry) Goodbye() {
	telemetry.record("goodbye")
}

// Notice: Prints the notice of what is reported, once, and waits two seconds at most.
func (telemetry *Telemetry) Notice() {
	telemetry.run("notice", nil, 2*time.Second)
}

// Ask: Asks whether anything may be reported, where it is due, and waits for the answer.
func (telemetry *Telemetry) Ask() {
	telemetry.run("ask", nil, 0)
}

// Person: Runs `status`, `on`, `off` and the others, with the words after `telemetry`.
// It returns the exit code.
func (telemetry *Telemetry) Person(words []string) int {
	return telemetry.run("telemetry", words, 0)
}

type pair struct {
	key, text string

	given bool
}

func word(key, text string) pair {
	return pair{key, text, text != ""}
}

func (telemetry *Telemetry) record(event string, pairs ...pair) {
	if telemetry == nil {
		return
	}
	all := []string{"--host-version", telemetry.version, event}
	for _, one := range append(append([]pair{}, telemetry.context...), pairs...) {
		if one.given {
			all = append(all, one.key+"="+one.text)
		}
	}
	child := exec.Command(telemetry.binary(), telemetry.words("record", all)...)
	if child.Start() == nil {
		// So that nothing is left of it, in a program that stays.
		go func() { _ = child.Wait() }()
	}
}

func (telemetry *Telemetry) run(command string, rest []string, limit time.Duration) int {
	if telemetry == nil {
		return 1
	}
	ends := context.Background()
	if limit > 0 {
		limited, cancel := context.WithTimeout(ends, limit)
		defer cancel()
		ends = limited
	}
	child := exec.CommandContext(ends, telemetry.binary(), telemetry.words(command, rest)...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Run(); err != nil {
		if child.ProcessState != nil && child.ProcessState.ExitCode() > 0 {
			return child.ProcessState.ExitCode()
		}
		return 1
	}
	return 0
}

func (telemetry *Telemetry) binary() string {
	if telemetry.options.Binary != "" {
		return telemetry.options.Binary
	}
	return "headcount"
}

func (telemetry *Telemetry) words(command string, rest []string) []string {
	all := []string{command, "--catalog", telemetry.catalog}
	if telemetry.options.Program != "" {
		all = append(all, "--program", telemetry.options.Program)
	}
	if telemetry.options.NoTelemetry {
		all = append(all, "--no-telemetry")
	}
	return append(all, rest...)
}

func flagOrNone(key string, value *bool) pair {
	if value == nil {
		return pair{}
	}
	return flag(key, *value)
}

func flag(key string, value bool) pair {
	return pair{key, strconv.FormatBool(value), true}
}

func wholeOrNone(key string, value *int64) pair {
	if value == nil {
		return pair{}
	}
	return whole(key, *value)
}

func whole(key string, value int64) pair {
	return pair{key, strconv.FormatInt(value, 10), true}
}

func decimal(key string, value float64) pair {
	return pair{key, strconv.FormatFloat(value, 'f', -1, 64), true}
}

func moment(key string, value time.Time) pair {
	return pair{key, value.UTC().Format("2006-01-02T15:04:05Z"), true}
}

func momentOrNone(key string, value *time.Time) pair {
	if value == nil {
		return pair{}
	}
	return moment(key, *value)
}

func wordList(key string, count int, at func(int) string, required bool) pair {
	texts := make([]string, count)
	for place := range texts {
		texts[place] = at(place)
	}
	return pair{key, strings.Join(texts, ","), required || count > 0}
}

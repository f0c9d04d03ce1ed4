# frozen_string_literal: true

# What The Tool may report, for programs in Ruby.
#
# Made by `headcount generate` from version 4 of the catalog of `tool`.
# Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it
# is not what the catalog says.
#
# Each event starts `headcount record` and does not wait for it. Whatever goes
# wrong, nothing is recorded and the program goes on, also where there is no
# `headcount`. Whether anything is recorded is for the person to say.
#
# A method returns whether the event was handed over. `strict: true`, or
# HEADCOUNT_STRICT=1, waits for it and says on standard error why not.

require "time"
require "securerandom"

# The events of The Tool.
class Telemetry
  # Each check returns a value as `headcount record` takes it, or nil.
  FLAG = ->(value) { value.to_s if [true, false].include?(value) }
  WHOLE = ->(value) { value.floor.to_s if value.is_a?(Numeric) && !value.negative? }
  INTEGER = ->(value) { value.to_s if value.is_a?(Integer) }
  DECIMAL = ->(value) { value.to_f.to_s if value.is_a?(Numeric) && !value.negative? }
  TIME = ->(value) { value.getutc.iso8601 if value.is_a?(Time) }
  WORD = lambda do |*words|
    ->(value) { value.to_s if words.include?(value.to_s) }
  end
  WORDS = lambda do |*words|
    ->(value) { value.join(",") if value.is_a?(Array) && (value.map(&:to_s) - words).empty? }
  end
  TEXT = lambda do |form, never: nil, most: nil|
    lambda do |value|
      fits = value.is_a?(String) && form.match?(value) && (most.nil? || value.length <= most)
      value if fits && (never.nil? || !never.match?(value))
    end
  end
  TEXTS = lambda do |form, **limits|
    one = TEXT.call(form, **limits)
    ->(value) { value.join(",") if value.is_a?(Array) && value.all?(&one) }
  end
  private_constant :FLAG, :WHOLE, :INTEGER, :DECIMAL, :TIME, :WORD, :WORDS, :TEXT, :TEXTS

  CONTEXT = {
    account: ["account", false, TEXT.call(%r{\A(?:[A-Za-z0-9._\-]{1,64})\z})],
    mode: ["mode", false, WORD.call('batch', 'interactive')],
    repo_host: ["repo.host", false, WORD.call('github', 'gitlab', 'none', 'other')],
    repo_shared: ["repo.shared", false, FLAG],
  }.freeze

  CLI_RUN = {
    command: ["command", true, WORD.call('build', 'test', 'publish', 'user-defined')],
    flags: ["flags", false, WORDS.call('--release', '--offline')],
    worked: ["worked", true, FLAG],
    exit_code: ["exit_code", true, INTEGER],
    took_ms: ["took", true, WHOLE],
    files: ["files", true, WHOLE],
    warnings: ["warnings", false, WHOLE],
  }.freeze

  CHAT = {
    began: ["began", true, TIME],
    model: ["model", true, TEXT.call(%r{\A(?:[a-z0-9.:\x2d]{1,64})\z})],
    cost_usd: ["cost", true, DECIMAL],
    compiler: ["compiler", false, TEXT.call(%r{\A(?:(?:unknown|dev|[A-Za-z.+_\-]*[0-9][A-Za-z0-9.+_\-]*))\z}, most: 64)],
    speaks: ["speaks", true, TEXT.call(%r{\A(?:(?:C|[A-Za-z]{2,8}(?:[\-_][A-Za-z0-9]{1,8})*))\z}, most: 35)],
  }.freeze

  CRASH = {
    where: ["where", true, WORD.call('main', 'build', 'publish', 'elsewhere')],
    class: ["class", true, WORD.call('io', 'network', 'other')],
    place: ["place", true, TEXT.call(%r{\A(?:(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*)(?:/(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*))*:[0-9]{1,7}(?::[0-9]{1,7})?)\z}, most: 160)],
    stack: ["stack", true, TEXTS.call(%r{\A(?:[A-Za-z0-9_:<>\{\}#]{1,120})\z})],
    message: ["message", false, TEXT.call(%r{\A(?:[A-Za-z .,:;()<>_!?\-]*)\z}, never: %r{[^ ]\.[^ ]}, most: 120)],
  }.freeze

  GOODBYE = {
  }.freeze

  private_constant :CONTEXT, :CLI_RUN, :CHAT, :CRASH, :GOODBYE

  # What the program says of itself, once. `catalog` is the path of
  # telemetry.toml, by default beside this file; `program` is how people call
  # the program, if `NAME telemetry status` and so on work.
  def initialize(version: "unknown", catalog: nil, program: nil, no_telemetry: false, strict: false,
                 binary: "headcount", **context)
    @version = version.to_s
    @catalog = (catalog || File.join(__dir__ || ".", "telemetry.toml")).to_s
    @program = program
    @no_telemetry = no_telemetry
    @strict = strict || ENV["HEADCOUNT_STRICT"] == "1"
    @binary = binary.to_s
    @context = context
  end

  # Which commands are used, and do they work?
  #
  # @param command: one of build, test, publish, user-defined.
  #
  # @param flags: some of --release, --offline, or left out.
  #
  # @param worked: true or false.
  #
  # @param exit_code: a whole number.
  #
  # @param took_ms: a whole number. At most 86400000: more becomes that.
  #
  # @param files: a whole number. Rounded down to 0, 1, 10, 100, 1000.
  #
  # @param warnings: a whole number, or left out. Null where the compiler was not reached. At most 500: more becomes that. Recorded until 2027-06-30.
  def cli_run(**given)
    record("cli.run", CLI_RUN, given)
  end

  # What do conversations cost?
  #
  # @param began: a Time. Cut to the hour.
  #
  # @param model: a String of its form.
  #
  # @param cost_usd: a number. At most 100: more becomes that.
  #
  # @param compiler: a String of its form, or left out.
  #
  # @param speaks: a String of its form.
  def chat(**given)
    record("chat", CHAT, given)
  end

  # Where does it crash?
  #
  # @param where: one of main, build, publish, elsewhere.
  #
  # @param class: one of io, network, other.
  #
  # @param place: a String of its form.
  #
  # @param stack: an Array of Strings of its form.
  #
  # @param message: a String of its form, or left out.
  def crash(**given)
    record("crash", CRASH, given)
  end

  # How many turn it off?
  def goodbye(**given)
    record("goodbye", GOODBYE, given)
  end

  # Prints the notice of what is reported, once, and waits two seconds at most.
  def notice
    run("notice", [], 2)
  end

  # Asks whether anything may be reported, where it is due, and waits for the answer.
  def ask
    run("ask", [], nil)
  end

  # Runs `status`, `on`, `off` and the others, with the words after `telemetry`.
  # Returns the exit code.
  def person(words)
    run("telemetry", words, nil)
  end

  private

  SESSION = ["session=#{SecureRandom.uuid}"].freeze
  private_constant :SESSION

  def record(event, table, given)
    pairs = taken(event, CONTEXT, @context)
    own = pairs && taken(event, table, given)
    return false unless own

    pairs = SESSION + pairs
    strict = @strict ? ["--strict"] : []
    all = words("record", ["--host-version", @version, *strict, event, *pairs, *own])
    return said(system(*all, in: File::NULL, out: File::NULL)) if @strict

    Process.detach(Process.spawn(*all, in: File::NULL, out: File::NULL, err: File::NULL))
    true
  rescue StandardError => e
    refuse("#{event} is not recorded: #{e.message}")
  end

  # Whether a command worked; it is nil where it could not even be started.
  def said(done)
    done.nil? ? refuse("#{@binary} cannot be started") : done
  end

  # The words for `headcount record`, or false where one is not allowed.
  def taken(event, table, given)
    unknown = given.keys - table.keys
    return refuse("#{event} has no `#{unknown.first}`") unless unknown.empty?

    table.filter_map do |name, (key, required, check)|
      value = given[name]
      next if value.nil? && !required

      text = check.call(value)
      return refuse("#{event}: `#{name}` cannot be #{value.inspect}") if text.nil?

      "#{key}=#{text}"
    end
  end

  # Says why, where that is asked for.
  def refuse(sentence)
    warn(sentence) if @strict
    false
  end

  # Returns the exit code.
  def run(command, rest, seconds)
    child = Process.spawn(*words(command, rest))
    return Process.wait2(child).last.exitstatus || 1 unless seconds

    ends = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    until (done = Process.wait2(child, Process::WNOHANG))
      if Process.clock_gettime(Process::CLOCK_MONOTONIC) > ends
        Process.detach(child)
        return 1
      end
      sleep(0.005)
    end
    done.last.exitstatus || 1
  rescue StandardError
    1
  end

  def words(command, rest)
    program = @program ? ["--program", @program.to_s] : []
    off = @no_telemetry ? ["--no-telemetry"] : []
    [@binary, command, "--catalog", @catalog, *program, *off, *rest]
  end
end

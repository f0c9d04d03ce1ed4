//! Ruby: a class with a method for each event, whose keywords are checked when
//! it is called. It returns whether the event was handed over, and never
//! raises; with `strict: true` it says why not.

use std::fmt::Write as _;

use super::head;
use super::identifier::Taken;
use super::plan::{Field, Plan, Shape};

/// Keywords, methods that every object has, and those of the class itself.
const RESERVED: &str = "alias and begin break case class def do else elsif end ensure false for if in \
    module next nil not or redo rescue retry return self super then true undef unless until when while \
    yield initialize send method methods object_id freeze dup clone hash display inspect tap then \
    itself extend instance_eval instance_exec public_send respond_to? to_s system spawn exec raise \
    warn puts print p format sleep exit abort fail catch throw loop lambda proc binding require load \
    open select test trap rand notice ask person record run words refuse told taken";

pub(super) fn wrapper(plan: &Plan<'_>) -> String {
    let mut text = String::from("# frozen_string_literal: true\n\n");
    for line in head::lines(plan, "Ruby") {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    text.push_str(
        "#\n# A method returns whether the event was handed over. `strict: true`, or\n\
         # HEADCOUNT_STRICT=1, waits for it and says on standard error why not.\n",
    );
    let required = if plan.session.is_some() { "require \"securerandom\"\n" } else { "" };
    let _ = write!(
        text,
        "\nrequire \"time\"\n{required}\n# The events of {}.\nclass Telemetry\n{CHECKS}\n",
        plan.catalog.product.title
    );
    let names: Vec<(String, String)> = constants(plan);
    context(plan, &mut text);
    for (planned, (_, constant)) in plan.events.iter().zip(&names) {
        let _ = write!(text, "  {constant} = {{\n{}  }}.freeze\n\n", table(plan, &planned.fields));
    }
    let _ = writeln!(text, "  private_constant :CONTEXT{}", private(&names));
    text.push_str(INITIALIZE);
    for (planned, (method, constant)) in plan.events.iter().zip(&names) {
        let _ = write!(text, "\n  # {}\n", planned.event.why);
        for field in &planned.fields {
            let _ = writeln!(text, "  #\n  # @param {}: {}", field.name.snake(), told(plan, field));
        }
        let _ = write!(
            text,
            "  def {method}(**given)\n    record(\"{}\", {constant}, given)\n  end\n",
            planned.event.name
        );
    }
    methods(plan, &mut text);
    text
}

/// The names of the events' methods and of the tables behind them.
fn constants(plan: &Plan<'_>) -> Vec<(String, String)> {
    let mut methods = Taken::of(RESERVED);
    let mut tables = Taken::of("CONTEXT FLAG WHOLE INTEGER DECIMAL TIME WORD WORDS TEXT TEXTS");
    let of = plan.events.iter().map(|planned| {
        (methods.take(&planned.name.snake()), tables.take(&planned.name.capitals()))
    });
    of.collect()
}

fn private(names: &[(String, String)]) -> String {
    names.iter().map(|(_, constant)| format!(", :{constant}")).collect()
}

fn context(plan: &Plan<'_>, text: &mut String) {
    let _ = write!(text, "  CONTEXT = {{\n{}  }}.freeze\n\n", table(plan, &plan.context));
}

/// A line for each keyword: its key, whether it must be there, and its check.
fn table(plan: &Plan<'_>, fields: &[Field]) -> String {
    let lines = fields.iter().map(|field| {
        format!(
            "    {}: [\"{}\", {}, {}],\n",
            field.name.snake(),
            field.key,
            field.is_required,
            check(plan, field.shape)
        )
    });
    lines.collect()
}

fn check(plan: &Plan<'_>, shape: Shape) -> String {
    let words = |set: usize| {
        let words = plan.sets[set].words.iter().map(|word| format!("'{word}'"));
        words.collect::<Vec<String>>().join(", ")
    };
    let form = |pattern: usize| {
        let pattern = &plan.patterns[pattern];
        let never = pattern.never.as_ref().map(|never| format!(", never: %r{{{never}}}"));
        let most = pattern.most.map(|most| format!(", most: {most}"));
        format!(
            "%r{{\\A(?:{})\\z}}{}{}",
            pattern.form,
            never.unwrap_or_default(),
            most.unwrap_or_default()
        )
    };
    match shape {
        Shape::Flag => "FLAG".to_owned(),
        Shape::Whole | Shape::Duration(_) => "WHOLE".to_owned(),
        Shape::Integer => "INTEGER".to_owned(),
        Shape::Decimal => "DECIMAL".to_owned(),
        Shape::Time => "TIME".to_owned(),
        Shape::Word(set) => format!("WORD.call({})", words(set)),
        Shape::Words(set) => format!("WORDS.call({})", words(set)),
        Shape::Text(pattern) => format!("TEXT.call({})", form(pattern)),
        Shape::Texts(pattern) => format!("TEXTS.call({})", form(pattern)),
    }
}

/// What a keyword takes, in words.
fn told(plan: &Plan<'_>, field: &Field) -> String {
    let words = |set: usize| plan.sets[set].words.join(", ");
    let kind = match field.shape {
        Shape::Flag => "true or false".to_owned(),
        Shape::Whole | Shape::Duration(_) | Shape::Integer => "a whole number".to_owned(),
        Shape::Decimal => "a number".to_owned(),
        Shape::Time => "a Time".to_owned(),
        Shape::Word(set) => format!("one of {}", words(set)),
        Shape::Words(set) => format!("some of {}", words(set)),
        Shape::Text(_) => "a String of its form".to_owned(),
        Shape::Texts(_) => "an Array of Strings of its form".to_owned(),
    };
    let optional = if field.is_required { "" } else { ", or left out" };
    format!("{kind}{optional}. {}", field.says).trim_end().to_owned()
}

const CHECKS: &str = r##"  # Each check returns a value as `headcount record` takes it, or nil.
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
"##;

const INITIALIZE: &str = r##"
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
"##;

fn methods(plan: &Plan<'_>, text: &mut String) {
    let _ = write!(
        text,
        "\n  # {}\n  def notice\n    run(\"notice\", [], {})\n  end\n",
        head::NOTICE,
        head::NOTICE_SECONDS
    );
    if plan.asks() {
        let _ = write!(text, "\n  # {}\n  def ask\n    run(\"ask\", [], nil)\n  end\n", head::ASK);
    }
    let _ = write!(
        text,
        "\n  # {}\n  # Returns the exit code.\n  def person(words)\n    run(\"telemetry\", words, nil)\n  end\n\n  private\n",
        head::PERSON
    );
    let session = plan.session.map_or_else(String::new, |key| {
        format!(
            "\n  SESSION = [\"{key}=#{{SecureRandom.uuid}}\"].freeze\n  private_constant :SESSION\n"
        )
    });
    text.push_str(&session);
    text.push_str(RECORD);
    text.push_str(if plan.session.is_some() { "    pairs = SESSION + pairs\n" } else { "" });
    text.push_str(RECORD_TAIL);
}

const RECORD: &str = r##"
  def record(event, table, given)
    pairs = taken(event, CONTEXT, @context)
    own = pairs && taken(event, table, given)
    return false unless own

"##;

const RECORD_TAIL: &str = r##"    strict = @strict ? ["--strict"] : []
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
"##;

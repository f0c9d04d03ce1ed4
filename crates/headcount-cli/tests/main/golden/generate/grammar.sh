# shellcheck shell=sh disable=SC2030,SC2031
#
# What The Tool may report, for programs in a POSIX shell.
#
# Made by `headcount generate` from version 4 of the catalog of `tool`.
# Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it
# is not what the catalog says.
#
# Each event starts `headcount record` and does not wait for it. Whatever goes
# wrong, nothing is recorded and the program goes on, also where there is no
# `headcount`. Whether anything is recorded is for the person to say.
#
# A function takes `key=value` words, and commas between the words of a list. It
# returns 0 whatever happens. With HEADCOUNT_STRICT=1 it waits, says on standard
# error why nothing is recorded, and then returns 1.
#
# Set these before you read this file, or before a call:
#   tool_catalog       the path of telemetry.toml
#   tool_version       the version of the program
#   tool_program       how people call it, if `NAME telemetry status` works
#   tool_no_telemetry  1 if it was called with --no-telemetry
#   tool_account  text of its form (may be left out)
#   tool_mode  batch|interactive (may be left out)
#   tool_repo_host  github|gitlab|none|other (may be left out)
#   tool_repo_shared  true|false (may be left out)
#
#   tool_record_cli_run command=… worked=… exit_code=… took_ms=… files=…

# Which commands are used, and do they work?
#   command=build|test|publish|user-defined.
#   flags=some of --release,--offline (may be left out).
#   worked=true|false.
#   exit_code=a whole number, also below 0.
#   took_ms=a whole number. At most 86400000: more becomes that.
#   files=a whole number. Rounded down to 0, 1, 10, 100, 1000.
#   warnings=a whole number (may be left out). Null where the compiler was not reached. At most 500: more becomes that. Recorded until 2027-06-30.
tool_record_cli_run() (
    given=' '
    for pair do
        value=${pair#*=}
        case $pair in
            command=*)
                _tool_is_word "$value" 'build' 'test' 'publish' 'user-defined' || _tool_refuse 'cli.run' "$pair"
                key='command' ;;
            flags=*)
                _tool_are_words "$value" '--release' '--offline' || _tool_refuse 'cli.run' "$pair"
                key='flags' ;;
            worked=*)
                _tool_is_flag "$value" || _tool_refuse 'cli.run' "$pair"
                key='worked' ;;
            exit_code=*)
                _tool_is_whole "${value#-}" || _tool_refuse 'cli.run' "$pair"
                key='exit_code' ;;
            took_ms=*)
                _tool_is_whole "$value" || _tool_refuse 'cli.run' "$pair"
                key='took' ;;
            files=*)
                _tool_is_whole "$value" || _tool_refuse 'cli.run' "$pair"
                key='files' ;;
            warnings=*)
                _tool_is_whole "$value" || _tool_refuse 'cli.run' "$pair"
                key='warnings' ;;
            *) _tool_refuse 'cli.run' "$pair" ;;
        esac
        given="$given${pair%%=*} "
        shift
        set -- "$@" "$key=$value"
    done
    case $given in *' command '*) ;; *) _tool_refuse 'cli.run' 'without command' ;; esac
    case $given in *' worked '*) ;; *) _tool_refuse 'cli.run' 'without worked' ;; esac
    case $given in *' exit_code '*) ;; *) _tool_refuse 'cli.run' 'without exit_code' ;; esac
    case $given in *' took_ms '*) ;; *) _tool_refuse 'cli.run' 'without took_ms' ;; esac
    case $given in *' files '*) ;; *) _tool_refuse 'cli.run' 'without files' ;; esac
    _tool_record 'cli.run' "$@"
)

# What do conversations cost?
#   began=a time such as 2026-11-20T09:00:00Z. Cut to the hour.
#   model=text of its form.
#   cost_usd=a number. At most 100: more becomes that.
#   compiler=text of its form (may be left out).
#   speaks=text of its form.
tool_record_chat() (
    given=' '
    for pair do
        value=${pair#*=}
        case $pair in
            began=*)
                [ -n "$value" ] || _tool_refuse 'chat' "$pair"
                key='began' ;;
            model=*)
                [ -n "$value" ] || _tool_refuse 'chat' "$pair"
                key='model' ;;
            cost_usd=*)
                _tool_is_decimal "$value" || _tool_refuse 'chat' "$pair"
                key='cost' ;;
            compiler=*)
                [ -n "$value" ] || _tool_refuse 'chat' "$pair"
                key='compiler' ;;
            speaks=*)
                [ -n "$value" ] || _tool_refuse 'chat' "$pair"
                key='speaks' ;;
            *) _tool_refuse 'chat' "$pair" ;;
        esac
        given="$given${pair%%=*} "
        shift
        set -- "$@" "$key=$value"
    done
    case $given in *' began '*) ;; *) _tool_refuse 'chat' 'without began' ;; esac
    case $given in *' model '*) ;; *) _tool_refuse 'chat' 'without model' ;; esac
    case $given in *' cost_usd '*) ;; *) _tool_refuse 'chat' 'without cost_usd' ;; esac
    case $given in *' speaks '*) ;; *) _tool_refuse 'chat' 'without speaks' ;; esac
    _tool_record 'chat' "$@"
)

# Where does it crash?
#   where=main|build|publish|elsewhere.
#   class=io|network|other.
#   place=text of its form.
#   stack=texts of its form.
#   message=text of its form (may be left out).
tool_record_crash() (
    given=' '
    for pair do
        value=${pair#*=}
        case $pair in
            where=*)
                _tool_is_word "$value" 'main' 'build' 'publish' 'elsewhere' || _tool_refuse 'crash' "$pair"
                key='where' ;;
            class=*)
                _tool_is_word "$value" 'io' 'network' 'other' || _tool_refuse 'crash' "$pair"
                key='class' ;;
            place=*)
                [ -n "$value" ] || _tool_refuse 'crash' "$pair"
                key='place' ;;
            stack=*)
                [ -n "$value" ] || _tool_refuse 'crash' "$pair"
                key='stack' ;;
            message=*)
                [ -n "$value" ] || _tool_refuse 'crash' "$pair"
                key='message' ;;
            *) _tool_refuse 'crash' "$pair" ;;
        esac
        given="$given${pair%%=*} "
        shift
        set -- "$@" "$key=$value"
    done
    case $given in *' where '*) ;; *) _tool_refuse 'crash' 'without where' ;; esac
    case $given in *' class '*) ;; *) _tool_refuse 'crash' 'without class' ;; esac
    case $given in *' place '*) ;; *) _tool_refuse 'crash' 'without place' ;; esac
    case $given in *' stack '*) ;; *) _tool_refuse 'crash' 'without stack' ;; esac
    _tool_record 'crash' "$@"
)

# How many turn it off?
tool_record_goodbye() (
    [ $# -eq 0 ] || _tool_refuse 'goodbye' "$1"
    _tool_record 'goodbye'
)

# Prints the notice of what is reported, once.
tool_telemetry_notice() {
    _tool_headcount notice || true
}

# Asks whether anything may be reported, where it is due, and waits for the answer.
tool_telemetry_ask() {
    _tool_headcount ask || true
}

# Runs `status`, `on`, `off` and the others, with the words after `telemetry`.
tool_telemetry_person() {
    _tool_headcount telemetry "$@"
}

# The same for each event of this run.
_tool_session=$(od -An -N16 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')

# COMMAND WORD …: runs headcount with what the program says of itself.
_tool_headcount() {
    _tool_command=$1
    shift
    [ "${tool_no_telemetry:-}" != 1 ] || set -- --no-telemetry "$@"
    [ -z "${tool_program:-}" ] || set -- --program "$tool_program" "$@"
    headcount "$_tool_command" --catalog "${tool_catalog:-telemetry.toml}" "$@"
}

# EVENT PAIR …: in the background, unless somebody wants to know.
_tool_record() {
    set -- "$@" "session=$_tool_session"
    [ -z "${tool_account:-}" ] || set -- "$@" "account=$tool_account"
    [ -z "${tool_mode:-}" ] || set -- "$@" "mode=$tool_mode"
    [ -z "${tool_repo_host:-}" ] || set -- "$@" "repo.host=$tool_repo_host"
    [ -z "${tool_repo_shared:-}" ] || set -- "$@" "repo.shared=$tool_repo_shared"
    set -- --host-version "${tool_version:-unknown}" "$@"
    if [ "${HEADCOUNT_STRICT:-}" = 1 ]; then
        _tool_headcount record --strict "$@" </dev/null >/dev/null
    else
        # By `exec`, so that the shell that waits for it holds no pipe open.
        (
            exec </dev/null >/dev/null 2>&1
            _tool_headcount record "$@"
        ) &
    fi
}

# EVENT WHAT: ends the subshell of an event.
_tool_refuse() {
    if [ "${HEADCOUNT_STRICT:-}" = 1 ]; then
        echo "$1 is not recorded: $2 is not allowed" >&2
        exit 1
    fi
    exit 0
}

_tool_is_flag() {
    case $1 in true | false) ;; *) return 1 ;; esac
}

_tool_is_whole() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
}

_tool_is_decimal() {
    case $1 in '' | . | *[!0-9.]* | *.*.*) return 1 ;; esac
}

# VALUE WORD …
_tool_is_word() {
    _tool_value=$1
    shift
    for _tool_word do
        [ "$_tool_value" != "$_tool_word" ] || return 0
    done
    return 1
}

# VALUES WORD …, with commas between the values.
_tool_are_words() {
    _tool_values=$1,
    shift
    while [ -n "$_tool_values" ]; do
        _tool_is_word "${_tool_values%%,*}" '' "$@" || return 1
        _tool_values=${_tool_values#*,}
    done
}

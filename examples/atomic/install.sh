#!/bin/sh
# Installs Atomic CLI for this user, on Linux and macOS.
#
#     sh install.sh [--from FILE|ADDRESS] [--to FOLDER] [--no-telemetry]
#
# --from is the program: a file, or an address that starts with https://, beside which there is
# ADDRESS.sha256. Without it the newest release is taken.
# It reports nothing, creates no id and asks nothing: Atomic itself asks, at the first `atomic init`.
# It makes the data folder, which stays empty until then. With --no-telemetry your answer is no, and it
# never asks. ATOMIC_TELEMETRY=0 and DO_NOT_TRACK=1 hold for Atomic as everywhere, while they are set.
#
# To remove Atomic: `atomic uninstall` in each project, which also deletes all telemetry data, and then
# delete the program.
set -eu

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit 1
}

from='' to='' telemetry=ask
while [ $# -gt 0 ]; do
    case $1 in
    --from | --to)
        [ $# -gt 1 ] || fail "$1 needs a value"
        if [ "$1" = --from ]; then from=$2; else to=$2; fi
        shift 2
        ;;
    --no-telemetry)
        telemetry=off
        shift
        ;;
    *) fail "unknown option \`$1\`: use --from, --to or --no-telemetry" ;;
    esac
done

[ -n "${HOME:-}" ] || fail "HOME is not set: set it to your home folder"
[ -n "$to" ] || to=$HOME/.local/bin
# A relative XDG_DATA_HOME would be another folder in each project: Atomic ignores it, too.
case ${XDG_DATA_HOME:-} in
/*) DATA_DIR=$XDG_DATA_HOME/atomic ;;
*) DATA_DIR=$HOME/.local/share/atomic ;;
esac

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# ADDRESS FILE
download() {
    if command -v curl >/dev/null; then
        curl --proto '=https' --tlsv1.2 -fsSL "$1" -o "$2"
    elif command -v wget >/dev/null; then
        wget -q --https-only "$1" -O "$2"
    else
        fail "there is neither curl nor wget: download $1 yourself, and give the file with --from"
    fi || fail "$1 cannot be downloaded: check the address and your connection"
}

# Prints the SHA-256 of a file.
sum() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Downloads what is at an address into the work folder, and compares it with its checksum.
fetch() {
    download "$1" "$2"
    download "$1.sha256" "$2.sha256"
    expected=$(cut -d ' ' -f 1 <"$2.sha256")
    found=$(sum "$2")
    [ "$expected" = "$found" ] || fail "$1 has the checksum $found, not $expected: download it again"
}

release() {
    case $(uname -s)-$(uname -m) in
    Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
    Linux-aarch64) target=aarch64-unknown-linux-gnu ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    *) fail "there is no release for $(uname -s) on $(uname -m): build Atomic, and give it with --from" ;;
    esac
    archive=atomic-$target.tar.gz
    fetch "https://github.com/headcount-rs/headcount/releases/latest/download/$archive" "$work/$archive"
    tar -xzf "$work/$archive" -C "$work"
}

case $from in
'' | https://*) work=$(mktemp -d) ;;
*://*) fail "$from is not an https address: nobody could tell who answered" ;;
*) [ -f "$from" ] || fail "$from: no such file" ;;
esac
case $from in
'') release && from=$work/atomic ;;
https://*) fetch "$from" "$work/atomic" && from=$work/atomic ;;
esac

mkdir -p "$to"
# Beside it and then in its place: a program that runs is not overwritten.
cp "$from" "$to/.atomic.new"
chmod 755 "$to/.atomic.new"
mv -f "$to/.atomic.new" "$to/atomic"
# Nobody else looks into it.
(umask 077 && mkdir -p "$DATA_DIR")

[ "$telemetry" = ask ] || "$to/atomic" telemetry off
printf 'Atomic CLI is installed: %s/atomic. To begin: atomic init\n' "$to"
case :$PATH: in
*:"$to":*) ;;
*) printf 'The folder %s is not on your PATH: add it in the file that your shell reads.\n' "$to" ;;
esac
if [ "$telemetry" = ask ]; then
    printf 'You can opt out anytime with: ATOMIC_TELEMETRY=0\n'
    printf 'To change your mind: atomic telemetry off\n'
fi
printf 'To remove it: atomic uninstall, and then delete %s/atomic\n' "$to"

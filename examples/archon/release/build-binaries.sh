#!/usr/bin/env bash
# Builds Archon as it is released, with the key and the address that the environment names, and says
# where the binary is. Without a public key of a PostHog project it builds nothing.
#
#     POSTHOG_PUBLIC_KEY=phc_… [POSTHOG_HOST=https://…] build-binaries.sh [ARGUMENTS FOR CARGO]
set -euo pipefail

readonly HERE=${BASH_SOURCE[0]%/*}

refuse() {
    echo "build-binaries.sh: $1" >&2
    exit 2
}

key=${POSTHOG_PUBLIC_KEY:-}
[ -n "$key" ] || refuse "POSTHOG_PUBLIC_KEY is not set: a release without it can send nothing"
# Not the key itself: this is printed to a log.
[[ $key =~ ^phc_[A-Za-z0-9]{20,60}$ ]] ||
    refuse "POSTHOG_PUBLIC_KEY is not the public key of a project, which begins with phc_: a key that can read must not ship"
host=${POSTHOG_HOST:-}
if [ -n "$host" ] && ! [[ $host =~ ^https://[a-z0-9.-]+(:[0-9]+)?/?$ ]]; then
    refuse "POSTHOG_HOST is not an https address of a host: write it as https://telemetry.archon.example"
fi

cd "$HERE/../../.."
ARCHON_GIT_COMMIT=${ARCHON_GIT_COMMIT:-$(git rev-parse --short HEAD 2>/dev/null || echo unknown)}
export POSTHOG_PUBLIC_KEY=$key POSTHOG_HOST=$host ARCHON_GIT_COMMIT
cargo build --locked --profile "${ARCHON_PROFILE:-dist}" -p headcount-example-archon "$@"

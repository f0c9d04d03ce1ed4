#!/usr/bin/env bash
# Builds the OpenTelemetry Collector in the folder given: `otelcol.sh MANIFEST FOLDER`.
#
# The builder's own `go mod tidy` fails on a module that only a test of the file exporter needs: it
# has written sources and go.mod by then, and `tidy -e` goes on past that module.
set -euo pipefail
manifest=$(realpath "$1")
cd "$2"
export GOBIN=$PWD/bin CGO_ENABLED=0 GOFLAGS=-mod=mod GOTOOLCHAIN=local
go install go.opentelemetry.io/collector/cmd/builder@v0.155.0
bin/builder --skip-compilation --config "$manifest" || [ -f out/go.mod ]
cd out
go mod tidy -e
go build -trimpath -ldflags='-s -w' -o otelcol .

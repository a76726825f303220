#!/usr/bin/env bash
# make run: runs the graph in the foreground.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_state
upstreams=$(upstreams_setting "${UPSTREAMS-}")
require_sdk
require_aspire "$upstreams"
! running_apphost >/dev/null || die "Kasparro is already running: make down stops it"
require_free_port
build_graph
say "upstreams: $upstreams; API: http://localhost:$API_PORT; Ctrl+C stops everything"
graph_environment
cd "$ROOT"
exec dotnet aspire run --no-build --nologo -- "--Upstreams=$upstreams"

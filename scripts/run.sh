#!/usr/bin/env bash
# make run: the graph in the foreground.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_state
upstreams=$(upstreams_setting "${UPSTREAMS-}")
if pid=$(apphost_pid); then
  die "it is running already (process $pid): make down stops it"
fi
require_sdk
require_free_port
build_graph
say "upstreams: $upstreams; API: $API; Ctrl+C stops everything"
exec_apphost "$upstreams"

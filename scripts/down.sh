#!/usr/bin/env bash
# make down: stops this clone's graph and returns when everything that it started has ended.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_aspire auto
if ! apphost=$(running_apphost); then
  say "Kasparro is not running."
  exit 0
fi
pid=$(field appHostPid <<<"$apphost")
say "stopping Kasparro (process $pid) ..."
stop_apphost "$pid"
for _ in {1..100}; do
  kill -0 "$pid" 2>/dev/null || { say "Kasparro is down. Data stays; make clean deletes it."; exit 0; }
  sleep 0.1
done
die "process $pid does not end; $STATE/down.log may say why"

#!/usr/bin/env bash
# make down: stops this clone's AppHost, and returns when everything that it had started is gone.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

forget() { rm -f "$PID_FILE" "$RUN_ENVIRONMENT"; }

if ! pid=$(apphost_pid); then
  forget
  say "Kasparro is not running."
  exit 0
fi

family=$(descendants "$pid")
kill -TERM "$pid" 2>/dev/null || die "process $pid belongs to another user: make down as that user"
say "stopping Kasparro (process $pid) ..."
deadline=$((SECONDS + 45))
while [[ -n $(apphost_pid) && $SECONDS -lt $deadline ]]; do
  family=$(printf '%s\n' "$family" "$(descendants "$pid")" | sort -u)
  sleep 0.2
done
if [[ -n $(apphost_pid) ]]; then
  say "it does not stop: killing it"
  kill -KILL "$pid"
fi

# Its children end by themselves; any that does not is ended by its id.
deadline=$((SECONDS + 20))
# shellcheck disable=SC2086 # a list of words
while left=$(still_there $family) && [[ -n $left && $SECONDS -lt $deadline ]]; do
  sleep 0.2
done
for process in $left; do
  say "process ${process%/*} is left over: killing it ($(command_line "${process%/*}" | cut -c 1-80))"
  kill -KILL "${process%/*}" 2>/dev/null || true
done

forget
say "Kasparro is down: $(wc -w <<<"$family" | tr -d ' ') processes ended, none is left. Data stays; make clean deletes it."

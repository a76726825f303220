#!/usr/bin/env bash
# make chaos [SEED=20261123]: all the chaos of which `make test` makes a sample; a line a case, exit code 1 where one does not end as it must.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LOG=$LOGS/chaos.log

prepare_state
prepare_hosting
require_sdk
say "building (Release) ..."
build "$STATE/build.log"
if [[ $(hosting) == local ]]; then
  "$ROOT/scripts/install-prerequisites.sh"
fi

cd "$ROOT"
export KASPARRO_CHAOS=full
[[ -z ${SEED-} ]] || export KASPARRO_CHAOS_SEED=$SEED
unset UPSTREAMS SOURCE FILE RES SEED MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
dotnet Kasparro.Tests/bin/Release/net10.0/Kasparro.Tests.dll -namespace Kasparro.Tests.Chaos -noColor </dev/null 2>&1 |
  tee "$LOG" | grep --line-buffered -E '^ok  |\[(FAIL|SKIP)\]' || true
status=0
grep -q 'Errors: 0, Failed: 0, Skipped: 0' "$LOG" || status=1
if [[ $status -ne 0 ]]; then
  grep -A 12 '\[\(FAIL\|SKIP\)\]' "$LOG" >&2 || tail -n 30 "$LOG" >&2
fi
say "$(grep 'Total:' "$LOG" | sed 's/^ *Kasparro.Tests *//'); all output is in $LOG"
exit "$status"

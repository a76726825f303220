#!/usr/bin/env bash
# make test: builds everything, installs what the tests need, runs all of them.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RESULTS=$ROOT/TestResults

prepare_state
prepare_hosting
require_sdk
say "building (Release) ..."
build "$STATE/build.log"
if [[ $(hosting) == local ]]; then
  "$ROOT/scripts/install-prerequisites.sh"
fi

rm -rf "$RESULTS"
cd "$ROOT"
unset UPSTREAMS SOURCE FILE RES MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
status=0
dotnet test Kasparro.sln -c Release --no-build --results-directory "$RESULTS" --logger "trx;LogFilePrefix=tests" \
  --logger "console;verbosity=${VERBOSITY:-normal}" --blame-hang --blame-hang-timeout 8m --blame-hang-dump-type none </dev/null || status=$?
scripts/test-summary.sh "$RESULTS" || status=1
exit "$status"

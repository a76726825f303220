#!/usr/bin/env bash
# make test: builds everything, runs all tests; `dotnet test` installs what they need (Kasparro.Tests.csproj).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RESULTS=$ROOT/TestResults

prepare_tests

rm -rf "$RESULTS"
cd "$ROOT"
unset UPSTREAMS SOURCE FILE RES MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# Hundreds of services start and end within minutes: counting what is hot in them, to compile that better later, is in vain.
export DOTNET_TieredPGO=0
status=0
dotnet test Kasparro.sln -c Release --no-build --results-directory "$RESULTS" --logger "trx;LogFilePrefix=tests" \
  --logger "console;verbosity=${VERBOSITY:-normal}" --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none </dev/null || status=$?

# xUnit runs the tests in a process below the test host, and that one stays behind where the host is ended because a test hangs.
for pid in $(processes_matching "$ROOT/Kasparro.Tests/bin/Release/"); do
  say "process $pid hangs: killing it"
  kill -KILL "$pid" 2>/dev/null || true
done
scripts/test-summary.sh "$RESULTS" || status=1
exit "$status"

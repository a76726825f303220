#!/usr/bin/env bash
# make test: builds everything and runs all tests; `dotnet test` installs what they need (Kasparro.Tests.csproj).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RESULTS=$ROOT/TestResults

prepare_tests

rm -rf "$RESULTS"
cd "$ROOT"
unset UPSTREAMS SOURCE FILE RES MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# Hundreds of services start and end within minutes: profiling them to recompile hot code is not worth it.
export DOTNET_TieredPGO=0
status=0
dotnet test Kasparro.sln -c Release --no-build --results-directory "$RESULTS" --logger "trx;LogFilePrefix=tests" \
  --logger "console;verbosity=${VERBOSITY:-normal}" --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none </dev/null || status=$?

# xUnit runs the tests in a child process of the test host, which is left running if the host is killed because a test hangs.
for pid in $(processes_matching "$ROOT/Kasparro.Tests/bin/Release/"); do
  say "process $pid hangs: killing it"
  kill -KILL "$pid" 2>/dev/null || true
done
scripts/test-summary.sh "$RESULTS" || status=1
exit "$status"

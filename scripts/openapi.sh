#!/usr/bin/env bash
# make openapi: rewrites docs/openapi.json from what the API serves, using the test that compares the two.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_tests

cd "$ROOT"
before=$(cat docs/openapi.json 2>/dev/null || true)
log=$LOGS/openapi.log
KASPARRO_OPENAPI=write dotnet Kasparro.Tests/bin/Release/net10.0/Kasparro.Tests.dll \
  -class Kasparro.Tests.Integration.Api.OpenApiSnapshotTests -noColor </dev/null >"$log" 2>&1 ||
  die "docs/openapi.json could not be written; see $log"
if [[ $(cat docs/openapi.json) == "$before" ]]; then
  say "docs/openapi.json is unchanged"
else
  say "docs/openapi.json was rewritten: git diff docs/openapi.json"
fi

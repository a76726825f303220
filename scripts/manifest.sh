#!/usr/bin/env bash
# make manifest: rewrites aspire-manifest.json, what deployment tools read.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

MANIFEST=$ROOT/aspire-manifest.json
WRITTEN=$ROOT/.kasparro-manifest.json # beside it: the paths in it are relative

prepare_state
require_sdk
trap 'rm -f "$WRITTEN"' EXIT
say "building (Release) ..."
build "$STATE/build.log" -t:Kasparro_AppHost
(cd "$ROOT/Kasparro.AppHost" && dotnet "$APPHOST" --operation publish --step publish-manifest --output-path "$WRITTEN") >"$STATE/manifest.log" 2>&1 || {
  tail -n 20 "$STATE/manifest.log" >&2
  die "no manifest was written; all of the output is in $STATE/manifest.log"
}
if cmp -s "$WRITTEN" "$MANIFEST"; then
  say "aspire-manifest.json is as it was"
else
  mv "$WRITTEN" "$MANIFEST"
  say "aspire-manifest.json is rewritten"
fi

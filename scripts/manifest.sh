#!/usr/bin/env bash
# make manifest: rewrites aspire-manifest.json, which deployment tools read.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

MANIFEST=$ROOT/aspire-manifest.json

prepare_state
require_sdk
require_aspire auto
graph_environment
before=$(cat "$MANIFEST" 2>/dev/null || true)
aspire do publish-manifest --output-path "$ROOT" >"$STATE/manifest.log" 2>&1 || {
  tail -n 20 "$STATE/manifest.log" >&2
  die "no manifest was written; the full output is in $STATE/manifest.log"
}
if [[ $(cat "$MANIFEST") == "$before" ]]; then
  say "aspire-manifest.json is unchanged"
else
  say "aspire-manifest.json was rewritten"
fi

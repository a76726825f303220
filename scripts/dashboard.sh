#!/usr/bin/env bash
# Fetches Aspire's dashboard for local hosting, once: the npm package that dashboard/package-lock.json pins, with its hash, holds it. It is kept
# outside the clone, for all clones. Where it cannot be had, says why in one line and fails; everything else works without.
set -euo pipefail

PACKAGE=@microsoft/aspire-cli-linux-x64
LOCK=$(cd "$(dirname "${BASH_SOURCE[0]}")/dashboard" && pwd -P)
VERSION=$(sed -n "s|.*\"$PACKAGE\": *\"\([^\"]*\)\".*|\1|p" "$LOCK/package.json")
KEPT=${XDG_CACHE_HOME:-$HOME/.cache}/kasparro/dashboard
[[ ! -x $KEPT/$VERSION/aspire-managed ]] || exit 0

none() {
  printf 'no dashboard: %s\n' "$*"
  exit 1
}

[[ $(uname -sm) == 'Linux x86_64' ]] || none "its package is for Linux on x64, this is $(uname -sm)"
command -v npm >/dev/null || none "npm, which fetches it, is not installed"
mkdir -p "$KEPT" 2>/dev/null || none "$KEPT cannot be written"
work=$(mktemp -d "$KEPT/.fetching-XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$LOCK"/package*.json "$work"

printf 'fetching the dashboard (Aspire %s) ...\n' "$VERSION"
export HOME=$work ASPIRE_CLI_TELEMETRY_OPTOUT=true
(cd "$work" && npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=0) >"$work/log" 2>&1 </dev/null \
  || none "npm cannot fetch $PACKAGE $VERSION: $(grep -m 1 'npm error' "$work/log" || tail -n 1 "$work/log")"
"$work/node_modules/$PACKAGE/bin/aspire" setup >"$work/log" 2>&1 </dev/null || none "$PACKAGE $VERSION cannot be unpacked: $(tail -n 1 "$work/log")"

# Put there whole, in one step, whoever else fetches it at the same time.
managed=$(readlink -f "$work/node_modules/$PACKAGE/bundle/managed")
mv -T "$managed" "$KEPT/$VERSION" 2>/dev/null || [[ -x $KEPT/$VERSION/aspire-managed ]] || none "$KEPT/$VERSION cannot be written"

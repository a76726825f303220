#!/usr/bin/env bash
# make smoke URL=…: checks the main routes of a deployed instance, one line per check; the exit code is the number of failed checks.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

URL=${URL:-http://localhost:$API_PORT}
URL=${URL%/}
MAX_AGE=${MAX_AGE:-1800} # seconds since the last completed run
TIMEOUT=${TIMEOUT:-20}   # seconds that a response may take

[[ $MAX_AGE =~ ^[0-9]+$ ]] || die "MAX_AGE=$MAX_AGE: a whole number of seconds is expected"
command -v curl >/dev/null || die "curl is not installed"
body=$(mktemp)
trap 'rm -f "$body"' EXIT
failed=0
problem=

# fetch ROUTE: reads the response into $body; unless the status is 200, returns false and sets $problem.
fetch() {
  local status
  status=$(curl -sS -o "$body" -w '%{http_code}' --max-time "$TIMEOUT" --location --max-redirs 3 \
    --proto '=http,https' -H 'Accept: */*' "$URL$1" 2>"$body.error") || {
    problem=$(head -n 1 "$body.error")
    rm -f "$body.error"
    return 1
  }
  rm -f "$body.error"
  problem="responded with $status, expected 200"
  [[ $status == 200 ]]
}

has_fields() {
  local field
  for field in "$@"; do
    problem="has no field $field"
    grep -q "\"$field\"" "$body" || return 1
  done
}

# seconds_since 2026-11-23T04:05:06.789Z
seconds_since() {
  local moment=${1%%.*}
  moment=${moment%Z}
  printf '%s\n' $(($(date -u +%s) - $(date -u -d "${moment}Z" +%s 2>/dev/null || date -juf '%Y-%m-%dT%H:%M:%S' "$moment" +%s)))
}

check() {
  problem=
  if "$2"; then
    printf 'ok    %-10s %s\n' "$1" "$problem"
  else
    printf 'FAIL  %-10s %s\n' "$1" "$problem"
    failed=$((failed + 1))
  fi
}

alive() {
  fetch /alive && problem="the process runs"
}

health() {
  local status
  fetch /health && has_fields status database cache etl || return 1
  status=$(json_field status <"$body")
  problem="status is $status (database $(json_field database <"$body"), cache $(json_field cache <"$body"), etl $(json_field etl <"$body"))"
  [[ $status == healthy ]]
}

data() {
  local total
  fetch '/data?page=1&page_size=5' && has_fields request_id api_latency_ms data page page_size total || return 1
  total=$(json_field total <"$body")
  problem="$total assets"
  [[ $total =~ ^[1-9][0-9]*$ ]] && has_fields symbol price_usd && problem="$total assets"
}

stats() {
  local moment age
  fetch /stats && has_fields records_processed last_success sources || return 1
  moment=$(json_field last_success <"$body")
  problem="no run has completed yet"
  [[ -n $moment ]] || return 1
  age=$(seconds_since "$moment")
  problem="a run completed $age s ago (at most $MAX_AGE s)"
  [[ $age -le $MAX_AGE ]]
}

openapi() {
  fetch /openapi/v1.json && has_fields openapi paths /data && problem="describes the routes"
}

docs() {
  fetch /docs && problem="is not an HTML page" && grep -qi '<html' "$body" && problem="a page for people"
}

say "$URL"
check /alive alive
check /health health
check /data data
check /stats stats
check /openapi openapi
check /docs docs
exit "$failed"

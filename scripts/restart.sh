#!/usr/bin/env bash
# make restart: stops the graph and starts it again, with the same upstreams and port unless others are given.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ -z ${UPSTREAMS-} && -s $LAST_UPSTREAMS ]]; then
  UPSTREAMS=$(cat "$LAST_UPSTREAMS")
  export UPSTREAMS
fi
if [[ -z ${PORT-} && -s $LAST_PORT ]]; then
  PORT=$(cat "$LAST_PORT")
  export PORT
fi
upstreams_setting "${UPSTREAMS-}" >/dev/null # an invalid value must not stop the running graph
"$ROOT/scripts/down.sh"
exec "$ROOT/scripts/up.sh"

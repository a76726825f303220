#!/usr/bin/env bash
# make restart: stops the graph and starts it again, with the upstreams and the port that it had unless others are asked for.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ -z ${UPSTREAMS-} && -s $LAST_UPSTREAMS ]]; then
  UPSTREAMS=$(cat "$LAST_UPSTREAMS")
  export UPSTREAMS
fi
if [[ -z ${PORT-} && -s $LAST_PORT ]]; then
  PORT=$(cat "$LAST_PORT")
  export PORT
fi
upstreams_setting "${UPSTREAMS-}" >/dev/null # a wrong one must not take down what runs
"$ROOT/scripts/down.sh"
exec "$ROOT/scripts/up.sh"

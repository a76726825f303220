#!/usr/bin/env bash
# make load [DURATION=60]: 32 clients send requests while the catalogue is written, and while Redis and Postgres stop and start; one line
# per case. `make test` runs a short version. Exit code 1 if a response is torn, stale or failed.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_tests

cd "$ROOT"
export KASPARRO_CHAOS=full
[[ -z ${DURATION-} ]] || export KASPARRO_LOAD_SECONDS=$DURATION
unset UPSTREAMS SOURCE FILE RES DURATION MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
run_told "$LOGS/load.log" -class Kasparro.Tests.Integration.Api.LoadTests

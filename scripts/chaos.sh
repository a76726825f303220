#!/usr/bin/env bash
# make chaos [SEED=20261123]: runs all chaos cases, of which `make test` runs a sample; one line per case, exit code 1 if any fails.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_tests

cd "$ROOT"
export KASPARRO_CHAOS=full
[[ -z ${SEED-} ]] || export KASPARRO_CHAOS_SEED=$SEED
unset UPSTREAMS SOURCE FILE RES SEED MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
run_told "$LOGS/chaos.log" -namespace Kasparro.Tests.Chaos

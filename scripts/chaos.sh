#!/usr/bin/env bash
# make chaos [SEED=20261123]: all the chaos of which `make test` makes a sample; a line a case, exit code 1 where one does not end as it
# must.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prepare_tests

cd "$ROOT"
export KASPARRO_CHAOS=full
[[ -z ${SEED-} ]] || export KASPARRO_CHAOS_SEED=$SEED
unset UPSTREAMS SOURCE FILE RES SEED MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
run_told "$LOGS/chaos.log" -namespace Kasparro.Tests.Chaos

#!/usr/bin/env bash
# make identity-export OUT=pairs.csv: every pair of listings that is one asset, from the running graph's catalogue.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

apphost_pid >/dev/null || die "Kasparro is not running: make up"
[[ -s $RUN_ENVIRONMENT ]] || die "the ingestion worker is not up yet, so its settings are not known: make logs RES=ingestion"
[[ -n ${OUT-} ]] || die "OUT=FILE: where to write the pairs to"
out=$(absolute_path "$OUT")

unset UPSTREAMS OUT RES
while IFS= read -r line; do
  export "${line?}"
done <"$RUN_ENVIRONMENT"
cd "$ROOT/Kasparro.Ingestion"
exec dotnet bin/Release/net10.0/Kasparro.Ingestion.dll identity-export "$out"

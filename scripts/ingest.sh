#!/usr/bin/env bash
# make ingest [SOURCE=…] [FILE=…]: one ingestion into the running graph's catalogue.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

apphost_pid >/dev/null || die "Kasparro is not running: make up"
[[ -s $RUN_ENVIRONMENT ]] || die "the ingestion worker is not up yet, so its settings are not known: make logs RES=ingestion"

arguments=()
if [[ -n ${SOURCE-} ]]; then
  [[ " ${SOURCES[*]} " == *" $SOURCE "* ]] || die "SOURCE=$SOURCE: expected one of ${SOURCES[*]}"
  arguments+=(--source "$SOURCE")
fi
if [[ -n ${FILE-} ]]; then
  file=$(absolute_path "$FILE")
  [[ -r $file && ! -d $file ]] || die "FILE=$FILE: $file is not a file that can be read"
  arguments+=(--file "$file")
fi

unset UPSTREAMS SOURCE FILE RES
while IFS= read -r line; do
  export "${line?}"
done <"$RUN_ENVIRONMENT"
cd "$ROOT/Kasparro.Ingestion"
exec dotnet bin/Release/net10.0/Kasparro.Ingestion.dll ingest ${arguments[@]+"${arguments[@]}"}

#!/usr/bin/env bash
# make ingest [SOURCE=…] [FILE=…]: runs one ingestion into the running graph's catalogue, like the dashboard's "Ingest now" command.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_aspire auto
running_apphost >/dev/null || die "Kasparro is not running: make up"
source_name=${SOURCE-}
[[ -z $source_name || " ${SOURCES[*]} " == *" $source_name "* ]] || die "SOURCE=$source_name: expected one of ${SOURCES[*]}"
file=
if [[ -n ${FILE-} ]]; then
  file=$(absolute_path "$FILE")
  [[ -r $file && ! -d $file ]] || die "FILE=$FILE: $file is not a file that can be read"
fi
aspire resource ingestion ingest ${source_name:+--source "$source_name"} ${file:+--file "$file"}

#!/usr/bin/env bash
# make backfill ASSETS=coingecko:bitcoin,…|TOP=100 [SOURCE=…] [FROM=…] [TO=…]: reads past prices into the running graph's catalogue, like
# the dashboard's "Backfill" command. Shows the progress until it is done; Ctrl+C stops showing it, not the backfill.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ -n ${ASSETS-}${TOP-}${SOURCE-} ]] || die "which assets? set ASSETS=ID,…, TOP=N or SOURCE=coinpaprika|coingecko"
require_aspire auto
running_apphost >/dev/null || die "Kasparro is not running: make up"
API_PORT=$(api_port) || die "the API has not started yet: make logs RES=api"
said=$(aspire resource api backfill ${ASSETS:+--assets "$ASSETS"} ${TOP:+--top "$TOP"} ${SOURCE:+--source "$SOURCE"} \
  ${FROM:+--from "$FROM"} ${TO:+--to "$TO"} 2>&1) || die "$said"
id=$(json_field backfill_id <<<"$said")
[[ -n $id ]] || die "$said"
say "backfill $id"
last=
while body=$(http_get "/backfills/$id"); do
  progress=$(json_object progress <<<"$body")
  status=$(json_field status <<<"$body")
  left=$(json_field time_left_ms <<<"$progress")
  line="$status: $(json_field done <<<"$progress") of $(json_field windows <<<"$progress") windows"
  line+=", $(json_field points <<<"$progress") prices"
  [[ -n $progress ]] || line=$status
  [[ $line == "$last" ]] || say "$line${left:+, $((${left%.*} / 60000)) min $((${left%.*} / 1000 % 60)) s left}"
  last=$line
  case $status in
    completed | cancelled) exit 0 ;;
    failed) die "$(json_field error <<<"$body")" ;;
  esac
  sleep 2
done
die "the API does not respond at http://localhost:$API_PORT: make up"

#!/usr/bin/env bash
# make mappings OUT=mappings.csv|.ndjson|.json: exports every asset with its ids in all vocabularies, from the running API.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ -n ${OUT-} ]] || die "set OUT=FILE, where to write the mappings: .csv, .ndjson or .json"
out=$(absolute_path "$OUT")
case $out in
  *.csv) format=csv ;;
  *.ndjson) format=ndjson ;;
  *.json) format=json ;;
  *) die "OUT=$OUT: expected a name that ends with .csv, .ndjson or .json" ;;
esac
[[ -d $(dirname "$out") && -w $(dirname "$out") ]] || die "OUT=$OUT: $(dirname "$out") is not a writable folder"
# The default port may belong to another clone's API.
if [[ -z ${PORT-} ]] && running_apphost >/dev/null; then
  API_PORT=$(api_port) || die "the API has not started yet: make logs RES=api"
fi
curl -fsS --noproxy localhost --max-time 600 -o "$out" "http://localhost:$API_PORT/mappings?format=$format" ||
  die "the API does not respond at http://localhost:$API_PORT: make up"
say "$out"

#!/usr/bin/env bash
# make identity-export OUT=pairs.csv: exports every pair of listings that is one asset, from the running graph's catalogue.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ -n ${OUT-} ]] || die "set OUT=FILE, where to write the pairs"
require_aspire auto
running_apphost >/dev/null || die "Kasparro is not running: make up"
aspire resource ingestion identity-export --file "$(absolute_path "$OUT")"

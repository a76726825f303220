#!/usr/bin/env bash
# make logs [RES=name]: the last lines of every resource's output, or of one's, and what follows. FOLLOW=no ends there.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_aspire auto
running_apphost >/dev/null || die "Kasparro is not running: make up"
options=(--tail "${LINES_BACK:-50}")
[[ ${FOLLOW:-yes} == no ]] || options+=(--follow)
aspire logs ${RES:+"$RES"} "${options[@]}"

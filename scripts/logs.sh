#!/usr/bin/env bash
# make logs [RES=name]: shows the last lines of the output of all resources, or of one, and follows it unless FOLLOW=no.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_aspire auto
running_apphost >/dev/null || die "Kasparro is not running: make up"
options=(--tail "${LINES_BACK:-50}")
[[ ${FOLLOW:-yes} == no ]] || options+=(--follow)
aspire logs ${RES:+"$RES"} "${options[@]}"

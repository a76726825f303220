#!/usr/bin/env bash
# make logs [RES=name]: the last lines of every resource's output, and what follows. FOLLOW=no ends there.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shopt -s nullglob
files=("$LOGS"/*.log)
[[ ${#files[@]} -gt 0 ]] || die "there are no logs: make up writes them to $LOGS"
names=$(for file in "${files[@]}"; do [[ ! -s $file ]] || basename "$file" .log; done)
options=(-n "${LINES_BACK:-50}")
[[ ${FOLLOW:-yes} == no ]] || options+=(-F)

if [[ -n ${RES-} ]]; then
  if [[ ! -f $LOGS/$RES.log ]]; then
    die "RES=$RES: there is $(tr '\n' ' ' <<<"$names")"
  fi
  exec tail "${options[@]}" "$LOGS/$RES.log"
fi

# tail names the file whenever it turns to another; the name goes in front of each line instead.
tail "${options[@]}" "${files[@]}" 2>/dev/null |
  awk '/^==> .*\.log <==$/ { n = split($2, path, "/"); name = path[n]; sub(/\.log$/, "", name); next } NF { printf "%-11s | %s\n", name, $0; fflush() }'

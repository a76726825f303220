#!/usr/bin/env bash
# make clean: restores the state of a fresh clone.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if running_apphost >/dev/null; then
  die "Kasparro is running: make down first"
fi

find "$ROOT" \( -name .git -o -name .kasparro -o -name node_modules \) -prune -o \
  -type d \( -name bin -o -name obj -o -name TestResults \) -prune -print0 |
  while IFS= read -r -d '' folder; do
    # A folder with that name may be source code: what git tracks stays.
    [[ -n $(git -C "$ROOT" ls-files -- "$folder" 2>/dev/null | head -n 1) ]] || rm -rf "$folder"
  done

# If root started PostgreSQL and its user cannot enter this clone, the data is in a folder named after the clone (Servers/postgres.sh).
if command -v sha256sum >/dev/null; then
  clone=$(printf %s "$STATE/volumes/postgres" | sha256sum | cut -c 1-12)
  rm -rf "/var/lib/kasparro/$clone"
fi
rm -rf "$STATE" || die "$STATE cannot be deleted: parts of it belong to another user"
say "clean: build output, logs and the catalogue's data are gone."
if container_engine_runs; then
  say "Containers keep their data in a volume of your container engine whose name begins with kasparro.apphost- (volume ls, volume rm)."
fi

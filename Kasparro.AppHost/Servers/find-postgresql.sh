#!/usr/bin/env bash
# find-postgresql.sh [MAJOR]: prints the folder of PostgreSQL's programs. They come from npm, in the version that package-lock.json pins,
# and are kept outside the clone for all clones; if npm cannot provide them, the newest installed version is used. With MAJOR, only that
# major version is accepted, as existing data requires.
set -euo pipefail

OLDEST=15
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
wanted=${1-}

case $(uname -sm) in
  'Linux x86_64') platform=linux-x64 ;;
  'Linux aarch64') platform=linux-arm64 ;;
  'Darwin x86_64') platform=darwin-x64 ;;
  'Darwin arm64') platform=darwin-arm64 ;;
  *) platform=none ;;
esac
package=@embedded-postgres/$platform
version=$(sed -n "s|.*\"$package\": *\"\([^\"]*\)\".*|\1|p" "$here/package.json")
cache=${XDG_CACHE_HOME:-${HOME-}/.cache}/kasparro
[[ $(id -u) -ne 0 ]] || cache=/var/cache/kasparro # PostgreSQL does not run as root, and its user cannot enter root's home.
kept=$cache/postgresql/$version

major_of() { "$1/postgres" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

# Fetches the npm package; prints nothing on success, otherwise why it is not available.
fetch() {
  local work log
  [[ -n $version ]] || { echo "npm has no PostgreSQL for $(uname -sm)"; return; }
  command -v npm >/dev/null && command -v node >/dev/null || { echo "npm, which fetches it, is not installed"; return; }
  mkdir -p "$cache/postgresql" 2>/dev/null && work=$(mktemp -d "$cache/postgresql/.fetching-XXXXXX" 2>/dev/null) || {
    echo "$cache cannot be written"
    return
  }
  trap 'rm -rf "$work"' RETURN
  log=$work/log
  cp "$here"/package*.json "$work"
  printf 'fetching PostgreSQL %s from npm, once ...\n' "$version" >&2
  # The package's install script only creates links, which is done here instead.
  (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=0 --fetch-timeout=60000) >"$log" 2>&1 </dev/null \
    && (umask 022 && cd "$work/node_modules/$package" && node scripts/hydrate-symlinks.js) >"$log" 2>&1 </dev/null \
    || { echo "npm cannot fetch $package $version: $(grep -m 1 'npm error' "$log" || tail -n 1 "$log")"; return; }
  [[ -n $(major_of "$work/node_modules/$package/native/bin") ]] || { echo "$package $version does not run on this machine"; return; }
  chmod -R a+rX "$work/node_modules/$package/native" && chmod a+rx "$cache" "$cache/postgresql"
  # Moved in one step, since another clone may do the same at this moment.
  mv "$work/node_modules/$package/native" "$kept" 2>/dev/null || [[ -x $kept/bin/postgres ]] || echo "$kept cannot be written"
}

why=
if [[ -z $wanted || $wanted == "${version%%.*}" ]]; then
  [[ -x $kept/bin/postgres ]] || why=$(fetch)
  if [[ -x $kept/bin/postgres ]]; then
    printf '%s\n' "$kept/bin"
    exit 0
  fi
fi

# Debian, Red Hat and Homebrew install several versions side by side.
found=0
shopt -s nullglob
for postgres in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /opt/homebrew/opt/postgresql@*/bin/postgres \
  /usr/local/opt/postgresql@*/bin/postgres $(command -v postgres || true); do
  major=$(major_of "${postgres%/*}")
  if [[ ${major:-0} -gt $found && $major == "${wanted:-$major}" && -x ${postgres%/*}/initdb ]]; then
    found=$major programs=${postgres%/*}
  fi
done
if [[ $found -lt $OLDEST ]]; then
  printf 'PostgreSQL %s is not installed (apt-get install postgresql, brew install postgresql@18)%s\n' \
    "${wanted:-$OLDEST or newer}" "${why:+, and $why}" >&2
  exit 1
fi
[[ -z $why ]] || printf 'using the PostgreSQL %s of this machine: %s\n' "$found" "$why" >&2
printf '%s\n' "$programs"

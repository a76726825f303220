#!/usr/bin/env bash
# Runs PostgreSQL on $PORT with its data in $FOLDER, as Aspire's container does: same superuser, password and authentication. Arguments
# are its settings.
set -euo pipefail

fail() {
  printf 'PostgreSQL: %s\n' "$*" >&2
  exit 1
}

# First as who calls, then, if that is root, as a user that PostgreSQL runs as.
if [[ -z ${KASPARRO_PROGRAMS-} ]]; then
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
  as=()
  if [[ $(id -u) -eq 0 ]]; then
    command -v setpriv >/dev/null || fail "it does not run as root, and setpriv, which would start it as another user, is not installed"
    user=$(id -un postgres 2>/dev/null || echo nobody)
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    mkdir -p "${FOLDER%/*}" 2>/dev/null || true
    # Below a folder like /root, which only root may enter, the data is elsewhere, in a folder of this clone alone.
    "${as[@]}" test -x "${FOLDER%/*}" || FOLDER=/var/lib/kasparro/$(printf %s "$FOLDER" | sha256sum | cut -c 1-12)
  fi
  mkdir -p "$FOLDER" 2>/dev/null && [[ -w $FOLDER ]] || fail "its folder $FOLDER cannot be written by $(id -un): it belongs to another user"
  [[ ${#as[@]} -eq 0 ]] || chown "$user" "$FOLDER"

  version=$(cat "$FOLDER/data/PG_VERSION" 2>/dev/null || true)
  if ! KASPARRO_PROGRAMS=$("${BASH:-bash}" "$here/find-postgresql.sh" "$version"); then
    [[ -z $version ]] ||
      fail "the data in $FOLDER is of major version $version, which is not available here; delete the folder to start with an empty one"
    exit 1
  fi
  export FOLDER KASPARRO_PROGRAMS
  # By its text: the file may be where that user may not read.
  exec ${as[@]+"${as[@]}"} "${BASH:-bash}" -c "$(cat "${BASH_SOURCE[0]}")" "$0" "$@"
fi

umask 077
data=$FOLDER/data

first_error() { grep -m 1 -E 'FATAL|PANIC|ERROR|error:' <<<"$said" || tail -n 1 <<<"$said"; }

fail_held() {
  local pid
  pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || pid="not known"
  fail "the data in $data is held by another server (process $pid): stop that one first"
}

# postmaster.pid does not show a server in another container, which has process ids of its own, and two servers on one folder destroy the
# data. All processes of this server hold the lock, until the last one has ended.
if command -v flock >/dev/null; then
  exec 9>"$FOLDER/lock"
  flock -n 9 || fail_held
fi
if (: <"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
  fail "its port $PORT is taken by another program"
fi

# Passwords go by standard input: a command line is there for everyone to read.
if [[ ! -d $data ]]; then
  locale=C.UTF-8
  [[ $(uname) == Linux ]] || locale=C
  rm -rf "$data.new"
  said=$(printf %s "$POSTGRES_PASSWORD" | "$KASPARRO_PROGRAMS/initdb" -D "$data.new" -U "$POSTGRES_USER" --pwfile=/dev/stdin \
    --auth=scram-sha-256 -E UTF8 --locale=$locale 2>&1) || fail "no database can be made in $data: $(first_error)"
  printf '%s\n' "$said"
  mv "$data.new" "$data"
else
  # The password that the graph has now, not the one of when the data was made.
  quoted=${POSTGRES_PASSWORD//\'/\'\'}
  if ! said=$(printf "ALTER ROLE \"%s\" PASSWORD '%s'\n" "$POSTGRES_USER" "$quoted" |
    "$KASPARRO_PROGRAMS/postgres" --single -D "$data" postgres 2>&1 >/dev/null) ||
    [[ $said == *ERROR:* ]]; then
    [[ $said != *postmaster.pid* ]] || fail_held
    fail "the data in $data cannot be opened: $(first_error)"
  fi
fi
unset POSTGRES_PASSWORD

"$KASPARRO_PROGRAMS/postgres" -D "$data" -c port="$PORT" -c listen_addresses=localhost -c unix_socket_directories= "$@" &
server=$!
trap 'kill -INT $server' TERM # On SIGTERM it would wait for its clients, until the host loses patience and kills it.
wait "$server" || wait "$server"

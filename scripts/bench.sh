#!/usr/bin/env bash
# make bench [ONLY=ingestion|history|identity|resolve|api|vendors|storage] [ROUNDS=9]: measures against its own PostgreSQL and Redis on
# loopback, which are thrown away afterwards; the tables go to bench/results/. Other sizes: RECORDS, CATALOGUE, CSV_ROWS, LOOP, MEMORY,
# DISTINCT; for storage: SIZES=1000000,10000000 (quotes), ASSETS, DAYS (of daily candles), SCALE, LIVE_DAYS (of the live month).
# Fails if a target is missed.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

BENCHMARKS=$ROOT/bench/Kasparro.Benchmarks/bin/Release/net10.0/Kasparro.Benchmarks.dll

only=${ONLY-}
case $only in
  '' | ingestion | history | identity | resolve | api | vendors | storage) ;;
  *) die "ONLY=$only: expected ingestion, history, identity, resolve, api, vendors or storage" ;;
esac

scratch=
servers=()
stop() {
  local pid
  for pid in ${servers[@]+"${servers[@]}"}; do
    kill -TERM "$pid" 2>/dev/null || true
  done
  for pid in ${servers[@]+"${servers[@]}"}; do
    wait "$pid" 2>/dev/null || true
  done
  [[ -z $scratch ]] || rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Below the range of ephemeral ports, which outgoing connections use.
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

# wait_for PID LOG PROBE…: waits until the probe succeeds; fails if the process ends or a minute has passed.
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

# start SCRIPT [SETTING…]: starts a server as the graph does; PORT, FOLDER and the password come from the caller's environment.
start() {
  local log=$scratch/$1.log
  "$ROOT/Kasparro.AppHost/Servers/$1.sh" "${@:2}" >"$log" 2>&1 </dev/null &
  servers+=($!)
  wait_for $! "$log" grep -qi "ready to accept connections" "$log"
}

start_servers() {
  local password
  password=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  export POSTGRES_USER=kasparro POSTGRES_PASSWORD=$password REDIS_PASSWORD=$password PORT FOLDER

  # Durable: every commit is on disk when it returns, on both sides of a comparison.
  PORT=$(free_port) FOLDER=$scratch/postgres
  start postgres -c max_connections=200 -c shared_buffers=1GB -c work_mem=16MB -c maintenance_work_mem=128MB -c random_page_cost=1.1 \
    -c max_wal_size=2GB -c checkpoint_timeout=15min
  export PGPASSWORD=$password KASPARRO_BENCH_POSTGRES="Host=127.0.0.1;Port=$PORT;Username=kasparro;Database=postgres"

  PORT=$(free_port) FOLDER=$scratch/redis
  mkdir "$FOLDER"
  start redis
  export KASPARRO_BENCH_REDIS="127.0.0.1:$PORT,password=$password"
  unset POSTGRES_USER POSTGRES_PASSWORD REDIS_PASSWORD PORT FOLDER
}

prepare_state
require_sdk
say "building (Release) ..."
build "$STATE/build.log"
"$ROOT/scripts/install-prerequisites.sh" --with-sqlalchemy wrk

scratch=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/kasparro-bench.XXXXXX")" && pwd -P)
chmod 711 "$scratch" # PostgreSQL, which does not run as root, must be able to reach its folder.
start_servers
cd "$ROOT"

export KASPARRO_BENCH_ROUNDS=${ROUNDS:-9}
sizes=(RECORDS CATALOGUE CSV_ROWS LOOP MEMORY DISTINCT SIZES ASSETS DAYS SCALE LIVE_DAYS)
for name in "${sizes[@]}"; do
  [[ -z ${!name-} ]] || export "KASPARRO_BENCH_$name=${!name}"
done
unset "${sizes[@]}" ONLY ROUNDS UPSTREAMS SOURCE FILE RES MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

status=0
for bench in ${only:-ingestion history identity resolve api vendors storage}; do
  say "$bench ..."
  dotnet "$BENCHMARKS" "$bench" || status=$?
done
exit "$status"

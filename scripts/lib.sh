# shellcheck shell=bash
# What the scripts beside this one share; they source it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.kasparro
LOGS=$STATE/logs
PID_FILE=$STATE/apphost.pid
RUN_ENVIRONMENT=$STATE/run.env
LAST_UPSTREAMS=$STATE/upstreams
APPHOST=$ROOT/Kasparro.AppHost/bin/Release/net10.0/Kasparro.AppHost.dll
API_PORT=8000
# shellcheck disable=SC2034 # for those who source this
API=http://localhost:$API_PORT
# shellcheck disable=SC2034
SOURCES=(coinpaprika coingecko csv_source)

# No build server is left behind: it would outlive `make down`, and hold the pipe of whoever reads this output.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
BUILD_OPTIONS=(-nologo -nodeReuse:false -p:UseSharedCompilation=false)

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Everything this repository's scripts keep is under .kasparro/.
prepare_state() {
  if ! mkdir -p "$LOGS" 2>/dev/null || [[ ! -w $STATE || ! -w $LOGS ]]; then
    die "$STATE cannot be written: it belongs to another user (make clean as that user, or use a clone of your own)"
  fi
}

# ---------------------------------------------------------------- settings

# A path of the caller's, made absolute: make -C moves here, and the caller may mean either folder.
absolute_path() {
  local base
  case $1 in
    /*) say "$1" ;;
    *)
      for base in "$PWD" "${CALLER_PWD:-$PWD}"; do
        if [[ -e $base/$1 ]]; then
          (cd "$(dirname "$base/$1")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$1")")
          return
        fi
      done
      say "$PWD/$1"
      ;;
  esac
}

upstreams_setting() {
  local setting=${1:-auto} folder
  case $setting in
    auto | live | simulated) say "$setting" ;;
    recorded:?*)
      folder=$(absolute_path "${setting#recorded:}")
      [[ -d $folder ]] || die "UPSTREAMS=$setting: there is no folder $folder"
      say "recorded:$(cd "$folder" && pwd -P)"
      ;;
    *) die "UPSTREAMS=$setting: expected auto, live, simulated or recorded:DIR" ;;
  esac
}

# ---------------------------------------------------------------- building

require_sdk() {
  command -v dotnet >/dev/null || die "the .NET SDK is not installed (global.json says which: $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$ROOT/global.json") or newer)"
  (cd "$ROOT" && dotnet --version >/dev/null 2>&1) || die "no installed .NET SDK fits global.json: $(cd "$ROOT" && dotnet --version 2>&1 | head -n 1)"
}

# build LOG [ARGUMENT…]: builds Kasparro.sln in Release, quietly; where it fails, its errors are shown.
build() {
  local log=$1
  shift
  if ! (cd "$ROOT" && dotnet build Kasparro.sln -c Release -v minimal "${BUILD_OPTIONS[@]}" "$@") >"$log" 2>&1 </dev/null; then
    grep -E '(error|: warning) [A-Z]+[0-9]+|error( [A-Z]+[0-9]+)?:' "$log" | sed 's/ \[[^]]*\]$//' | sort -u | head -n 30 >&2 || tail -n 30 "$log" >&2
    die "the build failed; all of its output is in $log"
  fi
}

# Builds what runs, and installs what it needs on this machine.
build_graph() {
  say "building (Release) ..."
  build "$STATE/build.log" -t:Kasparro_AppHost
  require_servers
}

# As the AppHost decides it: Kasparro__Containers=true or false overrides.
container_engine_runs() { [[ ${Kasparro__Containers-} == true || ( -z ${Kasparro__Containers-} && ( -n $(docker info 2>/dev/null) || -n $(podman info 2>/dev/null) ) ) ]]; }

# PostgreSQL and Redis run as programs of this machine where no container engine does.
require_servers() { container_engine_runs || "$ROOT/scripts/install-prerequisites.sh"; }

# ---------------------------------------------------------------- processes

command_line() {
  if [[ -d /proc/self ]]; then
    { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true
  else
    ps -o command= -p "$1" 2>/dev/null || true
  fi
}

# processes_matching TEXT: the ids of processes whose command line has this text.
processes_matching() {
  local file pid
  if [[ -d /proc/self ]]; then
    for file in /proc/[0-9]*; do
      pid=${file#/proc/}
      [[ $pid == "$$" || "$(command_line "$pid")" != *"$1"* ]] || say "$pid"
    done
  else
    pgrep -f -- "$1" || true
  fi
}

# The id of this clone's AppHost; fails where it does not run. The command line tells it from another process of the same id.
apphost_pid() {
  local pid=
  [[ -s $PID_FILE ]] && read -r pid <"$PID_FILE" && [[ $pid =~ ^[0-9]+$ && "$(command_line "$pid")" == *"$APPHOST"* ]] && say "$pid"
}

# Every process: id, parent, time of start.
all_processes() {
  if [[ -d /proc/self ]]; then
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk '/^[0-9]+ \(/ { pid = $1; sub(/.*\) /, ""); print pid, $2, $20 }'
  else
    ps -axo pid=,ppid=
  fi
}

# descendants PID: "pid/start" of the process and of everything below it, a line each.
descendants() {
  all_processes | awk -v root="$1" '
    { parent[$1] = $2; start[$1] = $3 }
    END {
      family[root] = (root in parent)
      do {
        grown = 0
        for (pid in parent) if (!family[pid] && family[parent[pid]]) { family[pid] = 1; grown = 1 }
      } while (grown)
      for (pid in family) if (family[pid]) print pid "/" start[pid]
    }'
}

# Of the processes named as by `descendants`, those that still run.
still_there() {
  all_processes | awk -v wanted="$*" '
    BEGIN { n = split(wanted, list, " "); for (i = 1; i <= n; i++) known[list[i]] = 1 }
    ($1 "/" $3) in known { print $1 "/" $3 }'
}

port_is_taken() { (: <"/dev/tcp/localhost/$1") 2>/dev/null; }

# Who listens there, as far as this user may know.
port_owner() {
  local pid=
  if command -v ss >/dev/null; then
    pid=$(ss -ltnpH "sport = :$1" 2>/dev/null | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -n 1)
  elif command -v lsof >/dev/null; then
    pid=$(lsof -nP -iTCP:"$1" -sTCP:LISTEN -t 2>/dev/null | head -n 1)
  fi
  [[ -z $pid ]] || printf ' by process %s (%.60s)' "$pid" "$(command_line "$pid")"
}

require_free_port() {
  ! port_is_taken "$API_PORT" || die "port $API_PORT, where the API is to listen, is taken$(port_owner "$API_PORT"): stop that first"
}

# Replaces this process with the AppHost: its id is in the pid file before anyone can ask for it.
exec_apphost() {
  rm -f "$RUN_ENVIRONMENT"
  printf '%s\n' "$1" >"$LAST_UPSTREAMS"
  # shellcheck disable=SC2016 # the inner shell's parent is this process, in a subshell too
  sh -c 'echo $PPID' >"$PID_FILE"
  # What an IDE's launch profile would say: passwords last in user secrets, the dashboard listens on loopback without TLS.
  export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development} ASPIRE_ALLOW_UNSECURED_TRANSPORT=${ASPIRE_ALLOW_UNSECURED_TRANSPORT:-true}
  # make's variables are not for the graph: its services would read UPSTREAMS or SOURCE as settings.
  unset UPSTREAMS DASHBOARD SOURCE FILE RES CALLER_PWD MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
  cd "$ROOT/Kasparro.AppHost"
  exec "${@:2}" dotnet "$APPHOST" "--Upstreams=$1"
}

# ---------------------------------------------------------------- the API, without curl and jq: a fresh machine has neither

# http_get PATH: the body; fails unless the answer is 200.
http_get() (
  { exec 3<>"/dev/tcp/localhost/$API_PORT"; } 2>/dev/null || exit 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$1" "$API_PORT" >&3
  IFS=' ' read -r -t 10 _ status _ <&3 || exit 1
  while IFS= read -r -t 10 line <&3 && [[ $line != $'\r' ]]; do :; done
  while IFS= read -r -t 10 line <&3 || [[ -n $line ]]; do
    printf '%s\n' "$line"
    line=
  done
  [[ $status == 200 ]]
)

# json_field NAME <JSON: the first value of that name, without its quotes.
json_field() { tr -d '\n' | grep -o "\"$1\": *\(\"[^\"]*\"\|[^,}]*\)" | head -n 1 | sed 's/^"[^"]*": *//; s/^"//; s/"$//; s/^null$//' || true; }

# json_object NAME <JSON: the flat object of that name.
json_object() { tr -d '\n' | grep -o "\"$1\": *{[^}]*}" | head -n 1 || true; }

# 1234567 → 1,234,567
grouped() { sed -e ':a' -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/' -e 'ta' <<<"$1"; }

# Everything that tests need, built and installed.
prepare_tests() {
  prepare_state
  require_sdk
  say "building (Release) ..."
  build "$STATE/build.log"
  export Kasparro__Containers=${Kasparro__Containers:-false} # The same servers for every developer; make test-containers has the others.
  require_servers
}

# run_told LOG FILTER...: the tests that the filter names; shows the lines that they tell and what failed or was skipped. 1 where any did.
run_told() {
  local log=$1 status=0
  shift
  dotnet "$ROOT/Kasparro.Tests/bin/Release/net10.0/Kasparro.Tests.dll" "$@" -noColor </dev/null 2>&1 |
    tee "$log" | grep --line-buffered -E '^ok  |\[(FAIL|SKIP)\]' || true
  grep -q 'Errors: 0, Failed: 0, Skipped: 0' "$log" || status=1
  if [[ $status -ne 0 ]]; then
    grep -A 12 '\[\(FAIL\|SKIP\)\]' "$log" >&2 || tail -n 30 "$log" >&2
  fi
  say "$(grep 'Total:' "$log" | sed 's/^ *Kasparro.Tests *//'); all output is in $log"
  return "$status"
}

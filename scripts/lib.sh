# shellcheck shell=bash
# Shared by the scripts in this folder, which source it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.kasparro
LOGS=$STATE/logs
LAST_UPSTREAMS=$STATE/upstreams
LAST_PORT=$STATE/port # empty if no port was requested
APPHOST=$ROOT/Kasparro.AppHost/Kasparro.AppHost.csproj
API_PORT=${PORT:-8000}
# shellcheck disable=SC2034 # for the scripts that source this
SOURCES=(coinpaprika coingecko csv_source)

# Leave no build servers running: they would outlive `make down` and keep the pipe open for a reader of this output.
export ASPIRE_CLI_TELEMETRY_OPTOUT=true NO_COLOR=1 MSBUILDDISABLENODEREUSE=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
BUILD_OPTIONS=(-nologo -nodeReuse:false -p:UseSharedCompilation=false)

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

[[ $API_PORT =~ ^[1-9][0-9]{0,4}$ && $API_PORT -le 65535 ]] || die "PORT=$API_PORT: a port is a number from 1 to 65535"

# Everything that the scripts keep is in .kasparro/.
prepare_state() {
  if ! mkdir -p "$LOGS" 2>/dev/null || [[ ! -w $STATE || ! -w $LOGS ]]; then
    die "$STATE cannot be written: it belongs to another user (make clean as that user, or use a clone of your own)"
  fi
}

# ---------------------------------------------------------------- settings

# Makes a path from the caller absolute: make -C changes to this folder, and the path may be relative to either.
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
  command -v dotnet >/dev/null || die "the .NET SDK is not installed: $(json_field version <"$ROOT/global.json") or newer"
  (cd "$ROOT" && dotnet --version >/dev/null 2>&1) ||
    die "no installed .NET SDK fits global.json: $(cd "$ROOT" && dotnet --version 2>&1 | head -n 1)"
}

# build LOG [ARGUMENT…]: builds Kasparro.sln in Release, quietly; if it fails, its errors are shown. One compiler server compiles all
# projects, which saves a seventh of the time; it belongs to this build and ends with it.
build() {
  local log=$1 server=kasparro-$$ status=0 pid
  shift
  (cd "$ROOT" && dotnet build Kasparro.sln -c Release -v minimal "${BUILD_OPTIONS[@]}" \
    -p:UseSharedCompilation=true -p:SharedCompilationId="$server" "$@") >"$log" 2>&1 </dev/null || status=$?
  for pid in $(processes_matching "-pipename:$server"); do
    kill "$pid" 2>/dev/null || true
  done
  rm -f "${TMPDIR:-/tmp}/$server" # Its socket.
  if [[ $status -ne 0 ]]; then
    grep -E '(error|: warning) [A-Z]+[0-9]+|error( [A-Z]+[0-9]+)?:' "$log" | sed 's/ \[[^]]*\]$//' | sort -u | head -n 30 >&2 ||
      tail -n 30 "$log" >&2
    die "the build failed; the full output is in $log"
  fi
}

# Builds the graph and installs what it needs on this machine.
build_graph() {
  say "building (Release) ..."
  build "$STATE/build.log" -t:Kasparro_AppHost
  require_servers
}

# Prints docker or podman, depending on which runs; nothing if neither does. A client without an engine prints its own info, but fails.
container_engine() {
  local engine
  for engine in docker podman; do
    ! "$engine" info >/dev/null 2>&1 || { say "$engine" && return; }
  done
}

# Decides as the AppHost does: Kasparro__Containers=true or false overrides.
container_engine_runs() { [[ ${Kasparro__Containers-} == true || ( -z ${Kasparro__Containers-} && -n $(container_engine) ) ]]; }

# Without a container engine, PostgreSQL and Redis run as programs on this machine.
require_servers() { container_engine_runs || "$ROOT/scripts/install-prerequisites.sh"; }

# ---------------------------------------------------------------- the graph

# The Aspire CLI, which .config/dotnet-tools.json pins.
aspire() { (cd "$ROOT" && dotnet aspire "$1" --nologo --non-interactive "${@:2}"); }

require_aspire() {
  local said restored=$STATE/tools
  [[ ! $restored -nt $ROOT/.config/dotnet-tools.json ]] || return 0
  # Twice: with an empty NuGet cache the SDK mixes up two tools that it restores at the same time (seen with 10.0.401).
  said=$(cd "$ROOT" && { dotnet tool restore >/dev/null || dotnet tool restore; } 2>&1 </dev/null) || {
    said=$(grep -v 'verifying workloads' <<<"$said" | grep -m 1 .) || true
    die "the Aspire CLI is not available ($said):" \
      "dotnet run -c Release --project Kasparro.AppHost -- --Upstreams=$1 runs the graph without it"
  }
  mkdir -p "$STATE" && touch "$restored"
}

# field NAME <JSON: the first string or number with that name.
field() { grep -o "\"$1\": *\(\"[^\"]*\"\|[0-9]*\)" | head -n 1 | sed 's/^"[^"]*": *//; s/^"//; s/"$//' || true; }

# The AppHosts that the CLI started, one line of JSON each; those of tests have no CLI.
all_apphosts() { aspire ps --format Json 2>/dev/null | tr -d '\n' | grep -o '{[^}]*}' | grep '"cliPid": *[0-9]' || true; }

# This clone's line; fails if its AppHost is not running.
running_apphost() { all_apphosts | grep -F "\"$APPHOST\""; }

# The path of another clone's running AppHost, if any.
other_apphost() { all_apphosts | grep -o '"[^"]*/Kasparro.AppHost.csproj"' | tr -d '"' | grep -vF "$APPHOST" | head -n 1 || true; }

# The port of the running graph's API, which is any free port if another clone's graph is running.
api_port() {
  local url
  url=$(aspire describe api --format Json 2>/dev/null | tr -d '\n' | grep -o '"name": *"http"[^}]*' | grep -o 'http://[^"]*' | head -n 1)
  [[ $url =~ :([0-9]+) ]] && say "${BASH_REMATCH[1]}"
}

# stop_apphost PID: kills it if the CLI refuses to choose, as it does while tests of this clone are running.
stop_apphost() { aspire stop >"$STATE/down.log" 2>&1 || kill -TERM "$1" 2>/dev/null || true; }

# resource_logs NAME COUNT: the last lines of a resource's output, without colours, stack traces and the CLI's own messages.
resource_logs() {
  aspire logs "$1" --tail "$2" 2>/dev/null | sed -e $'s/\033\\[[0-9;]*m//g' -e "s/^\[$1\] //" |
    grep -v '^ *at \|^Scanning \|^Getting \|No running AppHost found' || true
}

# last_error NAME: the last line of a resource's output that reports a failure.
last_error() {
  resource_logs "$1" 200 | awk '/^ *(trce|dbug|info): / { bad = 0; next } /^ *(warn|fail|crit): / { bad = 1; next }
    bad && NF || /FATAL|ERROR|PANIC|[Ee]rror:|not installed|cannot|is taken|is held|^ *- [A-Z][A-Za-z]*:/ { line = $0 }
    END { sub(/^ +/, "", line); print substr(line, 1, 200) }'
}

command_line() { { tr '\0' ' ' <"/proc/$1/cmdline" || ps -o command= -p "$1"; } 2>/dev/null || true; }

# processes_matching TEXT: the ids of the processes whose command line contains the text.
processes_matching() {
  local pid
  for pid in $(ps -axo pid=); do
    [[ $pid == "$$" || "$(command_line "$pid")" != *"$1"* ]] || say "$pid"
  done
}

port_is_taken() { (: <"/dev/tcp/localhost/$1") 2>/dev/null; }

# The process that listens on a port, if this user may see it.
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
  ! port_is_taken "$API_PORT" ||
    die "port $API_PORT, which the API needs, is taken$(port_owner "$API_PORT"): stop that first, or choose another port with PORT="
}

# make's variables are for the scripts, not for the graph: its services would read UPSTREAMS or SOURCE as settings.
graph_environment() {
  export Configuration=Release
  [[ -z ${PORT-} ]] || export Kasparro__Port=$PORT
  unset UPSTREAMS PORT SOURCE FILE RES CALLER_PWD MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
}

# ---------------------------------------------------------------- the API, without curl and jq, which a fresh machine does not have

# http_get PATH: the response body; fails unless the status is 200.
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

# json_field NAME <JSON: the first value with that name, without quotes; empty for null.
json_field() {
  tr -d '\n' | grep -o "\"$1\": *\(\"[^\"]*\"\|[^,}]*\)" | head -n 1 | sed 's/^"[^"]*": *//; s/^"//; s/"$//; s/^null$//' || true
}

# json_object NAME <JSON: the first flat object with that name.
json_object() { tr -d '\n' | grep -o "\"$1\": *{[^}]*}" | head -n 1 || true; }

# 1234567 → 1,234,567
grouped() { sed -e ':a' -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/' -e 'ta' <<<"$1"; }

# Builds and installs everything that the tests need.
prepare_tests() {
  prepare_state
  require_sdk
  say "building (Release) ..."
  build "$STATE/build.log"
  export Kasparro__Containers=${Kasparro__Containers:-false} # The same servers for every developer; make test-containers uses containers.
  require_servers
}

# run_told LOG FILTER…: runs the tests that the filter selects; shows the lines that they report and any failed or skipped tests, which make
# it return 1.
run_told() {
  local log=$1 status=0
  shift
  dotnet "$ROOT/Kasparro.Tests/bin/Release/net10.0/Kasparro.Tests.dll" "$@" -noColor </dev/null 2>&1 |
    tee "$log" | grep --line-buffered -E '^ok  |\[(FAIL|SKIP)\]' || true
  grep -q 'Errors: 0, Failed: 0, Skipped: 0' "$log" || status=1
  if [[ $status -ne 0 ]]; then
    grep -A 12 '\[\(FAIL\|SKIP\)\]' "$log" >&2 || tail -n 30 "$log" >&2
  fi
  say "$(grep 'Total:' "$log" | sed 's/^ *Kasparro.Tests *//'); the full output is in $log"
  return "$status"
}

#!/usr/bin/env bash
# make up: builds the graph, starts it in the background, and returns when every source's first ingestion has ended. It is never silent
# for long: it names what is not ready, and gives up if there is no more progress.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

QUIET=20                    # seconds without output after which it says what it is waiting for
PATIENCE=${PATIENCE:-180}   # seconds without any progress after which it gives up
GRACE=30                    # seconds that a worker's first ingestion has to begin once the API responds
DASHBOARD_PORT=15068        # as in launchSettings.json

STATES=$STATE/states.json   # one line of JSON per change of a resource, from the CLI

began=$SECONDS
spoke=$SECONDS
moved=$SECONDS

# Prints a line of progress, with the seconds since the start.
tell() {
  printf '%5ds  %s\n' $((SECONDS - began)) "$*"
  spoke=$SECONDS
}

stop_and_die() {
  stop_apphost "$apphost_pid"
  die "$@"
}

# text NAME <LINE: a string or number of the resource itself; those of its urls, environment and commands come later in the line.
text() { sed 's/"urls":.*//' | field "$1"; }

show_running() {
  local stats health line
  API_PORT=$(api_port)
  say "Kasparro is already up: http://localhost:${API_PORT:-?}   dashboard: $(field dashboardUrl <<<"$1")"
  stats=$(http_get /stats) &&
    say "  upstreams  $(json_field upstreams <<<"$stats"); make restart UPSTREAMS=… switches to others"
  health=$(http_get /health) && say "  health     $(json_field status <<<"$health")"
  aspire describe --format Json 2>/dev/null | awk '
    /^      "displayName":/ { name = $2 } /^      "state":/ { state = $2 }
    /^      "exitCode":/ { code = $2 } /^      "resourceType":/ { type = $2 }
    /^    }/ { gsub(/[",]/, "", name); gsub(/[",]/, "", state); gsub(/[",]/, "", code)
      if (type !~ /Parameter/ && state != "Running" && !(state == "Finished" && code == "0")) print "  " name " is " state
      name = state = code = type = "" }'
}

# ---------------------------------------------------------------- the resources' progress

names=()    # of the resources, in the order in which they appeared
states=()   # the last state of each
seen=0

# index_of NAME: sets i to the resource's index in both lists, adding it if it is new.
index_of() {
  for i in ${names[@]+"${!names[@]}"}; do
    [[ ${names[i]} != "$1" ]] || return 0
  done
  i=${#names[@]}
  names[i]=$1 states[i]=
}

# Reports state changes since the last check; the first resource that failed ends the start.
follow_resources() {
  local line name state health code now reason i
  while IFS= read -r line; do
    seen=$((seen + 1))
    [[ $(text resourceType <<<"$line") != Parameter ]] || continue
    name=$(text displayName <<<"$line") state=$(text state <<<"$line")
    health=$(text healthStatus <<<"$line") code=$(text exitCode <<<"$line")
    [[ -n $name && -n $state ]] || continue
    index_of "$name"
    now=$state
    case $state in
      Running) [[ -z $health || $health == Healthy ]] || now="running, not healthy yet" ;;
      Waiting) now="waiting for $(grep -o '"waitingFor":\[[^]]*' <<<"$line" | sed 's/.*\[//; s/"//g; s/,/, /g')" ;;
      Finished) [[ ${code:-0} == 0 ]] && now=Finished || now="ended with exit code $code" ;;
      FailedToStart | Exited | RuntimeUnhealthy) now="ended: $state" ;;
    esac
    [[ $now != "${states[i]}" ]] || continue
    states[i]=$now
    moved=$SECONDS
    case $now in
      ended*)
        tell "$name $now"
        resource_logs "$name" 25 | cut -c 1-300 | sed 's/^/  | /' >&2
        reason=$(last_error "$name")
        stop_and_die "$name $now: ${reason:-$(server_error)}"
        ;;
      Running) tell "$name is running" ;;
      Finished) tell "$name has ended" ;;
    esac
  done < <(tail -n +$((seen + 1)) "$STATES" 2>/dev/null | grep '}$')
}

# Why the AppHost ended: usually one of its own servers did not start, which it logs.
server_error() {
  local reason
  reason=$(sed -n 's/.*\(postgres\|cache\) did not start: \([0-9T:.-]*Z \)\{0,1\}/\1 did not start: /p' "$log" 2>/dev/null | tail -n 1)
  say "${reason:-its log is $log}"
}

# Names each resource that is not ready, with its state and the last error of its output.
explain() {
  local i name reason
  for i in ${names[@]+"${!names[@]}"}; do
    name=${names[i]}
    case ${states[i]} in
      Running | Finished) ;;
      *)
        reason=$(last_error "$name")
        # A container's volume keeps the password that it was created with.
        [[ $reason != *"password authentication failed"* ]] ||
          reason+=" (its data has another password than the AppHost: README, Troubleshooting)"
        tell "not ready: $name is ${states[i]}${reason:+; $reason}"
        ;;
    esac
  done
}

# ---------------------------------------------------------------- the ingestion's progress

# Whether a run belongs to this start: its id begins with its time, in hexadecimal milliseconds (UUID version 7).
began_now() {
  local digits=${1//-/}
  [[ ${digits:12:1} == 7 && ! ${digits:0:12} < $first_id ]]
}

api_answers=
health=
shown=()       # each source's progress as last reported
finished=()    # how each source's first run of this start ended, once it has
report=()      # one line per source for the summary

# Reads /stats and reports progress; true when every source's first ingestion of this start has ended.
follow_ingestion() {
  local stats source object status run records line fresh all=yes i
  [[ -n $API_PORT ]] || API_PORT=$(api_port) || return 1
  stats=$(http_get /stats) || return 1
  upstreams=$(json_field upstreams <<<"$stats")
  if [[ -z $api_answers ]]; then
    api_answers=$SECONDS
    moved=$SECONDS
    tell "the API responds: http://localhost:$API_PORT"
  fi

  for i in "${!SOURCES[@]}"; do
    source=${SOURCES[i]}
    object=$(json_object "$source" <<<"$stats")
    status=$(json_field status <<<"$object")
    run=$(json_field run_id <<<"$object")
    records=$(json_field records_processed <<<"$object")

    # A run of an earlier start does not count, unless the worker does not begin a new one.
    fresh=
    if [[ $status == running ]] || began_now "$run"; then
      fresh=yes
    elif [[ $status == completed && $((SECONDS - api_answers)) -ge $GRACE ]]; then
      fresh=yes
    fi

    if [[ -z ${finished[i]-} && -n $fresh && $status != running && $status != never_run ]]; then
      finished[i]=$status
    fi
    [[ -n ${finished[i]-} ]] || all=

    report[i]=$(printf '%-12s %-12s %12s records' "$source" "${status:-?}" "$(grouped "${records:-0}")")
    line="$status $records"
    if [[ -n $fresh && $line != "${shown[i]-}" ]]; then
      moved=$SECONDS
      if [[ $status != running || $((SECONDS - spoke)) -ge 2 || ${shown[i]-} != running* ]]; then
        tell "${report[i]}"
        shown[i]=$line
      fi
    fi
  done
  [[ -n $all ]]
}

summary() {
  local line
  say ""
  say "Kasparro is up after $((SECONDS - began)) s"
  say "  API        http://localhost:$API_PORT   (http://localhost:$API_PORT/docs)"
  say "  dashboard  ${login:-none}"
  say "  upstreams  ${upstreams:-unknown}"
  say "  health     $(json_field status <<<"$health")"
  for line in "${report[@]}"; do
    say "  $line"
  done
  case $upstreams in
    simulated) loudly "SIMULATED UPSTREAMS: coins and prices are made up. UPSTREAMS=live reads the real ones." ;;
    recorded) loudly "RECORDED UPSTREAMS: coins and prices are from files, not current. UPSTREAMS=live reads the real ones." ;;
  esac
}

loudly() {
  local bar=${1//?/!}
  printf '\n  !!!!%s!!!!\n  !!! %s !!!\n  !!!!%s!!!!\n' "$bar" "$1" "$bar"
}

# ---------------------------------------------------------------- the start

prepare_state
wanted=$(upstreams_setting "${UPSTREAMS-}")
require_sdk
require_aspire "$wanted"
if apphost=$(running_apphost); then
  show_running "$apphost"
  exit 0
fi

# If another clone's graph is running, this one uses free ports, which the CLI finds, and PORT for the API.
isolated=()
if port_is_taken "$DASHBOARD_PORT" || { [[ -z ${PORT-} ]] && port_is_taken "$API_PORT"; } && other=$(other_apphost) && [[ -n $other ]]; then
  isolated=(--isolated)
  say "another clone is up ($other): this one listens on other ports"
fi
[[ ${#isolated[@]} -gt 0 && -z ${PORT-} ]] || require_free_port
build_graph
say "upstreams: $wanted"
say "starting; logs: make logs"
printf '%s\n' "$wanted" >"$LAST_UPSTREAMS"
printf '%s' "${PORT-}" >"$LAST_PORT"

began=$SECONDS
spoke=$SECONDS
moved=$SECONDS
first_id=$(printf '%012x' $(($(date +%s) * 1000)))
graph_environment
trap 'exit 130' INT TERM # Interrupted before it has started the AppHost, the CLI stops it.
# Output goes to files: the processes that it starts would keep a pipe open.
if ! aspire start --no-build ${isolated[@]+"${isolated[@]}"} --format Json -- "--Upstreams=$wanted" \
  >"$STATE/start.json" 2>"$STATE/start.log" </dev/null; then
  log=$(cat "$STATE/start.json" "$STATE/start.log" | grep -o '/[^ ]*detach-child[^ ]*\.log' | head -n 1 || true)
  reason=$(grep -h -m 1 '^error: \|Unhandled exception\|crit: \|Failed to bind' "$STATE/start.log" ${log:+"$log"} |
    sed 's/^error: //; s/.*Unhandled exception\. [A-Za-z.]*: //; s/.*\(Failed to bind\)/\1/' | head -n 1) ||
    reason=$(grep -m 1 '^❌' "$STATE/start.log") || true
  die "the AppHost did not start: ${reason:-see $STATE/start.log}"
fi
trap 'printf "\nKasparro keeps starting in the background: make logs, make down\n" >&2; exit 130' INT TERM
login=$(field dashboardUrl <"$STATE/start.json")
apphost_pid=$(field appHostPid <"$STATE/start.json")
log=$(field logFile <"$STATE/start.json")

: >"$STATES"
follow() {
  (cd "$ROOT" && exec dotnet aspire describe --follow --format Json --nologo --non-interactive) \
    >>"$STATES" 2>"$STATE/follow.log" </dev/null &
  follower=$!
}
follow
trap 'kill $(ps -axo pid=,ppid= | awk -v top="$follower" "\$1 == top || \$2 == top { print \$1 }") 2>/dev/null || true' EXIT
[[ ${#isolated[@]} -eq 0 ]] || API_PORT= # The CLI has chosen it.

upstreams=
until follow_resources; follow_ingestion; do
  if ! kill -0 "$apphost_pid" 2>/dev/null; then
    die "the AppHost ended before everything was up: $(server_error)"
  fi
  kill -0 "$follower" 2>/dev/null || follow # On a busy machine the CLI may give up before the AppHost responds.
  if [[ $((SECONDS - spoke)) -ge $QUIET ]]; then
    explain
    if [[ $((SECONDS - spoke)) -ge $QUIET ]]; then
      if [[ -n $api_answers ]]; then
        tell "still ingesting: make logs RES=ingestion shows more"
      else
        tell "still starting: the orchestrator has reported nothing new"
      fi
    fi
  fi
  if [[ $((SECONDS - moved)) -ge $PATIENCE ]]; then
    explain
    stop_and_die "no progress for $PATIENCE s (PATIENCE=seconds waits longer), so the graph was stopped"
  fi
  sleep 0.5
done

failed=()
for i in "${!SOURCES[@]}"; do
  [[ ${finished[i]} != completed ]] || continue
  reason=$(resource_logs ingestion 500 | sed -n "s/.*${SOURCES[i]}: ${finished[i]}: *//p" | tail -n 1)
  failed+=("${SOURCES[i]} ${finished[i]}${reason:+: $reason}")
done

# Health follows the runs at once, but the services' own checks may lag behind a little.
for _ in {1..30}; do
  health=$(http_get /health) && [[ $(json_field status <<<"$health") == healthy ]] && break
  [[ ${#failed[@]} -eq 0 ]] || break
  sleep 0.5
done

summary
if [[ ${#failed[@]} -gt 0 ]]; then
  printf '\n' >&2
  printf 'error: %s\n' "${failed[@]}" >&2
  die "the first ingestion is incomplete: the API serves what is there, the worker retries (make logs RES=ingestion), make down stops it"
fi
[[ $(json_field status <<<"$health") == healthy ]] || die "/health says: ${health:-nothing}"

#!/usr/bin/env bash
# make up: starts the graph in the background, and returns when all of it is healthy and the first ingestion has finished.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LOG=$LOGS/apphost.log
TIMEOUT=${TIMEOUT:-900}  # seconds, from the start of the AppHost
GRACE=20                 # seconds in which a worker's first ingestion must show, once the API answers
QUIET=15                 # seconds after which silence is explained

began=$SECONDS
spoke=$SECONDS

# A line of progress, with the seconds since the start.
tell() {
  printf '%5ds  %s\n' $((SECONDS - began)) "$*"
  spoke=$SECONDS
}

# tail_of NAME: the end of a resource's output, or of the AppHost's own where it has none: warnings and errors, or all where it has none of those.
tail_of() {
  local file=$LOGS/$1.log lines
  [[ -s $file ]] || file=$LOG
  # Without colours and times; the console logger's level stands before the lines that it applies to, stack traces help nobody here.
  lines=$(sed -e $'s/\033\\[[0-9;]*m//g' -e 's/^[0-9-]*T[0-9:.]*+00:00 //' "$file" | grep -v '^ *at ' || true)
  printf '\nthe last lines of %s:\n' "${file#"$ROOT"/}" >&2
  {
    awk '/^(trce|dbug|info): / { keep = 0; next } /^(warn|fail|crit): / { keep = 1 } keep' <<<"$lines" | grep . || printf '%s\n' "$lines"
  } | tail -n 25 | cut -c 1-300 | sed 's/^/  | /' >&2
  printf '\n' >&2
}

stop_and_die() {
  "$ROOT/scripts/down.sh" >&2 || true
  die "$@"
}

already_up() {
  local stats upstreams
  say "Kasparro is up already (process $1): $API"
  if stats=$(http_get /stats); then
    upstreams=$(json_field upstreams <<<"$stats")
    say "upstreams: ${upstreams:-unknown}; make restart starts it anew, with UPSTREAMS=… on others"
  else
    say "its API does not answer yet: make logs shows what it does"
  fi
}

start_apphost() {
  local detach=nohup
  ! command -v setsid >/dev/null || detach=setsid # Ctrl+C here is not meant for it
  (umask 077 && : >"$LOG")
  (exec_apphost "$1" "$detach") >"$LOG" 2>&1 </dev/null &
  apphost=$!
  disown
}

seen=0
running_resources=

# Passes on what the AppHost says of its resources since the last look; the first that failed ends the start.
follow_apphost() {
  local line name
  while IFS= read -r line; do
    seen=$((seen + 1))
    case $line in
      WARNING:*) tell "$line" ;;
    esac
    # The console logger puts the message on a line of its own, indented.
    if [[ $line =~ ^\ +([a-z-]+)\ (failed to start:|exited with code [1-9]|exited with code -)(.*)$ ]]; then
      name=${BASH_REMATCH[1]}
      tail_of "$name"
      stop_and_die "${line#"${line%%[! ]*}"}"
    elif [[ $line =~ ^\ +([a-z-]+)\ (is running|has ended|exited with code 0)(.*)$ ]]; then
      name=${BASH_REMATCH[1]}
      running_resources="$running_resources $name"
      # What has no address, as parameters have none, runs as soon as the graph knows it: nothing to see.
      if [[ ${BASH_REMATCH[2]} != "is running" || ${BASH_REMATCH[3]} == *[^[:space:]]* ]]; then
        tell "$name ${BASH_REMATCH[2]}${BASH_REMATCH[3]}"
      fi
    fi
  done < <(tail -n +$((seen + 1)) "$LOG" 2>/dev/null)
}

# What has not started yet, as far as the AppHost's log tells.
pending_resources() {
  local name
  for name in postgres cache migrations ingestion api; do
    [[ " $running_resources " == *" $name "* ]] || printf ' %s' "$name"
  done
}

# A run's id begins with its time, in milliseconds and hexadecimal (UUID version 7).
began_now() {
  local digits=${1//-/}
  [[ ${digits:12:1} == 7 && ! ${digits:0:12} < $first_id ]]
}

api_answers=
health=
shown=()       # each source's progress as last told
finished=()    # how each source's first run of this start ended, once it did
report=()      # a line a source for the summary

# Looks at /stats; tells what moved; true when every source's first ingestion of this start has an outcome.
follow_ingestion() {
  local stats source object status run records line fresh all=yes i
  stats=$(http_get /stats) || return 1
  upstreams=$(json_field upstreams <<<"$stats")
  if [[ -z $api_answers ]]; then
    api_answers=$SECONDS
    tell "the API answers: $API"
  fi

  for i in "${!SOURCES[@]}"; do
    source=${SOURCES[i]}
    object=$(json_object "$source" <<<"$stats")
    status=$(json_field status <<<"$object")
    run=$(json_field run_id <<<"$object")
    records=$(json_field records_processed <<<"$object")

    # An earlier start's run says nothing about this one, unless the worker does not begin a new one.
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
    if [[ -n $fresh && $line != "${shown[i]-}" && ($status != running || $((SECONDS - spoke)) -ge 2 || ${shown[i]-} != running*) ]]; then
      tell "${report[i]}"
      shown[i]=$line
    fi
  done
  [[ -n $all ]]
}

explain_silence() {
  [[ $((SECONDS - spoke)) -ge $QUIET ]] || return 0
  if [[ -n $api_answers ]]; then
    tell "still ingesting: make logs RES=ingestion shows more"
  else
    tell "still starting; not running yet:$(pending_resources)"
  fi
}

summary() {
  local login line
  login=$(grep -oE 'https?://[^ ]+/login\?t=[^ ]+' "$LOG" | head -n 1 || true)
  say ""
  say "Kasparro is up after $((SECONDS - began)) s"
  say "  API        $API   ($API/docs)"
  say "  dashboard  ${login:-none}"
  say "  upstreams  ${upstreams:-unknown}"
  for line in "${report[@]}"; do
    say "  $line"
  done
  case $upstreams in
    simulated) loudly "SIMULATED UPSTREAMS: coins and prices are made up. UPSTREAMS=live reads the real ones." ;;
    recorded) loudly "RECORDED UPSTREAMS: coins and prices are from files, not of today. UPSTREAMS=live reads the real ones." ;;
  esac
}

loudly() {
  local bar=${1//?/!}
  printf '\n  !!!!%s!!!!\n  !!! %s !!!\n  !!!!%s!!!!\n' "$bar" "$1" "$bar"
}

# ----------------------------------------------------------------

prepare_state
wanted=$(upstreams_setting "${UPSTREAMS-}")
if pid=$(apphost_pid); then
  already_up "$pid"
  exit 0
fi
require_sdk
require_free_port
build_graph
say "upstreams: $wanted"
say "API: $API"
say "starting; logs: make logs"

began=$SECONDS
spoke=$SECONDS
first_id=$(printf '%012x' $(($(date +%s) * 1000)))
rm -f "$LOGS"/*.log
trap 'printf "\nKasparro goes on starting in the background: make logs, make down\n" >&2; exit 130' INT TERM
start_apphost "$wanted"

upstreams=
until follow_apphost; follow_ingestion; do
  if ! kill -0 "$apphost" 2>/dev/null; then
    follow_apphost
    tail_of apphost
    rm -f "$PID_FILE" "$RUN_ENVIRONMENT"
    die "the AppHost ended before everything was up"
  fi
  if [[ $((SECONDS - began)) -ge $TIMEOUT ]]; then
    if [[ -n $api_answers ]]; then tail_of ingestion; else tail_of apphost; fi
    die "not everything was up after $TIMEOUT s (TIMEOUT=seconds waits longer). It goes on in the background: make logs, make down"
  fi
  explain_silence
  sleep 0.5
done

failed=()
for i in "${!SOURCES[@]}"; do
  [[ ${finished[i]} != completed ]] || continue
  reason=$(sed -n "s/.* ${SOURCES[i]}: ${finished[i]}: *//p" "$LOGS/ingestion.log" 2>/dev/null | tail -n 1 || true)
  failed+=("${SOURCES[i]} ${finished[i]}${reason:+: $reason}")
done

# Health follows the runs at once, but the services' own checks may lag a moment.
for _ in {1..30}; do
  health=$(http_get /health) && [[ $(json_field status <<<"$health") == healthy ]] && break
  [[ ${#failed[@]} -eq 0 ]] || break
  sleep 0.5
done

summary
if [[ ${#failed[@]} -gt 0 ]]; then
  printf '\n' >&2
  printf 'error: %s\n' "${failed[@]}" >&2
  die "the first ingestion is not whole: the API serves what is there, the worker tries again (make logs RES=ingestion), make down stops it"
fi
[[ $(json_field status <<<"$health") == healthy ]] || die "$API/health says: ${health:-nothing}"

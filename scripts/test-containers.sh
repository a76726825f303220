#!/usr/bin/env bash
# make test-containers: the tests that need a container engine (docker or podman): those of the graph with Aspire's own containers, then
# deploy/compose.yaml with images built from this clone, smoke-tested and taken down. Not part of continuous integration. BASE_IMAGE=… is
# passed to `make images`.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

engine=$(container_engine)
[[ -n $engine ]] || die "no container engine is running: docker info and podman info fail"
compose=("$engine" compose)
if [[ $engine == podman ]]; then
  export ASPIRE_CONTAINER_RUNTIME=podman
  podman compose version >/dev/null 2>&1 || compose=(podman-compose) # built into podman since 4.7
fi
"${compose[@]}" version >/dev/null 2>&1 || die "$engine has no compose: install docker's plug-in, or podman-compose"
! [[ ${compose[*]} == podman-compose && $(podman-compose version 2>/dev/null) =~ version:?\ +1\.[0-2]\. ]] ||
  die "podman-compose is too old for deploy/compose.yaml: it needs 1.3 or newer, which waits for what a service depends on"

export Kasparro__Containers=true
prepare_tests

say "== the tests of the graph, with containers of $engine"
status=0
run_told "$LOGS/test-containers.log" -namespace Kasparro.Tests.AppHost -class- Kasparro.Tests.AppHost.ServerProcessTests || status=1

say "== deploy/compose.yaml"
version=test-containers
VERSION=$version "$ROOT/scripts/images.sh"
secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
POSTGRES_PASSWORD=$(secret) API_DATABASE_PASSWORD=$(secret) REDIS_PASSWORD=$(secret) OPERATOR_KEY=$(secret)
export POSTGRES_PASSWORD API_DATABASE_PASSWORD REDIS_PASSWORD OPERATOR_KEY KASPARRO_VERSION=$version API_PORT
compose=("${compose[@]}" -p kasparro-test -f "$ROOT/deploy/compose.yaml" -f "$ROOT/deploy/compose.test.yaml")
trap '"${compose[@]}" down --volumes >>"$LOGS/compose.log" 2>&1 || true' EXIT
"${compose[@]}" up -d >"$LOGS/compose.log" 2>&1 || {
  tail -n 20 "$LOGS/compose.log" >&2
  die "compose did not come up; the full output is in $LOGS/compose.log"
}
for _ in {1..180}; do # until every source has been read once
  [[ $(http_get /health | json_field status) != healthy ]] || break
  sleep 1
done
TIMEOUT=60 "$ROOT/scripts/smoke.sh" || status=1
exit "$status"

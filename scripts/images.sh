#!/usr/bin/env bash
# make images: builds the container images of the API and of ingestion with the .NET SDK alone. They go to REGISTRY (HOST or HOST/PATH) if
# it is set, otherwise to the container engine that runs here; without an engine, or with ARCHIVES=yes, to artifacts/images/*.tar for
# `docker load` or `skopeo copy`.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FOLDER=$ROOT/artifacts/images
version=${VERSION:-$(git -C "$ROOT" describe --tags --always --dirty 2>/dev/null || echo dev)}
version=${version#v}
unset VERSION # MSBuild would use it as the assemblies' version

host_architecture() {
  case $(uname -m) in
    aarch64 | arm64) say linux-arm64 ;;
    *) say linux-x64 ;;
  esac
}

prepare_state
require_sdk
revision=$(git -C "$ROOT" rev-parse HEAD 2>/dev/null || true)
options=(-c Release "${BUILD_OPTIONS[@]}" -p:ImageVersion="$version" -p:ImageRevision="$revision")
if [[ -n ${BASE_IMAGE-} ]]; then
  options+=(-p:ContainerBaseImage="$BASE_IMAGE") # such as a mirror of the SDK's default
fi

architectures=all
is_latest=true # on this machine, so that compose.yaml runs what was built last
if [[ -n ${REGISTRY-} ]]; then
  target=$REGISTRY
  options+=(-p:ContainerRegistry="${REGISTRY%%/*}")
  (cd "$ROOT" && "$ROOT/scripts/is-latest-release.sh" "$version") || is_latest=false
elif [[ -z ${ARCHIVES-} && -n $(container_engine) ]]; then
  target="the container engine"
  architectures=$(host_architecture) # not every engine can store multi-architecture images
else
  target=$FOLDER
  mkdir -p "$FOLDER"
fi
architectures=${ARCHITECTURES:-$architectures}
options+=(-p:ImageIsLatest="$is_latest")

for project in "$ROOT/Kasparro.Api/Kasparro.Api.csproj" "$ROOT/Kasparro.Ingestion/Kasparro.Ingestion.csproj"; do
  service=$(basename "$project" .csproj | sed 's/.*\.//' | tr '[:upper:]' '[:lower:]')
  place=()
  [[ $target != "$FOLDER" ]] || place=(-p:ContainerArchiveOutputPath="$FOLDER/kasparro-$service.tar")
  [[ ${REGISTRY-} != */* ]] || place=(-p:ContainerRepository="${REGISTRY#*/}/kasparro-$service")
  say "kasparro-$service:$version ($architectures) to $target ..."
  if ! dotnet publish "$project" -t:PublishContainer "${options[@]}" ${place[@]+"${place[@]}"} -p:ImageArchitectures="$architectures" \
    >"$STATE/images-$service.log" 2>&1 </dev/null; then
    grep -E 'error' "$STATE/images-$service.log" | sed 's/ \[[^]]*\]$//' | sort -u | head -n 10 >&2 ||
      tail -n 20 "$STATE/images-$service.log" >&2
    die "kasparro-$service was not built; the full output is in $STATE/images-$service.log (BASE_IMAGE=… selects another base image)"
  fi
done

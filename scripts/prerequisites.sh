#!/usr/bin/env bash
# What an editor runs before it starts the graph: in local hosting, Postgres and Redis must be installed on this machine.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ $(hosting) == local ]]; then
  "$ROOT/scripts/install-prerequisites.sh"
fi

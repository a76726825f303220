#!/usr/bin/env bash
# What an editor runs before it starts the graph. Local hosting needs Postgres and Redis on this machine, and has a dashboard where it can be had.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ $(hosting) == local ]]; then
  "$ROOT/scripts/install-prerequisites.sh"
  "$ROOT/scripts/dashboard.sh" || true
fi

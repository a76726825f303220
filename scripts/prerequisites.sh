#!/usr/bin/env bash
# What an editor runs before it starts the graph: PostgreSQL and Redis as programs of this machine, where no container engine runs.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_servers

#!/usr/bin/env bash
# Run by editors before they start the graph: installs PostgreSQL and Redis on this machine if no container engine is running.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_servers

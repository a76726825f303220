#!/usr/bin/env bash
# Runs Redis or Valkey on $PORT, like Aspire's container. The password is passed on standard input, since everyone can read a command line.
set -euo pipefail

PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin
program=$(command -v redis-server || command -v valkey-server) || {
  echo "Redis: neither redis-server nor valkey-server is installed (apt-get install redis-server, brew install redis)" >&2
  exit 1
}
if (: <"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
  echo "Redis: its port $PORT is taken by another program" >&2
  exit 1
fi
exec "$program" - <<END
bind 127.0.0.1 -::1
port $PORT
requirepass "$REDIS_PASSWORD"
save ""
databases ${REDIS_DATABASES:-16}
dir "${FOLDER}"
END

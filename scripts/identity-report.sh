#!/usr/bin/env bash
# make identity-report [ASSETS=100000]: grades the match rules against the simulator's truth; fails below 99.9 % precision or 99.8 % recall.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

assets=${ASSETS:-100000}
port=${PORT:-5077}
prepare_state
require_sdk
build "$STATE/report.log"
cd "$ROOT"
unset UPSTREAMS ASSETS PORT
dotnet Kasparro.Simulator/bin/Release/net10.0/Kasparro.Simulator.dll --assets "$assets" --urls "http://127.0.0.1:$port" >/dev/null &
simulator=$!
trap 'kill "$simulator" 2>/dev/null' EXIT
for _ in {1..120}; do
  kill -0 "$simulator" 2>/dev/null || die "the simulator exited; is port $port taken? PORT=… selects another"
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.5
done

export Sources__CoinPaprika__BaseUrl="http://127.0.0.1:$port/coinpaprika/v1/" Sources__CoinPaprika__RequestsPerMinute=0
export Sources__CoinGecko__BaseUrl="http://127.0.0.1:$port/coingecko/api/v3/" Sources__CoinGecko__RequestsPerMinute=0
dotnet bench/Kasparro.Benchmarks/bin/Release/net10.0/Kasparro.Benchmarks.dll identity-report --truth "http://127.0.0.1:$port/truth"

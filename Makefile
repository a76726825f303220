# `make help` lists the targets. The work is done in scripts/.
#   UPSTREAMS=auto|live|simulated|recorded:DIR

export CALLER_PWD := $(PWD)

.DEFAULT_GOAL := help
.PHONY: help up run down restart logs ingest backfill identity-export identity-report mappings bench manifest openapi images smoke
.PHONY: test test-containers chaos load format clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  UPSTREAMS=auto|live|simulated|recorded:DIR  where coins and prices come from (up, run, restart)"
	@echo "  PORT=8000                                   where the API listens (up, run, restart)"

up: ## start everything in the background; returns when the first ingestion has finished
	@scripts/up.sh

run: ## start everything in the foreground; Ctrl+C stops it
	@scripts/run.sh

down: ## stop everything; data stays
	@scripts/down.sh

restart: ## down, then up with the same upstreams and port
	@scripts/restart.sh

logs: ## follow the output of all resources, or of one: make logs RES=api
	@scripts/logs.sh

ingest: ## run one ingestion now: make ingest [SOURCE=coinpaprika|coingecko|csv_source] [FILE=assets.csv]
	@scripts/ingest.sh

backfill: ## read past prices: make backfill ASSETS=coingecko:bitcoin,…|TOP=100 [SOURCE=coinpaprika|coingecko] [FROM=2026-01-01] [TO=…]
	@scripts/backfill.sh

identity-export: ## write every pair of listings that is one asset, from the running graph: make identity-export OUT=pairs.csv
	@scripts/identity-export.sh

mappings: ## write every asset with its ids in all vocabularies: make mappings OUT=mappings.csv|.ndjson|.json
	@scripts/mappings.sh

identity-report: ## grade the match rules against the simulator's truth: precision, recall, merges by rule
	@scripts/identity-report.sh

bench: ## run the benches; tables in bench/results/: make bench [ONLY=ingestion|history|identity|resolve|api|vendors|storage] [ROUNDS=9]
	@scripts/bench.sh

manifest: ## rewrite aspire-manifest.json, from which other tools deploy
	@scripts/manifest.sh

openapi: ## rewrite docs/openapi.json, from which clients are generated, to match the API
	@scripts/openapi.sh

images: ## build the container images: make images [REGISTRY=HOST/PATH] [VERSION=1.2.3] [ARCHIVES=yes]
	@scripts/images.sh

smoke: ## check a deployed instance: make smoke URL=https://… [MAX_AGE=1800]
	@scripts/smoke.sh

test-containers: ## run the graph's tests with containers and smoke-test deploy/compose.yaml; needs docker or podman
	@scripts/test-containers.sh

test: ## run all tests: unit, integration (real Postgres and Redis), the whole graph
	@scripts/test.sh

chaos: ## kill, stop and race workers, restart stores, mutate input: a quarter of an hour, one line per case (SEED=…)
	@scripts/chaos.sh

load: ## 32 clients while the catalogue is written, and while Redis and Postgres stop and start; a minute each: make load [DURATION=60]
	@scripts/load.sh

format: ## format the code as .editorconfig says
	@dotnet format Kasparro.sln

clean: ## delete build output, logs and local data (only while everything is down)
	@scripts/clean.sh

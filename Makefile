# Everything a developer does. Each target installs what it needs first.
.DEFAULT_GOAL := help
.PHONY: help up down status env demo test lint format bench evidence screenshots

run := dev/run.sh

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{gsub(/[$$][$$]/, "$$", $$2); printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nVariables: SLUICE_PLATFORM=0..63 (several platforms beside each other), SLUICE_CACHE,\nSLUICE_STATE (folders); KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL (your own cluster).\n'

demo: ## see the main job on the embedded platform
	@$(run) node dev/demo/main.ts

test: ## lint, types, and all tests
	@$(run) node test/run.ts

up: ## start the embedded platform (harmless when it runs)
	@$(run) node dev/platform/main.ts up

down: ## end it and remove all it left, but not the cache
	@$(run) node dev/platform/main.ts down

status: ## what runs, where, healthy or not
	@$(run) node dev/platform/main.ts status

env: ## export lines: eval "$$(make -s env)"
	@$(run) node dev/platform/main.ts env

lint: ## eslint, prettier, types, import directions, unused code
	@$(run) npm run --silent lint

format: ## let prettier write
	@$(run) npm run --silent format

bench: ## benchmarks (bench/), with their results as tables
	@$(run) node bench/main.ts $(PAGES)

evidence: ## play made-up canaries anew for docs/evidence.md
	@$(run) node dev/evidence/main.ts

screenshots: ## take the pictures of docs/temporal-ui.md anew, with Debian’s Chromium
	@$(run) node dev/screenshots/main.ts

# `make` alone prints this menu. A target's line ends in what it does.

GO      ?= go
TOOL    := $(GO) tool -modfile=.ci/tools/go.mod
FUZZFOR ?= 10s
# What starts goroutines or is used by several. encodings and reports do neither,
# and drawing pictures under the race detector takes minutes.
RACE    ?= ./cmd/... ./engines/... ./profiles/... ./runner/... ./workloads/...

.DEFAULT_GOAL := menu
.PHONY: menu build bench bench-full smoke report test fuzz check format race power demo-gate clean

menu:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

build: ## build bin/assay
	$(GO) build -o bin/assay ./cmd/assay

bench: build ## the headline comparisons, with profiles and a report: under 3 minutes
	bin/assay run --name bench --budget 80s --profile cpu,heap

bench-full: build ## every operation, variant and workload
	bin/assay run --full --name bench-full --budget 20m --profile cpu,heap

# No lock: a smoke run reads no times, so other runs do not disturb it.
smoke: build ## the whole catalog at the smallest size: does everything run?
	bin/assay run '*' --smoke --full --name smoke --no-lock

report: build ## rebuild the report of the newest run
	bin/assay report results/latest

test: ## the tests: under 5 minutes
	$(GO) test -timeout 5m ./...

power: ## assay beside go test and benchstat, both power curves in one plot: 10 minutes
	$(GO) run ./runner/selftest/power --budget $(or $(BUDGET),10m)

demo-gate: ## plant a 5 % slowdown in a copy of a module and show the gate catching it
	.ci/demo-gate

# go test fuzzes one target of one package at a time; the cd also serves nested modules.
fuzz: ## every fuzz target for FUZZFOR (10s)
	@grep -rn --include='*_test.go' -oE '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file _ name; do \
		name=$${name#func }; echo "== $$name in $${file%/*}"; \
		(cd "$${file%/*}" && $(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZFOR) . </dev/null) || exit 1; \
	done

check: format ## format, vet, staticcheck, tests, race detector
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	$(MAKE) test
	$(MAKE) race

format:
	@files=$$($(TOOL) gofumpt -l .); if [ -n "$$files" ]; then \
		echo "not formatted; run \`$(TOOL) gofumpt -w .\`:" >&2; echo "$$files" >&2; exit 1; fi

race:
	$(GO) test -race -short -timeout 15m $(RACE)

clean: ## remove bin and results
	rm -rf bin results

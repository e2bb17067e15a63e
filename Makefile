# `make` alone prints this menu. A target's line ends in what it does.

GO      ?= go
TOOL    := $(GO) tool -modfile=.ci/tools/go.mod
FUZZFOR ?= 10s
# What starts goroutines or is used by several. encodings do neither; of reports
# only what renders side by side is run, since drawing pictures under the race
# detector takes minutes.
RACE    ?= ./cmd/... ./engines/... ./profiles/... ./runner/... ./workloads/...

.DEFAULT_GOAL := menu
.PHONY: menu build bench bench-full heavy smoke report test test-browser fuzz check check-full format race notebooks power demo-gate clean

menu:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' Makefile

build: ## build bin/assay
	$(GO) build -o bin/assay ./cmd/assay

bench: build ## the headline comparisons, with profiles and a report: under 3 minutes
	bin/assay run --name bench --budget 40s --profile cpu,heap

# Heavy peers have a module of their own; the first build compiles some 70 modules.
bench-full: ## every operation, variant and workload, with the heavy peers: it says how long first
	@echo "building bin/assay-full; the first time takes a minute or more"
	cd cmd/assay-full && $(GO) build -o ../../bin/assay-full .
	bin/assay-full run --full --name bench-full --budget $(or $(BUDGET),20m) --profile cpu,heap

# No lock: a smoke run reads no times, so other runs do not disturb it. Its report
# is thousands of lines that say so; it lies in results.
smoke: build ## the whole catalog at the smallest size: does everything run?
	bin/assay run '*' --smoke --full --name smoke --no-lock >/dev/null

report: build ## rebuild the report of the newest run
	bin/assay report results/latest

# SMOKE=1 tries everything at the smallest size; WRITE=1 puts the outputs into the notebooks.
notebooks: ## execute the lab notebooks, copies as HTML in results/notebooks: 10 minutes
	cd notebooks && $(GO) run ./execute $(if $(SMOKE),--smoke) $(if $(WRITE),--write) $(NOTEBOOK)

test: ## the tests: under 5 minutes
	$(GO) test -timeout 5m ./...

heavy: ## vet and test the module of the heavy peers
	cd cmd/assay-full && $(GO) vet ./... && $(GO) test -timeout 5m ./...

test-browser: ## the report and the flame graph page in a headless browser; skipped without one
	cd reports/browser && $(GO) vet ./... && $(GO) test -timeout 5m ./...

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

# Only tests that ask for ASSAY_LONG run again: the others are in the cache.
check-full: check heavy ## make check, the heavy peers, and the long tests: 10 minutes more
	ASSAY_LONG=1 $(GO) test -timeout 60m ./...

format:
	@files=$$($(TOOL) gofumpt -l .); if [ -n "$$files" ]; then \
		echo "not formatted; run \`$(TOOL) gofumpt -w .\`:" >&2; echo "$$files" >&2; exit 1; fi

race:
	$(GO) test -race -short -timeout 15m $(RACE)
	$(GO) test -race -run Render ./reports

clean: ## remove bin and results
	rm -rf bin results

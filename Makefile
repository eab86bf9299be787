# What a newcomer needs: make demo, make test. Each target installs what it
# lacks (Debian packages, npm packages) and says so.
.PHONY: demo test bench build lint gen clean
.DEFAULT_GOAL := build

TEMPL       := go run github.com/a-h/templ/cmd/templ@v0.3.977
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# One way to compile for all that is not watched for races, the way of releases,
# so that nothing is compiled twice.
export CGO_ENABLED := 0
export GOFLAGS     := $(shell go env GOFLAGS) -trimpath

# The race detector watches everything but SQLite itself, which is C in the dress
# of Go: it would find nothing there, and took most of the time of the tests. A
# package may be left out only if it makes nothing of generic types that others
# share (the linker keeps one copy, and would keep the one that tells nothing).
RACE := -race -gcflags='modernc.org/...=-d=checkptr=0' -gcflags='modernc.org/sqlite/lib=-race=false'

build: ## bin/simpul
	go build -o bin/simpul ./cmd/simpul

demo: node_modules build ## the demo nation; Ctrl-C stops it
	@bin/simpul demo $(ARGS)

test: node_modules build ## every test, on both databases and in a browser
	scripts/install-tools test
	CGO_ENABLED=1 SIMPUL_TEST_PROGRAM=$(CURDIR)/bin/simpul scripts/with-postgres go test $(RACE) -vet=off -timeout 30m ./...

bench: build ## side by side with nginx, haproxy and caddy; NAME=… runs one
	scripts/install-tools bench
	go run ./bench $(if $(NAME),-name $(NAME))

lint: ## formatting, vet, staticcheck, generated files up to date
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	$(MAKE) --no-print-directory gen
	git diff --exit-code --stat -- '*_templ.go' internal/platform/web/dist docs/api

gen: node_modules ## screens, theme and the API's description, from their sources
	$(TEMPL) generate -log-level error
	go run ./web/bundle
	go test ./internal/app -run OpenAPI -update

clean: ## remove what was built; data of the demo stays in var/
	rm -rf bin node_modules

node_modules: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules

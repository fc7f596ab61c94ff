# make run    builds everything and serves the tutorial
# make test   runs every test; what is missing is said in one line

GO ?= go
ADDR ?= 127.0.0.1:8080
PGO := -pgo=$(CURDIR)/model/network.pgo
SOURCES := $(shell find sim model scenarios lab viz wasm site -name '*.go' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.yaml' -o -name '*.md' | grep -v site/dist)
CGO := $(shell command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 && echo 1)

# A run has one goroutine, and a test sees to it that sim and model have no other: the race detector need not follow each of
# its events, nor what only draws or computes. That runs and films at the same time share nothing is tested for itself, and
# with the detector all the way down.
ALONE := $(foreach p,keepalive/sim keepalive/model/... keepalive/lab/... keepalive/scenarios/... keepalive/viz/draw keepalive/viz/tell keepalive/viz/scene keepalive/viz/views keepalive/viz/paint image/... compress/... gonum.org/... git.sr.ht/... golang.org/x/image/... github.com/golang/freetype/... github.com/goccy/...,-gcflags=$(p)=-race=false)

.PHONY: run build site wasm test test-go test-wasm test-browser screenshot bench profile clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: build ## build everything and serve the tutorial
	bin/keepalive serve --addr $(ADDR)

build: site ## build bin/keepalive with the pages in it
	CGO_ENABLED=0 $(GO) build $(PGO) -o bin/keepalive ./cmd/keepalive

site: site/dist/index.html ## build the pages and both WebAssembly programs

site/dist/index.html: $(SOURCES) go.mod
	$(GO) run ./site/build

wasm: ## build both WebAssembly programs and check their sizes
	$(GO) run ./site/build -wasm

test: ## run every test
	@$(MAKE) --no-print-directory -j2 --output-sync=line test-go site
	@$(MAKE) --no-print-directory -j2 --output-sync=line test-wasm test-browser

test-go:
	@bad=$$(gofmt -l cmd lab model scenarios sim site viz wasm); test -z "$$bad" || { echo "gofmt would change: $$bad"; exit 1; }
	$(GO) vet ./...
ifeq ($(CGO),1)
	$(GO) test -race $(ALONE) ./...
	$(GO) test -race ./lab ./viz/film -run 'TestRunsAtTheSameTime|TestAFilmIsTheSame'
else
	@echo "no C compiler: tests run without the race detector; install one with: apt-get install gcc"
	$(GO) test ./...
endif

# missing says in one line what is not there; where nothing may be left out it fails.
missing = { echo "$(1) is not installed, so $(2) is left out; install it with: $(3)"; test -z "$$CI"; }

test-wasm: ## the same tests and goldens in WebAssembly, under Node
	@if command -v node >/dev/null; then \
		PATH="$$($(GO) env GOROOT)/lib/wasm:$$PATH" GOOS=js GOARCH=wasm $(GO) test -short ./sim ./model/... ./lab ./lab/accuracy ./wasm/engine; \
	else $(call missing,node,the WebAssembly test,apt-get install nodejs); fi

test-browser: site ## the page in a real headless Chromium
	@if command -v chromium >/dev/null; then $(GO) test -count=1 -tags browser ./site/browsertest; \
	else $(call missing,chromium,the browser test,apt-get install chromium); fi

screenshot: site ## docs/race.png: the race page, halfway
	$(GO) test -count=1 -tags browser ./site/browsertest -run TestAPictureOfTheRace -screenshot ../../docs/race.png

bench: ## ns per event and per packet, natively and in WebAssembly
	$(GO) test $(PGO) -run XXX -bench . ./sim ./model
	PATH="$$($(GO) env GOROOT)/lib/wasm:$$PATH" GOOS=js GOARCH=wasm $(GO) test $(PGO) -run XXX -bench . ./sim ./model

profile: ## record the profile by which the compiler chooses what to inline
	$(GO) test -run XXX -bench Network -benchtime 4s -cpuprofile model/network.pgo -o $$(mktemp) ./model

clean: ## remove what was built
	rm -rf bin out
	find site/dist -mindepth 1 ! -name .keep -delete

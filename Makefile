# SPDX-License-Identifier: MIT OR Apache-2.0
# Two commands: `make run` starts the demonstration, `make test` checks everything. Rust and Node must be there.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# In CI a clone is fresh each time: what cargo builds is kept outside of it, and nothing is built incrementally.
ifeq ($(CI),true)
export CARGO_INCREMENTAL := 0
export CARGO_TARGET_DIR ?= $(HOME)/.cache/qyzmet/target
endif
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

export npm_config_audit := false
export npm_config_fund := false
export npm_config_update_notifier := false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

# Debian puts servers where only root looks.
export PATH := $(PATH):/usr/sbin

# What tests call, as COMMAND:PACKAGE of Debian.
TOOLS := chromium:chromium xmlsec1:xmlsec1 pdfsig:poppler-utils qpdf:qpdf zbarimg:zbar-tools nats-server:nats-server softhsm2-util:softhsm2 \
         xmllint:libxml2-utils openssl:openssl
# Engines that openssl loads for tests, as ENGINE:PACKAGE: files in its own folder, not commands.
ENGINES := gost:libengine-gost-openssl

FRONTEND := $(shell find frontend crates/gostkey/src -type d \( -name node_modules -o -name dist -o -name build -o -name target \) -prune -o -type f -print 2>/dev/null)

# $(call step,name,command): runs a command, says what ran and how long it took.
define step
@printf '\n== %s\n' '$(1)'; start=$$(date +%s); ( $(2) ); printf -- '-- %s: ok, %s s\n' '$(1)' "$$(( $$(date +%s) - start ))"
endef

.PHONY: help run test setup frontend tools verifiers test-frontend fmt tidy clippy test-rust test-doc doc e2e clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: frontend ## start the demonstration: all roles in one process (ARGS="--port 8080 --fresh")
	cargo run --package qyzmet -- demo $(ARGS)

test: tools verifiers frontend test-frontend fmt tidy clippy test-rust test-doc doc e2e ## check everything
	@printf '\nmake test: all of it passed: %s\n' '$^'

setup: frontend tools verifiers ## fetch what building and testing need

# ---- what is fetched and built first

frontend: frontend/dist/manifest.json ## styles, scripts and fonts, if stale

frontend/node_modules/.stamp: frontend/package.json frontend/package-lock.json
	$(call step,frontend packages,cd frontend && npm ci)
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.stamp $(FRONTEND)
	$(call step,frontend build,cd frontend && npm run --silent build)
	@touch $@

tools: ## Chromium and verifiers of Debian: installed when root, else named
	@missing=""; \
	for tool in $(TOOLS); do command -v "$${tool%%:*}" >/dev/null || missing="$$missing $${tool##*:}"; done; \
	folder="$$(openssl version -e 2>/dev/null | cut -d '"' -f 2)"; \
	for engine in $(ENGINES); do [ -e "$$folder/$${engine%%:*}.so" ] || missing="$$missing $${engine##*:}"; done; \
	if [ -z "$$missing" ]; then echo "tools: all there"; exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "tools: installing$$missing"; export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "tools: missing:$$missing" >&2; \
	  echo "tools: install them and run again: sudo apt-get install --no-install-recommends$$missing" >&2; exit 1; \
	fi

verifiers: .venv/.stamp ## verifiers of Python, in .venv

.venv/.stamp: requirements-test.txt
	$(call step,python verifiers,python3 -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.txt)
	@touch $@

# ---- the checks, each also on its own; tests find the verifiers of .venv by PATH

test-rust: export PATH := $(CURDIR)/.venv/bin:$(PATH)
e2e: export PATH := $(CURDIR)/.venv/bin:$(PATH)

test-frontend: frontend ## tests of the scripts in the page
	$(call step,frontend tests,cd frontend && npm test --silent)

fmt: ## form of the Rust sources
	$(call step,cargo fmt,cargo fmt --all --check)

tidy: ## rules of the house
	$(call step,cargo xtask tidy,cargo xtask tidy)

clippy: frontend ## lints, warnings refused
	$(call step,cargo clippy,cargo clippy --quiet --workspace --all-targets -- -D warnings)
	$(call step,cargo clippy of the fuzzer,CARGO_TARGET_DIR="$(TARGET)" cargo clippy --quiet --manifest-path crates/eds/fuzz/Cargo.toml --locked -- -D warnings)

test-rust: frontend verifiers ## tests of the crates
	$(call step,cargo tests,if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace; else cargo test --workspace --lib --bins --tests; fi)

test-doc: frontend ## examples in the documentation
	$(call step,cargo doc tests,cargo test --quiet --workspace --doc)

doc: frontend ## documentation of the crates, broken links refused
	$(call step,cargo doc,RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps)

# The binary is the one that the tests built: another selection of packages has other features and builds all again.
e2e: frontend tools verifiers ## journeys in Chromium
ifneq ($(wildcard e2e/run.mjs),)
	$(call step,e2e packages,cd e2e && npm ci)
	$(call step,e2e build,cargo test --quiet --workspace --no-run)
	$(call step,e2e,QYZMET_BIN="$(TARGET)/debug/qyzmet" node e2e/run.mjs)
	$(call step,e2e of the federation,QYZMET_BIN="$(TARGET)/debug/qyzmet" node e2e/federation.mjs)
else
	@echo "e2e: there is no e2e/run.mjs: not run"
endif

clean: ## remove what was fetched and built; data of the demonstration stays
	cargo clean
	rm -rf frontend/node_modules frontend/dist frontend/build e2e/node_modules e2e/out .venv

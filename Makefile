# The targets are the CI jobs. `make help` lists them.
SHELL      := /bin/bash
PHP        ?= php
# Not exported: the build reads the same variable and wants a path in it.
EXTENSION  := $(CURDIR)/target/release/libmadelineproto.so
SANDBOX    := $(CURDIR)/target/release/madeline-sandbox
FUZZ_TIME  ?= 600
MINUTES    ?= 20
KILLS      ?= 200
WORKERS    ?= 32
SCRIPTS    ?= 4
ORACLE     ?= ../shared/compat/oracle
export EXTENSION SANDBOX

.DEFAULT_GOAL := help
.PHONY: help setup servers build demo test test-rust test-php lint stubs stubs-check docs docs-check oracle bench layout soak kills storm fuzz fuzz-php mutants valgrind asan install clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install PHP's headers, libclang and a C compiler, where missing
	@sh tools/setup.sh

servers: ## install what tests start: php-fpm, Apache, Redis, PostgreSQL, MariaDB, ffmpeg
	@sh tools/setup.sh php-fpm apache ffmpeg
	@bash tools/storage-servers.sh --install

build: setup ## the extension and the sandbox: target/release/libmadelineproto.so, target/release/madeline-sandbox
	cargo build --locked --release -p madelineproto -p madeline-sandbox

demo: build ## start the sandbox, press a button from PHP, print the bot's answer
	@bash tools/demo.sh

test: test-rust test-php ## everything

test-rust: setup servers ## unit, property, end-to-end and corpus tests of the crates, and the benchmarks' own
	cargo test --locked
	cargo test --locked -p madeline-benches

test-php: build servers ## the .phpt tests, against a sandbox of their own
	@bash tools/test-php.sh

lint: setup ## formatting, clippy, shell and PHP syntax
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	@bash tools/lint-php.sh

stubs: build ## regenerate stubs/ from the extension and the schema
	$(PHP) -n -d extension=$(EXTENSION) tools/stubs.php

stubs-check: build ## fail where stubs/ differ from the extension
	$(PHP) -n -d extension=$(EXTENSION) tools/stubs.php --check

docs: build ## regenerate docs/methods/ from the schema and the tables in tools/reference/
	$(PHP) -n -d extension=$(EXTENSION) tools/reference.php

docs-check: build ## fail where docs/methods/ differ from the schema, or an example does not parse
	$(PHP) -n -d extension=$(EXTENSION) tools/reference.php --check

oracle: build ## compare with results recorded from MadelineProto, where $(ORACLE) is present
	@bash tools/oracle.sh $(ORACLE)

bench: build ## the benchmark table; also target/bench.json
	@bash tools/bench.sh

layout: setup ## write tools/start.ld: which functions a release has side by side, because every process runs them (needs valgrind)
	@bash tools/layout.sh

soak: ## four accounts under random faults for MINUTES; fails where anything is lost, doubled, hung or leaked
	cargo build --locked --release -p madeline-sandbox -p madeline-benches
	target/release/madeline-bench soak $(MINUTES)

kills: build ## kill a busy bot KILLS times at random moments; fails where an update is lost, or one that was handled comes again
	$(PHP) -n -d extension=$(EXTENSION) php-tests/support/kills.php $(KILLS)

storm: build servers ## WORKERS of php-fpm and SCRIPTS use one session for MINUTES while whoever has the connection is killed; fails where an answer is wrong or lost without a cause
	$(PHP) -n -d extension=$(EXTENSION) php-tests/support/storm.php $(MINUTES) $(WORKERS) $(SCRIPTS)

fuzz: ## each fuzz target for FUZZ_TIME seconds (needs cargo-fuzz and a nightly toolchain)
	@bash tools/fuzz.sh $(FUZZ_TIME)

fuzz-php: build ## random PHP arguments for every method and type, in one process, for FUZZ_TIME seconds
	$(PHP) -n -d extension=$(EXTENSION) fuzz/php/arguments.php $(FUZZ_TIME)

mutants: ## take each check of the protocol away, one at a time: a test has to fail (needs cargo-mutants)
	cargo mutants --package madeline-mtproto --file 'crates/mtproto/src/**/checks.rs' --re ' with (Ok\(|true)' -- --lib

valgrind: build ## the .phpt tests under valgrind
	@bash tools/test-php.sh -m

asan: ## the crates' tests under AddressSanitizer (needs a nightly toolchain); leaks are what `make valgrind` looks for
	ASAN_OPTIONS=detect_leaks=0 RUSTFLAGS=-Zsanitizer=address cargo +nightly test --locked --target $$(rustc -vV | sed -n 's/host: //p')

install: build ## copy the extension into PHP's extension directory
	install -m 0644 $(EXTENSION) "$$(php-config --extension-dir)/madelineproto.so"
	@echo "Now add this line to your php.ini: extension=madelineproto"

clean: ## remove what was built
	cargo clean

# Two commands do all the set-up: `make demo` and `make test`.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
RUN := .venv/bin

.PHONY: help demo demo-once test test-bot transcripts texts test-kill check bench-reader bench-graph bench-check bench-store bench-suggest bench-renames bench-bot bench-graphpage bench-web fuzz-api fuzz-reader clean set-up set-up-tests

help:
	@echo "make demo       set up, make the demo project, serve it on http://127.0.0.1:8000 until Ctrl-C;"
	@echo "                PORT=8001 chooses another port"
	@echo "make demo-once  the same without serving"
	@echo "make test       set up what the tests need, and run them all"
	@echo "make test-kill  kill the server 200 times in the middle of its work, or KILLS=1000"
	@echo "make test-bot   kill the Zulip bot 50 times in the middle of 2,000 commands, or KILLS=10 COMMANDS=500"
	@echo "make transcripts"
	@echo "                write anew what the bot answers in tests/server/transcripts"
	@echo "make texts      collect the texts of the pages for translators, in dashboards/locale/chantier.pot"
	@echo "make check      linters and types only"
	@echo "make bench-reader"
	@echo "                measure the blueprint reader against leanblueprint, which it installs into .bench;"
	@echo "                BENCH='--repeat 5 --only pfr' passes options (BENCH=--help lists them)"
	@echo "make fuzz-reader"
	@echo "                read broken copies of the real blueprints for a minute, or SECONDS=600"
	@echo "make fuzz-api   ask the API whatever its description allows and forbids, as everybody, for some minutes;"
	@echo "                EXAMPLES=500 for each operation"
	@echo "make bench-graph"
	@echo "                measure the graph algorithms"
	@echo "make bench-graphpage"
	@echo "                measure the graph's page in a browser, with 50, 500 and 5,000 nodes"
	@echo "make bench-web  measure how soon the pages of a big store are answered"
	@echo "make bench-check"
	@echo "                measure checks by the embedded Lean, from nothing and after edits"
	@echo "make bench-store"
	@echo "                measure claims, syncs and queries with 100 projects of 10,000 nodes, for about half"
	@echo "                an hour; BENCH='--projects 10 --nodes 500' is a minute"
	@echo "make bench-suggest"
	@echo "                compare the order of suggestions with others by simulation, and time one"
	@echo "make bench-renames"
	@echo "                measure how surely renamed, split and merged nodes are known again"
	@echo "make bench-bot"
	@echo "                measure how soon the Zulip bot answers 50 commands a second"
	@echo "make clean      remove what the set-up and the demo made here"

demo: set-up
	@$(RUN)/chantier demo $(if $(PORT),--port $(PORT))

demo-once: set-up
	@$(RUN)/chantier demo --no-serve

test: set-up-tests check
	@$(RUN)/chantier lean install
	@$(RUN)/pytest -n auto -m "not lean"
	@$(RUN)/pytest -m lean  # one after another: each Lean takes gigabytes

transcripts: set-up-tests
	@$(RUN)/python -m tests.server.conversations

texts: set-up-tests
	@$(RUN)/python -m server.page_texts

test-bot: set-up-tests
	@CHANTIER_BOT_KILLS=$(or $(KILLS),50) CHANTIER_BOT_COMMANDS=$(or $(COMMANDS),2000) \
		$(RUN)/pytest -s --timeout 3600 tests/server/test_bot_killed.py

test-kill: set-up-tests
	@CHANTIER_KILLS=$(or $(KILLS),200) $(RUN)/pytest --timeout 3600 tests/server/test_killed.py

check: set-up-tests
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy

fuzz-api: set-up-tests
	@$(RUN)/python -m tests.fuzz.api --examples $(or $(EXAMPLES),50)

fuzz-reader: set-up-tests
	@$(RUN)/python tests/fuzz/campaign.py --seconds $(or $(SECONDS),60)

bench-reader bench-graph bench-check bench-store bench-suggest bench-renames bench-bot bench-graphpage bench-web: set-up-tests
	@$(RUN)/python -m tests.bench $(@:bench-%=%) $(BENCH)

clean:
	rm -rf .venv .bench .demo .bootstrap.log dashboards/static/vendor dashboards/frontend/node_modules

set-up set-up-tests:
	@test -n "$(PYTHON)" || { echo "set-up: Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	@$(PYTHON) bootstrap.py $(if $(filter set-up-tests,$@),--tests)

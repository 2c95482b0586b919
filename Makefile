# make demo   set up, run the nightly flow on data/sample, print where the site is
# make test   set up, run every check and every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo

EXAMPLES ?= hosting shop certification

.PHONY: setup demo examples test test-site check sample lock clean accuracy torture nights fuzz test-spark bench voice reference notebooks docs audit sbom
setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; exact versions with hashes from requirements.lock) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 demo"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# The lock names everything, so nothing is resolved: pip would not take an older version whose extra is asked for.
	@if command -v uv >/dev/null 2>&1; then \
	  VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --no-deps --require-hashes -r requirements.lock && \
	  VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

demo: setup
	@test -f $(DEMO)/journey.toml || $(BIN)/journey init $(DEMO) --template it_services --inbox ../../data/sample --demo
	@$(BIN)/python pipelines/nightly.py --project $(DEMO)

# a simulated company each, with its site in build/examples; one of them: make examples EXAMPLES=shop
examples: setup
	@for name in $(EXAMPLES); do $(BIN)/journey demo build/examples/$$name --example $$name || exit 1; done

test: check
	$(BIN)/python -m pytest -n auto --dist loadfile

# every model, and a whole night, on a Spark cluster of three processes; needs Java 17, installs pyspark
test-spark: $(VENV)/.spark
	$(BIN)/python -m pytest tests/spark $(ARGS)

$(VENV)/.spark: $(VENV)/.ready requirements-spark.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.lock
	@touch $@

check: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql src/journey_mining/sources/catalog examples --disable-progress-bar -q

# every page in every state (widths, themes, languages, paper, shapes), with pictures in build/states
test-site: setup
	JOURNEY_SITE=all JOURNEY_SITE_PICTURES=build/states $(BIN)/python -m pytest tests/site

sample: setup
	$(BIN)/journey simulate --customers 5000 --seed 7 --out data/sample

# pages of the reference, written from the code: docs/errors.md, cli.md, settings.md, spec.md
reference: setup
	PYTHONPATH=tools $(BIN)/python -m reference

# notebooks/ are executed, and written where what they show has changed; one of them: ARGS=first_tour
notebooks: setup
	PYTHONPATH=tools $(BIN)/python -m notebook_outputs $(ARGS)

# docs/ as a site in build/docs; a broken link stops it. Its builder lives in an environment of its own
docs: $(VENV)-docs/.ready reference
	$(VENV)-docs/bin/zensical build --clean --strict
	@echo "Open file://$(CURDIR)/build/docs/index.html"

$(VENV)-docs/.ready: requirements-docs.lock
	@test -x $(VENV)-docs/bin/python || $(PYTHON) -m venv $(VENV)-docs
	@$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-docs.lock
	@touch $@

# known vulnerabilities of what the lock pins; asks a service, so it needs the network
audit: setup
	@test -x $(VENV)-audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install --quiet pip-audit; }
	$(VENV)-audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock

# bill of materials of the lock, CycloneDX, into build/sbom.cdx.json; no network
sbom: setup
	$(BIN)/python tools/sbom.py

# what is planted in simulated worlds against what comes out: minutes to hours; ARGS="--seeds 20"
accuracy: setup
	PYTHONPATH=tools $(BIN)/python -m accuracy $(ARGS)

# longer than CI allows: loads killed at 50 moments, 300 random deliveries, new random examples
torture: setup
	JOURNEY_KILLS=50 $(BIN)/python -m pytest tests/flow/test_killed_loads.py
	JOURNEY_KILLS=20 $(BIN)/python -m pytest tests/flow/test_faults.py
	JOURNEY_FUZZ=300 $(BIN)/python -m pytest tests/property/test_loading_deliveries.py
	for seed in 1 2 3 4 5 6 7 8 9 10; do \
	  JOURNEY_FUZZ=10 $(BIN)/python -m pytest -n auto tests/property --hypothesis-seed=$$seed || exit 1; \
	done

# thirty nights in a row, each a process, with what goes wrong in a month, against one rebuild: about twenty minutes
nights: setup
	JOURNEY_NIGHTS=30 $(BIN)/python -m pytest -s tests/flow/test_thirty_nights.py

# the sentiment engine beside other ways on labelled sets, and the tables of docs/voice-model.md and docs/voice.md:
# make voice DATA=folder PARTS="sets stages"; makes an environment of others; long
voice: setup
	PYTHONPATH=tools:benchmarks:tests $(BIN)/python -m voice_quality $(PARTS) --data $(DATA)

# tools side by side on made-up data: equal results first, then costs; makes environments of others; an hour or more.
# one group: ARGS="mining --events 1000000", or python benchmarks/groups.py identity
bench: setup
	$(BIN)/python benchmarks/run.py $(or $(ARGS),mining)
	$(if $(ARGS),,$(BIN)/python benchmarks/groups.py all)

fuzz: setup
	$(BIN)/python tools/fuzz_readers.py --minutes 60

# exact pins with hashes, without the address of any registry
lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
	  --extra flow --extra notebook --group dev pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
	  --group spark -o requirements-spark.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
	  --group docs -o requirements-docs.lock

clean:
	rm -rf build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis

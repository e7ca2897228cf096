# make demo     make the environment and see the tools answer example pictures
# make test     everything CI runs
# make evaluate how reliable the tools are, as docs/reliability.md says it (a quarter of an hour)
# make measure  the full measurements (long)
# make counterparts  tests against a real Mllama and a real Llama Stack (2.1 GB, minutes)
# make container  build the container image and try it (Debian as root; minutes)
.PHONY: help demo test evaluate measure counterparts container lint lock clean

help:
	@sed -n 's/^# //p' Makefile

demo:
	@sh scripts/environment.sh user
	@.venv/bin/python scripts/demo.py

test:
	@sh scripts/system-packages.sh
	@sh scripts/environment.sh dev
	@$(MAKE) --no-print-directory lint
	@.venv/bin/python -m pytest -n 2 --dist loadfile

lint:
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo | tail -n 3

evaluate:
	@sh scripts/system-packages.sh
	@sh scripts/environment.sh dev
	@.venv/bin/visiontools eval all --out evaluation
	@mkdir -p docs/reliability
	@cp evaluation/reliability.md docs/ && cp evaluation/reliability/*.svg docs/reliability/

measure:
	@sh scripts/system-packages.sh measure
	@sh scripts/environment.sh dev
	@.venv/bin/python scripts/measure.py

counterparts:
	@sh scripts/environment.sh dev
	@sh scripts/counterparts.sh

container:
	@sh scripts/environment.sh dev
	@sh scripts/container.sh

# For maintainers, with Poetry and poetry-plugin-export: after a change of dependencies.
lock:
	poetry lock
	poetry export --only build --without-urls -o requirements/build.txt
	poetry export --extras "reader sandbox web" --with build --without-urls -o requirements/user.txt
	poetry export --extras "reader sandbox web chat postgres google telemetry" --without-urls -o requirements/server.txt
	poetry export --all-extras --with build --without-urls -o requirements/full.txt
	poetry export --all-extras --with dev,build --without-urls -o requirements/dev.txt

clean:
	rm -rf .venv .venv-deploy .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

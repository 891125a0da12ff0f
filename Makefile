# Two commands: `make run` and `make test`. Both set everything up first; the second time that takes no time.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.PHONY: help setup run test bench format messages requirements

help:
	@echo "make run      set up, fill a demonstration and serve it (PORT=8000, INDGANG_HOME=var)"
	@echo "make test     everything that must hold: style, types, floors, translations, tests"
	@echo "make setup    only set up: Python packages, design system, translations, static files"
	@echo "make bench    how fast the planner and booking are, as a table"
	@echo "make format   put the code into the house's format"
	@echo "make messages collect the texts to translate;  make requirements  pin the packages anew"

setup:
	@scripts/setup

run: setup
	@exec .venv/bin/indgang serve --demo

test:
	@scripts/setup test
	@scripts/test

bench: setup
	@exec .venv/bin/python -m bench $(BENCH)

format:
	@scripts/setup test
	@.venv/bin/ruff check --quiet --fix . || true
	@.venv/bin/ruff format --quiet .

messages: setup
	@.venv/bin/python -m indgang.config.translations update

requirements:
	@scripts/pin

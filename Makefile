# Every target installs what it needs into .local/ and says so; none needs another to have run first.
# What make and its scripts say goes to standard error: standard output belongs to the program.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run agent serve test chaos check bench workers search recurrence fuzz wasm web python package

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## the main job from end to end; options in ARGS, as in make run ARGS=--json
	@.ci/main-job $(ARGS)

agent: ## examples/python-agent: an agent proposes, you decide; options in ARGS, as in make agent ARGS=--yes
	@.ci/agent $(ARGS)

serve: ## the REST server and the web page, at the address it prints
	@.ci/serve

test: ## every test, and Google's own Python client against fake-google
	@.ci/test

chaos: ## workers and PostgreSQL killed for 60 rounds; options in ARGS, as in make chaos ARGS='--seed 7'
	@.ci/chaos $(ARGS)

check: ## format, lints, licences, spelling, features, documentation, wasm32
	@.ci/check

bench: ## us beside what one would pick instead; rows by a word of theirs in ARGS, as in make bench ARGS=page
	@.ci/bench $(ARGS)

workers: ## 1, 2 and 4 worker processes: how fast, each notification followed once, the limits kept; options in ARGS
	@.ci/workers $(ARGS)

search: ## what search finds, with a real model on labelled queries; ARGS=--misses lists what it does not
	@.ci/search $(ARGS)

recurrence: ## a million random rules, expanded by us and by python-dateutil; ARGS='--count N --seed N'
	@.ci/recurrence $(ARGS)

fuzz: ## hostile recurrence lines, for a minute; ARGS='--seconds N'
	@.ci/fuzz $(ARGS)

wasm: ## the npm package theo-calendar, in bindings-wasm/pkg, and its size
	@.ci/wasm

web: ## the pages of examples/web as they are worked on, at the address it prints
	@.ci/web

python: ## the wheel of theo_calendar, in bindings-python/dist
	@.ci/python

package: ## what would be published, in target/package-dist, each installed and used in an empty place
	@.ci/package

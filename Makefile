# SPDX-License-Identifier: GPL-3.0-or-later
# Build, demonstrate, test and install retrystorm. `make help` lists the targets.
#
# Nothing here runs a compiler or pkg-config while make reads this file, so that `make demo`, `make check` and
# `make deps` also work on a machine that has neither yet. Everything built goes to build/.

VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
VARIANT ?= release

# All cores, unless the caller said -j himself or is another make.
ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j% --jobs%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
endif
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

# --- variants -----------------------------------------------------------------------------------------------

# The archive's objects hold machine code beside the intermediate code: the program is optimised as a whole,
# the many test programs link the same objects in a blink.
is_gcc = $(findstring Free Software Foundation,$(shell $(CC) --version 2>/dev/null))
lto = $(eval lto := $(if $(is_gcc),-flto=auto -ffat-lto-objects))$(lto)

ifeq ($(VARIANT),release)
OUT := build
OPTIMISE = -O3 -g1 $(lto)
else ifeq ($(VARIANT),asan)
OUT := build/asan
OPTIMISE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
else ifeq ($(VARIANT),clang)
OUT := build/clang
OPTIMISE = -O0 -g1
else
$(error VARIANT is release, asan or clang, not $(VARIANT))
endif

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla
ifneq ($(filter 1 true yes,$(WERROR) $(CI)),)
WARNINGS += -Werror
endif

libraries = gsl yaml-0.1 jansson lua5.4
pkg_cflags = $(eval pkg_cflags := $(shell pkg-config --cflags $(libraries) 2>/dev/null))$(pkg_cflags)
pkg_libs = $(eval pkg_libs := $(or $(shell pkg-config --libs $(libraries) 2>/dev/null), \
             -lgsl -lgslcblas -lyaml -ljansson -llua5.4))$(pkg_libs)
cmocka_cflags = $(eval cmocka_cflags := $(shell pkg-config --cflags cmocka 2>/dev/null))$(cmocka_cflags)
cmocka_libs = $(eval cmocka_libs := $(or $(shell pkg-config --libs cmocka 2>/dev/null), \
                -lcmocka))$(cmocka_libs)

# Results must not depend on the compiler: no fused multiply-add, no -ffast-math.
COMPILE = $(CC) -std=c17 -D_POSIX_C_SOURCE=200809L -Isim -Ibuild -pthread $(OPTIMISE) -ffp-contract=off \
          -fno-math-errno $(WARNINGS) $(pkg_cflags) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) -pthread $(OPTIMISE) $(CFLAGS) $(LDFLAGS)
LINK_TEST = $(LINK) $(if $(lto),-fno-lto)
LIBS = $(pkg_libs) -lm $(LDLIBS)

# --- files --------------------------------------------------------------------------------------------------

in_depth = $(wildcard $(1)/*$(2) $(1)/*/*$(2) $(1)/*/*/*$(2) $(1)/*/*/*/*$(2))
sources := $(sort $(call in_depth,sim,.c))
main := sim/cli/main.c
library_objects := $(patsubst %.c,$(OUT)/obj/%.o,$(filter-out $(main),$(sources)) build/plots.c)
main_object := $(OUT)/obj/$(main:.c=.o)

unit_sources := $(sort $(wildcard tests/unit/test_*.c))
unit_helpers := $(patsubst %.c,$(OUT)/obj/%.o,$(filter-out $(unit_sources),$(wildcard tests/unit/*.c)))
unit_programs := $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(unit_sources))
theory_objects := $(patsubst %.c,$(OUT)/obj/%.o,$(sort $(wildcard tests/theory/*.c)))

library := $(OUT)/libretrystorm.a
program := $(OUT)/retrystorm
theory := $(if $(theory_objects),$(OUT)/theory)
scenarios := $(sort $(wildcard scenarios/*.yaml))
golden := $(sort $(wildcard tests/golden/*.t))
documents := $(wildcard README.md scenarios/README.md scenarios/GUIDE.md plots/README.md sim/README.md \
             .github/CONTRIBUTING.md)
objects := $(library_objects) $(main_object) $(unit_helpers) $(theory_objects) \
           $(patsubst %.c,$(OUT)/obj/%.o,$(unit_sources))

# --- building -----------------------------------------------------------------------------------------------

.PHONY: build everything tests FORCE
build: $(program)                ## the program, optimised: build/retrystorm (the default)
tests: $(unit_programs) $(theory)
everything: $(program) $(unit_programs) $(theory)

$(program): $(main_object) $(library_objects) $(OUT)/sources
	@echo "  LINK  $@"
	@$(LINK) -o $@ $(main_object) $(library_objects) $(LIBS)

$(library): $(library_objects) $(OUT)/sources
	@rm -f $@
	@$(AR) rcs $@ $(library_objects)

$(OUT)/theory: $(theory_objects) $(library)
	@echo "  LINK  $@"
	@$(LINK_TEST) -o $@ $(theory_objects) $(library) $(LIBS)

$(unit_programs): $(OUT)/unit/%: $(OUT)/obj/tests/unit/%.o $(unit_helpers) $(library)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK_TEST) -o $@ $< $(unit_helpers) $(library) $(cmocka_libs) $(LIBS)

# The gnuplot templates, as arrays of lines: plots/load.gp becomes plot_load.
build/plots.c: $(sort $(wildcard plots/*.gp)) Makefile
	@mkdir -p $(@D)
	@{ printf '#include <stddef.h>\n\n#include "output/plots.h"\n'; \
	   for file in $(filter %.gp,$^); do \
	       printf '\nconst char *const plot_%s[] = {\n' "$$(basename "$$file" .gp)"; \
	       sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$$/d' -e 's/[\\"]/\\&/g' -e 's/.*/    "&\\n",/' "$$file"; \
	       printf '    NULL};\n'; \
	   done; } >$@.new
	@mv -f $@.new $@

$(OUT)/obj/build/plots.o: build/plots.c

$(OUT)/obj/tests/%: cmocka = $(cmocka_cflags)
$(OUT)/obj/%.o: %.c $(OUT)/flags | build/version.h
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(COMPILE) $(cmocka) -MMD -MP -c -o $@ $<

# Stamps: rewritten only when their text changes, so that other flags, a deleted file or a new commit rebuild
# exactly what depends on them.
define update
	@mkdir -p $(@D)
	@printf '%s\n' $(1) >$@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
endef

$(OUT)/flags: FORCE
	@test -f $@ || CC='$(CC)' sh tests/deps.sh --probe build
	$(call update,'$(COMPILE)')

$(OUT)/sources: FORCE
	$(call update,'$(sources)')

git = GIT_OPTIONAL_LOCKS=0 git 2>/dev/null
release = $(patsubst v%,%,$(shell test -e .git && $(git) describe --tags --match 'v*'))
commit = $(shell test -e .git && $(git) describe --always --abbrev=12 --dirty --exclude '*')
build/version.h: FORCE
	$(call update,'#define RETRYSTORM_VERSION "$(or $(release),$(VERSION))"' \
	    '#define RETRYSTORM_COMMIT "$(or $(commit),no-commit)"')

-include $(objects:.o=.d)

# --- showing ------------------------------------------------------------------------------------------------

.PHONY: demo demo-run bench
demo:                            ## install what is missing, build, run and plot every scenario
	@CC='$(CC)' sh tests/deps.sh demo
	@$(MAKE) demo-run

demo-run: $(program)
	@sh tests/demo.sh $(program) build/demo $(scenarios)

bench: $(program)                ## speed: events per second, memory per client (BENCH="NAME..." for some)
	@$(program) bench $(BENCH)

# --- testing ------------------------------------------------------------------------------------------------

# A part is one command that counts its tests; tests/part.sh runs it into $(CHECK)/NAME.log and .count, and
# tests/total.sh adds up. Long parts first: they fill two cores best.
CHECK = $(OUT)/check
part = @TMPDIR='$(CURDIR)/$(CHECK)/tmp' RETRYSTORM='$(program)' sh tests/part.sh $(CHECK) $(@:part/%=%)
scenario_parts := $(patsubst scenarios/%.yaml,part/scenario/%,$(scenarios))
unit_parts := $(patsubst tests/unit/%.c,part/unit/%,$(unit_sources))
golden_parts := $(patsubst tests/golden/%.t,part/golden/%,$(golden))
document_parts := $(patsubst %.md,part/docs/%,$(documents))
quick_theory := $(if $(theory),part/theory)
parts_check := $(quick_theory) $(scenario_parts) part/determinism $(unit_parts) $(golden_parts) \
               $(document_parts) part/reference part/layers part/style
parts_long := $(if $(theory),part/theory-all) $(unit_parts)
parts_asan := $(scenario_parts) $(unit_parts) $(golden_parts) part/compilers

# Runs the parts of set $(1), with the make arguments $(2), into $(3)/check; then prints what failed and the
# closing line.
# -k: a part that does not build counts as failed, the others still run.
define run_parts
	@rm -rf $(3)/check && mkdir -p $(3)/check/tmp
	+@$(MAKE) -k $(2) parts SET=$(1) || true
	@sh tests/total.sh $(3)/check $(parts_$(1):part/%=%)
endef

.PHONY: bench-counts check check-all check-long check-long-all asan asan-all check-chroot golden reference lint parts
check:                           ## install what is missing, build, run all the tests (under five minutes)
	@CC='$(CC)' sh tests/deps.sh check
	@$(MAKE) check-all
check-all:
	$(call run_parts,check,,build)

check-long:                      ## every oracle and the long statistical tests
	@CC='$(CC)' sh tests/deps.sh check
	@RETRYSTORM_TEST_LONG=1 PART_SECONDS=36000 $(MAKE) check-long-all
check-long-all:
	$(call run_parts,long,,build)

asan:                            ## tests and scenarios under ASan and UBSan; clang compiles all, same results
	@CC='$(CC)' sh tests/deps.sh asan
	@$(MAKE) asan-all
asan-all: export ASAN_OPTIONS = abort_on_error=1
asan-all: export UBSAN_OPTIONS = abort_on_error=1:print_stacktrace=1
asan-all: export SHORT = 1
asan-all:
	$(call run_parts,asan,VARIANT=asan WERROR=1,build/asan)

parts: $(parts_$(SET))
.PHONY: $(parts_check) $(parts_long) $(parts_asan)
$(unit_parts): part/unit/%: $(OUT)/unit/%
	$(part) $<
$(scenario_parts): part/scenario/%: scenarios/%.yaml $(program)
	$(part) sh tests/scenarios.sh $(CHECK)/results $<
$(golden_parts): part/golden/%: tests/golden/%.t $(program)
	$(part) sh tests/golden.sh $(CHECK)/scratch $<
$(document_parts): part/docs/%: %.md $(program)
	$(part) sh tests/docs.sh $(CHECK)/scratch $<
part/theory: $(theory)
	$(part) $< --quick --oracles tests/theory/oracles.csv
part/theory-all: $(theory)
	$(part) $< --oracles tests/theory/oracles.csv
part/layers:
	$(part) sh tests/layers.sh
part/style:
	$(part) sh tests/style.sh
part/reference: $(program)
	$(part) sh tests/reference.sh
part/determinism: $(program)
	$(part) sh tests/determinism.sh $(CHECK)/scratch jobs
part/compilers: $(program)
	@$(MAKE) VARIANT=release WERROR= build
	@$(MAKE) VARIANT=clang CC=clang WERROR=1 everything
	$(part) env RETRYSTORM=build/retrystorm sh tests/determinism.sh $(CHECK)/scratch build/clang/retrystorm

check-chroot:                    ## proof on a bare Debian (root, debootstrap): make demo, make check
	@sh tests/chroot.sh

bench-counts: $(program)         ## instructions an attempt takes (callgrind), against tests/bench-counts.txt
	@sh tests/bench-counts.sh $(program)

golden: $(program)               ## rewrite the expected outputs of tests/golden/*.t
	@RETRYSTORM=$(program) sh tests/golden.sh --write build/check/scratch $(golden)

reference: $(program)            ## rewrite scenarios/REFERENCE.md from the tables
	@RETRYSTORM=$(program) sh tests/reference.sh --write

lint: build/version.h            ## style, length of functions and files, static analysis
	@CC='$(CC)' CPPFLAGS='-Isim -Ibuild' sh tests/lint.sh

# --- installing ---------------------------------------------------------------------------------------------

.PHONY: install deps clean help
share = $(DESTDIR)$(PREFIX)/share
install: $(program)              ## PREFIX=/usr/local DESTDIR=: the program, scenarios, manual page
	install -d $(DESTDIR)$(PREFIX)/bin $(share)/retrystorm/scenarios
	install -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/retrystorm
	$(if $(wildcard scenarios/*),cp -R scenarios/. $(share)/retrystorm/scenarios/)
	$(if $(wildcard build/retrystorm.1),install -D -m 644 build/retrystorm.1 $(share)/man/man1/retrystorm.1)

deps:                            ## install the Debian packages that are missing, or say what to type
	@CC='$(CC)' sh tests/deps.sh all

clean:                           ## remove build/
	rm -rf build

help:                            ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

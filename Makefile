# Shopkeeper. `make run` starts a shop on this machine, `make check` proves it; `make help` lists the rest.
#
# One flat Makefile: what stands in a floor goes into one archive, and a program links what it needs
# of it. CC=clang and SAN=asan|tsan|fuzz pick a variant; each builds into a folder of its own under
# build/. V=1 shows the commands.

ifeq ($(origin CC),default)
CC       := gcc
endif
# what a compiler for another machine has of its own: aarch64-linux-gnu-gcc, aarch64-linux-gnu-ar …
CROSS    := $(filter %-linux-gnu-,$(patsubst %gcc,%,$(notdir $(CC))))
PKG_CONFIG ?= $(CROSS)pkg-config
OBJCOPY  ?= $(CROSS)objcopy
ifeq ($(origin AR),default)
AR       := $(CROSS)ar
endif
SAN      ?=
B        := build/$(notdir $(CC))$(if $(SAN),-$(SAN))
Q        := $(if $(V),,@)
SAY      = @$(if $(V),:,printf '  %-5s %s\n')
PYTHON   ?= /usr/bin/python3
PREFIX   ?= /usr
DESTDIR  ?=
LIBDIR   ?= $(PREFIX)/lib
CONFDIR  ?= /etc/shopkeeper
UDEVDIR  ?= $(PREFIX)/lib/udev
UNITDIR  ?= $(PREFIX)/lib/systemd/system

PKGS     := libsystemd sqlite3 libcrypto libmicrohttpd libcurl jansson libqrencode cairo expat libzstd libpq libpcsclite
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wvla -Wmissing-prototypes -Werror
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_tsan := -fsanitize=thread -fno-omit-frame-pointer
# clang alone; units and stories run in it too. The word is one that gcc says by itself
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -D__SANITIZE_ADDRESS__=1
# the sanitizers find as much at -O1, with lines and no more of debugging; what only tests is not
# optimized at all, which builds in a quarter of it
CFLAGS   ?= $(if $(SAN),-O1 -g1,-O2 -g)
override CFLAGS += -std=c17 -D_GNU_SOURCE -Isrc -Iinclude $(WARN) -MMD -MP -fstack-protector-strong -fPIC -pthread
override CFLAGS += $(CPPFLAGS) $(SAN_$(SAN)) $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
override LDFLAGS += -pthread -Wl,--as-needed $(SAN_$(SAN))
LDLIBS   := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
# many programs that are run once and thrown away are linked in half the time by the other linker
QUICK_LD := $(if $(shell command -v ld.gold 2>/dev/null),-fuse-ld=gold)

# libgpiod 1.6 or 2.x, whichever pkg-config finds; with neither, the simulated chip alone
GPIOD    := $(firstword $(subst ., ,$(shell $(PKG_CONFIG) --modversion libgpiod 2>/dev/null)))
ifneq ($(GPIOD),)
LDLIBS   += $(shell $(PKG_CONFIG) --libs libgpiod)
endif

# --- what there is: floors (design 2), programs, tests -------------------------------------------

VERSION  := $(shell sed -n 's/.*SHOPKEEPER_VERSION "\(.*\)"/\1/p' src/base/version.h)
FLOORS   := base token wire core books loop ledger device net crypto paper db
PROGRAMS := $(foreach p,shopd counterd courierd eyed officed shopctl,$(if $(wildcard src/$(p)/main.c),$(p)))
SKIP     := $(if $(filter 1,$(GPIOD)),,src/device/gpio_v1.c) $(if $(filter 2,$(GPIOD)),,src/device/gpio_v2.c)
LIB_SRC  := $(filter-out $(SKIP),$(foreach f,$(FLOORS),$(wildcard src/$(f)/*.c)))
LIB      := $(B)/libfloors.a
UNITS    := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
# those that may start a thread; the last ones only read and reckon
THREADED := $(filter-out $(addprefix $(B)/unit/test_,message money_edges officed_bank read_books gpio_sim loop),$(patsubst \
	tests/unit/%.c,$(B)/unit/%,$(shell grep -lE '"(ledger|loop)/|pthread' tests/unit/test_*.c 2>/dev/null)))
BENCHES  := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
SIMS     := $(foreach s,core shop year pulse,$(if $(wildcard tests/sim/sim_$(s).c),$(B)/sim_$(s)))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
STANDINS := $(patsubst %,$(B)/%,$(foreach s,simdoor modemtalk eyepaint,$(if $(wildcard tests/standin/$(s).c),$(s)))) $(patsubst tests/standin/%.c,$(B)/%.so,$(wildcard $(patsubst %,tests/standin/%.c,slowsync otherday unplug fakecam)))
# the pages: what node makes of src/web; nothing but `make web` and what shows pages needs node
WEB      := build/web
WEB_SRC  := $(shell find src/web -name node_modules -prune -o -type f -print 2>/dev/null)
WEB_MODS := src/web/node_modules/.package-lock.json
SHOPTOKEN := $(if $(wildcard src/crypto/shoptoken.c),$(B)/libshoptoken.a $(B)/libshoptoken.so)

all: $(PROGRAMS:%=$(B)/%) $(STANDINS) $(SHOPTOKEN)
units: $(UNITS)
sims: $(SIMS)
threaded: $(THREADED)
fuzzers: $(FUZZERS)
benches: all $(BENCHES) $(SIMS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# what looks at pictures: one file of eyed is C++
$(B)/%.o: %.cc
	@mkdir -p $(@D)
	$(SAY) CXX $<
	$(Q)$(patsubst %gcc,%g++,$(patsubst %clang,%clang++,$(CC))) $(filter-out -std=c17 -Wmissing-prototypes,$(CFLAGS)) -std=c++17 -c -o $@ $<
$(B)/eyed $(B)/eyepaint $(filter $(B)/unit/test_eyed%,$(UNITS)): override LDLIBS += -lZXing -lstdc++ -lm

$(B)/tests/unit/%.o $(B)/tests/stories/%.o: override CFLAGS := $(CFLAGS) -O0

$(LIB): $(LIB_SRC:%.c=$(B)/%.o)
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

link = $(Q)mkdir -p $(@D) && $(CC) $(LDFLAGS) $(1) -o $@ -Wl,--start-group $(filter %.o %.a,$^) -Wl,--end-group $(LDLIBS) $(2)

# A program is its folder. All of it but main.c is an archive too, which the units named
# test_PROGRAM* link.
define program
$(B)/lib$(1).a: $(patsubst %.c,$(B)/%.o,$(filter-out src/$(1)/main.c,$(wildcard src/$(1)/*.c))) $(patsubst %.cc,$(B)/%.o,$(wildcard src/$(1)/*.cc))
	$$(Q)rm -f $$@ && $(AR) rcs $$@ $$^
$(B)/$(1): $(B)/src/$(1)/main.o $(B)/lib$(1).a $(LIB)
	$$(SAY) LINK $$@
	$$(call link)
$(filter $(B)/unit/test_$(1)%,$(UNITS)): $(B)/lib$(1).a
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(B)/eyepaint: $(B)/libeyed.a
$(B)/simdoor $(B)/modemtalk $(B)/eyepaint: $(B)/%: $(B)/tests/standin/%.o $(LIB)
	$(SAY) LINK $@
	$(call link)
$(B)/%.so: tests/standin/%.c
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) $(filter-out -MMD -MP,$(CFLAGS)) -shared -o $@ $< -ldl

# The token library for others: one object that shows only its own names, and the same shared.
$(B)/shoptoken.o: $(patsubst %.c,$(B)/%.o,$(wildcard src/crypto/shoptoken*.c) src/crypto/qr.c) $(LIB)
	$(Q)$(CC) -r -nostdlib -o $@ $^ && $(OBJCOPY) --wildcard --keep-global-symbol='shoptoken_*' $@
$(B)/libshoptoken.a: $(B)/shoptoken.o
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/libshoptoken.so: $(B)/shoptoken.o
	$(SAY) LINK $@
	$(call link,-shared -Wl$(,)-soname$(,)libshoptoken.so.0 -Wl$(,)--version-script=src/crypto/shoptoken.map)
, := ,

# Packages as the lock file has them, their scripts never run; then the pages, each time as one.
$(WEB_MODS): src/web/package-lock.json src/web/package.json
	$(SAY) NPM src/web
	$(Q)cd src/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
		--prefer-offline --fetch-retries=1
	$(Q)touch $@
build/web.done: $(WEB_MODS) $(WEB_SRC)
	$(SAY) WEB $(WEB)
	$(Q)node src/web/build.mjs $(abspath $(WEB)).new
	$(Q)rm -rf $(WEB) && mv $(WEB).new $(WEB) && touch $@
web: build/web.done
# for those who go on without: what is missing then, and what they would have to do
web-if-can:
	$(Q)sh tests/source/deps.sh pages && $(MAKE) --no-print-directory -s web || \
	echo "the pages could not be built (see above): the shop runs without them"

# --- tests -------------------------------------------------------------------------------------

$(B)/unit/%: $(B)/tests/unit/%.o $(LIB)
	$(SAY) LINK $@
	$(call link,$(QUICK_LD),-lcmocka)
$(B)/unit/test_gpio_sim $(filter $(B)/unit/test_shopd_%,$(UNITS)): | $(B)/simdoor
$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(LIB)
	$(SAY) LINK $@
	$(call link,-fsanitize=fuzzer)
$(B)/fuzz/fuzz_counter $(B)/fuzz/fuzz_courier: $(B)/libshopd.a
$(B)/fuzz/fuzz_goods_csv: $(B)/libofficed.a
$(B)/fuzz/fuzz_frames: $(B)/libeyed.a
$(B)/bench/fleet: override LDLIBS += -lssl
$(B)/bench/%: $(B)/tests/bench/%.o $(LIB)
	$(SAY) LINK $@
	$(call link)
$(B)/stories: $(patsubst %.c,$(B)/%.o,$(wildcard tests/stories/*.c)) $(LIB)
	$(SAY) LINK $@
	$(call link)

define simulation
$(1): $(patsubst %.c,$(B)/%.o,$(wildcard tests/sim/$(notdir $(1))*.c)) $(LIB)
	$$(SAY) LINK $$@
	$$(call link)
endef
$(foreach s,$(SIMS),$(eval $(call simulation,$(s))))
$(B)/sim_pulse: $(B)/libcourierd.a $(B)/libofficed.a

unit: $(UNITS)
	$(Q)$(PYTHON) tests/source/units.py $(UNITS)
unit-threaded: $(THREADED)
	$(Q)$(PYTHON) tests/source/units.py $(THREADED)
stories: $(B)/stories
	$(Q)$(B)/stories tests/stories/*.story
sim: $(SIMS)
	$(Q)$(PYTHON) tests/source/units.py $(SIMS)
system: all
	$(Q)$(PYTHON) tests/system/run_system.py --build $(B)
check-source: all
	$(Q)$(PYTHON) tests/source/check_source.py --build $(B)

# The whole of it on a fresh Debian 12, in at most 12 minutes on two cores. Ends with one line:
# N passed, N failed.
check: deps-check
	$(Q)$(PYTHON) tests/source/check.py
# The pages in a real Chromium, against the running programs.
check-web: deps-web
	$(Q)$(MAKE) --no-print-directory -s all web && exec node tests/web/run.mjs
# The same programs on a real kernel's lines and under a real systemd, in guests of QEMU; in at most 8
# minutes on two cores. METAL="lines-1" is one guest of them.
check-metal: deps-metal
	$(Q)$(MAKE) --no-print-directory -s all && exec $(PYTHON) tests/metal/run.py --build $(B) $(METAL)
# The packages of both architectures: built, held against lintian, installed in a Debian of their own and used.
check-deb:
	$(Q)exec $(PYTHON) tests/deb/run.py
# shopd with the libgpiod that is unpacked in the folder GPIOD2, whatever this machine has
$(B)/shopd-gpiod2: $(B)/src/shopd/main.o $(B)/libshopd.a $(LIB) src/device/gpio_v2.c
	$(SAY) LINK $@
	$(Q)$(CC) -isystem $(GPIOD2)/include $(CFLAGS) -MF $(B)/gpiod2.d -c -o $(B)/gpiod2.o src/device/gpio_v2.c
	$(call link,$(B)/gpiod2.o -L$(GPIOD2)/lib/$(shell $(CC) -dumpmachine) -Wl$(,)-rpath$(,)$(GPIOD2)/lib/$(shell $(CC) -dumpmachine))
fuzz: deps-check
	$(Q)sh tests/fuzz/run_fuzz.sh 600
bench: deps-bench
	$(Q)$(MAKE) --no-print-directory -s benches && exec $(PYTHON) tests/bench/run.py --build $(B)
proof: fuzz all
	$(Q)$(PYTHON) tests/system/run_system.py --build $(B) --proof 'office*'
	$(Q)$(PYTHON) tests/deb/run.py --units

# --- the shop on this machine --------------------------------------------------------------------

STATE    ?= state
PORT     ?= 18080

run: deps-run
	$(Q)$(MAKE) --no-print-directory -s all web-if-can
	$(Q)exec $(PYTHON) tests/standin/run.py --state $(STATE) --port $(PORT) --build $(B) --under-make --follow \
		$(if $(OFFICE),--office $(OFFICE))
demo: deps-run
	$(Q)$(MAKE) --no-print-directory -s all web-if-can
	$(Q)exec $(PYTHON) tests/standin/demo.py --state $(STATE) --build $(B)
demo-month: deps-run
	$(Q)$(MAKE) --no-print-directory -s all
	$(Q)exec $(PYTHON) tests/standin/month.py --state $(if $(filter file,$(origin STATE)),state-month,$(STATE)) --build $(B)
deps: deps-check
deps-run deps-check deps-bench deps-web deps-deb deps-metal: deps-%:
	$(Q)sh tests/source/deps.sh $*

# the manual and the shell's completion: see src/man/make.py
MAN_SRC  := $(wildcard src/man/*) $(wildcard etc/*.conf) src/shopctl/main.c debian/changelog
build/man.done: $(MAN_SRC)
	$(SAY) MAN build/man
	$(Q)$(PYTHON) src/man/make.py build && touch $@
man: build/man.done
put       = install -Dm$(1) -t $(DESTDIR)$(2)
SHARE    := $(PREFIX)/share/shopkeeper

install: all man
	$(call put,755,$(PREFIX)/bin) $(PROGRAMS:%=$(B)/%)
	$(call put,644,$(PREFIX)/include) include/*.h
	$(call put,644,$(LIBDIR)) $(SHOPTOKEN)
	cd $(DESTDIR)$(LIBDIR) && mv libshoptoken.so libshoptoken.so.0 && ln -s libshoptoken.so.0 libshoptoken.so
	mkdir -p $(DESTDIR)$(LIBDIR)/pkgconfig
	sed 's#@PREFIX@#$(PREFIX)#; s#@LIBDIR@#$(LIBDIR)#; s#@VERSION@#$(VERSION)#' src/crypto/shoptoken.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/shoptoken.pc
	for s in 1 3 5 8; do $(call put,644,$(PREFIX)/share/man/man$$s) build/man/*.$$s || exit; done
	$(call put,644,$(PREFIX)/share/bash-completion/completions) build/completion/shopctl
	$(call put,644,$(UNITDIR)) $(foreach k,service socket timer path,$(wildcard systemd/*.$(k)))
	for f in sysusers tmpfiles; do \
		install -Dm644 systemd/$$f.conf $(DESTDIR)$(PREFIX)/lib/$$f.d/shopkeeper.conf && \
		install -Dm644 systemd/office-$$f.conf $(DESTDIR)$(PREFIX)/lib/$$f.d/shopkeeper-office.conf || exit; \
	done
	install -Dm755 systemd/update.sh $(DESTDIR)$(PREFIX)/lib/shopkeeper/update
	$(call put,644,$(UDEVDIR)/rules.d) hw/60-shopkeeper.rules
	for f in systemd/*.rules; do \
		install -Dm644 $$f $(DESTDIR)$(PREFIX)/share/polkit-1/rules.d/60-shopkeeper-$${f##*/} || exit; done
	install -Dm644 systemd/modem-bus.conf $(DESTDIR)$(PREFIX)/share/dbus-1/system.d/shopkeeper-modem.conf
	install -Dm640 -t $(DESTDIR)$(CONFDIR) $(wildcard etc/*.conf)
	$(call put,644,$(SHARE)/nginx) $(wildcard etc/nginx/*.conf)
	$(call put,755,$(SHARE)) etc/office-to-postgres.sh
	$(call put,644,$(SHARE)/api) $(wildcard include/api/*)
	rm -rf $(DESTDIR)$(SHARE)/web
	if [ -e build/web.done ]; then cd $(WEB) && find . -type f -exec \
		install -Dm644 {} $(abspath $(DESTDIR)$(SHARE))/web/{} \; ; \
	else echo "without the pages: they are not built (make web)"; fi
# Packages of Debian 12 for amd64 or arm64, into build/deb/; the pages are built before, from their lock file.
ARCH     ?= $(shell dpkg --print-architecture 2>/dev/null)
deb: deps-deb
	$(Q)$(MAKE) --no-print-directory -s web
	$(Q)exec $(PYTHON) debian/make.py $(ARCH)
clean:
	rm -rf build
help:
	@echo "make run [STATE=dir] [PORT=18080] [OFFICE=enrol]    a shop on this machine, until interrupted"
	@echo "make demo [STATE=dir]              one whole visit to it, told as a story"
	@echo "make demo-month [STATE=dir]        its money, from a delivery to an unpaid invoice"
	@echo "make web                           the pages (node 18, npm)"
	@echo "make check                         everything tested; ends with N passed, N failed"
	@echo "make check-web                     the pages in a real browser; ends the same way"
	@echo "make check-source unit stories sim system    parts of it"
	@echo "make check-metal                   on a real kernel's lines, in guests; ends the same way"
	@echo "make check-deb                     the packages, installed in a Debian of their own; ends the same way"
	@echo "make fuzz                          every parser, 10 minutes each"
	@echo "make bench                         the numbers, measured on this machine"
	@echo "make deb [ARCH=arm64]              packages of Debian 12, into build/deb/"
	@echo "make all install clean deps        build, install (DESTDIR, PREFIX), tidy, what apt has to add"

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all units sims threaded fuzzers benches unit unit-threaded stories sim system check-source check check-metal check-deb fuzz bench proof \
	web web-if-can check-web run demo demo-month deps deps-run deps-check deps-bench deps-web deps-deb deps-metal deb man install clean help
.SECONDARY:
.DELETE_ON_ERROR:

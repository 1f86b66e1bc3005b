# Shopkeeper. `make run` starts a shop on this machine, `make check` proves it. `make help` lists the rest.
#
# One flat Makefile: every source in a floor goes into one archive, every program links what it needs of it.
# V=1 shows commands. SAN=asan|tsan and CC=clang pick a variant; each builds into a folder of its own.

ifeq ($(origin CC),default)
CC      := gcc
endif
SAN     ?=
B       := build/$(notdir $(CC))$(if $(SAN),-$(SAN))
Q       := $(if $(V),,@)
PREFIX  ?= /usr
DESTDIR ?=

PKGS    := libsystemd sqlite3 libcrypto libmicrohttpd libcurl jansson libqrencode
WARN    := -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wvla -Wmissing-prototypes -Werror
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_tsan := -fsanitize=thread -fno-omit-frame-pointer
CFLAGS  ?= -O2 -g
CFLAGS  += -std=c17 -D_GNU_SOURCE -Isrc -Iinclude $(WARN) -MMD -MP -fstack-protector-strong -fPIC -pthread $(SAN_$(SAN))
CFLAGS  += $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += -pthread -Wl,--as-needed $(SAN_$(SAN))
LDLIBS  := $(shell pkg-config --libs $(PKGS) 2>/dev/null)

# libgpiod 1.6 or 2.x, whichever pkg-config finds; without it only the simulated chip
GPIOD   := $(firstword $(subst ., ,$(shell pkg-config --modversion libgpiod 2>/dev/null)))
ifneq ($(GPIOD),)
LDLIBS  += $(shell pkg-config --libs libgpiod)
endif

FLOORS  := base token wire core books loop ledger device net crypto paper
PROGRAMS := shopd counterd courierd shopctl
SKIP    := $(if $(filter 1,$(GPIOD)),,src/device/gpio_v1.c) $(if $(filter 2,$(GPIOD)),,src/device/gpio_v2.c)
LIB_SRC := $(filter-out $(SKIP),$(foreach f,$(FLOORS),$(wildcard src/$(f)/*.c)))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
LIB     := $(B)/libfloors.a

all: $(PROGRAMS:%=$(B)/%)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@$(if $(V),,echo "  CC    $<")
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@$(if $(V),,echo "  AR    $@")
	$(Q)rm -f $@ && ar rcs $@ $^

define program
$(B)/$(1): $$(patsubst %.c,$(B)/%.o,$$(wildcard src/$(1)/*.c)) $(LIB)
	@$$(if $(V),,echo "  LINK  $$@")
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# units: tests/unit/test_NAME.c -> one program each
UNITS   := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
$(B)/unit/%: $(B)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	@$(if $(V),,echo "  LINK  $@")
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

unit: $(UNITS)
	$(Q)for t in $(UNITS); do $$t || exit 1; done

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all unit
.SECONDARY:

/*
 * shop_shell.h: a whole shopd in a fuzzer's hands: its parts as main.c starts them, in a folder of
 * its own, without a chip, and with a disk that is never waited for. A fuzzer has one, `shell`;
 * what it says in the log is the fuzzer's own affair (journal_line).
 */
#ifndef SHOP_TESTS_SHOP_SHELL_H
#define SHOP_TESTS_SHOP_SHELL_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "shopd/kiosk.h"
#include "shopd/shopd.h"

static struct shopd shell;
static char shell_dir[64];

int journal_start(struct shopd *sd)
{
	(void)sd;
	return 0;
}

void journal_stop(struct shopd *sd)
{
	(void)sd;
}

/* A power cut is not to be feared here. */
int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

/** shell_load - a folder, and in it a configuration that says `text` beside where the folder is;
 * the loop and the clocks. shell_roster - the shop as the configuration has it, nobody known.
 * shell_start - all the rest. In this order; between them a fuzzer sets what it wants otherwise. */
static inline void shell_load(const char *text)
{
	char path[128], why[CONF_WHY_MAX] = "";
	FILE *f;

	memset(&shell, 0, sizeof(shell));
	snprintf(shell_dir, sizeof(shell_dir), P_tmpdir "/fuzz-shop-XXXXXX");
	CHECK(mkdtemp(shell_dir));
	snprintf(path, sizeof(path), "%s/shopd.conf", shell_dir);
	f = fopen(path, "w");
	CHECK(f && fprintf(f, "run = %s\nstate = %s\n%s", shell_dir, shell_dir, text) > 0 &&
	      fclose(f) == 0);
	CHECK(config_load(path, &shell.config, why));
	CHECK(loop_new(&shell.loop) == 0 && time_start(&shell) == 0);
}

static inline void shell_roster(void)
{
	struct shop_config shop;
	char why[CONF_WHY_MAX] = "";

	config_shop(&shell.config, &shop);
	shop_init(&shell.shop, &shop);
	CHECK(cards_start(&shell) == 0);
	CHECK(accounts_start(&shell, why) == 0);
}

static inline void shell_start(void)
{
	CHECK(books_start(&shell) == 0 && replies_start(&shell) == 0);
	CHECK(kiosk_start(&shell) == 0);
	CHECK(desk_start(&shell) == 0 && nights_start(&shell) == 0);
	CHECK(counter_start(&shell) == 0 && courier_start(&shell) == 0);
	CHECK(control_start(&shell) == 0 && keep_start(&shell) == 0);
	CHECK(readers_start(&shell) == 0);
}

/** shell_turn - the loop turns until something has happened. shell_drain - until nothing more does.
 */
static inline void shell_turn(void)
{
	CHECK(sd_event_run(loop_event(shell.loop), 1000000) >= 0);
}

static inline void shell_drain(void)
{
	while (sd_event_run(loop_event(shell.loop), 0) > 0)
		;
}

static inline int shell_remove_one(const char *path, const struct stat *st, int type,
				   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/** shell_close - gives the shop up, if there is one: a ledger is never cut, so now and then a
 * fuzzer takes a new one. */
static inline void shell_close(void)
{
	if (!shell.loop)
		return;
	readers_stop(&shell);
	keep_stop(&shell);
	peers_stop(&shell);
	cards_stop(&shell);
	accounts_stop(&shell);
	books_stop(&shell);
	nights_stop(&shell);
	desk_stop(&shell);
	replies_stop(&shell);
	kiosk_stop(&shell);
	time_stop(&shell);
	loop_free(shell.loop);
	shell.loop = NULL;
	nftw(shell_dir, shell_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif

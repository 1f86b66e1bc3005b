/*
 * shopctl.h: what every command is handed, and how it ends. A command is a row in main.c's table
 * and a file of its own; it returns one of five codes and prints either words for people or, with
 * --json, one JSON value.
 */
#ifndef SHOP_SHOPCTL_SHOPCTL_H
#define SHOP_SHOPCTL_SHOPCTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/check.h"

/** What the process exits with (contracts 7). Scripts rely on the numbers. */
enum ctl_exit {
	CTL_DONE = 0,
	CTL_REFUSED = 1, /* the shop said no, or the answer is "false" */
	CTL_USAGE = 2,
	CTL_UNREACHABLE = 3,
	CTL_INTERNAL = 4,
};

#define RUN_DIR_DEFAULT	  "/run/shopkeeper"
#define STATE_DIR_DEFAULT "/var/lib/shopkeeper"

/** The currency of every amount that is printed: a shop's books are kept in one. */
#define CURRENCY "SEK"

/** Longest message to a person, and longest path. */
#define CTL_MESSAGE_SIZE 512
#define CTL_PATH_SIZE	 512

struct ctl_command;

/** One run of one command. */
struct ctl {
	const struct ctl_command *command;
	FILE *out;	       /* stdout: the result */
	FILE *err;	       /* stderr: messages */
	const char *run_dir;   /* sockets */
	const char *state_dir; /* ledger.db, catalog.db */
	bool json;
	bool printed; /* a JSON value went out */
	int argc;     /* what follows the command's name, without the options that all share */
	char **argv;
	char message[CTL_MESSAGE_SIZE]; /* of the last ctl_fail */
};

typedef enum ctl_exit command_fn(struct ctl *ctl);

/** A row of the table. `line` is its line in the overview (NULL: another's names it), `help` what
 * `help COMMAND` adds. */
struct ctl_command {
	const char *name;
	command_fn *run;
	const char *line;
	const char *help;
};

/** shopctl_run - the whole program but its table: options, help, the command, the exit code. */
enum ctl_exit shopctl_run(const struct ctl_command *command, uint32_t commands, int argc,
			  char **argv, FILE *out, FILE *err);

/** ctl_fail - one line on stderr; kept for --json's `{error, message}`. @return `code`. */
enum ctl_exit ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** ctl_usage - ctl_fail with CTL_USAGE, and where help is to be had. */
enum ctl_exit ctl_usage(struct ctl *ctl, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** ctl_note - one line on stderr that is no failure. */
void ctl_note(struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** ctl_say - one line on stdout, for people: nothing with --json. What control characters came in
 * with the data leave as U+FFFD. */
void ctl_say(struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** ctl_json - prints the value and gives it back to the heap. @return `code`, or CTL_INTERNAL when
 * memory ran out while it was built (`value` NULL). */
enum ctl_exit ctl_json(struct ctl *ctl, enum ctl_exit code, json_t *value);

/** ctl_path - `dir`/`name`; false when it is longer than a path may be. */
MUST_CHECK bool ctl_path(char path[CTL_PATH_SIZE], const char *dir, const char *name);

/** A command within a family: `member add`. */
struct verb {
	const char *name;
	command_fn *run;
};

/** ctl_verb - takes the family's second word off the arguments and runs it. With none, runs
 * `otherwise` (NULL: usage). */
enum ctl_exit ctl_verb(struct ctl *ctl, const struct verb *verb, uint32_t verbs,
		       command_fn *otherwise);

command_fn shopctl_status, shopctl_door, shopctl_sim, shopctl_member, shopctl_card, shopctl_pass,
	shopctl_token, shopctl_product, shopctl_visit, shopctl_alarm, shopctl_log, shopctl_ledger,
	shopctl_clock, shopctl_config, shopctl_invoice, shopctl_payment, shopctl_reminder,
	shopctl_stock, shopctl_check, shopctl_report, shopctl_enrol, shopctl_restore, shopctl_leave,
	shopctl_backup, shopctl_root, shopctl_office, shopctl_contact, shopctl_sensor, shopctl_look,
	shopctl_rehearse, shopctl_owner, shopctl_doctor, shopctl_release;

#endif

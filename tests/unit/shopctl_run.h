/* shopctl_run.h: shopctl run within a test: its own table of commands, its output in memory. */
#ifndef SHOP_TESTS_SHOPCTL_RUN_H
#define SHOP_TESTS_SHOPCTL_RUN_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int shopctl_main(int argc, char **argv);
#define main shopctl_main
#include "shopctl/main.c"
#undef main

static char *out, *err;		 /* what the last run printed */
static const char *run_dir;	 /* --run of every run; NULL: none */
static const char *state_dir;	 /* --state */
static void (*run_around)(void); /* called before and after each run, if it is set */

/* Runs `shopctl WORDS…`, the last of them NULL. */
__attribute__((sentinel)) static int run(const char *word, ...)
{
	const char *argv[48] = {"shopctl"};
	int argc = 1;
	size_t out_size, err_size;
	va_list words;

	if (run_dir) {
		argv[argc++] = "--run";
		argv[argc++] = run_dir;
	}
	if (state_dir) {
		argv[argc++] = "--state";
		argv[argc++] = state_dir;
	}
	va_start(words, word);
	for (; word; word = va_arg(words, const char *))
		argv[argc++] = word;
	va_end(words);
	free(out);
	free(err);
	out = err = NULL;

	FILE *to_out = open_memstream(&out, &out_size), *to_err = open_memstream(&err, &err_size);
	if (run_around)
		run_around();
	int code = (int)shopctl_run(commands, ARRAY_LEN(commands), argc, (char **)(uintptr_t)argv,
				    to_out, to_err);

	if (run_around)
		run_around();
	fclose(to_out);
	fclose(to_err);
	return code;
}

/* The one JSON value on stdout; the caller's. */
static json_t *out_json(void)
{
	json_error_t error;

	return json_loads(out, JSON_DECODE_ANY, &error);
}

#endif

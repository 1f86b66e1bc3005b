/*
 * run.c: one run of shopctl: the options that all commands share (anywhere on the line), help, the
 * table, the exit code. With --json stdout always carries exactly one value: the result, or, where
 * there is none because the command failed, {"error": WORD, "message": SENTENCE}.
 */
#include "shopctl/shopctl.h"

#include <stdarg.h>
#include <string.h>

#include "shopctl/text.h"

static const char *exit_word(enum ctl_exit code)
{
	switch (code) {
	case CTL_DONE:
		return "done";
	case CTL_REFUSED:
		return "refused";
	case CTL_USAGE:
		return "usage";
	case CTL_UNREACHABLE:
		return "unreachable";
	case CTL_INTERNAL:
		break;
	}
	return "internal";
}

static void fail_say(struct ctl *ctl, const char *format, va_list args)
{
	char raw[CTL_MESSAGE_SIZE];

	vsnprintf(raw, sizeof(raw), format, args);
	text_clean(raw, ctl->message, sizeof(ctl->message));
	fprintf(ctl->err, "shopctl: %s\n", ctl->message);
}

enum ctl_exit ctl_fail(struct ctl *ctl, enum ctl_exit code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_say(ctl, format, args);
	va_end(args);
	return code;
}

enum ctl_exit ctl_usage(struct ctl *ctl, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_say(ctl, format, args);
	va_end(args);
	fprintf(ctl->err, "Try 'shopctl help%s%s'.\n", ctl->command ? " " : "",
		ctl->command ? ctl->command->name : "");
	return CTL_USAGE;
}

void ctl_note(struct ctl *ctl, const char *format, ...)
{
	char raw[CTL_MESSAGE_SIZE], clean[CTL_MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	text_clean(raw, clean, sizeof(clean));
	fprintf(ctl->err, "%s\n", clean);
}

void ctl_say(struct ctl *ctl, const char *format, ...)
{
	char raw[CTL_MESSAGE_SIZE], clean[CTL_MESSAGE_SIZE];
	va_list args;

	if (ctl->json)
		return;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	text_clean(raw, clean, sizeof(clean));
	fprintf(ctl->out, "%s\n", clean);
}

enum ctl_exit ctl_json(struct ctl *ctl, enum ctl_exit code, json_t *value)
{
	if (!value)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	CHECK(!ctl->printed);
	ctl->printed = true;
	json_dumpf(value, ctl->out, JSON_COMPACT | JSON_ENCODE_ANY);
	fputc('\n', ctl->out);
	json_decref(value);
	return code;
}

bool ctl_path(char path[CTL_PATH_SIZE], const char *dir, const char *name)
{
	int len = snprintf(path, CTL_PATH_SIZE, "%s/%s", dir, name);

	return len > 0 && len < CTL_PATH_SIZE;
}

enum ctl_exit ctl_verb(struct ctl *ctl, const struct verb *verb, uint32_t verbs,
		       command_fn *otherwise)
{
	const char *word = ctl->argc > 0 ? ctl->argv[0] : NULL;

	if (!word && otherwise)
		return otherwise(ctl);
	if (!word)
		return ctl_usage(ctl, "%s: what?", ctl->command->name);
	for (uint32_t i = 0; i < verbs; i++) {
		if (strcmp(verb[i].name, word) != 0)
			continue;
		ctl->argc--;
		ctl->argv++;
		return verb[i].run(ctl);
	}
	return ctl_usage(ctl, "%s: there is no '%s'", ctl->command->name, word);
}

static const struct ctl_command *command_of(const struct ctl_command *command, uint32_t commands,
					    const char *name)
{
	for (uint32_t i = 0; i < commands; i++)
		if (strcmp(command[i].name, name) == 0)
			return &command[i];
	return NULL;
}

static enum ctl_exit help(struct ctl *ctl, const struct ctl_command *command, uint32_t commands,
			  const char *name)
{
	const struct ctl_command *c = name ? command_of(command, commands, name) : NULL;

	if (name && !c)
		return ctl_usage(ctl, "there is no command '%s'", name);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s}", "help", c ? c->help : "shopctl help COMMAND"));
	if (c) {
		fprintf(ctl->out, "%s%s%s\n\n%s", c->name, c->line ? ": " : ":",
			c->line ? c->line : "", c->help);
		return CTL_DONE;
	}
	/* it has to fit a screen of 24 lines, with the prompt below it */
	fprintf(ctl->out,
		"Usage: shopctl [--json] [--run DIR] [--state DIR] COMMAND … | help COMMAND\n");
	for (uint32_t i = 0; i < commands; i++)
		if (command[i].line)
			fprintf(ctl->out, "  %-8s %s\n", command[i].name, command[i].line);
	fprintf(ctl->out, "--json: one JSON value. Sockets: " RUN_DIR_DEFAULT
			  ", ledger: " STATE_DIR_DEFAULT "\n"
			  "Exit: 0 done, 1 refused or false, 2 usage, 3 shop not reachable, "
			  "4 internal.\n");
	return CTL_DONE;
}

/** Takes the options that all commands share out of argv. What stands after "--" is left alone. */
static enum ctl_exit shared_take(struct ctl *ctl, int argc, char **argv, bool *ret_help)
{
	bool over = false;

	for (int i = 1; i < argc; i++) {
		char *arg = argv[i];
		bool run = !over && strncmp(arg, "--run", 5) == 0 && (!arg[5] || arg[5] == '=');
		bool state = !over && strncmp(arg, "--state", 7) == 0 && (!arg[7] || arg[7] == '=');

		over = over || strcmp(arg, "--") == 0;
		if (!over && strcmp(arg, "--json") == 0) {
			ctl->json = true;
		} else if (!over && (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)) {
			*ret_help = true;
		} else if (run || state) {
			char *equals = strchr(arg, '=');

			if (!equals && i + 1 == argc)
				return ctl_usage(ctl, "%s lacks its folder", arg);
			*(run ? &ctl->run_dir : &ctl->state_dir) = equals ? equals + 1 : argv[++i];
		} else {
			ctl->argv[ctl->argc++] = arg;
		}
	}
	return CTL_DONE;
}

static enum ctl_exit dispatch(struct ctl *ctl, const struct ctl_command *command, uint32_t commands,
			      bool wants_help)
{
	const char *name = ctl->argc > 0 ? ctl->argv[0] : NULL;

	if (!name && !wants_help) {
		help(ctl, command, commands, NULL);
		return CTL_USAGE;
	}
	if (!name || strcmp(name, "help") == 0) {
		if (ctl->argc > 2)
			return ctl_usage(ctl, "help takes one command");
		return help(ctl, command, commands, ctl->argc > 1 ? ctl->argv[1] : NULL);
	}
	if (wants_help)
		return help(ctl, command, commands, name);
	if (name[0] == '-')
		return ctl_usage(ctl, "there is no option %s", name);
	ctl->command = command_of(command, commands, name);
	if (!ctl->command)
		return ctl_usage(ctl, "there is no command '%s'", name);
	ctl->argc--;
	ctl->argv++;
	return ctl->command->run(ctl);
}

/** More words than any command takes; a longer line is a mistake. */
#define WORDS_MAX 64

enum ctl_exit shopctl_run(const struct ctl_command *command, uint32_t commands, int argc,
			  char **argv, FILE *out, FILE *err)
{
	char *word[WORDS_MAX];
	struct ctl ctl = {
		.out = out,
		.err = err,
		.run_dir = RUN_DIR_DEFAULT,
		.state_dir = STATE_DIR_DEFAULT,
		.argv = word,
	};
	bool wants_help = false;
	enum ctl_exit code;

	if (argc > WORDS_MAX)
		return ctl_usage(&ctl, "more than %d words", WORDS_MAX);
	code = shared_take(&ctl, argc, argv, &wants_help);
	if (code == CTL_DONE)
		code = dispatch(&ctl, command, commands, wants_help);
	if (ctl.json && !ctl.printed)
		ctl_json(&ctl, code,
			 code == CTL_DONE ? json_pack("{s:b}", "ok", 1)
					  : json_pack("{s:s, s:s}", "error", exit_word(code),
						      "message", ctl.message));
	if ((fflush(out) != 0 || ferror(out)) && code == CTL_DONE) {
		fprintf(err, "shopctl: the output could not be written\n");
		code = CTL_INTERNAL;
	}
	return code;
}

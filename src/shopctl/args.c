/*
 * args.c: a command's arguments. An option may stand before or after the words; what is not known
 * is refused by name, never guessed at. Numbers are digits and nothing else: no sign, no blank, no
 * "0x", and no value that does not fit. Money never passes through a float.
 */
#include "shopctl/args.h"

#include <string.h>

#include "base/ids.h"

static const struct option *option_of(const struct option *option, uint32_t options,
				      const char *arg, size_t len)
{
	for (uint32_t i = 0; i < options; i++)
		if (strlen(option[i].name) == len && strncmp(option[i].name, arg, len) == 0)
			return &option[i];
	return NULL;
}

/** Takes the option at *at; *at moves on to its last word. */
static enum ctl_exit option_take(struct ctl *ctl, const struct option *option, uint32_t options,
				 int *at)
{
	const char *arg = ctl->argv[*at];
	const char *equals = strchr(arg, '=');
	size_t len = equals ? (size_t)(equals - arg) : strlen(arg);
	const struct option *o = option_of(option, options, arg, len);

	if (!o)
		return ctl_usage(ctl, "%s has no option %.*s", ctl->command->name, (int)len, arg);
	if (o->flag) {
		if (equals)
			return ctl_usage(ctl, "%s takes no value", o->name);
		*o->flag = true;
		return CTL_DONE;
	}
	if (*o->value)
		return ctl_usage(ctl, "%s is given twice", o->name);
	if (!equals && *at + 1 >= ctl->argc)
		return ctl_usage(ctl, "%s lacks its value", o->name);
	*o->value = equals ? equals + 1 : ctl->argv[++*at];
	return CTL_DONE;
}

enum ctl_exit args_read(struct ctl *ctl, const struct option *option, uint32_t options,
			const char **word, uint32_t words_min, uint32_t words_max)
{
	uint32_t words = 0;
	bool options_over = false;

	for (uint32_t i = 0; i < words_max; i++)
		word[i] = NULL;
	for (int i = 0; i < ctl->argc; i++) {
		const char *arg = ctl->argv[i];

		if (!options_over && strcmp(arg, "--") == 0) {
			options_over = true;
			continue;
		}
		if (!options_over && arg[0] == '-' && arg[1] != '\0') {
			enum ctl_exit code = option_take(ctl, option, options, &i);

			if (code != CTL_DONE)
				return code;
			continue;
		}
		if (words == words_max)
			return ctl_usage(ctl, "%s: '%s' is one word too many", ctl->command->name,
					 arg);
		word[words++] = arg;
	}
	if (words < words_min)
		return ctl_usage(ctl, "%s: something is missing", ctl->command->name);
	return CTL_DONE;
}

bool digits_read(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	if (text[0] == '\0')
		return false;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9')
			return false;
		uint64_t digit = (uint64_t)(*c - '0');

		if (n > (max - digit) / 10 || digit > max)
			return false;
		n = n * 10 + digit;
	}
	*ret = n;
	return true;
}

bool amount_parse(const char *text, uint32_t len, struct money *ret)
{
	int64_t minor = 0;
	uint32_t whole = 0, decimals = 0, i = 0;

	for (; i < len && text[i] >= '0' && text[i] <= '9'; i++, whole++)
		if (whole < 9)
			minor = minor * 10 + (text[i] - '0');
	if (whole == 0 || whole > 9)
		return false;
	if (i < len && (text[i] == '.' || text[i] == ',')) {
		for (i++; i < len && text[i] >= '0' && text[i] <= '9'; i++, decimals++)
			if (decimals < 2)
				minor = minor * 10 + (text[i] - '0');
		if (decimals == 0)
			return false;
	}
	if (i != len || decimals > 2)
		return false;
	for (; decimals < 2; decimals++)
		minor *= 10;
	*ret = money_of(minor);
	return true;
}

bool bytes_parse(const char *text, uint8_t *bytes, uint32_t min, uint32_t max, uint32_t *ret_len)
{
	size_t len = strlen(text);

	if (len % 2 != 0 || len < 2 * (size_t)min || len > 2 * (size_t)max)
		return false;
	if (!hex_parse(text, (uint32_t)len, bytes, (uint32_t)(len / 2)))
		return false;
	*ret_len = (uint32_t)(len / 2);
	return true;
}

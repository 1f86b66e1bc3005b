/* args.h: the words and options of one command, and the numbers in them, read strictly. */
#ifndef SHOP_SHOPCTL_ARGS_H
#define SHOP_SHOPCTL_ARGS_H

#include "base/money.h"
#include "shopctl/shopctl.h"

/** An option of a command: one of `value` (--name X, --name=X) and `flag` (--name) is set. */
struct option {
	const char *name; /* with its dashes */
	const char **value;
	bool *flag;
};

/**
 * args_read - sorts ctl's arguments into options and words; "--" ends the options.
 * @word: room for words_max; those that are not given are NULL.
 * @return CTL_DONE, or CTL_USAGE with its message said: an unknown option, one given twice, one
 * without its value, too few or too many words.
 */
enum ctl_exit args_read(struct ctl *ctl, const struct option *option, uint32_t options,
			const char **word, uint32_t words_min, uint32_t words_max);

/** digits_read - decimal digits only, at most `max`; false on anything else. */
MUST_CHECK bool digits_read(const char *text, uint64_t max, uint64_t *ret);

/** amount_parse - "250", "12.5", "12,50" of `len` bytes as an exact amount: at most 9 digits before
 * the point and two after it, no sign, no blank, no grouping. */
MUST_CHECK bool amount_parse(const char *text, uint32_t len, struct money *ret);

/** bytes_parse - hex of min..max bytes. */
MUST_CHECK bool bytes_parse(const char *text, uint8_t *bytes, uint32_t min, uint32_t max,
			    uint32_t *ret_len);

#endif

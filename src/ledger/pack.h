/* pack.h: which lines an invoice bears, as a row of invoice_pack tells them: "[12,13,21]". Internal
 * to ledger/. */
#ifndef SHOP_LEDGER_PACK_H
#define SHOP_LEDGER_PACK_H

#include <stdbool.h>
#include <stdint.h>

/** pack_next - takes the next number off *text, which begins at the bracket. False at the end;
 * *text is then at its NUL, or at what does not belong there. */
static inline bool pack_next(const char **text, uint64_t *ret)
{
	const char *at = *text;
	uint64_t n = 0;

	if (*at != '[' && *at != ',') {
		if (at[0] == ']' && at[1] == '\0')
			*text = at + 1;
		return false;
	}
	if (at[1] < '0' || at[1] > '9')
		return false;
	for (at++; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (uint64_t)(*at - '0');
	*text = at;
	*ret = n;
	return true;
}

#endif

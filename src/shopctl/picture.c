/*
 * picture.c: a QR code as text. Terminals are dark mostly, and a code whose light modules are the
 * terminal's ink reads right there; many scanners refuse one that is inverted.
 */
#include "shopctl/picture.h"

#include <stdlib.h>

#include "shoptoken.h"

enum ctl_exit picture_print(struct ctl *ctl, const char *text)
{
	struct shoptoken_qr *qr = malloc(sizeof(*qr));
	size_t size = SHOPTOKEN_TERMINAL_SIZE(SHOPTOKEN_QR_SIDE_MAX), len = 0;
	char *lines = malloc(size);
	bool drawn = qr && lines && shoptoken_qr(text, SHOPTOKEN_QR_L, qr) == 0 &&
		     shoptoken_qr_terminal(qr, 1, lines, size, &len) == 0;

	if (drawn)
		fwrite(lines, 1, len, ctl->out);
	free(lines);
	free(qr);
	return drawn ? CTL_DONE : ctl_fail(ctl, CTL_INTERNAL, "the QR code could not be drawn");
}

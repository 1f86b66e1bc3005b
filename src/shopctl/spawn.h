/* spawn.h: a short question to one of the shop's other programs. */
#ifndef SHOP_SHOPCTL_SPAWN_H
#define SHOP_SHOPCTL_SPAWN_H

#include "shopctl/shopctl.h"

/**
 * program_ask - runs `PROGRAM OPTION FILE` from this program's own folder, for ASK_TIMEOUT_MS at
 * most.
 * @text: what it said on stdout and stderr, cut at `size`.
 * @return CTL_DONE with its exit status, or CTL_INTERNAL with its message said.
 */
enum ctl_exit program_ask(struct ctl *ctl, const char *program, const char *option,
			  const char *file, char *text, uint32_t size, int *ret_status);

#endif

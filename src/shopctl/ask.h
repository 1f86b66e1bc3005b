/* ask.h: one question to shopd over control.sock, and what its answers mean for the exit code. */
#ifndef SHOP_SHOPCTL_ASK_H
#define SHOP_SHOPCTL_ASK_H

#include "shopctl/shopctl.h"
#include "wire/message.h"

#define ASK_TIMEOUT_MS	  5000
#define IMPORT_TIMEOUT_MS 60000 /* 200,000 articles in transactions, on a slow card */

/** shop_connect - connects to RUN/control.sock and greets. Codes and messages as shop_ask. */
enum ctl_exit shop_connect(struct ctl *ctl, int *ret_fd);

/**
 * shop_ask - sends *m (made with message_init) and reads its answer into *m.
 * @want: the answer's type. MESSAGE_DONE that says refused is CTL_REFUSED with shopd's own words.
 * @pass_fd: goes with the question, or -1.
 * @return CTL_DONE, CTL_REFUSED, CTL_UNREACHABLE (gone, or silent for timeout_ms), CTL_INTERNAL;
 * all but the first with their message said.
 */
enum ctl_exit shop_ask(struct ctl *ctl, int fd, union message *m, int pass_fd,
		       enum message_type want, int timeout_ms);

/** shop_answer - the next answer to question `request`, of whatever type (DONE or `also`). */
enum ctl_exit shop_answer(struct ctl *ctl, int fd, uint32_t request, enum message_type also,
			  union message *m, int timeout_ms);

/** shop_rows - asks for a list with the usual time-out, over a connection of its own, and hands
 * each answer of type `row` to `fn`, until MESSAGE_DONE ends it. shop_rows_on - over one that is
 * open. */
typedef void shop_row_fn(void *data, const union message *row);
enum ctl_exit shop_rows(struct ctl *ctl, enum message_type question, enum message_type row,
			shop_row_fn *fn, void *data);
enum ctl_exit shop_rows_on(struct ctl *ctl, int fd, enum message_type question,
			   enum message_type row, shop_row_fn *fn, void *data);

/** shop_call - connect, ask with the usual time-out, close. */
enum ctl_exit shop_call(struct ctl *ctl, union message *m, enum message_type want);

/** The request number of a question where nothing else is asked at the same time. */
#define ASK_REQUEST 1

#endif

/*
 * office.h: the courier's road to the head office (contracts 5). It carries, it never judges: what
 * to ask comes from shopd (MESSAGE_SYNC), every request is proven by a token of shopd's
 * (MESSAGE_PROOF), and what the office says goes to shopd unread (MESSAGE_SAID).
 *
 *   plan.c         what to ask next, and when again (pure)
 *   office.c       one request from proof to shopd's verdict
 *   office_ask.c   a lane's request: address, body, bounds
 *   office_up.c    a batch of entries, read from the ledger and packed; a tail, unpacked
 *   office_pulse.c the heartbeat's body
 *   answer.c       what an answer is to us (pure)
 */
#ifndef SHOP_COURIERD_OFFICE_H
#define SHOP_COURIERD_OFFICE_H

#include "base/version.h"
#include "courierd/plan.h"
#include "ledger/read.h"
#include "loop/loop.h"
#include "net/http_client.h"
#include "net/socket.h"

#define OFFICE_VERSION SHOPKEEPER_VERSION /* what this box says it runs */

struct office;

/** office_open - everything it is given outlives it. `state_dir` holds ledger.db. 0 or -errno. */
MUST_CHECK int office_open(struct loop *loop, struct link *link, struct http_client *http,
			   const char *state_dir, uint64_t seed, struct office **ret);
void office_close(struct office *o);

/** office_link - shopd is here, or gone. office_message - one of its messages; false when it is not
 * about the office. */
void office_link(struct office *o, bool up);
bool office_message(struct office *o, const union message *m);

/** A request, before its proof. `body` is malloc'ed, or NULL. */
struct office_request {
	char url[HTTP_URL_MAX + 1];
	const char *method, *purpose; /* purpose: of the proof */
	const char *content_type, *content_encoding;
	uint8_t *body;
	uint32_t body_len, answer_max;
	int64_t total_ms;
};

/** office_request_make - 0; -EINVAL when it cannot be asked; -ENODATA when there is nothing to ask
 * (yet); other -errno of the ledger. */
MUST_CHECK int office_request_make(const struct plan *p, enum lane lane, struct reader *ledger,
				   struct office_request *ret);
void office_request_free(struct office_request *r);

/** office_batch - entries after `acked`, packed, into a malloc'ed *ret: 0, -ENODATA when there are
 * none, or -errno. office_batch_empty - none, only the hash of the acknowledged one: whether both
 * stand the same. office_batch_open - a packed batch, as it was before: malloc'ed, or NULL. */
MUST_CHECK int office_batch(struct reader *ledger, uint64_t acked, uint8_t **ret,
			    uint32_t *ret_len);
MUST_CHECK int office_batch_empty(const struct sha256 *acked_hash, uint8_t **ret,
				  uint32_t *ret_len);
uint8_t *office_batch_open(struct span packed, uint32_t *ret_len);

/** office_pulse - the heartbeat's body, of what shopd said last, now. */
void office_pulse(const struct plan *p, struct mono now, struct wall wall, struct builder *b);

#endif

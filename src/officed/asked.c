/*
 * asked.c: a request on a worker. What a person or a program signed for a write is good for that
 * one write, at whichever officed it arrives: it is used up in the database before anything is
 * done.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/pack.h"
#include "officed/web.h"

/** The body as its route wants it. False with the problem in the reply. */
static bool body_open(struct asked *a)
{
	uint32_t room = a->route->body_max;
	uint8_t *bytes;

	a->ask.body = (struct span){a->body, a->body_len};
	if (!a->packed)
		return true;
	bytes = malloc(room);
	if (bytes == NULL) {
		reply_problem(&a->reply, 503, "busy", "The office is short of memory; try again.");
		a->reply.retry_after_s = 2;
		return false;
	}
	if (!unpack((struct span){a->body, a->body_len}, bytes, room, &a->body_len)) {
		free(bytes);
		reply_problem(&a->reply, 400, "malformed",
			      "The body is no zstd frame of at most %u bytes unpacked.", room);
		return false;
	}
	free(a->body);
	a->body = bytes;
	a->packed = false;
	a->ask.body = (struct span){a->body, a->body_len};
	return true;
}

static int use_work(struct db *d, void *data)
{
	struct asked *a = data;
	int64_t rows;

	rows = db_do(d,
		     "INSERT INTO used_token(kid, cti, expires_at) VALUES($1, $2, $3) ON "
		     "CONFLICT(kid, cti) DO NOTHING",
		     DB_VALUES(db_bytes(a->ask.who.kid.byte, KID_SIZE),
			       db_bytes(a->ask.who.cti, a->ask.who.cti_len),
			       db_int(a->ask.who.exp_s * 1000)));
	a->good = rows == 1;
	return db_failed(d);
}

void asked_run(struct office *o, struct job *j)
{
	struct asked *a = j->data;

	if (!body_open(a))
		return;
	if (a->write && (a->ask.who.kind == WHO_OPERATOR || a->ask.who.kind == WHO_MEMBER)) {
		j->result = db_transact(o->db, use_work, a);
		if (j->result < 0)
			return;
		if (!a->good) {
			reply_problem(&a->reply, 401, "used",
				      "This token was used before: sign a new one for each "
				      "request.");
			return;
		}
	}
	j->result = a->route->answer(o, &a->ask, &a->reply);
	CHECK(j->result < 0 || a->reply.status != 0);
}

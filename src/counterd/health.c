/*
 * health.c: GET /v1/health: whether the shop is well, check by check, in words for its keeper.
 * What fails comes first, with what to do about it. The rules are core/checkup.h's.
 */
#include <stdlib.h>

#include "core/checkup.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "ledger/stamp.h"

#define CHECKS_JSON_MAX (128 + CHECKS_OF * (64 + 2 * JSON_TEXT_MAX(CHECKUP_TEXT_MAX)))

static void check_write(struct builder *b, uint32_t which, const struct checkup_result *r,
			enum language language)
{
	char text[CHECKUP_TEXT_MAX];

	checkup_text(which, r, language, text);
	json_put(b, "{");
	json_member(b, "check");
	json_text(b, check_of_word(which));
	json_member(b, "ok");
	json_bool(b, r->well);
	json_member(b, "text");
	json_text(b, text);
	json_member(b, "fix");
	json_words(b, finding_fix(which, r->finding, language));
	json_put(b, "}");
}

static void on_health(struct counter *c, struct http_request *r, const union message *m)
{
	struct checkup_copy copy = {.now_ms = loop_wall().ms};
	struct backup_stamp stamp;
	enum language language =
		language_of(r->header[HTTP_ACCEPT_LANGUAGE], (enum language)c->config.language);
	struct builder b = builder_of(malloc(CHECKS_JSON_MAX), CHECKS_JSON_MAX);
	struct checkup_result result[CHECKS_OF];
	bool all = true, first = true;

	CHECK(b.data);
	if (backup_stamp_read(BACKUP_STAMP, &stamp))
		copy.at_ms = stamp.at.ms;
	checkup(&m->now_is, c->pending.list.row, c->pending.list.rows, &copy, result);
	for (uint32_t i = 0; i < CHECKS_OF; i++)
		all = all && result[i].well;
	json_put(&b, "{");
	json_member(&b, "ok");
	json_bool(&b, all);
	json_member(&b, "at");
	json_time(&b, loop_wall());
	json_member(&b, "checks");
	json_put(&b, "[");
	for (uint32_t turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < CHECKS_OF; i++) {
			if (result[i].well != (turn == 1))
				continue;
			json_put(&b, first ? "" : ",");
			first = false;
			check_write(&b, i, &result[i], language);
		}
	}
	json_put(&b, "]}");
	books_send(c, r, &b);
}

void health_show(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_VIEW, 0);
	m.view.what = VIEW_HEALTH;
	pending_ask_rows(c, call->request, &m, MESSAGE_NOW_IS, on_health);
}

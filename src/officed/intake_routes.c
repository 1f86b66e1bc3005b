/* intake_routes.c: where entries come in, and go out again. */
#include "officed/intake.h"
#include "officed/routes.h"

const struct office_route intake_routes[] = {
	{
		.method = "POST",
		.path = "/v1/shops/{shop}/entries",
		.who = FOR_BOX,
		.purpose = "entries",
		.content_type = "application/cbor-seq",
		.body_max = SYNC_BATCH_MAX + 64,
		.answer = box_entries_post,
	},
	{
		.method = "GET",
		.path = "/v1/shops/{shop}/entries",
		.who = FOR_BOX,
		.purpose = "entries",
		.answer = box_entries_get,
	},
	{0},
};

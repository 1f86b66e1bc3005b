/* pull_routes.c: what accounting systems pull. */
#include "officed/pull.h"
#include "officed/routes.h"

const struct office_route pull_routes[] = {
	{
		.method = "GET",
		.path = "/v1/invoices",
		.who = FOR_OPERATOR | FOR_CLIENT,
		.right = RIGHT_PULL,
		.answer = pull_invoices,
	},
	{
		.method = "GET",
		.path = "/v1/sales",
		.who = FOR_OPERATOR | FOR_CLIENT,
		.right = RIGHT_PULL,
		.answer = pull_sales,
	},
	{
		.method = "GET",
		.path = "/v1/stock",
		.who = FOR_OPERATOR | FOR_CLIENT,
		.right = RIGHT_PULL,
		.answer = pull_stock,
	},
	{0},
};

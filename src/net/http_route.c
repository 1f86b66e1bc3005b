/*
 * http_route.c: a path is compared segment by segment as it was sent: no percent-decoding, no dots,
 * no doubled slashes, so that there is one spelling of each.
 */
#include "net/http_route.h"

#include <string.h>

#include "base/check.h"

static bool path_fits(const char *pattern, const char *path, struct route_param *param)
{
	uint32_t params = 0;

	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		CHECK(params < ROUTE_PARAMS_MAX);
		param[params].text = path;
		param[params].len = (uint32_t)strcspn(path, "/");
		if (param[params].len == 0)
			return false;
		path += param[params++].len;
		pattern += strcspn(pattern, "}") + 1;
	}
	return *path == '\0';
}

static void allow_add(char allow[ROUTE_ALLOW_SIZE], const char *method)
{
	size_t len = strlen(allow), more = strlen(method);

	CHECK(len + 2 + more < ROUTE_ALLOW_SIZE);
	if (len > 0) {
		memcpy(allow + len, ", ", 2);
		len += 2;
	}
	memcpy(allow + len, method, more + 1);
}

/* A stream of events never ends, so there is no answer whose head alone could be told. */
static bool head_too(const struct route_row *row)
{
	return strcmp(row->method, "GET") == 0 && !row->endless;
}

static bool method_fits(const struct route_row *row, const char *method)
{
	return strcmp(row->method, method) == 0 || (head_too(row) && strcmp(method, "HEAD") == 0);
}

enum routed route_match(const struct route_row *row, uint32_t rows, const char *method,
			const char *path, struct route_match *ret)
{
	enum routed routed = ROUTED_NO_PATH;
	const char *meant = NULL;

	memset(ret, 0, sizeof(*ret));
	for (uint32_t i = 0; i < rows; i++) {
		struct route_param param[ROUTE_PARAMS_MAX] = {{NULL, 0}};

		if (!path_fits(row[i].path, path, param) ||
		    (meant && strcmp(row[i].path, meant) != 0))
			continue;
		meant = row[i].path;
		if (method_fits(&row[i], method)) {
			ret->allow[0] = '\0';
			ret->route = i;
			memcpy(ret->param, param, sizeof(param));
			return ROUTED;
		}
		routed = ROUTED_NO_METHOD;
		allow_add(ret->allow, row[i].method);
		if (head_too(&row[i]))
			allow_add(ret->allow, "HEAD");
	}
	return routed;
}

/*
 * fuzz_http_path.c: the router. The first byte picks the method, the rest is the path up to its
 * NUL. A parameter must lie within the path and hold no slash; a path must mean the same every
 * time.
 */
#include <string.h>

#include "counterd/router.c"

#define PATH_MAX_FUZZED 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void params_check(const struct route_match *m, const char *path)
{
	size_t len = strlen(path);

	for (uint32_t i = 0; i < ROUTE_PARAMS_MAX; i++) {
		const struct route_param *p = &m->param[i];

		if (!p->text)
			continue;
		CHECK(p->text >= path && p->text + p->len <= path + len && p->len > 0);
		CHECK(!memchr(p->text, '/', p->len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = {"GET",	 "HEAD", "POST",  "PUT", "DELETE",
					      "OPTIONS", "",	 "PATCH", "get", "PUT "};
	char path[PATH_MAX_FUZZED];
	struct route_match match, other;
	const char *method;
	enum routed routed;

	if (size < 1 || size > sizeof(path))
		return 0;
	method = methods[data[0] % ARRAY_LEN(methods)];
	memcpy(path, data + 1, size - 1);
	path[size - 1] = '\0';
	routed = route_find(method, path, &match);
	if (routed == ROUTED) {
		CHECK(match.route < ROUTES);
		params_check(&match, path);
	}
	/* whether there is such a path does not hang on the method */
	CHECK((route_find("TRACE", path, &other) == ROUTED_NO_PATH) == (routed == ROUTED_NO_PATH));
	CHECK((routed == ROUTED_NO_METHOD) == (match.allow[0] != '\0'));
	CHECK(memchr(match.allow, '\0', sizeof(match.allow)));
	return 0;
}

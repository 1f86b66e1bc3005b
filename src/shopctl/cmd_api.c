/*
 * cmd_api.c: a request to the head office as a person types it: for what has no command of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/http_client.h"
#include "shopctl/args.h"
#include "shopctl/file.h"
#include "shopctl/office_api.h"

#define TYPE_JSON "application/json"

struct request {
	const char *method, *path, *body; /* body: as typed; NULL: none */
	const char *at, *operator, * type, *out;
	char *bytes; /* what the body is */
	uint32_t len;
};

static bool method_right(const char *method)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

	for (uint32_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], method) == 0)
			return true;
	return false;
}

static enum ctl_exit stdin_read(struct ctl *ctl, struct request *q)
{
	ssize_t len;

	q->bytes = malloc(HTTP_LONG_MAX + 1);
	if (!q->bytes)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	len = file_read(STDIN_FILENO, q->bytes, HTTP_LONG_MAX + 1);
	if (len < 0 || len > HTTP_LONG_MAX)
		return ctl_fail(ctl, CTL_REFUSED, "stdin: %s",
				len < 0 ? strerror(errno) : "too much for one request");
	q->len = (uint32_t)len;
	return CTL_DONE;
}

static enum ctl_exit body_read(struct ctl *ctl, struct request *q)
{
	if (!q->body)
		return CTL_DONE;
	if (strcmp(q->body, "-") == 0)
		return stdin_read(ctl, q);
	if (q->body[0] != '{' && q->body[0] != '[')
		return file_whole(ctl, q->body, HTTP_LONG_MAX, &q->bytes, &q->len);
	q->bytes = strdup(q->body);
	q->len = (uint32_t)strlen(q->body);
	return q->bytes ? CTL_DONE : ctl_fail(ctl, CTL_INTERNAL, "out of memory");
}

/* A document, readable by nobody else: it bears names. */
static enum ctl_exit document_put(struct ctl *ctl, const struct request *q, const char *bytes,
				  size_t len)
{
	size_t done = 0;
	ssize_t n = 1;
	int fd;

	if (!q->out || strcmp(q->out, "-") == 0) {
		fwrite(bytes, 1, len, ctl->out);
		return ferror(ctl->out) ? ctl_fail(ctl, CTL_INTERNAL, "stdout cannot be written")
					: CTL_DONE;
	}
	fd = open(q->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while (fd >= 0 && done < len && n > 0) {
		n = write(fd, bytes + done, len - done);
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || done < len || close(fd) != 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", q->out, strerror(errno));
	ctl_say(ctl, "%s: %zu bytes", q->out, len);
	return CTL_DONE;
}

/* JSON is printed as it came, also for people: there is nothing else to say about it. */
static enum ctl_exit answer_say(struct ctl *ctl, const struct request *q, json_t *json,
				const char *bytes, size_t len)
{
	char *text;

	if (bytes)
		return document_put(ctl, q, bytes, len);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, json ? json_incref(json) : json_object());
	text = json ? json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
	if (text)
		fprintf(ctl->out, "%s\n", text);
	else
		ctl_say(ctl, "done");
	free(text);
	return CTL_DONE;
}

static enum ctl_exit ask(struct ctl *ctl, const struct request *q)
{
	const char *type = q->type ? q->type : TYPE_JSON;
	struct office_api api;
	enum ctl_exit code =
		q->at ? api_at(ctl, q->at, q->operator, & api) : api_find(ctl, q->operator, & api);
	json_t *json = NULL;
	char *bytes = NULL;
	size_t len = 0;

	if (code == CTL_DONE && !api.enrolled)
		code = ctl_fail(ctl, CTL_REFUSED,
				"this machine's shop has no office: say which with --at URL");
	if (code == CTL_DONE)
		code = api_call_any(ctl, &api, q->method, q->path, q->body ? type : NULL,
				    (struct span){(const uint8_t *)q->bytes, q->len}, &json, &bytes,
				    &len);
	api_forget(&api);
	if (code == CTL_DONE)
		code = answer_say(ctl, q, json, bytes, len);
	json_decref(json);
	free(bytes);
	return code;
}

enum ctl_exit shopctl_office(struct ctl *ctl)
{
	struct request q = {0};
	const struct option options[] = {{"--at", &q.at, NULL}, {"--operator", &q.operator, NULL },
								 {"--type", &q.type, NULL},
								 {"--out", &q.out, NULL}};
	const char *word[3];
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 2, 3);

	if (code != CTL_DONE)
		return code;
	q.method = word[0];
	q.path = word[1];
	q.body = word[2];
	if (!method_right(q.method))
		return ctl_usage(ctl, "%s is none of GET POST PUT PATCH DELETE", q.method);
	if (strncmp(q.path, "/v1/", 4) != 0)
		return ctl_usage(ctl, "the path begins with /v1/: see include/api/office.yaml");
	code = body_read(ctl, &q);
	if (code == CTL_DONE)
		code = ask(ctl, &q);
	free(q.bytes);
	return code;
}

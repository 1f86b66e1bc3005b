/*
 * modemtalk.c: src/net/modem.c as a program of its own, for tests/system/test_modem.py to talk
 * with.
 *
 *     modemtalk [BUS [PIN [SETTLE_MS]]]
 *
 * It reads "send NUMBER WORDS…" and "end" from stdin, and says one line of JSON for each thing that
 * it is told: {"state": …, "why": …}, {"from": hex, "text": hex}, {"sent": true | false, "of":
 * number, "trouble": …}, {"refused": errno}. `of` counts the sends from 1. Text is hex, so that a
 * line is one whatever a text says.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "net/modem.h"

enum {
	LINE_SIZE = 4096
};

static struct loop *loop;
static struct modem *modem;
static uintptr_t sends;

static void hex(const char *name, const char *text)
{
	printf("\"%s\": \"", name);
	for (; *text; text++)
		printf("%02x", (unsigned char)*text);
	printf("\"");
}

static void on_state(void *data, enum modem_state state, const char *why)
{
	(void)data;
	printf("{\"state\": \"%s\", ", modem_state_word(state));
	hex("why", why);
	printf("}\n");
}

static void on_text(void *data, const char *from, const char *text)
{
	(void)data;
	printf("{");
	hex("from", from);
	printf(", ");
	hex("text", text);
	printf("}\n");
}

static void on_sent(void *data, bool sent, const char *trouble)
{
	printf("{\"sent\": %s, \"of\": %lu, ", sent ? "true" : "false",
	       (unsigned long)(uintptr_t)data);
	hex("trouble", trouble);
	printf("}\n");
}

static void obey(char *line)
{
	char *number = strchr(line, ' ');
	char *words = number ? strchr(number + 1, ' ') : NULL;
	int r = -EINVAL;

	if (strcmp(line, "end") == 0) {
		loop_stop(loop);
		return;
	}
	if (words && strncmp(line, "send ", 5) == 0) {
		*words++ = 0;
		r = modem_send(modem, number + 1, words, on_sent, (void *)++sends);
	}
	if (r < 0)
		printf("{\"refused\": %d, \"of\": %lu}\n", -r, (unsigned long)sends);
}

static void on_stdin(void *data, int fd, uint32_t events)
{
	static char line[LINE_SIZE];
	static size_t have;
	ssize_t n = read(fd, line + have, sizeof(line) - 1 - have);
	char *end;

	(void)data;
	(void)events;
	if (n <= 0) {
		loop_stop(loop);
		return;
	}
	have += (size_t)n;
	line[have] = 0;
	while ((end = memchr(line, '\n', have))) {
		size_t len = (size_t)(end - line) + 1;

		*end = 0;
		obey(line);
		have -= len;
		memmove(line, line + len, have + 1);
	}
}

int main(int argc, char **argv)
{
	struct modem_config config = {
		.bus = argc > 1 ? argv[1] : "",
		.pin = argc > 2 ? argv[2] : "",
		.settle_ms = argc > 3 ? strtol(argv[3], NULL, 10) : 0,
	};
	struct watch *watch;
	int r = loop_new(&loop);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (r == 0)
		r = watch_add(loop, STDIN_FILENO, EPOLLIN, WATCH_NORMAL, on_stdin, NULL, &watch);
	if (r == 0)
		r = modem_open(loop, &config, on_state, on_text, NULL, &modem);
	if (r == 0)
		r = loop_run(loop);
	if (r < 0) {
		fprintf(stderr, "modemtalk: %s\n", strerror(-r));
		return 1;
	}
	modem_close(modem);
	watch_free(watch);
	loop_free(loop);
	return 0;
}

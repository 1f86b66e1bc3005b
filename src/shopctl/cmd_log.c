/*
 * cmd_log.c: what happened, entry by entry, from the ledger.
 *
 * Entries are read in pages, each a short query of its own, and printed as they come: neither the
 * shop's writing nor our memory minds how long the ledger is. To find where the newest N of a kind
 * begin, the pages are walked backwards first; the numbers of entries have no gaps.
 */
#include <stdlib.h>
#include <string.h>

#include "shopctl/args.h"
#include "shopctl/log_entry.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

#define LOG_PAGE	500
#define LOG_PEOPLE_MAX	200
#define LOG_PROGRAM_MAX 100000

struct log {
	struct ctl *ctl;
	struct reader *r;
	struct seq_entry *page;
	bool kind_given;
	uint16_t kind;
	uint64_t after; /* print what comes behind it */
	uint64_t max;
	uint64_t printed;
	bool more; /* there was more than max */
};

static bool wanted(const struct log *log, const struct seq_entry *e)
{
	return !log->kind_given || e->kind == log->kind;
}

/** Sets log->after so that at most log->max wanted entries follow. */
static int newest_find(struct log *log)
{
	uint64_t head, found = 0;
	int err = reader_head(log->r, &head);

	while (err == 0 && head > 0) {
		uint64_t after = head > LOG_PAGE ? head - LOG_PAGE : 0;
		int n = reader_entries(log->r, after, log->page, LOG_PAGE);

		if (n < 0)
			return n;
		for (int i = n - 1; i >= 0; i--) {
			if (log->page[i].seq > head || !wanted(log, &log->page[i]))
				continue;
			if (found++ == log->max) {
				log->after = log->page[i].seq;
				log->more = true;
				return 0;
			}
		}
		head = after;
	}
	return err;
}

static void text_line(struct ctl *ctl, const struct seq_entry *e)
{
	char at[WALL_PEOPLE_SIZE], text[ENTRY_TEXT_SIZE];

	wall_people(e->entry.at.ms, at);
	log_entry_text(e, text);
	ctl_say(ctl, "%8llu  %s  %-12s  %s", (unsigned long long)e->seq, at,
		entry_kind_word(e->kind), text);
}

/** Prints entries as one JSON array that is never wholly in memory. */
static bool json_line(struct log *log, const struct seq_entry *e)
{
	json_t *value = log_entry_json(e);

	if (!value)
		return false;
	fputs(log->printed == 0 ? "[" : ",\n", log->ctl->out);
	json_dumpf(value, log->ctl->out, JSON_COMPACT);
	json_decref(value);
	return true;
}

static enum ctl_exit page_print(struct log *log, int n)
{
	for (int i = 0; i < n; i++) {
		const struct seq_entry *e = &log->page[i];

		log->after = e->seq;
		if (!wanted(log, e))
			continue;
		if (log->printed == log->max) {
			log->more = true;
			return CTL_DONE;
		}
		if (!log->ctl->json)
			text_line(log->ctl, e);
		else if (!json_line(log, e))
			return ctl_fail(log->ctl, CTL_INTERNAL, "out of memory");
		log->printed++;
	}
	return CTL_DONE;
}

static enum ctl_exit pages_print(struct log *log)
{
	bool more = log->more;
	enum ctl_exit code = CTL_DONE;
	int n = LOG_PAGE;

	log->more = false;
	while (code == CTL_DONE && n == LOG_PAGE && !log->more) {
		n = reader_entries(log->r, log->after, log->page, LOG_PAGE);
		code = n < 0 ? read_failed(log->ctl, "ledger.db", n) : page_print(log, n);
	}
	log->more = log->more || more;
	return code;
}

static enum ctl_exit log_print(struct log *log, bool after_given)
{
	struct ctl *ctl = log->ctl;
	int err = after_given ? 0 : newest_find(log);

	if (err != 0)
		return read_failed(ctl, "ledger.db", err);
	enum ctl_exit code = pages_print(log);

	/* whatever was printed is one JSON value, also when the reading broke off */
	if (ctl->json && (log->printed > 0 || code == CTL_DONE)) {
		fputs(log->printed == 0 ? "[]\n" : "]\n", ctl->out);
		ctl->printed = true;
	}
	if (code == CTL_DONE && log->more && !after_given)
		ctl_note(ctl, "Older entries are left out: --max N, --after SEQ show more.");
	else if (code == CTL_DONE && log->more)
		ctl_note(ctl, "There are more: go on with --after.");
	return code;
}

static enum ctl_exit log_options(struct log *log, const char *after, const char *max,
				 const char *kind)
{
	struct ctl *ctl = log->ctl;

	log->max = ctl->json ? LOG_PROGRAM_MAX : LOG_PEOPLE_MAX;
	if (after && !digits_read(after, INT64_MAX, &log->after))
		return ctl_usage(ctl, "--after takes an entry's number, not '%s'", after);
	if (max && (!digits_read(max, LOG_PROGRAM_MAX, &log->max) || log->max == 0))
		return ctl_usage(ctl, "--max is 1 to %d", LOG_PROGRAM_MAX);
	log->kind_given = kind != NULL;
	if (kind && !log_kind_parse(kind, &log->kind))
		return ctl_usage(ctl, "there is no kind '%s': %s", kind, log_kinds());
	return CTL_DONE;
}

enum ctl_exit shopctl_log(struct ctl *ctl)
{
	const char *after = NULL, *max = NULL, *kind = NULL;
	const struct option options[] = {
		{"--after", &after, NULL},
		{"--max", &max, NULL},
		{"--kind", &kind, NULL},
	};
	struct log log = {.ctl = ctl};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = log_options(&log, after, max, kind);
	if (code == CTL_DONE)
		code = read_open(ctl, &log.r);
	if (code != CTL_DONE)
		return code;
	log.page = calloc(LOG_PAGE, sizeof(*log.page));
	code = log.page ? log_print(&log, after != NULL)
			: ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	free(log.page);
	reader_close(log.r);
	return code;
}

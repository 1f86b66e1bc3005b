/*
 * cmd_ledger.c: the chain of hashes, recomputed from outside the program that wrote it. A chain
 * that does not hold is an answer (exit 1), not a failure to find one.
 */
#include <unistd.h>

#include "shopctl/args.h"
#include "shopctl/cmd_ledger.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

/** How far it is, over and over on one line; only for somebody who looks. */
static void progress(void *data, uint64_t done, uint64_t all)
{
	struct ctl *ctl = data;

	fprintf(ctl->err, "\rverifying %llu of %llu", (unsigned long long)done,
		(unsigned long long)all);
	fflush(ctl->err);
}

static enum ctl_exit result_print(struct ctl *ctl, const struct verify_result *v)
{
	char head[2 * sizeof(v->head) + 1];
	enum ctl_exit code = v->ok ? CTL_DONE : CTL_REFUSED;

	hex_text(v->head.byte, sizeof(v->head.byte), head);
	if (!v->ok)
		ctl_fail(ctl, CTL_REFUSED, "the ledger does not hold at entry %llu: %s",
			 (unsigned long long)v->bad_seq, v->why);
	if (ctl->json)
		return ctl_json(ctl, code,
				json_pack("{s:I, s:I, s:s, s:b}", "entries", (json_int_t)v->entries,
					  "erased", (json_int_t)v->erased, "head", head, "ok",
					  v->ok));
	ctl_say(ctl, "%llu entries, %llu of them erased, head %s: %s",
		(unsigned long long)v->entries, (unsigned long long)v->erased, head,
		v->ok ? "all hold" : "BROKEN");
	return code;
}

static enum ctl_exit ledger_verify(struct ctl *ctl)
{
	struct verify_result result = {0};
	struct reader *r = NULL;
	bool shown = isatty(STDERR_FILENO) == 1;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	int err = reader_verify(r, &result, shown ? progress : NULL, ctl);

	reader_close(r);
	if (shown)
		fprintf(ctl->err, "\r%40s\r", "");
	return err < 0 ? read_failed(ctl, "ledger.db", err) : result_print(ctl, &result);
}

enum ctl_exit shopctl_ledger(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"verify", ledger_verify},
					    {"check", ledger_check},
					    {"rebuild", ledger_rebuild},
					    {"export", ledger_export},
					    {"sie", ledger_sie}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}

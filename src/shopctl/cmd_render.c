/*
 * cmd_render.c: `shopctl invoice render`: an invoice or credit note of the books, with the names
 * that only whoever asks has (a party file), as UBL, PDF and CSV. Reads the ledger's file; asks
 * shopd for nothing but the shop's name, and does without it where there is none: at head office
 * the number says whose it is.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/read_books.h"
#include "shopctl/args.h"
#include "shopctl/desk.h"
#include "shopctl/read.h"
#include "shopctl/render.h"

struct asked {
	const char *number, *party, *out;
	uint32_t formats;
};

/** Takes every --format off the arguments: it alone may be given more than once. */
static enum ctl_exit formats_take(struct ctl *ctl, uint32_t *formats)
{
	static const char name[] = "--format";
	const size_t len = sizeof(name) - 1;
	bool over = false;
	int kept = 0;

	for (int i = 0; i < ctl->argc; i++) {
		char *arg = ctl->argv[i];

		over = over || strcmp(arg, "--") == 0;
		if (over || strncmp(arg, name, len) != 0 || (arg[len] && arg[len] != '=')) {
			ctl->argv[kept++] = arg;
			continue;
		}
		if (!arg[len] && i + 1 == ctl->argc)
			return ctl_usage(ctl, "--format lacks its value");
		const char *words = arg[len] ? arg + len + 1 : ctl->argv[++i];

		if (!render_parse(words, formats))
			return ctl_usage(ctl, "--format is ubl, pdf or csv, not '%s'", words);
	}
	ctl->argc = kept;
	return CTL_DONE;
}

static enum ctl_exit asked_read(struct ctl *ctl, struct asked *a)
{
	const struct option options[] = {{"--party", &a->party, NULL}, {"--out", &a->out, NULL}};
	enum ctl_exit code = formats_take(ctl, &a->formats);

	if (code == CTL_DONE)
		code = args_read(ctl, options, ARRAY_LEN(options), &a->number, 1, 1);
	if (code != CTL_DONE)
		return code;
	if (!a->party)
		return ctl_usage(ctl, "--party FILE says who sells and who pays");
	if (!a->formats)
		a->formats = (1u << RENDER_FORMATS) - 1;
	if (!a->out)
		a->out = ".";
	if (strcmp(a->out, "-") == 0 && (ctl->json || (a->formats & (a->formats - 1)) != 0))
		return ctl_usage(ctl, "--out - takes one --format, and no --json");
	return CTL_DONE;
}

/** The shop that the number is of: shopd's, or what stands before "-2026-000123". */
static bool shop_known(const struct shop_rules *rules, const char *number, struct place *ret)
{
	size_t len = strlen(number), tail = strlen("-2026-000123");

	*ret = rules->shop;
	if (ret->name[0])
		return true;
	if (len <= tail || len - tail > PLACE_MAX_LEN)
		return false;
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < len - tail; i++) {
		char c = number[i];

		ret->name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return place_valid(ret->name, (uint32_t)(len - tail));
}

static enum ctl_exit paper_render(struct ctl *ctl, const struct asked *a, struct place shop,
				  struct invoice_id id, const struct parties *parties)
{
	struct reader *r = NULL;
	struct paper *p = NULL;
	enum ctl_exit code = read_open(ctl, &r);

	if (code != CTL_DONE)
		return code;
	int found = reader_paper(r, id, &p);

	reader_close(r);
	if (found < 0)
		return read_failed(ctl, "ledger.db", found);
	if (found == 0)
		return ctl_fail(ctl, CTL_REFUSED, "refused: there is no %s", a->number);
	p->shop = shop;
	snprintf(p->currency, sizeof(p->currency), "%s", CURRENCY);
	code = render_papers(ctl, p, parties, a->formats, a->out);
	free(p);
	return code;
}

enum ctl_exit shopctl_render(struct ctl *ctl)
{
	struct asked asked = {0};
	struct shop_rules rules;
	struct parties parties = {0};
	struct invoice_id id;
	struct place shop;
	enum ctl_exit code = asked_read(ctl, &asked);

	if (code != CTL_DONE)
		return code;
	rules = shop_rules(ctl);
	code = number_read(ctl, &rules, asked.number, &id);
	if (code == CTL_DONE && !shop_known(&rules, asked.number, &shop))
		code = ctl_usage(ctl, "shopd is not there to say which shop this is: give the "
				      "whole number, like VIKEN-2026-000123");
	if (code == CTL_DONE)
		code = render_party(ctl, asked.party, &parties);
	if (code == CTL_DONE)
		code = paper_render(ctl, &asked, shop, id, &parties);
	explicit_bzero(&parties, sizeof(parties));
	return code;
}

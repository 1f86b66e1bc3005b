/*
 * render.h: a paper written as documents. Files appear whole or not at all, readable by their owner
 * alone: they bear a name.
 */
#ifndef SHOP_SHOPCTL_RENDER_H
#define SHOP_SHOPCTL_RENDER_H

#include "books/invoice.h"
#include "paper/party.h"
#include "shopctl/shopctl.h"

enum render_format {
	RENDER_UBL = 0,
	RENDER_PDF = 1,
	RENDER_CSV = 2,
};
#define RENDER_FORMATS 3

/** render_parse - "ubl", "pdf", "csv", or several of them with commas between: their bits are added
 * to *formats (1 << enum). False for any other word. */
MUST_CHECK bool render_parse(const char *words, uint32_t *formats);

/**
 * render_papers - the paper in each of `formats`, made in memory first: when one is refused, none
 * is written. Into `dir` as viken-2026-000123.xml, .pdf, .csv, or on stdout when `dir` is "-" (one
 * format, no --json).
 */
enum ctl_exit render_papers(struct ctl *ctl, const struct paper *p, const struct parties *parties,
			    uint32_t formats, const char *dir);

/** render_party - reads and checks a party file; "-" is stdin. */
enum ctl_exit render_party(struct ctl *ctl, const char *path, struct parties *ret);

/** shopctl_render - `invoice render NUMBER --party FILE [--format F]… [--out DIR]`. */
command_fn shopctl_render;

#endif

/*
 * check.c: which visits the owner is asked to look at, by pictures or by what stands on the shelf.
 *
 * By rule: a long visit in which nothing was taken, one in which many lines were taken back, one
 * that took an article which counts have found short. By lot: a share of the visits of each level
 * of trust. It is a question to the owner and nothing else: nobody is held, and nobody is told.
 *
 * The lot was drawn when the visit began and is told to nobody, so that who goes in cannot know it;
 * the same draw gives the same answer, so that a simulation's seed reproduces it.
 */
#include "core/check.h"

#define BASIS_POINTS 10000

/* A visit that ended by its silence was as long as somebody was heard in it: who has left by an
 * open door is not there any more. */
static bool long_and_empty(const struct check_config *c, const struct visit *v, struct mono heard)
{
	return c->long_ms > 0 && v->lines == 0 && heard.ms - v->opened.ms >= c->long_ms;
}

static bool many_voids(const struct check_config *c, const struct visit *v)
{
	uint32_t voids = v->lines_ever - v->lines;

	return c->voids_min > 0 && voids >= c->voids_min &&
	       (uint64_t)voids * BASIS_POINTS >= (uint64_t)c->voids_bp * v->lines_ever;
}

bool check_pick(const struct shop_config *c, const struct visit *visit, struct mono heard,
		enum check_reason *ret)
{
	CHECK(visit->lines <= visit->lines_ever);
	if (visit->role != ROLE_MEMBER)
		return false;
	if (long_and_empty(&c->check, visit, heard))
		*ret = CHECK_LONG_AND_EMPTY;
	else if (many_voids(&c->check, visit))
		*ret = CHECK_MANY_VOIDS;
	else if (visit->shrinking)
		*ret = CHECK_SHRINKING_ARTICLE;
	else if ((uint32_t)visit->trust < TRUSTS &&
		 visit->lot % BASIS_POINTS < c->trust[visit->trust].check_bp)
		*ret = CHECK_SHARE;
	else
		return false;
	return true;
}

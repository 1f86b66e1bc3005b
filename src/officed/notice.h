/* notice.h: what a person has to know of a shop, beside office.h's notice_add() and notice_over():
 * with times of their own, for what began earlier than it was seen. */
#ifndef SHOP_OFFICED_NOTICE_H
#define SHOP_OFFICED_NOTICE_H

#include "officed/office.h"

/** notice_raise - as notice_add(); the text says that it holds since `since`. */
void notice_raise(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		  struct wall since, struct wall now);
/** notice_alarm - as notice_raise(), about an alarm of the shop. */
void notice_alarm(struct office *o, const char *shop, enum notice_kind kind,
		  enum condition condition, const char *place, struct wall since, struct wall now);
/** notice_end - as notice_over(), after `minutes`; `heard`: since when it is well again. Without
 * `tell` nobody gets a text. */
void notice_end(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		int64_t minutes, struct wall heard, bool tell);

/** notice_acknowledge - a person has seen it; what only a person can end is over by it. False when
 * there is none of this number. */
bool notice_acknowledge(struct office *o, const char *shop, int64_t n, const char *by,
			struct wall now);

#endif

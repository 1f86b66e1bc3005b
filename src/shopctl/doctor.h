/* doctor.h: what `shopctl doctor` has found, and how it is shown. */
#ifndef SHOP_SHOPCTL_DOCTOR_H
#define SHOP_SHOPCTL_DOCTOR_H

#include "core/checkup.h"
#include "shopctl/shopctl.h"

struct doctor {
	bool known[CHECKS_ALL]; /* looked at */
	struct checkup_result row[CHECKS_ALL];
};

/** doctor_language - Swedish where the environment says so (LC_ALL, LC_MESSAGES, LANG), else
 * English.
 */
enum language doctor_language(void);

/** doctor_print - what fails first, with what to do. @return `code`. */
enum ctl_exit doctor_print(struct ctl *ctl, const struct doctor *d, enum language language,
			   enum ctl_exit code);

#endif

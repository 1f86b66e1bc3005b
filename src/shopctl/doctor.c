/* doctor.c: a row a check: a tick or a cross, how it is, and what to do about it. */
#include "shopctl/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "shopctl/text.h"

enum language doctor_language(void)
{
	static const char *const name[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (uint32_t i = 0; i < ARRAY_LEN(name); i++) {
		const char *value = getenv(name[i]);

		if (value && *value)
			return strncmp(value, "sv", 2) == 0 ? LANGUAGE_SV : LANGUAGE_EN;
	}
	return LANGUAGE_EN;
}

static json_t *row_json(uint32_t check, const struct checkup_result *r, enum language language)
{
	const char *fix = finding_fix(check, r->finding, language);
	char text[CHECKUP_TEXT_MAX];

	checkup_text(check, r, language, text);
	return json_pack("{s:s, s:b, s:o, s:o}", "check", check_of_word(check), "ok", r->well,
			 "text", json_clean(text), "fix", json_text_or_null(fix ? fix : ""));
}

static void row_say(struct ctl *ctl, uint32_t check, const struct checkup_result *r,
		    enum language language)
{
	const char *fix = finding_fix(check, r->finding, language);
	char text[CHECKUP_TEXT_MAX];

	checkup_text(check, r, language, text);
	ctl_say(ctl, "%s %-9s %s", r->well ? "✓" : "✗", check_of_word(check), text);
	if (fix && !r->well)
		ctl_say(ctl, "            → %s", fix);
}

enum ctl_exit doctor_print(struct ctl *ctl, const struct doctor *d, enum language language,
			   enum ctl_exit code)
{
	json_t *array = json_array();
	uint32_t count[2] = {0, 0};
	char at[WALL_TEXT_SIZE];

	for (uint32_t turn = 0; turn < 2; turn++)
		for (uint32_t i = 0; i < CHECKS_ALL; i++) {
			if (!d->known[i] || d->row[i].well != (turn == 1))
				continue;
			count[turn]++;
			row_say(ctl, i, &d->row[i], language);
			json_array_append_new(array, row_json(i, &d->row[i], language));
		}
	if (ctl->json) {
		wall_text(loop_wall(), at);
		return ctl_json(ctl, code,
				json_pack("{s:b, s:s, s:o}", "ok", count[0] == 0, "at", at,
					  "checks", array));
	}
	json_decref(array);
	if (count[0] == 0)
		ctl_say(ctl, language == LANGUAGE_SV ? "Allt är bra." : "All is well.");
	else
		ctl_say(ctl,
			language == LANGUAGE_SV ? "%u av %u behöver någon."
						: "%u of %u need somebody.",
			count[0], count[0] + count[1]);
	return code;
}

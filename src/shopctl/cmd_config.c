/*
 * cmd_config.c: is this configuration good? Only the program that reads a file knows, so it is
 * asked: `shopd --check FILE`, run from where shopctl itself stands. What it says is passed on,
 * cleaned; how it ended is the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "shopctl/args.h"
#include "shopctl/backup_kept.h"
#include "shopctl/config_contact.h"
#include "shopctl/file.h"
#include "shopctl/spawn.h"
#include "shopctl/text.h"
#include "wire/conf.h"

#define OWN "shopctl" /* reads backup.conf itself */

static const struct {
	const char *name, *program;
} readers[] = {{"shopd", "shopd"}, {"counterd", "counterd"}, {"courierd", "courierd"},
	       {"eyed", "eyed"},   {"officed", "officed"},   {"backup", OWN}};

#define FILES_MAX  16
#define OUTPUT_MAX 2048 /* bytes of what a program says that are passed on */

/** The program that a file is named after: "shopd.conf", "shopd-viken.conf". */
static const char *program_of(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;

	for (uint32_t i = 0; i < ARRAY_LEN(readers); i++) {
		size_t len = strlen(readers[i].name);

		if (strncmp(base, readers[i].name, len) == 0 &&
		    (base[len] == '.' || base[len] == '-'))
			return readers[i].program;
	}
	return NULL;
}

/** Runs the check. CTL_DONE and CTL_REFUSED are its answers. */
static enum ctl_exit check_run(struct ctl *ctl, const char *program, const char *file,
			       char text[OUTPUT_MAX])
{
	struct backup_conf conf;
	int status = 0;
	enum ctl_exit code;

	if (strcmp(program, OWN) == 0)
		return backup_conf_read(ctl, file, &conf);
	code = program_ask(ctl, program, "--check", file, text, OUTPUT_MAX, &status);

	if (code != CTL_DONE)
		return code;
	return status == 0 ? CTL_DONE : CTL_REFUSED;
}

/** Says line by line what the program said, so that no control character gets through. */
static void output_say(struct ctl *ctl, char *text)
{
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (*line)
			ctl_note(ctl, "%s", line);
	}
}

static enum ctl_exit file_check(struct ctl *ctl, const char *file, json_t *array)
{
	char text[OUTPUT_MAX] = "";
	const char *program = program_of(file);

	if (!program)
		return ctl_usage(ctl,
				 "%s: name it after the program that reads it: shopd.conf, "
				 "counterd.conf, courierd.conf, eyed.conf, officed.conf; or "
				 "backup.conf",
				 file);
	enum ctl_exit code = check_run(ctl, program, file, text);

	if (code != CTL_DONE && code != CTL_REFUSED)
		return code;
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	json_array_append_new(array, json_pack("{s:o, s:s, s:b, s:o}", "file", json_clean(file),
					       "program", program, "ok", code == CTL_DONE,
					       "message", json_text_or_null(text)));
	if (code == CTL_DONE)
		ctl_say(ctl, "%s: good", file);
	else
		output_say(ctl, text);
	return code;
}

/** The file among these that `program` reads, whole; NULL: it is not among them. free(). */
static char *text_of(struct ctl *ctl, const char *const *file, const char *program,
		     const char **ret_name)
{
	uint32_t len;
	char *text = NULL;

	for (uint32_t i = 0; i < FILES_MAX && file[i]; i++) {
		const char *reader = program_of(file[i]);

		if (!reader || strcmp(reader, program) != 0)
			continue;
		*ret_name = file[i];
		if (file_whole(ctl, file[i], CONF_TEXT_MAX, &text, &len) == CTL_DONE)
			return text;
	}
	return NULL;
}

/** Files that are good, each for itself: whether whom shopd.conf names is known to courierd.conf.
 */
static enum ctl_exit contact_check(struct ctl *ctl, const char *const *file, json_t *array)
{
	const char *name = "", *other = "";
	char *shopd = text_of(ctl, file, "shopd", &name);
	char *courierd = shopd ? text_of(ctl, file, "courierd", &other) : NULL;
	char contact[PLACE_MAX_LEN + 1] = "", why[CTL_MESSAGE_SIZE];
	enum ctl_exit code = CTL_DONE;

	if (courierd)
		contact_wanted(shopd, contact);
	if (contact[0] && !contact_known(courierd, contact)) {
		snprintf(why, sizeof(why), "[stock]: 'contact' is '%s', and %s has no [contact %s]",
			 contact, other, contact);
		json_array_append_new(array, json_pack("{s:o, s:s, s:b, s:o}", "file",
						       json_clean(name), "program", "shopd", "ok",
						       0, "message", json_clean(why)));
		ctl_note(ctl, "%s: %s", name, why);
		code = CTL_REFUSED;
	}
	free(courierd);
	free(shopd);
	return code;
}

static enum ctl_exit config_check(struct ctl *ctl)
{
	static const char *const usual[] = {"/etc/shopkeeper/shopd.conf",
					    "/etc/shopkeeper/counterd.conf",
					    "/etc/shopkeeper/courierd.conf"};
	const char *file[FILES_MAX];
	enum ctl_exit worst = args_read(ctl, NULL, 0, file, 0, FILES_MAX);
	json_t *array;

	if (worst != CTL_DONE)
		return worst;
	if (!file[0])
		memcpy(file, usual, sizeof(usual));
	array = json_array();
	for (uint32_t i = 0; i < FILES_MAX && file[i] && worst < CTL_USAGE; i++) {
		enum ctl_exit code = file_check(ctl, file[i], array);

		worst = code > worst ? code : worst;
	}
	if (worst == CTL_DONE)
		worst = contact_check(ctl, file, array);
	if (ctl->json && worst < CTL_USAGE)
		return ctl_json(ctl, worst, array);
	json_decref(array);
	return worst;
}

enum ctl_exit shopctl_config(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"check", config_check}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}

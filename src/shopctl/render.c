/*
 * render.c: documents to files. Names and addresses pass through: they are read, stand in the
 * documents that were asked for, and are wiped. A file is written beside its place under a name of
 * its own and put there by rename, so that whoever watches the folder never picks up half of it.
 */
#include "shopctl/render.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paper/pdf.h"
#include "paper/sheet.h"
#include "paper/ubl.h"
#include "shopctl/file.h"

static const struct {
	const char *word, *suffix;
} format[RENDER_FORMATS] = {
	[RENDER_UBL] = {"ubl", "xml"},
	[RENDER_PDF] = {"pdf", "pdf"},
	[RENDER_CSV] = {"csv", "csv"},
};

/** One document: its bytes, and where it is and shall be. */
struct document {
	char *bytes;
	size_t size;
	char path[CTL_PATH_SIZE], beside[CTL_PATH_SIZE]; /* beside: written, not yet renamed */
};

bool render_parse(const char *words, uint32_t *formats)
{
	for (;;) {
		size_t len = strcspn(words, ",");
		uint32_t f = 0;

		while (f < RENDER_FORMATS &&
		       (strlen(format[f].word) != len || strncmp(format[f].word, words, len) != 0))
			f++;
		if (f == RENDER_FORMATS)
			return false;
		*formats |= 1u << f;
		if (!words[len])
			return true;
		words += len + 1;
	}
}

static int write_as(enum render_format f, const struct paper *p, const struct parties *parties,
		    FILE *out, char why[PARTY_WHY_MAX])
{
	switch (f) {
	case RENDER_UBL:
		return ubl_write(p, parties, out, why);
	case RENDER_PDF:
		return pdf_write(p, parties, out);
	case RENDER_CSV:
		break;
	}
	return sheet_write(p, out);
}

static enum ctl_exit make(struct ctl *ctl, enum render_format f, const struct paper *p,
			  const struct parties *parties, struct document *ret)
{
	char why[PARTY_WHY_MAX] = "";
	FILE *out = open_memstream(&ret->bytes, &ret->size);
	int err;

	if (!out)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	err = write_as(f, p, parties, out, why);
	if (fclose(out) != 0 && err == 0)
		err = -ENOMEM;
	if (err != 0 && why[0])
		return ctl_fail(ctl, CTL_REFUSED, "refused: %s", why);
	if (err != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the %s could not be made: %s", format[f].word,
				strerror(-err));
	return CTL_DONE;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/** Writes the document beside its place. */
static enum ctl_exit lay_beside(struct ctl *ctl, struct document *d, const char *dir,
				const char *name)
{
	char hidden[NUMBER_TEXT_SIZE + 16];
	int fd;

	snprintf(hidden, sizeof(hidden), ".%s.XXXXXX", name);
	if (!ctl_path(d->path, dir, name) || !ctl_path(d->beside, dir, hidden)) {
		d->beside[0] = '\0';
		return ctl_fail(ctl, CTL_REFUSED, "the folder's name is too long");
	}
	fd = mkostemp(d->beside, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		d->beside[0] = '\0';
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", dir, strerror(errno));
	}
	bool good = write_all(fd, d->bytes, d->size) && fsync(fd) == 0;
	int err = errno;

	if (close(fd) != 0 || !good)
		return ctl_fail(ctl, CTL_REFUSED, "%s cannot be written: %s", d->path,
				strerror(good ? errno : err));
	return CTL_DONE;
}

static enum ctl_exit put_in_place(struct ctl *ctl, struct document *d)
{
	if (rename(d->beside, d->path) != 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", d->path, strerror(errno));
	d->beside[0] = '\0';
	return CTL_DONE;
}

static enum ctl_exit files_tell(struct ctl *ctl, const char *number, const struct document *d,
				uint32_t formats)
{
	json_t *files = ctl->json ? json_object() : NULL;

	for (uint32_t f = 0; f < RENDER_FORMATS; f++) {
		if (!(formats & 1u << f))
			continue;
		ctl_say(ctl, "%s", d[f].path);
		if (ctl->json)
			json_object_set_new(files, format[f].word, json_string(d[f].path));
	}
	if (!ctl->json)
		return CTL_DONE;
	return ctl_json(ctl, CTL_DONE, json_pack("{s:s, s:o}", "number", number, "files", files));
}

static enum ctl_exit files_write(struct ctl *ctl, const struct paper *p, struct document *d,
				 uint32_t formats, const char *dir)
{
	char number[NUMBER_TEXT_SIZE], lower[NUMBER_TEXT_SIZE], name[NUMBER_TEXT_SIZE + 4];
	enum ctl_exit code = CTL_DONE;
	uint32_t i = 0;

	number_text(p->shop, p->id, number);
	for (; number[i]; i++)
		lower[i] = (char)(number[i] >= 'A' && number[i] <= 'Z' ? number[i] - 'A' + 'a'
								       : number[i]);
	lower[i] = '\0';
	for (uint32_t f = 0; f < RENDER_FORMATS && code == CTL_DONE; f++) {
		snprintf(name, sizeof(name), "%s.%s", lower, format[f].suffix);
		if (formats & 1u << f)
			code = lay_beside(ctl, &d[f], dir, name);
	}
	for (uint32_t f = 0; f < RENDER_FORMATS && code == CTL_DONE; f++)
		if (formats & 1u << f)
			code = put_in_place(ctl, &d[f]);
	return code == CTL_DONE ? files_tell(ctl, number, d, formats) : code;
}

static enum ctl_exit stdout_write(struct ctl *ctl, const struct document *d, uint32_t formats)
{
	for (uint32_t f = 0; f < RENDER_FORMATS; f++)
		if (formats & 1u << f)
			fwrite(d[f].bytes, 1, d[f].size, ctl->out);
	return ferror(ctl->out) ? ctl_fail(ctl, CTL_INTERNAL, "stdout cannot be written")
				: CTL_DONE;
}

enum ctl_exit render_papers(struct ctl *ctl, const struct paper *p, const struct parties *parties,
			    uint32_t formats, const char *dir)
{
	struct document d[RENDER_FORMATS];
	bool to_stdout = strcmp(dir, "-") == 0;
	enum ctl_exit code = CTL_DONE;

	if (to_stdout && (ctl->json || (formats & (formats - 1)) != 0))
		return ctl_usage(ctl, "--out - takes one --format, and no --json");
	memset(d, 0, sizeof(d));
	for (uint32_t f = 0; f < RENDER_FORMATS && code == CTL_DONE; f++)
		if (formats & 1u << f)
			code = make(ctl, (enum render_format)f, p, parties, &d[f]);
	if (code == CTL_DONE && to_stdout)
		code = stdout_write(ctl, d, formats);
	else if (code == CTL_DONE)
		code = files_write(ctl, p, d, formats, dir);
	for (uint32_t f = 0; f < RENDER_FORMATS; f++) {
		if (d[f].beside[0])
			unlink(d[f].beside);
		if (d[f].bytes)
			explicit_bzero(d[f].bytes, d[f].size);
		free(d[f].bytes);
	}
	return code;
}

enum ctl_exit render_party(struct ctl *ctl, const char *path, struct parties *ret)
{
	bool from_stdin = strcmp(path, "-") == 0;
	char text[PARTY_FILE_MAX + 1], why[PARTY_WHY_MAX] = "";
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t len = fd < 0 ? -1 : file_read(fd, text, sizeof(text));
	enum ctl_exit code = CTL_DONE;

	if (len < 0)
		code = ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	else if (!party_read(text, (uint32_t)len, ret, why))
		code = ctl_fail(ctl, CTL_REFUSED, "refused: %s: %s", path, why);
	if (fd >= 0 && !from_stdin)
		close(fd);
	explicit_bzero(text, sizeof(text));
	return code;
}

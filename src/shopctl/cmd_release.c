/*
 * cmd_release.c: releases, signed where they are made and verified where they are installed. The
 * one who installs is root, and trusts neither the road nor the program that fetched them: what is
 * verified is a copy that nobody else can write, byte by byte, against a key that stands on the
 * box.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "ledger/backup.h"
#include "shopctl/args.h"
#include "shopctl/file.h"
#include "shopctl/secret.h"
#include "wire/release.h"

#define KEYS_USUAL "/etc/shopkeeper/release.keys"

static enum ctl_exit forms(struct ctl *ctl)
{
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);
	uint32_t ledger, catalogue;

	if (code != CTL_DONE)
		return code;
	books_forms(&ledger, &catalogue);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:i, s:i}", "ledger", (int)ledger, "catalogue",
					  (int)catalogue));
	ctl_say(ctl, "%u %u", ledger, catalogue);
	return CTL_DONE;
}

/** What a package's bytes are. */
static enum ctl_exit package_read(struct ctl *ctl, const char *dir, const char *name,
				  uint32_t *ret_size, struct sha256 *ret)
{
	char path[CTL_PATH_SIZE], *bytes = NULL;
	enum ctl_exit code;

	if (!ctl_path(path, dir, name))
		return ctl_usage(ctl, "a path is too long");
	code = file_whole(ctl, path, RELEASE_FILE_MAX, &bytes, ret_size);
	if (code == CTL_DONE)
		*ret = sha256(bytes, *ret_size);
	free(bytes);
	return code;
}

/* --- sign */

static int by_name(const void *a, const void *b)
{
	const struct release_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static enum ctl_exit packages_read(struct ctl *ctl, const char *dir, struct release *r)
{
	DIR *folder = opendir(dir);
	const struct dirent *entry;
	enum ctl_exit code = CTL_DONE;

	if (!folder)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", dir, strerror(errno));
	while (code == CTL_DONE && (entry = readdir(folder))) {
		size_t len = strlen(entry->d_name);
		struct release_file *f = &r->file[r->files];

		if (len < 5 || strcmp(entry->d_name + len - 4, ".deb") != 0)
			continue;
		if (r->files == RELEASE_FILES_MAX || len > RELEASE_NAME_MAX) {
			code = ctl_fail(ctl, CTL_REFUSED,
					"%s: a release has %d packages at most, with shorter names",
					dir, RELEASE_FILES_MAX);
			break;
		}
		memcpy(f->name, entry->d_name, len + 1);
		r->files++;
		code = package_read(ctl, dir, f->name, &f->size, &f->hash);
	}
	closedir(folder);
	qsort(r->file, r->files, sizeof(r->file[0]), by_name);
	return code;
}

static enum ctl_exit manifest_write(struct ctl *ctl, const char *dir, const char *key_path,
				    const struct release *r)
{
	char text[RELEASE_TEXT_MAX], path[CTL_PATH_SIZE];
	struct builder b = builder_of(text, sizeof(text));
	uint8_t secret[32], signature[64];
	struct public_key key;
	struct release again;
	enum ctl_exit code = secret_read(ctl, key_path, secret, &key);
	int err;

	if (code != CTL_DONE)
		return code;
	release_put(&b, r);
	err = b.failed ? -EMSGSIZE : es256_sign(secret, (const uint8_t *)text, b.len, signature);
	explicit_bzero(secret, sizeof(secret));
	release_sign_put(&b, signature);
	if (err < 0 || b.failed ||
	    !release_parse((struct span){(const uint8_t *)text, b.len}, &again))
		return ctl_fail(
			ctl, CTL_REFUSED,
			"refused: a version like 0.5.0, a machine like amd64, packages with "
			"plain names: one of them is not");
	if (!ctl_path(path, dir, "manifest"))
		return ctl_usage(ctl, "a path is too long");
	return file_new(ctl, path, text, b.len, 0644);
}

static enum ctl_exit sign(struct ctl *ctl)
{
	const char *key = NULL, *version = NULL, *arch = NULL, *dir = NULL;
	const struct option options[] = {
		{"--key", &key, NULL}, {"--version", &version, NULL}, {"--arch", &arch, NULL}};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &dir, 1, 1);
	struct release r;

	if (code != CTL_DONE)
		return code;
	if (!key || !version || !arch)
		return ctl_usage(ctl, "--key FILE, --version V and --arch A are needed");
	memset(&r, 0, sizeof(r));
	if (strlen(version) > RELEASE_VERSION_MAX || strlen(arch) > RELEASE_ARCH_MAX)
		return ctl_usage(ctl, "--version or --arch is too long");
	memcpy(r.version, version, strlen(version));
	memcpy(r.arch, arch, strlen(arch));
	books_forms(&r.ledger_form, &r.catalogue_form);
	code = packages_read(ctl, dir, &r);
	if (code == CTL_DONE && r.files == 0)
		code = ctl_fail(ctl, CTL_REFUSED, "%s holds no package (*.deb)", dir);
	if (code == CTL_DONE)
		code = manifest_write(ctl, dir, key, &r);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:s, s:i}", "version", r.version, "arch", r.arch,
					  "packages", (int)r.files));
	ctl_say(ctl, "%s/manifest: %s for %s, %u packages.", dir, r.version, r.arch, r.files);
	return CTL_DONE;
}

/* --- verify */

static enum ctl_exit signature_hold(struct ctl *ctl, const char *keys_path, const char *text,
				    const struct release *r)
{
	struct public_key key[RELEASE_KEYS_MAX];
	char *bytes = NULL;
	uint32_t len = 0, keys;
	enum ctl_exit code = file_whole(ctl, keys_path, RELEASE_KEYS_TEXT_MAX, &bytes, &len);

	if (code != CTL_DONE)
		return code;
	keys = release_keys((struct span){(const uint8_t *)bytes, len}, key);
	free(bytes);
	for (uint32_t i = 0; i < keys; i++)
		if (es256_verify(&key[i], (const uint8_t *)text, r->signed_len, r->signature) == 1)
			return CTL_DONE;
	return ctl_fail(ctl, CTL_REFUSED,
			keys > 0 ? "refused: no key of %s has signed it"
				 : "refused: %s holds no keys, or one that cannot be read",
			keys_path);
}

static enum ctl_exit manifest_read(struct ctl *ctl, const char *dir, const char *keys_path,
				   struct release *ret)
{
	char path[CTL_PATH_SIZE], *text = NULL;
	uint32_t len = 0;
	enum ctl_exit code;

	if (!ctl_path(path, dir, "manifest"))
		return ctl_usage(ctl, "a path is too long");
	code = file_whole(ctl, path, RELEASE_TEXT_MAX, &text, &len);
	if (code == CTL_DONE && !release_parse((struct span){(const uint8_t *)text, len}, ret))
		code = ctl_fail(ctl, CTL_REFUSED, "refused: %s is no manifest", path);
	if (code == CTL_DONE)
		code = signature_hold(ctl, keys_path, text, ret);
	free(text);
	return code;
}

static enum ctl_exit fits(struct ctl *ctl, const struct release *r, const char *arch,
			  const char *after)
{
	uint32_t ledger, catalogue;

	books_forms(&ledger, &catalogue);
	if (arch && strcmp(arch, r->arch) != 0)
		return ctl_fail(ctl, CTL_REFUSED, "refused: it is for %s, and this machine is %s",
				r->arch, arch);
	if (after && !release_newer(r->version, after))
		return ctl_fail(ctl, CTL_REFUSED, "refused: %s does not come after %s", r->version,
				after);
	if (r->ledger_form < ledger || r->catalogue_form < catalogue)
		return ctl_fail(
			ctl, CTL_REFUSED,
			"refused: it cannot read the books as they are kept now (form %u %u, "
			"it knows %u %u)",
			ledger, catalogue, r->ledger_form, r->catalogue_form);
	return CTL_DONE;
}

static enum ctl_exit verify(struct ctl *ctl)
{
	const char *keys = NULL, *arch = NULL, *after = NULL, *dir = NULL;
	const struct option options[] = {
		{"--keys", &keys, NULL}, {"--arch", &arch, NULL}, {"--after", &after, NULL}};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &dir, 1, 1);
	struct release r;

	if (code == CTL_DONE)
		code = manifest_read(ctl, dir, keys ? keys : KEYS_USUAL, &r);
	if (code == CTL_DONE)
		code = fits(ctl, &r, arch, after);
	for (uint32_t i = 0; code == CTL_DONE && i < r.files; i++) {
		struct sha256 hash;
		uint32_t size;

		code = package_read(ctl, dir, r.file[i].name, &size, &hash);
		if (code == CTL_DONE &&
		    (size != r.file[i].size || memcmp(&hash, &r.file[i].hash, sizeof(hash)) != 0))
			code = ctl_fail(ctl, CTL_REFUSED, "refused: %s/%s is not what was signed",
					dir, r.file[i].name);
	}
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:s, s:i, s:i, s:i}", "version", r.version, "arch",
					  r.arch, "ledger", (int)r.ledger_form, "catalogue",
					  (int)r.catalogue_form, "packages", (int)r.files));
	/* for the installer: what a line of a shell reads */
	ctl_say(ctl, "version %s %u %u", r.version, r.ledger_form, r.catalogue_form);
	for (uint32_t i = 0; i < r.files; i++)
		ctl_say(ctl, "file %s", r.file[i].name);
	return CTL_DONE;
}

enum ctl_exit shopctl_release(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"sign", sign}, {"verify", verify}, {"forms", forms}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}

/*
 * release.c: read as strictly as it is written: one form, one order, nothing twice and nothing
 * more. What a name may hold is a file's in one folder: no slash, and no dot or hyphen in front.
 */
#include "wire/release.h"

#include <stdio.h>
#include <string.h>

static const char head[] = "shopkeeper-release 1\n";

static bool among(char c, const char *more)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr(more, c));
}

static bool all_among(const char *text, const char *more)
{
	for (; *text; text++)
		if (!among(*text, more))
			return false;
	return true;
}

static bool name_good(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && among(name[0], "") && all_among(name, ".+~_-") &&
	       strcmp(name + len - 4, ".deb") == 0;
}

static bool version_good(const char *version)
{
	return version[0] >= '0' && version[0] <= '9' && all_among(version, ".+~-");
}

/* --- reading: word after word, each bounded by its place */

/* The text up to `end`, which is taken too, into word[size]; not empty. */
static bool word_take(struct span *rest, char end, char *word, uint32_t size)
{
	const uint8_t *at = rest->len > 0 ? memchr(rest->data, end, rest->len) : NULL;
	uint32_t len = at ? (uint32_t)(at - rest->data) : 0;

	if (len == 0 || len >= size || memchr(rest->data, '\0', len))
		return false;
	memcpy(word, rest->data, len);
	word[len] = '\0';
	rest->data += len + 1;
	rest->len -= len + 1;
	return true;
}

static bool this_take(struct span *rest, const char *text)
{
	uint32_t len = (uint32_t)strlen(text);

	if (rest->len < len || memcmp(rest->data, text, len) != 0)
		return false;
	rest->data += len;
	rest->len -= len;
	return true;
}

/* No sign, no zero in front: a number has one form. */
static bool number_take(struct span *rest, char end, uint32_t max, uint32_t *ret)
{
	char word[12];
	uint64_t n = 0;

	if (!word_take(rest, end, word, sizeof(word)) || word[0] == '0')
		return false;
	for (const char *c = word; *c; c++) {
		if (*c < '0' || *c > '9')
			return false;
		n = n * 10 + (uint64_t)(*c - '0');
	}
	*ret = (uint32_t)n;
	return n <= max;
}

static bool hex_take(struct span *rest, uint8_t *bytes, uint32_t len)
{
	char word[129];

	return word_take(rest, '\n', word, sizeof(word)) &&
	       strcspn(word, "ABCDEF") == strlen(word) &&
	       hex_parse(word, (uint32_t)strlen(word), bytes, len);
}

static bool file_take(struct span *rest, struct release *r)
{
	struct release_file *f;

	if (r->files == RELEASE_FILES_MAX)
		return false;
	f = &r->file[r->files++];
	if (!word_take(rest, ' ', f->name, sizeof(f->name)) || !name_good(f->name) ||
	    !number_take(rest, ' ', RELEASE_FILE_MAX, &f->size) ||
	    !hex_take(rest, f->hash.byte, sizeof(f->hash.byte)))
		return false;
	for (uint32_t i = 0; i + 1 < r->files; i++)
		if (strcmp(r->file[i].name, f->name) == 0)
			return false;
	return true;
}

bool release_parse(struct span text, struct release *ret)
{
	struct span rest = text;
	struct release r;

	memset(&r, 0, sizeof(r));
	if (text.len > RELEASE_TEXT_MAX || !this_take(&rest, head) ||
	    !this_take(&rest, "version ") ||
	    !word_take(&rest, '\n', r.version, sizeof(r.version)) || !version_good(r.version) ||
	    !this_take(&rest, "arch ") || !word_take(&rest, '\n', r.arch, sizeof(r.arch)) ||
	    !all_among(r.arch, "") || !this_take(&rest, "form ") ||
	    !number_take(&rest, ' ', RELEASE_FORM_MAX, &r.ledger_form) ||
	    !number_take(&rest, '\n', RELEASE_FORM_MAX, &r.catalogue_form))
		return false;
	while (this_take(&rest, "file "))
		if (!file_take(&rest, &r))
			return false;
	r.signed_len = text.len - rest.len;
	if (r.files == 0 || !this_take(&rest, "signature ") ||
	    !hex_take(&rest, r.signature, sizeof(r.signature)) || rest.len != 0)
		return false;
	*ret = r;
	return true;
}

/* --- writing */

static void put(struct builder *b, const char *text)
{
	build_bytes(b, text, (uint32_t)strlen(text));
}

void release_put(struct builder *b, const struct release *r)
{
	char line[RELEASE_NAME_MAX + 128], hash[65];

	put(b, head);
	snprintf(line, sizeof(line), "version %s\narch %s\nform %u %u\n", r->version, r->arch,
		 r->ledger_form, r->catalogue_form);
	put(b, line);
	for (uint32_t i = 0; i < r->files; i++) {
		hex_text(r->file[i].hash.byte, sizeof(r->file[i].hash.byte), hash);
		snprintf(line, sizeof(line), "file %s %u %s\n", r->file[i].name, r->file[i].size,
			 hash);
		put(b, line);
	}
}

void release_sign_put(struct builder *b, const uint8_t signature[64])
{
	char hex[129];

	hex_text(signature, 64, hex);
	put(b, "signature ");
	put(b, hex);
	put(b, "\n");
}

/* --- which is newer */

/* ~ before the end, the end before letters, letters before the rest. */
static int weight(char c)
{
	if (c == '~')
		return -1;
	if (c == '\0' || c == '-' || (c >= '0' && c <= '9'))
		return 0;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return c;
	return c + 256;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int compare_part(const char *a, const char *b)
{
	while (*a || *b) {
		int first = 0;

		while ((*a && !is_digit(*a)) || (*b && !is_digit(*b))) {
			if (weight(*a) != weight(*b))
				return weight(*a) - weight(*b);
			a += *a != '\0' && !is_digit(*a);
			b += *b != '\0' && !is_digit(*b);
		}
		while (*a == '0')
			a++;
		while (*b == '0')
			b++;
		while (is_digit(*a) && is_digit(*b)) {
			first = first ? first : *a - *b;
			a++;
			b++;
		}
		if (is_digit(*a) || is_digit(*b))
			return is_digit(*a) ? 1 : -1;
		if (first)
			return first;
	}
	return 0;
}

/* The last hyphen parts what Debian has added. */
static const char *halves(const char *version, char upstream[RELEASE_VERSION_MAX + 1])
{
	const char *hyphen = strrchr(version, '-');
	size_t len = hyphen ? (size_t)(hyphen - version) : strlen(version);

	len = len <= RELEASE_VERSION_MAX ? len : RELEASE_VERSION_MAX;
	memcpy(upstream, version, len);
	upstream[len] = '\0';
	return hyphen ? hyphen + 1 : "0";
}

bool release_newer(const char *a, const char *b)
{
	char of_a[RELEASE_VERSION_MAX + 1], of_b[RELEASE_VERSION_MAX + 1];
	const char *added_a = halves(a, of_a), *added_b = halves(b, of_b);
	int order = compare_part(of_a, of_b);

	return order > 0 || (order == 0 && compare_part(added_a, added_b) > 0);
}

/* --- who may release */

uint32_t release_keys(struct span text, struct public_key ret[RELEASE_KEYS_MAX])
{
	uint32_t keys = 0;

	if (text.len > RELEASE_KEYS_TEXT_MAX)
		return 0;
	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		uint32_t len = end ? (uint32_t)(end - text.data) : text.len;
		uint8_t both[64];

		if (len > 0 && text.data[0] != '#') {
			if (keys == RELEASE_KEYS_MAX ||
			    !hex_parse((const char *)text.data, len, both, sizeof(both)))
				return 0;
			memcpy(ret[keys].x, both, 32);
			memcpy(ret[keys++].y, both + 32, 32);
		}
		text.data += len + (end != NULL);
		text.len -= len + (end != NULL);
	}
	return keys;
}

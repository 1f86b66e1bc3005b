/*
 * mail.c: one mail by libcurl's SMTP. Its MIME parts are libcurl's too; the headers are ours, for
 * whatever a member has typed as a name goes through here.
 */
#include "net/mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"

enum {
	HEADER_MAX = 1200, /* a subject of MAIL_SUBJECT_MAX in encoded words, folded */
	WORD_BYTES_MAX =
		42, /* UTF-8 in one encoded word: 56 of base64, 75 with its frame (RFC 2047 2) */
	SMTP_BAD_LOGIN_MIN = 530, /* 530..535: about the login, which a person can mend */
	SMTP_BAD_LOGIN_MAX = 535,
};

bool mail_address_valid(const char *address)
{
	const char *at = strchr(address, '@');
	size_t len = strlen(address);

	if (!at || at == address || strchr(at + 1, '@') || len > MAIL_PATH_MAX ||
	    !strchr(at + 1, '.') || at[1] == '.' || address[len - 1] == '.')
		return false;
	for (const char *c = address; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\"<>()[],;:\\", *c))
			return false;
	return true;
}

static bool server_is_loopback(const char *server)
{
	static const char *const here[] = {"smtp://127.", "smtp://[::1]",
					   "smtp://localhost:", "smtp://localhost/"};

	for (uint32_t i = 0; i < ARRAY_LEN(here); i++)
		if (strncmp(server, here[i], strlen(here[i])) == 0)
			return true;
	return strcmp(server, "smtp://localhost") == 0;
}

const char *mail_server_allowed(const char *server)
{
	if (strncmp(server, "smtp://", 7) != 0 && strncmp(server, "smtps://", 8) != 0)
		return "has to begin with smtps:// or smtp://";
	if (strchr(server, '@'))
		return "has a user in it: that has a line of its own";
	for (const char *c = server; *c; c++)
		if (*c <= ' ' || *c >= 0x7f)
			return "has a character that no address has";
	return NULL;
}

/* --- headers */

struct header {
	char text[HEADER_MAX];
	size_t len;
};

static bool put(struct header *h, const char *text, size_t len)
{
	if (len >= sizeof(h->text) - h->len)
		return false;
	memcpy(h->text + h->len, text, len);
	h->len += len;
	h->text[h->len] = '\0';
	return true;
}

/* RFC 2047: words of whole letters, each short enough, folded. */
static bool put_words(struct header *h, const char *text)
{
	size_t left = strlen(text);
	char word[BASE64_SIZE(WORD_BYTES_MAX)];

	while (left > 0) {
		size_t take = left < WORD_BYTES_MAX ? left : WORD_BYTES_MAX;

		while (take < left && ((unsigned char)text[take] & 0xc0) == 0x80)
			take--;
		base64_encode(text, (uint32_t)take, word);
		if (!put(h, "=?UTF-8?B?", 10) || !put(h, word, strlen(word)) || !put(h, "?=", 2) ||
		    (take < left && !put(h, "\r\n ", 3)))
			return false;
		text += take;
		left -= take;
	}
	return true;
}

static bool is_plain_ascii(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text >= 0x7f || strchr("=?\"\\<>,;:@()", *text))
			return false;
	return true;
}

/* What people typed: refused if it could become more than the words of one line. */
static bool harmless(const char *text, size_t max)
{
	uint32_t len = (uint32_t)strnlen(text, max + 1), code, n;

	if (len > max)
		return false;
	for (uint32_t i = 0; i < len; i += n) {
		n = utf8_one(text + i, len - i, &code);
		if (n == 0 || utf8_harmful(code))
			return false;
	}
	return true;
}

static bool put_said(struct header *h, const char *text)
{
	return is_plain_ascii(text) && strlen(text) < 60 ? put(h, text, strlen(text))
							 : put_words(h, text);
}

static bool add(struct curl_slist **list, const struct header *h)
{
	struct curl_slist *more = curl_slist_append(*list, h->text);

	if (more)
		*list = more;
	return more != NULL;
}

static bool add_said(struct curl_slist **list, const char *name, const char *said)
{
	struct header h = {.len = 0};

	return put(&h, name, strlen(name)) && put_said(&h, said) && add(list, &h);
}

static bool add_person(struct curl_slist **list, const char *header, const char *name,
		       const char *address)
{
	struct header h = {.len = 0};
	bool good = put(&h, header, strlen(header));

	if (name[0])
		good = good && put_said(&h, name) && put(&h, " ", 1);
	return good && put(&h, "<", 1) && put(&h, address, strlen(address)) && put(&h, ">", 1) &&
	       add(list, &h);
}

static bool headers(const struct mail *m, struct curl_slist **list)
{
	struct header id = {.len = 0}, date = {.len = 0};

	return add_person(list, "From: ", m->from_name, m->from) &&
	       add_person(list, "To: ", m->to_name, m->to) &&
	       add_said(list, "Subject: ", m->subject) && put(&date, "Date: ", 6) &&
	       put(&date, m->date, strlen(m->date)) && add(list, &date) &&
	       put(&id, "Message-ID: <", 13) && put(&id, m->id, strlen(m->id)) &&
	       put(&id, ">", 1) && add(list, &id) &&
	       /* nobody's holiday notice is to answer an invoice (RFC 3834) */
	       add(list, &(struct header){.text = "Auto-Submitted: auto-generated"});
}

static const char *wrong_with(const struct mail *m)
{
	size_t bytes = strlen(m->text);

	if (!mail_address_valid(m->to) || !mail_address_valid(m->from))
		return "that is no mail address";
	if (!harmless(m->subject, MAIL_SUBJECT_MAX) || !harmless(m->to_name, MAIL_SUBJECT_MAX) ||
	    !harmless(m->from_name, MAIL_SUBJECT_MAX) || !harmless(m->id, MAIL_SUBJECT_MAX) ||
	    !harmless(m->date, MAIL_SUBJECT_MAX))
		return "a name or the subject has characters that no header may have";
	if (!utf8_valid(m->text, (uint32_t)strlen(m->text)))
		return "the text is not UTF-8";
	if (m->parts > MAIL_PARTS_MAX)
		return "too many documents";
	for (uint32_t i = 0; i < m->parts; i++) {
		if (!is_plain_ascii(m->part[i].name))
			return "a document's name may not go into a mail";
		bytes += m->part[i].len;
	}
	return bytes > MAIL_BYTES_MAX ? "the documents are too large for a mail" : NULL;
}

/* --- the mail */

static bool text_part(curl_mime *mime, const char *text)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	return part && curl_mime_data(part, text, CURL_ZERO_TERMINATED) == CURLE_OK &&
	       curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
	       curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
}

static bool document_part(curl_mime *mime, const struct mail_part *d)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	return part && curl_mime_data(part, d->bytes, d->len) == CURLE_OK &&
	       curl_mime_type(part, d->content_type) == CURLE_OK &&
	       curl_mime_filename(part, d->name) == CURLE_OK &&
	       curl_mime_encoder(part, "base64") == CURLE_OK;
}

static bool body(CURL *easy, const struct mail *m, curl_mime **ret)
{
	curl_mime *mime = curl_mime_init(easy);

	*ret = mime;
	if (!mime || !text_part(mime, m->text))
		return false;
	for (uint32_t i = 0; i < m->parts; i++)
		if (!document_part(mime, &m->part[i]))
			return false;
	return curl_easy_setopt(easy, CURLOPT_MIMEPOST, mime) == CURLE_OK;
}

static bool envelope(CURL *easy, const struct mail *m, struct curl_slist **to)
{
	char text[MAIL_PATH_MAX + 3];
	struct curl_slist *list;

	snprintf(text, sizeof(text), "<%s>", m->to);
	list = curl_slist_append(NULL, text);
	snprintf(text, sizeof(text), "<%s>", m->from);
	*to = list;
	return list && curl_easy_setopt(easy, CURLOPT_MAIL_FROM, text) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list) == CURLE_OK;
}

static bool road(CURL *easy, const struct mail *m, char *trouble)
{
	long tls = server_is_loopback(m->server) ? CURLUSESSL_TRY : CURLUSESSL_ALL;
	bool good = curl_easy_setopt(easy, CURLOPT_URL, m->server) == CURLE_OK &&
		    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
		    curl_easy_setopt(easy, CURLOPT_USE_SSL, tls) == CURLE_OK;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MAIL_CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)MAIL_TOTAL_MS);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, trouble);
	if (m->user[0])
		good = good && curl_easy_setopt(easy, CURLOPT_USERNAME, m->user) == CURLE_OK &&
		       curl_easy_setopt(easy, CURLOPT_PASSWORD, m->password) == CURLE_OK;
	return good;
}

/* What the server's last answer means for this mail. */
static int judged(CURL *easy, CURLcode result)
{
	long status = 0;

	if (result == CURLE_OK)
		return 0;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 500 && status < 600 &&
			       !(status >= SMTP_BAD_LOGIN_MIN && status <= SMTP_BAD_LOGIN_MAX)
		       ? -EINVAL
		       : -EAGAIN;
}

int mail_send(const struct mail *m, char why[MAIL_WHY_MAX])
{
	struct curl_slist *to = NULL, *list = NULL;
	const char *wrong = wrong_with(m);
	char trouble[CURL_ERROR_SIZE] = "";
	curl_mime *mime = NULL;
	CURL *easy = NULL;
	CURLcode result;
	int r = -EAGAIN;

	if (!wrong)
		wrong = mail_server_allowed(m->server);
	if (wrong) {
		snprintf(why, MAIL_WHY_MAX, "%s", wrong);
		return -EINVAL;
	}
	why[0] = '\0';
	easy = curl_easy_init();
	if (easy && road(easy, m, trouble) && envelope(easy, m, &to) && headers(m, &list) &&
	    body(easy, m, &mime) && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list) == CURLE_OK) {
		result = curl_easy_perform(easy);
		r = judged(easy, result);
		if (r < 0)
			snprintf(why, MAIL_WHY_MAX, "%.*s", MAIL_WHY_MAX - 1,
				 trouble[0] ? trouble : curl_easy_strerror(result));
	} else {
		snprintf(why, MAIL_WHY_MAX, "the mail could not be made");
	}
	curl_easy_cleanup(easy);
	curl_mime_free(mime);
	curl_slist_free_all(to);
	curl_slist_free_all(list);
	return r;
}

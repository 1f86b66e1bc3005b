/* session.c: 64 places, looked through one by one: owners are few, and a comparison of hashes tells
 * an attacker nothing about a cookie. */
#include "counterd/session.h"

#include <string.h>

#include "net/base64url.h"
#include "crypto/es256.h"

static bool alive(const struct session *s, struct mono now)
{
	return s->number != 0 && !mono_due(now, mono_add(s->used_at, SESSION_IDLE_MS)) &&
	       !mono_due(now, mono_add(s->opened_at, SESSION_LIFE_MS));
}

static struct session *place_for_new(struct sessions *s, struct mono now)
{
	struct session *oldest = &s->place[0];

	for (uint32_t i = 0; i < SESSIONS_MAX; i++) {
		if (!alive(&s->place[i], now))
			return &s->place[i];
		if (s->place[i].used_at.ms < oldest->used_at.ms)
			oldest = &s->place[i];
	}
	return oldest;
}

uint64_t session_open(struct sessions *s, struct customer customer, enum role role, struct mono now,
		      char ret_secret[SESSION_SECRET_TEXT_SIZE])
{
	struct session *session = place_for_new(s, now);
	uint8_t secret[SESSION_SECRET_SIZE];

	random_bytes(secret, sizeof(secret));
	base64url_encode(secret, sizeof(secret), ret_secret);
	*session = (struct session){
		.secret = sha256(secret, sizeof(secret)),
		.opened_at = now,
		.used_at = now,
		.number = ++s->last_number,
		.customer = customer,
		.role = role,
	};
	return session->number;
}

/* The value of our cookie in a Cookie header (RFC 6265 4.2.1); false where it is absent, twice, or
 * no secret. */
static bool secret_of(const char *cookie, uint8_t ret[SESSION_SECRET_SIZE])
{
	const size_t name_len = strlen(SESSION_COOKIE);
	const char *value = NULL;
	uint32_t len = 0, n;

	while (cookie && *cookie) {
		size_t pair = strcspn(cookie, ";");

		if (pair > name_len && memcmp(cookie, SESSION_COOKIE, name_len) == 0 &&
		    cookie[name_len] == '=') {
			if (value)
				return false;
			value = cookie + name_len + 1;
			len = (uint32_t)(pair - name_len - 1);
		}
		cookie += pair;
		cookie += strspn(cookie, "; ");
	}
	return value && base64url_decode(value, len, ret, SESSION_SECRET_SIZE, &n) &&
	       n == SESSION_SECRET_SIZE;
}

struct session *session_use(struct sessions *s, const char *cookie, struct mono now)
{
	uint8_t secret[SESSION_SECRET_SIZE];
	struct sha256 hash;

	if (!secret_of(cookie, secret))
		return NULL;
	hash = sha256(secret, sizeof(secret));
	for (uint32_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *session = &s->place[i];

		if (alive(session, now) &&
		    memcmp(session->secret.byte, hash.byte, sizeof(hash.byte)) == 0) {
			session->used_at = now;
			return session;
		}
	}
	return NULL;
}

bool session_alive(const struct sessions *s, uint64_t number, struct mono now)
{
	for (uint32_t i = 0; i < SESSIONS_MAX; i++)
		if (number != 0 && s->place[i].number == number)
			return alive(&s->place[i], now);
	return false;
}

void session_close(struct session *session)
{
	memset(session, 0, sizeof(*session));
}

void sessions_close(struct sessions *s, const struct customer *customer)
{
	for (uint32_t i = 0; i < SESSIONS_MAX; i++)
		if (!customer || customer_is(s->place[i].customer, *customer))
			session_close(&s->place[i]);
}

uint32_t sessions_alive(const struct sessions *s, struct mono now)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < SESSIONS_MAX; i++)
		n += alive(&s->place[i], now);
	return n;
}

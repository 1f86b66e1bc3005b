/*
 * people_party.c: a member's name and address, held to the rules by which invoices are made
 * (paper/party.h), so that no invoice fails later for want of a street. Its reader takes whole
 * party files; it is handed one with a seller that is nobody's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/people.h"
#include "paper/party.h"

static const char nobody[] =
	"{\"name\":\"Office\",\"street\":\"Street 1\",\"postcode\":\"111 11\",\"city\":\"City\","
	"\"country\":\"SE\",\"organisation_number\":\"5560360793\"}";

static bool judge(const json_t *party, char why[PARTY_WHY_MAX])
{
	json_t *seller = json_loads(nobody, 0, NULL);
	json_t *file = json_pack("{s:o, s:O}", "seller", seller, "buyer", (json_t *)party);
	char *text = file ? json_dumps(file, JSON_COMPACT) : NULL;
	struct parties *parties = calloc(1, sizeof(*parties));
	bool good;

	CHECK(text && parties);
	good = party_read(text, (uint32_t)strlen(text), parties, why);
	explicit_bzero(parties, sizeof(*parties));
	explicit_bzero(text, strlen(text));
	free(parties);
	free(text);
	json_decref(file);
	return good;
}

bool party_take(const json_t *party, char ret[PARTY_JSON_MAX + 1], struct reply *r)
{
	char why[PARTY_WHY_MAX] = "";
	char *text;
	size_t len;

	if (!json_is_object(party)) {
		reply_problem(r, 422, "bad_party",
			      "party is an object: name, street, postcode, city, country, email …");
		return false;
	}
	if (!judge(party, why)) {
		reply_problem(r, 422, "bad_party", "%s.", why);
		return false;
	}
	text = json_dumps(party, JSON_COMPACT);
	CHECK(text);
	len = strlen(text);
	if (len <= PARTY_JSON_MAX)
		memcpy(ret, text, len + 1);
	else
		reply_problem(r, 422, "bad_party", "party has at most %d bytes.", PARTY_JSON_MAX);
	explicit_bzero(text, len);
	free(text);
	return len <= PARTY_JSON_MAX;
}

bool party_has_email(const char *party)
{
	json_t *p = party[0] ? json_loads(party, 0, NULL) : NULL;
	bool has = json_string_length(json_object_get(p, "email")) > 0;

	json_decref(p);
	return has;
}

void party_reduce(char party[PARTY_JSON_MAX + 1], bool mail)
{
	static const char *const goes[] = {"phone", "reference", NULL};
	json_t *p = party[0] ? json_loads(party, 0, NULL) : NULL;
	char *text;

	for (uint32_t i = 0; p && goes[i]; i++)
		json_object_del(p, goes[i]);
	if (p && !mail)
		json_object_del(p, "email");
	text = p ? json_dumps(p, JSON_COMPACT) : NULL;
	explicit_bzero(party, PARTY_JSON_MAX + 1);
	if (text)
		snprintf(party, PARTY_JSON_MAX + 1, "%s", text);
	free(text);
	json_decref(p);
}

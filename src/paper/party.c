/*
 * party.c: a party file, read strictly. A misspelt word would silently leave a bankgiro or a VAT
 * number off every invoice, so a word that nobody knows is refused by name, as is one that belongs
 * to the other party, and what a document cannot do without is asked for here. Messages name words,
 * never what stands behind them.
 */
#include "paper/party.h"

#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "paper/party_words.h"
#include "wire/nearest.h"

enum {
	OF_SELLER = 1,
	OF_BUYER = 2,
	OF_BOTH = 3
};

/** Longer is no word of ours, nor near one. */
#define WORD_MAX 32

#define AT(member) offsetof(struct party, member), sizeof(((struct party *)0)->member)

/** Words that are text. */
static const struct word {
	const char *name;
	size_t offset, size;
	party_take *take;
	int of;
} words[] = {
	{"name", AT(name), party_text, OF_BOTH},
	{"street", AT(street), party_text, OF_BOTH},
	{"street2", AT(street2), party_text, OF_BOTH},
	{"postcode", AT(postcode), party_text, OF_BOTH},
	{"city", AT(city), party_text, OF_BOTH},
	{"country", AT(country), party_country, OF_BOTH},
	{"email", AT(email), party_email, OF_BOTH},
	{"phone", AT(phone), party_phone, OF_BOTH},
	{"organisation_number", AT(organisation_number), party_organisation, OF_BOTH},
	{"vat_number", AT(vat_number), party_vat, OF_BOTH},
	{"reference", AT(reference), party_text, OF_BUYER},
	{"bankgiro", AT(bankgiro), party_bankgiro, OF_SELLER},
	{"plusgiro", AT(plusgiro), party_plusgiro, OF_SELLER},
	{"iban", AT(iban), party_iban, OF_SELLER},
	{"bic", AT(bic), party_bic, OF_SELLER},
	{"registered_office", AT(registered_office), party_text, OF_SELLER},
};

/** Words that are true or false. */
static const struct flag {
	const char *name;
	size_t offset;
	int of;
} flags[] = {
	{"business", offsetof(struct party, business), OF_BUYER},
	{"f_tax", offsetof(struct party, f_tax), OF_SELLER},
};

/** One reading: whose words these are, and where to say what is wrong. */
struct reading {
	const char *who;
	int of;
	struct party *party;
	char *why;
};

__attribute__((format(printf, 2, 3))) static bool wrong(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, PARTY_WHY_MAX, format, args);
	va_end(args);
	return false;
}

static bool word_unknown(const struct reading *r, const char *name)
{
	uint32_t len = (uint32_t)strnlen(name, WORD_MAX);
	struct nearest n = nearest_to((struct span){(const uint8_t *)name, len});

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].of & r->of)
			nearest_consider(&n, words[i].name);
	for (uint32_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].of & r->of)
			nearest_consider(&n, flags[i].name);
	nearest_consider(&n, "endpoint");
	return wrong(r->why, "%s: there is no word '%.48s'%s", r->who, name,
		     nearest_hint(&n, "'", "'").text);
}

static bool text_take(const struct reading *r, const char *name, const struct word *w,
		      const json_t *value)
{
	char *to = (char *)r->party + w->offset;
	const char *right;

	if (!json_is_string(value))
		return wrong(r->why, "%s: %s has to be text in quotes", r->who, name);
	right = w->take(json_string_value(value), to, (uint32_t)w->size);
	return !right || wrong(r->why, "%s: %s has to be %s", r->who, name, right);
}

static bool endpoint_part(const struct reading *r, const char *name, const json_t *value)
{
	static const struct word scheme = {"scheme", AT(endpoint_scheme), party_scheme, OF_BOTH};
	static const struct word id = {"id", AT(endpoint), party_endpoint, OF_BOTH};

	if (strcmp(name, scheme.name) == 0)
		return text_take(r, "endpoint's scheme", &scheme, value);
	if (strcmp(name, id.name) == 0)
		return text_take(r, "endpoint's id", &id, value);
	return wrong(r->why, "%s: endpoint has scheme and id, no '%.48s'", r->who, name);
}

static bool endpoint_take(const struct reading *r, json_t *value)
{
	const struct party *p = r->party;

	if (!json_is_object(value))
		return wrong(r->why, "%s: endpoint has to be {\"scheme\": …, \"id\": …}", r->who);
	for (void *i = json_object_iter(value); i; i = json_object_iter_next(value, i))
		if (!endpoint_part(r, json_object_iter_key(i), json_object_iter_value(i)))
			return false;
	if (!p->endpoint_scheme[0] || !p->endpoint[0])
		return wrong(r->why, "%s: endpoint needs both scheme and id", r->who);
	if (strcmp(p->endpoint_scheme, "0088") == 0 && !party_gln(p->endpoint))
		return wrong(r->why, "%s: endpoint's id has to be a GLN, 13 digits", r->who);
	if (strcmp(p->endpoint_scheme, "0007") == 0 &&
	    (strlen(p->endpoint) != 10 || !party_luhn(p->endpoint)))
		return wrong(r->why, "%s: endpoint's id has to be an organisation number", r->who);
	return true;
}

static bool word_take(const struct reading *r, const char *name, json_t *value)
{
	if (strcmp(name, "endpoint") == 0)
		return endpoint_take(r, value);
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].name, name) != 0)
			continue;
		if (!(words[i].of & r->of))
			break;
		return text_take(r, name, &words[i], value);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (strcmp(flags[i].name, name) != 0 || !(flags[i].of & r->of))
			continue;
		if (!json_is_boolean(value))
			return wrong(r->why, "%s: %s has to be true or false", r->who, name);
		memcpy((char *)r->party + flags[i].offset, &(bool){json_is_true(value)},
		       sizeof(bool));
		return true;
	}
	return word_unknown(r, name);
}

/** What every invoice has to say of a party (EN 16931 BR-06 to BR-11; ML 2023:200 ch. 17). */
static bool whole(const struct reading *r)
{
	const struct party *p = r->party;
	const char *lacks = !p->name[0]	     ? "name"
			    : !p->street[0]  ? "street"
			    : !p->city[0]    ? "city"
			    : !p->country[0] ? "country"
					     : NULL;

	if (!lacks && strcmp(p->country, "SE") == 0 && !p->postcode[0])
		lacks = "postcode";
	if (lacks)
		return wrong(r->why, "%s: %s is missing", r->who, lacks);
	if (r->of == OF_SELLER && !p->vat_number[0] && !p->organisation_number[0])
		return wrong(r->why, "seller: vat_number or organisation_number is missing");
	if (p->bic[0] && !p->iban[0])
		return wrong(r->why, "%s: bic is of no use without iban", r->who);
	return true;
}

static bool party_take_all(const json_t *root, const struct reading *r)
{
	json_t *party = json_object_get(root, r->who);

	if (!party)
		return wrong(r->why, "%s is missing", r->who);
	if (!json_is_object(party))
		return wrong(r->why, "%s has to be an object: {\"name\": …}", r->who);
	for (void *i = json_object_iter(party); i; i = json_object_iter_next(party, i))
		if (!word_take(r, json_object_iter_key(i), json_object_iter_value(i)))
			return false;
	return whole(r);
}

static bool language_take(const json_t *root, enum language *ret, char *why)
{
	const json_t *value = json_object_get(root, "language");
	const char *word = json_string_value(value);

	*ret = word && strcmp(word, "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	if (value && (!word || (strcmp(word, "sv") != 0 && strcmp(word, "en") != 0)))
		return wrong(why, "language has to be \"sv\" or \"en\"");
	return true;
}

static bool root_take(json_t *root, struct parties *ret, char *why)
{
	const struct reading seller = {"seller", OF_SELLER, &ret->seller, why};
	const struct reading buyer = {"buyer", OF_BUYER, &ret->buyer, why};

	if (!json_is_object(root))
		return wrong(why, "a party file is an object: {\"seller\": …, \"buyer\": …}");
	for (void *i = json_object_iter(root); i; i = json_object_iter_next(root, i)) {
		const char *name = json_object_iter_key(i);

		if (strcmp(name, "seller") != 0 && strcmp(name, "buyer") != 0 &&
		    strcmp(name, "language") != 0)
			return wrong(why, "there is no word '%.48s', only seller, buyer, language",
				     name);
	}
	return language_take(root, &ret->language, why) && party_take_all(root, &seller) &&
	       party_take_all(root, &buyer);
}

bool party_read(const char *text, uint32_t len, struct parties *ret, char why[PARTY_WHY_MAX])
{
	struct parties parties = {0};
	json_error_t error;
	json_t *root;
	bool good;

	if (len > PARTY_FILE_MAX)
		return wrong(why, "the file is longer than %d bytes", PARTY_FILE_MAX);
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!root && json_error_code(&error) == json_error_duplicate_key)
		return wrong(why, "line %d: a word stands there twice", error.line);
	if (!root) /* jansson's own words would repeat what stands in the file */
		return wrong(why, "line %d: this is not JSON in UTF-8", error.line);
	good = root_take(root, &parties, why);
	json_decref(root);
	if (good)
		*ret = parties;
	return good;
}

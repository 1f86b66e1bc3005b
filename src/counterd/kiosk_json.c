/*
 * kiosk_json.c: the events of the kiosks' stream (include/api/shop.yaml, KioskPlace and what
 * follows it). A refusal brings its sentence in both languages: the screen shows the one that its
 * person reads, and none of these words are written twice.
 */
#include "counterd/kiosk_json.h"

#include "counterd/books.h"
#include "counterd/door_json.h"

static void event_begin(struct builder *b, const char *name)
{
	json_put(b, "event: ");
	json_put(b, name);
	json_put(b, "\ndata: {");
}

static void event_end(struct builder *b)
{
	json_put(b, "}\n\n");
}

static void sentence_put(struct builder *b, const char *sv, const char *en)
{
	json_put(b, "{");
	json_member(b, "sv");
	json_text(b, sv);
	json_member(b, "en");
	json_text(b, en);
	json_put(b, "}");
}

static void till_put(struct builder *b, const char *till, uint64_t visit)
{
	json_member(b, "till");
	json_text(b, till);
	json_member(b, "visit");
	json_visit(b, (struct visit_id){visit});
}

void kiosk_put_place(struct builder *b, const struct message_doors_are *doors,
		     const struct message_tills_are *tills)
{
	event_begin(b, "place");
	json_member(b, "doors");
	json_put(b, "[");
	for (uint32_t i = 0; i < doors->doors; i++) {
		json_put(b, i > 0 ? ",{" : "{");
		json_door_stands(b, &doors->door[i]);
		json_put(b, "}");
	}
	json_put(b, "]");
	json_member(b, "tills");
	json_put(b, "[");
	for (uint32_t i = 0; i < tills->tills; i++) {
		json_put(b, i > 0 ? ",{" : "{");
		till_put(b, tills->till[i].name, tills->till[i].visit);
		json_member(b, "silence_ms");
		json_int(b, tills->silence_ms);
		json_put(b, "}");
	}
	json_put(b, "]");
	event_end(b);
}

void kiosk_put_away(struct builder *b)
{
	event_begin(b, "away");
	event_end(b);
}

void kiosk_put_door(struct builder *b, const struct message_door *door)
{
	event_begin(b, "door");
	json_door_stands(b, door);
	event_end(b);
}

void kiosk_put_visit(struct builder *b, const char *till, uint64_t visit)
{
	event_begin(b, "visit");
	till_put(b, till, visit);
	event_end(b);
}

void kiosk_put_verdict(struct builder *b, const struct message_shown *s)
{
	enum verdict v = (enum verdict)s->verdict;

	event_begin(b, "verdict");
	json_member(b, s->till ? "till" : "door");
	json_text(b, s->name);
	json_member(b, "verdict");
	json_text(b, verdict_word(v));
	json_member(b, "text");
	if (v == VERDICT_ADMITTED)
		json_put(b, "null");
	else
		sentence_put(b, verdict_sentence(v, LANGUAGE_SV), verdict_sentence(v, LANGUAGE_EN));
	event_end(b);
}

/* What cannot be read is a code held up to the scanner, no page's question. */
static const char *line_sentence(enum answer a, enum language l)
{
	static const char *const malformed[LANGUAGES] = {
		[LANGUAGE_SV] = "Koden gick inte att läsa. Visa den igen, stilla och lite närmare.",
		[LANGUAGE_EN] = "The code could not be read. Show it again, still and a little "
				"closer.",
	};

	return a == ANSWER_MALFORMED ? malformed[l] : answer_sentence(a, l);
}

void kiosk_put_line(struct builder *b, const struct message_scanned *s)
{
	enum answer a = (enum answer)s->answer;
	bool taken = a == ANSWER_OK || a == ANSWER_REPEATED;

	event_begin(b, "line");
	till_put(b, s->till, s->visit);
	json_member(b, "key");
	json_words(b, s->key);
	json_member(b, "gtin");
	if (s->gtin)
		json_gtin(b, (struct gtin){s->gtin});
	else
		json_put(b, "null");
	json_member(b, "code");
	json_words(b, taken ? "" : answer_word(a));
	json_member(b, "text");
	if (taken)
		json_put(b, "null");
	else
		sentence_put(b, line_sentence(a, LANGUAGE_SV), line_sentence(a, LANGUAGE_EN));
	event_end(b);
}

void challenge_put(struct builder *b, const struct message_challenge_is *c, int64_t changes_in_ms)
{
	json_member(b, "door");
	json_text(b, c->door);
	json_member(b, "challenge");
	json_text(b, c->text);
	json_member(b, "changes_in_ms");
	json_int(b, changes_in_ms > 0 ? changes_in_ms : 0);
}

void kiosk_put_challenge(struct builder *b, const struct message_challenge_is *c,
			 int64_t changes_in_ms)
{
	event_begin(b, "challenge");
	challenge_put(b, c, changes_in_ms);
	event_end(b);
}

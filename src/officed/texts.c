/*
 * texts.c: the sentences. Each kind of notice that people are told of has one in each language;
 * {shop}, {time}, {for} and {what} are filled in. Short enough for one SMS, and in the GSM
 * alphabet.
 */
#include "officed/texts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/span.h"

struct row {
	const char *word;
	bool event;
	const char *raised[LANGUAGES]; /* NULL: nobody is sent a text */
	const char *over[LANGUAGES];   /* NULL: the words for any */
};

static const struct row rows[NOTICE_KINDS] = {
	[NOTICE_SILENT] = {.word = "silent",
			   .raised = {"{shop}: kontoret hör inte butiken sedan {time}. Dörren "
				      "fungerar ändå. Se efter ström och internet på plats.",
				      "{shop}: the office has not heard the shop since {time}. The "
				      "door works all the same. Check power and internet there."},
			   .over = {"{shop}: butiken hörs igen sedan {time}. Den var tyst i {for}.",
				    "{shop}: the shop is heard again since {time}. It was silent "
				    "for {for}."}},
	[NOTICE_CLONE] = {.word = "clone",
			  .raised = {"{shop}: två boxar skriver för samma butik ({time}). Är en "
				     "kopierad eller stulen? Ring kontoret nu.",
				     "{shop}: two boxes write for one shop ({time}). Was one "
				     "copied or stolen? Call the office now."}},
	[NOTICE_EPOCH] = {.word = "epoch",
			  .event = true,
			  .raised = {"{shop}: boxen har börjat om från ett äldre läge ({time}). "
				     "Har ingen bytt kort eller box: ring kontoret.",
				     "{shop}: the box took up from an older state ({time}). If "
				     "nobody changed card or box: call the office."}},
	[NOTICE_UNREADABLE] = {.word = "unreadable"},
	[NOTICE_ENROLLED] = {.word = "enrolled",
			     .event = true,
			     .raised = {"{shop}: en box har kopplats till butiken {time}. Var det "
					"ingen av er: ring kontoret nu.",
					"{shop}: a box was enrolled for the shop {time}. If it was "
					"none of you: call the office now."}},
	[NOTICE_BROKEN] = {.word = "broken",
			   .raised = {"{shop}: boxens journal hänger inte ihop ({time}). Inget "
				      "nytt tas emot. Ring kontoret.",
				      "{shop}: the box's ledger does not hold together ({time}). "
				      "Nothing new is taken. Call the office."}},
	[NOTICE_MAIL] = {.word = "mail"},
	[NOTICE_HOOK] = {.word = "hook"},
	[NOTICE_MONEY] = {.word = "money"},
	[NOTICE_REVOKED] = {.word = "revoked",
			    .event = true,
			    .raised = {"{shop}: boxen spärrades {time}. Butiken får en ny kod från "
				       "kontoret när boxen är bytt.",
				       "{shop}: the box was revoked {time}. The office gives a new "
				       "code once the box is replaced."}},
	[NOTICE_TEXT] = {.word = "text"},
	[NOTICE_UNANSWERED] = {.word = "unanswered",
			       .raised = {"{shop}: LARM utan svar sedan {time}: {what}. Ring "
					  "någon som kan gå dit nu, eller gå själv.",
					  "{shop}: ALARM without an answer since {time}: {what}. "
					  "Call somebody who can go there now, or go."},
			       .over = {"{shop}: över: någon har svarat på larmet, eller det är "
					"borta ({time}).",
					"{shop}: over: somebody has answered the alarm, or it is "
					"gone ({time})."}},
	[NOTICE_REHEARSAL] = {.word = "rehearsal",
			      .raised = {"{shop}: larmövningen {time} fick inget svar. Kolla att "
					 "butikens kontakter får sms och vet hur de svarar.",
					 "{shop}: the rehearsal of {time} was not answered. See "
					 "that the shop's contacts get texts and know how to "
					 "answer."},
			      .over = {"{shop}: larmövningen är besvarad ({time}).",
				       "{shop}: the rehearsal is answered ({time})."}},
	[NOTICE_NO_TEXTS] = {.word = "no_texts",
			     .raised = {"{shop}: inga sms går ut från butiken sedan {time}. "
					"Kontoret skickar larmen i stället. Kolla sms-konto och "
					"modem.",
					"{shop}: no texts leave the shop since {time}. The office "
					"tells the alarms in its place. Check SMS account and "
					"modem."},
			     .over = {"{shop}: sms går ut från butiken igen sedan {time}.",
				      "{shop}: texts leave the shop again since {time}."}},
};

static const char *const over_any[LANGUAGES] = {
	"{shop}: det som kontoret skrev om är över ({time}).",
	"{shop}: what the office wrote about is over ({time}).",
};

bool notice_is_told(enum notice_kind kind)
{
	return rows[kind].raised[LANGUAGE_SV] != NULL;
}

bool notice_is_event(enum notice_kind kind)
{
	return rows[kind].event;
}

const char *notice_word(enum notice_kind kind)
{
	const char *word = (uint32_t)kind < NOTICE_KINDS ? rows[kind].word : NULL;

	return word != NULL ? word : "other";
}

static void time_text(struct wall at, char text[24])
{
	time_t seconds = (time_t)(at.ms / 1000);
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL || strftime(text, 24, "%H:%M", &local) == 0)
		snprintf(text, 24, "?");
}

static void for_text(int64_t minutes, enum language l, char text[40])
{
	if (minutes < 120)
		snprintf(text, 40, "%lld min", (long long)minutes);
	else if (minutes < 48 * 60)
		snprintf(text, 40, "%lld h", (long long)(minutes / 60));
	else
		snprintf(text, 40, "%lld %s", (long long)(minutes / (24 * 60)),
			 l == LANGUAGE_SV ? "dygn" : "days");
}

/** "door forced (front)" */
static void what_text(const struct notice_text *t, char text[TITLE_MAX + PLACE_MAX_LEN + 4])
{
	bool placed = t->place != NULL && t->place[0] != '\0';

	snprintf(text, TITLE_MAX + PLACE_MAX_LEN + 4, placed ? "%.*s (%.*s)" : "%.*s", TITLE_MAX,
		 condition_title(t->condition, t->language), PLACE_MAX_LEN, placed ? t->place : "");
}

static const char *value_of(const char *name, const struct notice_text *t, const char *at,
			    const char *length, const char *what)
{
	if (strncmp(name, "{shop}", 6) == 0)
		return t->title;
	if (strncmp(name, "{time}", 6) == 0)
		return at;
	if (strncmp(name, "{what}", 6) == 0)
		return what;
	CHECK(strncmp(name, "{for}", 5) == 0);
	return length;
}

static void fill(const char *sentence, const struct notice_text *t, char words[TEXT_WORDS_MAX + 1])
{
	struct builder b = builder_of(words, TEXT_WORDS_MAX);
	char at[24], length[40], what[TITLE_MAX + PLACE_MAX_LEN + 4];

	what_text(t, what);
	time_text(t->since, at);
	for_text(t->minutes, t->language, length);
	while (*sentence != '\0') {
		uint32_t plain = (uint32_t)strcspn(sentence, "{");
		const char *value;

		build_bytes(&b, sentence, plain);
		sentence += plain;
		if (*sentence == '\0')
			break;
		value = value_of(sentence, t, at, length, what);
		build_bytes(&b, value, (uint32_t)strnlen(value, sizeof(what)));
		sentence += strcspn(sentence, "}") + 1;
	}
	CHECK(!b.failed); /* the longest sentence and title fit with room to spare */
	words[b.len] = '\0';
}

void text_raised(const struct notice_text *t, char words[TEXT_WORDS_MAX + 1])
{
	CHECK(notice_is_told(t->kind));
	fill(rows[t->kind].raised[t->language], t, words);
}

void text_over(const struct notice_text *t, char words[TEXT_WORDS_MAX + 1])
{
	const char *own = rows[t->kind].over[t->language];

	fill(own != NULL ? own : over_any[t->language], t, words);
}

void text_many(uint32_t count, const char *titles, enum language language,
	       char words[TEXT_WORDS_MAX + 1])
{
	snprintf(words, TEXT_WORDS_MAX + 1,
		 language == LANGUAGE_SV
			 ? "Kontoret: %u meddelanden på en gång, om %s. Se kontorets lista."
			 : "Head office: %u notices at once, about %s. See the office's list.",
		 count, titles);
}

/*
 * texts.c: the sentences. Each condition has two, "raised" and "over", in each language, as a row
 * of a table; `{door}`, `{time}`, `{for}` and `{code}` are filled in. They are short enough for one
 * SMS with the longest names, keep to the GSM alphabet, and say what to do in the words that one
 * would use on the phone. Times are the shop's own.
 */
#include "courierd/texts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/check.h"

#define YEAR_9999_MS INT64_C(253402300799999)

/** raised, over */
struct sentences {
	const char *text[2];
};

static const struct sentences swedish[CONDITIONS] = {
	[CONDITION_HELD_OPEN] = {{"dörren {door} står öppen sedan {time}. Gå dit eller ring någon "
				  "som kan stänga. Kvittera: {code}",
				  "över: dörren {door} stängdes {time} efter {for}. Larm {code}"}},
	[CONDITION_FORCED] = {{"INBROTT? Dörren {door} öppnades {time} utan att någon släppts in. "
			       "Se efter, ring 112 om det pågår. Kvittera: {code}",
			       "dörren {door} är stängd igen sedan {time}, men bröts upp. Se "
			       "efter ändå. Kvittera: {code}"}},
	[CONDITION_TAMPER] = {{"SABOTAGE? Någon rörde utrustningen vid {door} {time}. Åk dit och "
			       "se efter. Kvittera: {code}",
			       "utrustningen vid {door} är hel igen sedan {time}. Se efter ändå. "
			       "Kvittera: {code}"}},
	[CONDITION_LEDGER_FAILING] = {{"disken tar inte emot köp sedan {time}. Ingen släpps in, "
				       "utgången fungerar. Se till boxen. Kvittera: {code}",
				       "över: köp sparas igen sedan {time}. Larm {code}"}},
	[CONDITION_SMS_FAILING] = {{"sms från butiken gick inte fram {time}. Se på sidan vad som "
				    "hänt och kontrollera sms-kontot. Kvittera: {code}",
				    "över: sms går fram igen sedan {time}. Larm {code}"}},
	[CONDITION_CLOCK_UNTRUSTED] = {{"klockan är osäker sedan {time}. Kort och skärmens kod "
					"öppnar, vanliga koder inte. Kolla nätet. Kvittera: {code}",
					"över: klockan går rätt igen sedan {time}. Larm {code}"}},
	[CONDITION_FIRE] = {{"BRANDLARM vid {door} {time}: dörren är olåst. Ring 112 om det "
			     "brinner. Kvittera: {code}",
			     "brandlarmet vid {door} är återställt {time}. Se efter att dörren "
			     "låser. Kvittera: {code}"}},
	[CONDITION_SENSOR_FAILING] = {{"en givare vid {door} är ur funktion sedan {time}: dörren "
				       "vaktas inte. Se till kablarna. Kvittera: {code}",
				       "över: givaren vid {door} fungerar igen sedan {time}. Larm "
				       "{code}"}},
	[CONDITION_CLOSE_REFUSED] = {{"månaden kunde inte stängas {time}: fakturorna väntar. "
				      "Skriv 'shopctl ledger check' på boxen. Kvittera: {code}",
				      "över: månaden är stängd sedan {time}. Larm {code}"}},
	[CONDITION_ROSTER_STALE] = {{"kontoret har inte hörts av sedan länge ({time}). Butiken "
				     "går som förut. Kolla nätet. Kvittera: {code}",
				     "över: kontoret hörs igen sedan {time}. Larm {code}"}},
	[CONDITION_OFFICE_REFUSED] = {{"kontoret nekar boxen sedan {time}: en annan box skriver, "
				       "eller den är spärrad. Ring kontoret. Kvittera: {code}",
				       "över: kontoret godtar boxen igen sedan {time}. Larm "
				       "{code}"}},
};

static const struct sentences english[CONDITIONS] = {
	[CONDITION_HELD_OPEN] = {{"door {door} has been open since {time}. Go there or call "
				  "somebody who can shut it. Acknowledge: {code}",
				  "over: door {door} was shut {time} after {for}. Alarm {code}"}},
	[CONDITION_FORCED] = {{"BREAK-IN? Door {door} was opened {time} and nobody had been let "
			       "in. Look, call 112 if it goes on. Acknowledge: {code}",
			       "door {door} is shut again since {time}, but was forced. Look all "
			       "the same. Acknowledge: {code}"}},
	[CONDITION_TAMPER] = {{"SABOTAGE? Somebody touched the equipment at {door} {time}. Go and "
			       "look. Acknowledge: {code}",
			       "the equipment at {door} is whole again since {time}. Look all the "
			       "same. Acknowledge: {code}"}},
	[CONDITION_LEDGER_FAILING] = {{"the disk takes no purchases since {time}. Nobody is let "
				       "in, the exit works. See to the box. Acknowledge: {code}",
				       "over: purchases are saved again since {time}. Alarm "
				       "{code}"}},
	[CONDITION_SMS_FAILING] = {{"a text from the shop did not get through {time}. See the page "
				    "for what happened, check the SMS account. Acknowledge: {code}",
				    "over: texts get through again since {time}. Alarm {code}"}},
	[CONDITION_CLOCK_UNTRUSTED] = {{"the clock is in doubt since {time}. Cards and the "
					"screen's code open, other codes do not. Check the net. "
					"Acknowledge: {code}",
					"over: the clock is right again since {time}. Alarm "
					"{code}"}},
	[CONDITION_FIRE] = {{"FIRE ALARM at {door} {time}: the door is unlocked. Call 112 if there "
			     "is a fire. Acknowledge: {code}",
			     "the fire alarm at {door} was reset {time}. See that the door locks. "
			     "Acknowledge: {code}"}},
	[CONDITION_SENSOR_FAILING] = {{"a sensor at {door} is out of order since {time}: the door "
				       "is not watched. See to the cables. Acknowledge: {code}",
				       "over: the sensor at {door} works again since {time}. Alarm "
				       "{code}"}},
	[CONDITION_CLOSE_REFUSED] = {{"the month could not be closed {time}: its invoices wait. "
				      "Type 'shopctl ledger check' on the box. Acknowledge: {code}",
				      "over: the month is closed since {time}. Alarm {code}"}},
	[CONDITION_ROSTER_STALE] = {{"no word from the office for too long ({time}). The shop goes "
				     "on as before. Check the net. Acknowledge: {code}",
				     "over: the office is heard again since {time}. Alarm {code}"}},
	[CONDITION_OFFICE_REFUSED] = {{"the office refuses this box since {time}: another one "
				       "writes, or it was revoked. Call the office. Acknowledge: "
				       "{code}",
				       "over: the office takes this box again since {time}. Alarm "
				       "{code}"}},
};

struct filling {
	const char *name; /* with its braces */
	char value[24];
};

static void fill_time(char value[24], int64_t at_ms, uint32_t before_s, enum language language)
{
	const char *format = language == LANGUAGE_SV ? "%H:%M:%S (%d/%m)" : "%H:%M:%S (%d %b)";
	struct tm local;
	time_t at;

	snprintf(value, 24, "?");
	if (at_ms < 0 || at_ms > YEAR_9999_MS)
		return;
	at = (time_t)(at_ms / 1000) - (time_t)before_s;
	if (localtime_r(&at, &local) == NULL || strftime(value, 24, format, &local) == 0)
		snprintf(value, 24, "?");
}

/** "45 s", "12 min", "3 h 5 min" */
static void fill_duration(char value[24], uint32_t seconds)
{
	uint32_t minutes = seconds / 60;

	if (seconds < 120)
		snprintf(value, 24, "%u s", seconds);
	else if (minutes < 120)
		snprintf(value, 24, "%u min", minutes);
	else
		snprintf(value, 24, "%u h %u min", minutes / 60, minutes % 60);
}

/** Appends as much of `text` as fits. */
static void append(char words[SMS_TEXT_MAX + 1], const char *text, size_t len)
{
	size_t have = strlen(words);

	if (len > SMS_TEXT_MAX - have)
		len = SMS_TEXT_MAX - have;
	memcpy(words + have, text, len);
	words[have + len] = '\0';
}

static void fill(char words[SMS_TEXT_MAX + 1], const char *sentence, const struct filling *with,
		 size_t fillings)
{
	while (*sentence != '\0') {
		size_t plain = strcspn(sentence, "{"), i = 0;

		append(words, sentence, plain);
		sentence += plain;
		if (*sentence == '\0')
			return;
		while (i < fillings && strncmp(sentence, with[i].name, strlen(with[i].name)) != 0)
			i++;
		CHECK(i < fillings); /* the table says nothing that cannot be filled in */
		append(words, with[i].value, strlen(with[i].value));
		sentence += strlen(with[i].name);
	}
}

void text_make(const char *shop, const struct message_notify *n, enum language language,
	       char words[SMS_TEXT_MAX + 1])
{
	struct filling with[] = {{"{door}", ""}, {"{time}", ""}, {"{for}", ""}, {"{code}", ""}};
	const struct sentences *table = language == LANGUAGE_SV ? swedish : english;
	bool since_opening = n->condition == CONDITION_HELD_OPEN && !n->cleared;
	const char *sentence;

	CHECK(n->condition < CONDITIONS && n->cleared < 2);
	sentence = table[n->condition].text[n->cleared];
	CHECK(sentence != NULL);
	snprintf(with[0].value, sizeof(with[0].value), "%s", n->place);
	/* the alarm came seconds after the door opened; a person wants to know of the opening */
	fill_time(with[1].value, n->at_ms, since_opening ? n->open_s : 0, language);
	fill_duration(with[2].value, n->open_s);
	snprintf(with[3].value, sizeof(with[3].value), "%u", n->code);
	words[0] = '\0';
	append(words, shop, strlen(shop));
	append(words, ": ", 2);
	fill(words, sentence, with, ARRAY_LEN(with));
}

/* ---- the GSM alphabet (3GPP TS 23.038, 6.2.1) ---- */

static const char gsm_letters[] =
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char gsm_escaped[] = "\f^{}\\[~]|€";

/** Bytes of the UTF-8 letter at `c`, taken at its word: it is looked up as a whole. */
static size_t letter_len(const char *c)
{
	unsigned char lead = (unsigned char)*c;
	size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	return strnlen(c, len);
}

static bool alphabet_has(const char *alphabet, const char *letter, size_t len)
{
	for (const char *c = alphabet; *c != '\0'; c += letter_len(c))
		if (letter_len(c) == len && memcmp(c, letter, len) == 0)
			return true;
	return false;
}

uint32_t text_septets(const char *words)
{
	uint32_t septets = 0;

	for (size_t len; *words != '\0'; words += len) {
		len = letter_len(words);
		if (alphabet_has(gsm_letters, words, len))
			septets += 1;
		else if (alphabet_has(gsm_escaped, words, len))
			septets += 2;
		else
			return 0;
	}
	return septets;
}

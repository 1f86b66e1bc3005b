/*
 * step.c: what happened -> the core -> what we do, in the order of design 2: now, record, after.
 *
 *~ door 5: the event that readers.c made arrives here, and the strike is set before anything else
 *is done. ~ purchase 3: the event that counter.c made arrives here; its row is queued, and the
 *answer waits for the disk.
 */
#include "shopd/shopd.h"

#include <string.h>

#include "crypto/es256.h"
#include "shopd/kiosk.h"
#include "shopd/nfc.h"
#include "shopd/told.h"

#define DRAW_SIZE 36 /* a visit's low bits 8, a line key 16, an alarm's code 4, a join code 8 */

/* Look-alikes (0 O, 1 I L) are left out: a person reads the code off another's phone. */
static void draw_join_code(const uint8_t *random, char code[9])
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

	for (uint32_t i = 0; i < 8; i++)
		code[i] = letters[random[i] % (sizeof(letters) - 1)];
	code[8] = '\0';
}

/* Random bytes for one event, drawn for many at once: the kernel's answer costs as much as a step.
 */
static const uint8_t *draw(struct shopd *sd)
{
	const uint8_t *bytes = sd->random + sd->random_used;

	if (sd->random_used + DRAW_SIZE > sizeof(sd->random) || sd->random_used == 0) {
		random_bytes(sd->random, sizeof(sd->random));
		sd->random_used = 0;
		bytes = sd->random;
	}
	sd->random_used += DRAW_SIZE;
	return bytes;
}

struct event shopd_event(struct shopd *sd, enum event_kind kind)
{
	struct event e;
	const uint8_t *random = draw(sd);

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = time_now(sd);
	memcpy(&e.draw.visit_low, random, sizeof(e.draw.visit_low));
	hex_text(random + 8, 16, e.draw.line_key);
	memcpy(&e.draw.alarm_code, random + 24, sizeof(e.draw.alarm_code));
	e.draw.alarm_code = 100000 + e.draw.alarm_code % 900000;
	draw_join_code(random + 28, e.draw.join_code);
	return e;
}

static void count_verdict(struct shopd *sd, const struct effect_verdict *v)
{
	if (v->verdict == VERDICT_ADMITTED)
		sd->counts.admissions++;
	else
		sd->counts.refusals++;
}

static void perform_now(struct shopd *sd, const struct effect *effect)
{
	union message m;

	switch (effect->kind) {
	case EFFECT_OUTPUT:
		doors_set(sd, effect->output.door, effect->output.part, effect->output.level);
		break;
	case EFFECT_LIGHT:
		readers_light(sd, effect->light.reader, effect->light.yes);
		break;
	case EFFECT_VERDICT:
		count_verdict(sd, &effect->verdict);
		readers_verdict(sd, effect->verdict.reader, effect->verdict.verdict);
		nfc_verdict_is(sd, &effect->verdict);
		kiosk_verdict(sd, &effect->verdict);
		if (effect->verdict.request.peer == 0)
			break;
		message_init(&m, MESSAGE_VERDICT, effect->verdict.request.tag);
		m.verdict.verdict = effect->verdict.verdict;
		m.verdict.role = effect->verdict.role;
		m.verdict.visit = effect->verdict.visit.n;
		m.verdict.unlock_ms = effect->verdict.unlock_ms;
		memcpy(m.verdict.customer, effect->verdict.customer.byte,
		       sizeof(m.verdict.customer));
		peers_send(sd, effect->verdict.request.peer, &m);
		break;
	case EFFECT_DONE:
		control_done(sd, &effect->done);
		break;
	case EFFECT_NOTIFY:
		courier_notify(sd, &effect->notify);
		break;
	case EFFECT_ENOUGH:
		courier_enough(sd, &effect->enough);
		break;
	case EFFECT_PICTURE:
		/* nobody waits for a camera, nor for courierd: what it does not see is not kept */
		(void)courier_picture(sd, effect->picture.kind, effect->picture.ref);
		break;
	case EFFECT_LOG:
		journal_line(sd, "%s", effect->log.text);
		break;
	case EFFECT_VISIT:
	case EFFECT_LINE:
	case EFFECT_CLOSED:
	case EFFECT_INVITED:
	case EFFECT_BEEP:
		CHECK(effect->kind < EFFECT_VISIT); /* they wait for the disk */
		break;
	}
}

/* Purchases stand in the ledger and are not repeated in the log: 30,000 lines of a busy till would
 * push the one about the door out of it. */
static bool logged(enum entry_kind kind)
{
	return kind != ENTRY_LINE && kind != ENTRY_LINE_VOIDED && kind != ENTRY_VISIT_JOINED;
}

/* What the ledger remembers is there for the lists as soon as the core has it. */
static void remember(struct shopd *sd, const struct event *event)
{
	if (!sd->told)
		return;
	if (event->kind == EVENT_START)
		told_remember(sd, &event->start.remembered);
	else if (event->kind == EVENT_LEDGER && event->ledger.news == LEDGER_WELL)
		told_remember(sd, &event->ledger.remembered);
}

void shopd_step(struct shopd *sd, const struct event *event)
{
	struct effects *effects = &sd->effects;
	char text[ENTRY_TEXT_SIZE];

	shop_step(&sd->shop, event, effects);
	remember(sd, event);
	for (uint32_t i = 0; i < effects->nows; i++)
		perform_now(sd, &effects->now[i]);
	if (effects->records > 0)
		keep_record(sd, effects);
	for (uint32_t i = 0; i < effects->afters; i++)
		replies_after(sd, &effects->after[i]);
	for (uint32_t i = 0; i < effects->records; i++) {
		if (!logged(effects->record[i].entry.kind))
			continue;
		entry_text(&effects->record[i].entry, text);
		journal_line(sd, "%s", text);
	}
	time_rearm(sd);
	office_moved(sd);
	kiosk_moved(sd);
}

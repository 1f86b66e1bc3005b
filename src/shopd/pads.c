/*
 * pads.c: the two lines of a Wiegand keypad -> digits -> the PIN of a pass.
 *
 * Each pad has its lines for itself, apart from the doors': a name that is misspelt costs that pad
 * and no door. Pulses are put in order and cut by wire/wiegand.h; here they become what somebody
 * types. Digits are kept until `#` or `*`, or until nobody has typed for TYPING_MS, and are written
 * nowhere. A `#` with no pass waiting is a red light and no more: without a pass there is nothing
 * to guess at, and how often one may guess the core decides.
 *
 * A card that is held to the pad is not looked at: see wiegand.h. That it was tried is said in the
 * log, and how often, not which.
 */
#include "shopd/pads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "wire/wiegand.h"

#define PAD_RETRY_MS 2000
#define TYPING_MS    10000 /* from one key to the next; longer, and it is the next one's turn */
#define SAY_MS	     60000 /* the log hears of cards and broken bursts this often */
#define EDGES_MAX    128   /* a wake-up: 64 pulses; more is noise, and must not starve the door */

struct pad {
	struct pads *all;
	uint8_t reader; /* the scanner beside it */
	uint8_t door;
	struct gpio *gpio; /* NULL: not there */
	struct watch *watch;
	struct wiegand wire;
	char digits[PASS_PIN_MAX + 1];
	uint32_t typed;	       /* may be more than there is room for: then it is no PIN */
	struct mono forget_at; /* MONO_NEVER: nothing is typed */
	struct mono retry_at;  /* while gpio is NULL */
	struct mono say_at;    /* the log is told no sooner */
	uint32_t unsaid;
	bool complained;
};

struct pads {
	struct shopd *sd;
	struct timer *timer;
	uint32_t pads;
	struct pad pad[DOORS_MAX];
};

static const char *name_of(const struct pad *p)
{
	return p->all->sd->config.door[p->door].name;
}

/* --- what is typed */

static void forget(struct pad *p)
{
	explicit_bzero(p->digits, sizeof(p->digits));
	p->typed = 0;
	p->forget_at = MONO_NEVER;
}

static void enter(struct pad *p)
{
	struct shopd *sd = p->all->sd;

	if (p->typed > PASS_PIN_MAX || !readers_pin(sd, p->reader, p->digits))
		readers_light(sd, p->reader, false);
	forget(p);
}

static void on_key(struct pad *p, char key)
{
	if (key == '#') {
		enter(p);
	} else if (key == '*') {
		forget(p);
	} else {
		if (p->typed < PASS_PIN_MAX)
			p->digits[p->typed] = key;
		p->typed += p->typed <= PASS_PIN_MAX;
		p->forget_at = mono_add(loop_mono(), TYPING_MS);
	}
}

/* A card, or what no key says: once a minute, and how many there were. */
static void say(struct pad *p, enum wiegand_said what, uint32_t bits)
{
	p->unsaid++;
	if (!mono_due(loop_mono(), p->say_at))
		return;
	if (what == WIEGAND_CARD)
		journal_line(
			p->all->sd,
			"%s: the PIN pad tells a card's number (%u bits, %u times): not taken, "
			"for anybody who was near such a card can copy it",
			name_of(p), bits, p->unsaid);
	else
		journal_line(
			p->all->sd,
			"%s: the PIN pad's keys arrive broken (%u bits, %u times): keys of 4 or "
			"8 bits are read; is it set so, and its cable short and shielded?",
			name_of(p), bits, p->unsaid);
	p->unsaid = 0;
	p->say_at = mono_add(loop_mono(), SAY_MS);
}

static void bursts(struct pad *p)
{
	enum wiegand_said what;
	uint32_t bits;
	char key;

	while ((what = wiegand_take(&p->wire, loop_mono(), &key, &bits)) != WIEGAND_NOTHING) {
		if (what == WIEGAND_KEY)
			on_key(p, key);
		else
			say(p, what, bits);
	}
}

/* --- its lines */

static void timer_set(struct pads *all)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < all->pads; i++) {
		const struct pad *p = &all->pad[i];

		at = mono_min(at, p->forget_at);
		at = mono_min(at, p->gpio ? wiegand_deadline(&p->wire) : p->retry_at);
	}
	timer_arm(all->timer, at);
}

static void pad_gone(struct pad *p, const char *why)
{
	if (!p->complained)
		journal_line(p->all->sd, "%s: no PIN pad: %s", name_of(p), why);
	p->complained = true;
	watch_free(p->watch);
	p->watch = NULL;
	gpio_close(p->gpio);
	p->gpio = NULL;
	wiegand_init(&p->wire);
	forget(p);
	p->retry_at = mono_add(loop_mono(), PAD_RETRY_MS);
	readers_pad(p->all->sd, p->reader, true);
}

/* Takes what the lines have told; -errno: they are gone. */
static int pad_read(struct pad *p)
{
	struct gpio_edge edge;
	int r = 0;

	for (int i = 0; i < EDGES_MAX && (r = gpio_edge(p->gpio, &edge)) > 0; i++)
		if (edge.level) /* a pulse is where it begins; how long it is says nothing */
			wiegand_pulse(&p->wire, edge.at_us, edge.line == 1);
	return r < 0 ? r : 0;
}

static void on_edge(void *data, int fd, uint32_t events)
{
	struct pad *p = data;
	int r = pad_read(p);

	(void)fd;
	(void)events;
	if (r < 0)
		pad_gone(p, strerror(-r));
	timer_set(p->all);
}

static void pad_open(struct pad *p)
{
	struct shopd *sd = p->all->sd;
	struct gpio_line line[2] = {{.active_low = true, .pull_up = true},
				    {.active_low = true, .pull_up = true}};
	char why[200] = "";
	int r;

	for (int i = 0; i < 2; i++)
		memcpy(line[i].name, sd->config.door[p->door].pad[i], sizeof(line[i].name));
	r = gpio_open(sd->config.gpio, line, 2, &p->gpio, why);
	if (r == 0)
		r = watch_add(sd->loop, gpio_fd(p->gpio), EPOLLIN, WATCH_DOOR, on_edge, p,
			      &p->watch);
	if (r < 0) {
		pad_gone(p, why[0] ? why : strerror(-r));
		return;
	}
	if (p->complained)
		journal_line(sd, "%s: the PIN pad is there", name_of(p));
	p->complained = false;
	readers_pad(sd, p->reader, false);
}

static void on_timer(void *data)
{
	struct pads *all = data;
	struct mono now = loop_mono();

	for (uint32_t i = 0; i < all->pads; i++) {
		struct pad *p = &all->pad[i];
		int r = 0;

		if (!p->gpio && mono_due(now, p->retry_at))
			pad_open(p);
		/* what came while we were late is older than the silence */
		if (p->gpio && mono_due(now, wiegand_deadline(&p->wire)))
			r = pad_read(p);
		if (r < 0)
			pad_gone(p, strerror(-r));
		bursts(p);
		if (mono_due(now, p->forget_at))
			forget(p);
	}
	timer_set(all);
}

/* --- start and stop */

static uint8_t scanner_of(const struct shopd *sd, uint32_t door)
{
	const struct shop_config *c = &sd->shop.config;
	uint8_t i = 0;

	while (i < c->readers && (c->reader[i].till || c->reader[i].road != ROAD_SCANNER ||
				  c->reader[i].door != door))
		i++;
	CHECK(i < c->readers);
	return i;
}

int pads_start(struct shopd *sd)
{
	struct pads *all;
	uint32_t pads = 0;

	for (uint32_t d = 0; d < sd->config.doors; d++)
		pads += sd->config.door[d].pad[0][0] != '\0';
	if (pads == 0)
		return 0;
	all = sd->pads = calloc(1, sizeof(*all));
	if (!all || timer_add(sd->loop, WATCH_DOOR, 0, on_timer, all, &all->timer) < 0)
		return -ENOMEM;
	all->sd = sd;
	for (uint32_t d = 0; d < sd->config.doors; d++) {
		if (!sd->config.door[d].pad[0][0])
			continue;
		all->pad[all->pads++] = (struct pad){.all = all,
						     .door = (uint8_t)d,
						     .reader = scanner_of(sd, d),
						     .forget_at = MONO_NEVER,
						     .retry_at = loop_mono(),
						     .say_at = loop_mono()};
	}
	on_timer(all);
	return 0;
}

void pads_stop(struct shopd *sd)
{
	struct pads *all = sd->pads;

	if (!all)
		return;
	for (uint32_t i = 0; i < all->pads; i++) {
		watch_free(all->pad[i].watch);
		gpio_close(all->pad[i].gpio);
	}
	timer_free(all->timer);
	explicit_bzero(all, sizeof(*all));
	free(all);
	sd->pads = NULL;
}

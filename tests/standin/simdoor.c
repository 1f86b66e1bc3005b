/*
 * simdoor.c: a shop's doors for those who have none: one process that keeps what wood, springs and
 * wires would keep, and shows shopd a chip (device/simchip.h).
 *
 *   simdoor [--line-per-change] SOCKET DOOR... [SENSOR=VALUE...]
 *
 * The physics of a door: it opens for a hand when the strike is on, when the fire panel has taken
 * the power from the lock, when it is forced, or from inside by its handle; it closes when it is
 * closed. The REX is a button that is held for 300 ms; who pressed it stands inside for 5 s, and
 * opens by the handle. An output's change is stamped the moment the chip reads it: that stamp is
 * what a test or a bench believes, not what shopd says it did. When the chip's user is gone all
 * outputs fall, as they do with strict_gpiod and by the lock's own spring.
 *
 * A door's PIN pad is two lines for whoever takes them; what is typed comes as pulses of 50 µs, 2
 * ms apart, of which the last was just now.
 *
 * The sensors of the room are values that a hand has set and that stay so: who listens hears them,
 * whoever has the line of one sees its level, and a sensor that is lost lets go of its line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/ids.h"
#include "core/event.h"
#include "device/sensor.h"
#include "device/simchip.h"
#include "loop/loop.h"

enum {
	PEERS = 32,
	REX_MS = 300,
	INSIDE_MS = 5000,
	UNPLUGGED_MS = 2000,
	BURST = 64,
	ROOM = 1 << 20, /* of an eye that reads seldom, as far as the kernel allows */
	NO_LINE = 255,
	PULSE_US = 50,
	BIT_US = 2000,
	BITS_MAX = 64 /* of a burst: a connection's buffer holds its edges */
};

struct door {
	char name[PLACE_MAX_LEN + 1];
	bool level[DOOR_PARTS];
	struct mono rex_until;	  /* the button springs back; MONO_NEVER: it is not pressed */
	struct mono inside_until; /* somebody stands at the handle */
};

struct sense {
	char name[PLACE_MAX_LEN + 1];
	bool set, lost;
	int64_t value;
};

struct eye { /* whoever is connected: user, hand, eye, ear */
	struct chip *chip;
	int fd; /* -1: the place is free */
	struct watch *watch;
	bool watching;
	uint32_t listens; /* bit i: to sense i */
	uint8_t line_of;  /* has the line of this sense; NO_LINE: of none */
	uint8_t pad_of;	  /* has the lines of this door's pad; NO_LINE: of none */
};

struct chip {
	struct loop *loop;
	struct timer *timer;
	struct door door[DOORS_MAX];
	uint32_t doors;
	struct eye eye[PEERS];
	struct eye *user;
	uint8_t taken[SIMCHIP_LINES_MAX]; /* the user's number -> the chip's */
	uint32_t taken_lines;
	struct mono plugged_at; /* nobody takes the chip before */
	struct sense sense[SENSORS_MAX];
	uint32_t senses;
	bool line_per_change;
};

static const char *const part_names[DOOR_PARTS] = {"contact", "rex",	"tamper",    "fire",
						   "strike",  "buzzer", "light_yes", "light_no"};

static bool is_output(uint32_t line)
{
	return line % DOOR_PARTS >= PART_STRIKE;
}

static bool *level_of(struct chip *c, uint32_t line)
{
	return &c->door[line / DOOR_PARTS].level[line % DOOR_PARTS];
}

static void line_name(const struct chip *c, uint32_t line, char name[GPIO_LINE_NAME_MAX])
{
	snprintf(name, GPIO_LINE_NAME_MAX, "%s-%s", c->door[line / DOOR_PARTS].name,
		 part_names[line % DOOR_PARTS]);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* The end of a connection; when it was the chip's user, of all that it held. */
static void drop(struct eye *e);

static void say(struct eye *e, struct simchip_message *m)
{
	bool brief = m->say == SIM_EDGE || m->say == SIM_SEEN || m->say == SIM_SENSE;

	m->version = SIMCHIP_VERSION;
	if (e->fd >= 0 &&
	    send(e->fd, m, brief ? SIMCHIP_HEAD_SIZE : sizeof(*m), MSG_NOSIGNAL | MSG_DONTWAIT) <
		    0 &&
	    errno == EAGAIN)
		drop(e); /* it does not read */
}

static void answer(struct eye *e, enum simchip_say word, const char *text)
{
	struct simchip_message m = {.say = (uint16_t)word, .at_us = now_us()};

	snprintf(m.text, sizeof(m.text), "%s", text);
	say(e, &m);
}

static void change(struct chip *c, uint32_t line, bool level)
{
	struct simchip_message m = {.say = SIM_SEEN, .line = line, .level = level};

	if (*level_of(c, line) == level)
		return;
	m.at_us = now_us();
	*level_of(c, line) = level;
	line_name(c, line, m.text);
	memcpy(m.door, c->door[line / DOOR_PARTS].name, sizeof(m.door));
	if (c->line_per_change) {
		printf("%lld.%06lld %s %s\n", (long long)(m.at_us / 1000000),
		       (long long)(m.at_us % 1000000), m.text, level ? "on" : "off");
		fflush(stdout);
	}
	for (uint32_t i = 0; i < PEERS; i++)
		if (c->eye[i].watching)
			say(&c->eye[i], &m);
	m.say = SIM_EDGE;
	for (uint32_t i = 0; i < c->taken_lines && c->user && !is_output(line); i++) {
		m.line = i;
		if (c->taken[i] == line)
			say(c->user, &m);
	}
}

static void drop(struct eye *e)
{
	struct chip *c = e->chip;

	if (e->fd < 0)
		return;
	watch_free(e->watch);
	close(e->fd);
	*e = (struct eye){.chip = c, .fd = -1, .line_of = NO_LINE, .pad_of = NO_LINE};
	if (c->user != e)
		return;
	c->user = NULL;
	for (uint32_t line = 0; line < c->doors * DOOR_PARTS; line++)
		if (is_output(line))
			change(c, line, false);
}

/* --- sensors */

_Static_assert(SENSORS_MAX <= 32, "a sensor is a bit of 32");

/* The sensor of this name, made where somebody wants to hear of one that is new; NULL: no room, or
 * no name. */
static struct sense *sense_of(struct chip *c, const char *name, bool make)
{
	size_t len = strnlen(name, PLACE_MAX_LEN + 1);

	for (uint32_t i = 0; i < c->senses; i++)
		if (strncmp(c->sense[i].name, name, sizeof(c->sense[i].name)) == 0)
			return &c->sense[i];
	if (!make || c->senses == SENSORS_MAX || !place_valid(name, (uint32_t)len))
		return NULL;
	memcpy(c->sense[c->senses].name, name, len);
	return &c->sense[c->senses++];
}

static void sense_tell(struct eye *e, const struct sense *s)
{
	struct simchip_message m = {.say = SIM_SENSE, .level = !s->lost, .at_us = s->value};

	memcpy(m.door, s->name, sizeof(m.door));
	say(e, &m);
}

static void listen_to(struct eye *e, const struct simchip_message *m)
{
	struct chip *c = e->chip;

	if (m->lines > SIMCHIP_LINES_MAX) {
		drop(e);
		return;
	}
	for (uint32_t i = 0; i < m->lines && e->fd >= 0; i++) {
		struct sense *s = sense_of(c, m->line_name[i].name, true);

		if (!s)
			continue;
		e->listens |= 1U << (s - c->sense);
		if (s->set)
			sense_tell(e, s);
	}
}

/* Everybody who listens, and whoever has its line. */
static void sense_changed(struct chip *c, const struct sense *s, bool before)
{
	struct simchip_message edge = {.say = SIM_EDGE, .level = s->value != 0};
	uint8_t number = (uint8_t)(s - c->sense);

	edge.at_us = now_us();
	for (uint32_t i = 0; i < PEERS; i++) {
		struct eye *e = &c->eye[i];

		if (e->listens & 1U << number)
			sense_tell(e, s);
		if (e->line_of != number)
			continue;
		if (s->lost)
			drop(e);
		else if (before != (s->value != 0))
			say(e, &edge);
	}
}

static void set_sense(struct eye *e, const struct simchip_message *m)
{
	struct sense *s = m->door[PLACE_MAX_LEN] == '\0' ? sense_of(e->chip, m->door, false) : NULL;
	bool before;

	if (!s || m->level > 1) {
		answer(e, SIM_REFUSED, "nobody listens to a simulated sensor of that name");
		return;
	}
	before = s->value != 0;
	s->set = true;
	s->lost = m->level == 0;
	if (!s->lost)
		s->value = m->at_us;
	sense_changed(e->chip, s, before);
	answer(e, SIM_OK, "");
}

static bool is_sensor_line(const struct simchip_message *m)
{
	return strncmp(m->line_name[0].name, SIMCHIP_SENSOR_LINE,
		       sizeof(SIMCHIP_SENSOR_LINE) - 1) == 0;
}

static void take_sensor(struct eye *e, const struct simchip_message *m)
{
	const char *name = m->line_name[0].name + sizeof(SIMCHIP_SENSOR_LINE) - 1;
	struct simchip_message levels = {.say = SIM_LEVELS, .lines = 1};
	struct sense *s = sense_of(e->chip, name, true);
	uint8_t number = s ? (uint8_t)(s - e->chip->sense) : NO_LINE;
	bool taken = false;

	for (uint32_t i = 0; i < PEERS; i++)
		taken = taken || (e->chip->eye[i].fd >= 0 && e->chip->eye[i].line_of == number);
	if (!s || m->line_name[0].output) {
		answer(e, SIM_REFUSED, "no such line of that direction");
	} else if (s->lost || taken) {
		answer(e, SIM_REFUSED, s->lost ? "the line is unplugged" : "the line is taken");
	} else {
		e->line_of = number;
		levels.level = s->value != 0;
		levels.line_name[0] = m->line_name[0];
		levels.at_us = now_us();
		say(e, &levels);
	}
}

/* --- PIN pads */

static uint8_t find_pad(const struct chip *c, const struct simchip_message *m)
{
	for (uint8_t door = 0; door < c->doors; door++) {
		char own[2][GPIO_LINE_NAME_MAX];

		for (int wire = 0; wire < 2; wire++)
			snprintf(own[wire], sizeof(own[wire]), "%.16s-pad_d%d", c->door[door].name,
				 wire);
		if (strncmp(own[0], m->line_name[0].name, sizeof(own[0])) == 0 &&
		    strncmp(own[1], m->line_name[1].name, sizeof(own[1])) == 0)
			return door;
	}
	return NO_LINE;
}

static void take_pad(struct eye *e, const struct simchip_message *m, uint8_t door)
{
	struct simchip_message levels = {.say = SIM_LEVELS, .lines = 2, .at_us = now_us()};

	if (!mono_due(loop_mono(), e->chip->plugged_at)) {
		answer(e, SIM_REFUSED, "the chip is unplugged");
		return;
	}
	for (uint32_t i = 0; i < PEERS; i++)
		if (e->chip->eye[i].fd >= 0 && e->chip->eye[i].pad_of == door) {
			answer(e, SIM_REFUSED, "the lines are taken");
			return;
		}
	e->pad_of = door;
	memcpy(levels.line_name, m->line_name, 2 * sizeof(levels.line_name[0]));
	say(e, &levels);
}

static void pulse(struct eye *e, uint32_t wire, int64_t at_us)
{
	struct simchip_message m = {.say = SIM_EDGE, .line = wire, .level = 1};

	m.at_us = at_us;
	say(e, &m);
	m.level = 0;
	m.at_us = at_us + PULSE_US;
	say(e, &m);
}

static void type_burst(struct eye *e, const struct simchip_message *m)
{
	struct chip *c = e->chip;
	size_t bits = strnlen(m->text, sizeof(m->text));
	struct eye *user = NULL;

	for (uint32_t i = 0; i < PEERS; i++) {
		uint8_t door = c->eye[i].pad_of;

		if (c->eye[i].fd >= 0 && door != NO_LINE &&
		    strncmp(m->door, c->door[door].name, sizeof(m->door)) == 0)
			user = &c->eye[i];
	}
	if (!user || bits == 0 || bits > BITS_MAX || strspn(m->text, "01") != bits) {
		answer(e, SIM_REFUSED, user ? "no such burst" : "nobody has that door's pad");
		return;
	}
	for (size_t i = 0; i < bits; i++)
		pulse(user, m->text[i] == '1', now_us() - (int64_t)(bits - i) * BIT_US);
	answer(e, SIM_OK, "");
}

/* --- the chip's user ------------------------------------------------------------------------- */

static uint8_t find_line(const struct chip *c, const char *name)
{
	for (uint8_t line = 0; line < c->doors * DOOR_PARTS; line++) {
		char own[GPIO_LINE_NAME_MAX];

		line_name(c, line, own);
		if (strncmp(own, name, sizeof(own)) == 0)
			return line;
	}
	return NO_LINE;
}

/* What stands in the way of taking these lines, or NULL. */
static const char *map_lines(struct chip *c, const struct simchip_message *m)
{
	static char why[111];

	if (c->user)
		return "another user has the lines";
	if (!mono_due(loop_mono(), c->plugged_at))
		return "the chip is unplugged";
	if (m->lines > SIMCHIP_LINES_MAX)
		return "more lines than a chip has";
	for (uint32_t i = 0; i < m->lines; i++) {
		c->taken[i] = find_line(c, m->line_name[i].name);
		if (c->taken[i] == NO_LINE || is_output(c->taken[i]) != m->line_name[i].output) {
			snprintf(why, sizeof(why), "no line '%.31s' of that direction",
				 m->line_name[i].name);
			return why;
		}
	}
	return NULL;
}

static void take(struct eye *e, const struct simchip_message *m)
{
	struct chip *c = e->chip;
	const char *why;
	struct simchip_message levels = {.say = SIM_LEVELS, .at_us = now_us()};

	uint8_t pad = m->lines == 2 ? find_pad(c, m) : NO_LINE;

	if (m->lines == 1 && is_sensor_line(m)) {
		take_sensor(e, m);
		return;
	}
	if (pad != NO_LINE) {
		take_pad(e, m, pad);
		return;
	}
	why = map_lines(c, m);
	if (why) {
		answer(e, SIM_REFUSED, why);
		return;
	}
	c->user = e;
	c->taken_lines = levels.lines = m->lines;
	for (uint32_t i = 0; i < m->lines; i++) {
		levels.level |= (uint32_t)*level_of(c, c->taken[i]) << i;
		levels.line_name[i] = m->line_name[i];
	}
	say(e, &levels);
}

static void set_output(struct eye *e, const struct simchip_message *m)
{
	struct chip *c = e->chip;

	if (c->user != e || m->line >= c->taken_lines || m->level > 1 ||
	    !is_output(c->taken[m->line]))
		drop(e);
	else
		change(c, c->taken[m->line], m->level == 1);
}

static void tell_levels(struct eye *e)
{
	struct chip *c = e->chip;
	struct simchip_message m = {.say = SIM_LEVELS, .lines = c->doors * DOOR_PARTS};

	for (uint32_t i = 0; i < m.lines; i++) {
		m.level |= (uint32_t)*level_of(c, i) << i;
		line_name(c, i, m.line_name[i].name);
		m.line_name[i].output = is_output(i);
	}
	m.at_us = now_us();
	say(e, &m);
}

/* --- hands ----------------------------------------------------------------------------------- */

static void arm(struct chip *c)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < c->doors; i++)
		at = mono_min(at, c->door[i].rex_until);
	timer_arm(c->timer, at);
}

static void on_spring(void *data)
{
	struct chip *c = data;

	for (uint32_t i = 0; i < c->doors; i++) {
		if (!mono_due(loop_mono(), c->door[i].rex_until))
			continue;
		c->door[i].rex_until = MONO_NEVER;
		change(c, i * DOOR_PARTS + PART_REX, false);
	}
	arm(c);
}

static void press_rex(struct chip *c, uint32_t door)
{
	c->door[door].rex_until = mono_add(loop_mono(), REX_MS);
	c->door[door].inside_until = mono_add(loop_mono(), INSIDE_MS);
	change(c, door * DOOR_PARTS + PART_REX, true);
	arm(c);
}

static bool opens(const struct door *d)
{
	return d->level[PART_STRIKE] || d->level[PART_FIRE] || d->level[PART_CONTACT] ||
	       !mono_due(loop_mono(), d->inside_until);
}

/* What a hand leaves behind it: a part of the door at a level. */
static const struct {
	enum door_part part;
	bool level;
} hand_moves[HANDS_END] = {
	[HAND_OPEN] = {PART_CONTACT, true},  [HAND_CLOSE] = {PART_CONTACT, false},
	[HAND_FORCE] = {PART_CONTACT, true}, [HAND_EXIT] = {PART_CONTACT, true},
	[HAND_TAMPER] = {PART_TAMPER, true}, [HAND_UNTAMPER] = {PART_TAMPER, false},
	[HAND_FIRE] = {PART_FIRE, true},     [HAND_UNFIRE] = {PART_FIRE, false},
	[HAND_REX] = {PART_REX, true},
};

static void move(struct eye *e, uint32_t hand, uint32_t door)
{
	struct chip *c = e->chip;

	if (hand == HAND_OPEN && !opens(&c->door[door])) {
		answer(e, SIM_REFUSED, "the strike holds: the door does not open");
		return;
	}
	if (hand == HAND_REX || hand == HAND_EXIT)
		press_rex(c, door);
	if (hand == HAND_CLOSE)
		c->door[door].inside_until =
			(struct mono){0}; /* who went out shut it behind them */
	if (hand == HAND_UNPLUG) {
		c->plugged_at = mono_add(loop_mono(), UNPLUGGED_MS);
		for (uint32_t i = 0; i < PEERS; i++)
			if (c->eye[i].pad_of != NO_LINE)
				drop(&c->eye[i]);
		if (c->user)
			drop(c->user);
	} else {
		change(c, door * DOOR_PARTS + hand_moves[hand].part, hand_moves[hand].level);
	}
	answer(e, SIM_OK, "");
}

static void on_hand(struct eye *e, const struct simchip_message *m)
{
	const struct chip *c = e->chip;

	if (m->hand < HAND_OPEN || m->hand >= HANDS_END) {
		answer(e, SIM_REFUSED, "no such hand");
		return;
	}
	for (uint32_t i = 0; i < c->doors; i++) {
		if (strncmp(m->door, c->door[i].name, sizeof(m->door)) == 0 ||
		    (m->door[0] == '\0' && c->doors == 1)) {
			move(e, m->hand, i);
			return;
		}
	}
	answer(e, SIM_REFUSED, m->door[0] ? "no such door" : "which door? there are several");
}

/* --- connections ----------------------------------------------------------------------------- */

static void on_message(struct eye *e, const struct simchip_message *m)
{
	switch (m->say) {
	case SIM_TAKE:
		take(e, m);
		break;
	case SIM_SET:
		set_output(e, m);
		break;
	case SIM_HAND:
		on_hand(e, m);
		break;
	case SIM_ASK:
		tell_levels(e);
		break;
	case SIM_SENSE:
		set_sense(e, m);
		break;
	case SIM_LISTEN:
		listen_to(e, m);
		break;
	case SIM_TYPE:
		type_burst(e, m);
		break;
	case SIM_WATCH:
		e->watching = true;
		break;
	default: /* the rest is the chip's own to say */
		drop(e);
		break;
	}
}

static void on_readable(void *data, int fd, uint32_t events)
{
	struct eye *e = data;

	(void)events;
	for (int i = 0; i < BURST && e->fd == fd; i++) {
		struct simchip_message m = {.version = 0};
		ssize_t n = recv(fd, &m, sizeof(m), MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < (ssize_t)SIMCHIP_HEAD_SIZE || m.version != SIMCHIP_VERSION)
			drop(e);
		else
			on_message(e, &m);
	}
}

static void on_connect(void *data, int listening, uint32_t events)
{
	struct chip *c = data;
	int room = ROOM, fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	for (uint32_t i = 0; fd >= 0 && i < PEERS; i++) {
		struct eye *e = &c->eye[i];

		if (e->fd >= 0)
			continue;
		if (watch_add(c->loop, fd, EPOLLIN, WATCH_NORMAL, on_readable, e, &e->watch) < 0)
			break;
		(void)!setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
		e->fd = fd;
		return;
	}
	if (fd >= 0)
		close(fd);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, PEERS) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* "ice=-18.5", "floor=off": what a sensor says until a hand sets it to something else. */
static bool sensor_of(struct chip *c, char *text)
{
	char *value = strchr(text, '=');
	struct sense *s;

	*value++ = '\0';
	s = sense_of(c, text, true);
	if (!s)
		return false;
	s->set = true;
	s->value = strcmp(value, "on") == 0;
	return s->value || strcmp(value, "off") == 0 ||
	       sensor_decimal(value, (uint32_t)strlen(value), &s->value);
}

static bool parts_of(struct chip *c, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strchr(argv[i], '=')) {
			if (!sensor_of(c, argv[i]))
				return false;
			continue;
		}
		if (c->doors == DOORS_MAX || !place_valid(argv[i], (uint32_t)strlen(argv[i])))
			return false;
		c->door[c->doors].rex_until = MONO_NEVER;
		snprintf(c->door[c->doors++].name, PLACE_MAX_LEN + 1, "%s", argv[i]);
	}
	return c->doors > 0;
}

int main(int argc, char **argv)
{
	static struct chip c;
	struct watch *watch = NULL;
	int fd = -1, first = 1;

	c.line_per_change = argc > 1 && strcmp(argv[1], "--line-per-change") == 0;
	first += c.line_per_change;
	if (argc < first + 2 || !parts_of(&c, argc - first - 1, argv + first + 1)) {
		fprintf(stderr, "usage: simdoor [--line-per-change] SOCKET DOOR... "
				"[SENSOR=VALUE...]\n");
		return 2;
	}
	for (uint32_t i = 0; i < PEERS; i++)
		c.eye[i] =
			(struct eye){.chip = &c, .fd = -1, .line_of = NO_LINE, .pad_of = NO_LINE};
	/* The loop holds back the stop signals, so it comes first: who has reached the socket may
	 * stop us. */
	if (loop_new(&c.loop) < 0 || (fd = listen_at(argv[first])) < 0 ||
	    timer_add(c.loop, WATCH_DOOR, 0, on_spring, &c, &c.timer) < 0 ||
	    watch_add(c.loop, fd, EPOLLIN, WATCH_NORMAL, on_connect, &c, &watch) < 0) {
		fprintf(stderr, "simdoor: %s: %s\n", argv[first], strerror(errno));
		return 1;
	}
	if (loop_run(c.loop) < 0)
		return 1;
	for (uint32_t i = 0; i < PEERS; i++)
		drop(&c.eye[i]);
	watch_free(watch);
	timer_free(c.timer);
	loop_free(c.loop);
	close(fd);
	unlink(argv[first]);
	return 0;
}

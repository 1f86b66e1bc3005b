/*
 * test_modem.c: net/modem.c against a ModemManager that is ours: on a real D-Bus of its own, and as
 * hostile as it takes. What the real one does is in tests/system/test_modem.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "net/modem.h"

#define NAME	"org.freedesktop.ModemManager1"
#define ROOT	"/org/freedesktop/ModemManager1"
#define MODEM	ROOT "/Modem/0"
#define SYSTEMD "org.freedesktop.systemd1"
#define ANNA	"+46701234567"

enum {
	CARD_MAX = 400,
	LONG_TEXT = 1 << 20,
	WAIT_MS = 15000,
	SETTLE_MS = 50
};
enum picture {
	SANE,
	NO_MODEM,
	WRONG_TYPE,
	WRONG_SHAPE,
	LONG_PATH,
	LARGE,
	LOCKED,
	STATES_TOO_HIGH
};

struct world {
	pid_t daemon;
	char folder[64], address[256];
	struct loop *loop;
	sd_bus *manager;
	struct modem *modem;

	/* how the manager behaves */
	enum picture picture;
	int64_t tries;
	const char *busy; /* with what it is asked once, it is too busy for it */
	bool mute;	  /* it takes a text and never says what became of it */
	bool card[CARD_MAX];
	const char *from, *text;

	/* what it was asked */
	uint32_t created, sends, pins, enables, restarts, reads, deletes;
	char to[64], words[512];

	/* what the caller was told */
	enum modem_state state;
	uint32_t texts, done, sent, doubts;
	uint32_t heard[CARD_MAX];
	char last_from[64], last_text[MODEM_TEXT_MAX + 8];
	bool close_when_told;
};

static struct world *w;

/* --- the manager ------------------------------------------------------------------------------ */

static int say_locked(sd_bus_message *r)
{
	const char *what = "a{oa{sa{sv}}}";

	if (w->tries < 0)
		return sd_bus_message_append(r, what, 1, MODEM, 1, NAME ".Modem", 3, "State", "i",
					     2, "UnlockRequired", "u", 2u, "Sim", "o",
					     ROOT "/SIM/0");
	return sd_bus_message_append(r, what, 1, MODEM, 1, NAME ".Modem", 4, "State", "i", 2,
				     "UnlockRequired", "u", 2u, "Sim", "o", ROOT "/SIM/0",
				     "UnlockRetries", "a{uu}", 1, 2u, (uint32_t)w->tries);
}

static int say_unlocked(sd_bus_message *r, int32_t state)
{
	return sd_bus_message_append(r, "a{oa{sa{sv}}}", 1, MODEM, 2, NAME ".Modem", 2, "State",
				     "i", state, "Device", "s", "/fake", NAME ".Modem.Messaging",
				     0);
}

static int say_large(sd_bus_message *r)
{
	static char large[LONG_TEXT];

	memset(large, 'x', sizeof(large) - 1);
	return sd_bus_message_append(r, "a{oa{sa{sv}}}", 1, MODEM, 2, NAME ".Modem", 2, "State",
				     "i", 8, "Model", "s", large, NAME ".Modem.Messaging", 0);
}

static int say_long_path(sd_bus_message *r)
{
	char path[400] = ROOT "/";

	memset(path + strlen(path), 'x', sizeof(path) - strlen(path) - 1);
	path[sizeof(path) - 1] = 0;
	return sd_bus_message_append(r, "a{oa{sa{sv}}}", 1, path, 1, NAME ".Modem", 1, "State", "i",
				     8);
}

static int say_picture(sd_bus_message *r)
{
	switch (w->picture) {
	case SANE:
		return say_unlocked(r, 8);
	case STATES_TOO_HIGH:
		return say_unlocked(r, 1000000);
	case NO_MODEM:
		return sd_bus_message_append(r, "a{oa{sa{sv}}}", 0);
	case WRONG_TYPE:
		return sd_bus_message_append(r, "a{oa{sa{sv}}}", 1, MODEM, 1, NAME ".Modem", 1,
					     "State", "s", "8");
	case WRONG_SHAPE:
		return sd_bus_message_append(r, "s", "all is well");
	case LONG_PATH:
		return say_long_path(r);
	case LARGE:
		return say_large(r);
	case LOCKED:
		return say_locked(r);
	}
	return -1;
}

static int say_list(sd_bus_message *r)
{
	sd_bus_message_open_container(r, 'a', "o");
	for (uint32_t i = 0; i < CARD_MAX; i++) {
		char path[64];

		snprintf(path, sizeof(path), ROOT "/SMS/%u", i);
		if (w->card[i])
			sd_bus_message_append(r, "o", path);
	}
	return sd_bus_message_close_container(r);
}

static int say_text(sd_bus_message *r, const char *path)
{
	const char *number = strrchr(path, '/');
	char text[64];

	w->reads++;
	snprintf(text, sizeof(text), "text %s", number + 1);
	return sd_bus_message_append(r, "a{sv}", 3, "State", "u", 3u, "Number", "s",
				     w->from ? w->from : ANNA, "Text", "s",
				     w->text ? w->text : text);
}

static int take_text(sd_bus_message *call, sd_bus_message *r)
{
	const char *key, *value;

	w->created++;
	sd_bus_message_enter_container(call, 'a', "{sv}");
	while (sd_bus_message_enter_container(call, 'e', "sv") > 0) {
		sd_bus_message_read(call, "s", &key);
		sd_bus_message_read(call, "v", "s", &value);
		sd_bus_message_exit_container(call);
		snprintf(strcmp(key, "text") == 0 ? w->words : w->to,
			 strcmp(key, "text") == 0 ? sizeof(w->words) : sizeof(w->to), "%s", value);
	}
	return sd_bus_message_append(r, "o", ROOT "/SMS/sent");
}

static int delete_text(sd_bus_message *call)
{
	const char *path, *number;

	w->deletes++;
	sd_bus_message_read(call, "o", &path);
	number = strrchr(path, '/') + 1;
	if (number[0] >= '0' && number[0] <= '9')
		w->card[strtol(number, NULL, 10)] = false;
	return 0;
}

static bool is(sd_bus_message *call, const char *member)
{
	return strcmp(sd_bus_message_get_member(call), member) == 0;
}

static int answer(sd_bus_message *call, sd_bus_message *r)
{
	if (is(call, "GetManagedObjects"))
		return say_picture(r);
	if (is(call, "List"))
		return say_list(r);
	if (is(call, "GetAll"))
		return say_text(r, sd_bus_message_get_path(call));
	if (is(call, "Create"))
		return take_text(call, r);
	if (is(call, "Delete"))
		return delete_text(call);
	w->sends += is(call, "Send");
	w->enables += is(call, "Enable");
	w->restarts += is(call, "RestartUnit");
	return 0;
}

static int on_call(sd_bus_message *call, void *data, sd_bus_error *ret)
{
	sd_bus_message *r = NULL;

	(void)data;
	(void)ret;
	if (!sd_bus_message_is_method_call(call, NULL, NULL))
		return 0;
	if (is(call, "SendPin")) {
		w->pins++;
		sd_bus_reply_method_errorf(call, NAME ".Error.MobileEquipment.IncorrectPassword",
					   "no");
		return 1;
	}
	if (w->busy && is(call, w->busy)) {
		w->busy = NULL;
		sd_bus_reply_method_errorf(call, NAME ".Error.Core.Throttled", "not now");
		return 1;
	}
	if (is(call, "Send") && w->mute) {
		w->sends++;
		return 1;
	}
	assert_true(sd_bus_message_new_method_return(call, &r) >= 0);
	assert_true(answer(call, r) >= 0);
	if (sd_bus_message_get_expect_reply(call))
		assert_true(sd_bus_send(NULL, r, NULL) >= 0);
	sd_bus_message_unref(r);
	return 1;
}

/* --- the world -------------------------------------------------------------------------------- */

static sd_bus *join(void)
{
	sd_bus *bus = NULL;

	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_address(bus, w->address) >= 0);
	assert_true(sd_bus_set_bus_client(bus, 1) >= 0);
	assert_true(sd_bus_start(bus) >= 0);
	return bus;
}

static void start_daemon(void)
{
	char config[128];
	int out[2];
	ssize_t n;
	FILE *f;

	snprintf(w->folder, sizeof(w->folder), "/tmp/modem-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(config, sizeof(config), "%s/conf", w->folder);
	f = fopen(config, "w");
	assert_non_null(f);
	fprintf(f,
		"<busconfig><type>system</type><listen>unix:path=%s/bus</listen>"
		"<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
		"<allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy></busconfig>",
		w->folder);
	fclose(f);
	assert_int_equal(pipe(out), 0);
	w->daemon = fork();
	if (w->daemon == 0) {
		char file[160];

		snprintf(file, sizeof(file), "--config-file=%s", config);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		freopen("/dev/null", "w", stderr);
		execlp("dbus-daemon", "dbus-daemon", file, "--nofork", "--nopidfile",
		       "--print-address", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	n = read(out[0], w->address, sizeof(w->address) - 1);
	close(out[0]);
	assert_true(n > 0);
	w->address[strcspn(w->address, "\n")] = 0;
}

static void on_state(void *data, enum modem_state state, const char *why)
{
	(void)data;
	assert_true(why[0] != 0);
	w->state = state;
}

static void on_text(void *data, const char *from, const char *text)
{
	(void)data;
	w->texts++;
	snprintf(w->last_from, sizeof(w->last_from), "%s", from);
	snprintf(w->last_text, sizeof(w->last_text), "%s", text);
	if (strncmp(text, "text ", 5) == 0)
		w->heard[strtol(text + 5, NULL, 10)]++;
	if (w->close_when_told) {
		modem_close(w->modem);
		w->modem = NULL;
	}
}

static void on_sent(void *data, bool sent, const char *trouble)
{
	assert_ptr_equal(data, w);
	assert_true(sent == (trouble[0] == 0));
	w->done++;
	w->sent += sent;
	w->doubts += !sent && modem_in_doubt(w->modem);
}

#define UNTIL(condition)                                                                           \
	do {                                                                                       \
		int64_t end = loop_mono().ms + WAIT_MS;                                            \
		while (!(condition)) {                                                             \
			assert_true(loop_mono().ms < end);                                         \
			assert_true(sd_event_run(loop_event(w->loop), 50000) >= 0);                \
		}                                                                                  \
	} while (0)

/* All that is due; nothing more comes by itself within so short a time. */
static void drain(void)
{
	int64_t end = loop_mono().ms + 300;

	while (loop_mono().ms < end)
		assert_true(sd_event_run(loop_event(w->loop), 10000) >= 0);
}

static void manager_comes(void)
{
	w->manager = join();
	assert_true(sd_bus_attach_event(w->manager, loop_event(w->loop), 0) >= 0);
	assert_true(sd_bus_add_filter(w->manager, NULL, on_call, w) >= 0);
	assert_true(sd_bus_request_name(w->manager, SYSTEMD, 0) >= 0);
	assert_true(sd_bus_request_name(w->manager, NAME, 0) >= 0);
}

static void open_modem(const char *pin)
{
	struct modem_config config = {.bus = w->address, .pin = pin, .settle_ms = SETTLE_MS};

	assert_int_equal(modem_open(w->loop, &config, on_state, on_text, w, &w->modem), 0);
}

static int set_up(void **state)
{
	(void)state;
	w = calloc(1, sizeof(*w));
	w->tries = -1;
	w->state = MODEM_NO_MANAGER;
	start_daemon();
	assert_int_equal(loop_new(&w->loop), 0);
	manager_comes();
	return 0;
}

static int tear_down(void **state)
{
	char path[128];

	(void)state;
	modem_close(w->modem);
	sd_bus_flush_close_unref(w->manager);
	loop_free(w->loop);
	kill(w->daemon, SIGKILL);
	waitpid(w->daemon, NULL, 0);
	snprintf(path, sizeof(path), "%s/conf", w->folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/bus", w->folder);
	unlink(path);
	rmdir(w->folder);
	free(w);
	return 0;
}

static void look_again(void)
{
	sd_bus_emit_signal(w->manager, ROOT, "org.freedesktop.DBus.ObjectManager",
			   "InterfacesAdded", "oa{sa{sv}}", MODEM, 0);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_a_text_leaves_and_its_object_is_deleted(void **state)
{
	(void)state;
	open_modem("");
	assert_int_equal(modem_send(w->modem, ANNA, "x", on_sent, w), -ENOTCONN);
	UNTIL(w->state == MODEM_READY);
	assert_int_equal(modem_send(w->modem, ANNA, "dörren är öppen", on_sent, w), 0);
	assert_int_equal(w->done, 0); /* never from within */
	UNTIL(w->done == 1 && w->deletes == 1);
	assert_int_equal(w->sent, 1);
	assert_string_equal(w->to, ANNA);
	assert_string_equal(w->words, "dörren är öppen");
}

static void test_what_is_no_text_is_refused(void **state)
{
	char words[MODEM_TEXT_MAX + 2];

	(void)state;
	open_modem("");
	UNTIL(w->state == MODEM_READY);
	memset(words, 'x', sizeof(words));
	words[sizeof(words) - 1] = 0;
	assert_int_equal(modem_send(w->modem, ANNA, words, on_sent, w), -EINVAL);
	assert_int_equal(modem_send(w->modem, ANNA, "", on_sent, w), -EINVAL);
	assert_int_equal(modem_send(w->modem, ANNA, "\xff", on_sent, w), -EINVAL);
	assert_int_equal(modem_send(w->modem, "", "x", on_sent, w), -EINVAL);
	w->mute = true;
	for (uint32_t i = 0; i < MODEM_SENDING_MAX; i++)
		assert_int_equal(modem_send(w->modem, ANNA, "x", on_sent, w), 0);
	assert_int_equal(modem_send(w->modem, ANNA, "x", on_sent, w), -EBUSY);
}

static void test_nonsense_is_a_broken_road_and_no_broken_program(void **state)
{
	static const enum picture nonsense[] = {WRONG_TYPE, WRONG_SHAPE, LONG_PATH};

	(void)state;
	open_modem("");
	for (uint32_t i = 0; i < ARRAY_LEN(nonsense); i++) {
		w->picture = SANE;
		look_again();
		UNTIL(w->state == MODEM_READY);
		w->picture = nonsense[i];
		look_again();
		UNTIL(w->state == MODEM_FAILED);
	}
	w->picture = LARGE;
	look_again();
	UNTIL(w->state == MODEM_READY);
	w->picture = STATES_TOO_HIGH;
	look_again();
	drain();
	assert_int_equal(w->state, MODEM_READY);
}

static void test_a_full_card_is_told_once_and_emptied(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < CARD_MAX; i++)
		w->card[i] = true;
	open_modem("");
	UNTIL(w->texts == CARD_MAX);
	for (uint32_t i = 0; i < CARD_MAX; i++)
		assert_int_equal(w->heard[i], 1);
	UNTIL(w->deletes == CARD_MAX);
}

static void is_read_soon(const char *busy)
{
	w->card[3] = true;
	w->busy = busy;
	open_modem("");
	UNTIL(w->heard[3] == 1);
	assert_null(w->busy);
}

static void test_a_card_that_could_not_be_listed_is_listed_soon(void **state)
{
	(void)state;
	is_read_soon("List");
}

static void test_a_text_that_could_not_be_read_is_read_soon(void **state)
{
	(void)state;
	is_read_soon("GetAll");
}

static void test_what_comes_in_is_cut_between_characters(void **state)
{
	char *text = malloc(LONG_TEXT), *from = malloc(1000);

	(void)state;
	text[0] = 'x';
	for (uint32_t i = 1; i + 2 < LONG_TEXT; i += 2)
		memcpy(text + i, "å", 2);
	text[LONG_TEXT - 1] = 0;
	memset(from, '4', 999);
	from[999] = 0;
	w->text = text;
	w->from = from;
	w->card[0] = true;
	open_modem("");
	UNTIL(w->texts == 1);
	assert_int_equal(strlen(w->last_text), MODEM_TEXT_MAX - 1);
	assert_memory_equal(w->last_text, text, MODEM_TEXT_MAX - 1);
	assert_int_equal(strlen(w->last_from), MODEM_PHONE_MAX);
	free(text);
	free(from);
}

static void test_a_strangers_signals_change_nothing(void **state)
{
	sd_bus_message *forged = NULL;
	sd_bus *stranger;
	const char *me;

	(void)state;
	open_modem("");
	UNTIL(w->state == MODEM_READY);
	drain();
	stranger = join();
	/* to everybody, and to each connection by its name */
	for (uint32_t i = 0; i < 8; i++) {
		char to[16];

		snprintf(to, sizeof(to), ":1.%u", i);
		assert_true(sd_bus_message_new_signal(stranger, &forged, MODEM,
						      NAME ".Modem.Messaging", "Added") >= 0);
		assert_true(sd_bus_message_append(forged, "ob", ROOT "/SMS/7", 1) >= 0);
		if (i > 0)
			assert_true(sd_bus_message_set_destination(forged, to) >= 0);
		assert_true(sd_bus_send(stranger, forged, NULL) >= 0);
		forged = sd_bus_message_unref(forged);
		assert_true(sd_bus_message_new_signal(stranger, &forged, "/org/freedesktop/DBus",
						      "org.freedesktop.DBus",
						      "NameOwnerChanged") >= 0);
		assert_true(sd_bus_get_unique_name(stranger, &me) >= 0);
		assert_true(sd_bus_message_append(forged, "sss", NAME, "", me) >= 0);
		if (i > 0)
			assert_true(sd_bus_message_set_destination(forged, to) >= 0);
		assert_true(sd_bus_send(stranger, forged, NULL) >= 0);
		forged = sd_bus_message_unref(forged);
	}
	sd_bus_flush(stranger);
	drain();
	assert_int_equal(w->reads, 0);
	assert_int_equal(w->texts, 0);
	assert_int_equal(w->state, MODEM_READY);
	sd_bus_flush_close_unref(stranger);
}

static void test_a_pin_is_told_once(void **state)
{
	(void)state;
	w->picture = LOCKED;
	open_modem("1234");
	UNTIL(w->state == MODEM_LOCKED && w->pins == 1);
	for (uint32_t i = 0; i < 5; i++) {
		look_again();
		drain();
	}
	assert_int_equal(w->pins, 1);
	assert_int_equal(w->state, MODEM_LOCKED);
}

static void test_a_card_with_a_try_gone_is_told_none(void **state)
{
	(void)state;
	w->picture = LOCKED;
	w->tries = 2;
	open_modem("1234");
	UNTIL(w->state == MODEM_LOCKED);
	drain();
	assert_int_equal(w->pins, 0);
}

static void test_who_leaves_in_mid_text_has_not_sent_it(void **state)
{
	(void)state;
	open_modem("");
	UNTIL(w->state == MODEM_READY);
	w->mute = true;
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(modem_send(w->modem, ANNA, "x", on_sent, w), 0);
	UNTIL(w->sends == 1);
	w->manager = sd_bus_flush_close_unref(w->manager);
	UNTIL(w->done == 3 && w->state == MODEM_NO_MANAGER);
	assert_int_equal(w->sent, 0);
	assert_int_equal(w->doubts,
			 1); /* the one that it was to send: the others wait their turn */
	w->mute = false;
	manager_comes();
	UNTIL(w->state == MODEM_READY);
}

static void test_a_modem_that_was_dropped_is_asked_back(void **state)
{
	(void)state;
	w->picture = NO_MODEM;
	open_modem("");
	UNTIL(w->state == MODEM_NONE);
	drain();
	assert_int_equal(w->restarts, 0); /* there never was one */
	w->picture = SANE;
	look_again();
	UNTIL(w->state == MODEM_READY);
	w->picture = NO_MODEM;
	look_again();
	UNTIL(w->state == MODEM_NONE && w->restarts >= 1);
}

static void test_it_may_be_closed_while_it_tells(void **state)
{
	(void)state;
	w->card[1] = w->card[2] = w->card[3] = true;
	w->close_when_told = true;
	open_modem("");
	UNTIL(w->texts == 1);
	drain();
	assert_int_equal(w->texts, 1);
	assert_null(w->modem);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_text_leaves_and_its_object_is_deleted),
		TEST(test_what_is_no_text_is_refused),
		TEST(test_nonsense_is_a_broken_road_and_no_broken_program),
		TEST(test_a_full_card_is_told_once_and_emptied),
		TEST(test_a_card_that_could_not_be_listed_is_listed_soon),
		TEST(test_a_text_that_could_not_be_read_is_read_soon),
		TEST(test_what_comes_in_is_cut_between_characters),
		TEST(test_a_strangers_signals_change_nothing),
		TEST(test_a_pin_is_told_once),
		TEST(test_a_card_with_a_try_gone_is_told_none),
		TEST(test_who_leaves_in_mid_text_has_not_sent_it),
		TEST(test_a_modem_that_was_dropped_is_asked_back),
		TEST(test_it_may_be_closed_while_it_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

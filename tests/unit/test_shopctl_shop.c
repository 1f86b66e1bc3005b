/*
 * test_shopctl_shop.c: shopctl against a shop that answers as it is told to: what is asked, what is
 * made of each answer, and that nothing is asked where nothing may be.
 */
#include "shopctl_shop.h"

/* --- tests */

static void no_shop_is_exit_3(void **state)
{
	const char *rightly = run_dir;

	(void)state;
	run_dir = "/nonexistent";
	assert_int_equal(run("--json", "status", NULL), CTL_UNREACHABLE);
	json_t *value = out_json();

	assert_string_equal(json_string_value(json_object_get(value, "error")), "unreachable");
	json_decref(value);
	assert_int_equal(run("door", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("sim", "open", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("alarm", "list", NULL), CTL_UNREACHABLE);
	run_dir = rightly;
	assert_int_equal(run("status", NULL), CTL_UNREACHABLE); /* it hangs up */
	assert_int_equal(shop.asked, 1);			/* and is not asked again */
	answer_with(MESSAGE_BYE);
	assert_int_equal(run("status", NULL), CTL_UNREACHABLE);
}

static void status_in_json(void **state)
{
	struct message_status_is *s = &answer_with(MESSAGE_STATUS_IS)->status_is;

	(void)state;
	memcpy(s->shop, "viken", 6);
	s->ledger_ok = s->clock_trusted = s->counter_connected = s->simulated = 1;
	s->head_seq = 12345678901;
	s->entries_written = 5;
	s->commits = 4;
	s->queue_rows = 3;
	s->admissions = 7;
	s->refusals = 8;
	s->lines = 9;
	s->visits_open = 1;
	s->members = 2;
	s->articles = 2379;
	s->price_version = 6;
	s->up_ms = 61000;
	assert_int_equal(run("status", "--json", NULL), 0);
	out_is("{\"shop\":\"viken\",\"ledger_ok\":true,\"clock_trusted\":true,"
	       "\"courier_connected\":false,\"counter_connected\":true,\"simulated\":true,"
	       "\"up_ms\":61000,\"head_seq\":12345678901,\"entries_written\":5,\"commits\":4,"
	       "\"queue_rows\":3,\"admissions\":7,\"refusals\":8,\"lines\":9,\"visits_open\":1,"
	       "\"alarms_open\":0,\"members\":2,\"articles\":2379,\"price_version\":6,"
	       "\"office\":null}");
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "courierd  NOT CONNECTED"));
	assert_non_null(strstr(out, "office    none"));
	s->enrolled = s->epoch = 1;
	s->acked_seq = 12345678801;
	s->feed = 42;
	s->road = CARRIED_REFUSED;
	s->heard_at_ms = 1795302004123;
	memcpy(s->office, "https://office.example", 23);
	assert_int_equal(run("status", "--json", NULL), 0);
	json_t *value = out_json(), *office = json_object_get(value, "office");

	assert_string_equal(json_string_value(json_object_get(office, "url")),
			    "https://office.example");
	assert_int_equal(json_integer_value(json_object_get(office, "not_yet_up")), 100);
	assert_string_equal(json_string_value(json_object_get(office, "road")), "refused");
	json_decref(value);
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "IT REFUSES THIS BOX"));
	assert_non_null(strstr(out, "100 entries not yet there"));
	s->restored = 7;
	s->restoring = 9;
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "TAKING BACK 7 of 9"));
}

static void doors_in_json(void **state)
{
	struct message_doors_are *d = &answer_with(MESSAGE_DOORS_ARE)->doors_are;

	(void)state;
	d->doors = 2;
	d->door[0] = (struct message_door){.name = "front",
					   .mode = DOOR_ACCESSED,
					   .physical = PHYSICAL_CLOSED,
					   .strike = 1,
					   .since_ms = 1795302004123};
	d->door[1] = (struct message_door){.name = "back",
					   .mode = DOOR_LOCKED,
					   .physical = PHYSICAL_OPEN,
					   .alarm = DOOR_HELD_OPEN,
					   .tamper = 1,
					   .since_ms = 1795302004000};
	assert_int_equal(run("door", "--json", NULL), 0);
	out_is("[{\"door\":\"front\",\"mode\":\"accessed\",\"physical\":\"closed\","
	       "\"alarm\":\"normal\",\"tamper\":false,\"strike\":\"on\","
	       "\"since\":\"2026-11-21T23:00:04.123Z\"},"
	       "{\"door\":\"back\",\"mode\":\"locked\",\"physical\":\"open\","
	       "\"alarm\":\"held_open\",\"tamper\":true,\"strike\":\"off\","
	       "\"since\":\"2026-11-21T23:00:04.000Z\"}]");
	assert_int_equal(run("door", NULL), 0);
	assert_non_null(strstr(out, "front  accessed  closed"));
	assert_non_null(strstr(out, "back   locked    open"));
}

static void door_commands(void **state)
{
	static const struct {
		const char *verb;
		enum command command;
	} cases[] = {
		{"lock", COMMAND_LOCK},
		{"unlock", COMMAND_UNLOCK},
		{"lockdown", COMMAND_LOCKDOWN},
		{"release", COMMAND_RELEASE},
	};

	(void)state;
	answer_with(MESSAGE_DONE);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(run("door", cases[i].verb, NULL), 0);
		assert_int_equal(shop.question.head.type, MESSAGE_COMMAND);
		assert_int_equal(shop.question.command.command, cases[i].command);
		assert_string_equal(shop.question.command.door, "");
	}
	assert_int_equal(run("door", "prop", "15", "back", "--json", NULL), 0);
	assert_int_equal(shop.question.command.command, COMMAND_PROP);
	assert_int_equal(shop.question.command.hold_ms, 15 * 60 * 1000);
	assert_string_equal(shop.question.command.door, "back");
	out_is("{\"ok\":true}");
}

static void a_challenge_is_shown(void **state)
{
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	snprintf(d->text, sizeof(d->text), "SKN1:ABC");
	assert_int_equal(run("door", "challenge", "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_CHALLENGE);
	out_is("{\"challenge\":\"SKN1:ABC\"}");
	assert_int_equal(run("door", "challenge", NULL), 0);
	assert_memory_equal(out, "SKN1:ABC\n", 9);
	assert_non_null(strstr(out, "▀"));
}

static void a_refusal_is_exit_1_in_the_shops_words(void **state)
{
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	d->error = 1;
	snprintf(d->text, sizeof(d->text), "no such door");
	assert_int_equal(run("door", "lock", "side", "--json", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "no such door"));
	json_t *value = out_json();

	assert_string_equal(json_string_value(json_object_get(value, "error")), "refused");
	json_decref(value);
	assert_int_equal(run("clock", "trust", NULL), CTL_REFUSED);
}

static void another_answer_is_exit_4(void **state)
{
	(void)state;
	answer_with(MESSAGE_DOORS_ARE);
	assert_int_equal(run("status", NULL), CTL_INTERNAL);
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("door", NULL), CTL_INTERNAL);
	shop.answer[0].done.error = 1; /* in words that would move the cursor */
	memcpy(shop.answer[0].done.text, "\x1b[31m", 6);
	assert_int_equal(run("clock", "trust", NULL), CTL_INTERNAL);
	assert_null(strchr(err, '\x1b'));
}

static void a_member_is_added(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], wanted[128], kid[17];
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	shop.tells_office = true;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	d->customer[15] = 7;
	hex_text(kid_of(&key).byte, KID_SIZE, kid);
	snprintf(wanted, sizeof(wanted),
		 "{\"customer\":\"00000000000000000000000000000007\",\"kid\":\"%s\"}", kid);
	assert_int_equal(run("member", "add", "--key", hex, "--json", NULL), 0);
	out_is(wanted);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_ADD);
	assert_memory_equal(shop.question.member.x, key.x, 32);
	assert_memory_equal(shop.question.member.y, key.y, 32);
	assert_int_equal(shop.question.member.role, ROLE_MEMBER);
	assert_int_equal(shop.question.member.flags, 0);

	d->existed = 1;
	assert_int_equal(run("member", "add", "--key", hex, "--role", "owner", "--limit", "499,50",
			     "--extended", "--json", NULL),
			 0);
	out_is(wanted);
	assert_int_equal(shop.question.member.role, ROLE_OWNER);
	assert_int_equal(shop.question.member.flags, MEMBER_LIMITED | MEMBER_EXTENDED);
	assert_int_equal(shop.question.member.credit_limit_minor, 49950);
	assert_int_equal(run("member", "add", "--key", hex, "--role", "king", NULL), CTL_USAGE);
	assert_int_equal(run("member", "add", "--key", hex, "--limit", "1e3", NULL), CTL_USAGE);
}

static void bad_keys_never_leave(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], more[512];

	(void)state;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	/* {…, -4: d}: five pairs */
	snprintf(more, sizeof(more), "a5%s235820%064d", hex + 2, 17);
	assert_int_equal(run("member", "add", "--key", more, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "private"));
	assert_non_null(strstr(err, "-4"));
	assert_null(strstr(err, "0017"));
	assert_int_equal(run("pass", "key", "--key", more, NULL), CTL_REFUSED);
	/* longer, shorter, another curve, off the curve */
	snprintf(more, sizeof(more), "%s00", hex);
	assert_int_equal(run("member", "add", "--key", more, NULL), CTL_REFUSED);
	assert_int_equal(run("member", "add", "--key", "a0", NULL), CTL_REFUSED);
	key.y[31] ^= 1;
	cose_hex(&key, hex);
	assert_int_equal(run("member", "add", "--key", hex, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "curve"));
	assert_int_equal(shop.asked, 0);
}

static void members_are_blocked(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("member", "block", "000102030405060708090a0b0c0d0e0f", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_BLOCK);
	assert_int_equal(shop.question.member.customer[15], 15);
	assert_int_equal(shop.question.member.flags, 1);
	assert_int_equal(run("member", "unblock", "000102030405060708090a0b0c0d0e0f", NULL), 0);
	assert_int_equal(shop.question.member.flags, 0);
}

static void passes(void **state)
{
	const struct message_pass *p = &shop.question.pass;
	uint8_t salted[16 + 5], salt[16];

	(void)state;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("pass", "revoke", "0001020304050607", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_PASS);
	assert_int_equal(p->cti_len, 8);
	assert_int_equal(p->cti[7], 7);
	assert_int_equal(p->revoked, 1);
	assert_int_equal(run("pass", "pin", "000102030405060708090a0b0c0d0e0f", "01234", NULL), 0);
	assert_int_equal(p->cti_len, 16);
	assert_int_equal(p->revoked, 0);
	assert_int_equal(p->wants_pin, 1);
	memcpy(salt, p->pin_salt, 16);
	memcpy(salted, p->pin_salt, 16);
	memcpy(salted + 16, "01234", 5);
	struct sha256 hash = sha256(salted, sizeof(salted));

	assert_memory_equal(hash.byte, p->pin_hash, 32);
	assert_int_equal(run("pass", "pin", "000102030405060708090a0b0c0d0e0f", "01234", NULL), 0);
	assert_memory_not_equal(salt, p->pin_salt, 16);
}

/* --- the list */

static void a_list_goes_over_sealed(void **state)
{
	const char *path = list_of("gtin,name,price,vat_bp\n"
				   "7310865004703,Mjölk,14.90,600\n"
				   "nonsense,x,1,600\n"
				   "96385074,Bröd,,600\n");
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE)->done.number = 2;
	assert_int_equal(run("product", "import", path, "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_IMPORT);
	assert_int_equal(shop.question.import.rows, 2);
	assert_int_equal(shop.seals & seals, seals);
	assert_int_equal(shop.row[0].gtin, 7310865004703);
	assert_int_equal(shop.row[0].price_minor, 1490);
	assert_int_equal(shop.row[1].gtin, 96385074);
	assert_true(shop.row[1].price_minor > 0);
	json_t *value = out_json();

	assert_int_equal(json_integer_value(json_object_get(value, "rows")), 2);
	assert_int_equal(json_integer_value(json_object_get(value, "bad")), 1);
	assert_int_equal(json_integer_value(json_object_get(value, "priced_by_rule")), 1);
	json_decref(value);
	assert_non_null(strstr(err, "line 3: 'nonsense' is no GTIN"));
	assert_non_null(strstr(err, "without a price: 1,"));
}

static void a_bad_list_never_leaves(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	const char *path = list_of("gtin,name\n7310865004703,Mjölk\nnonsense,x\n");

	assert_int_equal(run("product", "import", path, "--strict", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", path, "--no-rule", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", list_of("gtin;name\n"), NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", list_of(""), NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", folder, NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", "/dev/zero", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", "/nonexistent", NULL), CTL_REFUSED);
	assert_int_equal(shop.asked, 0);
}

/* --- the simulated door */

static void hands(void **state)
{
	static const struct {
		const char *verb;
		enum sim_hand hand;
	} cases[] = {
		{"open", HAND_OPEN},	     {"close", HAND_CLOSE},   {"force", HAND_FORCE},
		{"rex", HAND_REX},	     {"exit", HAND_EXIT},     {"tamper", HAND_TAMPER},
		{"untamper", HAND_UNTAMPER}, {"unplug", HAND_UNPLUG}, {"fire", HAND_FIRE},
		{"unfire", HAND_UNFIRE},
	};

	(void)state;
	answer_with(MESSAGE_STATUS_IS)->status_is.simulated = 1;
	memcpy(shop.answer[0].status_is.shop, "viken", 6);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(run("sim", cases[i].verb, "front", NULL), 0);
		assert_int_equal(sim.question.say, SIM_HAND);
		assert_int_equal(sim.question.hand, cases[i].hand);
		assert_string_equal(sim.question.door, "front");
	}
	sim.answer.say = SIM_REFUSED;
	snprintf(sim.answer.text, sizeof(sim.answer.text), "the strike holds");
	assert_int_equal(run("sim", "open", NULL), CTL_REFUSED);
	assert_string_equal(sim.question.door, "");
	assert_non_null(strstr(err, "the strike holds"));
}

static void real_doors_are_not_moved(void **state)
{
	(void)state;
	memcpy(answer_with(MESSAGE_STATUS_IS)->status_is.shop, "viken", 6);
	assert_int_equal(run("sim", "force", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "real"));
	assert_int_equal(run("sim", "sensor", "freezer", "-4.5", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "real"));
	assert_int_equal(run("sim", "sensor", "freezer", NULL), CTL_USAGE);
	assert_int_equal(run("sim", "sensor", "Freezer!", "1", NULL), CTL_USAGE);
	assert_int_equal(sim.asked, 0);
}

static void no_ledger_is_exit_3(void **state)
{
	(void)state;
	assert_int_equal(run("log", "--json", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("visit", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("visit", "0000000000000001", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("ledger", "verify", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("product", "show", "7310865004703", NULL), CTL_UNREACHABLE);
	assert_int_equal(shop.asked, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, shop_forget, shop_content)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_shop_is_exit_3),
		TEST(status_in_json),
		TEST(doors_in_json),
		TEST(door_commands),
		TEST(a_challenge_is_shown),
		TEST(a_refusal_is_exit_1_in_the_shops_words),
		TEST(another_answer_is_exit_4),
		TEST(a_member_is_added),
		TEST(bad_keys_never_leave),
		TEST(members_are_blocked),
		TEST(passes),
		TEST(a_list_goes_over_sealed),
		TEST(a_bad_list_never_leaves),
		TEST(hands),
		TEST(real_doors_are_not_moved),
		TEST(no_ledger_is_exit_3),
	};

	return cmocka_run_group_tests(tests, shop_open, shop_close);
}

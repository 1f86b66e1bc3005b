/*
 * test_shopctl_money.c: the commands about money: what is read from books that a test has made,
 * what is asked of a shop that answers as it is told to, what is refused before anything is asked,
 * and the exit code of each.
 */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "books_house.h"
#include "shopctl/config_contact.h"
#include "shopctl/desk.h"
#include "shopctl_run.h"

#define MILK "7310865004703"

/* --- a shop that answers */

#define PEERS 4

static struct {
	pthread_t thread;
	int listening, stop[2];
	pthread_mutex_t lock;
	uint32_t answers, given;
	struct message_desk_is answer[40]; /* one a question, DONE when there are no more; those
					      that say WORKING go on to the next at once */
	uint32_t asked;
	struct message_desk question[40];
	const char *wrong;
} shop = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void say(int fd, union message *m, enum message_type type, uint32_t request)
{
	m->head = (struct message_head){MESSAGE_VERSION, (uint16_t)type, request};
	send(fd, m, message_size((uint16_t)type), MSG_NOSIGNAL);
}

static void say_desk(int fd, const union message *m)
{
	union message is;
	bool more = true;

	if (shop.asked < ARRAY_LEN(shop.question))
		shop.question[shop.asked] = m->desk;
	shop.asked++;
	while (more) {
		memset(&is, 0, sizeof(is));
		if (shop.given < shop.answers)
			is.desk_is = shop.answer[shop.given++];
		more = is.desk_is.answer == DESK_WORKING;
		say(fd, &is, MESSAGE_DESK_IS, m->head.request);
	}
}

static bool serve(int fd)
{
	union message m, is;
	ssize_t len = recv(fd, &m, sizeof(m), 0);

	if (len <= 0)
		return false;
	pthread_mutex_lock(&shop.lock);
	if (message_check(&m, (uint32_t)len, ROLE_CONTROL, WAY_TO_SHOPD))
		shop.wrong = message_check(&m, (uint32_t)len, ROLE_CONTROL, WAY_TO_SHOPD);
	memset(&is, 0, sizeof(is));
	if (m.head.type == MESSAGE_HELLO) {
		is.hello.role = ROLE_CONTROL;
		memcpy(is.hello.program, "shopd", 6);
		say(fd, &is, MESSAGE_HELLO, 0);
	} else if (m.head.type == MESSAGE_STATUS) {
		memcpy(is.status_is.shop, "viken", 6);
		is.status_is.today = on(2026, 5, 4).n;
		is.status_is.barcodes = GOODS_SE;
		is.status_is.reminder_days = 2;
		is.status_is.second_reminder_days = 8;
		is.status_is.bar_days = 20;
		is.status_is.reminder_fee_minor = 5000;
		say(fd, &is, MESSAGE_STATUS_IS, m.head.request);
	} else {
		say_desk(fd, &m);
	}
	pthread_mutex_unlock(&shop.lock);
	return true;
}

static void *shop_run(void *data)
{
	struct pollfd fd[PEERS + 2];
	nfds_t fds = 2;

	fd[0] = (struct pollfd){.fd = shop.stop[0], .events = POLLIN};
	fd[1] = (struct pollfd){.fd = shop.listening, .events = POLLIN};
	for (;;) {
		poll(fd, fds, -1);
		if (fd[0].revents)
			break;
		for (nfds_t i = 2; i < fds; i++) {
			if (!fd[i].revents || serve(fd[i].fd))
				continue;
			close(fd[i].fd);
			fd[i--] = fd[--fds];
		}
		if (fd[1].revents && fds < ARRAY_LEN(fd))
			fd[fds++] = (struct pollfd){.fd = accept(shop.listening, NULL, NULL),
						    .events = POLLIN};
	}
	for (nfds_t i = 2; i < fds; i++)
		close(fd[i].fd);
	return data;
}

static struct books books;

static void shop_opens(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock", books.dir);
	shop.listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	shop.answers = shop.given = shop.asked = 0;
	shop.wrong = NULL;
	assert_int_equal(bind(shop.listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(shop.listening, 4), 0);
	assert_int_equal(pipe(shop.stop), 0);
	assert_int_equal(pthread_create(&shop.thread, NULL, shop_run, NULL), 0);
}

static void shop_shuts(void)
{
	if (shop.listening < 0)
		return;
	assert_int_equal(write(shop.stop[1], "", 1), 1);
	pthread_join(shop.thread, NULL);
	close(shop.stop[0]);
	close(shop.stop[1]);
	close(shop.listening);
	shop.listening = -1;
	assert_null(shop.wrong);
}

static void answers(struct message_desk_is is)
{
	pthread_mutex_lock(&shop.lock);
	assert_true(shop.answers < ARRAY_LEN(shop.answer));
	shop.answer[shop.answers++] = is;
	pthread_mutex_unlock(&shop.lock);
}

static struct message_desk_is refusal(const char *why)
{
	struct message_desk_is is = {.answer = DESK_REFUSED};

	snprintf(is.why, sizeof(is.why), "%s", why);
	return is;
}

/* --- books that a test has made: March is closed, with two invoices */

static int set_up(void **state)
{
	(void)state;
	books_make(&books);
	run_dir = state_dir = books.dir;
	shop.listening = -1;
	books_visit(&books, 1);
	books_line(&books, 1, 10050, 2500);
	books_line(&books, 1, 2035, 1200);
	books_leave(&books);
	books_buy(&books, 2, 29900, 1200);
	books.today = on(2026, 4, 1);
	assert_int_equal(books_close(&books, 202603), DESK_DONE);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	shop_shuts();
	books_end(&books);
	run_dir = state_dir = NULL;
	return 0;
}

/* --- what people write */

static void numbers_days_quantities(void **state)
{
	static const struct {
		const char *text;
		int64_t milli; /* -1: refused */
	} quantities[] = {
		{"1", 1000},	  {"24", 24000}, {"1.5", 1500}, {"0,345", 345}, {"0.001", 1},
		{"0", -1},	  {"", -1},	 {".", -1},	{"1.", -1},	{"1.2345", -1},
		{"-1", -1},	  {"1e3", -1},	 {" 1", -1},	{"1 ", -1},	{"0x1", -1},
		{"12345678", -1}, {"1,2,3", -1}, {"½", -1},
	};
	char text[QUANTITY_TEXT_SIZE];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(quantities); i++) {
		int code = run("stock", "own-use", MILK, quantities[i].text, NULL);

		/* there is no shop: what is good gets as far as that */
		assert_int_equal(code, quantities[i].milli < 0 ? CTL_USAGE : CTL_UNREACHABLE);
	}
	quantity_words(-1500, text);
	assert_string_equal(text, "-1.500");
	quantity_words(24000, text);
	assert_string_equal(text, "24");
	quantity_words(INT64_MIN, text);
	assert_string_equal(text, "-9223372036854775.808");
	assert_int_equal(run("stock", "count", MILK, "0", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("stock", "count", "7310865004704", "1", NULL), CTL_USAGE);
	assert_int_equal(run("invoice", "list", "2026-13", NULL), CTL_USAGE);
	assert_int_equal(run("invoice", "list", "2026-3", NULL), CTL_USAGE);
	assert_int_equal(run("reminder", "list", "--date", "2026-02-29", NULL), CTL_USAGE);
	assert_int_equal(run("stock", "deliver", MILK, "1", "--cost", "-1", NULL), CTL_USAGE);
	assert_int_equal(
		run("stock", "deliver", MILK, "1", "--cost", "1", "--use-by", "2026-02-30", NULL),
		CTL_USAGE);
	assert_int_equal(run("stock", "deliver", MILK, "1", "--cost", "1", "--lot",
			     "123456789012345678901", NULL),
			 CTL_USAGE);
	assert_int_equal(run("stock", "waste", MILK, "1", NULL), CTL_USAGE);
	assert_non_null(strstr(err, "--why"));
	assert_int_equal(run("payment", "assign", "k", "12", NULL), CTL_USAGE);
	assert_int_equal(run("check", "record", "0000000000000001", "picked", NULL), CTL_USAGE);
	assert_int_equal(run("check", "record", "1", "passed", NULL), CTL_USAGE);
	assert_int_equal(run("invoice", "credit", "2026-000001", "--reason", "why", NULL),
			 CTL_USAGE);
	assert_int_equal(run("invoice", "credit", "2026-000001", NULL), CTL_USAGE);
	assert_int_equal(run("stock", "own-use", MILK, "1", "--key", "a b", NULL), CTL_USAGE);
	assert_int_equal(run("stock", "own-use", MILK, "1", "--by", "", NULL), CTL_USAGE);
	assert_int_equal(run("stock", "own-use", MILK, "1", "--why",
			     "123456789012345678901234567890123456789012345678901234567890123456789"
			     "0123456789012",
			     NULL),
			 CTL_USAGE);
}

static void a_number_is_this_shop_s(void **state)
{
	static const struct {
		const char *text;
		int code;
	} numbers[] = {
		{"VIKEN-2026-000001", CTL_DONE},
		{"viken-2026-000001", CTL_DONE},
		{"2026-000001", CTL_DONE},
		{"VIKEN-2026-000009", CTL_REFUSED},
		{"ELSEWHERE-2026-000001", CTL_USAGE},
		{"VIKEN-2026-0001", CTL_USAGE},
		{"VIKEN-2026-000000", CTL_USAGE},
		{"000001", CTL_USAGE},
		{"", CTL_USAGE},
		{"-", CTL_USAGE},
		{"--2026-000001", CTL_USAGE},
		{"VIKEN-2026-000001 ", CTL_USAGE},
	};

	(void)state;
	shop_opens();
	for (uint32_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int code = run("invoice", "show", "--", numbers[i].text, NULL);

		if (code != numbers[i].code)
			fail_msg("'%s' gave %d: %s", numbers[i].text, code, err);
	}
}

static void a_contact_is_one_that_courierd_knows(void **state)
{
	static const struct {
		const char *shopd, *courierd;
		const char *wanted;
		bool known;
	} cases[] = {
		{"[stock]\ncontact = olle\n", "[contact olle]\nphone = +461\n", "olle", true},
		{"[stock]\n  contact=olle  \n", "  [ contact   olle ]\n", "olle", true},
		{"[stock]\r\ncontact = olle\r\n", "[contact olle]\r\n", "olle", true},
		{"[stock]\ncontact = olle", "[contact ol]\n[contact ollex]\n", "olle", false},
		{"[stock]\ncontact = olle", "#[contact olle]\n", "olle", false},
		{"[door front]\ncontact = GPIO5\n[stock]\n#contact = olle\n", "", "", false},
		{"[stock]\ncontactless = x\n[door b]\ncontact = c\n", "", "", false},
		{"", "", "", false},
	};
	char name[PLACE_MAX_LEN + 1];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		contact_wanted(cases[i].shopd, name);
		assert_string_equal(name, cases[i].wanted);
		if (name[0])
			assert_int_equal(contact_known(cases[i].courierd, name), cases[i].known);
	}
}

/* --- what is read */

static json_int_t int_at(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

static const char *text_at(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static void invoices_are_listed_and_shown(void **state)
{
	json_t *list, *one, *lines;

	(void)state;
	shop_opens();
	assert_int_equal(run("--json", "invoice", "list", "2026-03", NULL), CTL_DONE);
	list = out_json();
	assert_int_equal(json_array_size(list), 2);
	one = json_array_get(list, 0);
	assert_string_equal(text_at(one, "number"), "VIKEN-2026-000001");
	assert_string_equal(text_at(one, "kind"), "invoice");
	assert_string_equal(text_at(one, "period"), "2026-03");
	assert_string_equal(text_at(one, "issued"), "2026-04-01");
	assert_string_equal(text_at(one, "currency"), "SEK");
	assert_int_equal(int_at(json_array_get(list, 0), "gross_minor") +
				 int_at(json_array_get(list, 1), "gross_minor"),
			 10050 + 2035 + 29900);
	json_decref(list);
	assert_int_equal(run("--json", "invoice", "list", "2026-04", NULL), CTL_DONE);
	assert_string_equal(out, "[]\n");
	assert_int_equal(run("invoice", "list", NULL), CTL_DONE);
	assert_non_null(strstr(out, "2 invoices, 0 credit notes"));
	for (uint32_t i = 1; i <= 2; i++) {
		char number[32];
		int64_t sum = 0;

		snprintf(number, sizeof(number), "2026-%06u", i);
		assert_int_equal(run("--json", "invoice", "show", number, NULL), CTL_DONE);
		one = out_json();
		lines = json_object_get(one, "lines");
		assert_int_equal(json_array_size(lines), (size_t)int_at(one, "line_count"));
		for (size_t n = 0; n < json_array_size(lines); n++)
			sum += int_at(json_array_get(lines, n), "goods_minor");
		assert_int_equal(sum, int_at(one, "gross_minor"));
		assert_int_equal(int_at(one, "left_minor"), int_at(one, "payable_minor"));
		json_decref(one);
		assert_int_equal(run("invoice", "show", number, NULL), CTL_DONE);
		assert_non_null(strstr(out, "Mjölk"));
	}
}

/* Without shopd the files are read all the same, and a number begins with its year. */
static void books_are_read_beside_a_shop_that_is_shut(void **state)
{
	json_t *list;

	(void)state;
	assert_int_equal(run("--json", "invoice", "list", NULL), CTL_DONE);
	list = out_json();
	assert_string_equal(text_at(json_array_get(list, 0), "number"), "2026-000001");
	json_decref(list);
	assert_int_equal(run("invoice", "show", "2026-000001", NULL), CTL_DONE);
	assert_int_equal(run("payment", "list", NULL), CTL_DONE);
	assert_int_equal(run("stock", "list", NULL), CTL_DONE);
	assert_int_equal(run("stock", "movements", NULL), CTL_DONE);
	assert_int_equal(run("stock", "value", NULL), CTL_DONE);
	assert_int_equal(run("stock", "shrink", NULL), CTL_DONE);
	assert_int_equal(run("stock", "expiring", NULL), CTL_DONE);
	assert_int_equal(run("check", "list", NULL), CTL_DONE);
	assert_int_equal(run("report", "list", "--all", NULL), CTL_DONE);
	assert_int_equal(run("reminder", "list", "--date", "2026-05-20", NULL), CTL_DONE);
	assert_non_null(strstr(err, "usual days"));
	assert_int_equal(run("invoice", "close", "2026-04", NULL), CTL_UNREACHABLE);
}

static void no_ledger_is_told(void **state)
{
	static const char *const words[][3] = {
		{"invoice", "list"}, {"payment", "list"},  {"reminder", "list"},
		{"stock", "list"},   {"stock", "value"},   {"stock", "movements"},
		{"stock", "shrink"}, {"check", "list"},	   {"report", "list"},
		{"ledger", "check"}, {"ledger", "rebuild"}};

	(void)state;
	state_dir = "/nowhere/at/all";
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++) {
		int code = run(words[i][0], words[i][1], NULL);

		if (code != CTL_UNREACHABLE)
			fail_msg("%s %s gave %d: %s", words[i][0], words[i][1], code, err);
	}
	state_dir = books.dir;
}

static void reminders_go_by_the_shop_s_own_days(void **state)
{
	json_t *list, *one;

	(void)state;
	shop_opens(); /* today 2026-05-04; due 2026-05-01, reminded after 2, 8, 20 days */
	assert_int_equal(run("--json", "reminder", "list", NULL), CTL_DONE);
	list = out_json();
	assert_int_equal(json_array_size(list), 2);
	one = json_array_get(list, 0);
	assert_string_equal(text_at(one, "reminder"), "first");
	assert_int_equal(int_at(one, "days_over"), 3);
	assert_int_equal(int_at(one, "fee_minor"), 0);
	json_decref(list);
	assert_int_equal(run("--json", "reminder", "list", "--date", "2026-05-10", NULL), CTL_DONE);
	list = out_json();
	assert_string_equal(text_at(json_array_get(list, 1), "reminder"), "second");
	assert_int_equal(int_at(json_array_get(list, 1), "fee_minor"), 5000);
	json_decref(list);
	assert_int_equal(run("reminder", NULL), CTL_DONE);
	assert_non_null(strstr(out, "VIKEN-2026-000001"));
}

static void sums_that_do_not_hold_are_exit_1(void **state)
{
	json_t *found;

	(void)state;
	assert_int_equal(run("--json", "ledger", "check", NULL), CTL_DONE);
	found = out_json();
	assert_true(json_is_true(json_object_get(found, "ok")));
	assert_int_equal(int_at(found, "lines"), 3);
	assert_int_equal(int_at(found, "invoices"), 2);
	json_decref(found);
	assert_int_equal(run("ledger", "rebuild", NULL), CTL_DONE);
	assert_non_null(strstr(out, "no difference"));
	books_plant(
		&books,
		"UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM posting)");
	assert_int_equal(run("--json", "ledger", "check", NULL), CTL_REFUSED);
	found = out_json();
	assert_false(json_is_true(json_object_get(found, "ok")));
	assert_true(strlen(text_at(found, "why")) > 10);
	json_decref(found);
	assert_int_equal(run("--json", "ledger", "rebuild", NULL), CTL_REFUSED);
	found = out_json();
	assert_string_equal(text_at(found, "table"), "posting");
	json_decref(found);
}

static void file_begins(const char *name, const char *with)
{
	char path[160], text[200] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/out/%s", books.dir, name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("there is no %s", path);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	if (strncmp(text, with, strlen(with)) != 0)
		fail_msg("%s begins with '%s'", name, text);
}

static void books_are_exported(void **state)
{
	char dir[100], path[120];
	json_t *told;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/out", books.dir);
	assert_int_equal(run("--json", "ledger", "export", dir, "--shop", "viken", NULL), CTL_DONE);
	told = out_json();
	assert_int_equal(int_at(json_object_get(told, "rows"), "lines"), 3);
	assert_int_equal(int_at(json_object_get(told, "rows"), "invoices"), 2);
	assert_int_equal(int_at(json_object_get(told, "rows"), "invoice_lines"), 3);
	assert_int_equal(int_at(json_object_get(told, "rows"), "closed"), 1);
	assert_true(int_at(json_object_get(told, "rows"), "tax") >= 6);
	json_decref(told);
	file_begins("lines.csv", "seq,visit,customer,key,gtin,name,bought,quantity_milli,");
	file_begins("postings.csv", "seq,kind,account,amount_minor\r\n");
	file_begins("invoices.csv", "id,number,kind,customer,period,issued,due,lines,gross_minor,"
				    "rounding_minor,payable_minor,original,line,reason,"
				    "credited_minor,paid_minor\r\n2026000001,VIKEN-2026-000001,"
				    "invoice,");
	file_begins("chart.csv", "role,vat_bp,account\r\nreceivable,,1510\r\n");
	file_begins("tax.csv", "class,vat_bp,from\r\nstandard,2500,\r\nfood,1200,\r\nfood,600,"
			       "2026-04-01\r\n");
	assert_int_equal(run("ledger", "export", "/proc/nothing", NULL), CTL_REFUSED);
	assert_int_equal(run("ledger", "export", dir, "--shop", "No Shop", NULL), CTL_USAGE);
	snprintf(path, sizeof(path), "%s/lines.csv.new", dir);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_month_is_told_to_the_bookkeeper(void **state)
{
	char file[120], seller[120];
	FILE *f;

	(void)state;
	snprintf(seller, sizeof(seller), "%s/seller.json", books.dir);
	snprintf(file, sizeof(file), "%s/month.se", books.dir);
	f = fopen(seller, "w");
	fputs("{\"seller\": {\"name\": \"Handeln AB\", \"street\": \"Vägen 1\", \"postcode\": "
	      "\"12345\", \"city\": \"Viken\", \"country\": \"SE\", \"organisation_number\": "
	      "\"5599000006\"}}",
	      f);
	fclose(f);
	assert_int_equal(run("ledger", "sie", "2026-03", "--seller", seller, "--out", file, NULL),
			 CTL_DONE);
	assert_int_equal(run("ledger", "sie", "2026-03", "--seller", seller, NULL), CTL_DONE);
	assert_non_null(strstr(out, "#VER K 202603001 20260302"));
	assert_non_null(strstr(out, "#TRANS 1510 "));
	assert_int_equal(run("--json", "ledger", "sie", "2026-03", "--seller", seller, NULL),
			 CTL_USAGE);
	assert_int_equal(run("ledger", "sie", "2026-03", NULL), CTL_USAGE);
	assert_int_equal(run("ledger", "sie", "2026-03", "--seller", "/nowhere", NULL),
			 CTL_REFUSED);
	f = fopen(seller, "w");
	fputs("{\"seller\": {\"nam\": \"x\"}}", f);
	fclose(f);
	assert_int_equal(run("ledger", "sie", "2026-03", "--seller", seller, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "nam"));
}

/* --- what is asked */

static void a_close_goes_on_until_it_is_done(void **state)
{
	json_t *told;

	(void)state;
	shop_opens();
	answers((struct message_desk_is){.answer = DESK_WORKING, .done = 1, .all = 2});
	answers((struct message_desk_is){.answer = DESK_WORKING, .done = 2, .all = 2});
	answers((struct message_desk_is){.answer = DESK_DONE, .done = 2, .all = 2});
	assert_int_equal(run("--json", "invoice", "close", "2026-03", NULL), CTL_DONE);
	told = out_json();
	assert_int_equal(int_at(told, "invoice_count"), 2);
	assert_false(json_is_true(json_object_get(told, "closed_before")));
	assert_int_equal(json_array_size(json_object_get(told, "invoices")), 2);
	json_decref(told);
	assert_int_equal(shop.question[0].kind, DESK_CLOSE);
	assert_int_equal(shop.question[0].period, 202603);
	answers((struct message_desk_is){.answer = DESK_REPEATED});
	assert_int_equal(run("invoice", "close", "2026-03", NULL), CTL_DONE);
	assert_non_null(strstr(out, "closed before"));
	answers(refusal("2026-05 is not over yet"));
	assert_int_equal(run("invoice", "close", "2026-05", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "not over yet"));
	answers((struct message_desk_is){.answer = DESK_UNAVAILABLE, .why = "come again"});
	assert_int_equal(run("invoice", "close", "2026-05", NULL), CTL_REFUSED);
}

static void requests_say_what_was_meant(void **state)
{
	const struct message_desk *q = shop.question;
	json_t *told;

	(void)state;
	shop_opens();
	answers((struct message_desk_is){.answer = DESK_DONE, .seq = 77});
	assert_int_equal(run("--json", "stock", "deliver", MILK, "1.5", "--cost", "12,50", "--lot",
			     "L1", "--use-by", "2026-05-09", "--why", "truck", "--key", "k1",
			     "--by", "anna", NULL),
			 CTL_DONE);
	told = out_json();
	assert_int_equal(int_at(told, "seq"), 77);
	json_decref(told);
	assert_int_equal(q[0].kind, DESK_STOCK);
	assert_int_equal(q[0].word, MOVEMENT_DELIVERY);
	assert_int_equal(q[0].quantity_milli, 1500);
	assert_int_equal(q[0].amount_minor, 1250);
	assert_int_equal(q[0].use_by, on(2026, 5, 9).n);
	assert_string_equal(q[0].lot, "L1");
	assert_string_equal(q[0].why, "truck");
	assert_string_equal(q[0].key, "k1");
	assert_string_equal(q[0].by, "anna");
	assert_int_equal(run("stock", "count", MILK, "0", NULL), CTL_DONE);
	assert_int_equal(q[1].word, MOVEMENT_COUNT);
	assert_int_equal(strlen(q[1].key), 32);
	assert_string_equal(q[1].by, "shopctl");
	assert_int_equal(run("invoice", "credit", "0000000000000001", "k-1", "--reason", "broken",
			     "--why", "läcker", NULL),
			 CTL_DONE);
	assert_int_equal(q[2].kind, DESK_CREDIT);
	assert_int_equal(q[2].word, CREDIT_BROKEN);
	assert_int_equal(q[2].visit, 1);
	assert_string_equal(q[2].line, "k-1");
	assert_int_equal(q[2].invoice, 0);
	answers((struct message_desk_is){.answer = DESK_DONE, .invoice = 2026000003});
	assert_int_equal(run("invoice", "credit", "viken-2026-000002", "--reason", "price", NULL),
			 CTL_DONE);
	assert_int_equal(q[3].invoice, 2026000002);
	assert_non_null(strstr(out, "VIKEN-2026-000003"));
	assert_int_equal(run("payment", "assign", "bank-1", "000102030405060708090a0b0c0d0e0f",
			     "2026-000001", NULL),
			 CTL_DONE);
	assert_int_equal(q[4].kind, DESK_ASSIGN);
	assert_string_equal(q[4].key, "bank-1");
	assert_int_equal(q[4].customer[15], 15);
	assert_int_equal(q[4].invoice, 2026000001);
	assert_int_equal(
		run("check", "record", "00000000000000ff", "failed", "--why", "två saknas", NULL),
		CTL_DONE);
	assert_int_equal(q[5].kind, DESK_CHECK);
	assert_int_equal(q[5].word, CHECK_FAILED);
	assert_int_equal(q[5].visit, 255);
	assert_int_equal(run("check", "pick", "00000000000000ff", NULL), CTL_DONE);
	assert_int_equal(q[6].word, CHECK_PICKED);
	answers(refusal("there is no such visit"));
	assert_int_equal(run("check", "pick", "00000000000000fe", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "no such visit"));
}

static void a_first_delivery_says_its_cost(void **state)
{
	(void)state;
	shop_opens();
	assert_int_equal(run("stock", "deliver", "73513537", "2", NULL), CTL_USAGE);
	assert_non_null(strstr(err, "--cost"));
	assert_int_equal(shop.asked, 0);
}

/* A camt.054 of one payment each. */
static void bank_file(char path[120], const char *reference, const char *amount, const char *ccy)
{
	FILE *f;

	snprintf(path, 120, "%s/bank.xml", books.dir);
	f = fopen(path, "w");
	fprintf(f,
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\">"
		"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-05-02T06:00:00Z"
		"</CreDtTm></GrpHdr><Ntfctn><Id>1</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>"
		"<Ntry><Amt Ccy=\"%s\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt>"
		"<Dt>2026-05-02</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs>"
		"<AcctSvcrRef>B1</AcctSvcrRef></Refs><RmtInf><Strd><CdtrRefInf><Ref>%s</Ref>"
		"</CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn>"
		"</BkToCstmrDbtCdtNtfctn></Document>",
		ccy, amount, reference);
	fclose(f);
}

static void payments_find_their_invoice(void **state)
{
	struct {
		const char *reference, *amount, *ccy, *match, *outcome;
		struct message_desk_is answer;
		int code;
	} cases[] = {
		{NULL, "121.00", "SEK", "exact", "taken", {.answer = DESK_DONE}, CTL_DONE},
		{NULL, "100", "SEK", "under", "taken", {.answer = DESK_DONE}, CTL_DONE},
		{NULL, "500", "SEK", "over", "taken", {.answer = DESK_DONE}, CTL_DONE},
		{NULL,
		 "121",
		 "SEK",
		 "exact",
		 "imported_before",
		 {.answer = DESK_REPEATED},
		 CTL_DONE},
		{"HEJ", "121", "SEK", "unknown", "unclaimed", {.answer = DESK_DONE}, CTL_DONE},
		{NULL,
		 "121",
		 "EUR",
		 "wrong_currency",
		 "refused",
		 {.answer = DESK_DONE},
		 CTL_REFUSED},
		{NULL,
		 "121",
		 "SEK",
		 "exact",
		 "refused",
		 {.answer = DESK_REFUSED, .why = "no"},
		 CTL_REFUSED},
	};
	char ocr[OCR_TEXT_SIZE], path[120];

	(void)state;
	shop_opens();
	ocr_text((struct invoice_id){2026000001}, ocr);
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct message_desk *q = &shop.question[shop.asked];
		uint32_t before = shop.asked;
		bool known = !cases[i].reference;
		json_t *told, *one;

		bank_file(path, known ? ocr : cases[i].reference, cases[i].amount, cases[i].ccy);
		if (strcmp(cases[i].ccy, "SEK") == 0)
			answers(cases[i].answer);
		assert_int_equal(run("--json", "payment", "import", path, NULL), cases[i].code);
		told = out_json();
		one = json_array_get(json_object_get(told, "payments"), 0);
		assert_string_equal(text_at(one, "match"), cases[i].match);
		assert_string_equal(text_at(one, "outcome"), cases[i].outcome);
		json_decref(told);
		assert_int_equal(shop.asked - before, strcmp(cases[i].ccy, "SEK") == 0);
		if (shop.asked == before)
			continue;
		assert_int_equal(q->kind, DESK_PAYMENT);
		assert_int_equal(q->invoice, known ? 2026000001 : 0);
		assert_int_equal(q->day, on(2026, 5, 2).n);
		assert_true(strlen(q->key) > 16);
		assert_int_equal(
			memcmp(q->customer, known ? household(1).byte : (uint8_t[16]){0}, 16), 0);
	}
	assert_int_equal(run("payment", "import", "/nowhere.xml", NULL), CTL_REFUSED);
	assert_int_equal(run("payment", "import", books.dir, NULL), CTL_REFUSED);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(numbers_days_quantities),
		TEST(a_number_is_this_shop_s),
		TEST(a_contact_is_one_that_courierd_knows),
		TEST(invoices_are_listed_and_shown),
		TEST(books_are_read_beside_a_shop_that_is_shut),
		TEST(no_ledger_is_told),
		TEST(reminders_go_by_the_shop_s_own_days),
		TEST(sums_that_do_not_hold_are_exit_1),
		TEST(books_are_exported),
		TEST(a_month_is_told_to_the_bookkeeper),
		TEST(a_close_goes_on_until_it_is_done),
		TEST(requests_say_what_was_meant),
		TEST(a_first_delivery_says_its_cost),
		TEST(payments_find_their_invoice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

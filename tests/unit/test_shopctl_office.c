/*
 * test_shopctl_office.c: the commands that speak of the head office: enrolling, restoring with a
 * backup, members and prices once there is an office, and the keys of an office itself.
 */
#include "shopctl_shop.h"

static void a_shop_is_enrolled(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	memcpy(shop.status.shop, "viken", 6);
	memcpy(shop.status.office, "https://office.example", 23);
	shop.status.enrolled = shop.status.epoch = 1;
	assert_int_equal(run("enrol", "https://office.example", "VIKEN-X", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_ENROL);
	assert_string_equal(shop.question.enrol.url, "https://office.example");
	assert_string_equal(shop.question.enrol.code, "VIKEN-X");
	assert_int_equal(shop.seals, -1);
	assert_non_null(strstr(out, "viken is enrolled at https://office.example, epoch 1"));
	assert_int_equal(run("leave", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_LEAVE);
	shop.answer[0].done.error = 1;
	memcpy(shop.answer[0].done.text, "this is no claim code", 22);
	assert_int_equal(run("enrol", "https://office.example", "VIKEN-X", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "no claim code"));
	assert_int_equal(run("enrol", "https://office.example", NULL), CTL_USAGE);
}

static void a_restore_brings_the_backup_s_ledger(void **state)
{
	char backup[128], path[160], etc[128];
	FILE *f;

	(void)state;
	shop.tells_office = true;
	snprintf(backup, sizeof(backup), "%s/backup", folder);
	snprintf(etc, sizeof(etc), "%s/etc", folder);
	snprintf(path, sizeof(path), "%s/etc", backup);
	assert_int_equal(mkdir(backup, 0700), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 CTL_REFUSED); /* it holds no ledger */
	assert_int_equal(shop.asked, 0);
	snprintf(path, sizeof(path), "%s/ledger.db", backup);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("a ledger", f);
	fclose(f);
	shop.seals = -2;
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 0);
	assert_int_equal(shop.question.head.type, MESSAGE_ENROL);
	assert_int_not_equal(shop.seals, -2); /* a descriptor came along */
	unlink(path);
	/* configuration that is not here is put in place, and looked at before anything is asked */
	snprintf(path, sizeof(path), "%s/etc/shopd.conf", backup);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("shop = viken\n", f);
	fclose(f);
	snprintf(path, sizeof(path), "%s/ledger.db", backup);
	f = fopen(path, "w");
	fputs("a ledger", f);
	fclose(f);
	shop.asked = 0;
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 CTL_REFUSED);
	assert_int_equal(shop.asked, 0);
	assert_non_null(strstr(err, "shopd.conf, from the backup"));
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/etc/shopd.conf", backup);
	unlink(path);
	snprintf(path, sizeof(path), "%s/etc", backup);
	rmdir(path);
	rmdir(backup);
	snprintf(path, sizeof(path), "%s/shopd.conf", etc);
	unlink(path);
	rmdir(etc);
}

static void once_enrolled_the_office_is_asked(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], file[128];

	(void)state;
	shop.tells_office = true;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	snprintf(file, sizeof(file), "%s/operator.key", folder);
	assert_int_equal(run("token", "key", file, NULL), 0);
	setenv("HOME", folder, 1);
	answer_with(MESSAGE_DONE);
	shop.status.enrolled = 1;
	memcpy(shop.status.shop, "viken", 6);
	memcpy(shop.status.office, "http://127.0.0.1:1", 19); /* nobody is there */
	assert_int_equal(run("member", "add", "--key", hex, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "operator's key"));
	assert_int_equal(run("member", "add", "--key", hex, "--operator", file, NULL),
			 CTL_UNREACHABLE);
	assert_non_null(strstr(err, "out of reach"));
	assert_int_equal(run("product", "import", list_of("gtin,name\n"), "--operator", file, NULL),
			 CTL_UNREACHABLE);
	assert_int_equal(run("member", "unblock", "000102030405060708090a0b0c0d0e0f", "--operator",
			     file, NULL),
			 CTL_UNREACHABLE);
	assert_int_equal(shop.asked, 0);
	/* but whom not to let in cannot wait */
	assert_int_equal(run("member", "block", "000102030405060708090a0b0c0d0e0f", "--operator",
			     file, NULL),
			 0);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_BLOCK);
	assert_non_null(strstr(err, "at this shop alone"));
	unlink(file);
}

static void a_root_signs_a_set_of_keys(void **state)
{
	char root[128], one[128], out_file[128], public[2][129], text[4096] = "";
	uint8_t bytes[2048], tbs[2048];
	struct public_key root_key;
	struct statement s;
	struct sync_keys keys;
	FILE *f;

	(void)state;
	snprintf(root, sizeof(root), "%s/root.key", folder);
	snprintf(one, sizeof(one), "%s/office.key", folder);
	snprintf(out_file, sizeof(out_file), "%s/office.keys", folder);
	assert_int_equal(run("root", "make", root, NULL), 0);
	assert_int_equal(strlen(out), 129);
	memcpy(public[0], out, 128);
	public[0][128] = '\0';
	assert_int_equal(run("root", "make", root, NULL), CTL_REFUSED); /* never over another */
	assert_int_equal(run("root", "public", root, NULL), 0);
	assert_memory_equal(out, public[0], 128);
	assert_int_equal(run("root", "key", one, NULL), 0);
	memcpy(public[1], out, 128);
	public[1][128] = '\0';
	assert_int_equal(run("root", "sign", "--root", root, "--version", "0", "--out", out_file,
			     public[1], NULL),
			 CTL_USAGE);
	assert_int_equal(run("root", "sign", "--root", root, "--version", "3", "--out", out_file,
			     "beef", NULL),
			 CTL_USAGE);
	assert_int_equal(run("root", "sign", "--root", root, "--version", "3", "--out", out_file,
			     public[1], public[0], NULL),
			 0);
	f = fopen(out_file, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	assert_true(hex_parse(text, (uint32_t)strlen(text), bytes, (uint32_t)strlen(text) / 2));
	assert_true(statement_parse((struct span){bytes, (uint32_t)strlen(text) / 2}, &s));
	assert_true(sync_keys_take(s.payload, &keys));
	assert_int_equal(keys.version, 3);
	assert_int_equal(keys.keys, 2);
	assert_true(hex_parse(public[0], 128, &root_key, 64));
	assert_memory_equal(&keys.key[1], &root_key, 64);
	assert_int_equal(es256_verify(&root_key, tbs,
				      statement_to_be_signed(s.kid, s.payload, tbs, sizeof(tbs)),
				      s.signature),
			 1);
	/* a root that others may read is not used */
	assert_int_equal(chmod(root, 0640), 0);
	assert_int_equal(run("root", "public", root, NULL), CTL_REFUSED);
	unlink(root);
	unlink(one);
	unlink(out_file);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, shop_forget, shop_content)
	const struct CMUnitTest tests[] = {
		TEST(a_shop_is_enrolled),
		TEST(a_restore_brings_the_backup_s_ledger),
		TEST(once_enrolled_the_office_is_asked),
		TEST(a_root_signs_a_set_of_keys),
	};

	return cmocka_run_group_tests(tests, shop_open, shop_close);
}

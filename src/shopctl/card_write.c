/*
 * card_write.c: an NTAG 424 DNA becomes a card of this shop (NXP AN12196).
 *
 * The keys of a new card are zeros; after this all that matter are derived from the shop's own, and
 * nobody without it can change the card again. Key 0 is changed last, so that a card that was taken
 * away in the middle is simply written again: each key says by its version whether it is the
 * factory's (0) or this shop's already (1).
 *
 * It is told to draw its number anew for whoever asks for it: the card in a pocket is not known
 * again by the next phone. Only what it says by SUN bears its own, enciphered.
 *
 *   key 0  changes the card          key 1  MACs what it says
 *   key 2  enciphers who it is       keys 3 and 4  are for nothing, and become key 0's as well
 */
#include "shopctl/card_write.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/ev2.h"
#include "device/nfc_reader.h"
#include "loop/loop.h"
#include "shopctl/args.h"
#include "shopctl/file.h"
#include "token/ndef.h"

#define KEYS	     5
#define OUR_VERSION  1
#define NDEF_FILE    2
#define WAIT_S	     30
#define ADDRESS_MAX  150 /* with its query it has to fit one frame of the card */
#define STATUS_AUTH  0x91ae
#define STATUS_LATER 0x91ad /* too many wrong keys: it wants a rest */

/** What is written, and where in the file the card mirrors what it says. */
struct made {
	uint8_t bytes[CARD_NDEF_MAX];
	uint32_t len, picc_at, mac_at;
};

static const char https[] = "https://";

/** The NDEF file with zeros where the card will say p= and m=. */
static bool ndef_make(const char *address, struct made *ret)
{
	static const char zeros[] = "00000000000000000000000000000000";
	const char *rest = address + sizeof(https) - 1;
	uint32_t rest_len = (uint32_t)strnlen(rest, ADDRESS_MAX + 1);
	uint32_t payload = 1 + rest_len + 3 + 32 + 3 + 16;
	struct builder b = builder_of(ret->bytes, sizeof(ret->bytes));
	struct card_said said;

	if (rest_len > ADDRESS_MAX || payload > 255)
		return false;
	build_u16(&b, (uint16_t)(4 + payload));
	build_bytes(&b, "\xd1\x01", 2);
	build_u8(&b, (uint8_t)payload);
	build_bytes(&b, "U\x04", 2);
	build_bytes(&b, rest, rest_len);
	build_bytes(&b, strchr(rest, '?') ? "&p=" : "?p=", 3);
	ret->picc_at = b.len;
	build_bytes(&b, zeros, 32);
	build_bytes(&b, "&m=", 3);
	ret->mac_at = b.len;
	build_bytes(&b, zeros, 16);
	ret->len = b.len;
	return !b.failed && ndef_card((struct span){ret->bytes, ret->len}, &said);
}

static void build_u24(struct builder *b, uint32_t v)
{
	build_u8(b, (uint8_t)v);
	build_u8(b, (uint8_t)(v >> 8));
	build_u8(b, (uint8_t)(v >> 16));
}

/** Everybody reads, key 0 alone writes and changes; the card mirrors who it is under key 2 and a
 * MAC of key 1, over nothing of the address; its counter has no end but its own. */
static uint32_t settings_make(const struct made *m, uint8_t settings[20])
{
	static const uint8_t head[] = {0x40, 0x00, 0xe0, 0xc1, 0xff, 0x21};
	struct builder b = builder_of(settings, 20);

	build_bytes(&b, head, sizeof(head));
	build_u24(&b, m->picc_at);
	build_u24(&b, m->mac_at);
	build_u24(&b, m->mac_at);
	CHECK(!b.failed);
	return b.len;
}

/* --- the card */

struct writing {
	struct ctl *ctl;
	uint8_t shop_key[SUN_KEY_SIZE];
	struct made made;
	struct ev2 card;
	struct sun_uid uid;
	bool ours; /* key 0 is this shop's already */
};

static int transmit(void *data, const uint8_t *command, uint32_t len,
		    uint8_t answer[EV2_ANSWER_MAX])
{
	return nfc_reader_transmit(data, command, len, answer);
}

static enum ctl_exit failed(struct writing *w, const char *doing)
{
	uint16_t status = w->card.status;

	if (status == STATUS_LATER)
		return ctl_fail(w->ctl, CTL_REFUSED,
				"the card was asked with too many wrong keys: leave it on the "
				"reader for a minute, then again");
	if (status != 0)
		return ctl_fail(w->ctl, CTL_REFUSED, "%s: the card says %04x", doing, status);
	return ctl_fail(w->ctl, CTL_REFUSED,
			"%s: the card is gone, or is no NTAG 424 DNA: hold it still and say it "
			"again",
			doing);
}

/* The key that this place of the card has now: the factory's zeros, or this shop's. */
static void key_of(const struct writing *w, uint8_t key_no, bool ours, uint8_t ret[SUN_KEY_SIZE])
{
	memset(ret, 0, SUN_KEY_SIZE);
	if (!ours)
		return;
	if (key_no == 1)
		sun_file_key(w->shop_key, &w->uid, ret);
	else if (key_no == 2)
		sun_meta_key(w->shop_key, ret);
	else
		sun_master_key(w->shop_key, &w->uid, ret);
}

/* Whether the card is this shop's is tried out: its number is known before by what it mirrors. */
static bool known_uid(struct writing *w, struct nfc_reader *r)
{
	static const uint8_t select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0xe1, 0x04};
	static const uint8_t read[] = {0x00, 0xb0, 0x00, 0x00, 0x00};
	uint8_t answer[EV2_ANSWER_MAX], meta[SUN_KEY_SIZE], key[SUN_KEY_SIZE];
	struct card_said said;
	struct sun_tap tap;
	int got;
	bool good;

	if (nfc_reader_transmit(r, select, sizeof(select), answer) != 2 || answer[0] != 0x90)
		return false;
	got = nfc_reader_transmit(r, read, sizeof(read), answer);
	if (got < 2 || answer[got - 2] != 0x90 ||
	    !ndef_card((struct span){answer, (uint32_t)got - 2}, &said))
		return false;
	sun_meta_key(w->shop_key, meta);
	if (!sun_open(meta, said.picc, &tap))
		return false;
	sun_file_key(w->shop_key, &tap.uid, key);
	good = sun_mac_good(key, &tap, said.mac);
	w->uid = tap.uid;
	explicit_bzero(meta, sizeof(meta));
	explicit_bzero(key, sizeof(key));
	return good;
}

static enum ctl_exit open_session(struct writing *w, struct nfc_reader *r)
{
	uint8_t key[SUN_KEY_SIZE] = {0};
	struct sun_uid uid;

	if (!ev2_select(&w->card))
		return failed(w, "selecting its application");
	w->ours = known_uid(w, r);
	if (w->ours)
		key_of(w, 0, true, key);
	if (!ev2_select(&w->card))
		return failed(w, "selecting its application");
	bool good = ev2_authenticate(&w->card, 0, key);

	if (!good && w->ours && w->card.status == STATUS_AUTH) { /* cut short before its last key */
		w->ours = false;
		memset(key, 0, sizeof(key));
		good = ev2_authenticate(&w->card, 0, key);
	}
	explicit_bzero(key, sizeof(key));
	if (!good && w->card.status == STATUS_AUTH)
		return ctl_fail(w->ctl, CTL_REFUSED,
				"refused: the card has keys of somebody else; only who has them "
				"can free it");
	if (!good || !ev2_uid(&w->card, &uid))
		return failed(w, "opening a session");
	w->uid = uid;
	return CTL_DONE;
}

static enum ctl_exit change(struct writing *w, uint8_t key_no)
{
	uint8_t old[SUN_KEY_SIZE], new[SUN_KEY_SIZE], version = 0;
	bool good = ev2_key_version(&w->card, key_no, &version);

	key_of(w, key_no, version == OUR_VERSION, old);
	key_of(w, key_no, true, new);
	if (good && version != OUR_VERSION)
		good = ev2_change_key(&w->card, key_no, new, old, OUR_VERSION);
	explicit_bzero(old, sizeof(old));
	explicit_bzero(new, sizeof(new));
	return good ? CTL_DONE : failed(w, "changing its keys");
}

static enum ctl_exit write_all(struct writing *w)
{
	uint8_t settings[20];
	enum ctl_exit code = CTL_DONE;
	uint32_t len = settings_make(&w->made, settings);

	if (!ev2_write(&w->card, NDEF_FILE, (struct span){w->made.bytes, w->made.len}))
		return failed(w, "writing its address");
	for (uint8_t key_no = 1; code == CTL_DONE && key_no < KEYS; key_no++)
		code = change(w, key_no);
	if (code == CTL_DONE && !ev2_settings(&w->card, NDEF_FILE, (struct span){settings, len}))
		code = failed(w, "changing its file");
	if (code == CTL_DONE && !ev2_random_id(&w->card))
		code = failed(w, "hiding its number");
	if (code == CTL_DONE && !w->ours)
		code = change(w, 0);
	return code;
}

/* --- the reader */

/** Waits until a card lies on the one reader of this name. */
static enum ctl_exit find_card(struct ctl *ctl, struct nfc_reader *r, const char *part)
{
	enum nfc_trouble trouble = NFC_FINE;
	struct mono end = mono_add(loop_mono(), WAIT_S * 1000);
	enum nfc_wait seen;

	if (!nfc_reader_context(r))
		return ctl_fail(ctl, CTL_UNREACHABLE, "pcscd does not answer: is it installed?");
	if (!ctl->json)
		ctl_note(ctl, "Put the card on the reader.");
	while (!mono_due(loop_mono(), end)) {
		seen = nfc_reader_wait(r, part, 1000, &trouble);
		if (seen == NFC_WAIT_GONE)
			return ctl_fail(ctl, CTL_UNREACHABLE, "reader '%s': %s", part,
					nfc_trouble_words(trouble));
		/* it may lie there already; one that is gone again, or at which a door's program
		 * looks just now, is tried once more */
		if ((r->state & SCARD_STATE_PRESENT) && nfc_reader_connect(r, &trouble))
			return CTL_DONE;
	}
	return ctl_fail(ctl, CTL_REFUSED, "no card was put on the reader in %d s", WAIT_S);
}

static enum ctl_exit on_reader(struct writing *w, const char *part)
{
	struct nfc_reader reader;
	enum ctl_exit code;

	memset(&reader, 0, sizeof(reader));
	w->card = (struct ev2){.transmit = transmit, .data = &reader};
	code = find_card(w->ctl, &reader, part);
	if (code == CTL_DONE) {
		code = open_session(w, &reader);
		if (code == CTL_DONE)
			code = write_all(w);
		ev2_end(&w->card);
		nfc_reader_disconnect(&reader);
	}
	nfc_reader_close(&reader);
	return code;
}

static enum ctl_exit shop_key_read(struct ctl *ctl, const char *path, uint8_t key[SUN_KEY_SIZE])
{
	char *text = NULL;
	uint32_t len;
	bool good;
	enum ctl_exit code = file_whole(ctl, path, 2 * SUN_KEY_SIZE + 1, &text, &len);

	if (code != CTL_DONE)
		return code;
	if (len == 2 * SUN_KEY_SIZE + 1 && text[len - 1] == '\n')
		len--;
	good = hex_parse(text, len, key, SUN_KEY_SIZE);
	explicit_bzero(text, len);
	free(text);
	return good ? CTL_DONE
		    : ctl_fail(ctl, CTL_REFUSED,
			       "%s is no card key: 32 hex digits, as `card key` writes them", path);
}

static enum ctl_exit written_say(const struct writing *w)
{
	struct kid kid = sun_kid(w->shop_key, &w->uid);
	char text[2 * KID_SIZE + 1];

	hex_text(kid.byte, sizeof(kid.byte), text);
	if (w->ctl->json)
		return ctl_json(w->ctl, CTL_DONE, json_pack("{s:s}", "kid", text));
	ctl_say(w->ctl, "%s", text);
	ctl_note(w->ctl, "It is nobody's yet: shopctl card add --kid %s", text);
	return CTL_DONE;
}

enum ctl_exit card_write(struct ctl *ctl)
{
	const char *reader = NULL, *key = NULL, *address = NULL;
	const struct option options[] = {
		{"--reader", &reader, NULL}, {"--key", &key, NULL}, {"--address", &address, NULL}};
	struct writing w;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	memset(&w, 0, sizeof(w));
	w.ctl = ctl;
	if (code != CTL_DONE)
		return code;
	if (!reader || !key || !address)
		return ctl_usage(ctl, "--reader, --key and --address are all wanted");
	if (strncmp(address, https, sizeof(https) - 1) != 0 || !ndef_make(address, &w.made))
		return ctl_usage(
			ctl,
			"'%s' is no address for a card: https://…, plain characters, no p= "
			"or m= of its own, at most %d of them",
			address, ADDRESS_MAX);
	code = shop_key_read(ctl, key, w.shop_key);
	if (code == CTL_DONE)
		code = on_reader(&w, reader);
	if (code == CTL_DONE)
		code = written_say(&w);
	explicit_bzero(w.shop_key, sizeof(w.shop_key));
	return code;
}

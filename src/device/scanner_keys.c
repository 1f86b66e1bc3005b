/*
 * scanner_keys.c: a table, and the four keys that change what the others mean. A byte is made when
 * its key goes down, once: a scanner never holds a key on purpose, so a repeat is a lost release.
 */
#include "device/scanner_keys.h"

#include <linux/input-event-codes.h>

#include "base/check.h"

#define PLAIN_MAX (KEY_SPACE + 1)
#define ALT_MAX	  255 /* a number on the keypad that is no byte makes none */

/* Each key's byte, and the one with Shift. */
static const char table[PLAIN_MAX][2] = {
	[KEY_1] = "1!",		  [KEY_2] = "2@",	   [KEY_3] = "3#",
	[KEY_4] = "4$",		  [KEY_5] = "5%",	   [KEY_6] = "6^",
	[KEY_7] = "7&",		  [KEY_8] = "8*",	   [KEY_9] = "9(",
	[KEY_0] = "0)",		  [KEY_MINUS] = "-_",	   [KEY_EQUAL] = "=+",
	[KEY_TAB] = "\r\r",	  [KEY_Q] = "qQ",	   [KEY_W] = "wW",
	[KEY_E] = "eE",		  [KEY_R] = "rR",	   [KEY_T] = "tT",
	[KEY_Y] = "yY",		  [KEY_U] = "uU",	   [KEY_I] = "iI",
	[KEY_O] = "oO",		  [KEY_P] = "pP",	   [KEY_LEFTBRACE] = "[{",
	[KEY_RIGHTBRACE] = "]}",  [KEY_ENTER] = "\r\r",	   [KEY_A] = "aA",
	[KEY_S] = "sS",		  [KEY_D] = "dD",	   [KEY_F] = "fF",
	[KEY_G] = "gG",		  [KEY_H] = "hH",	   [KEY_J] = "jJ",
	[KEY_K] = "kK",		  [KEY_L] = "lL",	   [KEY_SEMICOLON] = ";:",
	[KEY_APOSTROPHE] = "'\"", [KEY_GRAVE] = "`~",	   [KEY_BACKSLASH] = "\\|",
	[KEY_Z] = "zZ",		  [KEY_X] = "xX",	   [KEY_C] = "cC",
	[KEY_V] = "vV",		  [KEY_B] = "bB",	   [KEY_N] = "nN",
	[KEY_M] = "mM",		  [KEY_COMMA] = ",<",	   [KEY_DOT] = ".>",
	[KEY_SLASH] = "/?",	  [KEY_KPASTERISK] = "**", [KEY_SPACE] = "  ",
};

/* The keypad with NumLock on, which is all that scanners use it for. */
static char keypad(uint16_t code)
{
	static const char pad[] = "789-456+1230.";

	if (code >= KEY_KP7 && code <= KEY_KPDOT)
		return pad[code - KEY_KP7];
	if (code == KEY_KPSLASH)
		return '/';
	return code == KEY_KPENTER ? '\r' : '\0';
}

static bool letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Keys that are held for the sake of others; false: it is none. */
static bool held(struct scanner_keys *k, uint16_t code, bool down)
{
	uint8_t *keys;
	uint8_t side;

	if (code == KEY_LEFTSHIFT || code == KEY_RIGHTSHIFT)
		keys = &k->shift;
	else if (code == KEY_LEFTCTRL || code == KEY_RIGHTCTRL)
		keys = &k->control;
	else if (code == KEY_LEFTALT || code == KEY_RIGHTALT)
		keys = &k->alt;
	else
		return false;
	side = code == KEY_RIGHTSHIFT || code == KEY_RIGHTCTRL || code == KEY_RIGHTALT ? 2 : 1;
	*keys = (uint8_t)(down ? *keys | side : *keys & ~side);
	return true;
}

/* Alt let go: the number that was typed meanwhile. */
static bool number_end(struct scanner_keys *k, uint8_t *ret)
{
	bool made = k->numbered && k->number <= ALT_MAX;

	if (made)
		*ret = (uint8_t)k->number;
	k->numbered = false;
	k->number = 0;
	return made;
}

static void number_digit(struct scanner_keys *k, char digit)
{
	k->numbered = true;
	if (k->number <= ALT_MAX) /* past it, it stays past it */
		k->number = k->number * 10 + (uint32_t)(digit - '0');
}

static char plain(const struct scanner_keys *k, uint16_t code)
{
	bool shift = k->shift != 0;

	if (code >= PLAIN_MAX || table[code][0] == '\0')
		return keypad(code);
	if (k->caps && letter(table[code][0]))
		shift = !shift;
	return table[code][shift];
}

bool scanner_key(struct scanner_keys *k, uint16_t code, int32_t move, uint8_t *ret)
{
	bool alt = k->alt != 0;
	char c;

	if (move != KEY_MOVE_UP && move != KEY_MOVE_DOWN)
		return false;
	if (held(k, code, move == KEY_MOVE_DOWN))
		return alt && k->alt == 0 && number_end(k, ret);
	if (move == KEY_MOVE_UP)
		return false;
	if (code == KEY_CAPSLOCK) {
		k->caps = !k->caps;
		return false;
	}
	c = plain(k, code);
	if (k->alt != 0) {
		if (keypad(code) >= '0' && keypad(code) <= '9')
			number_digit(k, c);
		return false;
	}
	if (c == '\0')
		return false;
	/* Ctrl and a letter, or one of [ \ ] ^ _: the control characters, as ever */
	if (k->control != 0) {
		char upper = letter(c) ? (char)(c - 'a' + 'A') : c;

		if (upper < '@' || upper > '_')
			return false;
		c = (char)(upper - '@');
	}
	*ret = (uint8_t)c;
	return true;
}

void scanner_keys_lost(struct scanner_keys *k)
{
	*k = (struct scanner_keys){.caps = k->caps};
}

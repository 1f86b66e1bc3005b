/*
 * party_words.c: the words of a party file, one by one. Numbers that carry a check digit are held
 * to it: a wrong bankgiro on ten thousand invoices is found here or by ten thousand people. What
 * people write between digits (blanks, hyphens) is let through and dropped.
 */
#include "paper/party_words.h"

#include <string.h>

#include "books/number.h"
#include "paper/letters.h"

/** ISO 3166-1 alpha-2. */
static const char countries[] =
	"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ"
	"CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFR"
	"GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP"
	"KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMT"
	"MUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
	"SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ"
	"UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_country(const char *two)
{
	for (const char *c = countries; *c; c += 2)
		if (c[0] == two[0] && c[1] == two[1])
			return true;
	return false;
}

/** Copies without blanks and hyphens; false when it does not fit. */
static bool plain(const char *text, char *to, uint32_t size)
{
	uint32_t len = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (len + 1 >= size)
			return false;
		to[len++] = *text;
	}
	to[len] = '\0';
	return true;
}

static bool all_digits(const char *text)
{
	for (; *text; text++)
		if (!is_digit(*text))
			return false;
	return true;
}

/** The plain digits of `text`: min..max of them, the last a Luhn digit. */
static bool luhn_number(const char *text, char *to, uint32_t size, size_t min, size_t max)
{
	return plain(text, to, size) && all_digits(to) && strlen(to) >= min && strlen(to) <= max &&
	       party_luhn(to);
}

bool party_luhn(const char *digits)
{
	size_t len = strlen(digits);

	return len > 1 && luhn_digit(digits, (uint32_t)len - 1) == digits[len - 1];
}

bool party_gln(const char *digits)
{
	uint32_t sum = 0;

	if (strlen(digits) != 13 || !all_digits(digits))
		return false;
	for (uint32_t i = 0; i < 13; i++)
		sum += (uint32_t)(digits[i] - '0') * (i % 2 ? 3 : 1);
	return sum % 10 == 0;
}

const char *party_text(const char *text, char *to, uint32_t size)
{
	const char *rest = text;
	bool blank = true;
	uint32_t letter;

	while ((letter = letter_next(&rest)) != 0) {
		if (letter == LETTER_UNKNOWN || !letter_shown(letter))
			return "text without control characters";
		blank = blank && (letter == ' ' || letter == 0xa0);
	}
	if (blank)
		return "text; leave the word out where there is none";
	if (strlen(text) >= size)
		return size > PARTY_TEXT_MAX ? "at most 120 bytes" : "shorter";
	memcpy(to, text, strlen(text) + 1);
	return NULL;
}

const char *party_country(const char *text, char *to, uint32_t size)
{
	if (strlen(text) != 2 || size < 3 || !is_country(text))
		return "two capitals of ISO 3166-1, like SE";
	memcpy(to, text, 3);
	return NULL;
}

const char *party_email(const char *text, char *to, uint32_t size)
{
	const char *at = strchr(text, '@');

	if (!at || at == text || !at[1] || strchr(at + 1, '@') || strchr(text, ' '))
		return "an address like namn@exempel.se";
	return party_text(text, to, size);
}

const char *party_phone(const char *text, char *to, uint32_t size)
{
	uint32_t digits = 0;

	for (const char *c = text; *c; c++) {
		if (!is_digit(*c) && !strchr(" -+()/", *c))
			return "digits, blanks and + - ( ) /";
		digits += is_digit(*c);
	}
	if (digits < 3)
		return "a number of at least 3 digits";
	return party_text(text, to, size);
}

const char *party_organisation(const char *text, char *to, uint32_t size)
{
	return luhn_number(text, to, size, 10, 10) ? NULL : "10 digits, the last a check digit";
}

/** A VAT number: of Sweden SE, organisation number, two digits; of others country and 2 to 12. */
const char *party_vat(const char *text, char *to, uint32_t size)
{
	char number[11] = {0};

	if (!plain(text, to, size) || strlen(to) < 4 || strlen(to) > 14 || !is_capital(to[0]) ||
	    !is_capital(to[1]))
		return "the country's letters and the number, like SE and 12 digits";
	if (!is_country(to) && strncmp(to, "EL", 2) != 0 && strncmp(to, "XI", 2) != 0)
		return "a number that begins with its country, like SE";
	for (const char *c = to + 2; *c; c++)
		if (!is_digit(*c) && !is_capital(*c))
			return "the country's letters, then digits and capitals";
	if (strncmp(to, "SE", 2) != 0)
		return NULL;
	memcpy(number, to + 2, strlen(to) < 12 ? strlen(to) - 2 : 10);
	if (strlen(to) != 14 || !all_digits(to + 2) || !party_luhn(number))
		return "SE and 12 digits: the organisation number and two more";
	return NULL;
}

const char *party_bankgiro(const char *text, char *to, uint32_t size)
{
	return luhn_number(text, to, size, 7, 8) ? NULL : "7 or 8 digits, the last a check digit";
}

const char *party_plusgiro(const char *text, char *to, uint32_t size)
{
	return luhn_number(text, to, size, 2, 8) ? NULL : "2 to 8 digits, the last a check digit";
}

/** ISO 13616: the number with its first four at the end, letters as 10..35, is 1 modulo 97. */
static bool iban_holds(const char *iban)
{
	size_t len = strlen(iban);
	uint32_t rest = 0;

	if (len < 15 || len > 34 || !is_country(iban) || !is_digit(iban[2]) || !is_digit(iban[3]))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = iban[(i + 4) % len];

		if (is_digit(c))
			rest = (rest * 10 + (uint32_t)(c - '0')) % 97;
		else if (is_capital(c))
			rest = (rest * 100 + (uint32_t)(c - 'A') + 10) % 97;
		else
			return false;
	}
	return rest == 1;
}

const char *party_iban(const char *text, char *to, uint32_t size)
{
	if (!plain(text, to, size) || !iban_holds(to) ||
	    (strncmp(to, "SE", 2) == 0 && strlen(to) != 24))
		return "an IBAN whose check digits hold";
	return NULL;
}

const char *party_bic(const char *text, char *to, uint32_t size)
{
	size_t len = strlen(text);
	bool good = (len == 8 || len == 11) && len < size && is_country(text + 4);

	for (size_t i = 0; good && i < len; i++)
		good = is_capital(text[i]) || (is_digit(text[i]) && i > 5);
	if (!good)
		return "8 or 11 capitals and digits (ISO 9362)";
	memcpy(to, text, len + 1);
	return NULL;
}

const char *party_scheme(const char *text, char *to, uint32_t size)
{
	if (size < 5 || (strcmp(text, "0007") != 0 && strcmp(text, "0088") != 0))
		return "0007 (organisation number) or 0088 (GLN)";
	memcpy(to, text, 5);
	return NULL;
}

const char *party_endpoint(const char *text, char *to, uint32_t size)
{
	return plain(text, to, size) && to[0] && all_digits(to) ? NULL : "digits";
}

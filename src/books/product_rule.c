/*
 * product_rule.c: a rule for lists without prices, so that a shop can be tried with real articles.
 * It is meant for demonstrations: whoever sells for money gives prices in the list.
 *
 * Class. Words of the name decide, the first row of the table that matches wins. Weak drinks and
 * vinegars come before the strong ones that they are named after. When in doubt about a drink it is
 * alcohol: a shop bars that class, and an article wrongly barred harms less than one wrongly sold
 * (the age limit for beer above 2.25 % is 18, and the seller answers for it).
 *
 * Price. A kind of article has a lowest and a highest price in kronor, roughly a village shop's of
 * 2026; the GTIN, mixed well, picks one in between, and every price ends in 90 öre. It depends on
 * nothing else, so two imports of one list give one price list.
 *
 * VAT. A class, whose rate on the day of sale the shop's own table knows (books/vat.h). Spirits,
 * wine and strong beer are not food; beer of at most 3.5 % is. Everything that is not eaten is
 * taxed at the standard rate, pet food too, but for newspapers.
 *
 * Deposit. A drink in a can or bottle has one: 1 krona, 2 for a plastic bottle of more than a
 * litre.
 */
#include "books/product_rule.h"

#include <string.h>

#include "base/check.h"

enum where {
	ANYWHERE,
	WORD,  /* a whole word */
	START, /* a word begins with it */
	END,   /* a word ends with it */
};

struct rule {
	const char *text; /* lower case */
	enum where where;
	enum article_class class;
	uint16_t low_kr, high_kr;
};

/* The first that matches. Sections in this order for a reason: see above. */
static const struct rule rules[] = {
	/* named after alcohol, and without it */
	{"alkoholfri", ANYWHERE, CLASS_GROCERY, 12, 29},
	{"sans alcool", ANYWHERE, CLASS_GROCERY, 12, 29},
	{"alcohol free", ANYWHERE, CLASS_GROCERY, 12, 29},
	{"lättöl", ANYWHERE, CLASS_GROCERY, 9, 15},
	{"ginger ale", ANYWHERE, CLASS_GROCERY, 12, 25},
	{"cider vinegar", ANYWHERE, CLASS_GROCERY, 25, 49},
	{"wine gum", ANYWHERE, CLASS_GROCERY, 15, 29},
	{"vinäger", ANYWHERE, CLASS_GROCERY, 19, 49},

	/* spirits, wine, beer, cider */
	{"vodka", ANYWHERE, CLASS_ALCOHOL, 229, 349},
	{"wodka", ANYWHERE, CLASS_ALCOHOL, 229, 349},
	{"absolut", WORD, CLASS_ALCOHOL, 229, 349},
	{"whisky", WORD, CLASS_ALCOHOL, 299, 499},
	{"mackmyra", WORD, CLASS_ALCOHOL, 399, 599},
	{"gin", WORD, CLASS_ALCOHOL, 229, 399},
	{"rom", START, CLASS_GROCERY, 25, 59}, /* roe */
	{"rum", WORD, CLASS_ALCOHOL, 229, 399},
	{"cognac", WORD, CLASS_ALCOHOL, 299, 599},
	{"akvavit", ANYWHERE, CLASS_ALCOHOL, 229, 349},
	{"brännvin", WORD, CLASS_ALCOHOL, 199, 299},
	{"likör", ANYWHERE, CLASS_ALCOHOL, 149, 299},
	{"punsch", END, CLASS_ALCOHOL, 149, 249},
	{"sprit", WORD, CLASS_ALCOHOL, 199, 299},
	{"starkvin", START, CLASS_ALCOHOL, 89, 149},
	{"vin", WORD, CLASS_ALCOHOL, 79, 149},
	{"rödvin", WORD, CLASS_ALCOHOL, 79, 149},
	{"vitt vin", ANYWHERE, CLASS_ALCOHOL, 79, 149},
	{"wine", WORD, CLASS_ALCOHOL, 79, 149},
	{"cabernet", WORD, CLASS_ALCOHOL, 79, 149},
	{"chardonnay", WORD, CLASS_ALCOHOL, 79, 149},
	{"prosecco", WORD, CLASS_ALCOHOL, 89, 159},
	{"champagne", WORD, CLASS_ALCOHOL, 299, 499},
	{"öl", WORD, CLASS_ALCOHOL, 14, 29},
	{"folköl", ANYWHERE, CLASS_ALCOHOL, 12, 19},
	{"starköl", ANYWHERE, CLASS_ALCOHOL, 15, 29},
	{"beer", WORD, CLASS_ALCOHOL, 14, 29},
	{"lager", WORD, CLASS_ALCOHOL, 14, 29},
	{"ipa", WORD, CLASS_ALCOHOL, 19, 35},
	{"ale", WORD, CLASS_ALCOHOL, 19, 35},
	{"stout", WORD, CLASS_ALCOHOL, 19, 35},
	{"pilsner", WORD, CLASS_ALCOHOL, 14, 29},
	{"hefeweizen", WORD, CLASS_ALCOHOL, 19, 35},
	{"bière", WORD, CLASS_ALCOHOL, 14, 29},
	{"heineken", WORD, CLASS_ALCOHOL, 14, 29},
	{"pripps", WORD, CLASS_ALCOHOL, 12, 19},
	{"norrlands guld", ANYWHERE, CLASS_ALCOHOL, 12, 19},
	{"mariestads", WORD, CLASS_ALCOHOL, 14, 29},
	{"arboga", WORD, CLASS_ALCOHOL, 14, 29},
	{"pistonhead", WORD, CLASS_ALCOHOL, 14, 29},
	{"carnegie", WORD, CLASS_ALCOHOL, 19, 35},
	{"cider", WORD, CLASS_ALCOHOL, 15, 29},
	{"kopparb", START, CLASS_ALCOHOL, 15, 29},
	{"koppaberg", START, CLASS_ALCOHOL, 15, 29},
	{"rekorderlig", WORD, CLASS_ALCOHOL, 15, 29},
	{"somersby", WORD, CLASS_ALCOHOL, 15, 29},
	{"briska", WORD, CLASS_ALCOHOL, 15, 29},

	/* tobacco and nicotine */
	{"snus", WORD, CLASS_TOBACCO, 45, 69},
	{"portionssnus", WORD, CLASS_TOBACCO, 45, 69},
	{"cigar", START, CLASS_TOBACCO, 65, 89},
	{"tobak", ANYWHERE, CLASS_TOBACCO, 65, 129},
	{"nikotin", START, CLASS_TOBACCO, 39, 59},
	{"nicotine", START, CLASS_TOBACCO, 39, 59},

	/* medicines that may be sold outside pharmacies */
	{"alvedon", WORD, CLASS_MEDICINE, 39, 59},
	{"panodil", WORD, CLASS_MEDICINE, 39, 59},
	{"paracetamol", WORD, CLASS_MEDICINE, 29, 49},
	{"ipren", WORD, CLASS_MEDICINE, 39, 69},
	{"ibuprofen", WORD, CLASS_MEDICINE, 29, 59},
	{"treo", WORD, CLASS_MEDICINE, 39, 69},
	{"nässpray", ANYWHERE, CLASS_MEDICINE, 45, 79},

	/* what is not eaten by people */
	{"bozita", WORD, CLASS_HOUSEHOLD, 15, 39},
	{"hundmat", ANYWHERE, CLASS_HOUSEHOLD, 29, 129},
	{"kattmat", ANYWHERE, CLASS_HOUSEHOLD, 19, 99},
	{"whiskas", WORD, CLASS_HOUSEHOLD, 19, 99},
	{"urinary", WORD, CLASS_HOUSEHOLD, 49, 129},
	{"tandkräm", ANYWHERE, CLASS_HOUSEHOLD, 19, 39},
	{"dentafresh", WORD, CLASS_HOUSEHOLD, 19, 39},
	{"tvål", ANYWHERE, CLASS_HOUSEHOLD, 15, 39},
	{"schampo", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"shampoo", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"hand cream", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"sanex", WORD, CLASS_HOUSEHOLD, 25, 49},
	{"huile argan", ANYWHERE, CLASS_HOUSEHOLD, 49, 99},
	{"renu", WORD, CLASS_HOUSEHOLD, 79, 149},
	{"toalett", START, CLASS_HOUSEHOLD, 29, 79},
	{"toilet", START, CLASS_HOUSEHOLD, 29, 79},
	{"hushållspapper", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"kitchen roll", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"plenty", WORD, CLASS_HOUSEHOLD, 25, 59},
	{"mouchoir", START, CLASS_HOUSEHOLD, 12, 29},
	{"servett", START, CLASS_HOUSEHOLD, 15, 35},
	{"blöj", START, CLASS_HOUSEHOLD, 79, 149},
	{"kompress", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"pancement", WORD, CLASS_HOUSEHOLD, 25, 59},
	{"plåster", ANYWHERE, CLASS_HOUSEHOLD, 25, 59},
	{"diskmedel", ANYWHERE, CLASS_HOUSEHOLD, 19, 45},
	{"tvättmedel", ANYWHERE, CLASS_HOUSEHOLD, 39, 99},
	{"batteri", START, CLASS_HOUSEHOLD, 39, 89},
	{"bedienungsanleitung", ANYWHERE, CLASS_HOUSEHOLD, 19, 49},

	/* food and drink, only for the price */
	{"julmust", ANYWHERE, CLASS_GROCERY, 12, 25},
	{"vatten", END, CLASS_GROCERY, 9, 19},
	{"loka", WORD, CLASS_GROCERY, 9, 19},
	{"ramlösa", WORD, CLASS_GROCERY, 9, 19},
	{"läsk", START, CLASS_GROCERY, 9, 25},
	{"pepsi", WORD, CLASS_GROCERY, 12, 25},
	{"cola", WORD, CLASS_GROCERY, 12, 25},
	{"nocco", WORD, CLASS_GROCERY, 19, 29},
	{"vitamin well", ANYWHERE, CLASS_GROCERY, 19, 29},
	{"juice", ANYWHERE, CLASS_GROCERY, 19, 45},
	{"mjölkchoklad", ANYWHERE, CLASS_GROCERY, 15, 39},
	{"choklad", ANYWHERE, CLASS_GROCERY, 15, 39},
	{"chocolat", ANYWHERE, CLASS_GROCERY, 15, 39},
	{"godis", ANYWHERE, CLASS_GROCERY, 12, 35},
	{"lakrits", ANYWHERE, CLASS_GROCERY, 12, 35},
	{"mjölk", ANYWHERE, CLASS_GROCERY, 12, 24},
	{"fil", END, CLASS_GROCERY, 15, 29},
	{"yoghurt", ANYWHERE, CLASS_GROCERY, 15, 35},
	{"yogurt", ANYWHERE, CLASS_GROCERY, 15, 35},
	{"kvarg", ANYWHERE, CLASS_GROCERY, 19, 39},
	{"ägg", WORD, CLASS_GROCERY, 29, 49},
	{"smör", ANYWHERE, CLASS_GROCERY, 39, 69},
	{"ost", END, CLASS_GROCERY, 35, 99},
	{"cheese", ANYWHERE, CLASS_GROCERY, 25, 59},
	{"bröd", ANYWHERE, CLASS_GROCERY, 22, 42},
	{"knäcke", ANYWHERE, CLASS_GROCERY, 19, 35},
	{"chips", ANYWHERE, CLASS_GROCERY, 19, 35},
	{"pizza", ANYWHERE, CLASS_GROCERY, 29, 59},
	{"lasagne", ANYWHERE, CLASS_GROCERY, 35, 69},
	{"kyckling", ANYWHERE, CLASS_GROCERY, 39, 99},
	{"skinka", ANYWHERE, CLASS_GROCERY, 22, 49},
	{"korv", ANYWHERE, CLASS_GROCERY, 25, 59},
	{"lax", WORD, CLASS_GROCERY, 59, 129},
	{"sill", ANYWHERE, CLASS_GROCERY, 29, 49},
	{"krydda", ANYWHERE, CLASS_GROCERY, 15, 35},
	{"salt", WORD, CLASS_GROCERY, 12, 25},
	{"sås", END, CLASS_GROCERY, 19, 39},
	{"sylt", ANYWHERE, CLASS_GROCERY, 22, 45},
	{"glass", ANYWHERE, CLASS_GROCERY, 19, 59},
	{"kaffe", ANYWHERE, CLASS_GROCERY, 49, 89},
};

/* Where no word speaks: by class. */
static const struct rule otherwise[ARTICLE_CLASSES] = {
	[CLASS_GROCERY] = {"", ANYWHERE, CLASS_GROCERY, 12, 59},
	[CLASS_HOUSEHOLD] = {"", ANYWHERE, CLASS_HOUSEHOLD, 19, 79},
	[CLASS_ALCOHOL] = {"", ANYWHERE, CLASS_ALCOHOL, 15, 35},
	[CLASS_TOBACCO] = {"", ANYWHERE, CLASS_TOBACCO, 45, 89},
	[CLASS_MEDICINE] = {"", ANYWHERE, CLASS_MEDICINE, 39, 69},
};

/** A word that tells of something. */
struct sign {
	const char *text;
	enum where where;
};

/* What is drunk out of a can or bottle that has a deposit (Pantamera); milk, juice, wine and
 * spirits have none, nor what is mixed at home or not drunk at all. */
static const struct sign drinks[] = {
	{"julmust", ANYWHERE},
	{"påskmust", ANYWHERE},
	{"vatten", END},
	{"loka", WORD},
	{"ramlösa", WORD},
	{"läsk", START},
	{"pepsi", WORD},
	{"cola", WORD},
	{"coca-cola", WORD},
	{"fanta", WORD},
	{"sprite", WORD},
	{"trocadero", WORD},
	{"sockerdricka", END},
	{"energidryck", END},
	{"nocco", WORD},
	{"celsius", WORD},
	{"red bull", WORD},
	{"vitamin well", ANYWHERE},
	{"öl", WORD},
	{"lättöl", ANYWHERE},
	{"folköl", ANYWHERE},
	{"starköl", ANYWHERE},
	{"beer", WORD},
	{"lager", WORD},
	{"ipa", WORD},
	{"pilsner", WORD},
	{"cider", WORD},
	{"pripps", WORD},
	{"heineken", WORD},
	{"mariestads", WORD},
	{"norrlands guld", ANYWHERE},
};
static const struct sign undeposited[] = {
	{"i vatten", END},	     {"bag", WORD},
	{"godis", ANYWHERE},	     {"gelatin", ANYWHERE},
	{"vinäger", ANYWHERE},	     {"vinegar", ANYWHERE},
	{"sirap", ANYWHERE},	     {"koncentrat", END},
	{"smaksatt te", ANYWHERE},   {"glass", WORD},
	{"kolsyrepatron", ANYWHERE}, {"bröd", ANYWHERE},
	{"korv", ANYWHERE},
};
static const struct sign large[] = {
	{"1,5 l", START},  {"1.5 l", START},   {"1,5l", START},	 {"1.5l", START},
	{"2 l", START},	   {"2l", START},      {"2,0 l", START}, {"150 cl", START},
	{"150cl", START},  {"200 cl", START},  {"200cl", START}, {"1500 ml", START},
	{"1500ml", START}, {"2000 ml", START},
};

/** Names are judged by their first bytes: ARTICLE_NAME_MAX are kept of them anyway. */
#define FOLDED_SIZE (ARTICLE_NAME_MAX + 1)

/** ASCII and Latin-1 letters in lower case (Ä is C3 84, ä is C3 A4); the rest as it is. */
static void fold(const char *name, char folded[FOLDED_SIZE])
{
	uint32_t i = 0;

	for (; name[i] && i + 1 < FOLDED_SIZE; i++) {
		uint8_t c = (uint8_t)name[i];
		bool after_c3 = i > 0 && (uint8_t)name[i - 1] == 0xc3;

		if ((c >= 'A' && c <= 'Z') || (after_c3 && c >= 0x80 && c <= 0x9e && c != 0x97))
			c = (uint8_t)(c + 0x20);
		folded[i] = (char)c;
	}
	folded[i] = '\0';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ((uint8_t)c & 0x80) != 0;
}

static bool found(const char *folded, const char *text, enum where where)
{
	size_t len = strlen(text);

	for (const char *at = strstr(folded, text); at; at = strstr(at + 1, text)) {
		bool starts = at == folded || !letter(at[-1]);
		bool ends = !letter(at[len]);

		if ((where == ANYWHERE) || (where == WORD && starts && ends) ||
		    (where == START && starts) || (where == END && ends))
			return true;
	}
	return false;
}

static const struct rule *rule_of(const char *name)
{
	char folded[FOLDED_SIZE];

	fold(name, folded);
	for (uint32_t i = 0; i < ARRAY_LEN(rules); i++)
		if (found(folded, rules[i].text, rules[i].where))
			return &rules[i];
	return NULL;
}

enum article_class product_class(const char *name)
{
	const struct rule *rule = rule_of(name);

	return rule ? rule->class : CLASS_GROCERY;
}

/** splitmix64's last steps: neighbouring GTINs get prices far apart. */
static uint64_t mix(uint64_t n)
{
	n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
	n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
	return n ^ (n >> 31);
}

struct money product_price(struct gtin gtin, const char *name, enum article_class class)
{
	const struct rule *rule = rule_of(name);

	CHECK((uint32_t) class < ARTICLE_CLASSES);
	if (!rule || rule->class != class)
		rule = &otherwise[class];
	uint64_t kronor = rule->low_kr + mix(gtin.n) % (rule->high_kr - rule->low_kr + 1u);

	return money_of((int64_t)kronor * 100 + 90);
}

/** Beer of at most 3.5 % by volume, as far as its name tells. */
static bool weak_beer(const char *name)
{
	static const char *const sign[] = {"folköl", "2,8%",  "2.8%", "3,5%",
					   "3.5%",   "2,8 %", "3,5 %"};
	char folded[FOLDED_SIZE];

	fold(name, folded);
	for (uint32_t i = 0; i < ARRAY_LEN(sign); i++)
		if (found(folded, sign[i], ANYWHERE))
			return true;
	return false;
}

enum vat_class product_vat(const char *name, enum article_class class)
{
	static const char *const paper[] = {"tidning", "tidskrift", "magasin", "kvällspost"};
	char folded[FOLDED_SIZE];

	fold(name, folded);
	switch (class) {
	case CLASS_GROCERY:
		return VAT_FOOD;
	case CLASS_ALCOHOL:
		return weak_beer(name) ? VAT_FOOD : VAT_STANDARD;
	case CLASS_HOUSEHOLD:
		for (uint32_t i = 0; i < ARRAY_LEN(paper); i++)
			if (found(folded, paper[i], END))
				return VAT_CULTURE;
		return VAT_STANDARD;
	case CLASS_TOBACCO:
	case CLASS_MEDICINE:
		break;
	}
	return VAT_STANDARD;
}

static bool any_of(const char *folded, const struct sign *sign, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (found(folded, sign[i].text, sign[i].where))
			return true;
	return false;
}

struct money product_deposit(const char *name, enum article_class class)
{
	char folded[FOLDED_SIZE];

	fold(name, folded);
	if ((class != CLASS_GROCERY && class != CLASS_ALCOHOL) ||
	    !any_of(folded, drinks, ARRAY_LEN(drinks)) ||
	    any_of(folded, undeposited, ARRAY_LEN(undeposited)))
		return MONEY_ZERO;
	return money_of(any_of(folded, large, ARRAY_LEN(large)) ? 200 : 100);
}

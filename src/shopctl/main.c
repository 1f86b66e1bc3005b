/*
 * main.c: the commands of shopctl, one a row; each is a file of its own, cmd_NAME.c. What a run of
 * one looks like stands in run.c; how shopd is asked, in ask.c. Writes go through shopd, reads go
 * to the files: nothing here opens a database for writing.
 */
#include "shopctl/shopctl.h"

static const struct ctl_command commands[] = {
	{"status", shopctl_status, "how the shop is; also: doctor",
	 "  shopctl status\n\n"
	 "What shopd says of itself: doors, ledger, clock, its companions, counters since\n"
	 "its start.\n"},
	{"doctor", shopctl_doctor, NULL,
	 "  shopctl doctor [--etc DIR] [--since FILE] [--wait S]\n\n"
	 "Looks at doors, scanners, clock, disk, text messages, cameras, books, backup and\n"
	 "head office: a tick or a cross, why, and what to do. Exit 1 when one needs\n"
	 "somebody. Also while the shop's programs are down: then it says why. With sudo\n"
	 "it sees more. In Swedish where LANG is.\n\n"
	 "--since: an earlier answer (--json); what was not well then does not count.\n"
	 "--wait: looks again for so many seconds, until all is well.\n"},
	{"door", shopctl_door, "the doors; lock, unlock, prop, lockdown, release one",
	 "  shopctl door                       how each door is\n"
	 "  shopctl door lock [DOOR]           end an access, prop, unlock or lockdown\n"
	 "  shopctl door unlock [DOOR]         until it is locked again\n"
	 "  shopctl door prop MINUTES [DOOR]   held open without an alarm, at most 720\n"
	 "  shopctl door lockdown [DOOR]       admit nobody\n"
	 "  shopctl door release [DOOR]        one opening, as for a member\n"
	 "  shopctl door challenge [DOOR]      a nonce for a phone whose clock is wrong\n\n"
	 "DOOR may be left out where there is only one.\n"},
	{"sim", shopctl_sim, "move the parts of a simulated door",
	 "  shopctl sim open|close [DOOR]      as a shopper does; open needs the strike\n"
	 "  shopctl sim force [DOOR]           open with the strike on hold\n"
	 "  shopctl sim rex|exit [DOOR]        press the exit button; open it from inside\n"
	 "  shopctl sim tamper|untamper|fire|unfire|unplug [DOOR]\n"
	 "  shopctl sim sensor NAME VALUE      a sensor says a number, on or off, or is\n"
	 "                                     lost\n\n"
	 "Talks to the simulated door, not to shopd; refused where the doors are real.\n"},
	{"member", shopctl_member, "add, list, block, unblock, trust members; also: owner",
	 "  shopctl member add --key HEX [--role R] [--limit KRONOR] [--extended]\n"
	 "  shopctl member list [--office]\n"
	 "  shopctl member block|unblock CUSTOMER\n"
	 "  shopctl member trust CUSTOMER new|trusted|restricted\n\n"
	 "HEX is the phone's public key as a COSE_Key. The same key again gives the same\n"
	 "customer. --role: member owner staff delivery. --limit: what may be unpaid, like\n"
	 "500 or 499.50. --extended: longer door times. CUSTOMER: the 32 digits of list.\n"
	 "What a level of trust means for limit, hours and checks stands in shopd.conf.\n\n"
	 "Once the shop is enrolled, add, block and unblock are said to its office, under\n"
	 "the operator's key: --operator FILE, or ~/.config/shopkeeper/operator.key (made\n"
	 "by `shopctl token key`). While it is out of reach block holds at this shop.\n"},
	{"card", shopctl_card, "NFC cards for people without a phone",
	 "  shopctl card add --kid KID --member CUSTOMER [--label TEXT]\n"
	 "  shopctl card add --kid KID [--role R] [--limit KRONOR] [--extended]\n"
	 "  shopctl card list\n"
	 "  shopctl card remove KID            lost, or given back: it opens nothing\n"
	 "  shopctl card key FILE [--show]     the shop's key, made once for all cards\n"
	 "  shopctl card write --reader NAME --key FILE --address URL\n\n"
	 "Without --member a member is made with the card. KID, 16 digits, is what a card\n"
	 "is called everywhere; its own number leaves no reader. write makes a new NTAG\n"
	 "424 DNA this shop's and prints its KID; NAME is part of a PC/SC reader's, URL\n"
	 "what a phone opens that is held to it. Again on the same card is harmless. Once\n"
	 "it is enrolled, add and remove are said to its office (--operator FILE, see\n"
	 "`help member`).\n"},
	{"owner", shopctl_owner, NULL,
	 "  shopctl owner code\n\n"
	 "Prints the code that makes a phone the first owner: the one that the console of\n"
	 "a box shows which has none. It is good once, and until shopd is restarted.\n"},
	{"pass", shopctl_pass, "the office's key for passes; revoke one, give one a PIN",
	 "  shopctl pass key --key HEX         accept passes that this key has signed\n"
	 "  shopctl pass revoke CTI            never again\n"
	 "  shopctl pass pin CTI PIN           4 to 8 digits; '-' reads them from stdin\n\n"
	 "CTI is the pass's id, 16 to 32 hex digits.\n"},
	{"token", shopctl_token, "a test phone: make its key, make its tokens",
	 "  shopctl token key FILE             a new private key; prints the public one\n"
	 "  shopctl token make --key FILE --aud AUD [--life S] [--nonce HEX] [--at TIME]\n"
	 "  shopctl token make --key FILE --challenge SKN1:…\n"
	 "      [--text]                       the QR code's text alone, no picture\n\n"
	 "AUD is SHOP/DOOR, SHOP/till or SHOP/owner. --life: seconds, 60 if left out, at\n"
	 "most 120 are accepted. --at: the phone's clock, like 2026-11-21T23:00:00Z.\n"},
	{"product", shopctl_product, "import a price list, show an article",
	 "  shopctl product import FILE.csv [--strict] [--no-rule]\n"
	 "  shopctl product show GTIN\n\n"
	 "Columns, named by the first line: gtin, name; price (VAT included), deposit (a\n"
	 "piece, on top), vat (food standard restaurant culture none: the day of sale then\n"
	 "decides the rate) or vat_bp (the rate itself), reorder (pieces at which to\n"
	 "order), class (grocery household alcohol tobacco medicine), state (sold recalled\n"
	 "expired). The file replaces the price list. Bad rows are named and left out;\n"
	 "--strict then takes none. An article without a price gets one made up, for\n"
	 "demonstrations, and a drink its deposit; with --no-rule it is a bad row.\n\n"
	 "Once the shop is enrolled the list goes to its office (--operator FILE, see\n"
	 "`shopctl help member`), which adds to what it has and tells its shops.\n"},
	{"visit", shopctl_visit, "the newest visits, or one with its lines",
	 "  shopctl visit [--max N]            the newest, 20 if left out\n"
	 "  shopctl visit ID                   one, with what was taken\n"},
	{"alarm", shopctl_alarm, "list, acknowledge alarms; also: contact sensor look rehearse",
	 "  shopctl alarm list                 what is not over, then what was last\n"
	 "  shopctl alarm ack ALARM|CODE [--by NAME]\n\n"
	 "told: the newest text to each person, and what became of it: left (a road took\n"
	 "it), delivered (and says that the phone has it), stuck. Only an answer ends the\n"
	 "calls: by text with the code, in the owner's page, or here.\n"},
	{"contact", shopctl_contact, NULL,
	 "  shopctl contact list               by step of the ladder, and who is on duty\n\n"
	 "Who is told of alarms. They stand in courierd.conf, their numbers only there.\n"},
	{"rehearse", shopctl_rehearse, NULL,
	 "  shopctl rehearse\n\n"
	 "Texts the owners now and asks for an answer, as is done on a schedule. Without\n"
	 "one, the next are told.\n"},
	{"sensor", shopctl_sensor, NULL,
	 "  shopctl sensor list                value, age and state of each\n\n"
	 "ok, beyond (its bound, but not for long), ALARM, STALE (not heard lately: the\n"
	 "value is as old as it says), unknown (never heard).\n"},
	{"look", shopctl_look, NULL,
	 "  shopctl look                       a picture from each camera now\n\n"
	 "They are kept beside those of entries and alarms, and shown in the owner's page.\n"},
	{"log", shopctl_log, "what happened, from the ledger",
	 "  shopctl log [--after SEQ] [--max N] [--kind K]\n\n"
	 "The newest 200 entries, oldest first; with --json the newest 100,000. --after\n"
	 "goes on from an entry instead. --kind: one alone, such as admitted or line.\n"},
	{"invoice", shopctl_invoice, "close a month; list, show, credit, render invoices",
	 "  shopctl invoice close MONTH        make its invoices; again is harmless\n"
	 "  shopctl invoice list [MONTH]       invoices and credit notes\n"
	 "  shopctl invoice show NUMBER        one, with its lines\n"
	 "  shopctl invoice credit NUMBER|VISIT KEY --reason R [--why TEXT] [--key K]\n"
	 "      [--by NAME]\n"
	 "  shopctl invoice render NUMBER --party FILE [--format F]… [--out DIR]\n\n"
	 "MONTH is like 2026-10; it is also closed by itself in its first night. VISIT\n"
	 "KEY is one line, see `shopctl --json visit VISIT`. R: wrong_line (the goods are\n"
	 "back on the shelf), broken (they are waste), price, goodwill. The same K again\n"
	 "credits once. F: ubl, pdf, csv, all three if left out; DIR is here if left\n"
	 "out, and with - one format goes to stdout. FILE, JSON, says who sells and who\n"
	 "pays; - reads it from stdin. No name stays on this machine but in the documents.\n"},
	{"payment", shopctl_payment, "import payments, list them, say whose they are",
	 "  shopctl payment import FILE        camt.054 or Bankgiro Inbetalningar\n"
	 "  shopctl payment list [--unclaimed]\n"
	 "  shopctl payment assign KEY CUSTOMER [NUMBER] [--by NAME]\n\n"
	 "The same file again changes nothing. Payments whose reference names no invoice\n"
	 "wait unclaimed. KEY is the payment's, as in the list.\n"},
	{"reminder", shopctl_reminder, "unpaid invoices that call for something today",
	 "  shopctl reminder list [--date DAY]\n\n"
	 "first: a friendly word; second: with the fee; bar: no entry until it is paid.\n"
	 "When stands in shopd.conf, [books].\n"},
	{"stock", shopctl_stock, "what stands on the shelves, and what moves it",
	 "  shopctl stock list | value | order | shrink\n"
	 "  shopctl stock show GTIN\n"
	 "  shopctl stock movements [GTIN] [--after SEQ] [--max N]\n"
	 "  shopctl stock expiring [DAYS]      what has a date within 7 days, if left out\n"
	 "  shopctl stock deliver GTIN QTY [--cost KRONOR] [--lot L] [--use-by DAY]\n"
	 "      [--best-before DAY]\n"
	 "  shopctl stock count GTIN QTY       what stands there, whatever the books say\n"
	 "  shopctl stock waste GTIN QTY --why TEXT\n"
	 "  shopctl stock own-use GTIN QTY [--why TEXT]\n"
	 "  shopctl stock scan deliver [--cost KRONOR]\n\n"
	 "QTY is pieces or kilograms, like 24 or 1.5. --cost: of one, without VAT; what it\n"
	 "cost last time if left out. scan reads codes from stdin, one a line, with lot\n"
	 "and dates as printed in them. --key K: the same K again books once. --by NAME:\n"
	 "who says so.\n"},
	{"check", shopctl_check, "visits picked for a look, and what was found; also: report",
	 "  shopctl check list [--all]\n"
	 "  shopctl check pick VISIT [--why TEXT] [--by NAME]\n"
	 "  shopctl check record VISIT passed|failed|waived [--why TEXT] [--by NAME]\n"},
	{"report", shopctl_report, NULL,
	 "  shopctl report list [--all]\n\n"
	 "A line is made good by `shopctl invoice credit VISIT KEY`.\n"},
	{"ledger", shopctl_ledger, "verify, check, rebuild, export the books",
	 "  shopctl ledger verify              exit 1 when an entry was changed\n"
	 "  shopctl ledger check               exit 1 when a sum does not hold\n"
	 "  shopctl ledger rebuild             derive all again and compare\n"
	 "  shopctl ledger export DIR [--shop NAME]\n"
	 "                                     every table as CSV\n"
	 "  shopctl ledger sie MONTH --seller FILE [--out FILE]\n"
	 "                                     for the bookkeeper's program (SIE 4I)\n"},
	{"enrol", shopctl_enrol, "at a head office; also: office restore backup leave root",
	 "  shopctl enrol URL CODE\n\n"
	 "Asks the office at URL to take this shop in; CODE is the one that it gave out\n"
	 "for it, good once. Then members, prices and hours come from there, and what\n"
	 "happens here goes there. Returns when all is done.\n"},
	{"office", shopctl_office, NULL,
	 "  shopctl office GET|POST|PUT|PATCH|DELETE PATH [BODY] [--at URL]\n"
	 "      [--operator FILE] [--type T] [--out FILE]\n\n"
	 "One request of include/api/office.yaml, with a token of the operator's key\n"
	 "(~/.config/shopkeeper/operator.key if --operator is left out). PATH begins with\n"
	 "/v1/. BODY is JSON, or the name of a file, or - for stdin; --type says what it\n"
	 "is where that is not JSON, such as text/csv. --at: of which office, where this\n"
	 "machine has no shop that is enrolled there. --out: where a document is put.\n"},
	{"restore", shopctl_restore, NULL,
	 "  shopctl restore URL CODE [--backup DIR] [--etc DIR]\n"
	 "  shopctl restore FROM [--unsent]\n\n"
	 "Makes this box the one of a shop that the office knows: enrols it with a new\n"
	 "CODE and takes back every entry that the office has. --backup: a folder of\n"
	 "`shopctl backup`, which saves most of the fetching; its configuration is put\n"
	 "in place where there is none.\n\n"
	 "FROM, for a shop by itself: a backup, or a folder of them, of which the newest\n"
	 "is taken. Stop shopd first. It is copied and read whole before it takes the\n"
	 "place of the books; those stay beside it as *.before-restore. A power cut leaves\n"
	 "either. --unsent: with an office, and only where nothing since has left this\n"
	 "box.\n"},
	{"backup", shopctl_backup, NULL,
	 "  shopctl backup [--conf FILE] [--etc DIR] [--stamp FILE]\n"
	 "  shopctl backup DIR [--etc DIR]\n\n"
	 "Without DIR as each night: a new one into the folder of\n"
	 "/etc/shopkeeper/backup.conf, restored into a folder of its own and read whole\n"
	 "there before it counts; the newest 14 are kept; and a copy on the stick that the\n"
	 "file names. With DIR into that folder alone; say it again to renew it. The shop\n"
	 "goes on meanwhile.\n"},
	{"leave", shopctl_leave, NULL,
	 "  shopctl leave\n\n"
	 "Forgets the office. Members, prices and books stay as they are.\n"},
	{"root", shopctl_root, NULL,
	 "  shopctl root make FILE             an office's root key; prints its public\n"
	 "  shopctl root public FILE           prints it again\n"
	 "  shopctl root key FILE              a key for the office to sign with\n"
	 "  shopctl root sign --root FILE --version N --out FILE PUBLIC…\n\n"
	 "sign: with which keys the office may sign from now on. N rises with each such\n"
	 "set. Do it on a machine that is on no network, and keep the root key there.\n"},
	{"release", shopctl_release, NULL,
	 "  shopctl release sign --key FILE --version V --arch A DIR\n"
	 "  shopctl release verify DIR [--keys FILE] [--arch A] [--after V]\n"
	 "  shopctl release forms\n\n"
	 "sign: writes DIR/manifest, over the packages (*.deb) in DIR. The key is one of\n"
	 "`shopctl root key`; put DIR where courierd.conf says ([update] url), and the\n"
	 "key's public half into /etc/shopkeeper/release.keys of each shop. verify: that a\n"
	 "key of that file has signed what is in DIR, to the last byte, for this kind of\n"
	 "machine, and that it comes after V. forms: in which form the books are kept.\n"},
	{"clock", shopctl_clock, "vouch for the wall clock",
	 "  shopctl clock trust                this machine's time is right: rely on it\n"
	 "  shopctl clock wait [FILE]          until the kernel says so; then make FILE\n"},
	{"config", shopctl_config, "check configuration files",
	 "  shopctl config check [FILE…]       those under /etc/shopkeeper if left out\n\n"
	 "Each file is checked by the program it is named after: shopd.conf by shopd.\n"},
};

int main(int argc, char **argv)
{
	return (int)shopctl_run(commands, ARRAY_LEN(commands), argc, argv, stdout, stderr);
}

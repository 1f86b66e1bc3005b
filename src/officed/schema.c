/*
 * schema.c: the office's tables, in the SQL that SQLite and PostgreSQL both read.
 *
 * Whatever a shop did or is told stands in tables whose every unique key begins with `shop`: they
 * can be spread over machines by it, unchanged (contracts 5). What belongs to no shop (people,
 * articles, prices, keys of programs) is small and is the same everywhere; those tables are listed
 * in office_reference_tables, and a test holds the rest to the rule.
 *
 * All integers are BIGINT; times are UTC milliseconds, days are days since 1970 (base/day.h), money
 * is minor units. A blob that can be none is empty, a text ''. Ids of visits, invoices and alarms
 * are the shop's own.
 */
#include "officed/schema.h"

#include <stddef.h>

const char *const office_reference_tables[] = {
	"meta",	      "member",	  "member_key", "invitation",  "product", "price",
	"policy",     "look",	  "used_token", "hook",	       "counter", "shop_group",
	"office_key", "coworker", "recovery",	"list_import", NULL,
};

const char office_schema[] =
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value BIGINT NOT NULL);"
	"CREATE TABLE counter(name TEXT PRIMARY KEY, n BIGINT NOT NULL);"
	/* arrival: numbers batches that brought lines, invoices or stock, in the order of their
	 * commits; fleet: rises with every change that another officed has to see (shops, keys of
	 * the feed) */
	"INSERT INTO counter(name, n) VALUES('arrival', 0), ('fleet', 0), ('bundle', 0), "
	"('bundled', 0), ('look', "
	"0);"

	/* --- the fleet */
	"CREATE TABLE shop_group(name TEXT PRIMARY KEY);"
	"CREATE TABLE shop("
	" shop TEXT PRIMARY KEY,"
	" shop_group TEXT NOT NULL," /* '': none */
	" title TEXT NOT NULL,"	     /* as people call it */
	" language TEXT NOT NULL,"   /* sv, en: of texts and mail */
	" currency TEXT NOT NULL,"
	" seller TEXT NOT NULL,"  /* JSON of paper/party.h's seller: who sends its invoices */
	" state BIGINT NOT NULL," /* enum shop_state */
	" key BYTEA NOT NULL,"	  /* x ‖ y of its box */
	" epoch BIGINT NOT NULL,"
	" granted_at BIGINT NOT NULL,"
	" head_seq BIGINT NOT NULL,"
	" head_hash BYTEA NOT NULL,"
	" head_at BIGINT NOT NULL," /* at of that entry */
	" took_at BIGINT NOT NULL," /* when it came in */
	" feed_to BIGINT NOT NULL," /* newest change; feed_from: changes up to it are forgotten */
	" feed_from BIGINT NOT NULL,"
	" changed BIGINT NOT NULL);" /* counter fleet, when this row last changed */
	"CREATE INDEX shop_changed ON shop(changed);"
	/* written by every heartbeat, so apart */
	"CREATE TABLE shop_seen("
	" shop TEXT PRIMARY KEY,"
	" seen_at BIGINT NOT NULL,"
	" said BYTEA NOT NULL,"		  /* its newest heartbeat, as it came */
	" silent_since BIGINT NOT NULL);" /* 0: it is heard */
	"CREATE INDEX shop_seen_at ON shop_seen(seen_at);"
	"CREATE INDEX shop_silent ON shop_seen(silent_since) WHERE silent_since > 0;"
	"CREATE TABLE shop_contact("
	" shop TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,"
	" PRIMARY KEY(shop, name));"
	"CREATE TABLE claim("
	" shop TEXT NOT NULL,"
	" code_hash BYTEA NOT NULL," /* SHA-256 of the code's secret */
	" restore BIGINT NOT NULL,"  /* 1: for a box that takes the place of another */
	" made_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL,"
	" made_by TEXT NOT NULL,"
	" PRIMARY KEY(shop, code_hash));"
	/* keys that boxes have had: one that was revoked never enrols again */
	"CREATE TABLE box_key("
	" shop TEXT NOT NULL, key BYTEA NOT NULL,"
	" enrolled_at BIGINT NOT NULL,"
	" gone_at BIGINT NOT NULL," /* 0: it is the shop's */
	" revoked BIGINT NOT NULL," /* 1: refused for ever; 0: another box took its place */
	" PRIMARY KEY(shop, key));"
	/* what a person has to know of a shop: silent, clone, epoch granted, unreadable entry … */
	"CREATE TABLE notice("
	" shop TEXT NOT NULL, n BIGINT NOT NULL,"
	" at BIGINT NOT NULL, kind BIGINT NOT NULL," /* enum notice_kind */
	" detail TEXT NOT NULL,"
	" over_at BIGINT NOT NULL," /* 0: it still holds */
	" acknowledged_by TEXT NOT NULL,"
	" PRIMARY KEY(shop, n));"
	"CREATE INDEX notice_open ON notice(shop) WHERE over_at = 0;"
	/* texts to contacts that have to leave */
	"CREATE TABLE text_out("
	" shop TEXT NOT NULL, n BIGINT NOT NULL, contact TEXT NOT NULL,"
	" words TEXT NOT NULL, made_at BIGINT NOT NULL,"
	" due_at BIGINT NOT NULL," /* next try, also the end of a lease; 0: done */
	" tries BIGINT NOT NULL, outcome TEXT NOT NULL,"
	" PRIMARY KEY(shop, n, contact));"
	"CREATE INDEX text_due ON text_out(due_at) WHERE due_at > 0;"

	/* --- what shops did */
	"CREATE TABLE entry("
	" shop TEXT NOT NULL, seq BIGINT NOT NULL,"
	" epoch BIGINT NOT NULL, at BIGINT NOT NULL, kind BIGINT NOT NULL,"
	" body BYTEA,"	    /* NULL: erased */
	" body_hash BYTEA," /* of an erased one; NULL: it is that of body */
	" hash BYTEA NOT NULL,"
	" PRIMARY KEY(shop, seq));" /* seq rises across epochs: (epoch, seq) names it too */
	/* the few among millions that tell what the clock did, and which VAT rates held when */
	"CREATE INDEX entry_marks ON entry(shop, seq) WHERE kind = 1 OR kind = 3 OR"
	" kind = 70;" /* an IN of three would be made anew for every row */
	/* kept and acknowledged, though nobody here can read them */
	"CREATE TABLE unread(shop TEXT NOT NULL, seq BIGINT NOT NULL, kind BIGINT NOT NULL,"
	" at BIGINT NOT NULL, PRIMARY KEY(shop, seq));"
	/* batches that brought something an accounting system asks for, in order of commit */
	"CREATE TABLE arrival("
	" shop TEXT NOT NULL, n BIGINT NOT NULL,"
	" first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL,"
	" lines BIGINT NOT NULL, invoices BIGINT NOT NULL, moves BIGINT NOT NULL,"
	" PRIMARY KEY(shop, n));"
	"CREATE INDEX arrival_n ON arrival(n);"
	"CREATE INDEX arrival_invoices ON arrival(n) WHERE invoices > 0;"
	"CREATE TABLE visit("
	" shop TEXT NOT NULL, visit BIGINT NOT NULL,"
	" customer BYTEA NOT NULL, place TEXT NOT NULL,"
	" opened_at BIGINT NOT NULL, closed_at BIGINT NOT NULL,"
	" seq BIGINT NOT NULL,"
	" PRIMARY KEY(shop, visit));"
	"CREATE INDEX visit_customer ON visit(customer, shop, visit);"
	"CREATE TABLE line("
	" shop TEXT NOT NULL, seq BIGINT NOT NULL,"
	" visit BIGINT NOT NULL, key TEXT NOT NULL, customer BYTEA NOT NULL,"
	" gtin BIGINT NOT NULL, name TEXT NOT NULL, quantity_milli BIGINT NOT NULL,"
	" unit_price BIGINT NOT NULL, list_price BIGINT NOT NULL, total BIGINT NOT NULL,"
	" deposit BIGINT NOT NULL, vat_bp BIGINT NOT NULL, vat BIGINT NOT NULL,"
	" vat_class BIGINT NOT NULL, class BIGINT NOT NULL,"
	" bought BIGINT NOT NULL, at BIGINT NOT NULL, late BIGINT NOT NULL,"
	" voided BIGINT NOT NULL,"   /* seq of the entry that took it back; 0: it holds */
	" credited BIGINT NOT NULL," /* the same, its visit over */
	" PRIMARY KEY(shop, seq));"
	"CREATE INDEX line_visit ON line(shop, visit);"
	"CREATE INDEX line_voided ON line(shop, voided) WHERE voided > 0;"
	"CREATE INDEX line_credited ON line(shop, credited) WHERE credited > 0;"
	"CREATE TABLE invoice("
	" shop TEXT NOT NULL, id BIGINT NOT NULL," /* books/number.h */
	" seq BIGINT NOT NULL,"
	" first_seq BIGINT NOT NULL,"	/* of its INVOICE_LINES entries, which stand right before it
					 */
	" credit_note BIGINT NOT NULL," /* 0, 1 */
	" customer BYTEA NOT NULL, period BIGINT NOT NULL,"
	" issued BIGINT NOT NULL, due BIGINT NOT NULL, lines BIGINT NOT NULL,"
	" gross BIGINT NOT NULL, rounding BIGINT NOT NULL, payable BIGINT NOT NULL,"
	" original BIGINT NOT NULL," /* of a credit note */
	" paid BIGINT NOT NULL, credited BIGINT NOT NULL,"
	" PRIMARY KEY(shop, id));"
	"CREATE INDEX invoice_seq ON invoice(shop, seq);"
	"CREATE INDEX invoice_customer ON invoice(customer, shop, id);"
	"CREATE INDEX invoice_id ON invoice(id);" /* a payment names no shop */
	"CREATE INDEX invoice_open ON invoice(due) WHERE credit_note = 0"
	" AND payable > paid + credited;"
	"CREATE TABLE payment("
	" shop TEXT NOT NULL, key TEXT NOT NULL, seq BIGINT NOT NULL,"
	" customer BYTEA NOT NULL, invoice BIGINT NOT NULL, amount BIGINT NOT NULL,"
	" booked BIGINT NOT NULL,"
	" assigned BIGINT NOT NULL," /* seq of the entry that said whose it is; 0: it said so itself
				      */
	" PRIMARY KEY(shop, key));"
	"CREATE INDEX payment_customer ON payment(shop, customer);"
	"CREATE TABLE stock("
	" shop TEXT NOT NULL, gtin BIGINT NOT NULL,"
	" on_hand_milli BIGINT NOT NULL, unit_cost BIGINT NOT NULL," /* the newest delivery's */
	" seq BIGINT NOT NULL," /* of the newest entry that moved it */
	" PRIMARY KEY(shop, gtin));"
	"CREATE TABLE alarm("
	" shop TEXT NOT NULL, alarm BIGINT NOT NULL,"
	" code BIGINT NOT NULL, condition BIGINT NOT NULL, place TEXT NOT NULL,"
	" severity BIGINT NOT NULL, state BIGINT NOT NULL, over BIGINT NOT NULL,"
	" raised_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, acknowledged_by TEXT NOT NULL,"
	" PRIMARY KEY(shop, alarm));"
	"CREATE TABLE period_closed("
	" shop TEXT NOT NULL, period BIGINT NOT NULL, seq BIGINT NOT NULL,"
	" invoices BIGINT NOT NULL, receivable BIGINT NOT NULL,"
	" PRIMARY KEY(shop, period));"

	/* --- what shops are told */
	"CREATE TABLE feed("
	" shop TEXT NOT NULL, n BIGINT NOT NULL,"
	" at BIGINT NOT NULL, change BYTEA NOT NULL," /* as sync_change_put made it */
	" PRIMARY KEY(shop, n));"
	"CREATE TABLE command("
	" shop TEXT NOT NULL, id BIGINT NOT NULL,"
	" verb BIGINT NOT NULL, door TEXT NOT NULL, hold_ms BIGINT NOT NULL,"
	" setting TEXT NOT NULL, value TEXT NOT NULL,"
	" made_by TEXT NOT NULL, made_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,"
	" key TEXT NOT NULL," /* of the request: the same again is the same command */
	" answered_seq BIGINT NOT NULL, outcome BIGINT NOT NULL," /* seq 0: no answer yet */
	" PRIMARY KEY(shop, id));"
	"CREATE UNIQUE INDEX command_key ON command(shop, key);"
	"CREATE TABLE pass("
	" shop TEXT NOT NULL, cti BYTEA NOT NULL,"
	" member TEXT NOT NULL, label TEXT NOT NULL,"
	" not_before BIGINT NOT NULL, expires_at BIGINT NOT NULL,"
	" revoked BIGINT NOT NULL, wants_pin BIGINT NOT NULL,"
	" pin_salt BYTEA NOT NULL, pin_hash BYTEA NOT NULL,"
	" made_by TEXT NOT NULL, made_at BIGINT NOT NULL,"
	" PRIMARY KEY(shop, cti));"
	/* keys that statements and passes are signed with: the public ones, as the root signed the
	   set */
	"CREATE TABLE office_key(version BIGINT PRIMARY KEY, statement BYTEA NOT NULL);"

	/* --- people: here and nowhere else (design 6) */
	"CREATE TABLE member("
	" member TEXT PRIMARY KEY,"	   /* 16 hex digits, for URLs */
	" customer BYTEA NOT NULL UNIQUE," /* what shops know */
	" state BIGINT NOT NULL,"	   /* enum member_state */
	" role BIGINT NOT NULL,"
	" flags BIGINT NOT NULL," /* core/catalog.h member_flags */
	" credit_limit BIGINT NOT NULL,"
	" party TEXT NOT NULL," /* JSON of paper/party.h's buyer: name, address, mail */
	" language TEXT NOT NULL,"
	" mail_invoices BIGINT NOT NULL,"
	" made_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,"
	" erased_at BIGINT NOT NULL);"
	"CREATE TABLE member_key("
	" member TEXT NOT NULL, key BYTEA NOT NULL,"
	" kid BYTEA NOT NULL, kind TEXT NOT NULL," /* phone, card, operator */
	" label TEXT NOT NULL, added_at BIGINT NOT NULL, removed_at BIGINT NOT NULL,"
	" PRIMARY KEY(member, key));"
	"CREATE INDEX member_key_kid ON member_key(kid);"
	/* which shops a member may enter */
	"CREATE TABLE member_shop("
	" shop TEXT NOT NULL, member TEXT NOT NULL, customer BYTEA NOT NULL,"
	" PRIMARY KEY(shop, member));"
	"CREATE INDEX member_shop_member ON member_shop(member);"
	"CREATE TABLE invitation("
	" code_hash BYTEA PRIMARY KEY,"
	" shop TEXT NOT NULL, role BIGINT NOT NULL,"
	" member TEXT NOT NULL,"     /* whose new key it is for; '': of somebody new */
	" approved BIGINT NOT NULL," /* 1: who has the code needs no further approval */
	" uses_left BIGINT NOT NULL,"
	" made_by TEXT NOT NULL, made_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);"
	"CREATE TABLE look("
	" n BIGINT PRIMARY KEY, at BIGINT NOT NULL,"
	" who TEXT NOT NULL, member TEXT NOT NULL, what TEXT NOT NULL);"
	"CREATE INDEX look_member ON look(member);"
	"CREATE TABLE used_token(kid BYTEA NOT NULL, cti BYTEA NOT NULL, expires_at BIGINT NOT "
	"NULL,"
	" PRIMARY KEY(kid, cti));"

	/* --- articles, prices, policy: scope '' everywhere, 'group:NAME', 'shop:NAME'; the
	 * narrowest scope holds, within it the newest valid_from that has come */
	"CREATE TABLE product("
	" gtin BIGINT PRIMARY KEY, name TEXT NOT NULL,"
	" class BIGINT NOT NULL, state BIGINT NOT NULL, vat_class BIGINT NOT NULL,"
	" vat_bp BIGINT NOT NULL, deposit BIGINT NOT NULL, reorder BIGINT NOT NULL,"
	" nutrition TEXT NOT NULL," /* JSON, per 100 g or ml; '': not known */
	" changed_at BIGINT NOT NULL);"
	"CREATE TABLE price("
	" gtin BIGINT NOT NULL, scope TEXT NOT NULL, valid_from BIGINT NOT NULL,"
	" price BIGINT NOT NULL,"
	" PRIMARY KEY(gtin, scope, valid_from));"
	"CREATE TABLE policy(scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
	" PRIMARY KEY(scope, name));"

	/* --- money that is followed here */
	/* one mail a member and month: the invoices of all shops */
	"CREATE TABLE bundle("
	" shop TEXT NOT NULL," /* the first of its shops by name: whose seller sends it */
	" id BIGINT NOT NULL,"
	" kind BIGINT NOT NULL,"    /* enum bundle_kind */
	" invoice BIGINT NOT NULL," /* of a reminder: which; else 0, see bundle_invoice */
	" member TEXT NOT NULL, customer BYTEA NOT NULL, period BIGINT NOT NULL,"
	" payable BIGINT NOT NULL, due BIGINT NOT NULL, made_at BIGINT NOT NULL,"
	" due_at BIGINT NOT NULL," /* of its mail: next try or end of a lease; 0: done */
	" tries BIGINT NOT NULL, mailed_at BIGINT NOT NULL, outcome TEXT NOT NULL,"
	" PRIMARY KEY(shop, id));"
	"CREATE INDEX bundle_due ON bundle(due_at) WHERE due_at > 0;"
	"CREATE INDEX bundle_customer ON bundle(customer, period);"
	"CREATE INDEX bundle_id ON bundle(id);"
	"CREATE UNIQUE INDEX bundle_reminder ON bundle(shop, invoice, kind) WHERE kind > 0;"
	/* bundle 0: waits for one; -1: nobody knows whose it is */
	"CREATE TABLE bundle_invoice("
	" shop TEXT NOT NULL, invoice BIGINT NOT NULL, bundle BIGINT NOT NULL,"
	" customer BYTEA NOT NULL, period BIGINT NOT NULL,"
	" PRIMARY KEY(shop, invoice));"
	"CREATE INDEX bundle_invoice_bundle ON bundle_invoice(bundle) WHERE bundle > 0;"
	"CREATE INDEX bundle_waits ON bundle_invoice(customer, period) WHERE bundle = 0;"
	"CREATE INDEX bundle_unknown ON bundle_invoice(shop) WHERE bundle = -1;"
	/* what a bank file said, and which shop was told */
	"CREATE TABLE money_in("
	" shop TEXT NOT NULL," /* '': nobody knows yet whose it is */
	" key TEXT NOT NULL, customer BYTEA NOT NULL, invoice BIGINT NOT NULL,"
	" amount BIGINT NOT NULL, booked BIGINT NOT NULL, reference TEXT NOT NULL,"
	" came_at BIGINT NOT NULL,"
	" PRIMARY KEY(shop, key));"
	"CREATE INDEX money_in_key ON money_in(key);"
	/* --- webhooks (Standard Webhooks) */
	"CREATE TABLE hook("
	" id TEXT PRIMARY KEY, url TEXT NOT NULL, secret BYTEA NOT NULL,"
	" old_secret BYTEA NOT NULL, old_until BIGINT NOT NULL," /* signs too, until then */
	" kinds TEXT NOT NULL,"					 /* words, spaced; '': all */
	" disabled BIGINT NOT NULL, why TEXT NOT NULL, made_at BIGINT NOT NULL);"
	"CREATE TABLE hook_out("
	" shop TEXT NOT NULL, id TEXT NOT NULL, hook TEXT NOT NULL,"
	" kind TEXT NOT NULL, body TEXT NOT NULL, made_at BIGINT NOT NULL,"
	" due_at BIGINT NOT NULL, tries BIGINT NOT NULL, outcome TEXT NOT NULL,"
	" PRIMARY KEY(shop, id, hook));"
	"CREATE INDEX hook_due ON hook_out(due_at) WHERE due_at > 0;";

const char *const office_steps[OFFICE_FORM + 1] = {
	/* operators beside those of officed.conf */
	[2] = "CREATE TABLE coworker("
	      " name TEXT PRIMARY KEY,"
	      " rights BIGINT NOT NULL,"		 /* bit per enum right */
	      " shops TEXT NOT NULL,"			 /* words, spaced; '*': all */
	      " key BYTEA NOT NULL, kid BYTEA NOT NULL," /* empty: not enrolled yet */
	      " code_hash BYTEA NOT NULL,"		 /* SHA-256 of the code's plain form */
	      " made_by TEXT NOT NULL, made_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,"
	      " enrolled_at BIGINT NOT NULL);"
	      "CREATE INDEX coworker_kid ON coworker(kid);"
	      "CREATE INDEX coworker_code ON coworker(code_hash);"
	      /* somebody wants a code mailed */
	      "CREATE TABLE recovery("
	      " id TEXT PRIMARY KEY,"
	      " address BYTEA NOT NULL," /* SHA-256 of the address: how often it was asked for */
	      " email TEXT NOT NULL,"	 /* '': it was looked at */
	      " asked_at BIGINT NOT NULL,"
	      " due_at BIGINT NOT NULL," /* next try, also the end of a lease; 0: done */
	      " tries BIGINT NOT NULL);"
	      "CREATE INDEX recovery_address ON recovery(address, asked_at);"
	      "CREATE INDEX recovery_due ON recovery(due_at) WHERE due_at > 0;"
	      /* what people look through: invoices and alarms of all shops, the newest first */
	      "CREATE INDEX invoice_issued ON invoice(issued, shop, id);"
	      "CREATE INDEX alarm_raised ON alarm(raised_at, shop, alarm);"
	      "UPDATE meta SET value = 2 WHERE name = 'form';",

	/* lists that were read in: who, when, what the file was called */
	[3] = "CREATE TABLE list_import("
	      " n BIGINT PRIMARY KEY,"
	      " kind BIGINT NOT NULL," /* enum import_kind */
	      " at BIGINT NOT NULL, who TEXT NOT NULL,"
	      " shop TEXT NOT NULL," /* whose alone it was; '': any */
	      " file TEXT NOT NULL,"
	      " row_count BIGINT NOT NULL, changed BIGINT NOT NULL, bad BIGINT NOT NULL);"
	      "CREATE INDEX list_import_kind ON list_import(kind, n);"
	      "INSERT INTO counter(name, n) VALUES('import', 0);"
	      /* a mail that is no code: an address is told that it is a member's no more */
	      "ALTER TABLE recovery ADD COLUMN kind BIGINT NOT NULL DEFAULT 0;" /* enum
										   recover_kind */
	      "ALTER TABLE recovery ADD COLUMN member TEXT NOT NULL DEFAULT '';"
	      "UPDATE meta SET value = 3 WHERE name = 'form';",
};

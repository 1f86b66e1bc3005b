/*
 * recover_post.c: the mail with a code, or of a changed address: its words, its way out, and the
 * loop's side of both, which is that of bill_post.c: a look leases one, the post's thread sends it,
 * a note says how it went. Whoever dies between them leaves a lease that runs out; then other codes
 * go, and those of before are good no more.
 *
 * Codes, names and addresses pass through memory that is wiped, and no log.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/bill.h"
#include "officed/recover.h"

/* ---- the words ---- */

static const char *const subjects[] = {
	[LANGUAGE_SV] = "Kod till din telefon",
	[LANGUAGE_EN] = "A code for your phone",
};

static const char *const before[] = {
	[LANGUAGE_SV] = "Hej!\n\nNågon, förhoppningsvis du, har bett om en kod för en ny telefon "
			"hos %s.\n\n",
	[LANGUAGE_EN] = "Hello!\n\nSomebody, you we hope, has asked for a code for a new phone at "
			"%s.\n\n",
};

static const char *const after[] = {
	[LANGUAGE_SV] =
		"\nSkriv koden på sidan där du bad om den. Den gäller en gång, i tio minuter.\n"
		"Har du tappat en telefon: ta bort den under dina nycklar när du är inne igen.\n\n"
		"Har du inte bett om någon kod behöver du inte göra något. Ingen annan ser koden,\n"
		"och dina telefoner fungerar som förut.\n",
	[LANGUAGE_EN] =
		"\nType the code on the page where you asked for it. It is good once, for ten "
		"minutes.\n"
		"If you have lost a phone, remove it among your keys once you are back in.\n\n"
		"If you did not ask for a code there is nothing to do. Nobody else sees the code,\n"
		"and your phones work as before.\n",
};

static const char *const changed_subjects[] = {
	[LANGUAGE_SV] = "Din e-postadress är ändrad",
	[LANGUAGE_EN] = "Your mail address was changed",
};

static const char *const changed[] = {
	[LANGUAGE_SV] =
		"Hej!\n\nDen här e-postadressen hör inte längre till ditt medlemskap hos %s. "
		"%s\n\n",
	[LANGUAGE_EN] =
		"Hello!\n\nThis mail address is no longer that of your membership at %s. %s\n\n",
};

static const char *const changed_by[][2] = {
	[RECOVER_CHANGED] = {[LANGUAGE_SV] = "Den ändrades i appen, med en av dina telefoner.",
			     [LANGUAGE_EN] = "It was changed in the app, by one of your phones."},
	[RECOVER_CHANGED_BY_SHOP] = {[LANGUAGE_SV] = "Den ändrades av den som sköter butiken.",
				     [LANGUAGE_EN] = "It was changed by whoever runs the shop."},
};

static const char *const changed_then[] = {
	[LANGUAGE_SV] =
		"Fakturor och koder för nya telefoner går nu någon annanstans.\n\n"
		"Var det du behöver du inte göra något. Var det inte du: hör av dig till butiken "
		"genast,\noch ta bort telefoner som inte är dina bland dina telefoner och kort.\n",
	[LANGUAGE_EN] =
		"Invoices and codes for new phones go elsewhere from now on.\n\n"
		"If it was you there is nothing to do. If it was not: tell the shop at once, and\n"
		"remove phones that are not yours among your phones and cards.\n",
};

static void code_words(FILE *out, const struct recovering *r, const char *title)
{
	fprintf(out, before[r->language], title);
	for (uint32_t i = 0; i < r->people; i++)
		if (r->people > 1)
			fprintf(out, "    %s   (%s)\n", r->person[i].code, r->person[i].name);
		else
			fprintf(out, "    %s\n", r->person[i].code);
	fputs(after[r->language], out);
}

static void changed_words(FILE *out, const struct recovering *r, const char *title)
{
	const char *by =
		changed_by[r->kind == RECOVER_CHANGED ? RECOVER_CHANGED : RECOVER_CHANGED_BY_SHOP]
			  [r->language];

	fprintf(out, changed[r->language], title, by);
	fputs(changed_then[r->language], out);
}

char *recover_words(const struct recovering *r, char subject[MAIL_SUBJECT_MAX])
{
	const char *title = r->title[0] != '\0' ? r->title : "Shopkeeper";
	size_t len = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);

	CHECK(out != NULL);
	snprintf(subject, MAIL_SUBJECT_MAX, "%s, %s",
		 (r->kind == RECOVER_CODE ? subjects : changed_subjects)[r->language], title);
	if (r->kind == RECOVER_CODE)
		code_words(out, r, title);
	else
		changed_words(out, r, title);
	CHECK(fclose(out) == 0);
	return text;
}

void recover_send(const struct config *config, struct recovering *r)
{
	char subject[MAIL_SUBJECT_MAX], id[160], date[64];
	const char *domain = strchr(config->mail.from, '@');
	char *text = recover_words(r, subject);
	struct mail mail = {.server = config->mail.server,
			    .user = config->mail.user,
			    .password = config->mail.password,
			    .from = config->mail.from,
			    .from_name = r->title,
			    .to = r->email,
			    .to_name = r->people == 1 ? r->person[0].name : "",
			    .subject = subject,
			    .text = text,
			    .id = id,
			    .date = date};

	snprintf(id, sizeof(id), "recover-%s-%lld%s", r->id, (long long)r->tries,
		 domain != NULL ? domain : "@localhost");
	mail_date(r->made, date);
	r->result = mail_send(&mail, r->why);
	explicit_bzero(text, strlen(text));
	free(text);
}

/* ---- the loop's side ---- */

struct recover {
	struct work *work;
	const struct config *config;
	struct timer *timer;
	struct job job;
	struct wall now;
	bool leased;
	struct recovering mail;
};

static void look_again(struct recover *r, int64_t in_ms)
{
	timer_arm(r->timer, mono_add(loop_mono(), in_ms));
}

static void add(struct recover *r, enum work_class class, job_run_fn *run, job_done_fn *done)
{
	r->now = loop_wall();
	r->job = (struct job){.run = run, .done = done, .data = r};
	if (!work_add(r->work, class, &r->job))
		look_again(r,
			   RECOVER_LOOK_MS); /* a mail that was leased goes when the lease ends */
}

static int note_work(struct db *d, void *data)
{
	struct recover *r = data;
	struct office o = {.db = d, .config = r->config};

	recover_note(&o, &r->mail, r->now);
	return db_failed(d);
}

static void note_run(struct office *o, struct job *j)
{
	j->result = db_transact(o->db, note_work, j->data);
}

static void note_done(struct job *j)
{
	struct recover *r = j->data;

	explicit_bzero(&r->mail, sizeof(r->mail));
	look_again(r, 0);
}

static void send_run(struct office *o, struct job *j)
{
	struct recover *r = j->data;

	(void)o;
	recover_send(r->config, &r->mail);
}

static void send_done(struct job *j)
{
	struct recover *r = j->data;

	if (j->result < 0) /* we are ending */
		r->mail.result = -EAGAIN;
	else if (r->mail.result < 0)
		fprintf(stderr, "mail: %s was not sent: %s\n",
			r->mail.kind == RECOVER_CODE ? "a code" : "word of a changed address",
			r->mail.why);
	add(r, WORK_OWN, note_run, note_done);
}

static int look_work(struct db *d, void *data)
{
	struct recover *r = data;
	struct office o = {.db = d, .config = r->config};

	explicit_bzero(&r->mail, sizeof(r->mail)); /* of a try that others were in the way of */
	r->leased = recover_lease(&o, r->now, &r->mail);
	return db_failed(d);
}

static int due_work(struct db *d, void *data)
{
	struct recover *r = data;
	int64_t one;

	r->leased =
		db_one(d, &one, "SELECT 1 FROM recovery WHERE due_at > 0 AND due_at <= $1 LIMIT 1",
		       DB_VALUES(db_int(r->now.ms)));
	return db_failed(d);
}

/** Mostly there is nothing: that is found without holding up who writes. */
static void look_run(struct office *o, struct job *j)
{
	struct recover *r = j->data;

	j->result = db_read(o->db, due_work, r);
	if (j->result == 0 && r->leased)
		j->result = db_transact(o->db, look_work, r);
}

static void look_done(struct job *j)
{
	struct recover *r = j->data;

	if (j->result == 0 && r->leased && r->mail.people > 0)
		add(r, WORK_POST, send_run, send_done);
	else
		look_again(r, j->result == 0 && r->leased ? 0 : RECOVER_LOOK_MS);
}

static void on_time(void *data)
{
	add(data, WORK_OWN, look_run, look_done);
}

int recover_open(struct loop *loop, struct work *work, const struct config *config,
		 struct recover **ret)
{
	struct recover *r;
	int error;

	if (!config->mail.given)
		return 0;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return -ENOMEM;
	r->work = work;
	r->config = config;
	error = timer_add(loop, WATCH_IDLE, 0, on_time, r, &r->timer);
	if (error < 0) {
		free(r);
		return error;
	}
	look_again(r, 0);
	*ret = r;
	return 0;
}

void recover_close(struct recover *r)
{
	if (r == NULL)
		return;
	explicit_bzero(&r->mail, sizeof(r->mail));
	timer_free(r->timer);
	free(r);
}

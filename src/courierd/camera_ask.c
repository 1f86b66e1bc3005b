/*
 * camera_ask.c: at most five requests one after the other, and one deadline for all of them. The
 * password leaves as a digest or not at all: of WS-Security in the SOAP, of HTTP where that is
 * asked for. SOAP is sent without HTTP's first, because a camera that wants none would get an empty
 * body (libcurl keeps it back until it knows the challenge).
 */
#include "courierd/camera_ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "courierd/jpeg.h"
#include "wire/picture.h"

static void end(struct camera_ask *a, struct span jpeg, const char *why)
{
	a->fn(a->data, jpeg, a->at, why);
}

/* Why an answer is none; `why` has room for CAMERA_WHY_MAX. NULL: it is one. */
static const char *answer_wrong(const struct http_answer *answer, char why[CAMERA_WHY_MAX])
{
	if (answer->status == 0)
		snprintf(why, CAMERA_WHY_MAX, "no answer: %.120s", answer->trouble);
	else if (answer->status == 401 || answer->status == 403)
		snprintf(why, CAMERA_WHY_MAX,
			 "it refuses user and password, or wants no digest of them (status %ld)",
			 answer->status);
	else if (answer->status >= 300 && answer->status < 400)
		snprintf(why, CAMERA_WHY_MAX, "it sends us elsewhere (status %ld)", answer->status);
	else if (answer->status != 200)
		snprintf(why, CAMERA_WHY_MAX, "status %ld", answer->status);
	else if (!answer->whole)
		snprintf(why, CAMERA_WHY_MAX, "its answer is cut off: %.120s", answer->trouble);
	else
		return NULL;
	return why;
}

static const char *not_asked(int error)
{
	return error == -EINVAL ? "its address may not be asked" : strerrordesc_np(-error);
}

static int64_t left_ms(const struct camera_ask *a)
{
	return a->until.ms - loop_mono().ms;
}

static void proof_of(const struct camera_ask *a, struct http_ask *ask)
{
	if (a->section->user[0] == '\0')
		return;
	ask->user = a->section->user;
	ask->password = a->section->password;
	ask->digest = true;
}

/* ---- the picture ---- */

static void on_picture(void *data, const struct http_answer *answer)
{
	struct camera_ask *a = data;
	char why[CAMERA_WHY_MAX];
	const char *wrong = answer_wrong(answer, why);
	struct span jpeg = answer->body;

	if (wrong == NULL) {
		jpeg.len = jpeg_len(answer->body);
		if (jpeg.len == 0)
			wrong = "what it sends is no whole JPEG";
	}
	end(a, jpeg, wrong);
}

static int picture_ask(struct camera_ask *a)
{
	struct http_ask ask = {.method = "GET",
			       .url = a->known ? a->snapshot : a->section->url,
			       .on_site = true,
			       .answer_max = PICTURE_BYTES_MAX,
			       .total_ms = left_ms(a)};

	proof_of(a, &ask);
	a->at = loop_wall();
	return http_ask(a->client, &ask, on_picture, a);
}

/* ---- ONVIF ---- */

static http_done_fn on_step;

static int step_ask(struct camera_ask *a)
{
	struct onvif_proof proof = {.user = a->section->user, .password = a->section->password};
	struct builder b = builder_of(a->body, sizeof(a->body));
	bool device = a->step == ONVIF_CLOCK || a->step == ONVIF_SERVICES;
	char type[192];
	struct http_ask ask = {.method = "POST",
			       .url = device ? a->section->onvif : a->media,
			       .on_site = true,
			       .content_type = type,
			       .answer_max = ONVIF_ANSWER_MAX,
			       .total_ms = left_ms(a)};

	if (getrandom(proof.nonce, sizeof(proof.nonce), 0) != (ssize_t)sizeof(proof.nonce))
		return -errno;
	proof.created.ms = loop_wall().ms + a->ahead_ms;
	snprintf(type, sizeof(type), "application/soap+xml; charset=utf-8; action=\"%s\"",
		 onvif_action(a->step));
	/* the clock is asked before anybody can prove anything by it */
	onvif_request(a->step, a->step == ONVIF_CLOCK || proof.user[0] == '\0' ? NULL : &proof,
		      a->profile, &b);
	ask.body = (struct span){b.data, b.len};
	if (a->challenged)
		proof_of(a, &ask);
	return http_ask(a->client, &ask, on_step, a);
}

/* What a step's answer is good for; NULL, or why it is good for nothing. */
static const char *step_take(struct camera_ask *a, const struct onvif_said *said)
{
	switch (a->step) {
	case ONVIF_CLOCK:
		a->ahead_ms = said->clock.ms - loop_wall().ms;
		return NULL;
	case ONVIF_SERVICES:
		if (onvif_address(a->section->onvif, said->url, a->media))
			return NULL;
		return "its media service has no address that can be used";
	case ONVIF_PROFILES:
		memcpy(a->profile, said->profile, sizeof(a->profile));
		return NULL;
	case ONVIF_SNAPSHOT:
		a->known = onvif_address(a->section->onvif, said->url, a->snapshot);
		return a->known ? NULL : "its snapshot has no address that can be used";
	}
	panic(__FILE__, __LINE__, "a step that is none");
}

static int go_on(struct camera_ask *a)
{
	a->challenged = false;
	if (a->step == ONVIF_SNAPSHOT)
		return picture_ask(a);
	a->step++;
	return step_ask(a);
}

/* A SOAP fault comes with status 400 or 500, and says more than that. */
static const char *step_wrong(struct camera_ask *a, const struct http_answer *answer,
			      char why[CAMERA_WHY_MAX])
{
	struct onvif_said said = {0};
	const char *wrong = answer_wrong(answer, why);

	if (wrong == NULL)
		wrong = onvif_answer(a->step, answer->body, &said);
	if (wrong == NULL)
		wrong = step_take(a, &said);
	/* one that does not tell its time may still have the right one */
	if (a->step == ONVIF_CLOCK && answer->status != 0)
		wrong = NULL;
	return wrong;
}

static void on_step(void *data, const struct http_answer *answer)
{
	struct camera_ask *a = data;
	char why[CAMERA_WHY_MAX], more[CAMERA_WHY_MAX];
	const char *wrong;
	int r;

	if (answer->status == 401 && !a->challenged && a->section->user[0] != '\0') {
		a->challenged = true;
		r = step_ask(a);
	} else {
		wrong = step_wrong(a, answer, why);
		if (wrong != NULL) {
			snprintf(more, sizeof(more), "ONVIF: %.140s", wrong);
			end(a, (struct span){0}, more);
			return;
		}
		r = go_on(a);
	}
	if (r < 0)
		end(a, (struct span){0}, not_asked(r));
}

/* ---- its owner ---- */

void camera_ask_init(struct camera_ask *a, struct http_client *client,
		     const struct camera_section *section, camera_asked_fn *fn, void *data)
{
	memset(a, 0, sizeof(*a));
	a->client = client;
	a->section = section;
	a->fn = fn;
	a->data = data;
}

const char *camera_ask_start(struct camera_ask *a)
{
	int r;

	a->until = mono_add(loop_mono(), CAMERA_ASK_MS);
	a->challenged = false;
	if (a->known || a->section->url[0] != '\0') {
		r = picture_ask(a);
	} else {
		a->step = ONVIF_CLOCK;
		a->ahead_ms = 0;
		r = step_ask(a);
	}
	return r < 0 ? not_asked(r) : NULL;
}

void camera_ask_forget(struct camera_ask *a)
{
	a->known = false;
}

void camera_ask_stop(struct camera_ask *a)
{
	http_forget(a->client, a);
}

/*
 * camera_ask.h: one camera is asked for one picture: by the address that its configuration gives,
 * or by the one that ONVIF gives, which is asked for first and then remembered.
 */
#ifndef SHOP_COURIERD_CAMERA_ASK_H
#define SHOP_COURIERD_CAMERA_ASK_H

#include "courierd/config.h"
#include "courierd/onvif.h"
#include "net/http_client.h"

#define CAMERA_ASK_MS  8000 /* from the call to the callback, however many requests it takes */
#define CAMERA_WHY_MAX 160

/** The end of it: `why` NULL and the JPEG (lent until it returns) with the time it was asked for,
 * or why there is none. Never from within camera_ask_start(). */
typedef void camera_asked_fn(void *data, struct span jpeg, struct wall at, const char *why);

struct camera_ask {
	struct http_client *client;
	const struct camera_section *section;
	camera_asked_fn *fn;
	void *data;
	struct mono until; /* of the asking that is under way */
	struct wall at;

	/* what ONVIF has told */
	bool known; /* where the snapshot is */
	char snapshot[HTTP_URL_MAX + 1];
	char media[HTTP_URL_MAX + 1];
	char profile[ONVIF_PROFILE_BYTES + 1];
	int64_t ahead_ms; /* the camera's clock before ours */
	enum onvif_step step;
	bool challenged; /* this step's service wants HTTP digest too */
	uint8_t body[ONVIF_REQUEST_MAX];
};

/** camera_ask_init - `client` and `section` outlive it. */
void camera_ask_init(struct camera_ask *a, struct http_client *client,
		     const struct camera_section *section, camera_asked_fn *fn, void *data);

/** camera_ask_start - NULL: it is under way; or why it is not. */
MUST_CHECK const char *camera_ask_start(struct camera_ask *a);

/** camera_ask_forget - what ONVIF has told is asked for again, next time. */
void camera_ask_forget(struct camera_ask *a);

/** camera_ask_stop - nobody is told of what is under way. */
void camera_ask_stop(struct camera_ask *a);

#endif

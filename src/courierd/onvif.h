/*
 * onvif.h: asking a camera where its snapshot is (ONVIF Core and Media service specifications, SOAP
 * 1.2): the bytes of each request, and what each answer says. Nothing is sent from here. An answer
 * is anybody's: bounded before it is parsed, refused with its first entity, and believed in nothing
 * but a path on the camera itself.
 */
#ifndef SHOP_COURIERD_ONVIF_H
#define SHOP_COURIERD_ONVIF_H

#include "base/clock.h"
#include "base/span.h"
#include "net/http_client.h"

/** The requests, in their order. */
enum onvif_step {
	ONVIF_CLOCK = 0,    /* what time it is there, for the proofs of the others */
	ONVIF_SERVICES = 1, /* where its media service is */
	ONVIF_PROFILES = 2, /* its first profile */
	ONVIF_SNAPSHOT = 3, /* where that one's snapshot is */
};
#define ONVIF_STEPS 4

enum {
	ONVIF_NONCE_SIZE = 16,
	ONVIF_PROFILE_MAX = 64,		    /* ReferenceToken: at most so many characters … */
	ONVIF_PROFILE_BYTES = 64 * 4,	    /* … and bytes of UTF-8 */
	ONVIF_REQUEST_MAX = 8 * 1024,	    /* bytes */
	ONVIF_ANSWER_MAX = HTTP_ANSWER_MAX, /* of GetProfiles: a few kB a profile */
};

/** Who asks (WS-Security UsernameToken Profile 1.0, digest): fresh for each request. */
struct onvif_proof {
	const char *user, *password;
	uint8_t nonce[ONVIF_NONCE_SIZE];
	struct wall created; /* by the camera's clock */
};

/** What a step's answer says; the others' fields are left alone. */
struct onvif_said {
	struct wall clock;		       /* CLOCK */
	char url[HTTP_URL_MAX + 1];	       /* SERVICES, SNAPSHOT: as the camera wrote it */
	char profile[ONVIF_PROFILE_BYTES + 1]; /* PROFILES */
};

/** onvif_action - the SOAP action of a step. */
const char *onvif_action(enum onvif_step step);

/** onvif_request - the body of a step's request. `proof` NULL: without. `profile`: of SNAPSHOT.
 * CHECKs that it fits: `b` has room for ONVIF_REQUEST_MAX. */
void onvif_request(enum onvif_step step, const struct onvif_proof *proof, const char *profile,
		   struct builder *b);

/** onvif_answer - NULL with what the answer says, or why it says nothing. */
const char *onvif_answer(enum onvif_step step, struct span body, struct onvif_said *ret);

/**
 * onvif_address - where to ask in place of `said`, an address that the camera at `camera` has
 * named: that itself where it is on the same host and no less private, else its path on `camera`'s
 * own host; a camera sends nobody elsewhere. False: neither makes a URL.
 */
MUST_CHECK bool onvif_address(const char *camera, const char *said, char url[HTTP_URL_MAX + 1]);

#endif

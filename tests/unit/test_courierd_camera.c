/*
 * test_courierd_camera.c: what decides about cameras without asking any: what one owes, what is a
 * picture, which pictures have to go, and what ONVIF's XML says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/camera.h"
#include "courierd/jpeg.h"
#include "courierd/onvif.h"
#include "courierd/shelf.h"
#include "net/sms_gateway.h"

#include "jpeg_small.h"

#define FIRST 1000

static struct camera camera;
static struct camera_owed owed;

static struct mono at(int64_t ms)
{
	return (struct mono){ms};
}

static int begin(void **state)
{
	(void)state;
	camera_init(&camera, at(0), 600000);
	camera.known = true;
	return 0;
}

/* Takes what comes next at `ms`: its ref; 0 for a probe; -1 for nothing. */
static int64_t next(int64_t ms)
{
	if (!camera_next(&camera, at(ms), &owed))
		return -1;
	return owed.probe ? 0 : (int64_t)owed.ref;
}

static void one_at_a_time_and_alarms_first(void **state)
{
	static const int64_t order[] = {4, 5, 3, 2};

	(void)state;
	camera_owe(&camera, at(FIRST), PICTURE_ENTRY, 1);
	assert_int_equal(camera_deadline(&camera).ms, FIRST);
	assert_int_equal(next(FIRST), 1);
	assert_int_equal(camera_deadline(&camera).ms, MONO_NEVER.ms);
	camera_owe(&camera, at(FIRST), PICTURE_ENTRY, 2);
	camera_owe(&camera, at(FIRST), PICTURE_REQUEST, 3);
	camera_owe(&camera, at(FIRST), PICTURE_ALARM, 4);
	camera_owe(&camera, at(FIRST), PICTURE_ALARM, 5);
	assert_int_equal(next(FIRST), -1);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		assert_int_equal(camera_result(&camera, at(FIRST + 10), true), CAMERA_SAME);
		assert_int_equal(next(FIRST + 10), order[i]);
	}
	assert_int_equal(camera_result(&camera, at(FIRST + 20), true), CAMERA_SAME);
	assert_int_equal(next(FIRST + 20), -1);
	assert_int_equal(camera.lost, 0);
}

static void what_is_owed_is_bounded_and_the_gravest_stays(void **state)
{
	static const int64_t left[] = {6, 7, 8, 10};

	(void)state;
	assert_int_equal((camera_owe(&camera, at(0), PICTURE_ENTRY, 99), next(0)), 99);
	camera_owe(&camera, at(1), PICTURE_ALARM, 1);
	camera_owe(&camera, at(2), PICTURE_ENTRY, 2);
	camera_owe(&camera, at(3), PICTURE_REQUEST, 3);
	camera_owe(&camera, at(4), PICTURE_ENTRY, 4);
	camera_owe(&camera, at(5), PICTURE_ENTRY, 5); /* 2 goes */
	assert_int_equal(camera.owed, CAMERA_OWED_MAX);
	camera_owe(&camera, at(6), PICTURE_ALARM, 6); /* 4 goes */
	camera_owe(&camera, at(7), PICTURE_ALARM, 7); /* 5 goes */
	camera_owe(&camera, at(8), PICTURE_ALARM, 8); /* 3 goes */
	assert_int_equal(camera.lost, 4);
	camera_owe(&camera, at(9), PICTURE_ENTRY, 9); /* itself */
	assert_int_equal(camera.lost, 5);
	camera_owe(&camera, at(10), PICTURE_ALARM, 10); /* 1 goes: the oldest alarm */
	assert_int_equal(camera.lost, 6);
	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		(void)camera_result(&camera, at(20), true);
		assert_int_equal(next(20), left[i]);
	}
}

static void an_event_is_owed_once(void **state)
{
	(void)state;
	camera_owe(&camera, at(0), PICTURE_ALARM, 7);
	camera_owe(&camera, at(0), PICTURE_ALARM, 7);
	assert_int_equal(next(0), 7);
	camera_owe(&camera, at(0), PICTURE_ALARM, 7);
	camera_owe(&camera, at(0), PICTURE_ENTRY, 7); /* another kind of number */
	(void)camera_result(&camera, at(1), true);
	assert_int_equal(next(1), 7);
	assert_int_equal(owed.kind, PICTURE_ENTRY);
	(void)camera_result(&camera, at(1), true);
	assert_int_equal(next(1), -1);
}

static void what_is_too_late_is_not_taken(void **state)
{
	(void)state;
	camera_owe(&camera, at(0), PICTURE_ENTRY, 1);
	camera_owe(&camera, at(1), PICTURE_ALARM, 2);
	assert_int_equal(next(CAMERA_OWED_MS), 2);
	(void)camera_result(&camera, at(CAMERA_OWED_MS), true);
	assert_int_equal(next(CAMERA_OWED_MS), -1);
	assert_int_equal(camera.lost, 1);
}

static void an_alarms_picture_is_tried_again_for_a_while(void **state)
{
	int64_t ms = 0;
	uint32_t tries = 0;

	(void)state;
	camera_owe(&camera, at(0), PICTURE_ALARM, 7);
	for (; next(ms) == 7; tries++) {
		ms += 8000; /* it hangs */
		(void)camera_result(&camera, at(ms), false);
		if (camera.owed > 0) {
			assert_int_equal(next(ms), -1);
			ms += CAMERA_AGAIN_MS;
			assert_int_equal(camera_deadline(&camera).ms, ms);
		}
	}
	assert_int_equal(tries, 3);
	assert_int_equal(camera.lost, 1);
	camera_init(&camera, at(0), 600000);
	camera_owe(&camera, at(0), PICTURE_ENTRY, 8);
	assert_int_equal(next(0), 8);
	(void)camera_result(&camera, at(5), false);
	assert_int_equal(next(CAMERA_AGAIN_MS + 5), -1);
	assert_int_equal(camera.lost, 1);
}

static void three_failures_and_it_fails_one_picture_and_it_is_well(void **state)
{
	int64_t ms = 600000;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(next(ms), 0);
		assert_int_equal(camera_result(&camera, at(ms + 8000), false), CAMERA_SAME);
		assert_int_equal(next(ms + 8000), -1);
		ms += 8000 + CAMERA_PROBE_SOON_MS;
		assert_int_equal(camera_deadline(&camera).ms, ms);
	}
	assert_int_equal(next(ms), 0);
	assert_int_equal(camera_result(&camera, at(ms), false), CAMERA_FAILS);
	assert_true(camera.failing && ms - 608000 < 60000); /* known within a minute */
	assert_int_equal(next(ms + CAMERA_PROBE_LOST_MS), 0);
	assert_int_equal(camera_result(&camera, at(ms + 60000), false), CAMERA_SAME);
	camera_owe(&camera, at(ms + 60001), PICTURE_ENTRY, 3);
	assert_int_equal(next(ms + 60001), 3);
	assert_int_equal(camera_result(&camera, at(ms + 60002), true), CAMERA_WELL);
	assert_false(camera.failing);
	assert_int_equal(camera_deadline(&camera).ms, ms + 60002 + CAMERA_PROBE_MS);
}

static void its_first_picture_is_news(void **state)
{
	(void)state;
	camera.known = false;
	camera_owe(&camera, at(0), PICTURE_ENTRY, 1);
	assert_int_equal(next(0), 1);
	assert_int_equal(camera_result(&camera, at(0), false), CAMERA_SAME);
	assert_false(camera.known); /* one failure says nothing yet */
	camera_owe(&camera, at(1), PICTURE_ENTRY, 2);
	assert_int_equal(next(1), 2);
	assert_int_equal(camera_result(&camera, at(1), true), CAMERA_WELL);
	camera_owe(&camera, at(2), PICTURE_ENTRY, 3);
	assert_int_equal(next(2), 3);
	assert_int_equal(camera_result(&camera, at(2), true), CAMERA_SAME);
}

static void two_failures_far_apart_are_enough(void **state)
{
	(void)state;
	camera_owe(&camera, at(0), PICTURE_ENTRY, 1);
	assert_int_equal(next(0), 1);
	assert_int_equal(camera_result(&camera, at(0), false), CAMERA_SAME);
	camera_owe(&camera, at(CAMERA_FAILING_MS), PICTURE_ENTRY, 2);
	assert_int_equal(next(CAMERA_FAILING_MS), 2);
	assert_int_equal(camera_result(&camera, at(CAMERA_FAILING_MS), false), CAMERA_FAILS);
}

/* --- what is a picture --- */

static struct span bytes(const void *data, size_t len)
{
	return (struct span){data, (uint32_t)len};
}

static void a_whole_jpeg_and_no_part_of_it(void **state)
{
	uint8_t padded[sizeof(jpeg_small) + 40] = {0};

	(void)state;
	assert_int_equal(jpeg_len(bytes(jpeg_small, sizeof(jpeg_small))), sizeof(jpeg_small));
	for (size_t len = 0; len < sizeof(jpeg_small); len++) {
		uint8_t *part = malloc(len + 1); /* its end is seen by the sanitizer */

		memcpy(part, jpeg_small, len);
		if (jpeg_len(bytes(part, len)) != 0)
			fail_msg("%zu bytes are a whole picture", len);
		free(part);
	}
	memcpy(padded, jpeg_small, sizeof(jpeg_small));
	assert_int_equal(jpeg_len(bytes(padded, sizeof(padded))), sizeof(jpeg_small));
}

static void what_is_no_jpeg(void **state)
{
	static const char *const texts[] = {
		"",
		"<html><body>401</body></html>",
		"\x89PNG\r\n\x1a\n",
		"GIF89a",
		"\xff\xd8\xff\xd9",
		"\xff\xd8\xff\xe0\x01\x01\xff\xd9" /* a segment longer than all */,
		"\xff\xd8\xff\xfe\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	};
	uint8_t copy[sizeof(jpeg_small)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(jpeg_len(bytes(texts[i], strlen(texts[i]))), 0);
	memcpy(copy, jpeg_small, sizeof(copy));
	copy[9] = 0xc4; /* tables where the frame was */
	assert_int_equal(jpeg_len(bytes(copy, sizeof(copy))), 0);
	memcpy(copy, jpeg_small, sizeof(copy));
	copy[3] = 0xd8; /* a beginning in a beginning */
	assert_int_equal(jpeg_len(bytes(copy, sizeof(copy))), 0);
}

/* --- which have to go --- */

#define HOUR 3600000LL

static struct shelf shelf;
static const struct wall noon = {1795342530123};

static int shelf_begin(void **state)
{
	(void)state;
	shelf_init(&shelf, 72 * HOUR, 1000);
	return 0;
}

static int shelf_end(void **state)
{
	(void)state;
	shelf_free(&shelf);
	return 0;
}

static struct picture picture_of(int64_t at_ms, uint64_t ref)
{
	struct picture p = {.at = {at_ms}, .kind = PICTURE_ENTRY, .ref = ref, .camera = "front"};

	return p;
}

static void found(int64_t at_ms, uint64_t ref, uint32_t size, int64_t changed_ms)
{
	struct picture p = picture_of(at_ms, ref);

	assert_true(shelf_found(&shelf, &p, size, (struct wall){changed_ms}));
}

static void taken(int64_t at_ms, uint64_t ref, uint32_t size, int64_t mono_ms)
{
	struct picture p = picture_of(at_ms, ref);

	assert_true(shelf_taken(&shelf, &p, size, at(mono_ms)));
}

/* The ref of what has to go at these clocks; 0: nothing. */
static uint64_t goes(int64_t mono_ms, int64_t wall_ms)
{
	struct picture p = {0};

	shelf_order(&shelf, at(mono_ms), (struct wall){wall_ms});
	if (!shelf_due(&shelf))
		return 0;
	assert_true(shelf_oldest(&shelf, &p));
	return p.ref;
}

static void what_is_old_goes_and_when_is_known(void **state)
{
	(void)state;
	found(noon.ms - 71 * HOUR, 1, 10, noon.ms);
	found(noon.ms - 72 * HOUR, 2, 10, noon.ms); /* copied since: its name counts */
	found(noon.ms - 900 * HOUR, 3, 10, noon.ms);
	taken(noon.ms, 4, 10, 5000);
	assert_int_equal(goes(5000, noon.ms), 3);
	assert_int_equal(goes(5000, noon.ms), 2);
	assert_int_equal(goes(5000, noon.ms), 0);
	assert_int_equal(shelf_left_ms(&shelf), HOUR);
	assert_int_equal(goes(5000 + HOUR, noon.ms + HOUR), 1);
	assert_int_equal(goes(5000 + 72 * HOUR - 1, noon.ms + 72 * HOUR - 1), 0);
	assert_int_equal(goes(5000 + 72 * HOUR, noon.ms + 72 * HOUR), 4);
	assert_int_equal(goes(5000, noon.ms), 0);
	assert_int_equal(shelf_left_ms(&shelf), INT64_MAX);
	assert_int_equal(shelf.bytes, 0);
}

static void past_the_disk_limit_the_oldest_goes(void **state)
{
	(void)state;
	taken(noon.ms + 20, 3, 300, 20);
	found(noon.ms - HOUR, 1, 400, noon.ms);
	taken(noon.ms + 10, 2, 300, 10);
	assert_int_equal(goes(30, noon.ms + 30), 0); /* 1,000 is what it may hold */
	taken(noon.ms + 30, 4, 1, 30);
	assert_int_equal(goes(40, noon.ms + 40), 1);
	assert_int_equal(goes(40, noon.ms + 40), 0);
	taken(noon.ms + 50, 5, 900, 50);
	assert_int_equal(goes(60, noon.ms + 60), 2);
	assert_int_equal(goes(60, noon.ms + 60), 3);
	assert_int_equal(goes(60, noon.ms + 60), 0); /* 901 */
}

static void a_flood_stays_within_number_and_bytes(void **state)
{
	(void)state;
	shelf.bytes_max = UINT64_MAX;
	for (uint32_t i = 1; i <= PICTURES_MAX + 3; i++)
		taken(noon.ms + i, i, 10, i);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(goes(PICTURES_MAX + 3, noon.ms), i);
	assert_int_equal(goes(PICTURES_MAX + 3, noon.ms), 0);
}

static void a_shelf_has_an_end(void **state)
{
	struct picture p = picture_of(noon.ms, 1);

	(void)state;
	for (uint32_t i = 0; i < SHELF_MAX; i++)
		assert_true(shelf_found(&shelf, &p, 1, noon));
	assert_false(shelf_found(&shelf, &p, 1, noon));
}

static void a_clock_that_is_put_right_neither_kills_nor_keeps(void **state)
{
	(void)state;
	/* taken with a clock that stood in 1970, then it is set: its age is what passed */
	taken(5000, 1, 10, 5000);
	assert_int_equal(goes(6000, noon.ms), 0);
	assert_int_equal(goes(5000 + 72 * HOUR, noon.ms), 1);
	/* taken with a clock a year ahead, likewise */
	taken(noon.ms + 9000 * HOUR, 2, 10, 0);
	assert_int_equal(goes(71 * HOUR, noon.ms), 0);
	assert_int_equal(goes(72 * HOUR, noon.ms), 2);
	/* found with a name from the future: its file's time counts */
	found(noon.ms + 9000 * HOUR, 3, 10, noon.ms - 80 * HOUR);
	found(noon.ms + 9000 * HOUR, 4, 10, noon.ms);
	assert_int_equal(goes(0, noon.ms), 3);
	assert_int_equal(goes(0, noon.ms + 71 * HOUR), 0);
	assert_int_equal(goes(0, noon.ms + 72 * HOUR), 4);
	/* a clock that is a little behind what it was makes no future */
	found(noon.ms + 30000, 5, 10, noon.ms - 100 * HOUR);
	assert_int_equal(goes(0, noon.ms), 0);
}

/* --- ONVIF --- */

#define SOAP(inside)                                                                               \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope "                          \
	"xmlns:SOAP-ENV=\"http://www.w3.org/2003/05/soap-envelope\" "                              \
	"xmlns:tt=\"http://www.onvif.org/ver10/schema\" "                                          \
	"xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\"><SOAP-ENV:Body>" inside               \
	"</SOAP-ENV:Body></SOAP-ENV:Envelope>"

static struct onvif_said said;

static const char *answer(enum onvif_step step, const char *text)
{
	memset(&said, 0, sizeof(said));
	return onvif_answer(step, bytes(text, strlen(text)), &said);
}

static void a_request_proves_who_asks_without_the_password(void **state)
{
	struct onvif_proof proof = {
		.user = "a<b", .password = "hush & <hush>", .created = {noon.ms}};
	uint8_t room[ONVIF_REQUEST_MAX];
	struct builder b = builder_of(room, sizeof(room) - 1);

	(void)state;
	for (uint8_t i = 0; i < sizeof(proof.nonce); i++)
		proof.nonce[i] = i;
	onvif_request(ONVIF_SNAPSHOT, &proof, "Profile&1", &b);
	room[b.len] = '\0';
	assert_non_null(strstr((char *)room, ">4MzaIQhOs+GoQtF37eFJee9aqgI=</Password>"));
	assert_non_null(strstr((char *)room, ">AAECAwQFBgcICQoLDA0ODw==</Nonce>"));
	assert_non_null(strstr((char *)room, ">2026-11-22T10:15:30Z</Created>"));
	assert_non_null(strstr((char *)room, "<Username>a&lt;b</Username>"));
	assert_non_null(strstr((char *)room, "<ProfileToken>Profile&amp;1</ProfileToken>"));
	assert_null(strstr((char *)room, "hush"));
	b = builder_of(room, sizeof(room) - 1);
	onvif_request(ONVIF_CLOCK, NULL, NULL, &b);
	room[b.len] = '\0';
	assert_null(strstr((char *)room, "Header"));
	assert_non_null(strstr((char *)room, "<GetSystemDateAndTime xmlns=\"http://www.onvif.org/"
					     "ver10/device/wsdl\"></GetSystemDateAndTime>"));
}

static void the_longest_request_fits(void **state)
{
	char user[GATEWAY_SECRET_MAX + 1], profile[ONVIF_PROFILE_BYTES + 1];
	struct onvif_proof proof = {.user = user, .password = user, .created = {noon.ms}};
	uint8_t room[ONVIF_REQUEST_MAX];
	struct builder b = builder_of(room, sizeof(room));

	(void)state;
	memset(user, '&', sizeof(user));
	user[sizeof(user) - 1] = '\0';
	memset(profile, '&', sizeof(profile));
	profile[sizeof(profile) - 1] = '\0';
	onvif_request(ONVIF_SNAPSHOT, &proof, profile, &b);
	assert_false(b.failed);
}

static void answers_say_what_was_asked(void **state)
{
	(void)state;
	assert_null(answer(
		ONVIF_CLOCK,
		SOAP("<tds:GetSystemDateAndTimeResponse xmlns:tds=\"x\"><tds:SystemDateAndTime>"
		     "<tt:LocalDateTime><tt:Time><tt:Hour>9</tt:Hour></tt:Time></tt:LocalDateTime>"
		     "<tt:UTCDateTime><tt:Time><tt:Hour>10</tt:Hour><tt:Minute>15</tt:Minute>"
		     "<tt:Second> 30\n</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year>"
		     "<tt:Month>11</tt:Month><tt:Day>22</tt:Day></tt:Date></tt:UTCDateTime>"
		     "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>")));
	assert_int_equal(said.clock.ms, noon.ms / 1000 * 1000);
	assert_null(answer(ONVIF_SERVICES,
			   SOAP("<a:GetCapabilitiesResponse xmlns:a=\"y\"><a:Capabilities>"
				"<tt:Device><tt:XAddr>http://10.0.0.9/dev</tt:XAddr></tt:Device>"
				"<tt:Media><tt:XAddr>\n http://10.0.0.9/media</tt:XAddr></tt:Media>"
				"</a:Capabilities></a:GetCapabilitiesResponse>")));
	assert_string_equal(said.url, "http://10.0.0.9/media");
	assert_null(
		answer(ONVIF_PROFILES,
		       SOAP("<trt:GetProfilesResponse><trt:Profiles fixed=\"true\" token=\"Main "
			    "1&amp;2\"><tt:Name>x</tt:Name><tt:VideoSourceConfiguration "
			    "token=\"no\"/></trt:Profiles><trt:Profiles token=\"second\"/>"
			    "</trt:GetProfilesResponse>")));
	assert_string_equal(said.profile, "Main 1&2");
	assert_null(
		answer(ONVIF_SNAPSHOT,
		       SOAP("<trt:GetSnapshotUriResponse><trt:MediaUri>"
			    "<tt:Uri>http://10.0.0.9/s?a=1&amp;b=2</tt:Uri>"
			    "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect></trt:MediaUri>"
			    "</trt:GetSnapshotUriResponse>")));
	assert_string_equal(said.url, "http://10.0.0.9/s?a=1&b=2");
}

static void what_an_answer_may_not_be(void **state)
{
	static char deep[4096], large[ONVIF_ANSWER_MAX + 2], longest[1200];

	(void)state;
	assert_string_equal(answer(ONVIF_SNAPSHOT, "<html><p>no"), "its answer is no XML");
	assert_string_equal(answer(ONVIF_SNAPSHOT, ""), "its answer is empty or too large");
	memset(large, ' ', sizeof(large) - 1);
	assert_string_equal(answer(ONVIF_SNAPSHOT, large), "its answer is empty or too large");
	assert_string_equal(
		answer(ONVIF_SNAPSHOT, "<!DOCTYPE a [<!ENTITY b \"http://x/\">]><a>&b;</a>"),
		"its answer brings a document type");
	assert_string_equal(answer(ONVIF_SNAPSHOT, "<a>&b;</a>"), "its answer is no XML");
	for (int i = 0; i < 1000; i++)
		memcpy(deep + i * 3, "<a>", 3);
	assert_string_equal(answer(ONVIF_SNAPSHOT, deep), "its answer is nested too deeply");
	assert_string_equal(
		answer(ONVIF_SNAPSHOT, SOAP("<SOAP-ENV:Fault><SOAP-ENV:Code/></SOAP-ENV:Fault>")),
		"it refuses the request (SOAP fault)");
	assert_string_equal(answer(ONVIF_SNAPSHOT, SOAP("")), "it names no snapshot");
	assert_string_equal(answer(ONVIF_CLOCK, SOAP("<tt:UTCDateTime/>")),
			    "it does not say what time it is");
	snprintf(longest, sizeof(longest),
		 SOAP("<a><MediaUri><Uri>http://10.0.0.9/%0600d</Uri>"
		      "</MediaUri></a>"),
		 1);
	assert_string_equal(answer(ONVIF_SNAPSHOT, longest), "it names no snapshot");
	assert_string_equal(said.url, "");
}

static void a_camera_sends_nobody_elsewhere(void **state)
{
	static const struct {
		const char *camera, *said, *url;
	} cases[] = {
		{"http://10.0.0.9/onvif/device", "http://10.0.0.9/snap?x=1",
		 "http://10.0.0.9/snap?x=1"},
		{"http://10.0.0.9:8000/onvif", "http://10.0.0.9/snap", "http://10.0.0.9/snap"},
		{"http://cam.lan/onvif", "HTTP://CAM.LAN:81/s", "http://CAM.LAN:81/s"},
		{"http://10.0.0.9:8000/onvif", "http://10.0.0.7/snap", "http://10.0.0.9:8000/snap"},
		{"http://10.0.0.9/onvif", "https://evil.example/s", "http://10.0.0.9/s"},
		{"http://10.0.0.9/onvif", "http://u:p@10.0.0.9/s", "http://10.0.0.9/s"},
		{"http://10.0.0.9/onvif", "http://10.0.0.9@evil.example/s", "http://10.0.0.9/s"},
		{"http://10.0.0.9/onvif", "http://10.0.0.9.evil.example/s", "http://10.0.0.9/s"},
		{"http://10.0.0.9/onvif", "http://10.0.0.9", "http://10.0.0.9/"},
		{"http://10.0.0.9/onvif", "http://10.0.0.9?s", "http://10.0.0.9/?s"},
		{"http://10.0.0.9/onvif", "http://10.0.0.9/s#f", "http://10.0.0.9/s"},
		{"https://cam.lan/onvif", "http://cam.lan/s", "https://cam.lan/s"},
		{"https://cam.lan/onvif", "https://cam.lan:8443/s", "https://cam.lan:8443/s"},
		{"http://[fe80::9]:80/onvif", "http://[fe80::9]/s", "http://[fe80::9]/s"},
		{"http://10.0.0.9/onvif", "rtsp://10.0.0.9/s", NULL},
		{"http://10.0.0.9/onvif", "/s", NULL},
		{"http://10.0.0.9/onvif", "", NULL},
		{"http://10.0.0.9/onvif", "http://10.0.0.9/a\x01", NULL},
	};
	char url[HTTP_URL_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool good = onvif_address(cases[i].camera, cases[i].said, url);

		if (good != (cases[i].url != NULL) || (good && strcmp(url, cases[i].url) != 0))
			fail_msg("%s: %s", cases[i].said, good ? url : "refused");
	}
}

#define TEST(name)  cmocka_unit_test_setup(name, begin)
#define SHELF(name) cmocka_unit_test_setup_teardown(name, shelf_begin, shelf_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_at_a_time_and_alarms_first),
		TEST(what_is_owed_is_bounded_and_the_gravest_stays),
		TEST(an_event_is_owed_once),
		TEST(what_is_too_late_is_not_taken),
		TEST(an_alarms_picture_is_tried_again_for_a_while),
		TEST(three_failures_and_it_fails_one_picture_and_it_is_well),
		TEST(its_first_picture_is_news),
		TEST(two_failures_far_apart_are_enough),
		cmocka_unit_test(a_whole_jpeg_and_no_part_of_it),
		cmocka_unit_test(what_is_no_jpeg),
		SHELF(what_is_old_goes_and_when_is_known),
		SHELF(past_the_disk_limit_the_oldest_goes),
		SHELF(a_flood_stays_within_number_and_bytes),
		SHELF(a_shelf_has_an_end),
		SHELF(a_clock_that_is_put_right_neither_kills_nor_keeps),
		cmocka_unit_test(a_request_proves_who_asks_without_the_password),
		cmocka_unit_test(the_longest_request_fits),
		cmocka_unit_test(answers_say_what_was_asked),
		cmocka_unit_test(what_an_answer_may_not_be),
		cmocka_unit_test(a_camera_sends_nobody_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

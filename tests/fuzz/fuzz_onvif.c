/*
 * fuzz_onvif.c: any bytes at all as a camera's answer to each step of ONVIF. What is refused has
 * said nothing; an address that is taken may be asked, and is not longer than a URL may be; what is
 * said goes back into the next request.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "courierd/onvif.c"
#include "courierd/onvif_answer.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void address_hold(const char *said)
{
	static const char *const cameras[] = {"http://10.0.0.9:8000/onvif", "https://cam.lan/o"};
	char url[HTTP_URL_MAX + 1];

	for (uint32_t i = 0; i < ARRAY_LEN(cameras); i++) {
		if (!onvif_address(cameras[i], said, url))
			continue;
		CHECK(strlen(url) <= HTTP_URL_MAX && http_url_on_site(url) == NULL);
		CHECK(i == 0 || strncmp(url, "https://", 8) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct onvif_said said = {0};
	uint8_t room[ONVIF_REQUEST_MAX];
	struct builder b = builder_of(room, sizeof(room));
	enum onvif_step step;

	if (size == 0)
		return 0;
	step = (enum onvif_step)(data[0] % ONVIF_STEPS);
	if (onvif_answer(step, (struct span){data + 1, (uint32_t)size - 1}, &said) != NULL) {
		CHECK(said.url[0] == '\0' && said.profile[0] == '\0' && said.clock.ms == 0);
		return 0;
	}
	CHECK(memchr(said.url, '\0', sizeof(said.url)) != NULL);
	CHECK(memchr(said.profile, '\0', sizeof(said.profile)) != NULL);
	CHECK(said.clock.ms >= 0);
	address_hold(said.url);
	onvif_request(ONVIF_SNAPSHOT, NULL, said.profile, &b);
	return 0;
}

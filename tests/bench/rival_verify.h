/* rival_verify.h: what the bench lays before its control, in shared memory: a public key and bytes
 * signed with it. */
#ifndef SHOP_BENCH_RIVAL_VERIFY_H
#define SHOP_BENCH_RIVAL_VERIFY_H

#include <stdint.h>

struct verify_job {
	uint8_t point[65]; /* 04 ‖ x ‖ y */
	uint8_t signature[64];
	uint32_t len;
	uint8_t bytes[600];
};

#endif

/* check.h: assertions that stay on in production. */
#ifndef SHOP_BASE_CHECK_H
#define SHOP_BASE_CHECK_H

/**
 * panic - ends the process with SIGABRT after one line on stderr.
 * The supervisor restarts it; a door whose program has died is locked by its own wiring.
 */
_Noreturn void panic(const char *file, int line, const char *what);

/** CHECK - panics unless the condition holds. Never compiled out, so it may have no side effect
 *  that a reader would miss: test a fact, do not do a thing. */
#define CHECK(cond) ((cond) ? (void)0 : panic(__FILE__, __LINE__, #cond))

/** MUST_CHECK - the caller has to look at what the function returns. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif

/* leaks_known.h: what LeakSanitizer is not to mind: fontconfig keeps a few patterns of what it has
 * loaded until the process ends, which for a renderer is at once. One include a test program. */
#ifndef SHOP_TESTS_LEAKS_KNOWN_H
#define SHOP_TESTS_LEAKS_KNOWN_H

const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

#endif

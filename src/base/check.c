/* check.c: the last words of a program whose own rules do not hold any more. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void panic(const char *file, int line, const char *what)
{
	fprintf(stderr, "panic: %s:%d: %s\n", file, line, what);
	abort();
}

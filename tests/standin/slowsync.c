/*
 * slowsync.c: a disk whose every sync takes SLOWSYNC_MS longer, by LD_PRELOAD, in front of one
 * program. The delay comes before the real sync, so what it promises still holds.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int sync_fn(int fd);

int fsync(int fd);
int fdatasync(int fd);

static void delay(void)
{
	const char *text = getenv("SLOWSYNC_MS");
	long ms = text ? strtol(text, NULL, 10) : 0;
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	int saved = errno;

	while (ms > 0 && nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
	errno = saved;
}

/* dlsym gives a void *; the union is the way to a function that ISO C allows. */
static sync_fn *real(const char *name)
{
	union {
		void *object;
		sync_fn *function;
	} found = {.object = dlsym(RTLD_NEXT, name)};

	return found.function;
}

int fsync(int fd)
{
	delay();
	return real("fsync")(fd);
}

int fdatasync(int fd)
{
	delay();
	return real("fdatasync")(fd);
}

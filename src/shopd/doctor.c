/*
 * doctor.c: a look at the box from beside shopd: it runs as a process of its own, also while shopd
 * does, and also where shopd cannot. It asks the kernel about lines and takes none, opens no
 * scanner, sets no clock, and writes one small file, which it removes, to see how long the disk
 * takes.
 */
#include "shopd/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/checkup_words.h"
#include "device/gpio_look.h"
#include "loop/loop.h"

#define SYNC_TRIES   3
#define SYNC_SLOW_MS 500 /* as long as a phone is held at the door by it */
#define RTC_OFF_S    10
#define MIB	     1048576
#define RTC_DIR	     "/sys/class/rtc/rtc0"

__attribute__((format(printf, 5, 6))) static void
say(FILE *out, uint32_t check, enum finding finding, bool well, const char *format, ...)
{
	va_list args;

	fprintf(out, "%s %d %d ", check_of_word(check), (int)finding, well);
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}

/* --- lines */

static void lines_say(const char *const *name, uint32_t names, const struct line_seen *seen,
		      FILE *out)
{
	for (uint32_t i = 0; i < names; i++)
		if (seen[i].found == LINE_MISSING) {
			say(out, CHECK_OF_LINES, FINDING_BAD, false, "%s", name[i]);
			return;
		}
	for (uint32_t i = 0; i < names; i++)
		if (seen[i].found != LINE_OURS) {
			say(out, CHECK_OF_LINES, FINDING_OTHER, false, "%s (%s)", name[i],
			    seen[i].found == LINE_TAKEN ? seen[i].holder : "-");
			return;
		}
	say(out, CHECK_OF_LINES, FINDING_WELL, true, "%u", names);
}

static void look_lines(const struct config *c, FILE *out)
{
	const char *name[GPIO_LINES_MAX];
	struct line_seen seen[GPIO_LINES_MAX];
	uint32_t names = 0;
	int r;

	if (config_simulated(c)) {
		say(out, CHECK_OF_LINES, FINDING_NONE, true, "-");
		return;
	}
	for (uint32_t d = 0; d < c->doors; d++)
		for (uint32_t part = 0; part < DOOR_PARTS; part++)
			if (c->door[d].line[part][0] && names < GPIO_LINES_MAX)
				name[names++] = c->door[d].line[part];
	for (uint32_t i = 0; i < c->sensors; i++)
		if (strncmp(c->sensor[i].source, "gpio:", 5) == 0 && names < GPIO_LINES_MAX)
			name[names++] = c->sensor[i].source + 5;
	r = gpio_look("/dev", c->gpio + 5, name, names, seen);
	if (r < 0)
		say(out, CHECK_OF_LINES, FINDING_BAD, false, "%s (%s: %s)", name[0], c->gpio,
		    strerror(-r));
	else
		lines_say(name, names, seen, out);
}

/* --- scanners */

/* The device behind `scanner = …`, or NULL where there is none to look at. */
static const char *device_of(const char *scanner)
{
	const char *colon;

	if (!scanner[0])
		return NULL;
	if (scanner[0] == '/')
		return scanner;
	colon = strchr(scanner, ':');
	return colon && colon[1] == '/' ? colon + 1 : NULL;
}

static void look_scanners(const struct config *c, FILE *out)
{
	uint32_t there = 0;

	for (uint32_t i = 0; i < c->doors + c->tills; i++) {
		const char *device = device_of(i < c->doors ? c->door[i].scanner
							    : c->till[i - c->doors].scanner);

		if (!device)
			continue;
		if (access(device, F_OK) < 0) {
			say(out, CHECK_OF_SCANNERS, FINDING_BAD, false, "%s", device);
			return;
		}
		there++;
	}
	say(out, CHECK_OF_SCANNERS, there > 0 ? FINDING_WELL : FINDING_NONE, true, "%u", there);
}

/* --- the clock with a battery */

static void look_rtc(const struct config *c, FILE *out)
{
	int fd = open(RTC_DIR "/since_epoch", O_RDONLY | O_CLOEXEC);
	char text[32] = "";
	long long off = 0;

	if (fd < 0) {
		if (c->clock == CLOCK_RTC)
			say(out, CHECK_OF_RTC, FINDING_BAD, false, "-");
		else
			say(out, CHECK_OF_RTC, FINDING_NONE, true, "-");
		return;
	}
	if (read(fd, text, sizeof(text) - 1) > 0)
		off = strtoll(text, NULL, 10) - loop_wall().ms / 1000;
	close(fd);
	if (off < 0)
		off = -off;
	/* where nobody relies on it, that it is wrong is no trouble */
	if (off > RTC_OFF_S && c->clock == CLOCK_RTC)
		say(out, CHECK_OF_RTC, FINDING_OTHER, false, "%lld", off);
	else
		say(out, CHECK_OF_RTC, FINDING_WELL, true, "-");
}

/* --- the disk */

static void look_room(const struct config *c, FILE *out)
{
	struct statvfs vfs;
	uint64_t mib;

	if (statvfs(c->state, &vfs) < 0) {
		say(out, CHECK_OF_SYNC, FINDING_OTHER, false, "%s: %s", c->state, strerror(errno));
		return;
	}
	mib = (uint64_t)vfs.f_bavail * vfs.f_frsize / MIB;
	if (c->alarms.disk_free_mb > 0 && mib < (uint64_t)c->alarms.disk_free_mb)
		say(out, CHECK_OF_DISK, FINDING_BAD, false, "%llu", (unsigned long long)mib);
	else
		say(out, CHECK_OF_DISK, FINDING_WELL, true, "%llu", (unsigned long long)mib);
}

/* One page kept: how long it took in ms, or -errno. */
static int64_t sync_once(const char *dir)
{
	static const char page[4096];
	char path[PATH_SIZE + 32];
	struct mono began;
	int64_t took = -EIO;
	int fd;

	snprintf(path, sizeof(path), "%s/.doctor-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(path); /* nothing is left, whatever happens now */
	began = loop_mono();
	if (write(fd, page, sizeof(page)) == (ssize_t)sizeof(page) && fsync(fd) == 0)
		took = loop_mono().ms - began.ms;
	else if (errno > 0)
		took = -errno;
	close(fd);
	return took;
}

static void look_sync(const struct config *c, FILE *out)
{
	int64_t best = INT64_MAX;

	for (uint32_t i = 0; i < SYNC_TRIES; i++) {
		int64_t took = sync_once(c->state);

		if (took == -EACCES || took == -EPERM) {
			say(out, CHECK_OF_SYNC, FINDING_NONE, true, "-");
			return;
		}
		if (took < 0) {
			say(out, CHECK_OF_SYNC, FINDING_OTHER, false, "%s", strerror((int)-took));
			return;
		}
		best = took < best ? took : best;
	}
	say(out, CHECK_OF_SYNC, best > SYNC_SLOW_MS ? FINDING_BAD : FINDING_WELL,
	    best <= SYNC_SLOW_MS, "%lld", (long long)best);
}

void doctor_look(const struct config *c, FILE *out)
{
	look_lines(c, out);
	look_scanners(c, out);
	look_rtc(c, out);
	look_room(c, out);
	look_sync(c, out);
}

/*
 * gpio_look.c: asks the kernel itself (GPIO_V2_GET_LINEINFO, Linux 5.10), as gpioinfo does: no line
 * is requested, so nothing moves and nothing is taken from whoever holds it.
 */
#include "device/gpio_look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CONSUMER  "shopkeeper" /* as the backends say when they request a line */
#define CHIPS_MAX 64
#define PATH_ROOM 300

static void line_seen_of(const struct gpio_v2_line_info *info, struct line_seen *ret)
{
	bool used = info->flags & GPIO_V2_LINE_FLAG_USED;

	ret->output = info->flags & GPIO_V2_LINE_FLAG_OUTPUT;
	ret->found = !used				     ? LINE_FREE
		     : strcmp(info->consumer, CONSUMER) == 0 ? LINE_OURS
							     : LINE_TAKEN;
	snprintf(ret->holder, sizeof(ret->holder), "%.31s", info->consumer);
}

/* What the lines of one chip are to the names that were not found yet. */
static void chip_look(int fd, uint32_t lines, const char *const *name, uint32_t names,
		      struct line_seen *ret)
{
	for (uint32_t offset = 0; offset < lines; offset++) {
		struct gpio_v2_line_info info;

		memset(&info, 0, sizeof(info));
		info.offset = offset;
		if (ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &info) < 0)
			return;
		info.name[GPIO_MAX_NAME_SIZE - 1] = info.consumer[GPIO_MAX_NAME_SIZE - 1] = '\0';
		for (uint32_t i = 0; i < names; i++)
			if (ret[i].found == LINE_MISSING && strcmp(info.name, name[i]) == 0)
				line_seen_of(&info, &ret[i]);
	}
}

static bool chip_wanted(const struct gpiochip_info *info, const char *where)
{
	return strcmp(where, "*") == 0 || strncmp(where, info->label, sizeof(info->label)) == 0 ||
	       strncmp(where, info->name, sizeof(info->name)) == 0;
}

int gpio_look(const char *dir, const char *where, const char *const *name, uint32_t names,
	      struct line_seen *ret)
{
	DIR *devices = opendir(dir);
	const struct dirent *entry;
	int result = -ENODEV;

	if (!devices)
		return -errno;
	memset(ret, 0, names * sizeof(*ret));
	for (uint32_t chips = 0; chips < CHIPS_MAX && (entry = readdir(devices));) {
		struct gpiochip_info info;
		char path[PATH_ROOM];
		int fd;

		if (strncmp(entry->d_name, "gpiochip", 8) != 0)
			continue;
		chips++;
		snprintf(path, sizeof(path), "%.40s/%.250s", dir, entry->d_name);
		memset(&info, 0, sizeof(info));
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0) {
			result = result == -ENODEV ? -errno : result;
			continue;
		}
		if (ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) == 0 && chip_wanted(&info, where)) {
			chip_look(fd, info.lines, name, names, ret);
			result = 0;
		}
		close(fd);
	}
	closedir(devices);
	return result;
}

/*
 * sensor.c: the kernel's files of temperatures, humidity and CO2, read as a stranger's: a file of
 * more than 256 bytes is none of them, a number is a sign, digits and nine decimals at most, and
 * what cannot be in a shop (85 °C of a 1-wire sensor that lost power, air without CO2) is no value.
 *
 * A device is found by its name, for hwmon2 becomes hwmon3 when a driver loads earlier. What a
 * source may say is checked letter by letter before a path is made of it: no path leaves the root.
 */
#include "device/sensor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device/sensor_value.h"

enum {
	FILE_BYTES_MAX = 256,
	DEVICES_LOOKED_AT = 256, /* of one kind; a machine has a dozen */
	PATH_BYTES_MAX = 512,
};

/* What is measured tells what can be, and how a unit of IIO becomes one of ours. */
static const struct quantity {
	const char *iio;   /* how its channels begin there */
	const char *hwmon; /* and there; NULL: it has none */
	int64_t factor;
	int64_t lowest, highest;
} quantities[] = {
	{"in_temp", "temp", 1, -100000, 200000},
	{"in_humidityrelative", "humidity", 1, 0, 110000}, /* drivers tell a little past 100 % */
	/* per cent -> thousandths of a ppm; there is always some */
	{"in_concentration_co2", NULL, 10000000, 1, 100000000},
};

static const struct {
	const char *prefix, *folder, *entry;
} buses[SENSOR_BUSES] = {
	[SENSOR_W1] = {"w1:", "/sys/bus/w1/devices", ""},
	[SENSOR_IIO] = {"iio:", "/sys/bus/iio/devices", "iio:device"},
	[SENSOR_HWMON] = {"hwmon:", "/sys/class/hwmon", "hwmon"},
};

/* A source in its parts: NAME[@ADDRESS]/CHANNEL, or the 1-wire id alone as `name`. */
struct source {
	enum sensor_bus bus;
	const struct quantity *quantity; /* not of 1-wire */
	char name[SENSOR_SOURCE_MAX], address[SENSOR_SOURCE_MAX], channel[SENSOR_SOURCE_MAX];
};

/* --- files */

static int failure(int error)
{
	bool none = error == ENOENT || error == ENOTDIR || error == ENODEV || error == ENXIO;

	return none ? -ENODEV : -EIO;
}

/* What the file says, without the newline at its end: how many bytes, or -errno. */
static int file_read(const char *path, char text[FILE_BYTES_MAX + 1])
{
	uint32_t len = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return failure(errno);
	do {
		got = read(fd, text + len, FILE_BYTES_MAX + 1 - len);
		if (got > 0)
			len += (uint32_t)got;
	} while ((got > 0 && len <= FILE_BYTES_MAX) || (got < 0 && errno == EINTR));
	if (got < 0)
		got = failure(errno);
	close(fd);
	if (got < 0)
		return (int)got;
	if (len > FILE_BYTES_MAX)
		return -EBADMSG;
	return (int)(len > 0 && text[len - 1] == '\n' ? len - 1 : len);
}

/* The number in DIR/STEM+SUFFIX, in billionths. */
static int number_read(const char *dir, const char *stem, const char *suffix, int64_t *ret)
{
	char path[PATH_BYTES_MAX], text[FILE_BYTES_MAX + 1];
	int len = snprintf(path, sizeof(path), "%s/%s%s", dir, stem, suffix);

	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENODEV;
	len = file_read(path, text);
	if (len < 0)
		return len;
	return billionths(text, (uint32_t)len, ret) ? 0 : -EBADMSG;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* --- sources */

static bool is_name(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '-';
}

/* Letters of a name up to what ends it; false when there are none. `part` holds any source. */
static bool name_take(const char **text, char part[SENSOR_SOURCE_MAX])
{
	uint32_t len = 0;

	while (is_name((*text)[len]))
		len++;
	memcpy(part, *text, len);
	part[len] = '\0';
	*text += len;
	return len > 0;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* "28-0123456789ab": the kind of chip and its number, as the kernel writes them. */
static bool is_w1_id(const char *id)
{
	if (strlen(id) != 15 || id[2] != '-')
		return false;
	for (uint32_t i = 0; i < 15; i++)
		if (i != 2 && !is_digit(id[i]) && (id[i] < 'a' || id[i] > 'f'))
			return false;
	return true;
}

/* temp1, humidity2: a word and its number. */
static bool is_hwmon_channel(const char *channel, const char *word)
{
	const char *number = channel + strlen(word);

	return starts(channel, word) && number[0] >= '1' && number[0] <= '9' &&
	       strspn(number, "0123456789") == strlen(number);
}

static const struct quantity *quantity_of(enum sensor_bus bus, const char *channel)
{
	for (uint32_t i = 0; i < ARRAY_LEN(quantities); i++) {
		const struct quantity *q = &quantities[i];

		if (bus == SENSOR_IIO ? starts(channel, q->iio)
				      : q->hwmon && is_hwmon_channel(channel, q->hwmon))
			return q;
	}
	return NULL;
}

/* NULL, or what the text must be. */
static const char *source_parse(const char *text, struct source *ret)
{
	static const char must[] = "hwmon:NAME/temp1, iio:NAME/in_temp or w1:28-0123456789ab";

	memset(ret, 0, sizeof(*ret));
	if (strlen(text) >= SENSOR_SOURCE_MAX)
		return "at most 95 letters long";
	while (!starts(text, buses[ret->bus].prefix))
		if (++ret->bus == SENSOR_BUSES)
			return must;
	text += strlen(buses[ret->bus].prefix);
	if (!name_take(&text, ret->name))
		return must;
	if (ret->bus == SENSOR_W1)
		return *text == '\0' && is_w1_id(ret->name)
			       ? NULL
			       : "w1: and the number as in /sys/bus/w1/devices, w1:28-0123456789ab";
	if (*text == '@' && (text++, !name_take(&text, ret->address)))
		return "NAME@ADDRESS/… with an address as in 1-0044";
	if (*text != '/' || (text++, !name_take(&text, ret->channel)) || *text != '\0')
		return must;
	ret->quantity = quantity_of(ret->bus, ret->channel);
	if (ret->quantity)
		return NULL;
	return ret->bus == SENSOR_IIO
		       ? "iio:NAME/ and in_temp, in_humidityrelative or in_concentration_co2"
		       : "hwmon:NAME/ and temp1, humidity1 or another of its numbers";
}

const char *sensor_source_rule(const char *source)
{
	struct source s;

	return source_parse(source, &s);
}

enum sensor_bus sensor_source_bus(const char *source)
{
	struct source s;

	CHECK(source_parse(source, &s) == NULL);
	return s.bus;
}

/* --- devices by name */

/* Whether the device in `dir` (a link to it, where the kernel made it) hangs at this address. */
static bool at_address(enum sensor_bus bus, const char *dir, const char *address)
{
	char path[PATH_BYTES_MAX], target[PATH_BYTES_MAX], *last;
	ssize_t len;

	if ((size_t)snprintf(path, sizeof(path), "%s%s", dir,
			     bus == SENSOR_HWMON ? "/device" : "") >= sizeof(path))
		return false;
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return false;
	target[len] = '\0';
	last = strrchr(target, '/');
	if (bus == SENSOR_IIO && last) { /* …/1-0062/iio:device0 */
		*last = '\0';
		last = strrchr(target, '/');
	}
	return strcmp(last ? last + 1 : target, address) == 0;
}

/* Whether the device in `dir` is the one that is meant. */
static bool is_meant(const struct source *s, const char *dir)
{
	char path[PATH_BYTES_MAX], text[FILE_BYTES_MAX + 1];
	int len;

	if ((size_t)snprintf(path, sizeof(path), "%s/name", dir) >= sizeof(path))
		return false;
	len = file_read(path, text);
	if (len < 0 || (size_t)len != strlen(s->name) || memcmp(text, s->name, (size_t)len) != 0)
		return false;
	return s->address[0] == '\0' || at_address(s->bus, dir, s->address);
}

/* The folder of the one device that is meant. 0, -ENODEV, -ENOTUNIQ. */
static int device_find(const char *root, const struct source *s, char ret_dir[PATH_BYTES_MAX])
{
	char folder[PATH_BYTES_MAX], dir[PATH_BYTES_MAX];
	const struct dirent *entry;
	DIR *list;
	int found = 0;

	if ((size_t)snprintf(folder, sizeof(folder), "%s%s", root, buses[s->bus].folder) >=
		    sizeof(folder) ||
	    !(list = opendir(folder)))
		return -ENODEV;
	for (int i = 0; i < DEVICES_LOOKED_AT && (entry = readdir(list)) && found < 2; i++) {
		if (!starts(entry->d_name, buses[s->bus].entry) ||
		    (size_t)snprintf(dir, sizeof(dir), "%s/%s", folder, entry->d_name) >=
			    sizeof(dir) ||
		    !is_meant(s, dir))
			continue;
		memcpy(ret_dir, dir, sizeof(dir));
		found++;
	}
	closedir(list);
	return found == 1 ? 0 : found > 1 ? -ENOTUNIQ : -ENODEV;
}

/* --- values */

static int plausible(int64_t value, int64_t lowest, int64_t highest)
{
	return value >= lowest && value <= highest ? 0 : -ERANGE;
}

static int read_hwmon(const char *dir, const struct source *s, int64_t *ret)
{
	int64_t n;
	int r = number_read(dir, s->channel, "_input", &n);

	if (r < 0)
		return r;
	*ret = rounded(n, BILLION);
	return 0;
}

/* Of the channel itself, or of all of its type; `otherwise` where neither is there. */
static int read_of_type(const char *dir, const struct source *s, const char *suffix,
			int64_t otherwise, int64_t *ret)
{
	static const char *const types[] = {"in_temp", "in_humidityrelative", "in_concentration"};
	int r = number_read(dir, s->channel, suffix, ret);

	for (uint32_t i = 0; i < ARRAY_LEN(types) && r == -ENODEV; i++)
		if (starts(s->channel, types[i]))
			r = number_read(dir, types[i], suffix, ret);
	if (r != -ENODEV)
		return r;
	*ret = otherwise;
	return 0;
}

static int read_iio(const char *dir, const struct source *s, int64_t *ret)
{
	int64_t raw, offset, scale;
	int r = number_read(dir, s->channel, "_input", &raw);

	offset = 0;
	scale = BILLION;
	if (r == -ENODEV) {
		r = number_read(dir, s->channel, "_raw", &raw);
		if (r == 0)
			r = read_of_type(dir, s, "_offset", 0, &offset);
		if (r == 0)
			r = read_of_type(dir, s, "_scale", BILLION, &scale);
	}
	if (r < 0)
		return r;
	if (__builtin_add_overflow(raw, offset, &raw) ||
	    __builtin_mul_overflow(scale, s->quantity->factor, &scale) || !product(raw, scale, ret))
		return -ERANGE;
	return 0;
}

static int read_w1(const char *root, const struct source *s, int64_t *ret)
{
	char path[PATH_BYTES_MAX], text[FILE_BYTES_MAX + 1];
	int64_t n;
	int len, r;

	if ((size_t)snprintf(path, sizeof(path), "%s%s/%s/w1_slave", root, buses[s->bus].folder,
			     s->name) >= sizeof(path))
		return -ENODEV;
	len = file_read(path, text);
	if (len >= 0)
		return sensor_w1_slave(text, (uint32_t)len, ret);
	if (len != -ENODEV)
		return len;
	*strrchr(path, '/') = '\0';
	r = number_read(path, "temperature", "", &n);
	if (r < 0)
		return r;
	*ret = rounded(n, BILLION);
	return w1_plausible(*ret);
}

int sensor_read(const char *root, const char *source, int64_t *ret)
{
	char dir[PATH_BYTES_MAX];
	struct source s;
	int64_t value = 0;
	int r;

	if (source_parse(source, &s) != NULL)
		return -ENODEV;
	if (s.bus == SENSOR_W1) {
		r = read_w1(root, &s, &value);
	} else {
		r = device_find(root, &s, dir);
		if (r == 0)
			r = s.bus == SENSOR_IIO ? read_iio(dir, &s, &value)
						: read_hwmon(dir, &s, &value);
		if (r == 0)
			r = plausible(value, s.quantity->lowest, s.quantity->highest);
	}
	if (r == 0)
		*ret = value;
	return r;
}

const char *sensor_failure(int error)
{
	switch (error) {
	case -ENODEV:
		return "there is no such sensor";
	case -ENOTUNIQ:
		return "there are several of that name: say which by NAME@ADDRESS";
	case -EBADMSG:
		return "what it says is no number";
	case -ERANGE:
		return "what it says cannot be";
	default:
		return "it does not answer";
	}
}

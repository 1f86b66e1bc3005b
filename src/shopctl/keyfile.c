/*
 * keyfile.c: where a test phone keeps its key. A file that the group or the world may read is not
 * used: what opens a door is to be guarded like a key, even a test's. The bytes are wiped as soon
 * as they are written or read, and appear in no message.
 */
#include "shopctl/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ids.h"

/** Hex and a line end. */
#define KEYFILE_SIZE (2 * SHOPTOKEN_COSE_SECRET_SIZE + 1)

enum ctl_exit keyfile_write(struct ctl *ctl, const char *path, const struct shoptoken_key *key)
{
	uint8_t secret[SHOPTOKEN_COSE_SECRET_SIZE];
	char text[KEYFILE_SIZE + 1];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST)
		return ctl_fail(ctl, CTL_REFUSED, "refused: %s is there already", path);
	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	shoptoken_cose_secret(key, secret);
	hex_text(secret, sizeof(secret), text);
	text[KEYFILE_SIZE - 1] = '\n';
	bool written = fchmod(fd, 0600) == 0 && write(fd, text, KEYFILE_SIZE) == KEYFILE_SIZE;
	int err = errno;

	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(text, sizeof(text));
	if (close(fd) != 0 || !written) {
		unlink(path);
		return ctl_fail(ctl, CTL_REFUSED, "%s cannot be written: %s", path, strerror(err));
	}
	return CTL_DONE;
}

enum ctl_exit keyfile_read(struct ctl *ctl, const char *path, struct shoptoken_key *ret)
{
	uint8_t secret[SHOPTOKEN_COSE_SECRET_SIZE];
	char text[KEYFILE_SIZE + 1];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
		close(fd);
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: %s is not a file that you alone may read (mode 0600)",
				path);
	}
	ssize_t len = read(fd, text, sizeof(text));

	close(fd);
	bool good = len == KEYFILE_SIZE && text[len - 1] == '\n' &&
		    hex_parse(text, KEYFILE_SIZE - 1, secret, sizeof(secret)) &&
		    shoptoken_cose_secret_parse(secret, sizeof(secret), ret) == 0;

	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(text, sizeof(text));
	return good ? CTL_DONE
		    : ctl_fail(ctl, CTL_REFUSED, "refused: %s holds no key of 'token key'", path);
}

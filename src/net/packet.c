/*
 * packet.c: a message as one SEQPACKET packet. It promises that no descriptor is ever lost or kept
 * by mistake: at most one is handed out, every other one is closed here, and all are close-on-exec
 * from the start.
 */
#include "net/packet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for more descriptors than are ever accepted, so that a flood of them is seen as one. */
#define DESCRIPTORS_SEEN 4

union ancillary {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(DESCRIPTORS_SEEN * sizeof(int))];
};

int packet_address(const char *path, struct sockaddr_un *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(path);

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len);
	*ret = address;
	return 0;
}

int packet_send(int fd, const union message *m, int pass_fd)
{
	uint32_t size = message_size(m->head.type);
	struct iovec data = {.iov_base = (void *)(uintptr_t)m, .iov_len = size};
	struct msghdr packet = {.msg_iov = &data, .msg_iovlen = 1};
	union ancillary ancillary;
	ssize_t n;

	CHECK(size > 0 && m->head.version == MESSAGE_VERSION);
	if (pass_fd >= 0) {
		struct cmsghdr *c;

		memset(&ancillary, 0, sizeof(ancillary));
		packet.msg_control = ancillary.bytes;
		packet.msg_controllen = CMSG_SPACE(sizeof(int));
		c = CMSG_FIRSTHDR(&packet);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &pass_fd, sizeof(int));
	}
	do
		n = sendmsg(fd, &packet, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* Hands out the first descriptor, closes the rest; how many there were. */
static uint32_t take_descriptors(struct msghdr *packet, int *ret_fd)
{
	uint32_t seen = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(packet); c; c = CMSG_NXTHDR(packet, c)) {
		size_t count;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++, seen++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (*ret_fd < 0)
				*ret_fd = fd;
			else
				close(fd);
		}
	}
	return seen;
}

enum packet packet_receive(int fd, union message *ret, uint32_t *ret_len, int *ret_fd)
{
	struct iovec data = {.iov_base = ret, .iov_len = sizeof(*ret)};
	union ancillary ancillary;
	struct msghdr packet = {.msg_iov = &data,
				.msg_iovlen = 1,
				.msg_control = ancillary.bytes,
				.msg_controllen = sizeof(ancillary.bytes)};
	int passed = -1;
	ssize_t n;

	do
		n = recvmsg(fd, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? PACKET_NONE : PACKET_GONE;
	if (take_descriptors(&packet, &passed) > 1 ||
	    (packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		if (passed >= 0)
			close(passed);
		return PACKET_BAD;
	}
	if (n == 0) {
		if (passed >= 0)
			close(passed);
		return PACKET_GONE;
	}
	/* what a short packet left of the one before it must not be read as its own */
	memset(ret->bytes + n, 0, sizeof(*ret) - (size_t)n);
	*ret_len = (uint32_t)n;
	*ret_fd = passed;
	return PACKET_MESSAGE;
}

void packet_hello(union message *m, enum message_role role, const char *program)
{
	message_init(m, MESSAGE_HELLO, 0);
	m->hello.role = (uint32_t)role;
	snprintf(m->hello.program, sizeof(m->hello.program), "%s", program);
}

void packet_bye(union message *m, const char *why)
{
	message_init(m, MESSAGE_BYE, 0);
	snprintf(m->bye.why, sizeof(m->bye.why), "%s", why);
}

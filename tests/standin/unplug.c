/*
 * unplug.c: a driver of pcscd's that is vsmartcard's virtual reader, and more. While the file
 * unplugged in the folder $CARDS exists the reader is not there any more. pcscd then drops it when
 * it is told to look (SIGUSR1), as it does by itself with one on USB. And it looks for cards fifty
 * times a second, where pcscd does so every 400 ms with a reader that cannot tell it. While it sees
 * one in slot N the file seen-N is there, for whoever wants to put the next one on.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <PCSC/ifdhandler.h>

#define DRIVER "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

/* dlsym gives a void *; the union is the way to a function that ISO C allows. */
#define FORWARD(name, declared, handed) FORWARD_TO(name, name, declared, handed)
#define FORWARD_TO(name, to, declared, handed)                                                     \
	RESPONSECODE name declared                                                                 \
	{                                                                                          \
		union {                                                                            \
			void *object;                                                              \
			RESPONSECODE(*function) declared;                                          \
		} found = {.object = driver(#to)};                                                 \
		return found.function ? found.function handed : IFD_NOT_SUPPORTED;                 \
	}

static void *driver(const char *name)
{
	static void *opened;

	if (!opened)
		opened = dlopen(DRIVER, RTLD_NOW | RTLD_LOCAL);
	return opened ? dlsym(opened, name) : NULL;
}

/* A file in the folder: its path, or an empty one. */
static void path_of(const char *name, char path[256])
{
	const char *folder = getenv("CARDS");

	path[0] = '\0';
	if (folder)
		snprintf(path, 256, "%s/%s", folder, name);
}

static FORWARD_TO(presence, IFDHICCPresence, (DWORD Lun), (Lun))

	static void tell(DWORD Lun, int there)
{
	char name[32], path[256];
	int fd;

	snprintf(name, sizeof(name), "seen-%u", (unsigned)(Lun & 0xff));
	path_of(name, path);
	if (!there) {
		unlink(path);
		return;
	}
	fd = open(path, O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	char path[256];
	RESPONSECODE seen;

	path_of("unplugged", path);
	if (access(path, F_OK) == 0)
		return IFD_NO_SUCH_DEVICE;
	seen = presence(Lun);
	tell(Lun, seen == IFD_ICC_PRESENT);
	return seen;
}

FORWARD(IFDHCreateChannelByName, (DWORD Lun, LPSTR name), (Lun, name))
FORWARD(IFDHCreateChannel, (DWORD Lun, DWORD channel), (Lun, channel))
FORWARD(IFDHCloseChannel, (DWORD Lun), (Lun))
static FORWARD_TO(capabilities, IFDHGetCapabilities,
		  (DWORD Lun, DWORD tag, PDWORD len, PUCHAR value), (Lun, tag, len, value))

	/* pcscd calls it, and looks when it comes back. */
	static RESPONSECODE look_again(DWORD Lun, int timeout_ms)
{
	(void)Lun;
	(void)timeout_ms;
	poll(NULL, 0, 20);
	return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD tag, PDWORD len, PUCHAR value)
{
	RESPONSECODE (*function)(DWORD, int) = look_again;

	if (tag != TAG_IFD_POLLING_THREAD_WITH_TIMEOUT)
		return capabilities(Lun, tag, len, value);
	if (*len < sizeof(function))
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(value, &function, sizeof(function));
	*len = sizeof(function);
	return IFD_SUCCESS;
}

FORWARD(IFDHSetCapabilities, (DWORD Lun, DWORD tag, DWORD len, PUCHAR value),
	(Lun, tag, len, value))
FORWARD(IFDHSetProtocolParameters,
	(DWORD Lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3),
	(Lun, protocol, flags, pts1, pts2, pts3))
FORWARD(IFDHPowerICC, (DWORD Lun, DWORD action, PUCHAR atr, PDWORD len), (Lun, action, atr, len))
FORWARD(IFDHTransmitToICC,
	(DWORD Lun, SCARD_IO_HEADER send, PUCHAR tx, DWORD tx_len, PUCHAR rx, PDWORD rx_len,
	 PSCARD_IO_HEADER received),
	(Lun, send, tx, tx_len, rx, rx_len, received))
FORWARD(IFDHControl,
	(DWORD Lun, DWORD code, PUCHAR tx, DWORD tx_len, PUCHAR rx, DWORD rx_len, LPDWORD got),
	(Lun, code, tx, tx_len, rx, rx_len, got))

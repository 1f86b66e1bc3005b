/*
 * nfc_reader.c: PC/SC. A reader is found by a part of its name, for the rest of it (a serial
 * number, which socket it is in) differs from box to box; where two have that part, none is taken,
 * for the wrong one may hang at another door.
 *
 * A card that lies there when the reader is found is no tap, nor is one that stays: only what comes
 * is. pcscd looks at a reader up to 400 ms apart; that is most of the
 * time that a tap takes.
 */
#include "device/nfc_reader.h"

#include <string.h>

#include "device/nfc_apdu.h"

/* Who held it there too shortly tries again before pcscd has seen that it was away. */
#define TRIES  5
#define TRY_MS 150
/* All readers' names in one, each with its NUL, and one more: pcscd has 16 at most. */
#define NAMES_MAX (16 * (MAX_READERNAME + 1) + 1)

#define NOT_THERE (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_IGNORE)

/* What a failed call says of the daemon and the reader. */
static enum nfc_trouble trouble_of(LONG error)
{
	switch ((uint32_t)error) {
	case (uint32_t)SCARD_E_UNKNOWN_READER:
	case (uint32_t)SCARD_E_READER_UNAVAILABLE:
	case (uint32_t)SCARD_E_NO_READERS_AVAILABLE:
		return NFC_NO_READER;
	case (uint32_t)SCARD_W_SECURITY_VIOLATION:
		return NFC_DENIED;
	default:
		return NFC_NO_SERVICE;
	}
}

static enum nfc_wait gone(struct nfc_reader *r, enum nfc_trouble trouble,
			  enum nfc_trouble *ret_trouble)
{
	r->name[0] = '\0';
	r->tries = 0;
	if (trouble == NFC_NO_SERVICE)
		nfc_reader_close(r);
	*ret_trouble = trouble;
	return NFC_WAIT_GONE;
}

bool nfc_reader_context(struct nfc_reader *r)
{
	if (!r->open)
		r->open = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &r->context) ==
			  SCARD_S_SUCCESS;
	return r->open;
}

/* The one name with `part` in it. */
static enum nfc_trouble find(struct nfc_reader *r, const char *part)
{
	char names[NAMES_MAX] = "";
	DWORD size = sizeof(names) - 1;
	LONG error = SCardListReaders(r->context, NULL, names, &size);
	uint32_t found = 0;

	if (error != SCARD_S_SUCCESS)
		return trouble_of(error);
	for (const char *name = names; *name; name += strlen(name) + 1) {
		if (!strstr(name, part) || strlen(name) > NFC_NAME_MAX)
			continue;
		found++;
		strncpy(r->name, name, NFC_NAME_MAX);
	}
	if (found == 1)
		return NFC_FINE;
	r->name[0] = '\0';
	return found == 0 ? NFC_NO_READER : NFC_SEVERAL;
}

/* What is seen, and what is new in it. The upper half counts how often something came and went: it
 * tells of one that went and of the next that came while nobody looked. */
static enum nfc_wait look(struct nfc_reader *r, DWORD seen, enum nfc_trouble *ret_trouble)
{
	DWORD before = r->state;

	r->state = seen & ~(DWORD)SCARD_STATE_CHANGED;
	if (seen & NOT_THERE)
		return gone(r, NFC_NO_READER, ret_trouble);
	if (!(seen & SCARD_STATE_PRESENT)) {
		r->tries = 0;
		return NFC_WAIT_QUIET;
	}
	if ((before & SCARD_STATE_PRESENT) && before >> 16 == seen >> 16)
		return NFC_WAIT_QUIET;
	r->tries = TRIES;
	return NFC_WAIT_TAP;
}

/* Waits until it is otherwise than it was seen last. */
static LONG change(struct nfc_reader *r, uint32_t ms, DWORD *ret_seen)
{
	SCARD_READERSTATE state;
	LONG error;

	memset(&state, 0, sizeof(state));
	state.szReader = r->name;
	state.dwCurrentState = r->state;
	error = SCardGetStatusChange(r->context, ms, &state, 1);
	*ret_seen = state.dwEventState;
	return error;
}

/* One that pcscd lists, and that does not answer, is not there: it would be found each second. */
static enum nfc_wait search(struct nfc_reader *r, const char *part, enum nfc_trouble *ret_trouble)
{
	enum nfc_trouble trouble = find(r, part);
	DWORD seen;
	LONG error;

	if (trouble != NFC_FINE)
		return gone(r, trouble, ret_trouble);
	r->state = SCARD_STATE_UNAWARE;
	error = change(r, 0, &seen);
	if (error != SCARD_S_SUCCESS)
		return gone(r, trouble_of(error), ret_trouble);
	r->state = seen & ~(DWORD)SCARD_STATE_CHANGED;
	return seen & NOT_THERE ? gone(r, NFC_SILENT, ret_trouble) : NFC_WAIT_FOUND;
}

enum nfc_wait nfc_reader_wait(struct nfc_reader *r, const char *part, uint32_t ms,
			      enum nfc_trouble *ret_trouble)
{
	DWORD seen;
	LONG error;

	if (!nfc_reader_context(r))
		return gone(r, NFC_NO_SERVICE, ret_trouble);
	if (r->name[0] == '\0')
		return search(r, part, ret_trouble);
	error = change(r, r->tries > 0 ? TRY_MS : ms, &seen);
	if (error == (LONG)SCARD_E_TIMEOUT && r->tries > 0) {
		r->tries--;
		return NFC_WAIT_TAP;
	}
	if (error == (LONG)SCARD_E_TIMEOUT || error == (LONG)SCARD_E_CANCELLED)
		return NFC_WAIT_QUIET;
	if (error != SCARD_S_SUCCESS)
		return gone(r, trouble_of(error), ret_trouble);
	return look(r, seen, ret_trouble);
}

bool nfc_reader_connect(struct nfc_reader *r, enum nfc_trouble *ret_trouble)
{
	LONG error = SCardConnect(r->context, r->name, SCARD_SHARE_EXCLUSIVE,
				  SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &r->card, &r->protocol);

	*ret_trouble = error == (LONG)SCARD_W_SECURITY_VIOLATION ? NFC_DENIED : NFC_FINE;
	if (error != SCARD_S_SUCCESS)
		return false;
	if (r->tries == TRIES)
		return true;
	/* once more, from its beginning */
	error = SCardReconnect(r->card, SCARD_SHARE_EXCLUSIVE,
			       SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_RESET_CARD,
			       &r->protocol);
	if (error == SCARD_S_SUCCESS)
		return true;
	nfc_reader_disconnect(r);
	return false;
}

/* Left as it is: to cut its power would make it come again. */
void nfc_reader_disconnect(struct nfc_reader *r)
{
	(void)SCardDisconnect(r->card, SCARD_LEAVE_CARD);
}

void nfc_reader_over(struct nfc_reader *r)
{
	r->tries = 0;
}

int nfc_reader_transmit(struct nfc_reader *r, const uint8_t *command, uint32_t len,
			uint8_t answer[NFC_ANSWER_MAX])
{
	const SCARD_IO_REQUEST *pci =
		r->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	DWORD got = NFC_ANSWER_MAX;
	LONG error = SCardTransmit(r->card, pci, command, len, NULL, answer, &got);

	if (error == (LONG)SCARD_E_INSUFFICIENT_BUFFER)
		return 0;
	/* without a status word it is no answer: some drivers say so of one that is gone */
	if (error != SCARD_S_SUCCESS || got < 2 || got > NFC_ANSWER_MAX)
		return -1;
	return (int)got;
}

void nfc_reader_close(struct nfc_reader *r)
{
	if (r->open)
		(void)SCardReleaseContext(r->context);
	r->open = false;
}

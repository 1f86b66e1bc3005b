/*
 * main.c: shopd: the doors, the readers, the only writer of ledger and catalogue.
 *
 *   shopd --config FILE    run
 *   shopd --check FILE     say whether the file is sound
 *   shopd --doctor FILE   look at what the file names, and say how it is (doctor.h)
 *   shopd --safe FILE      drop every strike and end: what the service manager calls after a crash
 *
 * Started in this order, stopped in the reverse: log, clocks, roster and articles, doors (their
 * strikes off), ledger (EVENT_START), readers, sockets, sensors. A part that is not there yet does
 * not keep the others from starting.
 */
#include "shopd/disk.h"
#include "shopd/doctor.h"
#include "shopd/first.h"
#include "shopd/kiosk.h"
#include "shopd/nfc.h"
#include "shopd/pads.h"
#include "shopd/sensors.h"
#include "shopd/shopd.h"
#include "shopd/update.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/loop.h"

#define EXIT_CONFIG 2
#define DOOR_PRIORITY                                                                              \
	10 /* SCHED_FIFO: anything above SCHED_OTHER does, and kernel threads stay above it */

static int complain(const char *what, int error)
{
	fprintf(stderr, "shopd: %s: %s\n", what, strerror(-error));
	return 1;
}

/* The door goes before imports and commits on the same cores, and is not paged out. Without the
 * right to it (no CAP_SYS_NICE, no LimitRTPRIO) the shop still opens, a little later now and then.
 */
static void realtime(struct shopd *sd)
{
	struct sched_param param = {.sched_priority = DOOR_PRIORITY};

	if (!sd->config.realtime)
		return;
	/* on fault: what was used once stays; stacks and tables that are never touched are not
	 * filled for it */
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
		journal_line(sd, "realtime: memory stays pageable: %s", strerror(errno));
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) < 0)
		journal_line(sd, "realtime: the door runs at normal priority: %s", strerror(errno));
}

static int start(struct shopd *sd)
{
	struct shop_config shop;
	char why[200] = "";
	int r;

	if ((r = journal_start(sd)) < 0 || (r = time_start(sd)) < 0)
		return complain("start", r);
	config_shop(&sd->config, &shop);
	shop_init(&sd->shop, &shop);
	if ((r = desk_start(sd)) < 0 || (r = nights_start(sd)) < 0)
		return complain("memory", r);
	if ((r = cards_start(sd)) < 0)
		return complain("memory", r);
	if ((r = accounts_start(sd, why)) < 0)
		return complain(why[0] ? why : "catalogue", r);
	if (why[0])
		journal_line(sd, "catalogue: %s", why);
	if ((r = books_start(sd)) < 0 || (r = replies_start(sd)) < 0 || (r = kiosk_start(sd)) < 0)
		return complain("memory", r);
	if ((r = office_start(sd)) < 0)
		return complain("office", r);
	doors_start(sd);
	/* the sockets exist before the first event, so that an alarm at start finds its way */
	if ((r = counter_start(sd)) < 0 || (r = courier_start(sd)) < 0 ||
	    (r = control_start(sd)) < 0)
		return complain(sd->config.run, r);
	if ((r = keep_start(sd)) < 0)
		return complain("ledger", r);
	doors_levels(sd);
	office_up(sd);
	first_look(sd);
	if ((r = update_start(sd)) < 0)
		return complain("update", r);
	if ((r = readers_start(sd)) < 0)
		return complain("readers", r);
	if ((r = pads_start(sd)) < 0)
		return complain("PIN pads", r);
	if ((r = nfc_start(sd)) < 0)
		return complain("nfc", r);
	if ((r = sensors_open(sd)) < 0 || (r = disk_open(sd)) < 0)
		return complain("sensors", r);
	realtime(sd);
	journal_line(sd, "ready after %lld ms: %u members, %u articles, %u doors%s",
		     (long long)(loop_mono().ms - sd->started.ms), sd->roster->members,
		     sd->articles->rows, sd->config.doors,
		     config_simulated(&sd->config) ? " (simulated)" : "");
	return 0;
}

static void stop(struct shopd *sd)
{
	struct event e;

	if (sd->shop.started) {
		e = shopd_event(sd, EVENT_STOP);
		shopd_step(sd, &e);
	}
	update_stop(sd);
	first_stop(sd);
	nfc_end(sd);
	pads_stop(sd);
	readers_stop(sd);
	disk_close(sd);
	sensors_close(sd);
	keep_stop(sd);
	doors_stop(sd);
	peers_stop(sd);
	accounts_stop(sd);
	office_stop(sd); /* the catalogue's thread asks it who may be believed */
	books_stop(sd);
	replies_stop(sd);
	kiosk_stop(sd);
	cards_stop(sd);
	nights_stop(sd);
	desk_stop(sd);
	time_stop(sd);
	journal_stop(sd);
}

static int run(struct shopd *sd)
{
	int r = loop_new(&sd->loop), result;

	if (r < 0)
		return complain("event loop", r);
	umask(0027);
	mkdir(sd->config.run, 0755);
	mkdir(sd->config.state, 02750);
	result = start(sd);
	if (result == 0) {
		r = loop_run(sd->loop);
		result = r < 0 ? complain("event loop", r) : 0;
	}
	if (sd->journal)
		stop(sd);
	loop_free(sd->loop);
	return result;
}

int main(int argc, char **argv)
{
	static struct shopd shopd; /* too large for a stack */
	char why[CONF_WHY_MAX] = "";
	const char *verb = argc == 3 ? argv[1] : "";

	if (strcmp(verb, "--config") != 0 && strcmp(verb, "--check") != 0 &&
	    strcmp(verb, "--safe") != 0 && strcmp(verb, "--doctor") != 0) {
		fprintf(stderr, "usage: shopd --config FILE | --check FILE | --doctor FILE | "
				"--safe FILE\n");
		return EXIT_CONFIG;
	}
	if (!config_load(argv[2], &shopd.config, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_CONFIG;
	}
	if (strcmp(verb, "--check") == 0)
		return 0;
	if (strcmp(verb, "--doctor") == 0) {
		doctor_look(&shopd.config, stdout);
		return 0;
	}
	return strcmp(verb, "--safe") == 0 ? doors_safe(&shopd) : run(&shopd);
}

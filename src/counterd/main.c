/* main.c: counterd, the shop's counter for phones, kiosk and owner: HTTP in front, shopd behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterd/counter.h"

#define EXIT_USAGE 2

static const char usage[] =
	"usage: counterd --config FILE   serve\n"
	"       counterd --check FILE    look at the configuration, say what is wrong\n";

/* Large, and there for the whole run: not on the stack. */
static struct counter counter;

static int serve(const struct config *config)
{
	char why[CONFIG_WHY_MAX] = "cannot start";
	struct loop *loop;
	int r = loop_new(&loop);

	if (r < 0) {
		fprintf(stderr, "counterd: no event loop: %s\n", strerrordesc_np(-r));
		return EXIT_FAILURE;
	}
	r = counter_open(&counter, loop, config, why);
	if (r < 0) {
		fprintf(stderr, "counterd: %s\n", why);
	} else {
		r = loop_run(loop);
		if (r < 0)
			fprintf(stderr, "counterd: %s\n", strerrordesc_np(-r));
	}
	counter_close(&counter);
	loop_free(loop);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct config config;
	char why[CONFIG_WHY_MAX];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;

	if (!check && !(argc == 3 && strcmp(argv[1], "--config") == 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!config_load(argv[2], &config, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_USAGE;
	}
	return check ? EXIT_SUCCESS : serve(&config);
}

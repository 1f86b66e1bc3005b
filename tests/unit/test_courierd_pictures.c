/*
 * test_courierd_pictures.c: the thread that keeps pictures, on a real folder: who may read what,
 * what goes when, and that whoever gives it a picture never waits for the disk. pictures_close()
 * writes what waits, so that every test knows when to look.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "courierd/pictures.h"
#include "loop/loop.h"

#include "jpeg_small.h"

#define HOUR 3600000LL
#define KB   1024

static char state_folder[64], folder[96];
static uint8_t large[200 * KB];

static int start(void **state)
{
	(void)state;
	snprintf(state_folder, sizeof(state_folder), "/tmp/pictures-XXXXXX");
	assert_non_null(mkdtemp(state_folder));
	snprintf(folder, sizeof(folder), "%s/pictures", state_folder);
	return 0;
}

static void path_in(const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", folder, name);
}

static int stop(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[256];

	(void)state;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' && strcmp(entry->d_name, ".new") != 0)
			continue;
		path_in(entry->d_name, path);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(folder);
	unlink(folder);
	return rmdir(state_folder);
}

static struct picture picture_at(int64_t ms, uint64_t ref)
{
	struct picture p = {.at = {ms}, .kind = PICTURE_ALARM, .ref = ref, .camera = "front"};

	return p;
}

static bool keep(struct pictures *p, uint64_t ref, enum picture_kind kind, const void *bytes,
		 uint32_t len)
{
	struct picture picture = picture_at(loop_wall().ms, ref);

	picture.kind = kind;
	return pictures_keep(p, &picture, (struct span){bytes, len});
}

static struct pictures *opened(int64_t hours, int64_t mb)
{
	struct pictures *p;

	assert_int_equal(pictures_open(state_folder, hours, mb, &p), 0);
	return p;
}

static void file_make(const char *name, const char *text)
{
	char path[256];
	int fd;

	path_in(name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* How many files there are; their bytes; the name of the one that sorts last. */
static uint32_t files(uint64_t *bytes, char last[256])
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat st;
	uint32_t n = 0;

	assert_non_null(dir);
	*bytes = 0;
	last[0] = '\0';
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_int_equal(fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW), 0);
		*bytes += (uint64_t)st.st_size;
		if (strcmp(entry->d_name, last) > 0)
			snprintf(last, 256, "%s", entry->d_name);
		n++;
	}
	closedir(dir);
	return n;
}

/* How many names have this in them. */
static uint32_t files_of(const char *part)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	uint32_t n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		n += strstr(entry->d_name, part) != NULL;
	if (dir != NULL)
		closedir(dir);
	return n;
}

static bool there(const char *name)
{
	char path[256];

	path_in(name, path);
	return access(path, F_OK) == 0;
}

static void a_picture_is_kept_for_owner_and_group(void **state)
{
	struct pictures *p = opened(72, 10);
	struct picture picture;
	uint8_t back[sizeof(jpeg_small)];
	char name[256], path[256];
	struct stat st;
	uint64_t bytes;
	int fd;

	(void)state;
	assert_true(keep(p, 17, PICTURE_ALARM, jpeg_small, sizeof(jpeg_small)));
	pictures_close(p);
	assert_int_equal(files(&bytes, name), 1);
	assert_true(picture_parse(name, &picture));
	assert_int_equal(picture.ref, 17);
	assert_int_equal(picture.kind, PICTURE_ALARM);
	assert_string_equal(picture.camera, "front");
	path_in(name, path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, back, sizeof(back)), sizeof(back));
	close(fd);
	assert_memory_equal(back, jpeg_small, sizeof(back));
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 02750);
}

static void a_folder_that_all_could_read_is_closed(void **state)
{
	mode_t before = umask(0);
	struct stat st;

	(void)state;
	assert_int_equal(mkdir(folder, 0777), 0);
	umask(before);
	pictures_close(opened(72, 10));
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0007, 0);
}

static void what_is_too_old_is_gone_and_the_rest_stays(void **state)
{
	struct picture old = picture_at(loop_wall().ms - 73 * HOUR, 1);
	struct picture young = picture_at(loop_wall().ms - 71 * HOUR, 2);
	struct picture empty = picture_at(loop_wall().ms, 3);
	char name[4][PICTURE_NAME_MAX];

	(void)state;
	picture_name(&old, name[0]);
	picture_name(&young, name[1]);
	picture_name(&empty, name[2]);
	assert_int_equal(mkdir(folder, 0750), 0);
	file_make(name[0], "x");
	file_make(name[1], "x");
	file_make(name[2], "");
	file_make("notes.txt", "x");
	pictures_close(opened(72, 10));
	assert_false(there(name[0]));
	assert_true(there(name[1]));
	assert_false(there(name[2])); /* what a power cut leaves */
	assert_true(there("notes.txt"));
	pictures_close(opened(70, 10)); /* the owner wants them for less long */
	assert_false(there(name[1]));
}

/* A name from a year ahead is as old as its file; and where that too lies ahead, as old as from now
 * on. */
static void what_comes_from_the_future_does_not_stay_for_ever(void **state)
{
	int64_t now = loop_wall().ms;
	struct picture gone = picture_at(now + 9000 * HOUR, 1),
		       stays = picture_at(now + 9000 * HOUR, 2);
	struct timespec times[2] = {{.tv_sec = (now - 80 * HOUR) / 1000},
				    {.tv_sec = (now - 80 * HOUR) / 1000}};
	char name[2][PICTURE_NAME_MAX], path[256];
	struct stat st;

	(void)state;
	assert_int_equal(mkdir(folder, 0750), 0);
	picture_name(&gone, name[0]);
	picture_name(&stays, name[1]);
	file_make(name[0], "x");
	file_make(name[1], "x");
	path_in(name[0], path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	times[0].tv_sec = times[1].tv_sec = (now + 9000 * HOUR) / 1000;
	path_in(name[1], path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	pictures_close(opened(72, 10));
	assert_false(there(name[0]));
	assert_true(there(name[1]));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_mtim.tv_sec * 1000 <= loop_wall().ms + 1000);
}

static void a_flood_stays_within_the_disk_limit(void **state)
{
	uint64_t bytes, ref = 1;
	char last[256] = "", before[256];

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct pictures *p = opened(72, 1);

		for (int i = 0; i < PICTURES_QUEUE_MAX; i++)
			assert_true(keep(p, ref++, PICTURE_ENTRY, large, sizeof(large)));
		pictures_close(p);
		snprintf(before, sizeof(before), "%s", last);
		assert_in_range(files(&bytes, last), 5, 5); /* 5 × 200 kB are less than 1 MiB */
		assert_true(bytes <= KB * KB);
		assert_true(strcmp(last, before) > 0); /* the newest is among them */
	}
}

/* The disk stands still: `.new` is a pipe that nobody reads, and opening it waits for somebody. */
static void a_disk_that_stalls_is_not_waited_for(void **state)
{
	struct mono began;
	struct pictures *p;
	char path[256], last[256];
	uint64_t bytes;
	uint32_t taken = 0;
	int fd;

	(void)state;
	path_in(".new", path);
	p = opened(72, 10);
	assert_true(keep(p, 1, PICTURE_ENTRY, jpeg_small, sizeof(jpeg_small)));
	while (files_of(".jpg") != 1) /* the folder is there, and has been looked through */
		poll(NULL, 0, 1);
	assert_int_equal(mkfifo(path, 0600), 0);
	began = loop_mono();
	for (uint64_t i = 2; i < 50; i++)
		taken += keep(p, i, PICTURE_ENTRY, jpeg_small, sizeof(jpeg_small));
	assert_in_range(taken, PICTURES_QUEUE_MAX, PICTURES_QUEUE_MAX + 1); /* and one in hand */
	for (; taken <= PICTURES_QUEUE_MAX; poll(NULL, 0, 1))		    /* until that is so */
		taken += keep(p, 99, PICTURE_ENTRY, jpeg_small, sizeof(jpeg_small));
	for (uint64_t i = 100; i < 100 + PICTURES_QUEUE_MAX; i++) /* they find room */
		assert_true(keep(p, i, PICTURE_ALARM, jpeg_small, sizeof(jpeg_small)));
	assert_false(keep(p, 200, PICTURE_ALARM, jpeg_small, sizeof(jpeg_small)));
	assert_true(loop_mono().ms - began.ms < 1000);
	fd = open(path, O_RDONLY | O_CLOEXEC); /* it moves again */
	assert_true(fd >= 0);
	pictures_close(p);
	close(fd);
	assert_int_equal(files(&bytes, last), 1 + taken);
	assert_int_equal(files_of("-alarm-"), PICTURES_QUEUE_MAX);
}

static void a_folder_that_comes_later_is_used(void **state)
{
	struct pictures *p;
	char last[256];
	uint64_t bytes;
	int fd = open(folder, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* a file in its place */

	(void)state;
	close(fd);
	p = opened(72, 10);
	assert_true(keep(p, 1, PICTURE_ENTRY, jpeg_small, sizeof(jpeg_small)));
	pictures_close(p);
	p = opened(72, 10);
	unlink(folder);
	assert_true(keep(p, 2, PICTURE_ENTRY, jpeg_small, sizeof(jpeg_small)));
	pictures_close(p);
	assert_int_equal(files(&bytes, last), 1);
	assert_true(pictures_there(state_folder));
}

static void nothing_is_there_without_a_camera(void **state)
{
	(void)state;
	assert_false(pictures_there(state_folder));
	pictures_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_picture_is_kept_for_owner_and_group),
		TEST(a_folder_that_all_could_read_is_closed),
		TEST(what_is_too_old_is_gone_and_the_rest_stays),
		TEST(what_comes_from_the_future_does_not_stay_for_ever),
		TEST(a_flood_stays_within_the_disk_limit),
		TEST(a_disk_that_stalls_is_not_waited_for),
		TEST(a_folder_that_comes_later_is_used),
		TEST(nothing_is_there_without_a_camera),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

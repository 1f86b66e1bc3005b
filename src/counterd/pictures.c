/*
 * pictures.c: GET /v1/pictures and /v1/pictures/{name}: what the cameras saw, for owner and staff.
 * Pictures are personal data: nobody on the way may keep them, and a name is one that courierd
 * makes or none at all, before it comes near a path. Nothing is written or removed here; courierd
 * keeps the folder, and what is too old is gone from it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counterd/album.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"

#define PICTURE_JSON_MAX (220 + 2 * PICTURE_NAME_MAX)

/* The folder, and that itself: no link in its place. -errno. */
static int folder_open(const struct counter *c)
{
	char path[CONFIG_PATH_MAX + sizeof("/" PICTURE_FOLDER)];
	int fd;

	snprintf(path, sizeof(path), "%s/" PICTURE_FOLDER, c->config.state);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* --- a page --- */

static void picture_write(struct builder *b, const char *name)
{
	struct visit_id visit = {0};
	struct picture p;
	bool good = picture_parse(name, &p);

	CHECK(good); /* else it is on no page */
	if (p.kind == PICTURE_ENTRY)
		visit.n = p.ref;
	json_put(b, "{");
	json_member(b, "name");
	json_text(b, name);
	json_member(b, "at");
	json_time(b, p.at);
	json_member(b, "kind");
	json_text(b, picture_kind_word(p.kind));
	json_int_or_null(b, "alarm", p.kind == PICTURE_ALARM, (int64_t)p.ref);
	json_member(b, "visit");
	json_visit(b, visit);
	json_member(b, "camera");
	json_text(b, p.camera);
	json_member(b, "href");
	json_put(b, "\"/v1/pictures/");
	json_put(b, name); /* letters, digits, '-' and '.' */
	json_put(b, "\"}");
}

static void page_reply(struct counter *c, struct http_request *r, const struct album_page *p,
		       bool truncated)
{
	uint32_t shown = books_shown((int)p->names, p->max);
	struct builder b = books_page("pictures", shown, PICTURE_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? "," : "");
		picture_write(&b, p->name[i]);
	}
	json_put(&b, "]");
	json_member(&b, "next");
	json_words(&b, p->names > shown ? p->name[shown - 1] : "");
	json_member(&b, "truncated");
	json_bool(&b, truncated);
	json_put(&b, "}");
	books_send(c, r, &b);
}

static void look_end(struct counter *c, struct album_look *l)
{
	closedir(l->dir);
	l->dir = NULL;
	l->request = NULL;
	CHECK(c->album.looking > 0);
	c->album.looking--;
}

/* One slice of the folder; the answer with the last of them. */
static void look_go_on(struct counter *c, struct album_look *l)
{
	struct http_request *r = l->request;
	const struct dirent *entry = NULL;
	uint32_t until = l->files + ALBUM_SLICE;

	while (l->files < until && l->files < ALBUM_FILES_MAX &&
	       (entry = readdir(l->dir)) != NULL) {
		album_page_offer(&l->page, entry->d_name);
		l->files++;
	}
	if (entry != NULL && l->files < ALBUM_FILES_MAX)
		return;
	look_end(c, l);
	page_reply(c, r, &l->page, entry != NULL);
}

static void on_turn(void *data)
{
	struct counter *c = data;

	for (uint32_t i = 0; i < ALBUM_LOOKS_MAX; i++)
		if (c->album.look[i].request)
			look_go_on(c, &c->album.look[i]);
	if (c->album.looking > 0)
		timer_arm(c->album.timer, loop_mono());
}

static struct album_look *look_free(struct album *a)
{
	for (uint32_t i = 0; i < ALBUM_LOOKS_MAX; i++)
		if (!a->look[i].request)
			return &a->look[i];
	return NULL;
}

/* No folder: no camera ever saw anything. */
static void nothing_to_read(struct counter *c, const struct call *call, int error)
{
	static struct album_page none;

	none.max = call->query.max;
	if (error == ENOENT)
		page_reply(c, call->request, &none, false);
	else
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
}

DIR *pictures_read(const struct counter *c)
{
	int fd = folder_open(c);
	DIR *dir;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

void pictures_list(struct counter *c, const struct call *call)
{
	struct album_look *l = look_free(&c->album);
	uint32_t both = QUERY_ALARM | QUERY_VISIT;

	if ((call->query.given & both) == both) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	if (!l) {
		problem_fault(c, call->request, FAULT_TOO_MANY);
		return;
	}
	l->dir = pictures_read(c);
	if (!l->dir) {
		nothing_to_read(c, call, errno);
		return;
	}
	l->request = call->request;
	l->files = 0;
	album_page_of(&call->query, &l->page);
	http_hold(call->request);
	c->album.looking++;
	timer_arm(c->album.timer, loop_mono());
}

int album_open(struct counter *c)
{
	return timer_add(c->loop, WATCH_IDLE, 0, on_turn, c, &c->album.timer);
}

void album_close(struct counter *c)
{
	for (uint32_t i = 0; i < ALBUM_LOOKS_MAX; i++) {
		struct http_request *r = c->album.look[i].request;

		if (!r)
			continue;
		look_end(c, &c->album.look[i]);
		problem_fault(c, r, FAULT_UNAVAILABLE);
	}
	timer_free(c->album.timer);
	c->album.timer = NULL;
}

/* --- one of them --- */

/* The file and its size; -errno. A link, a pipe or what else may stand there is not followed. */
static int picture_open(const struct counter *c, const char *name, size_t *ret_len)
{
	int folder = folder_open(c), fd, r;
	struct stat st;

	if (folder < 0)
		return folder;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	r = fd < 0 || fstat(fd, &st) < 0 ? -errno : 0;
	close(folder);
	if (r == 0 && (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > PICTURE_BYTES_MAX))
		r = -ENOENT;
	if (r < 0) {
		if (fd >= 0)
			close(fd);
		return r;
	}
	*ret_len = (size_t)st.st_size;
	return fd;
}

void picture_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct http_answer answer = {.status = 200,
				     .content_type = "image/jpeg",
				     .header = {{"Cache-Control", "private, no-store"},
						{"X-Content-Type-Options", "nosniff"},
						{"Cross-Origin-Resource-Policy", "same-origin"}},
				     .body_is_file = true};
	char name[PICTURE_NAME_MAX] = "";
	struct picture picture;

	if (param->len < sizeof(name))
		memcpy(name, param->text, param->len);
	if (!picture_parse(name, &picture)) {
		problem_fault(c, call->request, FAULT_NOT_FOUND);
		return;
	}
	answer.body_fd = picture_open(c, name, &answer.body_len);
	if (answer.body_fd >= 0)
		reply_answer(c, call->request, &answer);
	else
		problem_fault(c, call->request,
			      answer.body_fd == -ENOENT || answer.body_fd == -ELOOP
				      ? FAULT_NOT_FOUND
				      : FAULT_UNAVAILABLE);
}

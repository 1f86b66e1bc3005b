/* door_json.c: a door as the pages see it. */
#include "counterd/door_json.h"

#include "counterd/books.h"

void json_door_stands(struct builder *b, const struct message_door *d)
{
	json_member(b, "door");
	json_text(b, d->name);
	json_member(b, "mode");
	json_text(b, door_mode_word((enum door_mode)d->mode));
	json_member(b, "physical");
	json_text(b, door_physical_word((enum door_physical)d->physical));
	json_member(b, "alarm");
	json_text(b, door_alarm_word((enum door_alarm)d->alarm));
}

void json_door(struct builder *b, const struct message_door *d)
{
	json_put(b, "{");
	json_door_stands(b, d);
	json_member(b, "tamper");
	json_bool(b, d->tamper != 0);
	json_member(b, "strike");
	json_text(b, d->strike ? "on" : "off");
	json_member(b, "since");
	json_moment(b, (struct wall){d->since_ms});
	json_put(b, "}");
}

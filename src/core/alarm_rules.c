/*
 * alarm_rules.c: the table of the conditions.
 *
 * A door's alarm "latches until cleared and acknowledged" (contracts 2). "Held open, power and
 * sensor alarms also end it when they clear, with one text that says so; forced, tamper and fire
 * never do" (design 5), and neither does somebody who moved in the empty shop: that nobody moves
 * now says nothing about who it was.
 *
 * How grave: an emergency is a person or a fire in the shop; urgent is what is lost by tomorrow, or
 * what silences everything else; a warning may wait for the morning. A picture is taken of what is
 * urgent and can be seen.
 */
#include "core/alarm_rules.h"

#include "base/check.h"

static const struct alarm_rule rules[CONDITIONS] = {
	[CONDITION_HELD_OPEN] = {.severity = SEVERITY_URGENT,
				 .latches = true,
				 .ends_cleared = true,
				 .pictures = true,
				 .of_door = true},
	[CONDITION_FORCED] = {.severity = SEVERITY_EMERGENCY,
			      .latches = true,
			      .pictures = true,
			      .of_door = true},
	[CONDITION_TAMPER] = {.severity = SEVERITY_EMERGENCY,
			      .latches = true,
			      .pictures = true,
			      .of_door = true},
	[CONDITION_FIRE] = {.severity = SEVERITY_EMERGENCY,
			    .latches = true,
			    .pictures = true,
			    .of_door = true},
	[CONDITION_SENSOR_FAILING] = {.severity = SEVERITY_WARNING,
				      .ends_cleared = true,
				      .of_door = true},
	[CONDITION_MANY_REFUSALS] = {.severity = SEVERITY_URGENT,
				     .ends_cleared = true,
				     .pictures = true,
				     .of_door = true},
	[CONDITION_LEDGER_FAILING] = {.severity = SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SMS_FAILING] = {.severity = SEVERITY_WARNING,
				   .silent = true,
				   .ends_cleared = true},
	[CONDITION_CLOCK_UNTRUSTED] = {.severity = SEVERITY_NOTICE, .ends_cleared = true},
	[CONDITION_CLOSE_REFUSED] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROSTER_STALE] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_OFFICE_REFUSED] = {.severity = SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SYNC_STALE] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_INSIDE_LONG] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_DISK_FAILING] = {.severity = SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_POWER_LOST] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_BATTERY_LOW] = {.severity = SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_FRIDGE_WARM] = {.severity = SEVERITY_URGENT,
				   .pictures = true,
				   .ends_cleared = true},
	[CONDITION_FREEZER_WARM] = {.severity = SEVERITY_URGENT,
				    .pictures = true,
				    .ends_cleared = true},
	[CONDITION_ROOM_COLD] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_HUMID] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CO2_HIGH] = {.severity = SEVERITY_URGENT,
				.pictures = true,
				.ends_cleared = true},
	[CONDITION_WATER] = {.severity = SEVERITY_URGENT, .pictures = true, .ends_cleared = true},
	[CONDITION_MOTION] = {.severity = SEVERITY_EMERGENCY, .latches = true, .pictures = true},
	[CONDITION_SENSOR_LOST] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_READER_LOST] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CAMERA_LOST] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROAD_FAILING] = {.severity = SEVERITY_WARNING, .ends_cleared = true},
	/* it holds until it is answered: an answer is all that it asks for */
	[CONDITION_REHEARSAL] = {.severity = SEVERITY_NOTICE},
};

const struct alarm_rule *alarm_rule(enum condition condition)
{
	CHECK(condition > 0 && condition < CONDITIONS);
	return &rules[condition];
}

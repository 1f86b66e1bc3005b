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
	[CONDITION_HELD_OPEN] = {SEVERITY_URGENT, .latches = true, .ends_cleared = true,
				 .pictures = true, .of_door = true},
	[CONDITION_FORCED] = {SEVERITY_EMERGENCY, .latches = true, .pictures = true,
			      .of_door = true},
	[CONDITION_TAMPER] = {SEVERITY_EMERGENCY, .latches = true, .pictures = true,
			      .of_door = true},
	[CONDITION_FIRE] = {SEVERITY_EMERGENCY, .latches = true, .pictures = true, .of_door = true},
	[CONDITION_SENSOR_FAILING] = {SEVERITY_WARNING, .ends_cleared = true, .of_door = true},
	[CONDITION_MANY_REFUSALS] = {SEVERITY_URGENT, .ends_cleared = true, .pictures = true,
				     .of_door = true},
	[CONDITION_LEDGER_FAILING] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SMS_FAILING] = {SEVERITY_WARNING, .silent = true, .ends_cleared = true},
	[CONDITION_CLOCK_UNTRUSTED] = {SEVERITY_NOTICE, .ends_cleared = true},
	[CONDITION_CLOSE_REFUSED] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROSTER_STALE] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_OFFICE_REFUSED] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SYNC_STALE] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_INSIDE_LONG] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_DISK_FAILING] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_POWER_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_BATTERY_LOW] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_FRIDGE_WARM] = {SEVERITY_URGENT, .pictures = true, .ends_cleared = true},
	[CONDITION_FREEZER_WARM] = {SEVERITY_URGENT, .pictures = true, .ends_cleared = true},
	[CONDITION_ROOM_COLD] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_HUMID] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CO2_HIGH] = {SEVERITY_URGENT, .pictures = true, .ends_cleared = true},
	[CONDITION_WATER] = {SEVERITY_URGENT, .pictures = true, .ends_cleared = true},
	[CONDITION_MOTION] = {SEVERITY_EMERGENCY, .latches = true, .pictures = true},
	[CONDITION_SENSOR_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_READER_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CAMERA_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROAD_FAILING] = {SEVERITY_WARNING, .ends_cleared = true},
	/* it holds until it is answered: an answer is all that it asks for */
	[CONDITION_REHEARSAL] = {SEVERITY_NOTICE},
};

const struct alarm_rule *alarm_rule(enum condition condition)
{
	CHECK(condition > 0 && condition < CONDITIONS);
	return &rules[condition];
}

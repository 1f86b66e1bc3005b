/* texts_en.c: the sentences in English. */
#include "courierd/texts.h"

const struct language_words texts_en = {
	.condition =
		{
			[CONDITION_HELD_OPEN] =
				{"door {place} is open",
				 "door {place} has been open since {time}. Go there or call "
				 "somebody who can "
				 "shut it. Acknowledge: {code}",
				 "over: door {place} was shut {time} after {for}. Alarm {code}"},
			[CONDITION_FORCED] = {"BREAK-IN? door {place}",
					      "BREAK-IN? Door {place} was opened {time} and nobody "
					      "had been let in. Look, "
					      "call 112 if it goes on. Acknowledge: {code}",
					      "door {place} is shut again since {time}, but was "
					      "forced. Look all the same. "
					      "Acknowledge: {code}"},
			[CONDITION_TAMPER] = {"SABOTAGE? {place}",
					      "SABOTAGE? Somebody touched the equipment at {place} "
					      "{time}. Go and look. "
					      "Acknowledge: {code}",
					      "the equipment at {place} is whole again since "
					      "{time}. Look all the same. "
					      "Acknowledge: {code}"},
			[CONDITION_LEDGER_FAILING] =
				{"purchases cannot be saved",
				 "the disk takes no purchases since {time}. Nobody is let in, the "
				 "exit works. "
				 "See to the box. Acknowledge: {code}",
				 "over: purchases are saved again since {time}. Alarm {code}"},
			[CONDITION_SMS_FAILING] =
				{"texts do not get through",
				 "a text from the shop did not get through {time}. See the page "
				 "for what "
				 "happened, check the SMS account. Acknowledge: {code}",
				 "over: texts get through again since {time}. Alarm {code}"},
			[CONDITION_CLOCK_UNTRUSTED] =
				{"the clock is in doubt",
				 "the clock is in doubt since {time}. Cards and the screen's code "
				 "open, other "
				 "codes do not. Check the net. Acknowledge: {code}",
				 "over: the clock is right again since {time}. Alarm {code}"},
			[CONDITION_FIRE] = {"FIRE ALARM {place}",
					    "FIRE ALARM at {place} {time}: the door is unlocked. "
					    "Call 112 if there is a "
					    "fire. Acknowledge: {code}",
					    "the fire alarm at {place} was reset {time}. See that "
					    "the door locks. "
					    "Acknowledge: {code}"},
			[CONDITION_SENSOR_FAILING] = {"door {place} is not watched",
						      "a sensor at {place} is out of order since "
						      "{time}: the door is not watched. "
						      "See to the cables. Acknowledge: {code}",
						      "over: the sensor at {place} works again "
						      "since {time}. Alarm {code}"},
			[CONDITION_CLOSE_REFUSED] =
				{"the month is not closed",
				 "the month could not be closed {time}: its invoices wait. Type "
				 "'shopctl "
				 "ledger check' on the box. Acknowledge: {code}",
				 "over: the month is closed since {time}. Alarm {code}"},
			[CONDITION_ROSTER_STALE] =
				{"no word from the office",
				 "no word from the office for too long ({time}). The shop goes on "
				 "as before. "
				 "Check the net. Acknowledge: {code}",
				 "over: the office is heard again since {time}. Alarm {code}"},
			[CONDITION_OFFICE_REFUSED] =
				{"the office refuses this box",
				 "the office refuses this box since {time}: another one writes, or "
				 "it was "
				 "revoked. Call the office. Acknowledge: {code}",
				 "over: the office takes this box again since {time}. Alarm "
				 "{code}"},
			[CONDITION_POWER_LOST] = {"POWER is out",
						  "POWER is out since {time}, the shop runs on "
						  "battery. Check the fuses, mind "
						  "the freezers. Acknowledge: {code}",
						  "over: power is back since {time}. See to fridge "
						  "and freezer. Alarm {code}"},
			[CONDITION_BATTERY_LOW] =
				{"the battery is nearly empty",
				 "the battery is nearly empty ({time}): then the box and its "
				 "alarms fall "
				 "silent. Go there. Acknowledge: {code}",
				 "over: the battery is charged again since {time}. Alarm {code}"},
			[CONDITION_FRIDGE_WARM] = {"fridge {place} is warm",
						   "fridge {place} is too warm{value} since "
						   "{time}. Shut it, check the power, "
						   "move the goods. Acknowledge: {code}",
						   "over: fridge {place} is cold again{value} "
						   "since {time}. Alarm {code}"},
			[CONDITION_FREEZER_WARM] = {"freezer {place} is warm",
						    "freezer {place} is too warm{value} since "
						    "{time}. Shut it, check the power, "
						    "move the goods. Acknowledge: {code}",
						    "over: freezer {place} is cold again{value} "
						    "since {time}. Alarm {code}"},
			[CONDITION_ROOM_COLD] = {"cold at {place}",
						 "it is too cold at {place}{value} since {time}: "
						 "pipes may freeze. Get the "
						 "heating going. Acknowledge: {code}",
						 "over: it is warm again at {place}{value} since "
						 "{time}. Alarm {code}"},
			[CONDITION_HUMID] = {"damp at {place}",
					     "it is too damp at {place}{value} since {time}. Look "
					     "for a leak and air the "
					     "room. Acknowledge: {code}",
					     "over: it is dry again at {place}{value} since "
					     "{time}. Alarm {code}"},
			[CONDITION_CO2_HIGH] = {"bad air at {place}",
						"bad air at {place}{value} since {time}. Air it "
						"before anybody stays, check "
						"the cooling. Acknowledge: {code}",
						"over: the air at {place} is good again{value} "
						"since {time}. Alarm {code}"},
			[CONDITION_WATER] = {"WATER at {place}",
					     "WATER on the floor at {place} since {time}. Shut the "
					     "main tap and go there. "
					     "Acknowledge: {code}",
					     "over: it is dry again at {place} since {time}. Look "
					     "all the same. Alarm "
					     "{code}"},
			[CONDITION_MOTION] = {"SOMEBODY INSIDE? {place}",
					      "SOMEBODY INSIDE? Motion at {place} {time} in an "
					      "empty shop. Look, call 112 "
					      "if it is a break-in. Acknowledge: {code}",
					      "nobody moves at {place} any more since {time}. Look "
					      "all the same. Alarm "
					      "{code}"},
			[CONDITION_SENSOR_LOST] = {"sensor {place} is silent",
						   "sensor {place} is silent since {time}: nobody "
						   "knows how things are there. "
						   "Check cable and power. Acknowledge: {code}",
						   "over: sensor {place} answers again{value} "
						   "since {time}. Alarm {code}"},
			[CONDITION_READER_LOST] = {"reader {place} is gone",
						   "the reader at {place} is silent since {time}: "
						   "no code is read there. Check "
						   "its cable. Acknowledge: {code}",
						   "over: the reader at {place} answers again "
						   "since {time}. Alarm {code}"},
			[CONDITION_CAMERA_LOST] = {"camera {place} gives no picture",
						   "camera {place} gives no picture since {time}. "
						   "Check its power and network. "
						   "Acknowledge: {code}",
						   "over: camera {place} gives pictures again "
						   "since {time}. Alarm {code}"},
			[CONDITION_DISK_FAILING] =
				{"the disk is not well",
				 "the box's disk is nearly full or too slow ({time}). Change the "
				 "card before "
				 "purchases are lost. Acknowledge: {code}",
				 "over: the disk is well again since {time}. Alarm {code}"},
			[CONDITION_SYNC_STALE] = {"the office gets no entries",
						  "the office has not had the shop's entries for "
						  "long ({time}). Nothing is "
						  "lost. Check the net. Acknowledge: {code}",
						  "over: the office gets the shop's entries again "
						  "since {time}. Alarm {code}"},
			[CONDITION_ROAD_FAILING] =
				{"a road for texts is broken: {place}",
				 "no texts by {place} since {time}, only the other road is left. "
				 "Check "
				 "account, net, SIM card. Acknowledge: {code}",
				 "over: texts go by {place} again since {time}. Alarm {code}"},
			[CONDITION_MANY_REFUSALS] = {"somebody tries codes at {place}",
						     "somebody tries codes at {place} ({time}), "
						     "none of them let anybody in. See "
						     "who it is. Acknowledge: {code}",
						     "over: nobody tries codes at {place} any more "
						     "({time}). Alarm {code}"},
			[CONDITION_INSIDE_LONG] =
				{"somebody is still inside",
				 "somebody has been inside for very long ({time}). Call or go "
				 "there: may be "
				 "ill or locked in. Acknowledge: {code}",
				 "over: nobody is inside any more since {time}. Alarm {code}"},
			[CONDITION_REHEARSAL] = {"rehearsal",
						 "REHEARSAL {time}: nothing has happened. Answer "
						 "with the code, so the shop "
						 "knows that alarms reach you. Acknowledge: {code}",
						 "the rehearsal is over {time}. Alarm {code}"},
		},
	.taken = "{by} has taken the alarm: {name}. You need not do anything. Alarm {code}",
	.group = "{count} alarms, the worst: {name}, {time}. See the page. Acknowledge: {code}",
	.taken_many = "{by} has taken {count} alarms, worst: {name}. You need not do anything. "
		      "Alarm {code}",
	.over_many = "over: {count} alarms, worst: {name}. Alarm {code}",
	.link = " Pictures: {page}/a/{alarm}",
	.role = {[CONTACT_OWNER] = "owner",
		 [CONTACT_KEYHOLDER] = "keyholder",
		 [CONTACT_NEIGHBOUR] = "neighbour"},
	.somebody = "somebody on the page",
	.time = "%H:%M:%S (%d %b)",
	.degrees = "C",
	.comma = '.',
};

/* view_words.c: words that only pages and their API use. */
#include "counterd/view_words.h"

const char *weekday_word(uint32_t day)
{
	static const char *const words[] = {"monday", "tuesday",  "wednesday", "thursday",
					    "friday", "saturday", "sunday"};

	CHECK(day < ARRAY_LEN(words));
	return words[day];
}

const char *carried_word(uint32_t carried)
{
	static const char *const words[CARRIEDS] = {
		[CARRIED_WELL] = "well", [CARRIED_NO_ROAD] = "no_road",
		[CARRIED_BUSY] = "busy", [CARRIED_REFUSED] = "refused",
		[CARRIED_ODD] = "odd",	 [CARRIED_ENROL_REFUSED] = "enrol_refused",
	};

	CHECK(carried < CARRIEDS);
	return words[carried];
}

const char *sensor_unit(enum sensor_kind kind)
{
	static const char *const units[SENSOR_KINDS] = {
		[SENSOR_FRIDGE] = "°C",	 [SENSOR_FREEZER] = "°C", [SENSOR_ROOM] = "°C",
		[SENSOR_HUMIDITY] = "%", [SENSOR_CO2] = "ppm",
	};

	CHECK(kind < SENSOR_KINDS);
	return units[kind];
}

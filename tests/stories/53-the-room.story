# Fridges, water, power: told when it has lasted, over when it is well for as long. Whoever is inside is warned
# first. A sensor that says nothing is an alarm too, and what it said last stays an alarm.
contact olle owner 1
contact karin keyholder 2
sensor fridge fridge high=8 hysteresis=1 debounce=120 pre=60 stale=14400
sensor floor water
sensor mains power debounce=30
sensor low battery
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:01.000 > sensor fridge 5.5
08:01:00.000 > sensor fridge 8.4
08:02:00.000 fridge: beyond its bound: the buzzers sound
08:02:00.000 front: buzzer on
08:02:03.000 front: buzzer off
08:02:30.000 > sensor fridge 9.1
08:03:00.000 picture of alarm 1
08:03:00.000 text to olle: fridge fridge_warm, urgent, 9.100
08:03:00.000 fridge: alarm 1 fridge_warm raised, urgent
08:03:01.000 > text 1 left to=olle
08:03:01.000 alarm 1: raised to olle left, by gateway
08:03:01.000 fridge: alarm 1 fridge_warm notified, urgent
08:03:30.000 > sensor fridge lost
08:03:30.000 text to olle: fridge sensor_lost, warning, 9.100
08:03:30.000 fridge: alarm 2 sensor_lost raised, warning
08:03:31.000 > text 2 left to=olle
08:03:31.000 alarm 2: raised to olle left, by gateway
08:03:31.000 fridge: alarm 2 sensor_lost notified, warning
# it is warm until it says otherwise
08:08:00.000 text to karin: fridge fridge_warm, urgent, 9.100
08:08:00.000 fridge: alarm 1 fridge_warm escalated, urgent
08:13:00.000 text to olle: fridge fridge_warm, urgent, 9.100
08:20:00.000 > sensor fridge 6.4
08:20:00.000 enough about alarm 2
08:20:00.000 text to olle: fridge sensor_lost, warning, 6.400, it is over
08:20:00.000 fridge: alarm 2 sensor_lost cleared, warning, over
08:22:00.000 enough about alarm 1
08:22:00.000 text to olle: fridge fridge_warm, urgent, 6.400, it is over
08:22:00.000 fridge: alarm 1 fridge_warm cleared, urgent, over
08:22:01.000 > text 1 left over to=olle
08:22:01.000 alarm 1: over to olle left, by gateway
08:22:01.500 > text 2 left over to=olle
08:22:01.500 alarm 2: over to olle left, by gateway
# the light blinks, then it is out
09:30:00.000 > sensor mains 1
09:30:10.000 > sensor mains 0
09:31:00.000 > sensor mains 1
09:31:30.000 text to olle: mains power_lost, warning
09:31:30.000 mains: alarm 3 power_lost raised, warning
09:31:31.000 > text 3 left to=olle
09:31:31.000 alarm 3: raised to olle left, by gateway
09:31:31.000 mains: alarm 3 power_lost notified, warning
09:40:00.000 > sensor low 1
09:40:00.000 text to olle: low battery_low, urgent
09:40:00.000 low: alarm 4 battery_low raised, urgent
09:40:01.000 > text 4 left to=olle
09:40:01.000 alarm 4: raised to olle left, by gateway
09:40:01.000 low: alarm 4 battery_low notified, urgent
09:41:00.000 > olle replies 4
09:41:00.000 olle: a reply with the code of alarm 4
09:41:00.000 enough about alarm 4
09:41:00.000 low: alarm 4 battery_low acknowledged, urgent, by olle
09:50:00.000 > sensor low 0
09:50:00.000 text to olle: low battery_low, urgent, it is over
09:50:00.000 low: alarm 4 battery_low cleared, urgent, by olle, over
09:50:01.000 > sensor mains 0
09:50:31.000 enough about alarm 3
09:50:31.000 text to olle: mains power_lost, warning, it is over
09:50:31.000 mains: alarm 3 power_lost cleared, warning, over
09:50:32.000 > text 4 left over to=olle
09:50:32.000 alarm 4: over to olle left, by gateway
09:51:00.000 > text 3 left over to=olle
09:51:00.000 alarm 3: over to olle left, by gateway
# over before the text had left, and yet it left: then that it is over is told as well
11:40:00.000 > sensor floor 1
11:40:00.000 picture of alarm 5
11:40:00.000 text to olle: floor water, urgent
11:40:00.000 floor: alarm 5 water raised, urgent
11:40:01.000 > sensor floor 0
11:40:01.000 enough about alarm 5
11:40:01.000 floor: alarm 5 water cleared, urgent, over
11:40:02.000 > text 5 left to=olle
11:40:02.000 text to olle: floor water, urgent, it is over
11:40:02.000 alarm 5: raised to olle left, by gateway
11:45:00.000 > wait

# Each contact has hours, and nobody is woken for what can wait until morning; what is urgent cannot. Who wants
# to hear of the gravest only hears of nothing else. Where nobody is on duty, everybody is.
contact olle owner 1 hours=06:00-22:00
contact karin keyholder 2 hours=06:00-23:30
contact nils neighbour 3 hours=18:00-08:00 least=emergency
quiet 22:00-07:00
sensor fridge fridge high=8 hysteresis=1 debounce=60
sensor mains power
21:40:00.000 > start
21:40:00.000 front: strike off
21:40:00.000 front: buzzer off
21:40:00.000 start after an orderly stop, clock trusted
21:40:00.010 > front: contact closed
21:40:00.010 front: unknown -> closed
21:40:00.020 > front: tamper off
# a warning before the night: the owner is told, the next step waits for the morning
21:40:30.000 > sensor mains 1
21:40:30.000 text to olle: mains power_lost, warning
21:40:30.000 mains: alarm 1 power_lost raised, warning
21:40:31.000 > text 1 left to=olle
21:40:31.000 alarm 1: raised to olle left, by gateway
21:40:31.000 mains: alarm 1 power_lost notified, warning
# the office is away for some hours of the night: over before anybody had to hear of it
22:30:00.000 > office stale
22:30:00.000 alarm 2 roster_stale raised, warning
23:10:00.000 > office well
23:10:00.000 alarm 2 roster_stale cleared, warning, over
# the fridge does not wait; the owner is off duty, the keyholder is not
23:20:00.000 > sensor fridge 9.5
23:21:00.000 picture of alarm 3
23:21:00.000 text to karin: fridge fridge_warm, urgent, 9.500
23:21:00.000 fridge: alarm 3 fridge_warm raised, urgent
23:21:01.000 > text 3 left to=karin
23:21:01.000 alarm 3: raised to karin left, by gateway
23:21:01.000 fridge: alarm 3 fridge_warm notified, urgent
23:22:00.000 > karin replies 3
23:22:00.000 karin: a reply with the code of alarm 3
23:22:00.000 enough about alarm 3
23:22:00.000 fridge: alarm 3 fridge_warm acknowledged, urgent, by karin
23:25:00.000 > sensor fridge 6.2
23:26:00.000 text to karin: fridge fridge_warm, urgent, 6.200, it is over
23:26:00.000 fridge: alarm 3 fridge_warm cleared, urgent, by karin, over
23:26:01.000 > text 3 left over to=karin
23:26:01.000 alarm 3: over to karin left, by gateway
# at four only the neighbour is on duty, and only an emergency is for him
28:00:00.000 > sensor fridge 11
28:01:00.000 picture of alarm 4
28:01:00.000 text to olle: fridge fridge_warm, urgent, 11.000
28:01:00.000 fridge: alarm 4 fridge_warm raised, urgent
28:01:01.000 > text 4 left to=olle
28:01:01.000 alarm 4: raised to olle left, by gateway
28:01:01.000 fridge: alarm 4 fridge_warm notified, urgent
28:02:00.000 > olle replies 4
28:02:00.000 olle: a reply with the code of alarm 4
28:02:00.000 enough about alarm 4
28:02:00.000 fridge: alarm 4 fridge_warm acknowledged, urgent, by olle
28:10:00.000 > front: tamper on
28:10:00.030 front: tampered with
28:10:00.030 picture of alarm 5
28:10:00.030 text to nils: front tamper, emergency
28:10:00.030 front: alarm 5 tamper raised, emergency
28:10:01.000 > text 5 left to=nils
28:10:01.000 alarm 5: raised to nils left, by gateway
28:10:01.000 front: alarm 5 tamper notified, emergency
28:12:00.030 text to nils: front tamper, emergency
28:12:00.030 front: alarm 5 tamper escalated, emergency
28:12:01.000 > text 5 left to=nils
28:12:01.000 alarm 5: raised to nils left, by gateway
28:13:00.000 > nils replies 5
28:13:00.000 nils: a reply with the code of alarm 5
28:13:00.000 enough about alarm 5
28:13:00.000 front: alarm 5 tamper acknowledged, emergency, by nils
# the night is over
31:00:00.000 text to karin: mains power_lost, warning
31:00:00.000 mains: alarm 1 power_lost escalated, warning
31:30:00.000 > sensor mains 0
31:30:00.000 enough about alarm 1
31:30:00.000 text to olle: mains power_lost, warning, it is over
31:30:00.000 mains: alarm 1 power_lost cleared, warning, over
31:30:10.000 > text 1 left over to=olle
31:30:10.000 alarm 1: over to olle left, by gateway
32:00:00.000 > wait

# Everything at once. The first texts leave one by one, the gravest first; then what comes together is told
# together; nobody gets more than six in an hour, and what is graver than all before waits for nothing.
sensor f1 fridge high=8 hysteresis=1
sensor f2 fridge high=8 hysteresis=1
sensor f3 fridge high=8 hysteresis=1
sensor f4 fridge high=8 hysteresis=1
sensor wet water
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: tamper off
08:01:00.000 > fault camera_lost cam-a failing
08:01:00.000 > fault camera_lost cam-b failing
08:02:00.000 text to owner: cam-a camera_lost, warning
08:02:00.000 text to owner: cam-b camera_lost, warning
08:02:00.000 cam-a: alarm 1 camera_lost raised, warning
08:02:00.000 cam-b: alarm 2 camera_lost raised, warning
08:02:01.000 > text 1 left
08:02:01.000 alarm 1: raised to owner left, by gateway
08:02:01.000 cam-a: alarm 1 camera_lost notified, warning
08:02:01.000 > text 2 left
08:02:01.000 alarm 2: raised to owner left, by gateway
08:02:01.000 cam-b: alarm 2 camera_lost notified, warning
08:03:00.000 > sensor f1 12
08:03:00.000 picture of alarm 3
08:03:00.000 text to owner: f1 fridge_warm, urgent, 12.000
08:03:00.000 f1: alarm 3 fridge_warm raised, urgent
08:03:00.100 > sensor f2 12.5
08:03:00.100 picture of alarm 4
08:03:00.100 f2: alarm 4 fridge_warm raised, urgent
08:03:00.200 > sensor f3 13
08:03:00.200 picture of alarm 5
08:03:00.200 f3: alarm 5 fridge_warm raised, urgent
08:03:00.300 > sensor f4 -12
08:03:00.500 > sensor wet 1
08:03:00.500 picture of alarm 6
08:03:00.500 wet: alarm 6 water raised, urgent
08:03:01.000 > text 3 left
08:03:01.000 alarm 3: raised to owner left, by gateway
08:03:01.000 f1: alarm 3 fridge_warm notified, urgent
08:03:10.000 text to owner: 3 alarms, first f2 fridge_warm, urgent, 12.500
08:03:11.000 > text 4 left group
08:03:11.000 alarm 4: group to owner left, by gateway
08:03:11.000 f2: alarm 4 fridge_warm notified, urgent
08:03:11.000 f3: alarm 5 fridge_warm notified, urgent
08:03:11.000 wet: alarm 6 water notified, urgent
08:03:20.000 > front: contact open
08:03:20.030 front: closed -> open
08:03:20.030 front: opened, locked
08:03:20.730 front: normal -> forced
08:03:20.730 picture of alarm 7
08:03:20.730 text to owner: front forced, emergency
08:03:20.730 front: alarm 7 forced raised, emergency
08:03:20.900 > front: tamper on
08:03:20.930 front: tampered with
08:03:20.930 picture of alarm 8
08:03:20.930 front: alarm 8 tamper raised, emergency
08:03:22.000 > text 7 left
08:03:22.000 alarm 7: raised to owner left, by gateway
08:03:22.000 front: alarm 7 forced notified, emergency
08:03:25.000 front: buzzer on
08:03:30.730 text to owner: front tamper, emergency
08:03:32.000 > text 8 left
08:03:32.000 alarm 8: raised to owner left, by gateway
08:03:32.000 front: alarm 8 tamper notified, emergency
# one answer for all that one text told, though the one that it named is over by now
08:03:50.000 > sensor f2 6
08:03:50.000 enough about alarm 4
08:03:50.000 f2: alarm 4 fridge_warm cleared, urgent, over
08:04:00.000 > owner replies 4
08:04:00.000 owner: a reply with the code of alarm 4, which is over
08:04:00.000 enough about alarm 5
08:04:00.000 enough about alarm 6
08:04:00.000 f3: alarm 5 fridge_warm acknowledged, urgent, by owner
08:04:00.000 wet: alarm 6 water acknowledged, urgent, by owner
# the six are used up: what is still unanswered is told together when the first of them is an hour old
08:05:20.730 front: alarm 7 forced escalated, emergency
08:05:30.730 front: alarm 8 tamper escalated, emergency
08:08:00.000 f1: alarm 3 fridge_warm escalated, urgent
08:30:00.000 > sensor f4 14
08:30:00.000 picture of alarm 9
08:30:00.000 f4: alarm 9 fridge_warm raised, urgent
08:35:00.000 f4: alarm 9 fridge_warm escalated, urgent
09:02:00.000 cam-a: alarm 1 camera_lost escalated, warning
09:02:00.000 cam-b: alarm 2 camera_lost escalated, warning
09:02:01.001 text to owner: 6 alarms, first front forced, emergency
09:03:01.001 text to owner: f2 fridge_warm, urgent, 6.000, it is over
09:04:00.000 > text 7 left group
09:04:00.000 alarm 7: group to owner left, by gateway
09:04:10.000 > owner replies 7
09:04:10.000 owner: a reply with the code of alarm 7
09:04:10.000 enough about alarm 1
09:04:10.000 enough about alarm 2
09:04:10.000 enough about alarm 3
09:04:10.000 enough about alarm 7
09:04:10.000 enough about alarm 8
09:04:10.000 enough about alarm 9
09:04:10.000 front: alarm 7 forced acknowledged, emergency, by owner
09:04:10.000 cam-a: alarm 1 camera_lost acknowledged, warning, by owner
09:04:10.000 cam-b: alarm 2 camera_lost acknowledged, warning, by owner
09:04:10.000 f1: alarm 3 fridge_warm acknowledged, urgent, by owner
09:04:10.000 front: alarm 8 tamper acknowledged, emergency, by owner
09:04:10.000 f4: alarm 9 fridge_warm acknowledged, urgent, by owner
09:10:00.000 > wait

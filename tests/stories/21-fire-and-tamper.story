# The fire panel releases the door; somebody opens the case. Both wait for a person. A lost sensor line is
# told, never opens anything, and ends by itself.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: fire off
08:00:00.030 > front: tamper off
08:01:00.000 > front: fire on
08:01:00.030 front: strike on
08:01:00.030 front: locked -> released_by_fire
08:01:00.030 picture of alarm 1
08:01:00.030 text to owner: front fire, emergency
08:01:00.030 front: mode, released_by_fire
08:01:00.030 front: alarm 1 fire raised, emergency
08:01:05.000 > front: contact open
08:01:05.030 front: closed -> open
08:01:05.030 front: opened, released_by_fire
08:01:30.000 > front: contact closed
08:01:30.030 front: open -> closed
08:01:30.030 front: closed, released_by_fire
08:01:31.000 > lockdown front
08:01:31.000 answer: done
08:01:31.000 front: mode, released_by_fire
08:01:40.000 > front: fire off
08:01:40.030 front: strike off
08:01:40.030 front: released_by_fire -> lockdown
08:01:40.030 front: mode, lockdown
08:01:50.000 > ack 1 by olle
08:01:50.000 answer: done
08:01:50.000 enough about alarm 1
08:01:50.000 front: alarm 1 fire cleared, emergency, by olle, over
08:01:55.000 > lock front
08:01:55.000 front: lockdown -> locked
08:01:55.000 answer: done
08:01:55.000 front: mode, locked
08:02:00.000 > front: tamper on
08:02:00.030 front: tampered with
08:02:00.030 picture of alarm 2
08:02:00.030 text to owner: front tamper, emergency
08:02:00.030 front: alarm 2 tamper raised, emergency
08:02:05.000 > ack 2 by olle
08:02:05.000 answer: done
08:02:05.000 enough about alarm 2
08:02:05.000 front: alarm 2 tamper acknowledged, emergency, by olle
08:02:10.000 > front: tamper off
08:02:10.030 front: no longer tampered with
08:02:10.030 front: alarm 2 tamper cleared, emergency, by olle, over
08:02:20.000 > front: tamper on
08:02:20.030 front: tampered with
08:02:20.030 picture of alarm 3
08:02:20.030 text to owner: front tamper, emergency
08:02:20.030 front: alarm 3 tamper raised, emergency
08:02:22.000 > front: tamper off
08:02:24.000 > front: tamper on
08:02:24.030 picture of alarm 3
08:02:24.030 front: alarm 3 tamper raised, emergency
08:02:26.000 > front: tamper off
08:02:30.000 > ack 3 by olle
08:02:30.000 answer: done
08:02:30.000 front: no longer tampered with
08:02:30.000 enough about alarm 3
08:02:30.000 front: alarm 3 tamper cleared, emergency, by olle, over
08:03:00.000 > front: contact lost
08:03:00.000 front: closed -> fault
08:03:00.000 text to owner: front sensor_failing, warning
08:03:00.000 front: fault, locked
08:03:00.000 front: alarm 4 sensor_failing raised, warning
08:03:01.000 > text 4 left
08:03:01.000 alarm 4: raised to owner left, by gateway
08:03:01.000 front: alarm 4 sensor_failing notified, warning
08:03:05.000 > front: token of anna
08:03:05.000 front: strike on
08:03:05.000 front: locked -> accessed
08:03:05.000 front: light yes
08:03:05.000 picture of visit 006b03f339000028
08:03:05.000 front: admitted a11a0001 by scanner, visit 006b03f339000028
08:03:05.000 front: visit 006b03f339000028 opened for a11a0001, price list 1
08:03:05.000 front: unlocked, accessed, for a11a0001
08:03:10.000 front: strike off
08:03:10.000 front: accessed -> locked
08:03:10.000 front: relocked, locked
08:03:20.000 > front: contact closed
08:03:20.000 front: fault -> closed
08:03:20.000 enough about alarm 4
08:03:20.000 front: fault, locked
08:03:20.000 front: alarm 4 sensor_failing cleared, warning, over
# shut when it was lost, open when it came back: nobody can explain that
08:04:00.000 > front: contact lost
08:04:00.000 front: closed -> fault
08:04:00.000 front: fault, locked
08:04:00.000 front: alarm 5 sensor_failing raised, warning
08:04:10.000 > front: contact open
08:04:10.000 front: fault -> open
08:04:10.000 enough about alarm 5
08:04:10.000 front: fault, locked
08:04:10.000 front: alarm 5 sensor_failing cleared, warning, over
08:04:10.000 front: opened, locked
08:04:10.730 front: normal -> forced
08:04:10.730 picture of alarm 6
08:04:10.730 text to owner: front forced, emergency
08:04:10.730 front: alarm 6 forced raised, emergency
08:04:15.000 front: buzzer on
08:04:20.000 > wait

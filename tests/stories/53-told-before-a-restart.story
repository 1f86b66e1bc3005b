# The owner is told in the evening and goes off duty; then the power goes. After the restart the next one is
# called, nobody is passed over, and that it is over is told to who was told.
contact olle owner 1 hours=06:00-22:00
contact karin keyholder 2
contact nils neighbour 3
sensor fridge fridge high=8 hysteresis=1
21:50:00.000 > start
21:50:00.000 front: strike off
21:50:00.000 front: buzzer off
21:50:00.000 start after an orderly stop, clock trusted
21:50:00.010 > front: contact closed
21:50:00.010 front: unknown -> closed
21:50:00.020 > front: tamper off
21:59:00.000 > sensor fridge 12
21:59:00.000 picture of alarm 1
21:59:00.000 text to olle: fridge fridge_warm, urgent, 12.000
21:59:00.000 fridge: alarm 1 fridge_warm raised, urgent
21:59:01.000 > text 1 left to=olle
21:59:01.000 alarm 1: raised to olle left, by gateway
21:59:01.000 fridge: alarm 1 fridge_warm notified, urgent
22:01:00.000 > power cut
22:02:00.000 > start
22:02:00.000 front: strike off
22:02:00.000 front: buzzer off
22:02:00.000 start after no orderly stop, clock trusted
22:02:00.010 > front: contact closed
22:02:00.010 front: unknown -> closed
22:02:00.020 > sensor fridge 12
22:07:00.000 text to karin: fridge fridge_warm, urgent, 12.000
22:07:00.000 fridge: alarm 1 fridge_warm escalated, urgent
22:12:00.000 text to nils: fridge fridge_warm, urgent, 12.000
22:15:00.000 > sensor fridge 4
22:15:00.000 enough about alarm 1
22:15:00.000 text to olle: fridge fridge_warm, urgent, 4.000, it is over
22:15:00.000 fridge: alarm 1 fridge_warm cleared, urgent, over
22:16:00.000 > wait

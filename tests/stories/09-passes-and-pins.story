# A printed pass may be shown again and again while it lasts; a PIN may be asked for, and guessed five times.
member guest 9e570009
member olga 01ca0008
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > front: pass of guest
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000005
08:00:05.000 front: admitted 9e570009 by scanner, visit 006b03f285000005
08:00:05.000 front: visit 006b03f285000005 opened for 9e570009, price list 1
08:00:05.000 front: unlocked, accessed, for 9e570009
08:00:07.000 > front: pass of guest
08:00:07.000 front: refused 9e570009 by scanner: replayed
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.530 front: not_entered, locked, for 9e570009
08:00:15.000 > front: pass of guest
08:00:15.000 front: strike on
08:00:15.000 front: locked -> accessed
08:00:15.000 front: light yes
08:00:15.000 picture of visit 006b03f285000005
08:00:15.000 front: admitted 9e570009 by scanner, visit 006b03f285000005
08:00:15.000 front: unlocked, accessed, for 9e570009
08:00:16.000 > till: pass of guest
08:00:16.000 till: admitted 9e570009 by scanner, visit 006b03f285000005
08:00:16.000 till: beep yes
08:00:20.000 front: strike off
08:00:20.000 front: accessed -> locked
08:00:20.000 front: relocked, locked
08:00:20.530 front: not_entered, locked, for 9e570009
08:00:25.000 > front: pass of guest aud=viken/front
08:00:25.000 front: light no
08:00:25.000 front: refused 9e570009 by scanner: wrong_audience
08:00:26.000 > front: pass of guest nbf=60
08:00:26.000 front: light no
08:00:26.000 front: refused 9e570009 by scanner: not_yet_valid
08:00:27.000 > front: pass of guest life=0
08:00:27.000 front: light no
08:00:27.000 front: refused 9e570009 by scanner: expired
08:00:40.000 > front: pass of guest revoked
08:00:40.000 front: light no
08:00:40.000 front: refused 9e570009 by scanner: revoked
08:01:30.000 > front: pass of olga pin=missing
08:01:30.000 front: light no
08:01:30.000 front: refused 01ca0008 by scanner: pin_required
08:01:31.000 > front: pass of olga pin=wrong
08:01:31.000 front: light no
08:01:31.000 front: refused 01ca0008 by scanner: pin_wrong
08:01:32.000 > front: pass of olga pin=right
08:01:32.000 front: strike on
08:01:32.000 front: locked -> accessed
08:01:32.000 front: light yes
08:01:32.000 picture of visit 006b03f2dc00001d
08:01:32.000 front: admitted 01ca0008 by scanner, visit 006b03f2dc00001d
08:01:32.000 front: visit 006b03f2dc00001d opened for 01ca0008, price list 1
08:01:32.000 front: unlocked, accessed, for 01ca0008
08:01:37.000 front: strike off
08:01:37.000 front: accessed -> locked
08:01:37.000 front: relocked, locked
08:01:37.530 front: not_entered, locked, for 01ca0008
08:03:00.000 > front: pass of olga pin=wrong
08:03:00.000 front: light no
08:03:00.000 front: refused 01ca0008 by scanner: pin_wrong
08:03:01.000 > front: pass of olga pin=wrong
08:03:01.000 front: light no
08:03:01.000 front: refused 01ca0008 by scanner: pin_wrong
08:03:02.000 > front: pass of olga pin=wrong
08:03:02.000 front: light no
08:03:02.000 front: refused 01ca0008 by scanner: pin_wrong
08:03:03.000 > front: pass of olga pin=wrong
08:03:03.000 front: light no
08:03:03.000 front: refused 01ca0008 by scanner: pin_wrong
08:03:04.000 > front: pass of olga pin=wrong
08:03:04.000 front: light no
08:03:04.000 front: refused 01ca0008 by scanner: pin_wrong
08:03:05.000 > front: pass of olga pin=right
08:03:05.000 front: light no
08:03:05.000 front: refused 01ca0008 by scanner: pin_wrong
08:13:04.000 > front: pass of olga pin=right
08:13:04.000 front: strike on
08:13:04.000 front: locked -> accessed
08:13:04.000 front: light yes
08:13:04.000 picture of visit 006b03f2dc00001d
08:13:04.000 front: admitted 01ca0008 by scanner, visit 006b03f2dc00001d
08:13:04.000 front: unlocked, accessed, for 01ca0008

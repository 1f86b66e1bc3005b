# A phone whose clock is years off gets in by the code on the door's screen; a nonce is good once, for a minute,
# at the door that gave it. A shop that does not trust its own clock takes nothing else, and says so.
member anna a11a0001
member guest 9e570009
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > nonce one
08:00:10.000 > front: phone of anna iat=-99999999 nonce=one
08:00:10.000 front: strike on
08:00:10.000 front: locked -> accessed
08:00:10.000 front: light yes
08:00:10.000 answer: admitted, member
08:00:10.000 picture of visit 006b03f28a000007
08:00:10.000 front: admitted a11a0001 by phone, visit 006b03f28a000007
08:00:10.000 front: visit 006b03f28a000007 opened for a11a0001, price list 1
08:00:10.000 front: unlocked, accessed, for a11a0001
08:00:11.000 > front: phone of anna iat=-99999999 nonce=one
08:00:11.000 front: light no
08:00:11.000 answer: nonce_unknown
08:00:11.000 front: refused a11a0001 by phone: nonce_unknown
08:00:15.000 front: strike off
08:00:15.000 front: accessed -> locked
08:00:15.000 front: relocked, locked
08:00:15.530 front: not_entered, locked, for a11a0001
08:00:20.000 > nonce two
08:01:20.001 > front: phone of anna iat=5000 nonce=two
08:01:20.001 front: light no
08:01:20.001 answer: nonce_unknown
08:01:20.001 front: refused a11a0001 by phone: nonce_unknown
08:01:30.000 > clock untrusted
08:01:30.000 clock stepped by 0 ms, not trusted
08:01:31.000 > front: phone of anna
08:01:31.000 front: light no
08:01:31.000 answer: clock_untrusted
08:01:31.000 front: refused a11a0001 by phone: clock_untrusted
08:01:32.000 > front: phone of anna iat=-600
08:01:32.000 front: light no
08:01:32.000 answer: clock_untrusted
08:01:32.000 front: refused a11a0001 by phone: clock_untrusted
08:01:33.000 > front: pass of guest
08:01:33.000 front: light no
08:01:33.000 front: refused 9e570009 by scanner: clock_untrusted
08:01:34.000 > nonce three
08:01:35.000 > front: phone of anna iat=-600 nonce=three
08:01:35.000 front: strike on
08:01:35.000 front: locked -> accessed
08:01:35.000 front: light yes
08:01:35.000 answer: admitted, member
08:01:35.000 picture of visit 006b03f28a000007
08:01:35.000 front: admitted a11a0001 by phone, visit 006b03f28a000007
08:01:35.000 front: unlocked, accessed, for a11a0001
# after a minute of that a person is told
08:01:40.000 front: strike off
08:01:40.000 front: accessed -> locked
08:01:40.000 front: relocked, locked
08:01:40.530 front: not_entered, locked, for a11a0001
08:02:30.000 text to owner: clock_untrusted, notice
08:02:30.000 alarm 1 clock_untrusted raised, notice
08:02:31.000 > text 1 left
08:02:31.000 alarm 1: raised to owner left, by gateway
08:02:31.000 alarm 1 clock_untrusted notified, notice
08:02:40.000 > clock trusted
08:02:40.000 enough about alarm 1
08:02:40.000 text to owner: clock_untrusted, notice, it is over
08:02:40.000 alarm 1 clock_untrusted cleared, notice, over
08:02:40.000 clock stepped by 0 ms, trusted
08:02:41.000 > front: phone of anna
08:02:41.000 front: strike on
08:02:41.000 front: locked -> accessed
08:02:41.000 front: light yes
08:02:41.000 answer: admitted, member
08:02:41.000 picture of visit 006b03f28a000007
08:02:41.000 front: admitted a11a0001 by phone, visit 006b03f28a000007
08:02:41.000 front: unlocked, accessed, for a11a0001

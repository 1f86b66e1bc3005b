// clock.js: codes for a phone whose clock is wrong. Whether it is, the shop's answers say (their Date);
// then the door's challenge is fetched as often as it changes, and the code bears its nonce. Without
// a net the camera reads the challenge off the door's screen.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { challengeRead } from '../base/key.js'
import { html } from '../base/html.js'
import { placeLook } from '../base/place.js'
import { t } from '../base/words.js'
import { ahead, clockLook } from './ahead.js'

const ANSWER_MS = 50000 // a nonce holds for a minute
const AGAIN_MS = 5000

/** {nonce, minutes, wrong, read(), camera}: what the code has to answer, and how to be told it. */
export function useClockAnswer(audience, door, road) {
  const off = ahead.use()
  const [answer, setAnswer] = useState(null)
  const [Camera, setCamera] = useState(null)
  const [wrong, setWrong] = useState(null)

  useEffect(() => {
    if (road === 'shop')
      clockLook()
  }, [road])

  const bad = road === 'shop' && off !== 0
  useEffect(() => {
    if (!bad || !audience)
      return undefined
    let timer
    let over = false
    const next = async () => {
      let wait = AGAIN_MS
      try {
        const c = await ask(`/v1/door/${door}/challenge`)
        const read = challengeRead(c.challenge)
        if (read && !over) {
          setAnswer(read)
          wait = Math.max(1000, c.changes_in_ms)
        }
      } catch (why) {
        if (why.status === 0)
          placeLook() // out of the shop's net: the camera helps from here on
      }
      if (!over)
        timer = setTimeout(next, wait)
    }
    next()
    return () => {
      over = true
      clearTimeout(timer)
      setAnswer(null)
    }
  }, [bad, audience])

  useEffect(() => {
    if (!answer || bad)
      return undefined
    const timer = setTimeout(() => {
      setAnswer(null)
      setWrong(t('door_answer_over'))
    }, ANSWER_MS)
    return () => clearTimeout(timer)
  }, [answer, bad])

  const take = (text) => {
    const read = challengeRead(text)
    if (!read) {
      setWrong(t('door_other_code'))
      return
    }
    if (read.audience !== audience && read.audience.split('/')[0] !== audience.split('/')[0]) {
      setWrong(t('door_other_shop'))
    } else if (read.audience !== audience) {
      setWrong(t('door_other_code'))
    } else {
      setWrong(null)
      setAnswer(read)
    }
    setCamera(null)
  }
  const read = async () => {
    setWrong(null)
    const { CodeCamera } = await import('./later.js')
    setCamera(() => CodeCamera)
  }
  return { nonce: answer?.nonce, minutes: bad ? Math.round(Math.abs(off) / 60000) || 1 : 0, wrong, read,
    camera: Camera && html`<${Camera} title=${t('door_read')} hint=${t('camera_read_door')}
      onText=${take} onClose=${() => setCamera(null)} />` }
}

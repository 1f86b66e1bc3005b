// rest_view.js: a screen that nobody has used for a while goes dark and lets its few words wander, so
// that nothing burns in and the village sleeps. The door's code stays, smaller, for whoever comes.
import { useEffect, useState } from 'preact/hooks'
import { Qr } from '../base/qr.js'
import { html } from '../base/ui.js'
import { t, time, useLanguage } from '../base/words.js'
import { challenges } from './shop.js'

const MOVE_MS = 30 * 1000
const PLACES = 6 // corners and middles; the sheet says where each is

/** RestView({door, grave}): `grave`: what keeps people out, said in the place of the code. */
export function RestView({ door, grave }) {
  useLanguage()
  const [at, setAt] = useState(0)
  const c = challenges.use()[door]
  useEffect(() => {
    const timer = setInterval(() => setAt((n) => (n + 1) % PLACES), MOVE_MS)
    return () => clearInterval(timer)
  }, [])
  return html`<main class=${`rest at-${at}`}><div class="wander">
    ${door && !(grave && !grave.code) && c && performance.now() < c.until && html`<${Qr} text=${c.challenge}
      label=${t('door_qr')} />`}
    <div><h1 class="num">${time(new Date())}</h1>
      <p>${t(grave && !grave.code ? `${grave.word}_title` : door ? 'rest_door' : 'till_show')}</p></div>
  </div></main>`
}

// main.js: the kiosk. `/kiosk#/door/front` beside a door, `/kiosk#/till/till` at a till, or both on one
// screen. heal.js comes first: what breaks after it is seen by it.
import './heal.js'
import '../base/app.css'
import './kiosk.css'
import { render } from 'preact'
import { place, placeLook } from '../base/place.js'
import { screenOn } from '../base/feel.js'
import { html } from '../base/ui.js'
import { go } from '../base/route.js'
import './words.js'
import { App, everythingOver } from './app.js'
import { healWatch, reloadSoon } from './heal.js'
import { keysStart } from './keys.js'
import { patienceDone, patienceStart, sinceDone } from './patience.js'
import { personForget, personHere } from './person.js'
import { screenWatch } from './screen.js'
import { settings } from './settings.js'
import { line, road, shopListen, tills } from './shop.js'
import { speakView, voiceLook } from './speech.js'
import { receipt, visit, visitKeep } from './visit.js'

const PLACE_AGAIN_MS = 5000
const BROKEN_MS = 20 * 1000 // away for longer than this, the pages too may be new: load them again
const SPARE_MS = 10 * 1000

const somebody = () => Boolean(visit.value || receipt.value || personHere())

/** The box lets go of a silent visit by itself; the question has to come before. */
function idle_ms() {
  const t = tills.value[settings.value.till]
  return t && visit.value ? t.silence_ms - SPARE_MS : Infinity
}

let touched = false // somebody was quicker than the box's first answer

async function placeKnow() {
  await placeLook()
  if (!place.value)
    setTimeout(placeKnow, PLACE_AGAIN_MS)
  else if (!touched)
    personForget() // the shop's own language from the start
}

function roadWatch() {
  let lostAt = null
  road.watch((now) => {
    if (now === 'lost')
      lostAt ??= performance.now()
    if (now !== 'well')
      return
    if (lostAt !== null && performance.now() - lostAt > BROKEN_MS && !somebody())
      reloadSoon(0)
    lostAt = null
  })
}

/** The page is whole: it need not be asked for again (stop() ends the refresh of index.html, and
 * every request under way, so it comes before the first). */
function begin() {
  document.querySelector('meta[http-equiv]')?.remove()
  stop()
  shopListen()
  placeKnow()
}

screenWatch()
keysStart()
render(html`<${App} />`, document.getElementById('page'))
if (document.readyState === 'complete')
  begin()
else
  addEventListener('load', begin)
roadWatch()
voiceLook()
screenOn(true)
line.watch(patienceDone)
addEventListener('pointerdown', () => {
  touched = true
  visitKeep()
})
addEventListener('keydown', (e) => {
  touched = true
  visitKeep()
  if (e.key === 'F10' && !somebody()) {
    e.preventDefault()
    go('setup')
  }
})
patienceStart({
  wanted: somebody,
  idle_ms,
  // the box counts too: while we ask, it must not let go
  onWarn: () => visitKeep(true),
  onOver: everythingOver,
})
healWatch(() => (somebody() ? 0 : sinceDone()))
receipt.watch((r) => r && setTimeout(speakView, 0))

// app.js: which view is on the screen now. The order is the order of what matters: the box is away;
// where the screen hangs; a fire; a verdict; a PIN; the visit; else nobody is here, and after a while it
// rests.
import { useEffect, useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { t, useLanguage } from '../base/words.js'
import { feelNo, feelYes } from '../base/feel.js'
import { go, useRoute } from '../base/route.js'
import { AwayView, UnknownView } from './away_view.js'
import { Boxes } from './boxes.js'
import { DoorView, FireView, burning, graver } from './door_view.js'
import { patienceDone, sinceDone } from './patience.js'
import { over, personForget, personHere } from './person.js'
import { PinView } from './pin_view.js'
import { RestView } from './rest_view.js'
import { roleOf, routeOf, settings, settingsKeep } from './settings.js'
import { SetupView } from './setup_view.js'
import { doors, road, tills, verdict as verdicts } from './shop.js'
import { speechMode } from './speech.js'
import { IdleView, TillView } from './till_view.js'
import { VerdictView, verdictTitle } from './verdict_view.js'
import { leave, outcome, receipt, visit, visitSeen } from './visit.js'

const VERDICT_MS = 4000
const LAST_MS = 30 * 1000 // a refusal can still be read afterwards, smaller
const REST_MS = 2 * 60 * 1000

/** Everything of the person goes, and the till lets go of the visit. */
export function everythingOver() {
  const open = visit.value || receipt.value
  personForget()
  return open ? leave() : undefined
}

/** The verdict that is on the screen, for 4 s; {shown, last, over}. */
function useVerdict(role) {
  const [shown, setShown] = useState(null)
  const [last, setLast] = useState('')
  const [pin, setPin] = useState(null)
  useEffect(() => verdicts.watch((v) => {
    const here = v && ((role.door && v.door === role.door) || (role.till && v.till === role.till))
    if (!here)
      return
    patienceDone()
    const good = v.verdict === 'admitted'
    ;(good || v.verdict === 'pin_required' ? feelYes : feelNo)()
    setLast('')
    setPin(v.verdict === 'pin_required' ? (v.door ? `door/${v.door}` : `till/${v.till}`) : null)
    // at the till the basket itself says that one is welcome
    setShown((good && v.till) || v.verdict === 'pin_required' ? null : { ...v })
  }), [role.door, role.till])
  const done = () => {
    if (shown && shown.verdict !== 'admitted')
      setLast(t('last_said', { title: verdictTitle(shown) }))
    setShown(null)
  }
  useEffect(() => {
    if (!shown)
      return undefined
    let timer = setTimeout(done, VERDICT_MS)
    const longer = () => { // who does something here still reads it
      clearTimeout(timer)
      timer = setTimeout(done, VERDICT_MS)
    }
    addEventListener('keydown', longer)
    addEventListener('pointerdown', longer)
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', longer)
      removeEventListener('pointerdown', longer)
    }
  }, [shown])
  useEffect(() => {
    const timer = last && setTimeout(() => setLast(''), LAST_MS)
    return () => clearTimeout(timer)
  }, [last])
  return { shown, last, pin, done, pinOver: (sentence) => {
    setPin(null)
    setLast(sentence ?? '')
  } }
}

/** The visit at our till, kept in step with what the box says. */
function useTill(till) {
  const all = tills.use()
  const now = all[till]
  const [word, setWord] = useState('')
  useEffect(() => {
    if (!till || !now)
      return
    const another = visit.value || receipt.value
    const what = visitSeen(till, now.visit)
    if (what === 'new') {
      // who turned speech on and then showed a card is the same person; after somebody else, not
      if (another)
        personForget()
      patienceDone()
      setWord('')
    } else if (what === 'gone' && !receipt.value) {
      personForget()
      setWord(t('till_gone'))
    }
  }, [till, now?.visit, all])
  useEffect(() => {
    const timer = word && setTimeout(() => setWord(''), LAST_MS)
    return () => clearTimeout(timer)
  }, [word])
  return word
}

/** True after two minutes without anybody. */
function useRest(busy) {
  const [rest, setRest] = useState(false)
  useEffect(() => {
    if (busy) {
      setRest(false)
      return undefined
    }
    const look = () => setRest(sinceDone() > REST_MS)
    const timer = setInterval(look, 1000)
    addEventListener('pointerdown', look)
    addEventListener('keydown', look)
    return () => {
      clearInterval(timer)
      removeEventListener('pointerdown', look)
      removeEventListener('keydown', look)
    }
  }, [busy])
  return rest
}

export function App() {
  return html`<${Screen} /><${Boxes} />`
}

function Screen() {
  useLanguage() // every view below is drawn anew in the other language
  const route = useRoute()
  const kept = settings.use()
  const way = road.use()
  const known = { doors: doors.use(), tills: tills.use() }
  const role = roleOf(route) ?? { door: kept.door, till: kept.till }
  const { shown, last, pin, done, pinOver } = useVerdict(role)
  const word = useTill(role.till)
  const v = visit.use()
  const r = receipt.use()
  const mode = speechMode.use()
  const window_ = over.use()
  const said = outcome.use()
  const busy = Boolean(v || r || shown || pin || window_ || mode !== 'off' || way !== 'well' ||
    route[0] === 'setup')
  const fire = burning(known.doors)
  const grave = known.doors[role.door] && graver(known.doors[role.door])
  const rest = useRest(busy || Boolean(fire || grave?.awake))
  const chosen = Boolean(role.door || role.till)
  useEffect(() => {
    const timer = !v && said && setTimeout(() => { outcome.value = null }, LAST_MS)
    return () => clearTimeout(timer)
  }, [said, Boolean(v)])
  useEffect(() => {
    if (roleOf(route))
      settingsKeep(roleOf(route))
  }, [route.join('/')])

  if (way !== 'well')
    return html`<${AwayView} ...${role} opening=${way === 'opening'} />`
  if (route[0] === 'setup' || !chosen)
    return html`<${SetupView} doors=${Object.keys(known.doors)} tills=${Object.keys(known.tills)}
      onDone=${(next) => {
        settingsKeep({ door: next.door, till: next.till })
        go(...routeOf(next))
      }} />`
  if ((role.door && !known.doors[role.door]) || (role.till && !known.tills[role.till]))
    return html`<${UnknownView} onChoose=${() => go('setup')} />`
  if (fire)
    return html`<${FireView} door=${fire} />`
  if (pin)
    return html`<${PinView} key=${pin} where=${pin} onOver=${pinOver} />`
  if (shown)
    return html`<${VerdictView} verdict=${shown} onOver=${done} />`
  if (role.till && (v || r))
    return html`<${TillView} key=${v?.visit} onLeave=${everythingOver} />`
  const idle = last || word || (said?.kind === 'refused' ? said.text : '')
  if (rest)
    return html`<${RestView} door=${role.door} grave=${grave} />`
  return role.door ? html`<${DoorView} door=${role.door} till=${role.till} last=${idle} />`
    : html`<${IdleView} last=${idle} />`
}

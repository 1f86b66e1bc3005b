// door.js: the first view: a code for the reader by the door, always. When the shop is in reach also
// a button, which is quicker. A clock that is wrong keeps nobody out: then the code answers the
// door's own (contracts 1), asked for where there is a net, read by the camera where there is none.
import { useEffect, useRef, useState } from 'preact/hooks'
import { screenOn } from '../base/feel.js'
import { place, placeLook, reach } from '../base/place.js'
import { Qr } from '../base/qr.js'
import { Badge, Button, Heading, html, hush, Notice, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { useClockAnswer } from './clock.js'
import { key } from './member.js'
import { useToken } from './token.js'
import { unlock } from './unlock.js'

const KEPT = 'door' // which one this person comes by
/** Of these doors the one that she chose the last time; else the first. */
export function doorKept(doors) {
  let kept = null
  try {
    kept = localStorage.getItem(KEPT)
  } catch {
    // forbidden: the first, then
  }
  return doors.includes(kept) ? kept : doors[0]
}
const keep = (door) => {
  try {
    localStorage.setItem(KEPT, door)
  } catch {
    // it is chosen again the next time
  }
}

const ROAD_KIND = { shop: 'ok', office: 'info', none: 'warn' }

export function Road() {
  const road = reach.use()
  return road === 'unknown' ? null
    : html`<${Badge} kind=${ROAD_KIND[road]}>${t(`road_${road}`)}</${Badge}>`
}

function Choose({ doors, door, onDoor }) {
  return html`<fieldset class="choice"><legend>${t('door_which')}</legend>
    ${doors.map((d) => html`<label key=${d}><input type="radio" name="door" checked=${d === door}
      onChange=${() => onDoor(d)} /><span>${d}</span></label>`)}</fieldset>`
}

/** The code itself; `token` null: it is being made, and its place is kept. */
export function Code({ token, label, quick }) {
  return html`<div class="code-card">${token
    ? html`<${Qr} text=${token.text} label=${label} quick=${quick} />`
    : html`<div class="code-wait" aria-hidden="true"></div>`}</div>`
}

/** What the press came to: for as long as the door is open, and what to do then. */
function Let({ came }) {
  const [left, setLeft] = useState(Math.ceil(came.unlock_ms / 1000))
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0,
      Math.ceil((came.at + came.unlock_ms - performance.now()) / 1000))), 200)
    return () => clearInterval(timer)
  }, [came])
  // the seconds are not read out one by one: the sentence is said when it comes, and when it is over
  return html`<div class="let">
    <${Notice} kind="ok" title=${t('door_in')}>
      <span aria-hidden=${left > 0 ? 'true' : undefined}>
        ${left > 0 ? t('door_pull', { s: left }) : t('door_was')}</span>
      ${left > 0 && html`<span class="unseen">
        ${t('door_pull', { s: Math.ceil(came.unlock_ms / 1000) })}</span>`}
    </${Notice}>
    <a class="button primary large wide" href="#/shop">${t('door_shop')}</a></div>`
}

function Press({ door, shop, came, onCame }) {
  const [why, setWhy] = useState(null)
  const press = async () => {
    setWhy(null)
    try {
      const said = await unlock(key.value, shop, door)
      hush() // it would lie over the way on
      onCame({ ...said, at: performance.now() })
    } catch (problem) {
      onCame(null)
      setWhy(problem)
      if (problem.status === 0) {
        say(problem.message) // the button may go, now that nobody answers
        placeLook()
      }
    }
  }
  return html`<div class="press">
    ${why && html`<${Notice} kind="alarm" title=${t('door_no')}>${why.message}</${Notice}>`}
    ${came && html`<${Let} key=${came.at} came=${came} />`}
    <${Button} kind=${came ? 'plain' : 'primary'} class=${`wide ${came ? '' : 'large'}`}
      onPress=${press}>${t(came ? 'door_again' : 'door_press')}</${Button}></div>`
}

function Help({ onRead, answer }) {
  return html`<details class="help"><summary>${t('door_help')}</summary>
    <p>${t('door_bright')}</p><p>${t('door_clock')}</p>
    <${Button} onPress=${onRead}>${t('door_read')}</${Button}>
    ${answer?.wrong && html`<p class="error" role="alert">${answer.wrong}</p>`}
  </details>`
}

export function Door() {
  const p = place.use()
  const road = reach.use()
  const [chosen, setChosen] = useState(null)
  const [came, setCame] = useState(null)
  const doors = p?.doors ?? []
  const door = doors.includes(chosen) ? chosen : doorKept(doors)
  const audience = p?.shop && door ? `${p.shop}/${door}` : null
  const answer = useClockAnswer(audience, door, road)
  useEffect(() => {
    screenOn(true)
    return () => { screenOn(false) }
  }, [])
  const choose = (d) => {
    setChosen(d)
    setCame(null)
    keep(d)
  }
  return html`<${Heading} aside=${html`<${Road} />`}>${t('door_title')}</${Heading}>
    ${doors.length > 1 && html`<${Choose} doors=${doors} door=${door} onDoor=${choose} />`}
    ${audience ? html`<${DoorCode} audience=${audience} door=${door} answer=${answer} />`
    : html`<${Notice} kind="warn">${t('door_no_place')}</${Notice}>`}
    ${audience && !came && html`<${Help} onRead=${answer.read} answer=${answer} />`}
    ${audience && road === 'shop' && html`<${Press} key=${door} door=${door} shop=${p.shop}
      came=${came} onCame=${setCame} />`}
    ${answer.camera}`
}

function DoorCode({ audience, door, answer }) {
  const token = useToken(key.value, audience, answer.nonce)
  const bar = useRef()
  useEffect(() => {
    if (token && !performance.getEntriesByName('door').length)
      requestAnimationFrame(() => performance.mark('door')) // how long it took since the app was opened
    // seconds that this code is shown, as a line that grows shorter; nothing to read, nothing spoken
    if (matchMedia('(prefers-reduced-motion: reduce)').matches)
      return
    bar.current?.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }],
      { duration: 35000, fill: 'forwards' })
  }, [token?.text])
  return html`<${Code} token=${token} label=${t('door_code', { door })} quick />
    <div class="bar" aria-hidden="true"><i ref=${bar}></i></div>
    <p class="hold">${answer.nonce ? t('door_answers') : t('door_hold')}</p>
    ${answer.minutes > 0 && html`<${Notice} kind="warn">
      ${t('door_clock_wrong', { min: answer.minutes })}</${Notice}>`}`
}

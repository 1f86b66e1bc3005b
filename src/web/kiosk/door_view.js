// door_view.js: the screen beside the door: its code for phones, how to get in, and how the door
// stands. When there is nothing to get in for (lockdown, fire, an alarm) it says that instead; a fire
// on every screen of the shop.
import { useEffect, useState } from 'preact/hooks'
import { Qr } from '../base/qr.js'
import { Door, html } from '../base/ui.js'
import { known, language, t } from '../base/words.js'
import { Icon } from './icons.js'
import { challenges, doors } from './shop.js'
import { View } from './view.js'

/** What is graver than a welcome; the first that holds: {word, icon, kind, code, awake}. `code`: one may
 * come in all the same; `awake`: it is not left to a screen at rest. */
export function graver({ mode, physical, alarm }) {
  if (mode === 'lockdown')
    return { word: 'lockdown', icon: 'lock', kind: 'warn' }
  if (alarm === 'forced')
    return { word: 'forced', icon: 'alarm', kind: 'alarm', code: true, awake: true }
  if (alarm === 'held_open' && physical !== 'closed') // shut again it asks for nothing
    return { word: 'held', icon: 'alarm', kind: 'warn', code: true, awake: true }
  if (physical === 'fault')
    return { word: 'fault', icon: 'alarm', kind: 'warn', code: true }
  return null
}

/** "Dörren är öppen": what the hand will find, not what the bolt does. */
export function doorSaid(d) {
  const word = d.physical === 'open' ? 'physical_open' : `mode_${d.mode}`
  return t('door_is', { state: known(word) ? t(word) : d.mode })
}

/** The code of this moment, or null when the box has not said a new one in time. */
function useChallenge(door) {
  const c = challenges.use()[door]
  const [, beat] = useState(0)
  useEffect(() => {
    if (!c)
      return undefined
    const timer = setTimeout(() => beat((n) => n + 1), Math.max(0, c.until - performance.now()) + 50)
    return () => clearTimeout(timer)
  }, [c])
  return c && performance.now() < c.until ? c.challenge : null
}

function Code({ door }) {
  const code = useChallenge(door)
  return html`<div class="code">${code
    ? html`<${Qr} text=${code} label=${t('door_qr')} />`
    : html`<p role="status">${t('door_code_waits')}</p>`}</div>`
}

/** A door that the fire panel has released, or undefined: every screen of the shop says so, whatever
 * somebody is doing there. */
export const burning = (all) => Object.keys(all).find((name) => all[name].mode === 'released_by_fire')

/** The fire alarm, on a screen anywhere in the shop. */
export function FireView({ door }) {
  const d = doors.use()[door]
  return html`<${View} name="fire" kind="alarm" title=${t('fire_title')}>
    <div class="grave" data-lead><${Icon} name="fire" /><div><p><strong>${t('fire_text')}</strong></p>
      <p lang=${language() === 'sv' ? 'en' : 'sv'}>${t('fire_other')}</p></div></div>
    <p class="state"><span aria-hidden="true"><${Door} ...${d} label=${doorSaid(d)} /></span>
      <span>${doorSaid(d)}</span></p></${View}>`
}

export function DoorView({ door, till, last }) {
  const d = doors.use()[door]
  const grave = graver(d)
  const state = html`<p class="state"><span aria-hidden="true">
    <${Door} ...${d} label=${doorSaid(d)} /></span><span>${doorSaid(d)}</span></p>`
  if (grave && !grave.code)
    return html`<${View} name="door" kind=${grave.kind} title=${t(`${grave.word}_title`)}>
      <div class="grave" data-lead><${Icon} name=${grave.icon} /><p>${t(`${grave.word}_text`)}</p></div>
      ${state}</${View}>`
  return html`<${View} name="door" kind=${grave?.kind}
      title=${grave ? t(`${grave.word}_title`) : t('door_title')}>
    <div class="halves">
      <${Code} door=${door} />
      <div class="words" data-lead>
        ${grave ? html`<p>${t(`${grave.word}_text`)}</p>`
    : till ? html`<p>${t('both_show')}</p>`
      : html`<p><strong>${t('door_show')}</strong> ${t('door_scan')}</p>`}
        ${till && html`<p>${t('both_shop')}</p>`}
        ${state}
        ${last && html`<p class="last" role="status">${last}</p>`}
      </div>
    </div></${View}>`
}

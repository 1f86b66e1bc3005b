// doors.js: a door as it stands, and a person's word to it. Every word says first what it means: at
// three in the night "lock" and "lock down" must not be mistaken for each other.
import { useState } from 'preact/hooks'
import { html, Badge, Button, Card, Dialog, Door, Failed, Field, say } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { liveAsk, liveTold } from './live.js'
import { who } from './session.js'
import { atShop, doorCommand } from './source.js'

const PROP_MINUTES = [5, 15, 30, 60, 120, 240]
const STANDING = ['accessed', 'propped', 'unlocked']

/** What may be said to a door that stands so: the first is the likeliest. */
function verbsOf(door) {
  if (door.mode === 'lockdown')
    return ['normal']
  return [...(STANDING.includes(door.mode) ? ['lock'] : []), 'unlock', 'prop',
    ...(door.mode === 'propped' || door.mode === 'unlocked' ? ['normal'] : []), 'lockdown']
}

function Ask({ door, verb, onClose }) {
  const [minutes, setMinutes] = useState(15)
  const [busy, setBusy] = useState(false)
  const [why, setWhy] = useState(null)
  const send = async () => {
    setBusy(true)
    setWhy(null)
    try {
      await doorCommand(door.door, verb, verb === 'prop' ? minutes * 60 : undefined)
      liveTold(door.door, verb)
      say(t(`done_${verb}`, { door: door.door }))
      onClose()
    } catch (bad) {
      setWhy(bad)
      setBusy(false)
    }
    liveAsk()
  }
  return html`<${Dialog} title=${t(`do_${verb}`).replace(' …', '')} onClose=${onClose}
      actions=${html`<${Button} onPress=${onClose}>${t('cancel')}</${Button}>
        <${Button} kind=${verb === 'lockdown' ? 'danger' : 'primary'} busy=${busy} onPress=${send}>
        ${t(`do_${verb}`).replace(' …', '')}</${Button}>`}>
    <p>${t(`ask_${verb}`, { door: door.door })}</p>
    ${verb === 'prop' && html`<${Field} as="select" label=${t('prop_for')} value=${minutes}
      onInput=${(v) => setMinutes(Number(v))}>${PROP_MINUTES.map((n) => html`<option value=${n}>
        ${n < 60 ? t('minutes_n', { n }) : t('hours_n', { n: n / 60 })}</option>`)}</${Field}>`}
    ${!atShop() && html`<p class="soft">${t('command_waits')}</p>`}
    ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }} />`}
  </${Dialog}>`
}

/** DoorCard({door, old}): drawn as it stands; `old`: what is known of it is not fresh. */
export function DoorCard({ door, old }) {
  const [verb, setVerb] = useState(null)
  const physical = t(`door_${door.physical ?? 'unknown'}`)
  const mode = t(`mode_${door.mode ?? 'locked'}`)
  const alarm = door.alarm && door.alarm !== 'normal'
  const staff = who.use().role === 'staff'
  const verbs = verbsOf(door).filter((v) => !staff ||
    (v !== 'lockdown' && !(v === 'normal' && door.mode === 'lockdown')))
  return html`<${Card} class=${`door-card ${old ? 'old' : ''}`}>
    <div class="standing"><${Door} physical=${old ? 'unknown' : door.physical} alarm=${door.alarm}
      label=${t('door_is', { door: door.door, physical, mode })} />
      <div><h3>${door.door}</h3>
        <p class="state">${old && html`<span class="soft">${t('last_known')}</span> `}
          <strong class=${`is-${door.physical}`}>${physical}</strong>, ${mode}</p>
        <div class="row tight">
          ${alarm && html`<${Badge} kind="alarm">${t(`door_alarm_${door.alarm}`)}</${Badge}>`}
          ${door.tamper && html`<${Badge} kind="alarm">${t('tamper')}</${Badge}>`}
          ${door.since && html`<span class="soft small">${t('since', { at: moment(door.since) })}
            </span>`}</div></div></div>
    <div class="row verbs">${verbs.map((v) => html`<${Button} key=${v} kind=${v === 'lockdown'
      ? 'plain warnish' : v === 'lock' || v === 'normal' ? 'primary' : 'plain'}
      onPress=${() => setVerb(v)}>${t(`do_${v}`)}</${Button}>`)}</div>
    ${staff && html`<p class="soft small">${t('ask_lockdown_staff')}</p>`}
    ${verb && html`<${Ask} door=${door} verb=${verb} onClose=${() => setVerb(null)} />`}
  </${Card}>`
}


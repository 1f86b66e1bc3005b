// setup_view.js: where this screen hangs and how large it is, asked on its first start and kept. Later
// by `#/setup` behind the address, or F10 while nobody uses the screen.
import { useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { Press, View } from './view.js'
import { settings, settingsKeep } from './settings.js'

const INCHES = [7, 8, 10.1, 12.1, 15.6, 21.5]
const DISTANCES = [[600, 'setup_far'], [400, 'setup_near']]

function Choices({ label, text, options, value, onChoose }) {
  return html`<fieldset class="choices" data-lead><legend>${label}</legend>
    ${text && html`<p>${text}</p>`}
    <div class="options">${options.map(([v, word]) => html`<${Press} key=${String(v)} kind="choice"
      aria-pressed=${v === value} onPress=${() => onChoose(v)}>${word}</${Press}>`)}</div></fieldset>`
}

/** SetupView({place, onDone(role)}) */
export function SetupView({ doors, tills, onDone }) {
  const now = settings.use()
  const [role, setRole] = useState(now.door || now.till ? { door: now.door, till: now.till } : null)
  const same = (r) => role && r.door === role.door && r.till === role.till
  const roles = [
    ...doors.map((door) => [{ door, till: null }, t('setup_door', { name: door })]),
    ...tills.map((till) => [{ door: null, till }, t('setup_till', { name: till })]),
    ...doors.flatMap((door) => tills.map((till) =>
      [{ door, till }, t('setup_both', { door, till })])).slice(0, 4),
  ]
  const whole = role && now.headphones !== null
  return html`<${View} name="setup" title=${t('setup_title')}
      keys=${{ Escape: () => (now.door || now.till) && onDone(now) }}
      foot=${html`<${Press} kind="primary" disabled=${!whole} onPress=${() => onDone(role)}>
        ${t('setup_next')}</${Press}>`}>
    <div class="setting">
      <div class="options">${roles.map(([r, word]) => html`<${Press} key=${word} kind="choice"
        aria-pressed=${Boolean(same(r))} onPress=${() => setRole(r)}>${word}</${Press}>`)}</div>
      <${Choices} label=${t('setup_jack')} text=${t('setup_jack_text')} value=${now.headphones}
        options=${[[true, t('yes')], [false, t('no')]]}
        onChoose=${(headphones) => settingsKeep({ headphones })} />
      <${Choices} label=${t('setup_size')} value=${now.inches}
        options=${INCHES.map((n) => [n, t('setup_inches', { n: String(n).replace('.', t('setup_point')) })])}
        onChoose=${(inches) => settingsKeep({ inches })} />
      <${Choices} label=${t('setup_distance')} value=${now.distance_mm}
        options=${DISTANCES.map(([mm, word]) => [mm, t(word)])}
        onChoose=${(distance_mm) => settingsKeep({ distance_mm })} />
    </div></${View}>`
}

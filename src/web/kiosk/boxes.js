// boxes.js: the windows that may lie over any view: speech, help, and the question after a minute.
import { useEffect, useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { t, useLanguage } from '../base/words.js'
import { burning } from './door_view.js'
import { over } from './person.js'
import { patienceDone, warning } from './patience.js'
import { RATES, VOLUMES, hush, manner, repeat, speak, speakScreen, speakView, speechMode,
  speechOff, speechSet, voiced } from './speech.js'
import { settings } from './settings.js'
import { doors } from './shop.js'
import { Box, Press } from './view.js'

const close = () => {
  hush()
  over.value = null
}

function begin(mode) {
  speechSet(mode)
  close()
  speak(t(`speech_started_${mode}`))
}

function nudge(what, steps, by) {
  const at = steps.indexOf(manner.value[what])
  const next = steps[Math.min(steps.length - 1, Math.max(0, at + by))]
  manner.value = { ...manner.value, [what]: next }
  repeat()
}

/** Way({mode, icon, now}): what it means is said until one is chosen; then there is more to choose. */
const Way = ({ mode, icon, now }) => html`<${Press} kind="choice" icon=${icon}
    aria-pressed=${mode === now} onPress=${() => begin(mode)}>
  <strong>${t(`speech_${mode}`)}</strong> ${now !== mode && t(`speech_${mode}_text`)}</${Press}>`

/** Headphones are offered where the screen has a jack that silences the speaker: elsewhere nothing
 * that is spoken is private, and the screen must not say it is. */
function SpeechBox() {
  useLanguage()
  const mode = speechMode.use()
  const has = voiced.use()
  const jack = settings.use().headphones === true
  return html`<${Box} title=${t('speech_title')} onClose=${close} kind="speech" actions=${html`
      ${mode !== 'off' && html`<${Press} onPress=${() => {
        speechOff()
        close()
      }}>${t('speech_off')}</${Press}>`}
      <${Press} icon="back" onPress=${close}>${t('back')}</${Press}>`}>
    ${!has && html`<p class="bad" data-lead>${t('speech_none')}</p>`}
    <${Way} mode="speaker" icon="speech" now=${mode} />
    ${jack && html`<${Way} mode="headphones" icon="phones" now=${mode} />`}
    ${mode !== 'off' && html`<div class="knobs">
      <${Press} icon="list" onPress=${() => speakScreen()}>${t('speech_read')}</${Press}>
      <${Press} icon="plus" onPress=${() => nudge('volume', VOLUMES, 1)}>${t('speech_louder')}</${Press}>
      <${Press} icon="next" onPress=${() => nudge('rate', RATES, 1)}>${t('speech_faster')}</${Press}>
      <${Press} icon="again" onPress=${repeat}>${t('speech_repeat')}</${Press}>
      <${Press} icon="minus" onPress=${() => nudge('volume', VOLUMES, -1)}>${t('speech_softer')}</${Press}>
      <${Press} icon="back" onPress=${() => nudge('rate', RATES, -1)}>${t('speech_slower')}</${Press}>
    </div>`}
  </${Box}>`
}

const TOPICS = [['help_shop', 'help_bought'], ['help_time', 'help_touch'], ['help_keys']]

/** A page at a time: at this size of letters nobody should have to scroll for help. */
function HelpBox() {
  useLanguage()
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (at)
      speakView()
  }, [at])
  return html`<${Box} title=${t('help_title')} onClose=${close} kind="help" actions=${html`
      ${TOPICS.length > 1 && html`<${Press} icon="next"
        onPress=${() => setAt((at + 1) % TOPICS.length)}>
        ${t('help_topic', { n: at + 1, all: TOPICS.length })}</${Press}>`}
      <${Press} icon="back" onPress=${close}>${t('back')}</${Press}>`}>
    ${TOPICS[at].map((k) => html`<p key=${k} data-lead>${t(k)}</p>`)}
  </${Box}>`
}

/** Any key or touch answers; the seconds are said at the start and at ten. */
function TimeBox({ left }) {
  useLanguage()
  useEffect(() => {
    if (left === 10)
      speak(t('more_time_open', { n: left }))
  }, [left])
  return html`<${Box} title=${t('more_time_title')} onClose=${patienceDone} kind="time" actions=${html`
      <${Press} kind="primary" onPress=${patienceDone}>${t('more_time')}</${Press}>`}>
    <p data-lead>${t('more_time_text', { n: left })}</p>
  </${Box}>`
}

export function Boxes() {
  const which = over.use()
  const left = warning.use()
  const fire = burning(doors.use())
  useEffect(() => { // no window stands before it
    if (fire)
      over.value = null
  }, [fire])
  return html`${which === 'speech' && html`<${SpeechBox} />`}
    ${which === 'help' && html`<${HelpBox} />`}
    ${left !== null && !fire && html`<${TimeBox} left=${left} />`}`
}

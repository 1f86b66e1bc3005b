// view.js: what every view of the kiosk is made of: a main with its heading, which takes the focus and
// is spoken when it is come to; the tools at the foot, where a seated hand reaches them; keys and pads.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { html } from '../base/ui.js'
import { language, setLanguage, t, useLanguage } from '../base/words.js'
import { Icon } from './icons.js'
import { keysTake } from './keys.js'
import { contrast, contrastSet, over } from './person.js'
import { speakView, speechMode } from './speech.js'

/** Words that are more than their place holds can be come to by the keys, and then scrolled by them. */
function scrollersMark() {
  for (const e of document.querySelectorAll('.words, .grave, .invite, .paper, dialog .body'))
    if (e.scrollHeight > e.clientHeight + 1 && !e.querySelector('button'))
      e.tabIndex = 0
    else
      e.removeAttribute('tabindex')
}
addEventListener('resize', () => requestAnimationFrame(scrollersMark))

/** View({name, title, keys, foot, children}): `keys` as keysTake() takes them. `quiet`: the heading
 * is for ears alone. */
export function View({ name, title, keys = {}, children, foot, quiet, kind = '' }) {
  const heading = useRef()
  const own = useRef(keys)
  own.current = keys
  useLanguage()
  useEffect(() => {
    if (!document.querySelector('dialog[open]'))
      speakView()
  }, [name])
  useEffect(scrollersMark)
  // at once, not after the next picture: who types quickly has pressed the next key by then
  useLayoutEffect(() => {
    if (!document.querySelector('dialog[open]'))
      heading.current.focus({ preventScroll: true })
    const live = {}
    for (const k of ['Escape', 'Enter', 'Backspace', 'digit', 'letter'])
      Object.defineProperty(live, k, { get: () => own.current[k] })
    return keysTake(live)
  }, [name])
  return html`<main class=${`view is-${name} ${kind}`}>
    <h1 tabindex="-1" ref=${heading} class=${quiet ? 'unseen' : ''}>${title}</h1>
    ${children}
    <${Tools}>${foot}</${Tools}>
  </main>`
}

/** Press({onPress, kind, icon, label, children}): a target of at least 15 mm. */
export function Press({ onPress, kind = 'plain', icon, children, class: more = '', ...rest }) {
  return html`<button type="button" ...${rest} class=${`press ${kind} ${more}`} onClick=${onPress}>
    ${icon && html`<${Icon} name=${icon} />`}${children && html`<span>${children}</span>`}</button>`
}

/** The same in every view, in the same place (WCAG 3.2.6). */
function Tools({ children }) {
  useLanguage()
  const high = contrast.use()
  const mode = speechMode.use()
  const other = language() === 'sv' ? 'en' : 'sv'
  return html`<div class="tools" role="group" aria-label=${t('tools')}>
    <div class="own">${children}</div>
    <${Press} kind="tool" lang=${other} onPress=${() => setLanguage(other)}>
      ${other === 'sv' ? 'Svenska' : 'English'}</${Press}>
    <${Press} kind="tool" icon="contrast" aria-label=${t('tool_contrast')} aria-pressed=${high}
      onPress=${() => contrastSet(!high)} />
    <${Press} kind="tool" icon="speech" aria-label=${t('tool_speech')} aria-pressed=${mode !== 'off'}
      onPress=${() => { over.value = 'speech' }} />
    <${Press} kind="tool" icon="help" aria-label=${t('tool_help')}
      onPress=${() => { over.value = 'help' }} />
  </div>`
}

/** Pad({onDigit, onErase, onDone, done, private}): ten digits as on a telephone, tactile dot on 5 by
 * its place; each is a button that an ear can tell. */
export function Pad({ onDigit, onErase, onDone, done, doneWord }) {
  return html`<div class="pad">
    ${['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((d) => html`<${Press} key=${d} kind="digit"
      onPress=${() => onDigit(d)}>${d}</${Press}>`)}
    <${Press} kind="digit" icon="erase" aria-label=${t('key_erase')} onPress=${onErase} />
    <${Press} kind="digit" onPress=${() => onDigit('0')}>0</${Press}>
    <${Press} kind="primary digit" icon="ok" aria-label=${doneWord} disabled=${!done}
      onPress=${onDone} />
  </div>`
}

/** Box({title, children, onClose, actions}): a window over the view, modal; Escape closes it. */
export function Box({ title, children, onClose, actions, kind = '' }) {
  const box = useRef()
  useEffect(scrollersMark)
  useEffect(() => {
    const before = document.activeElement
    box.current.showModal()
    // not the part that scrolls, which a browser would take first
    box.current.querySelector('button:not(:disabled)')?.focus({ preventScroll: true })
    speakView()
    return () => before?.isConnected && before.focus?.({ preventScroll: true })
  }, [])
  return html`<dialog ref=${box} class=${kind} aria-label=${title} onCancel=${(e) => {
      e.preventDefault()
      onClose?.()
    }}>
    <h2>${title}</h2>
    <div class="body">${children}</div>
    <div class="actions">${actions}</div>
  </dialog>`
}

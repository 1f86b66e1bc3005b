// pin_view.js: the PIN of a pass that the scanner has just read. What is typed is shown as dots, never
// as digits, and digits are spoken into headphones alone. The box waits 20 s for it; then the pass has
// to be shown again, which the screen says.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { announce, isPrivateAllowed } from './speech.js'
import { Pad, Press, View } from './view.js'

const MIN = 4
const MAX = 8
/** The box forgets the pass after 20 s of its own; by then we have said so. */
const WAITS_MS = 20 * 1000

/** PinView({where: 'door/front', onOver(sentence|null)}) */
export function PinView({ where, onOver }) {
  const [pin, setPin] = useState('')
  const [sending, setSending] = useState(false)
  const [left, setLeft] = useState(WAITS_MS / 1000)
  useEffect(() => {
    const from = performance.now()
    const timer = setInterval(() => {
      const s = Math.ceil((WAITS_MS - (performance.now() - from)) / 1000)
      setLeft(s)
      if (s <= 0)
        onOver(t('pin_again'))
    }, 500)
    return () => clearInterval(timer)
  }, [])
  const digit = (d) => {
    if (pin.length >= MAX)
      return
    setPin(pin + d)
    announce(t('spoken_digits', { n: pin.length + 1 }), d)
  }
  const erase = () => {
    setPin(pin.slice(0, -1))
    announce(t('spoken_digits', { n: Math.max(0, pin.length - 1) }))
  }
  const done = async () => {
    if (pin.length < MIN || sending)
      return
    setSending(true)
    try {
      await ask(`/v1/${where}/pin`, { json: { pin } })
      onOver(null) // the verdict comes as any verdict does
    } catch (why) {
      onOver(why.code === 'no_pass' ? t('pin_again') : why.message)
    }
  }
  return html`<${View} name="pin" title=${t('pin_title')}
      keys=${{ Escape: () => onOver(null), Enter: () => done(), digit,
        Backspace: erase }}
      foot=${html`<${Press} icon="back" onPress=${() => onOver(null)}>${t('back')}</${Press}>`}>
    <div class="halves">
      <div class="words" data-lead>
        <p>${t('pin_text')}</p>
        <p class="dots" role="status" aria-label=${t('pin_field', { n: pin.length })}>
          ${'●'.repeat(pin.length)}${'○'.repeat(Math.max(0, MIN - pin.length))}</p>
        <p class="num unspoken">${t('pin_left', { n: Math.max(0, left) })}</p>
        ${!isPrivateAllowed() && html`<p class="unseen">${t('pin_private')}</p>`}
      </div>
      <${Pad} onDigit=${digit} onErase=${erase} onDone=${done} doneWord=${t('key_done')}
        done=${pin.length >= MIN && !sending} />
    </div></${View}>`
}

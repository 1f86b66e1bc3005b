// code_view.js: the digits below a bar code that no scanner reads, by the pad or a keyboard.
import { useState } from 'preact/hooks'
import { gtinRight } from '../base/ean.js'
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { announce } from './speech.js'
import { said, useOutcome } from './outcome.js'
import { Pad, Press, View } from './view.js'
import { add, outcome } from './visit.js'

const MAX = 14
const LENGTHS = [8, 12, 13, 14]

export function CodeView({ first = '', onBack }) {
  const [digits, setDigits] = useState(first)
  const [wrong, setWrong] = useState(false)
  const now = useOutcome()
  const change = (next) => {
    setDigits(next)
    setWrong(false)
    outcome.value = null
  }
  const digit = (d) => {
    if (digits.length < MAX) {
      change(digits + d)
      announce(d)
    }
  }
  const erase = () => {
    change(digits.slice(0, -1))
    announce(t('key_erase'))
  }
  const done = async () => {
    if (!digits)
      return
    // the check digit catches what a finger gets wrong before the box is asked
    if (LENGTHS.includes(digits.length) && !gtinRight(digits)) {
      setWrong(true)
      announce(t('code_wrong'))
    } else if (await add(digits)) {
      onBack()
    }
  }
  const bad = wrong ? t('code_wrong') : now?.kind === 'refused' ? said(now).own : null
  return html`<${View} name="type" title=${t('code_title')}
      keys=${{ Escape: onBack, Enter: () => done(), digit, Backspace: erase }}
      foot=${html`<${Press} icon="back" onPress=${onBack}>${t('back')}</${Press}>`}>
    <div class="halves">
      <div class="words" data-lead>
        <p class="digits num" role="status" aria-label=${`${t('code_field')} ${digits.split('').join(' ')}`}>
          ${digits.match(/.{1,4}/g)?.join(' ') ?? html`<span class="soft">–</span>`}</p>
        ${bad ? html`<p class="bad" role="alert">${bad}</p>` : html`<p>${t('code_hint')}</p>`}
      </div>
      <${Pad} onDigit=${digit} onErase=${erase} onDone=${done} doneWord=${t('code_buy')}
        done=${digits.length > 0} />
    </div></${View}>`
}

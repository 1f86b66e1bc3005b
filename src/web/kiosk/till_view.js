// till_view.js: the screen at the till: nobody's, somebody's basket, a code being typed, the list, the
// receipt. Which of them is shown follows from the visit; the person only ever goes one step in.
import { useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { BasketView } from './basket_view.js'
import { CodeView } from './code_view.js'
import { Icon } from './icons.js'
import { PickView } from './pick_view.js'
import { ReceiptView } from './receipt_view.js'
import { View } from './view.js'
import { receipt, visit } from './visit.js'

/** IdleView({last}): nobody stands here. */
export function IdleView({ last }) {
  return html`<${View} name="idle" title=${t('till_title')}>
    <div class="invite" data-lead>
      <div class="signs" aria-hidden="true"><${Icon} name="phone" /><${Icon} name="next" />
        <${Icon} name="scanner" /></div>
      <p><strong>${t('till_show')}</strong></p>
      <p>${t('till_then')}</p>
      ${last && html`<p class="last" role="status">${last}</p>`}
    </div></${View}>`
}

/** TillView({onLeave}): somebody does. Its key is the visit: another one begins with its basket. */
export function TillView({ onLeave }) {
  const [step, setStep] = useState({ name: 'basket' })
  const v = visit.use()
  const r = receipt.use()
  const back = () => setStep({ name: 'basket' })
  if (r)
    return html`<${ReceiptView} receipt=${r} onDone=${onLeave} />`
  if (!v)
    return null
  if (step.name === 'code')
    return html`<${CodeView} first=${step.first} onBack=${back} />`
  if (step.name === 'pick')
    return html`<${PickView} first=${step.first} onBack=${back} />`
  return html`<${BasketView} visit=${v} onLeave=${onLeave}
    onCode=${(first = '') => setStep({ name: 'code', first })}
    onPick=${(first = '') => setStep({ name: 'pick', first })} />`
}

// receipt_view.js: what it came to, with what each VAT rate is of it. It is in the member's phone and
// books too; here it is shown once and gone with the person.
import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { money, percent, quantity, t } from '../base/words.js'
import { Icon } from './icons.js'
import { Press, View } from './view.js'
import { groupsOf } from './visit.js'

export function ReceiptView({ receipt, onDone }) {
  const [open, setOpen] = useState(false)
  const list = useRef()
  useEffect(() => {
    if (open)
      list.current.scrollIntoView({ block: 'start' })
  }, [open])
  const rows = groupsOf(receipt.lines)
  const amount = (minor) => money(minor, receipt.currency)
  return html`<${View} name="receipt" kind="ok" title=${t('receipt_title')}
      keys=${{ Escape: onDone, Enter: onDone }}
      foot=${html`<${Press} kind="primary" icon="ok" onPress=${onDone}>${t('receipt_done')}</${Press}>`}>
    ${rows.length === 0 ? html`<div class="grave" data-lead><${Icon} name="ok" />
        <p>${t('receipt_none')}</p></div>`
    : html`<div class="paper">
      <dl data-lead data-private data-public=${t('articles', { n: rows.length })}>
        <div class="sum"><dt>${t('total')}</dt><dd class="money">${amount(receipt.total_minor)}</dd></div>
        ${receipt.vat.map((v) => html`<div key=${v.vat_bp}>
          <dt>${t('receipt_vat_of', { rate: percent(v.vat_bp) })}</dt>
          <dd class="money">${amount(v.total_minor)}</dd></div>`)}
      </dl>
      <p>${t('receipt_where')}</p>
      <${Press} icon="list" aria-expanded=${open ? 'true' : 'false'} onPress=${() => setOpen(!open)}>
        ${t(open ? 'receipt_hide' : 'receipt_show')}</${Press}>
      ${open && html`<ul class="bought" data-private ref=${list} tabindex="0">
        ${rows.map((r) => html`<li key=${r.id}>
        <span class="num">${quantity(r.quantity)}${r.pieces ? ' ×' : ' kg'}</span>
        <span class="name">${r.name}</span><span class="money">${amount(r.total_minor)}</span>
      </li>`)}</ul>`}
    </div>`}</${View}>`
}

// invoice_found.js: invoices that somebody looks for, by number, by the reference on the slip or by
// what is left of them, with whom they are for. A name that is shown is a look, and written down.
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { Badge, Money, Table, html } from '../base/ui.js'
import { day, month, t } from '../base/words.js'
import { Document } from './document.js'
import { sees } from './office.js'
import { shorter, usePaged } from './paged.js'
import { Paged } from './parts.js'

export const STATES = ['all', 'open', 'overdue', 'paid']
const WHOLE = /^([A-Z0-9-]{1,16}-\d{4}-\d{6,}|\d{2,25})$/

/** A whole number or reference as the office reads it; null: it is none yet. */
export function numberRead(text) {
  const s = text.trim().toUpperCase()
  return WHOLE.test(s) ? s : null
}

export function FoundInvoices({ shop, number, state }) {
  const list = usePaged('/v1/bills', { shop, number, state: state === 'all' ? '' : state }, 'bills',
    shorter('bills', 100))
  return html`<section class="sheet"><${Paged} of=${list}>${(rows) => html`<${Table}
    caption=${t('tab_invoices')} rows=${rows} id=${(i) => i.number} onMore=${list.onMore}
    empty=${t(number ? 'invoice_not_found' : 'invoices_none')} columns=${columns()} />`}</${Paged}></section>`
}

const columns = () => [
  { head: t('number'), main: true, by: (i) => i.number, cell: (i) => html`<span class="number">${i.number}
    ${i.credit_note && html` <${Badge}>${t('credit_note')}</${Badge}>`}
    ${i.period && html`<span class="sub">${month(i.period)}</span>`}</span>` },
  { head: t('member'), by: (i) => i.name ?? '', cell: (i) => (i.member && sees('members')
    ? html`<a href=${link('member', i.member)}>${i.name ?? alias(i.customer)}</a>`
    : i.name ?? alias(i.customer)) },
  { head: t('issued'), num: true, by: (i) => i.issued, cell: (i) => day(i.issued) },
  { head: t('due'), num: true, by: (i) => i.due, cell: (i) => (i.due ? day(i.due) : '–') },
  { head: t('payable'), num: true, by: (i) => i.payable_minor, cell: (i) =>
    html`<${Money} minor=${i.payable_minor} currency=${i.currency} />` },
  { head: t('left'), num: true, by: (i) => i.open_minor, cell: (i) =>
    html`<${Money} minor=${i.open_minor} currency=${i.currency} />` },
  ...(sees('money') ? [{ head: t('document'), cell: (i) => html`<${Document} of=${i} />` }] : []),
]

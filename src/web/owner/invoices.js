// invoices.js: a month's invoices and credit notes, and what is left to pay.
import { alias } from '../base/alias.js'
import { go, link } from '../base/route.js'
import { html, Badge, Card, Field, Money, Table, Wait } from '../base/ui.js'
import { money, month, t } from '../base/words.js'
import { useAll } from './all.js'
import { Gone, Through } from './fresh.js'
import { today } from './period.js'
import { invoices } from './source.js'
import './words_trade.js'

const FILTERS = ['all', 'unpaid', 'overdue', 'notes']
const MONTHS = 24

/** paid, unpaid, overdue, credited or credit_note. */
export function stateOf(i) {
  if (i.kind === 'credit_note')
    return 'credit_note'
  if (i.left_minor > 0)
    return i.due && i.due < today() ? 'overdue' : 'unpaid'
  return i.credited_minor && i.credited_minor >= i.payable_minor ? 'credited' : 'paid'
}

const KIND = { paid: 'ok', unpaid: 'info', overdue: 'alarm', credited: 'info', credit_note: 'info' }
export const InvoiceState = ({ invoice }) => html`<${Badge} kind=${KIND[stateOf(invoice)]}>
  ${t(`is_${stateOf(invoice)}`)}</${Badge}>`

const passes = { all: () => true, unpaid: (i) => i.kind === 'invoice' && i.left_minor > 0,
  overdue: (i) => stateOf(i) === 'overdue', notes: (i) => i.kind === 'credit_note' }

/** The months that may have been closed, the newest first. */
function monthsBack() {
  const [y, m] = today().split('-').map(Number)
  return Array.from({ length: MONTHS }, (_, n) => {
    const at = new Date(Date.UTC(y, m - 1 - n, 1))
    return at.toISOString().slice(0, 7)
  })
}

function Sum({ rows }) {
  const bills = rows.filter((i) => i.kind === 'invoice')
  if (!bills.length)
    return null
  const add = (f) => bills.reduce((sum, i) => sum + f(i), 0)
  const { currency } = bills[0]
  return html`<p>${t('inv_sum', { n: bills.length, sum: money(add((i) => i.payable_minor), currency),
    left: money(add((i) => i.left_minor ?? 0), currency) })}</p>`
}

/** The view #/invoices, #/invoices/2026-10, #/invoices/2026-10/unpaid; 'every' stands for all months. */
export default function Invoices({ rest }) {
  const months = monthsBack()
  const period = /^\d{4}-\d\d$/.test(rest[0] ?? '') ? rest[0] : rest[0] === 'every' ? '' : months[1]
  const filter = FILTERS.includes(rest[1]) ? rest[1] : 'all'
  const got = useAll((after) => invoices(period, after), 'invoices', [period])
  const rows = got.rows.filter(passes[filter])
  const columns = [
    { head: t('number'), main: true, by: (i) => i.number, cell: (i) => html`
      <a href=${link('invoice', i.number)}>${i.number}</a>` },
    { head: t('customer'), cell: (i) => alias(i.customer), by: (i) => alias(i.customer) },
    { head: t('state'), cell: (i) => html`<${InvoiceState} invoice=${i} />`, by: stateOf },
    { head: t('due_day'), cell: (i) => i.due && html`<span class="num">${i.due}</span>`,
      by: (i) => i.due },
    { head: t('payable'), num: true, by: (i) => i.payable_minor,
      cell: (i) => html`<${Money} minor=${i.payable_minor} currency=${i.currency} />` },
    { head: t('left_to_pay'), num: true, by: (i) => i.left_minor, cell: (i) =>
      (i.left_minor === null ? '' : html`<${Money} minor=${i.left_minor} currency=${i.currency} />`) }]
  return html`<h1 tabindex="-1" class="heading">${t('nav_invoices')}</h1><div class="stack">
    <${Through} />
    <div class="period"><div class="choice" role="group" aria-label=${t('filter')}>
        ${FILTERS.map((f) => html`<button type="button" key=${f} aria-pressed=${String(f === filter)}
          onClick=${() => go('invoices', period || 'every', f)}>${t(`inv_${f}`)}</button>`)}</div>
      <${Field} as="select" label=${t('invoices_month')} value=${period}
        onInput=${(p) => go('invoices', p || 'every', filter)}>
        ${months.map((m) => html`<option value=${m}>${month(m)}</option>`)}
        <option value="">${t('inv_all')}</option></${Field}></div>
    <${Gone} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Card}>
      <${Sum} rows=${rows} /><${Table} caption=${t('nav_invoices')} columns=${columns} rows=${rows}
        id=${(i) => i.number} empty=${t(filter === 'all' ? 'invoices_none'
          : 'invoices_none_kind')} /></${Card}>`}</div>`
}

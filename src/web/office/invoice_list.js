// invoice_list.js: invoices and credit notes of a month or of all, to the öre, with their sums.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { go } from '../base/route.js'
import { Badge, Button, Money, Table, html, say } from '../base/ui.js'
import { day, month, number, t } from '../base/words.js'
import { Document } from './document.js'
import { csvSave, plainMoney } from './file.js'
import { FoundInvoices, STATES, numberRead } from './invoice_found.js'
import { usePaged } from './paged.js'
import { Bar, Paged, Pick, Search, ShopPick } from './parts.js'
import { sees } from './office.js'

const MONTHS = 36

/** "2026-11", "2026-10" …: this month first. */
function months() {
  const now = new Date()
  return Array.from({ length: MONTHS }, (_, i) =>
    new Date(Date.UTC(now.getFullYear(), now.getMonth() - i, 15)).toISOString().slice(0, 7))
}

let kept = ''

/** InvoiceList({shop}): all of them in the order of their arrival with their sums; or those that are
 * looked for. */
export function InvoiceList({ shop }) {
  const [text, setText] = useState('')
  const [state, setState] = useState('all')
  const looking = sees('money') && (text.trim() || state !== 'all')
  const number = numberRead(text)
  return html`${sees('money') && html`<${Bar}>
      <${Search} label=${t('invoice_search')} value=${text} onSearch=${setText} />
      <${Pick} label=${t('state')} value=${state} onPick=${setState}
        options=${STATES.map((k) => [k, t(`bills_${k}`)])} /></${Bar}>`}
    ${!looking ? html`<${Arrived} shop=${shop} />`
    : text.trim() && !number ? html`<p class="empty">${t('invoice_search_hint')}</p>`
      : html`<${FoundInvoices} shop=${shop} number=${number ?? ''} state=${state} />`}`
}

function Arrived({ shop }) {
  const [period, setPeriod] = useState(kept)
  // `next` of this list goes on where it ends, also later: it is whole when the office says so
  const list = usePaged('/v1/invoices', { shop, period }, 'invoices',
    { limit: 500, ended: (a) => a.up_to_date })
  const csv = async () => {
    const rows = await list.all()
    csvSave(['fakturor', shop, period].filter(Boolean).join('-'), ['number', 'kind', 'shop', 'customer',
      'period', 'issued', 'due', 'ocr', 'gross', 'rounding', 'payable', 'vat', 'paid', 'credited', 'left',
      'currency', 'original', 'reason'], rows.map((i) => [i.number, i.kind, i.shop, i.customer, i.period,
      i.issued, i.due, i.ocr, plainMoney(i.gross_minor), plainMoney(i.rounding_minor),
      plainMoney(i.payable_minor), plainMoney(vatOf(i)), plainMoney(i.paid_minor),
      plainMoney(i.credited_minor), i.left_minor === null ? '' : plainMoney(i.left_minor), i.currency,
      i.original, i.reason]))
    say(t('csv_saved', { n: rows.length }))
  }
  return html`<${Bar}>
      <${ShopPick} value=${shop} any=${t('all_shops')}
        onPick=${(s) => (s ? go('money', 'invoices', s) : go('money', 'invoices'))} />
      <${Pick} label=${t('period')} value=${period} onPick=${(p) => setPeriod(kept = p)}
        options=${[['', t('all_periods')], ...months().map((m) => [m, month(m)])]} />
      <${Button} kind="quiet" onPress=${csv}>${t('save_csv')}</${Button}></${Bar}>
    <section class="sheet"><${Paged} of=${list}>${(rows) => html`
      <${Table} caption=${t('tab_invoices')} rows=${rows} id=${(i) => i.number} onMore=${list.onMore}
        empty=${t('invoices_none')} columns=${columns()} />
      ${rows.length > 0 && html`<${Sums} rows=${rows} whole=${!list.onMore} />`}`}</${Paged}></section>`
}

const vatOf = (i) => i.vat.reduce((sum, v) => sum + v.vat_minor, 0)
const Sum = ({ minor, of }) => html`<${Money} minor=${minor} currency=${of.currency} />`

const columns = () => [
  { head: t('number'), main: true, by: (i) => i.number, cell: (i) => html`<span class="number">${i.number}
    ${i.kind === 'credit_note' && html` <${Badge}>${t('credit_note')}</${Badge}>`}
    <span class="sub">${i.original ? `→ ${i.original}` : ''}</span></span>` },
  { head: t('customer'), by: (i) => i.customer, cell: (i) => (i.customer ? alias(i.customer) : '–') },
  { head: t('issued'), num: true, by: (i) => i.issued, cell: (i) => day(i.issued) },
  { head: t('due'), num: true, by: (i) => i.due, cell: (i) => (i.due ? day(i.due) : '–') },
  { head: t('payable'), num: true, by: (i) => i.payable_minor, cell: (i) =>
    html`<${Sum} minor=${i.payable_minor} of=${i} />` },
  { head: t('vat_sum'), num: true, by: vatOf, cell: (i) => html`<${Sum} minor=${vatOf(i)} of=${i} />` },
  { head: t('paid'), num: true, by: (i) => i.paid_minor, cell: (i) => html`<${Sum} minor=${i.paid_minor}
    of=${i} />` },
  { head: t('left'), num: true, by: (i) => i.left_minor,
    cell: (i) => (i.left_minor === null ? '–' : html`<${Sum} minor=${i.left_minor} of=${i} />`) },
  ...(sees('money') ? [{ head: t('document'), cell: (i) => html`<${Document} of=${i} />` }] : []),
]

/** What the rows come to, a currency at a time: whole numbers added, nothing rounded. */
function Sums({ rows, whole }) {
  const by = new Map()
  for (const i of rows) {
    const sum = by.get(i.currency) ?? { payable: 0, vat: 0, left: 0 }
    sum.payable += i.payable_minor
    sum.vat += vatOf(i)
    sum.left += i.left_minor ?? 0
    by.set(i.currency, sum)
  }
  return [...by].map(([currency, sum]) => html`<div key=${currency}>
    <p class="soft small">${t(whole ? 'sum_of' : 'sum_of_shown', { n: number(rows.length) })}</p>
    <dl class="sums">${[['payable', sum.payable], ['vat_sum', sum.vat], ['left', sum.left]].map(([k, n]) =>
      html`
      <div key=${k}><dt>${t(k)}</dt><dd><${Money} minor=${n}
        currency=${currency} /></dd></div>`)}</dl></div>`)
}

// member_view.js: what a member bought, was invoiced and paid, over the shops that we may see.
import { link } from '../base/route.js'
import { Badge, Card, Money, Notice, Table, html, useAsked } from '../base/ui.js'
import { day, moment, percent, quantity, t } from '../base/words.js'
import { Document } from './document.js'
import { LONG_MS, office, sees } from './office.js'
import { Asked } from './parts.js'

export function MemberView({ member }) {
  const asked = useAsked(() => office(`/v1/members/${member}/view`, { ms: LONG_MS }), [member])
  return html`<${Asked} asked=${asked}>${(v) => html`<div class="stack">
    ${v.open_minor !== undefined && html`<dl class="sums"><div><dt>${t('open_total')}</dt>
      <dd><${Money} minor=${v.open_minor} currency=${v.currency} /></dd></div></dl>`}
    ${!v.complete && html`<${Notice}>${t('view_incomplete')}</${Notice}>`}
    <${Card} title=${t('member_invoices')}><${Invoices} rows=${v.invoices} /></${Card}>
    <${Card} title=${t('purchases')}><${Purchases} rows=${v.purchases} /></${Card}>
    <${Card} title=${t('visits')}><${Visits} rows=${v.visits} /></${Card}>
    <${Card} title=${t('member_payments')}><${Payments} rows=${v.payments} /></${Card}></div>`}</${Asked}>`
}

const shopCell = (r) => html`<a href=${link('shop', r.shop)}>${r.shop}</a>`
const Sum = ({ minor, of }) => html`<${Money} minor=${minor} currency=${of.currency} />`

function Invoices({ rows }) {
  return html`<${Table} caption=${t('member_invoices')} rows=${rows} id=${(i) => i.number}
    empty=${t('invoices_none_member')} columns=${[
      { head: t('number'), main: true, by: (i) => i.number, cell: (i) => html`<span>${i.number}
        ${i.credit_note && html` <${Badge}>${t('credit_note')}</${Badge}>`}</span>` },
      { head: t('shop'), by: (i) => i.shop, cell: shopCell },
      { head: t('issued'), num: true, by: (i) => i.issued, cell: (i) => (i.issued ? day(i.issued) : '–') },
      { head: t('due'), num: true, by: (i) => i.due, cell: (i) => (i.due ? day(i.due) : '–') },
      { head: t('payable'), num: true, by: (i) => i.payable_minor,
        cell: (i) => html`<${Sum} minor=${i.payable_minor} of=${i} />` },
      { head: t('left'), num: true, by: (i) => i.open_minor,
        cell: (i) => html`<${Sum} minor=${i.open_minor} of=${i} />` },
      ...(sees('money') ? [{ head: t('document'), cell: (i) => html`<${Document} of=${i} />` }] : []),
    ]} />`
}

function Purchases({ rows }) {
  return html`<${Table} caption=${t('purchases')} rows=${rows} id=${(l) => `${l.shop} ${l.seq}`}
    empty=${t('purchases_none')} columns=${[
      { head: t('article'), main: true, by: (l) => l.name, cell: (l) => html`<span>${l.name}
        ${(l.voided || l.credited) && html` <${Badge}>${t(l.voided ? 'taken_back' : 'credited')}</${Badge}>`}
        <span class="sub">${l.gtin}</span></span>` },
      { head: t('when'), num: true, by: (l) => l.at, cell: (l) => (l.at ? moment(l.at) : '–') },
      { head: t('shop'), by: (l) => l.shop, cell: shopCell },
      { head: t('quantity'), num: true, by: (l) => l.quantity, cell: (l) => quantity(l.quantity) },
      { head: t('unit_price'), num: true, by: (l) => l.unit_price_minor,
        cell: (l) => html`<${Sum} minor=${l.unit_price_minor} of=${l} />` },
      { head: t('vat'), num: true, by: (l) => l.vat_bp, cell: (l) => percent(l.vat_bp) },
      { head: t('total'), num: true, by: (l) => l.total_minor,
        cell: (l) => html`<${Sum} minor=${l.total_minor} of=${l} />` },
    ]} />`
}

function Visits({ rows }) {
  return html`<${Table} caption=${t('visits')} rows=${rows} id=${(v) => `${v.shop} ${v.visit}`}
    empty=${t('visits_none')} columns=${[
      { head: t('opened_at'), main: true, by: (v) => v.opened_at, cell: (v) => moment(v.opened_at) },
      { head: t('closed_at'), num: true, cell: (v) => (v.closed_at ? moment(v.closed_at) : t('still_open')) },
      { head: t('shop'), by: (v) => v.shop, cell: (v) => html`<span>${shopCell(v)}
        <span class="sub">${v.place === 'till' ? t('at_till') : v.place}</span></span>` },
      { head: t('lines'), num: true, by: (v) => v.lines, cell: (v) => v.lines },
      { head: t('total'), num: true, by: (v) => v.total_minor,
        cell: (v) => html`<${Sum} minor=${v.total_minor} of=${v} />` },
    ]} />`
}

function Payments({ rows }) {
  return html`<${Table} caption=${t('member_payments')} rows=${rows} id=${(p) => `${p.shop} ${p.payment}`}
    empty=${t('payments_none_member')} columns=${[
      { head: t('booked'), main: true, by: (p) => p.booked, cell: (p) => (p.booked ? day(p.booked) : '–') },
      { head: t('shop'), by: (p) => p.shop, cell: shopCell },
      { head: t('number'), cell: (p) => p.invoice ?? '–' },
      { head: t('amount'), num: true, by: (p) => p.amount_minor,
        cell: (p) => html`<${Sum} minor=${p.amount_minor} of=${p} />` },
    ]} />`
}

// invoice.js: one invoice with its lines, credited whole or a line at a time, and its document from
// the office, which alone knows the name.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { place } from '../base/place.js'
import { link } from '../base/route.js'
import { html, Button, Card, Heading, Money, Notice, Table, Wait, say, useAsked } from '../base/ui.js'
import { day, money, percent, quantity, t } from '../base/words.js'
import { Credit } from './credit.js'
import { Gone, Through } from './fresh.js'
import { InvoiceState } from './invoices.js'
import { hasOffice } from './people.js'
import { askOffice } from './session.js'
import { atShop, creditInvoice, creditLine, invoice, invoices, movements, visit } from './source.js'
import './words_trade.js'
import './words_visit.js'

const LOOK_MS = 30000 // a PDF is made when it is asked for

/** The visit and key of an invoice's line, by the entry that both bear. */
async function lineFind(line) {
  const { movements: [sale] } = await movements(line.gtin, line.seq - 1)
  if (sale?.seq !== line.seq || !sale.visit)
    throw new Error(t('credit_lost'))
  const v = await visit(sale.visit)
  const step = v.steps.find((s) => s.kind === 'line' && s.seq === line.seq)
  if (!step)
    throw new Error(t('credit_lost'))
  return { visit: sale.visit, key: step.line.key, name: line.name }
}

async function fetchDocument(number) {
  const response = await askOffice(`/v1/shops/${place.value.shop}/invoices/${number}?format=pdf`,
    { accept: 'application/pdf', ms: LOOK_MS })
  const a = document.createElement('a')
  a.href = URL.createObjectURL(await response.blob())
  a.download = `${number}.pdf`
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), LOOK_MS)
}

function Lines({ i, onCredit }) {
  const columns = [
    { head: t('article'), main: true, cell: (l) => l.name, by: (l) => l.name },
    { head: t('bought'), cell: (l) => html`<span class="num">${l.bought}</span>`,
      by: (l) => l.bought },
    { head: t('quantity'), num: true, cell: (l) => quantity(l.quantity) },
    { head: t('unit_price'), num: true, cell: (l) => money(l.unit_price_minor, l.currency) },
    { head: t('vat'), num: true, cell: (l) => percent(l.vat_bp) },
    { head: t('sum'), num: true, by: (l) => l.goods_minor, cell: (l) => html`<span>
      <${Money} minor=${l.goods_minor + l.deposit_minor} currency=${l.currency} />
      ${l.deposit_minor !== 0 && html`<br /><span class="soft small">${t('deposit')} ${money(
    l.deposit_minor, l.currency)}</span>`}</span>` },
    ...(i.kind === 'invoice' && atShop() ? [{ head: t('credit'), cell: (l) => html`<${Button} kind="quiet"
      class="small-press" aria-label=${t('credit_line', { name: l.name })}
      onPress=${() => onCredit(l)}>${t('credit')}</${Button}>` }] : [])]
  return html`<${Card} title=${t('invoice_lines')}><${Table} caption=${t('invoice_lines')}
    columns=${columns} rows=${i.lines} id=${(l) => l.seq} empty="–" /></${Card}>`
}

function Sums({ i }) {
  const rows = [['gross', i.gross_minor], ['rounding', i.rounding_minor],
    ['payable', i.payable_minor], ['paid', i.paid_minor], ['is_credited', i.credited_minor],
    ...(i.left_minor === null ? [] : [['left_to_pay', i.left_minor]])]
  return html`<dl class="sums">${rows.filter(([k, v]) => v || k === 'payable' || k === 'left_to_pay')
    .map(([k, v]) => html`<div key=${k} class=${k}><dt>${t(k)}</dt><dd><${Money} minor=${v}
      currency=${i.currency} /></dd></div>`)}
    ${i.vat.map((v) => html`<div key=${v.vat_bp} class="soft"><dt>${t('vat_row',
    { rate: percent(v.vat_bp) })}</dt><dd><${Money} minor=${v.vat_minor} currency=${v.currency} />
      </dd></div>`)}</dl>`
}

function Facts({ i }) {
  const date = (d) => day(`${d}T12:00:00Z`)
  return html`<dl class="facts"><div><dt>${t('customer')}</dt><dd>${alias(i.customer)}</dd></div>
    <div><dt>${t('issued')}</dt><dd>${date(i.issued)}</dd></div>
    ${i.due && html`<div><dt>${t('due_day')}</dt><dd>${date(i.due)}</dd></div>`}
    ${i.ocr && html`<div><dt>${t('ocr')}</dt><dd class="num">${i.ocr}</dd></div>`}</dl>
    ${i.original && html`<p><a href=${link('invoice', i.original)}>${t('original',
      { number: i.original })}</a> ${i.reason && t(`reason_${i.reason}`)} ${i.why}</p>`}`
}

/** Away from the shop the office has the invoice without its lines. */
async function fromOffice(number) {
  let after
  do {
    const page = await invoices(undefined, after)
    const found = page.invoices.find((i) => i.number === number)
    if (found)
      return { ...found, lines: null, vat: found.vat }
    after = page.next
  } while (after !== null)
  throw new Error(t('invoices_none_kind'))
}

/** The view #/invoice/{number}. */
export default function Invoice({ rest: [number] }) {
  const asked = useAsked(() => (atShop() ? invoice(number) : fromOffice(number)), [number])
  const [credit, setCredit] = useState(null)
  const i = asked.value
  const back = link('invoices')
  const document = async () => {
    try {
      await fetchDocument(number)
    } catch (why) {
      say(why.message)
    }
  }
  const creditOne = async (line) => {
    say(t('credit_find'))
    try {
      const found = await lineFind(line)
      setCredit({ title: t('credit_line', { name: found.name }), what: t('credit_line_what'),
        send: (json) => creditLine(found.visit, found.key, json) })
    } catch (why) {
      say(why.message)
    }
  }
  const creditAll = () => setCredit({ title: t('credit_invoice'), what: t('credit_invoice_what',
    { number, sum: money(i.payable_minor, i.currency) }),
  send: (json) => creditInvoice(number, json) })
  if (!i)
    return html`<${Heading} back=${back}>${number}</${Heading}><${Gone} asked=${asked} />
      ${!asked.why && html`<${Wait} />`}`
  return html`<${Heading} back=${back} aside=${html`<${InvoiceState} invoice=${i} />`}>
      ${t(i.kind)} ${number}</${Heading}><div class="stack"><${Through} />
    <${Card}><${Facts} i=${i} /><${Sums} i=${i} />
      <div class="row">${hasOffice() && html`<${Button} onPress=${document}>${t('document')}</${Button}>`}
        ${atShop() && i.kind === 'invoice' && stateAllows(i) && html`<${Button} kind="plain warnish"
          onPress=${creditAll}>${t('credit_invoice')}</${Button}>`}</div></${Card}>
    ${i.lines ? html`<${Lines} i=${i} onCredit=${creditOne} />`
    : html`<${Notice}>${t('no_lines_away')}</${Notice}>`}
    ${credit && html`<${Credit} ...${credit} onClose=${() => setCredit(null)}
      onDone=${asked.again} />`}</div>`
}

const stateAllows = (i) => i.credited_minor < i.payable_minor

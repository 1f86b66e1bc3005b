// basket.js: the basket as rows. A row that the shop has confirmed bears a tick; one that waits says
// so; one that was refused says why, and what to do.
import { useState } from 'preact/hooks'
import { Button, Dialog, Field, html, Money, Rows } from '../base/ui.js'
import { day, money, quantity, t } from '../base/words.js'
import { Form } from './form.js'
import { priceOf, prices } from './prices.js'
import { basketRows, quantityChange } from './queue.js'
import { again, letBe, scanned, undo } from './sender.js'

/** By the price list, before the shop has said no itself: who has no net is not to eat it meanwhile. */
const NOT_SOLD = { recalled: 'shop_recalled', expired: 'shop_expired' }
/** The key of the words that say so; undefined: it is sold, as far as is known. */
export const notSold = (code) => NOT_SOLD[priceOf(code, 1000)?.product.state]

/** What a row is called and costs: the shop's word, else the price list's. */
export function rowFacts(row) {
  const said = row.lines.find((l) => l.answer)?.answer
  const guess = said ? null : priceOf(row.code, 1000)
  const name = said?.name ?? guess?.name ?? t('shop_thing', { code: row.code.slice(0, 24) })
  let total = 0
  let whole = true
  let units = 0
  let deposit = 0
  for (const l of row.lines) {
    const sum = l.answer ?? priceOf(l.code, l.quantity)
    whole &&= Boolean(l.answer)
    total += sum?.total_minor ?? 0
    deposit += sum?.deposit_minor ?? 0
    units += l.answer?.quantity ?? sum?.quantity ?? l.quantity
  }
  const unit = said?.unit_price_minor ?? guess?.unit_price_minor
  const pieces = row.lines.every((l) => (l.answer?.quantity ?? l.quantity) === l.quantity) &&
    units % 1000 === 0 && !(guess && guess.quantity !== 1000)
  return { name, total, whole, units, deposit, unit, pieces, known: Boolean(said ?? guess),
    currency: said?.currency ?? guess?.currency ?? 'SEK', warning: said?.warning,
    best_before: said?.best_before, not: said ? null : notSold(row.code) }
}

/** Minor units of all rows; `whole`: the shop has said all of them. */
export function basketSum(lines) {
  let [total, whole, things] = [0, true, 0]
  for (const row of basketRows(lines).filter(counts)) {
    const f = rowFacts(row)
    total += f.total
    whole &&= f.whole
    things += f.pieces ? f.units / 1000 : row.lines.length
  }
  return { total, whole, things }
}

const counts = (row) => !['refused', 'doubt'].includes(row.lines[0].state)

/** One row's word about itself. */
function State({ row }) {
  const states = new Set(row.lines.map((l) => (l.state === 'kept' ? 'waits'
    : l.state === 'till' ? 'at_till' : 'bought')))
  const worst = states.has('waits') ? 'waits' : states.has('at_till') ? 'at_till' : 'bought'
  return html`<span class=${`state ${worst}`}>${worst === 'bought' && html`<svg viewBox="0 0 16 16"
      aria-hidden="true"><path d="M2.5 8.5l3.5 3.5 7.5-8" fill="none" stroke="currentColor"
      stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" /></svg>`}
    ${t(`shop_${worst}`)}</span>`
}

function Refused({ row, facts }) {
  const [line] = row.lines
  const doubt = line.state === 'doubt'
  return html`<div class="basket-row refused">
    <h2>${facts.name}</h2><strong>${doubt ? '' : t('shop_not_bought')}</strong>
    <p>${doubt ? t('shop_doubt') : line.problem.message}</p>
    <div class="row">
      ${doubt ? html`<${Button} onPress=${() => letBe(line.key)}>${t('shop_doubt_let')}</${Button}>
        <${Button} onPress=${() => again(line.key)}>${t('shop_doubt_send')}</${Button}>`
    : html`<${Button} onPress=${() => undo([line.key])}>${t('shop_ok')}</${Button}>
        ${line.problem.code === 'credit_exhausted' && html`<${Button}
          onPress=${() => again(line.key)}>${t('shop_again')}</${Button}>`}`}</div></div>`
}

function Many({ row, facts, onChange, onClose }) {
  const [text, setText] = useState(String(facts.units / 1000))
  const [error, setError] = useState(null)
  const send = async () => {
    const right = /^\d{1,3}$/.test(text.trim())
    setError(right ? null : t('shop_number_wrong'))
    if (right) {
      onClose()
      await onChange(row, Number(text) * 1000)
    }
  }
  return html`<${Dialog} title=${t('shop_many', { name: facts.name })} onClose=${onClose}>
    <${Form} onSend=${send} word=${t('shop_change')}><${Field} label=${t('shop_number')}
      value=${text} onInput=${setText} inputmode="numeric" error=${error} /></${Form}></${Dialog}>`
}

function Row({ row, onRemove }) {
  const [many, setMany] = useState(false)
  const facts = rowFacts(row)
  if (!counts(row))
    return html`<${Refused} row=${row} facts=${facts} />`
  const { name, currency } = facts
  const change = async (r, wanted) => {
    const { add, undo: gone } = quantityChange(r.lines, wanted)
    if (gone.length)
      await undo(gone)
    if (add > 0)
      await scanned(r.code, add)
    if (wanted === 0)
      onRemove(name)
  }
  const step = (by) => change(row, facts.units + by * 1000)
  const kept = row.lines.find((l) => l.problem)
  return html`<div class="basket-row">
    <h2>${name}</h2>
    <span class=${`sum ${facts.whole ? '' : 'about'}`}>${facts.known
    ? html`<${Money} minor=${facts.total} currency=${currency} />` : '…'}</span>
    <p class="soft small what">${facts.pieces
    ? facts.known && t('shop_each', { money: money(facts.unit, currency) })
    : facts.known && t('shop_per_kg', { quantity: quantity(facts.units),
      money: money(facts.unit, currency) })}${facts.deposit > 0 &&
      html`, ${t('shop_deposit', { money: money(facts.deposit, currency) })}`}
      ${' '}<${State} row=${row} /></p>
    ${facts.warning && html`<p class="small warned">${t('shop_best_before',
    { day: day(`${facts.best_before}T12:00:00Z`) })}</p>`}
    ${facts.not && html`<p class="small warned" role="alert">${t(facts.not)}</p>`}
    ${kept && html`<p class="small warned"><strong>${t('shop_still_bought')}:</strong> ${' '}
      ${kept.problem.message}</p>`}
    <div class="stepper">${facts.pieces
    ? html`<${Button} aria-label=${t('shop_less', { name })} onPress=${() => step(-1)}>−</${Button}>
        <button type="button" class="button number" onClick=${() => setMany(true)}
          aria-label=${`${facts.units / 1000}. ${t('shop_many', { name })}`}>${facts.units / 1000}</button>
        <${Button} aria-label=${t('shop_more', { name })} onPress=${() => step(1)}>+</${Button}>`
    : html`<${Button} aria-label=${t('shop_remove_of', { name })}
        onPress=${() => change(row, 0)}>${t('shop_remove')}</${Button}>`}</div>
    ${many && html`<${Many} row=${row} facts=${facts} onChange=${change}
      onClose=${() => setMany(false)} />`}
  </div>`
}

export function Basket({ lines, onRemove }) {
  prices.use()
  return html`<${Rows} class="basket" label=${t('shop_basket')} items=${basketRows(lines)}
    id=${(row) => row.id} empty=${t('shop_empty')}
    row=${(row) => html`<${Row} row=${row} onRemove=${onRemove} />`} />`
}

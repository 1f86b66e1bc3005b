// basket_view.js: what was bought so far, the newest on top, and what it comes to. One row stands open
// (the last one touched or scanned) and holds what can be done with it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from '../base/ui.js'
import { day, money, quantity, t } from '../base/words.js'
import { Icon } from './icons.js'
import { said, useOutcome } from './outcome.js'
import { Press, View } from './view.js'
import { add, busy, chosen, finish, groupsOf, less, outcome, plain, remove, undo, undoable }
  from './visit.js'

const PAGE = 50 // rows that are drawn at once
const TOTAL_WIDE = 10 // letters; more are drawn smaller, never smaller than the rest

function Row({ row, n, open }) {
  const own = useRef()
  useEffect(() => {
    if (open)
      own.current.scrollIntoView?.({ block: 'nearest' })
  }, [open, row.quantity])
  const amount = money(row.total_minor, row.currency)
  return html`<li class=${open ? 'open' : ''} ref=${own}>
    <button type="button" class="line" aria-expanded=${open ? 'true' : 'false'}
        data-private data-public=${t('row_public', { n })}
        onClick=${() => { chosen.value = open ? null : row.id }}>
      <span class="name"><span class="num">${quantity(row.quantity)}${row.pieces ? ' ×' : ' kg'}</span>
${'\u00a0'}${row.name}</span>
      <span class="money">${amount}</span></button>
    ${open && html`<div class="line-more">
      <p data-private>
        ${row.pieces && row.quantity > 1000 && html`<span class="each">
          ${t('each', { amount: money(row.unit_price_minor, row.currency) })}</span> `}
        ${row.deposit_minor > 0 && html`<span>
          ${t('deposit', { amount: money(row.deposit_minor, row.currency) })}</span> `}
        ${row.best_before && html`<span class="old"><${Icon} name="alarm" />
          ${t('best_before', { day: day(row.best_before) })}</span>`}</p>
      <div class="does">
        ${row.pieces && row.quantity > 1000 && html`<${Press} icon="minus" aria-label=${t('less')}
          onPress=${() => less(row)} />`}
        ${row.pieces && plain(row.lines.at(-1)) && html`<${Press} icon="plus"
          aria-label=${t('more_pieces')} onPress=${() => add(row.gtin)} />`}
        <${Press} icon="bin" onPress=${() => remove(row.lines, row.name)}>${t('remove')}</${Press}>
      </div></div>`}
  </li>`
}

function List({ rows }) {
  const open = chosen.use()
  const [shown, setShown] = useState(PAGE)
  return html`<ul class="lines" aria-label=${t('basket_list')}>
    ${rows.slice(0, shown).map((row, i) => html`<${Row} key=${row.id} row=${row} n=${i + 1}
      open=${row.id === open} />`)}
    ${rows.length > shown && html`<li><${Press} class="wide"
      onPress=${() => setShown(shown + PAGE)}>${t('more', { n: rows.length - shown })}</${Press}></li>`}
  </ul>`
}

/** What came of the last thing done: a refusal stays until something else is. */
function Outcome() {
  const now = useOutcome()
  if (!now)
    return html`<div role="status"></div>`
  if (now.kind === 'taken') // the row itself shows it
    return html`<div class="unseen" role="status" data-private data-public=${said(now).open}>
      ${said(now).own}</div>`
  const bad = now.kind === 'refused' || now.kind === 'rescan' ||
    (now.kind === 'basket' && now.refused > 0)
  return html`<div class=${`outcome ${bad ? 'bad' : 'good'}`} role=${bad ? 'alert' : 'status'}>
    <${Icon} name=${bad ? 'no' : 'ok'} />
    <p data-private data-public=${said(now).open}>
      ${now.kind === 'refused' && html`<strong>${t('refused_title')}</strong>`} ${said(now).own}</p>
    ${bad && html`<${Press} onPress=${() => { outcome.value = null }}>${t('ok')}</${Press}>`}
  </div>`
}

export function BasketView({ visit, onCode, onPick, onLeave }) {
  const rows = groupsOf(visit.lines)
  const steps = undoable.use()
  const working = busy.use() > 0
  const total = money(visit.total_minor, visit.currency)
  const count = rows.reduce((n, r) => n + (r.pieces ? r.quantity / 1000 : 1), 0)
  return html`<${View} name="basket" title=${t('basket_title')} quiet
      keys=${{ digit: onCode, letter: onPick, Escape: () => { chosen.value = null } }}
      foot=${html`<${Press} kind="primary" icon="ok" disabled=${!visit.ready || working}
        onPress=${finish}>${t('finish')}</${Press}>
        <${Press} icon="leave" onPress=${onLeave}>${t('tool_leave')}</${Press}>`}>
    <div class="shopping">
      <div class="left">
        <${Outcome} />
        ${!visit.ready ? html`<p class="empty" role="status">${t('basket_opening')}</p>`
    : rows.length ? html`<${List} rows=${rows} />`
      : html`<div class="empty" data-lead><p><strong>${t('basket_empty')}</strong></p>
          <p>${t('basket_empty_more')}</p></div>`}
      </div>
      <div class="right">
        <p class="sum" data-lead data-private
            data-public=${t('articles', { n: count })}>
          <span class="count">${t('articles', { n: count })}</span>
          <span class="unseen">${t('total')}</span>
          <strong class=${`money ${total.length > TOTAL_WIDE ? 'much' : ''}`}>${total}</strong></p>
        ${visit.credit_left_minor !== null && html`<p class="credit" data-private>
          ${t('credit_left')} <span class="money">
          ${money(visit.credit_left_minor, visit.currency)}</span></p>`}
        <${Press} icon="list" disabled=${!visit.ready} onPress=${() => onPick()}>${t('pick')}</${Press}>
        <${Press} icon="keypad" disabled=${!visit.ready} onPress=${() => onCode()}>
          ${t('type_code')}</${Press}>
        <${Press} icon="undo" disabled=${!steps.length || working} onPress=${undo}>${t('undo')}</${Press}>
      </div>
    </div></${View}>`
}

// stock.js: what stands on the shelves, what to order, what expires, what was missing; and the ways
// to scan goods in and out.
import { useState } from 'preact/hooks'
import { go, link } from '../base/route.js'
import { html, Badge, Button, Card, Field, Money, Notice, Table, Wait, useAsked }
  from '../base/ui.js'
import { moment, money, quantity, t } from '../base/words.js'
import { fits, useAll } from './all.js'
import { Gone, Through } from './fresh.js'
import { KINDS } from './goods.js'
import { dayPlus, today } from './period.js'
import { atShop, lots, order, shrink, stock } from './source.js'
import './words_trade.js'

const TABS = ['all', 'order', 'expires', 'missing']
const SOON_DAYS = 14

const name = (r) => html`<a href=${link('article', r.gtin)}>${r.name
  ?? t('left_catalogue', { gtin: r.gtin })}</a>`

const columnsOf = (list) => [{ head: t('article'), main: true, cell: name,
  by: (r) => r.name ?? r.gtin }, ...list]

function All() {
  const [search, setSearch] = useState('')
  const got = useAll(stock, 'stock')
  const rows = search ? got.rows.filter((r) => fits(search, r.name, r.gtin)) : got.rows
  const low = (r) => r.reorder_at !== null && r.reorder_at !== undefined && r.on_hand < r.reorder_at
  const columns = columnsOf([
    { head: t('on_hand'), num: true, by: (r) => r.on_hand, cell: (r) => html`
      ${low(r) && html`<${Badge} kind="warn">${t('stock_order')}</${Badge}> `}${quantity(r.on_hand)}` },
    { head: t('unit_cost'), num: true, by: (r) => r.unit_cost_minor,
      cell: (r) => (r.unit_cost_minor ? money(r.unit_cost_minor, r.currency) : '–') },
    ...(atShop() ? [{ head: t('stock_value'), num: true, by: (r) => r.value_minor,
      cell: (r) => html`<${Money} minor=${r.value_minor} currency=${r.currency} />` },
    { head: t('counted_at'), by: (r) => r.counted_at,
      cell: (r) => (r.counted_at ? moment(r.counted_at) : t('never_counted')) }] : [])])
  return html`<${Card}><${Field} type="search" label=${t('stock_search')} value=${search}
      onInput=${setSearch} />
    <${Gone} asked=${got} />
    ${got.busy && html`<${Wait} />`}
    ${got.more && html`<${Notice}>${t('more_exist')}</${Notice}>`}
    ${!(got.busy && !rows.length) && !got.why && html`<${Table} caption=${t('stock_all')}
      columns=${columns} rows=${rows} id=${(r) => r.gtin}
      empty=${t(search ? 'stock_no_hit' : 'stock_none')} />`}</${Card}>`
}

function Order() {
  const asked = useAsked(() => order(), [])
  const v = asked.value
  const left = (r) => (r.days_left === null ? t('days_unknown') : t('days_left', { n: r.days_left }))
  const columns = columnsOf([
    { head: t('order_suggest'), num: true, by: (r) => r.suggest,
      cell: (r) => html`<strong>${quantity(r.suggest)}</strong>` },
    { head: t('on_hand'), num: true, cell: (r) => quantity(r.on_hand), by: (r) => r.on_hand },
    { head: t('order_left'), num: true, cell: left, by: (r) => r.days_left },
    { head: t('order_week'), num: true, cell: (r) => quantity(r.sold_week), by: (r) => r.sold_week }])
  return html`<${Card}><${Gone} asked=${asked} />
    ${!v ? !asked.why && html`<${Wait} />` : html`
      <div class="row between no-print"><p class="soft small">${t('order_from', v)}</p>
        ${v.order.length > 0 && html`<${Button} onPress=${() => print()}>${t('order_print')}
          </${Button}>`}</div>
      <${Table} caption=${t('stock_order')} columns=${columns} rows=${v.order} id=${(r) => r.gtin}
        empty=${t('order_none')} />${v.more && html`<${Notice}>${t('more_exist')}</${Notice}>`}`}
  </${Card}>`
}

function Expires() {
  const asked = useAsked(() => lots(dayPlus(today(), SOON_DAYS)), [])
  const v = asked.value
  const day = (l) => l.use_by ?? l.best_before
  const columns = columnsOf([
    { head: t('left'), num: true, cell: (l) => quantity(l.left), by: (l) => l.left },
    { head: t('day'), by: day, cell: (l) => html`${day(l) < today() && html`<${Badge} kind="alarm">
      ${t('expired_days')}</${Badge}> `}${t(l.use_by ? 'use_by_short' : 'best_before_short',
      { day: day(l) })}` },
    { head: t('lot'), cell: (l) => l.lot ?? '' }])
  return html`<${Card}><${Gone} asked=${asked} />
    ${!v ? !asked.why && html`<${Wait} />` : html`<${Table} caption=${t('stock_expires')}
      columns=${columns} rows=${v.lots} id=${(l) => `${l.gtin}${l.lot}${day(l)}`}
      empty=${t('expires_none', { n: SOON_DAYS })} />
      ${v.more && html`<${Notice}>${t('more_exist')}</${Notice}>`}`}</${Card}>`
}

function Missing() {
  const got = useAll(shrink, 'shrink')
  const columns = columnsOf([
    { head: t('missing'), num: true, cell: (r) => quantity(r.missing), by: (r) => r.missing },
    { head: t('stock_value'), num: true, by: (r) => r.value_minor,
      cell: (r) => html`<${Money} minor=${r.value_minor} currency=${r.currency} />` },
    { head: t('missing_visits'), num: true, cell: (r) => r.visits, by: (r) => r.visits },
    { head: t('counted_at'), cell: (r) => moment(r.at), by: (r) => r.at }])
  return html`<${Card}><p class="soft">${t('missing_note')}</p><${Gone} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Table}
      caption=${t('stock_missing')} columns=${columns} rows=${[...got.rows].reverse()}
      id=${(r) => r.seq} empty=${t('missing_none')} />`}</${Card}>`
}

const BODY = { all: All, order: Order, expires: Expires, missing: Missing }

/** The view #/stock, #/stock/order, #/stock/expires, #/stock/missing. */
export default function Stock({ rest }) {
  const tab = TABS.includes(rest[0]) ? rest[0] : 'all'
  const Body = BODY[tab]
  return html`<h1 tabindex="-1" class="heading">${t('nav_stock')}</h1><div class="stack">
    <${Through} />
    ${atShop() && html`<div class="row no-print" role="group" aria-label=${t('stock_actions')}>
      ${KINDS.map((k) => html`<a key=${k} href=${link('goods', k)}
        class=${`button ${k === 'delivery' ? 'primary' : ''}`}>${t(`goods_${k}`)}</a>`)}
      <a class="button" href=${link('questions')}>${t('questions')}</a></div>`}
    <div class="choice no-print" role="group" aria-label=${t('nav_stock')}>${TABS.map((x) => html`
      <button type="button" key=${x} aria-pressed=${String(x === tab)}
        onClick=${() => go('stock', x)}>${t(`stock_${x}`)}</button>`)}</div>
    <${Body} key=${tab} /></div>`
}


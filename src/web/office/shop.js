// shop.js: one shop: how it is, what it has said, what it may be told, and who is told about it. Each
// part is a tab with an address of its own.
import { useEffect, useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { Badge, Card, Heading, Notice, html, useAsked } from '../base/ui.js'
import { dayShort, moment, number, t } from '../base/words.js'
import { StateBadge, Was, doorWords } from './fleet.js'
import { KINDS, isFresh, stateOf, unsent } from './fleet_state.js'
import { fleet, fleetPut } from './fleet_store.js'
import { may, office, sees } from './office.js'
import { Asked, Facts, Old, Tabs, span, useNow, word } from './parts.js'
import { ShopAlarms } from './shop_alarms.js'
import { ShopBox } from './shop_box.js'
import { ShopContacts } from './shop_contacts.js'
import { ShopRemote } from './shop_remote.js'
import { ShopRules } from './shop_rules.js'
import { ShopSettings } from './shop_settings.js'
import './words_shop.js'

// [tab, right, view]
const TABS = [
  ['', 'fleet', ({ s }) => html`<${Now} s=${s} />`],
  ['alarms', 'fleet', ({ s }) => html`<${ShopAlarms} shop=${s.shop} />`],
  ['remote', 'remote', ({ s }) => html`<${ShopRemote} s=${s} />`],
  ['contacts', 'fleet', ({ s }) => html`<${ShopContacts} shop=${s.shop} />`],
  ['rules', 'goods', ({ s }) => html`<${ShopRules} s=${s} />`],
  ['settings', 'fleet', ({ s }) => html`<${ShopSettings} key=${s.shop} s=${s} />`],
  ['box', 'fleet', ({ s }) => html`<${ShopBox} s=${s} />`],
]
const EVERY_MS = 15000

export default function Shop({ route }) {
  const [, shop, tab = ''] = route
  const { round_ms } = fleet.use()
  const now = useNow()
  const asked = useShop(shop)
  const s = asked.value
  const offered = TABS.filter(([, right]) => sees(right, shop))
  const [, , View] = offered.find(([name]) => name === tab) ?? offered[0] ?? []
  if (!View)
    return html`<${Heading} back=${link('')}>${shop}</${Heading}>
      <${Notice} kind="warn">${t('nothing_for_you')}</${Notice}>`
  const state = s && stateOf(s, now, round_ms)
  return html`<${Heading} back=${link('')} aside=${s && html`
      <${Badge} kind=${KINDS[state]}>${t(`shop_${state}`)}</${Badge}>`}>${s?.title || shop}</${Heading}>
    <${Tabs} label=${t('shop_parts', { shop })} here=${tab ? link('shop', shop, tab) : link('shop', shop)}
      tabs=${offered.map(([name]) => [name ? link('shop', shop, name) : link('shop', shop),
        t(`tab_${name || 'now'}`)])} />
    <${Asked} asked=${asked}>${(it) => html`<${View} s=${it} />`}</${Asked}>`
}

/** The shop, asked anew for as long as it is looked at. */
function useShop(name) {
  const { shops } = fleet.use()
  const asked = useAsked(async () => {
    const s = await office(`/v1/shops/${name}`)
    fleetPut(s)
    return s
  }, [name])
  const [, beat] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden)
        asked.again().then(() => beat((n) => n + 1))
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [name])
  const s = shops.find((x) => x.shop === name)
  return { ...asked, value: asked.value || !asked.busy ? s : undefined, why: asked.why }
}

function Now({ s }) {
  const now = useNow()
  const { round_ms } = fleet.use()
  const of = { s, state: stateOf(s, now, round_ms), fresh: isFresh(s, now, round_ms) }
  const said = s.seen.said
  const was = (value) => html`<${Was} of=${of}>${value}</${Was}>`
  return html`<div class="stack">
    ${of.state === 'waiting' && html`<${Notice} title=${t('shop_waiting')}>${t('waiting_lead')}</${Notice}>`}
    ${of.state === 'silent' && html`<${Notice} kind="alarm" title=${t('silent_since', {
      at: s.seen.at ? moment(s.seen.at) : t('never') })}>${t('silent_lead')}</${Notice}>`}
    <div class="grid">
      <${Card} title=${t('heard_title')}><${Facts} rows=${[
        [t('state'), html`<${StateBadge} of=${of} />`],
        [t('heard_at'), html`<${Old} at=${s.seen_at} stale=${!of.fresh} never=${t('never')} />`],
        said && [t('doors'), was(doorWords(s))],
        said && [t('door_modes'), was(said.doors.map((d) =>
          `${d.door}: ${word('mode', d.mode)}`).join(', '))],
        said && [t('alarms_open'), was(number(said.alarms_open))],
        said && [t('inside'), was(number(said.visits_open))],
        said && [t('clock'), was(t(said.clock_trusted ? 'clock_ok' : 'clock_bad'))],
        said && [t('ledger'), was(t(said.ledger_ok ? 'works' : 'ledger_bad'))],
        said && [t('texts'), was(t(said.sms_ok ? 'works' : 'sms_bad'))],
        said && [t('version'), was(said.version)],
        said && [t('up_since'), was(span(said.up_ms))],
      ]} /></${Card}>
      <${Card} title=${t('has_title')}><${Facts} rows=${[
        [t('entries'), number(s.head.seq)],
        [t('newest_entry'), s.head.at ? html`${dayShort(s.head.at)}, ${moment(s.head.at).split(' ').pop()}
          <span class="sub"><${Old} at=${s.head_at} /></span>` : '–'],
        [t('unsent'), unsent(s) === null ? '–' : was(number(unsent(s)))],
        [t('epoch'), `${s.epoch}${s.epoch_granted_at ? ` (${moment(s.epoch_granted_at)})` : ''}`],
        [t('feed'), said ? was(s.lag ? t('feed_lag', { n: s.lag }) : t('feed_now')) : '–'],
        [t('group'), s.group || t('none')],
        [t('currency'), s.currency],
        [t('seller'), s.seller?.name ?? html`<span class="wrong-word">${t('seller_lacks')}</span>`],
      ]} /></${Card}>
      <${Card} title=${t('more_of_shop')}><ul class="rows">
        ${sees('members', s.shop) && html`<li><a href=${link('members',
          s.shop)}>${t('shop_members')}</a></li>`}
        ${sees('goods', s.shop) && html`<li><a href=${link('goods', s.shop)}>${t('shop_prices')}</a></li>`}
        ${sees('money', s.shop) && html`<li><a href=${link('money', 'invoices',
          s.shop)}>${t('shop_invoices')}</a></li>
          <li><a href=${link('payments', s.shop)}>${t('shop_payments')}</a></li>`}
      </ul></${Card}></div>
    ${!may('fleet', s.shop) && html`<p class="soft">${t('not_yours')}</p>`}</div>`
}


// alarms.js: everything that nobody has answered, over all shops. The shops that say they have alarms
// are asked for them, some at a time, the gravest of what comes back first.
import { useEffect, useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { Button, Card, Failed, Heading, Notice, Wait, html } from '../base/ui.js'
import { number, t, words } from '../base/words.js'
import { isFresh, stateOf } from './fleet_state.js'
import { useFleet } from './fleet_store.js'
import { office, query } from './office.js'
import { Old, useNow } from './parts.js'
import { AlarmTable, Notices } from './shop_alarms.js'
import './words_fleet.js'

words({
  alarms_unanswered: ['Larm som ingen har svarat på eller som inte är över', 'Alarms unanswered or not over'],
  alarms_none_anywhere: ['Inget larm är öppet i någon butik som hörs.',
    'No alarm is open in any shop that is heard.'],
  alarms_more: ['Fråga {n} {n|butik|butiker} till', 'Ask {n} more {n|shop|shops}'],
  alarms_silent: ['{n} {n|butik hörs|butiker hörs} inte: vad som är fel där vet vi inte.',
    '{n} {n|shop is|shops are} not heard: what is wrong there we do not know.'],
  alarms_see_silent: ['Visa butikerna', 'Show the shops'],
})

const AT_ONCE = 6
const SHOPS = 60 // asked before somebody asks for more
const GRAVE = { emergency: 0, urgent: 1, warning: 2, notice: 3 }

export default function Alarms() {
  const { shops, whole, round_ms, why } = useFleet()
  const now = useNow()
  const [most, setMost] = useState(SHOPS)
  const [turn, setTurn] = useState(0)
  const with_ = shops.filter((s) => s.seen.said?.alarms_open > 0)
  const asked = with_.slice(0, most)
  const found = useAlarms(asked, turn)
  const silent = shops.filter((s) => stateOf(s, now, round_ms) === 'silent').length
  const rows = asked.flatMap((s) => (found.get(s.shop)?.alarms ?? []).map((a) => ({ ...a, shop: s.shop,
    of: s })))
    .sort((a, b) => Boolean(a.acknowledged_by) - Boolean(b.acknowledged_by) ||
      GRAVE[a.severity] - GRAVE[b.severity] || (a.raised_at < b.raised_at ? 1 : -1))
  const ready = whole && asked.every((s) => found.has(s.shop))
  const shopCell = (a) => html`<span><a href=${link('shop', a.shop, 'alarms')}>${a.of?.title || a.shop}</a>
    ${a.of && html`<span class="sub">${t('heard_at')} <${Old} at=${a.of.seen_at}
      stale=${!isFresh(a.of, now, round_ms)} /></span>`}</span>`
  return html`<${Heading}>${t('place_alarms')}</${Heading}>
    ${why && html`<${Failed} why=${why} />`}
    ${silent > 0 && html`<${Notice} kind="warn">${t('alarms_silent', { n: number(silent) })}
      <a href=${link('')}>${t('alarms_see_silent')}</a></${Notice}>`}
    <${Card} title=${t('alarms_unanswered')} aside=${html`<${Button} kind="quiet"
        onPress=${() => setTurn(turn + 1)}>${t('refresh')}</${Button}>`}>
      ${[...found.values()].filter((f) => f.why).slice(0, 3).map((f) => html`<${Failed} why=${f.why} />`)}
      ${rows.length > 0 || ready ? html`<${AlarmTable} alarms=${rows} shops=${shopCell}
        empty=${t('alarms_none_anywhere')} onDone=${() => setTurn((n) => n + 1)} />` : html`<${Wait} />`}
      ${with_.length > most && html`<${Button} onPress=${() => setMost(most + SHOPS)}>
        ${t('alarms_more', { n: number(with_.length - most) })}</${Button}>`}</${Card}>
    <${Notices} path="/v1/notices" shops=${(n) => (n.shop ? html`<a href=${link('shop', n.shop, 'alarms')}>
      ${n.shop}</a>` : t('office'))} />`
}

/** Map of shop -> {alarms, heard_at} or {why}; asked anew when a shop has another number of alarms. */
function useAlarms(shops, turn) {
  const [found, setFound] = useState(new Map())
  const key = shops.map((s) => `${s.shop}:${s.seen.said.alarms_open}`).join(' ')
  useEffect(() => {
    let here = true
    const left = shops.map((s) => s.shop)
    const work = async () => {
      for (let shop = left.shift(); shop && here; shop = left.shift()) {
        const answer = await office(query(`/v1/shops/${shop}/alarms`, { open: 1, limit: 200 }))
          .catch((why) => ({ why, alarms: [] }))
        if (here)
          setFound((m) => new Map(m).set(shop, answer))
      }
    }
    for (let i = 0; i < AT_ONCE; i++)
      work()
    return () => { here = false }
  }, [key, turn])
  return found
}

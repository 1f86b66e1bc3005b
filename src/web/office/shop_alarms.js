// shop_alarms.js: what is wrong in a shop and what there is to know of it. Acknowledging an alarm is a
// word to the shop: what came of it is shown here.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Table, Tick, html, useAsked } from '../base/ui.js'
import { ago, known, moment, t } from '../base/words.js'
import { may, office, onceKey, query } from './office.js'
import { Asked, Detail, useWork, word } from './parts.js'
import { CommandState } from './shop_remote.js'
import './words_shop.js'
import './words_wrong.js'

const SEVERITY = { notice: 'info', warning: 'warn', urgent: 'alarm', emergency: 'alarm' }
const SHOWN = 500

export function ShopAlarms({ shop }) {
  const [all, setAll] = useState(false)
  const asked = useAsked(() => office(query(`/v1/shops/${shop}/alarms`,
    { open: all ? 0 : 1, limit: SHOWN })), [shop, all])
  return html`<div class="stack"><${Card} title=${t('alarms_title')} aside=${html`<${Tick}
      label=${t('alarms_all')} checked=${all} onChange=${setAll} />`}>
    <${Asked} asked=${asked}>${({ alarms, heard_at }) => html`
      <p class="soft">${heard_at ? t('alarms_heard', { at: ago(heard_at) }) : t('alarms_heard_never')}</p>
      <${AlarmTable} alarms=${alarms.map((a) => ({ ...a, shop }))} onDone=${asked.again}
        empty=${t(all ? 'alarms_none_ever' : 'alarms_none')} />`}</${Asked}></${Card}>
    <${Notices} path=${`/v1/shops/${shop}/notices`} /></div>`
}

/** AlarmTable({alarms, onDone, empty, shops}): `shops`: whether it says which shop. */
export function AlarmTable({ alarms, onDone, empty, shops }) {
  return html`<${Table} caption=${t('alarms_title')} rows=${alarms} id=${(a) => `${a.shop} ${a.alarm}`}
    empty=${empty} columns=${[
      { head: t('condition'), main: true, by: (a) => word('condition', a.condition),
        cell: (a) => html`<span>${word('condition', a.condition)}
          ${a.place && html`<span class="sub">${a.place}</span>`}</span>` },
      ...(shops ? [{ head: t('shop'), by: (a) => a.shop, cell: shops }] : []),
      { head: t('severity'), cell: (a) => html`<${Badge}
        kind=${a.over ? 'info' : SEVERITY[a.severity]}>${word('severity', a.severity)}</${Badge}>` },
      { head: t('state'), cell: (a) => html`<span>${word('alarm', a.over ? 'cleared' : a.state)}
        ${a.acknowledged_by && html`<span class="sub">${t('acknowledged_by',
          { who: a.acknowledged_by })}</span>`}</span>` },
      { head: t('raised_at'), num: true, by: (a) => a.raised_at, cell: (a) => html`
        <time datetime=${a.raised_at} title=${a.raised_at}>${moment(a.raised_at)}
          <span class="sub">${ago(a.raised_at)}</span></time>` },
      { head: t('code'), num: true, cell: (a) => a.code },
      { head: t('acknowledge'), cell: (a) => html`<${Acknowledge} of=${a} onDone=${onDone} />` },
    ]} />`
}

function Acknowledge({ of, onDone }) {
  const [sent, setSent] = useState(null)
  const [run, why] = useWork()
  if (of.over || of.acknowledged_by || !may('remote', of.shop))
    return null
  if (sent)
    return html`<${CommandState} of=${sent} onOver=${onDone} />`
  const what = word('condition', of.condition)
  const send = async () => setSent(await run(() => office(`/v1/shops/${of.shop}/commands`,
    { json: { verb: 'acknowledge', alarm: of.alarm, key: onceKey() } })) ?? null)
  return html`<${Button} kind="primary" onPress=${send}
      aria-label=${t('acknowledge_what', { what, shop: of.shop })}>${t('acknowledge')}</${Button}>${why}`
}

/** Notices({path, shops}): what the office itself has to say. */
export function Notices({ path, shops }) {
  const [all, setAll] = useState(false)
  const asked = useAsked(() => office(query(path, { limit: SHOWN, open: all ? 0 : 1 })), [path, all])
  return html`<${Card} title=${t('notices_title')} aside=${html`<${Tick} label=${t('alarms_all')}
      checked=${all} onChange=${setAll} />`}>
    <${Asked} asked=${asked}>${({ notices }) => html`<${Table} caption=${t('notices_title')}
      rows=${notices} id=${(n) => `${n.shop} ${n.n}`} empty=${t('notices_none')} columns=${[
        { head: t('what'), main: true, by: (n) => word('notice', n.kind),
          cell: (n) => html`<span>${word('notice', n.kind)}
            ${!n.over_at && known(`notice_says_${n.kind}`) && html`<span class="sub">
              ${t(`notice_says_${n.kind}`)}</span>`}
            ${n.detail && html`<span class="sub"><${Detail} of=${n.detail} /></span>`}</span>` },
        ...(shops ? [{ head: t('shop'), by: (n) => n.shop, cell: shops }] : []),
        { head: t('when'), num: true, by: (n) => n.at, cell: (n) => html`<time datetime=${n.at}
          title=${n.at}>${moment(n.at)} <span class="sub">${ago(n.at)}</span></time>` },
        { head: t('state'), cell: (n) => html`<span>${n.over_at ? t('alarm_cleared') : ''}
          ${n.acknowledged_by && html`<span class="sub">${t('acknowledged_by',
            { who: n.acknowledged_by })}</span>`}</span>` },
        { head: t('acknowledge'), cell: (n) => html`<${Note} of=${n} onDone=${asked.again} />` },
      ]} />`}</${Asked}></${Card}>`
}

function Note({ of, onDone }) {
  const [run, why] = useWork()
  if (of.acknowledged_by || !may('fleet', of.shop || undefined))
    return null
  const seen = async () => {
    if (await run(() => office(`/v1/shops/${of.shop}/notices/${of.n}/acknowledge`, { method: 'POST' }),
      t('noted')))
      await onDone()
  }
  return html`<${Button} onPress=${seen} aria-label=${t('acknowledge_what',
    { what: word('notice', of.kind), shop: of.shop })}>${t('acknowledge')}</${Button}>${why}`
}

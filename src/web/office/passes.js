// passes.js: codes to print, for a member: guests, deliveries, people without a phone.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Sure, Table, html, useAsked } from '../base/ui.js'
import { day, moment, t } from '../base/words.js'
import { place } from '../base/place.js'
import { zoneTime } from './amount.js'
import { may, office, query } from './office.js'
import { Asked, Form, Once, ShopPick, useWork } from './parts.js'

export function Passes({ member, shops }) {
  const asked = useAsked(() => office(query('/v1/passes', { member })), [member])
  const [asking, setAsking] = useState(null)
  const [run, why] = useWork()
  const revoke = async (p) => {
    setAsking(null)
    if (await run(() => office(query(`/v1/passes/${p.pass}`, { shop: p.shop }), { method: 'DELETE' })
      .then(() => true), t('gone')))
      await asked.again()
  }
  return html`<${Card} title=${t('tab_passes')}><p class="soft">${t('pass_lead')}</p>${why}
    <${Asked} asked=${asked}>${({ passes }) => html`<${Table} caption=${t('tab_passes')} rows=${passes}
      id=${(p) => p.pass} empty=${t('passes_none')} columns=${[
        { head: t('label'), main: true, cell: (p) => p.label || html`<code>${p.pass.slice(0, 8)}</code>` },
        { head: t('shop'), by: (p) => p.shop, cell: (p) => p.shop },
        { head: t('state'), cell: (p) => html`<span><${Badge} kind=${p.revoked ? 'alarm' : 'ok'}>
          ${t(p.revoked ? 'pass_revoked' : 'pass_live')}</${Badge}>
          ${p.wants_pin && html`<span class="sub">${t('wants_pin')}</span>`}</span>` },
        { head: t('begins'), num: true, by: (p) => p.not_before, cell: (p) => moment(p.not_before) },
        { head: t('expires_at'), num: true, by: (p) => p.expires_at, cell: (p) => moment(p.expires_at) },
        { head: t('made_by'), cell: (p) => p.made_by },
        ...(may('members') ? [{ head: t('remove'), cell: (p) => !p.revoked && html`<${Button}
          onPress=${() => setAsking(p)}>${t('pass_revoke')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${may('members') && html`<${Button} kind="primary"
      onPress=${() => setAsking('new')}>${t('pass_new')}</${Button}>`}
    ${asking === 'new' && html`<${NewPass} member=${member} shops=${shops} onMade=${asked.again}
      onClose=${() => setAsking(null)} />`}
    ${asking && asking !== 'new' && html`<${Sure} title=${t('pass_revoke')} yes=${t('pass_revoke')} danger
      onYes=${() => revoke(asking)} onClose=${() => setAsking(null)}>
      <p>${asking.label || asking.pass}, ${asking.shop}</p></${Sure}>`}</${Card}>`
}

const inDays = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10)

function NewPass({ member, shops, onMade, onClose }) {
  const [it, setIt] = useState({ shop: shops.length === 1 && /^[a-z0-9-]+$/.test(shops[0]) ? shops[0] : '',
    label: '', until: inDays(30), pin: '' })
  const [made, setMade] = useState(null)
  const [run, why] = useWork()
  const set = (name) => (value) => setIt((x) => ({ ...x, [name]: value }))
  const until = zoneTime(`${it.until}T23:59`, place.value?.time_zone)
  const save = async () => {
    const pass = await run(() => office('/v1/passes', { json: { shop: it.shop, member,
      expires_at: until.toISOString(), ...(it.label && { label: it.label }), ...(it.pin
        && { pin: it.pin }) } }))
    if (pass) {
      setMade(pass)
      await onMade()
    }
    return false
  }
  if (made)
    return html`<${Once} title=${t('pass_made', { shop: made.shop })} qr=${made.code} code=${made.code}
      lead=${t('pass_told', { from: moment(made.not_before), until: day(made.expires_at) })}
        onClose=${onClose} />`
  return html`<${Form} title=${t('pass_new')} why=${why} onSave=${save} onClose=${onClose}
      ready=${it.shop !== '' && until !== null}>
    <${ShopPick} value=${it.shop} onPick=${set('shop')} />
    <${Field} label=${t('label')} value=${it.label} maxlength="40" onInput=${set('label')} />
    <${Field} label=${t('expires_at')} type="date" value=${it.until} onInput=${set('until')} />
    <${Field} label=${t('pass_pin')} hint=${t('pass_pin_hint')} value=${it.pin} inputmode="numeric"
      maxlength="8" autocomplete="off" onInput=${set('pin')} /></${Form}>`
}

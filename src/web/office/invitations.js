// invitations.js: codes with which people register: told once, as text, link and QR.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Table, Tick, html, useAsked } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { place } from '../base/place.js'
import { may, office } from './office.js'
import { Asked, Copy, Form, Once, Pick, ShopPick, useWork, word } from './parts.js'
import { ROLES } from './member_edit.js'

export function Invitations() {
  const asked = useAsked(() => office('/v1/invitations'), [])
  const [making, setMaking] = useState(false)
  const [run, why] = useWork()
  const remove = async (i) => {
    if (await run(() => office(`/v1/invitations/${i.invitation}`, { method: 'DELETE' }).then(() => true),
      t('gone')))
      await asked.again()
  }
  return html`<${Card} title=${t('invitations_title')} aside=${may('members') && html`<${Button}
      kind="primary" onPress=${() => setMaking(true)}>${t('invitation_new')}</${Button}>`}>
    <p class="soft">${t('invitation_lead')}</p>${why}
    <${Asked} asked=${asked}>${({ invitations }) => html`<${Table} caption=${t('invitations_title')}
      rows=${invitations} id=${(i) => i.invitation} empty=${t('invitations_none')} columns=${[
        { head: t('shop'), main: true, by: (i) => i.shop, cell: (i) => i.shop },
        { head: t('role'), by: (i) => i.role, cell: (i) => html`<span>${word('role', i.role)}
          ${i.member && html`<span class="sub">${t('for_member')}</span>`}</span>` },
        { head: t('state'), cell: (i) => (i.approved ? html`<${Badge} kind="ok">${t('approve_at_once')}
          </${Badge}>` : t('approve_later')) },
        { head: t('uses_left'), num: true, by: (i) => i.uses_left, cell: (i) => i.uses_left },
        { head: t('made_by'), by: (i) => i.made_by, cell: (i) => i.made_by },
        { head: t('expires_at'), num: true, by: (i) => i.expires_at, cell: (i) => moment(i.expires_at) },
        ...(may('members') ? [{ head: t('remove'), cell: (i) => html`<${Button}
          aria-label=${`${t('invitation_remove')}: ${i.shop}, ${word('role', i.role)}`}
          onPress=${() => remove(i)}>${t('remove')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${making && html`<${NewInvitation} onMade=${asked.again} onClose=${() => setMaking(false)} />`}</${Card}>`
}

const ORIGIN_KEPT = 'shop-origin'

/** Where a phone reaches a shop: as the office says, else as somebody last wrote it here. */
function originOf(shop) {
  const said = place.value?.shop_pages
  if (said)
    return said.replace('{shop}', shop)
  try {
    return (localStorage.getItem(ORIGIN_KEPT) ?? '').replace('{shop}', shop)
  } catch {
    return ''
  }
}

/** NewInvitation({member, shops, role}): `member`: for a new phone of somebody who is known. */
export function NewInvitation({ member, shops = [], role = 'member', onMade, onClose }) {
  const [it, setIt] = useState({ shop: shops.find((s) => /^[a-z0-9-]+$/.test(s) && s !== 'all') ?? '', role,
    uses: '1', approved: true, days: '14' })
  const [made, setMade] = useState(null)
  const [run, why] = useWork()
  const set = (name) => (value) => setIt((x) => ({ ...x, [name]: value }))
  const [uses, days] = [Number(it.uses), Number(it.days)]
  const right = { uses: /^\d+$/.test(it.uses) && uses >= 1 && uses <= 10000,
    days: /^\d+$/.test(it.days) && days >= 1 && days <= 365 }
  const save = async () => {
    const json = { shop: it.shop, role: it.role, uses, approved: it.approved,
      expires_at: new Date(Date.now() + days * 86400e3).toISOString(), ...(member && { member }) }
    const told = await run(() => office('/v1/invitations', { json }))
    setMade(told ?? null)
    if (told)
      await onMade?.()
    return false
  }
  if (made)
    return html`<${Told} of=${made} onClose=${onClose} />`
  return html`<${Form} title=${t(member ? 'key_invite' : 'invitation_new')} why=${why} onSave=${save}
      onClose=${onClose} ready=${it.shop !== '' && right.uses && right.days}>
    <${ShopPick} value=${it.shop} onPick=${set('shop')} />
    ${!member && html`<${Pick} label=${t('role')} value=${it.role} onPick=${set('role')}
        options=${ROLES.map((r) => [r, word('role', r)])} />
      <${Field} label=${t('uses')} hint=${t('uses_hint')} value=${it.uses} inputmode="numeric" maxlength="5"
        error=${right.uses ? '' : t('uses_hint')} onInput=${set('uses')} />
      <${Tick} label=${t('preapproved')} checked=${it.approved} onChange=${set('approved')} />`}
    <${Field} label=${t('days_good')} hint=${t('days_hint')} value=${it.days} inputmode="numeric"
      maxlength="3"
      error=${right.days ? '' : t('days_hint')} onInput=${set('days')} /></${Form}>`
}

function Told({ of, onClose }) {
  const [origin, setOrigin] = useState(originOf(of.shop))
  const asked = Boolean(place.value?.shop_pages)
  const right = /^https?:\/\/[^\s/]+$/.test(origin)
  const url = right ? `${origin}/#/join/${of.code}` : ''
  const keep = (text) => {
    const s = text.trim().replace(/\/+$/, '')
    setOrigin(s)
    try {
      localStorage.setItem(ORIGIN_KEPT, s.replace(new RegExp(`(//|\\.)${of.shop}\\.`), '$1{shop}.'))
    } catch {
      // it is asked for again the next time
    }
  }
  return html`<${Once} title=${t('invitation_made', { shop: of.shop })} code=${of.code} qr=${url}
      lead=${t('invitation_told', { uses: of.uses, until: moment(of.expires_at) })} onClose=${onClose}>
    ${url && html`<div><h3>${t('invitation_link')}</h3>
      <${Copy} label=${t('invitation_link')} text=${url} /></div>`}
    ${!asked && html`<div class="no-print"><${Field} label=${t('invitation_origin')} type="url"
      hint=${t('invitation_origin_hint')} value=${origin} onInput=${keep} /></div>`}</${Once}>`
}

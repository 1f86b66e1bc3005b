// member_edit.js: a member's name, address and terms, where she may enter, and a new one.
import { useState } from 'preact/hooks'
import { go } from '../base/route.js'
import { Button, Card, Field, Tick, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { amountRead, amountText } from './amount.js'
import { may, office } from './office.js'
import { BUYER, PartyFields, partyOf } from './party.js'
import { Form, Pick, ShopPick, useWork, word } from './parts.js'

export const ROLES = ['member', 'owner', 'staff', 'delivery']

const creditOf = (text) => (text.trim() === '' ? null : amountRead(text))
const creditWrong = (text) => (text.trim() !== '' && amountRead(text) === null ? t('amount_wrong') : '')

export function MemberEdit({ m, onSaved }) {
  const [party, setParty] = useState(m.party ?? { country: 'SE' })
  const [terms, setTerms] = useState({ role: m.role, language: m.language, extended: m.extended,
    mail_invoices: m.mail_invoices })
  const [credit, setCredit] = useState(m.credit_limit_minor === null ? '' : amountText(m.credit_limit_minor))
  const [run, why] = useWork()
  const [runParty, whyParty] = useWork()
  const set = (name) => (value) => setTerms((x) => ({ ...x, [name]: value }))
  const put = async (work, json) => {
    if (await work(() => office(`/v1/members/${m.member}`, { method: 'PUT', json }), t('saved')))
      await onSaved()
  }
  const mine = may('members') && m.state !== 'erased'
  return html`<div class="grid"><${Card} title=${t('name_address')}><div class="stack">
      <p class="soft">${t('name_address_lead')}</p>
      <${PartyFields} party=${party} words=${BUYER} onChange=${setParty} />
      ${whyParty}${mine && html`<${Button} kind="primary"
        onPress=${() => put(runParty,
          { party: partyOf(party) ?? {} })}>${t('save')}</${Button}>`}</div></${Card}>
    <${Card} title=${t('terms')}><div class="stack">
      <${Pick} label=${t('role')} value=${terms.role} onPick=${set('role')}
        options=${ROLES.map((r) => [r, word('role', r)])} />
      <${Field} label=${t('credit_field')} hint=${t('credit_hint')} value=${credit} inputmode="decimal"
        error=${creditWrong(credit)} onInput=${setCredit} />
      <${Pick} label=${t('language_is')} value=${terms.language} onPick=${set('language')}
        options=${[['sv', 'Svenska'], ['en', 'English']]} />
      <${Tick} label=${t('mail_invoices')} checked=${terms.mail_invoices} onChange=${set('mail_invoices')} />
      <${Tick} label=${t('extended')} checked=${terms.extended} onChange=${set('extended')} />
      ${why}${mine && html`<${Button} kind="primary" disabled=${creditWrong(credit) !== ''}
        onPress=${() => put(run, { ...terms, credit_limit_minor: creditOf(credit) })}>
        ${t('save')}</${Button}>`}</div></${Card}></div>`
}

/** Which shops let her in. */
export function MemberShops({ m, onSaved }) {
  const [shop, setShop] = useState('')
  const [run, why] = useWork()
  const change = async (name, method) => {
    const place = name === '*' ? 'all' : name
    if (await run(() => office(`/v1/members/${m.member}/shops/${place}`, { method }), t('saved'))) {
      setShop('')
      await onSaved()
    }
  }
  const mine = may('members') && m.state !== 'erased'
  return html`<${Card} title=${t('may_enter')}><div class="stack">
    ${m.shops.length === 0 && html`<p class="soft">${t('enter_none')}</p>`}
    <ul class="rows">${m.shops.map((s) => html`<li key=${s} class="row between">
      <span>${s === '*' || s === 'all' ? t('enter_all') : s}</span>
      ${mine && html`<${Button} aria-label=${t('enter_remove', { shop: s })}
        onPress=${() => change(s, 'DELETE')}>${t('remove')}</${Button}>`}</li>`)}</ul>${why}
    ${mine && html`<div class="bar"><${ShopPick} label=${t('enter_add')} value=${shop} onPick=${setShop} />
      <${Button} disabled=${!shop} onPress=${() => change(shop, 'PUT')}>${t('add')}</${Button}></div>`}
  </div></${Card}>`
}

/** Somebody without a phone: made here, with a pass or a card to come. */
export function NewMember({ shop: first, onClose }) {
  const [shop, setShop] = useState(first)
  const [role, setRole] = useState('member')
  const [party, setParty] = useState({ country: 'SE' })
  const [run, why] = useWork()
  const save = async () => {
    const made = await run(() => office('/v1/members', { json: { shop, role,
      party: partyOf(party.name ? party : {}) ?? undefined } }), t('member_made'))
    if (made)
      go('member', made.member, 'passes')
    return Boolean(made)
  }
  return html`<${Form} title=${t('member_new')} why=${why} onSave=${save} onClose=${onClose}
    ready=${shop !== ''}>
    <p>${t('member_new_lead')}</p>
    <div class="pair"><${ShopPick} value=${shop} onPick=${setShop} />
      <${Pick} label=${t('role')} value=${role} onPick=${setRole}
        options=${ROLES.map((r) => [r, word('role', r)])} /></div>
    <${PartyFields} party=${party} words=${BUYER} onChange=${setParty} /></${Form}>`
}

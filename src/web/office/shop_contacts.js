// shop_contacts.js: who gets texts about a shop.
import { useState } from 'preact/hooks'
import { Button, Card, Field, Table, html, useAsked } from '../base/ui.js'
import { t } from '../base/words.js'
import { may, office } from './office.js'
import { Asked, Form, useWork } from './parts.js'

const PHONE = /^\+[1-9]\d{6,14}$/
const MAX = 8

export function ShopContacts({ shop }) {
  const asked = useAsked(() => office(`/v1/shops/${shop}/contacts`), [shop])
  const [editing, setEditing] = useState(null)
  const [run, why] = useWork()
  const mine = may('fleet', shop)
  const remove = async (name) => {
    if (await run(() => office(`/v1/shops/${shop}/contacts/${name}`, { method: 'DELETE' })
      .then(() => true), t('gone')))
      await asked.again()
  }
  return html`<${Card} title=${t('tab_contacts')}><p class="soft">${t('contacts_lead')}</p>${why}
    <${Asked} asked=${asked}>${({ contacts }) => html`<${Table} caption=${t('tab_contacts')}
        rows=${contacts} id=${(c) => c.name} empty=${t('contacts_none')} columns=${[
          { head: t('name'), main: true, cell: (c) => c.name },
          { head: t('phone'), cell: (c) => html`<a href=${`tel:${c.phone}`}>${c.phone}</a>` },
          ...(mine ? [{ head: t('change'), cell: (c) => html`<span class="row">
            <${Button} onPress=${() => setEditing(c)}>${t('change')}</${Button}
            ><${Button} aria-label=${t('contact_remove', { name: c.name })}
              onPress=${() => remove(c.name)}>${t('remove')}</${Button}></span>` }] : []),
        ]} />
      ${mine && contacts.length < MAX && html`<${Button} kind="primary"
        onPress=${() => setEditing({ name: '', phone: '+46' })}>${t('contact_add')}</${Button}>`}`}
    </${Asked}>
    ${editing && html`<${Edit} shop=${shop} first=${editing} onSaved=${asked.again}
      onClose=${() => setEditing(null)} />`}</${Card}>`
}

function Edit({ shop, first, onSaved, onClose }) {
  const [name, setName] = useState(first.name)
  const [phone, setPhone] = useState(first.phone)
  const [run, why] = useWork()
  const number = phone.replace(/[\s()-]/g, '')
  const right = PHONE.test(number)
  const save = async () => {
    const ok = await run(() => office(`/v1/shops/${shop}/contacts/${encodeURIComponent(name)}`,
      { method: 'PUT', json: { phone: number } }), t('saved'))
    if (ok)
      await onSaved()
    return Boolean(ok)
  }
  return html`<${Form} title=${first.name || t('contact_add')} why=${why} onSave=${save}
      onClose=${onClose} ready=${right && /^[A-Za-z0-9_-]{1,64}$/.test(name)}>
    <${Field} label=${t('contact_name')} hint=${t('contact_name_hint')} value=${name} maxlength="64"
      disabled=${Boolean(first.name)} autocapitalize="none" onInput=${(v) => setName(v.trim())} />
    <${Field} label=${t('phone')} hint=${t('phone_hint')} type="tel" value=${phone} maxlength="24"
      error=${right || phone === '+46' ? '' : t('phone_wrong')} onInput=${setPhone} /></${Form}>`
}

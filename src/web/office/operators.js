// operators.js: who may work here, what each may and where; a newcomer gets a link with a code.
import { useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { Badge, Button, Card, Field, Notice, Sure, Table, Tick, html, useAsked } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { may, mayEverywhere, office, who } from './office.js'
import { Asked, Copy, Form, Once, useWork, word } from './parts.js'

const RIGHTS = ['fleet', 'members', 'goods', 'remote', 'money', 'pull']
const KIND = { in_file: 'info', live: 'ok', invited: 'warn', lapsed: 'alarm' }

export function Operators() {
  const asked = useAsked(() => office('/v1/operators'), [])
  const [asking, setAsking] = useState(null)
  const [run, why] = useWork()
  const mine = mayEverywhere('fleet')
  const remove = async (name) => {
    setAsking(null)
    if (await run(() => office(`/v1/operators/${encodeURIComponent(name)}`, { method: 'DELETE' })
      .then(() => true), t('gone')))
      await asked.again()
  }
  return html`<${Card} title=${t('tab_operators')} aside=${mine && html`<${Button} kind="primary"
      onPress=${() => setAsking('new')}>${t('operator_new')}</${Button}>`}>
    <p class="soft">${t('operators_lead')}</p>${why}
    ${!mine && html`<${Notice}>${t('operators_not_yours')}</${Notice}>`}
    <${Asked} asked=${asked}>${({ operators }) => html`<${Table} caption=${t('tab_operators')}
      rows=${operators}
      id=${(o) => o.name} empty=${t('operators_none')} columns=${[
        { head: t('name'), main: true, by: (o) => o.name, cell: (o) => html`<span>${o.name}
          ${o.kid && html`<span class="sub">${o.kid}</span>`}</span>` },
        { head: t('state'), by: (o) => o.state, cell: (o) => html`<span><${Badge} kind=${KIND[o.state]}>
          ${t(`operator_state_${o.state}`)}</${Badge}>${o.made_by && html`<span class="sub">
          ${o.made_by}, ${moment(o.made_at)}</span>`}</span>` },
        { head: t('operator_rights'), cell: (o) => o.rights.map((r) => word('right', r)).join(', ') },
        { head: t('operator_shops'), cell: (o) => (o.shops.includes('*') ? t('operator_shops_all')
          : o.shops.join(', ')) },
        { head: t('enrolled_at'), num: true, by: (o) => o.enrolled_at,
          cell: (o) => (o.enrolled_at ? moment(o.enrolled_at) : '–') },
        ...(mine ? [{ head: t('remove'), cell: (o) => o.state !== 'in_file' && html`<${Button}
          aria-label=${t('operator_remove', { name: o.name })} onPress=${() => setAsking(o.name)}>
          ${t('remove')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${asking === 'new' && html`<${Invite} onClose=${() => {
      setAsking(null)
      asked.again() // who was invited may have come in meanwhile
    }} />`}
    ${asking && asking !== 'new' && html`<${Sure} title=${t('operator_remove', { name: asking })} danger
      yes=${t('remove')} onYes=${() => remove(asking)} onClose=${() => setAsking(null)}>
      <p>${t('operator_remove_sure', { name: asking })}</p></${Sure}>`}</${Card}>`
}

function Invite({ onClose }) {
  const all = who.value.shops.includes('*')
  const [it, setIt] = useState({ name: '', rights: [], all, shops: '' })
  const [made, setMade] = useState(null)
  const [run, why] = useWork()
  const set = (more) => setIt((x) => ({ ...x, ...more }))
  const shops = it.all ? ['*'] : it.shops.toLowerCase().split(/[\s,]+/).filter(Boolean)
  const save = async () => {
    const told = await run(() => office('/v1/operators', { json: { name: it.name.trim(),
      rights: it.rights, shops } }))
    if (told)
      setMade(told)
    return false
  }
  if (made)
    return html`<${Made} of=${made} onClose=${onClose} />`
  return html`<${Form} title=${t('operator_new')} save=${t('operator_new')} why=${why} onSave=${save}
      onClose=${onClose} ready=${it.name.trim() !== '' && it.rights.length > 0 && shops.length > 0}>
    <${Field} label=${t('operator_name')} hint=${t('operator_name_hint')} value=${it.name} maxlength="64"
      autocapitalize="none" onInput=${(name) => set({ name })} />
    <fieldset><legend>${t('operator_rights')}</legend>${RIGHTS.map((r) => html`<${Tick} key=${r}
      label=${t(`right_${r}`)} checked=${it.rights.includes(r)} disabled=${!may(r)}
      onChange=${(on) => set({ rights: on ? [...it.rights, r] : it.rights.filter((x) =>
        x !== r) })} />`)}</fieldset>
    <fieldset><legend>${t('operator_shops')}</legend>
      ${[true, false].map((a) => html`<label class="tick" key=${a}><input type="radio" name="shops"
        checked=${it.all === a} disabled=${a && !all} onChange=${() => set({ all: a })} />
        <span>${t(a ? 'operator_shops_all' : 'operator_shops_some')}</span></label>`)}
      ${!it.all && html`<${Field} label=${t('operator_shops')} hint=${t('operator_shops_hint')}
        value=${it.shops}
        autocapitalize="none" onInput=${(s) => set({ shops: s })} />`}</fieldset></${Form}>`
}

function Made({ of, onClose }) {
  const url = `${location.origin}/${link('operator', of.code)}`
  return html`<${Once} title=${t('operator_code', { name: of.name })} code=${of.code} qr=${url}
    onClose=${onClose}
      lead=${t('operator_code_lead', { at: moment(of.expires_at) })}>
    <div><h3>${t('operator_link')}</h3><${Copy} label=${t('operator_link')} text=${url} /></div></${Once}>`
}

// rules.js: settings for all shops, groups and single ones, and the groups themselves.
import { useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { Button, Card, Field, Heading, Sure, Table, html, useAsked } from '../base/ui.js'
import { t } from '../base/words.js'
import { useFleet } from './fleet_store.js'
import { mayEverywhere, may, office } from './office.js'
import { Asked, Form, Pick, Tabs, useWork } from './parts.js'
import { Scope } from './price.js'
import { RULES, RuleEdit, mayRule, ruleName, ruleValue, scopeWords } from './rule.js'
import './words_goods.js'
import './words_rules.js'

export default function Rules({ route }) {
  useFleet({ once: true })
  const groups = route[0] === 'groups'
  const tabs = [[link('rules'), t('rules_title')], [link('groups'), t('groups_title')]]
  return html`<${Heading}>${t('place_rules')}</${Heading}>
    <${Tabs} label=${t('place_rules')} tabs=${tabs} here=${tabs[groups ? 1 : 0][0]} />
    ${groups ? html`<${Groups} />` : html`<${List} />`}`
}

function List() {
  const asked = useAsked(() => office('/v1/policy'), [])
  const [editing, setEditing] = useState(null)
  const [adding, setAdding] = useState(false)
  return html`<${Card} title=${t('rules_title')} aside=${may('goods') && html`<${Button} kind="primary"
      onPress=${() => setAdding(true)}>${t('rule_add')}</${Button}>`}>
    <p class="soft">${t('rules_all_lead')}</p>
    <${Asked} asked=${asked}>${({ policy }) => html`<${Table} caption=${t('rules_title')} rows=${policy}
      id=${(p) => `${p.scope} ${p.name}`} empty=${t('rules_none')} columns=${[
        { head: t('rule'), main: true, by: (p) => RULES.indexOf(p.name), cell: (p) => ruleName(p.name) },
        { head: t('holds_for'), by: (p) => p.scope, cell: (p) => scopeWords(p.scope) },
        { head: t('value'), cell: (p) => ruleValue(p.name, p.value) },
        { head: t('change'), cell: (p) => mayRule(p.scope) && html`<${Button}
          aria-label=${`${t('rule_change', { rule: ruleName(p.name) })}, ${scopeWords(p.scope)}`}
          onPress=${() => setEditing(p)}>${t('change')}</${Button}>` },
      ]} />`}</${Asked}></${Card}>
    ${adding && html`<${AddRule} onClose=${() => setAdding(false)} onNext=${(r) => {
      setAdding(false)
      setEditing({ ...r, value: asked.value?.policy.find((p) => p.scope === r.scope &&
        p.name === r.name)?.value ?? '' })
    }} />`}
    ${editing && html`<${RuleEdit} rule=${editing} onSaved=${asked.again}
      onClose=${() => setEditing(null)} />`}`
}

function AddRule({ onNext, onClose }) {
  const wide = mayEverywhere('goods')
  const [scope, setScope] = useState({ kind: wide ? 'all' : 'shop', group: '', shop: '' })
  const [name, setName] = useState(RULES[0])
  const chosen = scope.kind === 'all' || scope[scope.kind] !== ''
  return html`<${Form} title=${t('rule_add')} save=${t('rule_next')} onClose=${onClose} ready=${chosen}
      onSave=${async () => {
        onNext({ name, scope: scope.kind === 'all' ? '' : `${scope.kind}:${scope[scope.kind]}` })
        return false
      }}>
    <${Pick} label=${t('rule')} value=${name} onPick=${setName}
      options=${RULES.map((r) => [r, ruleName(r)])} />
    <${Scope} scope=${scope} onScope=${setScope} wide=${wide} /></${Form}>`
}

const SHOWN = 12

function Groups() {
  const asked = useAsked(() => office('/v1/groups'), [])
  const [asking, setAsking] = useState(null)
  const [run, why] = useWork()
  const wide = mayEverywhere('goods')
  const remove = async (group) => {
    setAsking(null)
    if (await run(() => office(`/v1/groups/${group}`, { method: 'DELETE' }).then(() => true), t('gone')))
      await asked.again()
  }
  return html`<${Card} title=${t('groups_title')} aside=${wide && html`<${Button} kind="primary"
      onPress=${() => setAsking('new')}>${t('group_add')}</${Button}>`}>
    <p class="soft">${t('groups_lead')}</p>${why}
    <${Asked} asked=${asked}>${({ groups }) => html`<${Table} caption=${t('groups_title')} rows=${groups}
      id=${(g) => g.group} empty=${t('groups_none')} columns=${[
        { head: t('group'), main: true, by: (g) => g.group, cell: (g) => g.group },
        { head: t('group_shops'), by: (g) => g.shops.length, cell: (g) => html`<span>
          ${g.shops.slice(0, SHOWN).map((s, i) => html`${i > 0 && ', '}<a href=${link('shop', s)}>${s}</a>`)}
          ${g.shops.length > SHOWN && ` +${g.shops.length - SHOWN}`}${!g.shops.length && '–'}</span>` },
        ...(wide ? [{ head: t('remove'), cell: (g) => html`<${Button} disabled=${g.shops.length > 0}
          aria-label=${t('group_remove', { group: g.group })}
          onPress=${() => setAsking(g.group)}>${t('remove')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${asking === 'new' && html`<${NewGroup} onSaved=${asked.again} onClose=${() => setAsking(null)} />`}
    ${asking && asking !== 'new' && html`<${Sure} title=${t('group_remove', { group: asking })} danger
      yes=${t('remove')} onYes=${() => remove(asking)} onClose=${() => setAsking(null)}>
      <p>${t('group_remove_sure')}</p></${Sure}>`}</${Card}>`
}

function NewGroup({ onSaved, onClose }) {
  const [name, setName] = useState('')
  const [run, why] = useWork()
  const right = /^[a-z0-9-]{1,16}$/.test(name)
  const save = async () => {
    const ok = await run(() => office(`/v1/groups/${name}`, { method: 'PUT' }), t('saved'))
    if (ok)
      await onSaved()
    return Boolean(ok)
  }
  return html`<${Form} title=${t('group_add')} why=${why} onSave=${save} onClose=${onClose} ready=${right}>
    <${Field} label=${t('group_name')} hint=${t('group_name_hint')} value=${name} maxlength="16"
      autocapitalize="none" error=${name && !right ? t('group_name_hint') : ''}
      onInput=${(v) => setName(v.trim().toLowerCase())} /></${Form}>`
}

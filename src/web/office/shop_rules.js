// shop_rules.js: what holds in a shop, and where each value comes from.
import { useState } from 'preact/hooks'
import { Button, Card, Table, html, useAsked } from '../base/ui.js'
import { t } from '../base/words.js'
import { may, office, query } from './office.js'
import { Asked } from './parts.js'
import { RULES, RuleEdit, ruleName, ruleValue } from './rule.js'

/** Of each setting the narrowest scope's value, and which that is: 'shop:x', 'group:x', '' or null. */
async function rulesOf(s) {
  const scopes = [`shop:${s.shop}`, ...(s.group ? [`group:${s.group}`] : []), '']
  const lists = await Promise.all(scopes.map((scope) => office(query('/v1/policy',
    { scope: scope || 'all' }))))
  const holds = await office(`/v1/shops/${s.shop}/policy`)
  return RULES.map((name) => {
    const at = lists.findIndex((l) => l.policy.some((p) => p.name === name))
    return { name, value: holds.policy[name], scope: at < 0 ? null : scopes[at],
      own: lists[0].policy.find((p) => p.name === name)?.value ?? '' }
  })
}

export function ShopRules({ s }) {
  const asked = useAsked(() => rulesOf(s), [s.shop, s.group])
  const [editing, setEditing] = useState(null)
  const from = (r) => (r.scope === null ? t('from_conf') : r.scope === '' ? t('from_all')
    : r.scope.startsWith('group:') ? t('from_group', { group: s.group }) : t('from_shop'))
  return html`<${Card} title=${t('tab_rules')}><p class="soft">${t('rules_lead')}</p>
    <${Asked} asked=${asked}>${(rows) => html`<${Table} caption=${t('tab_rules')} rows=${rows}
      id=${(r) => r.name} columns=${[
        { head: t('rule'), main: true, cell: (r) => ruleName(r.name) },
        { head: t('value'), cell: (r) => ruleValue(r.name, r.value) },
        { head: t('comes_from'), cell: from },
        ...(may('goods', s.shop) ? [{ head: t('change'), cell: (r) => html`<${Button}
          aria-label=${t('rule_change', { rule: ruleName(r.name) })} onPress=${() => setEditing({
            scope: `shop:${s.shop}`, name: r.name, value: r.own })}>${t('change')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${editing && html`<${RuleEdit} rule=${editing} onSaved=${asked.again}
      onClose=${() => setEditing(null)} />`}</${Card}>`
}

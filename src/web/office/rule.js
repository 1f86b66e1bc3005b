// rule.js: settings that the office gives its shops, and how one is changed: for all shops, for a
// group, or for one.
import { useState } from 'preact/hooks'
import { Field, Tick, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { mayEverywhere, may, office } from './office.js'
import { Form, useWork, word } from './parts.js'
import './words_rules.js'

/** In the order in which people look for them. */
export const RULES = ['hours.monday', 'hours.tuesday', 'hours.wednesday', 'hours.thursday', 'hours.friday',
  'hours.saturday', 'hours.sunday', 'occupancy_max', 'barred', 'door_log_days', 'roster_max_hours']
export const CLASSES = ['grocery', 'household', 'alcohol', 'tobacco', 'medicine']

export const ruleName = (name) => word('rule', name.replace('.', '_'))

/** "alcohol tobacco" as words. */
export function ruleValue(name, value) {
  if (value === undefined || value === '')
    return '–'
  return name === 'barred' ? value.split(/[\s,]+/).map((c) => word('class', c)).join(', ') : value
}

/** 'shop:viken' as a path has it. */
const scopePath = (scope) => (scope === '' ? 'all' : scope.replace(':', '_'))

/** Whether we may set it for this scope: '', 'group:x', 'shop:x'. A group's shops may be any. */
export const mayRule = (scope) => (scope.startsWith('shop:') ? may('goods', scope.slice(5))
  : mayEverywhere('goods'))

/** RuleEdit({rule: {scope, name, value}, onSaved, onClose}) */
export function RuleEdit({ rule, onSaved, onClose }) {
  const [value, setValue] = useState(rule.value ?? '')
  const [run, why] = useWork()
  const save = async () => {
    const ok = await run(() => office(`/v1/policy/${scopePath(rule.scope)}/${rule.name.replace('.', '_')}`,
      { method: 'PUT', json: { value: value.trim() } }), t('saved'))
    if (ok)
      await onSaved()
    return Boolean(ok)
  }
  const list = value.split(/[\s,]+/).filter(Boolean)
  return html`<${Form} title=${t('rule_change', { rule: ruleName(rule.name) })} why=${why} onSave=${save}
      onClose=${onClose}>
    <p>${t('rule_for', { scope: scopeWords(rule.scope) })}</p>
    ${rule.name === 'barred' ? html`<fieldset><legend>${ruleName('barred')}</legend>
        ${CLASSES.map((c) => html`<${Tick} key=${c} label=${word('class', c)} checked=${list.includes(c)}
          onChange=${(on) => setValue((on ? [...list, c] : list.filter((x) => x !== c)).join(' '))} />`)}
      </fieldset>`
    : html`<${Field} label=${ruleName(rule.name)} value=${value} onInput=${setValue} maxlength="100"
        hint=${t(rule.name.startsWith('hours') ? 'hint_hours' : `hint_${rule.name}`)}
        inputmode=${rule.name.startsWith('hours') ? 'text' : 'numeric'} />`}
    <p class="soft">${t('rule_empty')}</p></${Form}>`
}

export function scopeWords(scope) {
  if (!scope)
    return t('from_all')
  const [kind, name] = scope.split(':')
  return kind === 'group' ? t('from_group', { group: name }) : t('from_one_shop', { shop: name })
}

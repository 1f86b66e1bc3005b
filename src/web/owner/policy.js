// policy.js: what the office may change of a shop's rules, one at a time: hours, how many may be
// inside, what is not sold, how long is remembered. An empty value gives it back to the shop's file.
import { useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { html, Button, Dialog, Failed, Field, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { askOffice } from './session.js'
import './words_house.js'

const shop = () => place.value.shop

/** {name: value} of what the office has set, of this shop, its group or everywhere. */
export const policy = async () => (await askOffice(`/v1/shops/${shop()}/policy`)).policy

const put = (name, value) => askOffice(`/v1/policy/shop_${shop()}/${name.replace('.', '_')}`,
  { method: 'PUT', json: { value } })

const HINTS = { barred: 'policy_barred_hint' }

/** Change({name, label, value, onDone}): a press, then a dialog with one field. */
export function Change({ name, label, value, onDone }) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState(value ?? '')
  const [why, setWhy] = useState(null)
  const save = async () => {
    setWhy(null)
    try {
      await put(name, text.trim())
      say(t('policy_saved'))
      setOpen(false)
      await onDone()
    } catch (bad) {
      setWhy(bad)
    }
  }
  const hint = name.startsWith('hours.') ? 'policy_hours_hint' : HINTS[name]
  return html`<${Button} kind="quiet" class="small-press" aria-label=${t('change_of', { what: label })}
      onPress=${() => {
        setText(value ?? '')
        setOpen(true)
      }}>${t('change')}</${Button}>
    ${open && html`<${Dialog} title=${t('change_of', { what: label })} onClose=${() => setOpen(false)}
      actions=${html`<${Button} onPress=${() => setOpen(false)}>${t('cancel')}</${Button}>
        <${Button} kind="primary" onPress=${save}>${t('save')}</${Button}>`}>
      <div class="stack"><${Field} label=${t('policy_value')} value=${text} onInput=${setText}
        hint=${[hint && t(hint), t('policy_empty')].filter(Boolean).join(' ')} />
      ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }} />`}</div>
    </${Dialog}>`}`
}

// typed.js: a code that no camera can read, typed by hand, with help for the digit that is wrong.
import { useState } from 'preact/hooks'
import { Dialog, Field, html } from '../base/ui.js'
import { money, t } from '../base/words.js'
import { codeTyped } from './codes.js'
import { Form } from './form.js'
import { priceOf } from './prices.js'

export function Typed({ onTake, onClose }) {
  const [text, setText] = useState('')
  const [error, setError] = useState(null)
  const read = codeTyped(text)
  const known = read.code && priceOf(read.code, 1000)
  const send = async () => {
    setError(read.code ? null : t(read.hint, read))
    if (!read.code)
      return
    onClose()
    await onTake(read.code)
  }
  return html`<${Dialog} title=${t('type_title')} onClose=${onClose}>
    <${Form} onSend=${send} word=${t('type_add')}>
      <${Field} label=${t('type_label')} hint=${known
    ? `${known.name}, ${money(known.total_minor, known.currency)}` : t('type_hint')}
        value=${text} inputmode="numeric" autocomplete="off" autofocus maxlength="20" error=${error}
        onInput=${(s) => {
          setText(s)
          setError(null)
        }} /></${Form}></${Dialog}>`
}

// credit.js: taking money back, asked twice and signed: a reason, words of one's own, and what came
// of it. The key is made once, so that a retry is the same credit.
import { useState } from 'preact/hooks'
import { html, Button, Dialog, Failed, Field, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { newKey } from './source.js'
import './words_visit.js'

const REASONS = ['wrong_line', 'broken', 'price', 'goodwill']
const WHY_MAX = 80 // bytes of UTF-8

/** Credit({title, what, send(json), onDone, onClose}): send answers {credit_note}. */
export function Credit({ title, what, send, onDone, onClose }) {
  const [reason, setReason] = useState('wrong_line')
  const [words, setWords] = useState('')
  const [wrong, setWrong] = useState(null)
  const [busy, setBusy] = useState(false)
  const [key] = useState(newKey)
  const press = async () => {
    setBusy(true)
    setWrong(null)
    try {
      const why = words.trim()
      const done = await send({ reason, key, ...(why ? { why } : {}) })
      say(done.credit_note ? t('credit_done_note', { number: done.credit_note }) : t('credit_done'))
      onClose()
      onDone?.()
    } catch (bad) {
      setWrong(bad)
      setBusy(false)
    }
  }
  return html`<${Dialog} title=${title} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('cancel')}</${Button}>
      <${Button} kind="danger" busy=${busy} onPress=${press}>${t('credit')}</${Button}>`}>
    <div class="stack"><p>${what}</p>
      <${Field} as="select" label=${t('credit_reason')} value=${reason} onInput=${setReason}>
        ${REASONS.map((r) => html`<option value=${r}>${t(`reason_${r}`)}</option>`)}</${Field}>
      <${Field} label=${t('credit_why')} value=${words} maxlength=${WHY_MAX / 2}
        onInput=${setWords} />
      ${wrong && html`<${Failed} why=${{ message: t('failed_try', { why: wrong.message }) }} />`}
    </div></${Dialog}>`
}

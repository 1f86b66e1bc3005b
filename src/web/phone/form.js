// form.js: a form that Enter sends too, and whose button is busy for as long as it takes.
import { useState } from 'preact/hooks'
import { Button, html } from '../base/ui.js'

export function Form({ onSend, children, word, kind = 'primary', wait = false }) {
  const [busy, setBusy] = useState(false)
  const send = async (e) => {
    e.preventDefault()
    if (busy)
      return
    setBusy(true)
    try {
      await onSend()
    } finally {
      setBusy(false)
    }
  }
  return html`<form class="stack" novalidate onSubmit=${send}>${children}
    <${Button} type="submit" kind=${kind} class="wide" busy=${busy} disabled=${wait}>
      ${word}</${Button}></form>`
}

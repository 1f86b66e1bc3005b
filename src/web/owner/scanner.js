// scanner.js: how a code comes in: by this device's camera, by a hand scanner that types, or by
// fingers. All end in one function.
import { useEffect, useRef, useState } from 'preact/hooks'
import { useCamera } from '../base/camera.js'
import { feelNo, feelReady, feelYes } from '../base/feel.js'
import { GOODS } from '../base/scan.js'
import { html, Button, Field, Notice } from '../base/ui.js'
import { t } from '../base/words.js'
import './words_trade.js'

function Camera({ onCode, onClose }) {
  const { video, ready, why } = useCamera({ formats: GOODS, onCode: ({ text }) => onCode(text) })
  return html`<div class="camera"><video ref=${video} aria-hidden="true"></video>
    ${why ? html`<${Notice} kind="warn">${t('scan_camera_not')}</${Notice}>`
    : html`<p role="status">${t(ready ? 'scan_ready' : 'scan_starts')}</p>`}
    <${Button} onPress=${onClose}>${t('scan_stop')}</${Button}></div>`
}

/** Scanner({onCode(text)}): onCode answers (a promise of) whether the code was taken. */
export function Scanner({ onCode }) {
  const [text, setText] = useState('')
  const [camera, setCamera] = useState(false)
  const field = useRef()
  const take = async (code) => {
    if (await onCode(code))
      feelYes()
    else
      feelNo()
  }
  const typed = (e) => {
    e.preventDefault()
    feelReady()
    const code = text.trim()
    setText('')
    field.current.querySelector('input').focus() // a hand scanner goes on at once
    if (code)
      take(code)
  }
  useEffect(() => {
    // a hand scanner types wherever the cursor is: on a screen without touch it is here
    if (matchMedia('(pointer: fine)').matches)
      field.current.querySelector('input').focus({ preventScroll: true })
  }, [])
  return html`<div class="scanner">
    ${camera ? html`<${Camera} onCode=${take} onClose=${() => setCamera(false)} />`
    : html`<${Button} kind="primary" class="large wide" onPress=${() => {
      feelReady()
      setCamera(true)
    }}>${t('scan_camera')}</${Button}>`}
    <form class="typed" ref=${field} onSubmit=${typed}>
      <${Field} label=${t('scan_code')} hint=${t('scan_code_hint')} value=${text} onInput=${setText}
        inputmode="numeric" autocomplete="off" enterkeyhint="enter" maxlength="160" />
      <${Button} type="submit">${t('scan_take')}</${Button}></form></div>`
}

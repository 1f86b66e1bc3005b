// scanner.js: the camera above the basket. It is opened by a touch, and by itself the next time; the
// reader is fetched while the shopper walks to the shelf. Each code flashes, beeps and buzzes.
import { useEffect, useState } from 'preact/hooks'
import { useCamera } from '../base/camera.js'
import { feelReady } from '../base/feel.js'
import { reach } from '../base/place.js'
import { GOODS, readerWarm } from '../base/scan.js'
import { Button, html, Notice } from '../base/ui.js'
import { t } from '../base/words.js'

const KEPT = 'camera'
const kept = () => {
  try {
    return localStorage.getItem(KEPT) === 'on'
  } catch {
    return false
  }
}
const keep = (on) => {
  try {
    localStorage.setItem(KEPT, on ? 'on' : 'off')
  } catch {
    // it is asked for again the next time
  }
}

/** Fetches the reader ahead of time, where it is kept or there is a net to fetch it by. */
async function warm() {
  if (reach.value === 'shop' || await globalThis.caches?.match(WASM_URL))
    await readerWarm(GOODS)
}

/** Scanner({onCode({text, format}), flash}): `flash` changes with every code that was taken. */
export function Scanner({ onCode, flash }) {
  const [on, setOn] = useState(kept)
  useEffect(() => { warm() }, [])
  const turn = (next) => {
    feelReady()
    keep(next)
    setOn(next)
  }
  return on ? html`<${Film} onCode=${onCode} flash=${flash} onClose=${() => turn(false)} />`
    : html`<div class="scan off"><${Button} kind="primary" class="large wide"
      onPress=${() => turn(true)}>${t('shop_camera')}</${Button}></div>`
}

function Film({ onCode, flash, onClose }) {
  const { video, camera, ready, why } = useCamera({ formats: GOODS, onCode })
  const [lamp, setLamp] = useState(false)
  const shine = () => {
    camera.torch(!lamp)
    setLamp(!lamp)
  }
  if (why)
    return html`<div class="scan off"><${Notice} kind="warn">
      ${t(camera ? 'shop_reader_no' : 'shop_camera_no')}</${Notice}>
      <${Button} class="wide" onPress=${onClose}>${t('close')}</${Button}></div>`
  return html`<div class="scan">
    <video class="film" ref=${video} aria-label=${t('shop_aim')}></video>
    <div class="aim" key=${flash} data-taken=${flash ? 'yes' : undefined} aria-hidden="true"></div>
    <p class="scan-word" role="status">${ready ? t('shop_aim') : t('camera_starts')}</p>
    <div class="scan-tools">
      ${camera?.hasTorch && html`<${Button} aria-pressed=${lamp}
        onPress=${shine}>${t('shop_lamp')}</${Button}>`}
      <${Button} onPress=${onClose}>${t('shop_camera_off')}</${Button}></div></div>`
}

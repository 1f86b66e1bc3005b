// camera.js: a dialog with the camera in it, for one code off another screen: the door's, an
// invitation, a friend's basket.
import { useEffect, useRef, useState } from 'preact/hooks'
import { cameraOpen, SCREENS } from '../base/scan.js'
import { Dialog, html, Notice } from '../base/ui.js'
import { t } from '../base/words.js'

/** CodeCamera({title, hint, onText, onClose}) */
export function CodeCamera({ title, hint, onText, onClose }) {
  const video = useRef()
  const [why, setWhy] = useState(null)
  const [ready, setReady] = useState(false)
  const told = useRef(onText)
  told.current = onText
  useEffect(() => {
    let camera
    let over = false
    cameraOpen(video.current, { formats: SCREENS, onCode: (c) => told.current(c.text),
      onReady: () => setReady(true), onBroken: setWhy }).then((c) => {
      camera = c
      if (over)
        c.close()
    }, setWhy)
    return () => {
      over = true
      camera?.close()
    }
  }, [])
  return html`<${Dialog} title=${title} onClose=${onClose}>
    ${why ? html`<${Notice} kind="warn">${t('door_camera_no')}</${Notice}>`
    : html`<p role="status">${ready ? hint : t('camera_starts')}</p>`}
    <video class="film" ref=${video} aria-label=${title}></video></${Dialog}>`
}

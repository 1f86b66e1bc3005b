// camera.js: a dialog with the camera in it, for one code off another screen: the door's, an
// invitation, a friend's basket.
import { useCamera } from '../base/camera.js'
import { SCREENS } from '../base/scan.js'
import { Dialog, html, Notice } from '../base/ui.js'
import { t } from '../base/words.js'

/** CodeCamera({title, hint, onText, onClose}) */
export function CodeCamera({ title, hint, onText, onClose }) {
  const { video, ready, why } = useCamera({ formats: SCREENS, onCode: (c) => onText(c.text) })
  return html`<${Dialog} title=${title} onClose=${onClose}>
    ${why ? html`<${Notice} kind="warn">${t('door_camera_no')}</${Notice}>`
    : html`<p role="status">${ready ? hint : t('camera_starts')}</p>`}
    <video class="film" ref=${video} aria-label=${title}></video></${Dialog}>`
}

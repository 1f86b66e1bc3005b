// pictures.js: what a camera saw. A picture's name says when, beside what and by which camera; it can
// be looked at large, and it says so plainly when it is kept no longer.
import { useState } from 'preact/hooks'
import { html, Button, Dialog } from '../base/ui.js'
import { moment, t, timeExact } from '../base/words.js'

/** {at, camera} of "20261122T101530123Z-alarm-17-front.jpg". */
export function pictureRead(name) {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[a-z]+-\d+-([a-z0-9-]+)\.jpg$/.exec(name)
  return m ? { at: `${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}.${m[7]}Z`, camera: m[8] }
    : { at: null, camera: name }
}

function One({ name, large, onPress }) {
  const [lost, setLost] = useState(false)
  const { at, camera } = pictureRead(name)
  const said = { camera, at: at ? moment(at) : '' }
  if (lost)
    return html`<p class="empty picture-lost">${t('picture_lost')}</p>`
  const img = html`<img src=${`/v1/pictures/${name}`} alt=${t('picture_of', said)}
    onError=${() => setLost(true)} loading=${large ? 'eager' : 'lazy'} />`
  return large ? img : html`<button type="button" class="picture" onClick=${onPress}>${img}
    <span class="when">${camera} ${at && timeExact(at)}</span></button>`
}

/** Pictures({names}): small ones that open large, with a way to the one before and after. */
export function Pictures({ names, label }) {
  const [open, setOpen] = useState(null)
  const at = names.indexOf(open)
  const step = (n) => setOpen(names[(at + n + names.length) % names.length])
  if (!names.length)
    return null
  return html`<div class="pictures" role="group" aria-label=${label ?? t('alarm_pictures')}>
    ${names.map((name) => html`<${One} key=${name} name=${name} onPress=${() => setOpen(name)} />`)}
    ${open && html`<${Dialog} title=${`${pictureRead(open).camera} · ${moment(pictureRead(open).at)}`}
      onClose=${() => setOpen(null)} actions=${names.length > 1 && html`
        <${Button} onPress=${() => step(-1)}>${t('previous')}</${Button}>
        <${Button} onPress=${() => step(1)}>${t('next')}</${Button}>`}>
      <div class="large"><${One} key=${open} name=${open} large /></div></${Dialog}>`}
  </div>`
}

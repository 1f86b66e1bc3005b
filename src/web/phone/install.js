// install.js: the browser's own offer to put the page on the home screen, while it makes one. It comes
// once, early: so it is listened for from the start.
import { signal } from '../base/signal.js'

export const offer = signal(null)
addEventListener('beforeinstallprompt', (e) => {
  e.preventDefault()
  offer.value = e
})
addEventListener('appinstalled', () => { offer.value = null })

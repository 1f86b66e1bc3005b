// person.js: what belongs to whoever stands here: language, contrast, speech. All of it goes when the
// person goes: the next one finds the screen as the shop set it up.
import { place } from '../base/place.js'
import { signal } from '../base/signal.js'
import { language, setLanguage } from '../base/words.js'
import { speechOff, speechMode } from './speech.js'

export const contrast = signal(false)
/** Which window of help or speech lies over the view: null, 'help', 'speech'. */
export const over = signal(null)

const shops = () => place.value?.language ?? 'sv'

export function contrastSet(on) {
  contrast.value = on
  document.documentElement.dataset.contrast = on ? 'high' : 'plain'
}

export const languageNext = () => setLanguage(language() === 'sv' ? 'en' : 'sv')

/** Whether anybody has changed anything here. */
export function personHere() {
  return contrast.value || speechMode.value !== 'off' || over.value !== null || language() !== shops()
}

export function personForget() {
  over.value = null
  contrastSet(false)
  speechOff()
  if (language() !== shops())
    setLanguage(shops())
}

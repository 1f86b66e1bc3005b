// unsent.js: how many lines wait on this phone for the shop's word. A file of its own, so that the
// first view can show the number without what sends them.
import { signal } from '../base/signal.js'

export const unsent = signal(0)

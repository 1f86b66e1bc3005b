// later.js: all that the first view does not need, as one file beside it: a phone opens few files
// quicker than many, and the service worker keeps them all the same.
export { CodeCamera } from './camera.js'
export { pricesLoad } from './prices.js'
export { senderStart } from './sender.js'
import first from './first.js'
import me from './me.js'
import receipts from './receipts.js'
import join from './register.js'
import shop from './shop.js'
import till from './till.js'
import withOthers from './with.js'

/** The first part of the route -> who draws it. */
export const views = { first, join, me, receipts, shop, till, with: withOthers }

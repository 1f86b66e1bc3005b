// names.js: who did something, as the books name them: a contact or an operator by name, an owner or
// one of the staff by the beginning of their customer key, which people know as an alias.
import { alias } from '../base/alias.js'
import { t } from '../base/words.js'

/** "owner-c0c1c2c3" -> "Blå räv 17 (ägare)"; any other name is shown as it is. */
export function byName(by) {
  const m = /^(owner|staff)-([0-9a-f]{8,})$/.exec(by ?? '')
  return m ? `${alias(m[2])} (${t(`role_${m[1]}`)})` : by ?? ''
}

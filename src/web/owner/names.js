// names.js: who did something, as the books name them: a contact or an operator by name; an owner or
// one of the staff by the beginning of their customer key, which people know as an alias; an owner who
// did it by way of the office by a number of the office's, which says nothing here.
import { alias } from '../base/alias.js'
import { t } from '../base/words.js'

/** "owner-c0c1c2c3" -> "Blå räv 17 (ägare)"; any other name is shown as it is. */
export function byName(by) {
  const m = /^(owner|staff)-([0-9a-f]{8}|[0-9a-f]{16})$/.exec(by ?? '')
  if (!m)
    return by ?? ''
  const role = t(`role_${m[1]}`)
  return m[2].length === 8 ? `${alias(m[2])} (${role})` : role
}

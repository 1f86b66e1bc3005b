// office_house.mjs: somebody at head office's desk, for the tests of its page: comes in as a person
// does, with a code that a colleague made, and goes where the links lead.
import { GLASS } from './house.mjs'

// the narrowest phone, a phone as many have it, a desk, a wide one
GLASS.desk = { viewport: { width: 1440, height: 900 } }
GLASS.narrow = { viewport: { width: 360, height: 780 } }
export const SHOT = ['narrow', 'desk']

/** A browser at the office's own name that nobody there knows yet. */
export async function stranger(house, name, more = {}) {
  const p = await house.browser({ name, glass: 'desk', at: 'office', ...more })
  p.desk = `http://127.0.0.1:${p.road.port}/`
  await p.page.goto(p.desk)
  return p
}

/** An operator who has just come in: what she may stands in `rights` and `shops`. */
export async function clerk(house, name, { rights = ['fleet', 'members', 'goods', 'remote', 'money', 'pull'],
  shops = ['*'], ...more } = {}) {
  const { code } = await house.operator('POST', '/v1/operators', { name, rights, shops })
  const p = await stranger(house, name, more)
  await p.page.getByLabel('Kod', { exact: true }).fill(code)
  await p.page.getByRole('button', { name: 'Logga in' }).click()
  await p.page.getByRole('navigation', { name: 'Sidor' }).waitFor()
  return p
}

/** Goes to a place of the side bar. */
export async function place(p, name) {
  await p.page.getByRole('navigation', { name: 'Sidor' }).getByRole('link', { name }).click()
  await p.page.getByRole('heading', { level: 1, name }).waitFor()
}

/** A tab of the view. */
export const tab = (p, name) => p.page.locator('.tabs').getByRole('link', { name, exact: true }).click()

/** The row of a table that names this. */
export const row = (p, name) => p.page.getByRole('row').filter({ hasText: name })

/** The row whose heading begins so. */
export const named = (p, name) => p.page.locator('tbody tr').filter({
  has: p.page.locator('th.main', { hasText: new RegExp(`^\\s*${name}`) }) })

/** A button by its words. */
export const press = (p, name) => p.page.getByRole('button', { name, exact: true }).click()

/** A picture of this view in both themes on a phone and at a desk, looked at by axe. */
export async function shot(p, view) {
  await p.page.locator('.wait').first().waitFor({ state: 'detached' }).catch(() => {})
  try {
    await p.shots(`office-${view}`, SHOT)
  } finally { // what fails here leaves a desk for the next test
    await p.page.setViewportSize(GLASS.desk.viewport)
  }
}

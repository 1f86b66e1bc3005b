// test_first_hour.mjs: a box that knows nobody, and the first phone that comes to it: the code on the
// box's console is read as the camera of a phone reads it, one press makes that phone the owner's key,
// and it opens the owner's page and the door. What is refused says what to do.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, openHouse, tests, until } from './house.mjs'

const WRONG = '0000-0000-0000-0000'
const fresh = () => openHouse({ office: 'none', args: ['--no-import'],
  set: ['shopd:page=https://viken.example'] })
const house = await fresh()
const eva = await house.browser({ name: 'eva' })
const { page } = eva
const press = (on) => on.getByRole('button', { name: 'Gör telefonen till ägarens nyckel' }).click()

/** What the console shows: the link in its QR code, of half blocks, two modules a character. */
async function consoleShows() {
  const text = readFileSync(join(house.state, 'run/first-owner.issue'), 'utf8')
  const rows = text.split('\n').filter((l) => /[█▀▄]/.test(l))
  const [wide, module] = [Math.max(...rows.map((r) => r.length)), 6]
  const [width, height] = [wide * module, rows.length * 2 * module]
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [Math.floor(i % width / module), Math.floor(Math.floor(i / width) / module)]
    const c = rows[y >> 1][x] ?? ' '
    const lit = c === '█' || c === (y % 2 ? '▄' : '▀') // of light on a dark screen
    data.set([lit ? 255 : 0, lit ? 255 : 0, lit ? 255 : 0, 255], i * 4)
  }
  return codeOf({ data, width, height })
}

async function test_a_wrong_code_says_where_the_right_one_is() {
  await page.goto(`${eva.home}#/first/${WRONG}`)
  await page.getByText('Boxen har ingen ägare än.').waitFor()
  await eva.shots('phone-first', ['small'])
  await press(page)
  await page.getByText('Läs av den kod som boxens skärm visar just nu.').waitFor()
  await eva.shots('phone-first-unknown', ['small'])
  await page.getByLabel('Koden på boxens skärm').fill('')
  await press(page)
  await page.getByText('Skriv koden som boxens skärm visar.').waitFor()
}

async function test_the_code_on_the_console_makes_the_owner() {
  const link = await consoleShows()
  const [, code] = /^https:\/\/viken\.example\/#\/first\/([0-9A-Z-]{19})$/.exec(link)
  assert.equal(house.shopctl('owner', 'code').code, code)
  await page.goto(`${eva.home}#/first/${code}`)
  await page.locator('.big-code').getByText(code).waitFor()
  eva.road.go(null)
  await press(page)
  await page.getByText('Anslut telefonen till samma nät som boxen').waitFor()
  eva.road.go('shop')
  await page.getByLabel('Koden på boxens skärm').fill(code.toLowerCase().replaceAll('-', ' '))
  await press(page)
  await page.getByRole('heading', { name: 'Telefonen är ägarens nyckel' }).waitFor()
  await eva.shots('phone-first-done', ['small'])
  assert.deepEqual(house.shopctl('member', 'list').map((m) => m.role), ['owner'])
  await page.reload() // as after an answer that was lost: asked again, and told how it stands
  await press(page)
  await page.getByRole('heading', { name: 'Telefonen är ägarens nyckel' }).waitFor()
  await page.getByRole('link', { name: 'Till ägarens sida' }).click()
  await page.getByRole('heading', { name: 'Just nu', level: 1 }).waitFor()
  await page.goto(eva.home)
  await page.getByRole('button', { name: 'Öppna dörren' }).click()
  await page.getByText('Välkommen in!').waitFor()
  await late(code)
}

/** Somebody else comes with the same code, or any other. */
async function late(code) {
  const bo = await house.browser({ name: 'bo', language: 'en-GB' })
  await bo.page.goto(`${bo.home}#/first/${code}`)
  await bo.page.getByRole('button', { name: 'Make this phone the owner’s key' }).click()
  await bo.page.getByText('The shop has an owner already. Ask the owner to invite you').waitFor()
  await bo.shots('phone-first-english', ['small'])
  await bo.page.getByRole('link', { name: 'Go on as a member' }).click()
  await bo.page.getByRole('heading', { name: 'Show the owner your key' }).waitFor()
}

async function test_too_many_wrong_codes_are_waited_for() {
  const other = await fresh()
  try {
    const dan = await other.browser({ name: 'dan' })
    await dan.page.goto(`${dan.home}#/first/${WRONG}`)
    const busy = dan.page.getByText(/För många fel koder\. Vänta \d+ sekunder/)
    const go = dan.page.getByRole('button', { name: /^Gör telefonen/ })
    await until(async () => {
      if (await go.isEnabled()) // the answer to the press before may come in between
        await go.click({ timeout: 1000 }).catch(() => {})
      await dan.page.getByText('Telefonen blev inte ägarens nyckel').waitFor()
      await until(async () => await dan.page.locator('form [aria-busy]').count() === 0, 'an answer')
      return busy.isVisible()
    }, 'the box to look at no more codes')
    assert.ok(await go.isDisabled())
    const wait = Number(/Vänta (\d+)/.exec(await busy.innerText())[1])
    assert.ok(wait > 0 && wait <= 60, `${wait} s`)
    // another code need not wait: it may be the right one
    await dan.page.getByLabel('Kod').fill(`${WRONG.slice(0, -1)}3`)
    assert.ok(await go.isEnabled())
    assert.deepEqual(dan.wrong, [])
  } finally {
    await other.close()
  }
}

await tests({
  test_a_wrong_code_says_where_the_right_one_is,
  test_the_code_on_the_console_makes_the_owner,
  test_too_many_wrong_codes_are_waited_for,
  async test_nothing_went_wrong_on_the_way() {
    for (const p of house.people)
      assert.deepEqual(p.wrong, [], p.name)
    await house.close()
  },
})

// test_phone_kept.mjs: what a phone keeps: its lines and its camera through a new version of the page;
// which of two doors she comes by; and what the page says where it may keep nothing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filmGtin } from './camera.mjs'
import { openHouse, ROOT, tests, until, WEB } from './house.mjs'
import { bought, EGGS, MILK, row, tab, type } from './phone_steps.mjs'

const folder = mkdtempSync(join(tmpdir(), 'shop-pages-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const web = join(folder, 'web')
cpSync(WEB, web, { recursive: true })
const house = await openHouse({ office: 'none', web, set: ['strike', 'contact', 'rex']
  .map((part) => `shopd:door back:${part}=back-${part}`).concat('shopd:door back:exit=rex') })
const anna = await house.browser({ name: 'anna' })

const lines = () => house.shopctl('log').filter((e) => e.kind === 'line').length
const strike = (door) => house.shopctl('door').find((d) => d.door === door).strike

async function test_a_member_by_the_key_on_the_screen() {
  const { page } = anna
  await page.goto(anna.home)
  await page.getByRole('button', { name: 'Gör en nyckel i telefonen' }).click()
  house.shopctl('member', 'add', '--key', await anna.seen(page.locator('.qr')))
  await page.getByRole('button', { name: 'Se efter nu' }).click()
  await page.getByText('Telefonen öppnar nu dörren').waitFor()
}

async function test_the_key_cannot_be_taken_out() {
  const { extractable, taken } = await anna.page.evaluate(() => new Promise((done, failed) => {
    const asked = indexedDB.open('shopkeeper')
    asked.onerror = failed
    asked.onsuccess = () => {
      const got = asked.result.transaction('kv').objectStore('kv').get('key')
      got.onerror = failed
      got.onsuccess = async () => {
        const { privateKey } = got.result.pair
        asked.result.close()
        const out = await Promise.allSettled(['pkcs8', 'jwk', 'raw'].map((form) =>
          crypto.subtle.exportKey(form, privateKey)))
        done({ extractable: privateKey.extractable, taken: out.filter((o) => o.value).length })
      }
    }
  }))
  assert.deepEqual([extractable, taken], [false, 0])
}

async function test_the_code_is_another_one_before_it_runs_out() {
  const { page } = anna
  await page.clock.install()
  await page.goto('about:blank')
  await page.goto(anna.home)
  await page.locator('.qr').waitFor()
  const before = await anna.seen(page.locator('.qr'))
  await page.clock.fastForward(30000)
  assert.equal(await anna.seen(page.locator('.qr')), before)
  await page.clock.fastForward(6000) // 24 s before it would run out
  await until(async () => await anna.seen(page.locator('.qr')) !== before, 'another code')
  await anna.reopen()
  await anna.page.goto(anna.home)
}

async function test_of_two_doors_the_one_she_came_by_last() {
  const { page } = anna
  await page.getByRole('group', { name: 'Vilken dörr?' }).waitFor()
  await anna.shots('phone-doors', ['small'])
  await page.getByText('back', { exact: true }).click()
  await page.getByRole('img', { name: /^Kod till dörren back/ }).waitFor()
  await page.getByRole('button', { name: 'Öppna dörren' }).click()
  await page.getByText('Välkommen in!').waitFor()
  assert.equal(strike('back'), 'on')
  assert.equal(strike('front'), 'off')
  await page.reload()
  await page.getByRole('img', { name: /^Kod till dörren back/ }).waitFor()
  assert.ok(await page.getByRole('radio', { name: 'back' }).isChecked())
  await page.getByText('front', { exact: true }).click()
  await page.getByRole('img', { name: /^Kod till dörren front/ }).waitFor()
  house.scan('front', await anna.seen(page.locator('.qr')))
  await until(() => strike('front') === 'on', 'the front door to open')
}

/** The pages built anew with another word in them, as the next version has; the box serves those. */
function nextVersion() {
  const source = join(folder, 'source')
  cpSync(join(ROOT, 'src/web'), source, { recursive: true,
    filter: (f) => !f.includes('node_modules') })
  symlinkSync(join(ROOT, 'src/web/node_modules'), join(source, 'node_modules'))
  const words = join(source, 'phone/words_shop.js')
  const text = readFileSync(words, 'utf8')
  assert.ok(text.includes("'Skriv kod'"))
  writeFileSync(words, text.replace("'Skriv kod'", "'Skriv in'"))
  execFileSync(process.execPath, [join(source, 'build.mjs'), join(folder, 'next'), 'phone'])
  renameSync(web, join(folder, 'before'))
  renameSync(join(folder, 'next'), web)
  const pid = house.pid('counterd')
  process.kill(pid, 'SIGTERM')
  return until(async () => house.pid('counterd') !== pid &&
    (await fetch(`${house.run.api}/healthz`).catch(() => null))?.ok, 'the box to be back', 30000)
}

const kept = () => anna.page.evaluate(async () => navigator.serviceWorker?.controller?.state ===
  'activated' && (await Promise.all((await caches.keys()).map(async (name) =>
  (await (await caches.open(name)).keys()).some((r) => r.url.endsWith('.wasm'))))).some(Boolean))
const newer = () => anna.page.evaluate(async () =>
  Boolean((await navigator.serviceWorker.getRegistration())?.waiting))

async function test_a_new_version_is_taken_up_when_the_app_is_next_opened() {
  await until(kept, 'the page and its code reader to be kept')
  await tab(anna, 'Handla')
  anna.road.go(null)
  await type(anna, EGGS)
  await anna.page.locator('.basket-row').getByText('väntar på butiken').waitFor()
  const before = lines()
  await nextVersion()
  anna.road.go('shop')
  await anna.page.reload() // opened while the box has the new one: it is fetched, and waits
  await anna.page.getByRole('button', { name: 'Skriv kod' }).waitFor()
  await bought(anna, 'Ägg')
  await until(newer, 'the new version to be fetched')
  anna.road.go(null)
  await type(anna, MILK) // the old one goes on as it is, though the box has only the new one's files
  await row(anna, 'Coop Mjölk').getByText('väntar på butiken').waitFor()
  await anna.reopen()
  await anna.page.goto(`${anna.home}#/shop`)
  await anna.page.getByRole('button', { name: 'Skriv in' }).waitFor() // and now the new one
  await row(anna, 'Coop Mjölk').getByText('väntar på butiken').waitFor()
  filmGtin(anna.film, MILK)
  await anna.page.getByRole('button', { name: 'Skanna med kameran' }).click()
  await until(async () => await row(anna, 'Coop Mjölk').locator('.number').textContent() === '2',
    'the kept code reader to read without a net')
  anna.road.go('shop')
  await bought(anna, 'Coop Mjölk')
  await until(() => lines() - before === 3, 'each line once')
}

async function test_a_browser_that_keeps_nothing_says_so() {
  const eva = await house.browser({ name: 'eva', forgetful: true })
  await eva.page.goto(eva.home)
  await eva.page.getByRole('heading', { name: 'Telefonen får inte spara' }).waitFor()
  await eva.page.getByText('Öppna sidan i ett vanligt fönster.').waitFor()
  await eva.shots('phone-forgetful', ['small'])
}

await tests({
  test_a_member_by_the_key_on_the_screen,
  test_the_key_cannot_be_taken_out,
  test_the_code_is_another_one_before_it_runs_out,
  test_of_two_doors_the_one_she_came_by_last,
  test_a_new_version_is_taken_up_when_the_app_is_next_opened,
  test_a_browser_that_keeps_nothing_says_so,
  async test_nothing_went_wrong_on_the_way() {
    for (const p of house.people)
      assert.deepEqual(p.wrong, [], p.name)
    await house.close()
  },
})

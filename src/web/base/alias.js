// alias.js: a name for a customer key that people can say to each other and that says nothing of the
// person: the same key is the same animal on every page, and nobody's name is on the shop's box.
import { language } from './words.js'

const COLOURS = [
  ['Blå', 'Blue'], ['Röd', 'Red'], ['Grön', 'Green'], ['Gul', 'Yellow'], ['Vit', 'White'],
  ['Svart', 'Black'], ['Grå', 'Grey'], ['Brun', 'Brown'], ['Rosa', 'Pink'], ['Lila', 'Purple'],
  ['Orange', 'Orange'], ['Turkos', 'Turquoise'], ['Ljus', 'Bright'], ['Mörk', 'Dark'],
  ['Gyllene', 'Golden'], ['Stilla', 'Quiet'],
]
const ANIMALS = [
  ['räv', 'fox'], ['igelkott', 'hedgehog'], ['uggla', 'owl'], ['älg', 'elk'], ['lax', 'salmon'],
  ['svan', 'swan'], ['bäver', 'beaver'], ['hare', 'hare'], ['trana', 'crane'], ['säl', 'seal'],
  ['ekorre', 'squirrel'], ['grävling', 'badger'], ['mås', 'gull'], ['humla', 'bumblebee'],
  ['mård', 'marten'], ['gädda', 'pike'], ['björn', 'bear'], ['lo', 'lynx'], ['tärna', 'tern'],
  ['utter', 'otter'], ['hjort', 'deer'], ['tupp', 'rooster'], ['get', 'goat'], ['häst', 'horse'],
  ['anka', 'duck'], ['krabba', 'crab'], ['mus', 'mouse'], ['korp', 'raven'], ['sparv', 'sparrow'],
  ['padda', 'toad'], ['fjäril', 'butterfly'], ['varg', 'wolf'],
]

/** "Blå räv 17" of 32 hex digits. Two keys may share the words; the number tells most of them apart. */
export function alias(customer) {
  if (!/^[0-9a-f]{8,}$/.test(customer ?? ''))
    return '–'
  const n = parseInt(customer.slice(0, 8), 16)
  const l = language() === 'sv' ? 0 : 1
  const colour = COLOURS[n % COLOURS.length][l]
  const animal = ANIMALS[Math.floor(n / COLOURS.length) % ANIMALS.length][l]
  return `${colour} ${animal} ${Math.floor(n / 512) % 90 + 10}`
}

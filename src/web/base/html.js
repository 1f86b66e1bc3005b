// html.js: preact by tagged templates. One place, so that all pages share one compiled htm.
import htm from 'htm'
import { h } from 'preact'

export const html = htm.bind(h)

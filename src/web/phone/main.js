import '../base/app.css'
import { render } from 'preact'
import { html } from '../base/ui.js'

render(html`<h1 tabindex="-1">Shopkeeper</h1>`, document.getElementById('page'))

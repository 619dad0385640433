/* The frame of a search in a dialog: the button that opens it, the dialog, and the page that must keep still meanwhile. */
import { el, glass } from './dom.js';
import { shortcutForAria, shortcutLabel } from './keys.js';

function opener(label, shortcuts, open) {
	return el('slot', { name: 'button', click: open }, el('button.opener', {
		title: label, 'aria-haspopup': 'dialog', 'aria-keyshortcuts': shortcuts.map(shortcutForAria).join(' ') || null,
	}, glass(), el('span.label', {}, label), shortcuts[0] && el('kbd.key', { 'aria-hidden': 'true' }, shortcutLabel(shortcuts[0]))));
}

export class Modal {
	#overflow = '';
	#dialog;

	/* options: label, shortcuts, open () for the button, closed () however it was closed */
	constructor(panel, { label, shortcuts, open, closed }) {
		this.#dialog = el('dialog.dialog', {
			'aria-label': label,
			mousedown: ({ target }) => target === this.#dialog && this.close(),
			close: () => {
				document.documentElement.style.overflow = this.#overflow;
				closed();
			},
		}, panel);
		this.nodes = [opener(label, shortcuts, open), this.#dialog];
	}

	get isOpen() { return this.#dialog.open; }

	/* The browser gives the focus back to where it was, once closed. */
	open() {
		const { style } = document.documentElement;
		this.#overflow = style.overflow;
		style.overflow = 'hidden';
		this.#dialog.showModal();
	}

	close() {
		this.#dialog.close();
	}
}

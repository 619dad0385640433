/* The facets with their counts: a group of checkboxes each, the frequent values first. */
import { el } from './dom.js';
import { fold } from './state.js';

const SHOWN = 8;
/* The daemon sends so many at first. From here on a group can be searched in. */
const MANY = 20;

export class FacetPanel {
	#strings;
	#options;
	#expanded = new Set();
	#words = {};
	#facets = {};

	/* options: toggled (facet, slug), wantsAll () once somebody wants more values than came */
	constructor(strings, options) {
		this.#strings = strings;
		this.#options = options;
		this.node = el('div.facets', { id: 'facets' });
	}

	get isEmpty() { return !this.node.firstChild; }

	/* Shows the answer's @facets; what had the focus has it again. */
	show(facets) {
		const { key } = this.node.getRootNode().activeElement?.dataset ?? {};
		this.#facets = facets;
		this.node.replaceChildren(...Object.entries(facets).map(([name, values]) => values.length ? this.#group(name, values) : ''));
		this.#focus(key);
	}

	#focus(key) {
		const node = key && this.node.querySelector(`[data-key="${CSS.escape(key)}"]`);
		node?.focus();
		return node;
	}

	#group(name, values) {
		const isExpanded = this.#expanded.has(name);
		const word = fold(this.#words[name] ?? '');
		const shown = values.filter((value, i) => isExpanded ? fold(value.name).includes(word) : i < SHOWN || value.selected);
		return el('fieldset.facet', {},
			el('legend', {}, this.#strings.facet(name)),
			isExpanded && values.length >= MANY && this.#finder(name),
			el('div.values', {}, shown.map((value) => this.#value(name, value))),
			!isExpanded && values.length > SHOWN && this.#expander(name));
	}

	#value(facet, { name, slug, count, selected }) {
		return el('label.value', { title: name },
			el('input', {
				type: 'checkbox', checked: selected, 'data-key': `${facet}=${slug}`, 'aria-label': `${name}, ` + this.#strings.text('count', { n: count }),
				change: () => this.#options.toggled(facet, slug),
			}),
			el('span.name', { dir: 'auto' }, name), el('span.number', {}, this.#strings.number(count)));
	}

	#finder(name) {
		const label = `${this.#strings.text('search')}: ${this.#strings.facet(name)}`;
		const key = `find:${name}`;
		return el('input.finder', {
			type: 'search', 'data-key': key, placeholder: label, 'aria-label': label, autocomplete: 'off', value: this.#words[name],
			input: ({ target }) => {
				this.#words[name] = target.value;
				this.show(this.#facets);
				this.#focus(key).setSelectionRange(target.selectionStart, target.selectionStart);
			},
		});
	}

	/* All of them from now on; the first that was not shown gets the focus. */
	#expander(name) {
		const label = this.#strings.text('more_values');
		const values = this.#facets[name];
		return el('button.link', {
			'aria-label': `${label}: ${this.#strings.facet(name)}`,
			click: () => {
				this.#expanded.add(name);
				this.show(this.#facets);
				this.#focus(`${name}=${values.find((value, i) => i >= SHOWN && !value.selected)?.slug}`);
				if (values.length >= MANY)
					this.#options.wantsAll();
			},
		}, label);
	}
}

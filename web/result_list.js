/*
 * The results as a listbox. The focus stays in the input: an option is made active by its id
 * in aria-activedescendant, so options are links that Tab passes over.
 */
import { el, marked } from './dom.js';
import { safeUrl } from './safe.js';

const TAGS_SHOWN = 4;

const names = (terms) => (terms ?? []).map(({ name }) => name);

export class ResultList {
	#strings;
	#options;
	/* As shown, top to bottom: { link, hit, url }. */
	#shown = [];
	#active = -1;

	/* options: renderHit (hit → nodes in place of our own), clicked (hit, url, event) */
	constructor(strings, options) {
		this.#strings = strings;
		this.#options = options;
		this.node = el('div.list', { id: 'list', role: 'listbox', hidden: true, 'aria-label': strings.text('results') });
	}

	get size() { return this.#shown.length; }
	get active() { return this.#active; }
	option(index) { return this.#shown[index]; }

	/* Shows @hits; what was active stays so where @keep is true. */
	show(hits, keep = false) {
		const active = keep ? this.#active : -1;
		this.#shown = [];
		this.node.replaceChildren(...hits.map((hit) => this.#entry(hit)));
		this.node.hidden = !this.size;
		this.activate(active);
	}

	/* Makes the option at @index the active one, -1: none. */
	activate(index) {
		this.option(this.#active)?.link.setAttribute('aria-selected', false);
		this.#active = index;
		this.option(index)?.link.setAttribute('aria-selected', true);
		this.option(index)?.link.scrollIntoView({ block: 'nearest' });
	}

	/* One hit, or a group where its sections can be jumped to. */
	#entry(hit) {
		const main = this.#link(hit, hit.url, 'a.hit', this.#options.renderHit?.(hit) ?? this.#hit(hit));
		const sections = (hit.sections ?? []).map((section) => this.#link(hit, section.url, 'a.section', this.#section(section)));
		return el('div.entry', sections.length ? { role: 'group', 'aria-label': hit.title } : { role: 'none' }, main, sections);
	}

	#link(hit, url, kind, content) {
		const link = el(kind, {
			id: `option-${this.size}`, role: 'option', href: safeUrl(url), tabindex: -1, dir: 'auto', 'aria-selected': 'false',
			click: (event) => this.#options.clicked(hit, url, event),
			/* A click must not take the focus out of the input. */
			mousedown: (event) => event.preventDefault(),
		}, content);
		this.#shown.push({ link, hit, url });
		return link;
	}

	#hit(hit) {
		return [
			el('span.title', {}, marked(hit.title_html || hit.title)),
			el('span.meta', {}, this.#facts(hit).map((fact) => el('span', {}, fact))),
			hit.snippet_html && el('span.snippet', {}, marked(hit.snippet_html)),
		];
	}

	#section({ title_html, snippet_html }) {
		return [el('span', { 'aria-hidden': 'true' }, '#'), el('span.title', {}, marked(title_html)), snippet_html && el('span.snippet', {}, marked(snippet_html))];
	}

	/* What tells one post from another at a glance: when, where it belongs, what it is about. */
	#facts({ published, authors, categories, series, tags }) {
		const parts = (series ?? []).map(({ name, order, count }) => order ? `${name} ${order}/${count}` : name);
		return [this.#strings.day(published), ...names(authors), ...names(categories), ...parts,
			names(tags).slice(0, TAGS_SHOWN).map((name) => `#${name}`).join(' ')].filter(Boolean);
	}
}

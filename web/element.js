/*
 * <blog-search>: attributes, properties, events and the life of the element. A button with
 * a dialog (mode="modal", the default), a box in the flow of the page ("inline"), or the
 * search page itself ("page": facets beside, the state in the address). docs/search-box.md
 * describes it for its users.
 */
import { Address } from './address.js';
import { baseOf, SearchClient } from './client.js';
import { SearchController } from './controller.js';
import { el } from './dom.js';
import { isShortcut, isTyping } from './keys.js';
import { Modal } from './modal.js';
import { SearchPanel } from './panel.js';
import { DEFAULT_FACETS, emptyState } from './state.js';
import { KEYS, WORDS } from 'blogsearch-strings';
import { Translator } from './translate.js';

export class BlogSearchElement extends HTMLElement {
	static observedAttributes = ['debounce', 'endpoint', 'facets', 'filters', 'label', 'lang', 'mode', 'per-page', 'placeholder', 'results-page', 'scope',
		'shortcuts', 'strings', 'stylesheet'];

	#gone = null;
	#controller = null;
	#panel = null;
	#modal = null;
	#properties = {};
	#restartIsDue = false;
	/* Fulfilled once there is something to show, and its style. */
	#ready = null;

	constructor() {
		super();
		this.attachShadow({ mode: 'open' });
	}

	/* Words in place of ours, by key; over those of the attribute `strings` (the same as JSON). */
	get strings() { return this.#properties.strings; }
	set strings(words) { this.#set('strings', words); }

	/* (hit) → nodes that stand in a result in place of title, facts and snippet. */
	get renderHit() { return this.#properties.renderHit; }
	set renderHit(render) { this.#set('renderHit', render); }

	/* What is asked now: { q, filters, sort, page, first }. */
	get state() { return this.#controller?.state ?? emptyState(); }
	get isOpen() { return this.#modal?.isOpen ?? false; }

	/* Opens the dialog, or brings the reader to the box; @q, where given, is searched for. */
	async show(q = null) {
		await this.#ready;
		if (!this.#panel)
			return;
		if (this.#modal && !this.isOpen) {
			this.#modal.open();
			this.#tell('open');
			if (q === null)
				this.#controller.retry();
		}
		this.#panel.focus();
		if (q !== null)
			this.#controller.ask(q);
	}

	close() {
		this.#modal?.close();
	}

	/* ---- life ---- */

	connectedCallback() {
		for (const name of ['strings', 'renderHit'])
			this.#adoptEarly(name);
		this.#start();
	}

	disconnectedCallback() {
		this.close();
		this.#gone.abort();
		this.#controller.stop();
		this.#gone = this.#controller = this.#panel = this.#modal = null;
		this.shadowRoot.replaceChildren();
	}

	attributeChangedCallback(name, before, now) {
		if (before !== now)
			this.#restart();
	}

	/* A property set before the element was defined is its own, not the class's. */
	#adoptEarly(name) {
		if (Object.hasOwn(this, name)) {
			const value = this[name];
			delete this[name];
			this[name] = value;
		}
	}

	#set(name, value) {
		this.#properties[name] = value;
		this.#restart();
	}

	/* Anew with what changed, once for all changes of the moment; what is asked stays. */
	#restart() {
		if (!this.#gone || this.#restartIsDue)
			return;
		this.#restartIsDue = true;
		queueMicrotask(() => {
			this.#restartIsDue = false;
			if (!this.#gone)
				return;
			const { state, isOpen } = this;
			this.disconnectedCallback();
			this.#start(state);
			if (isOpen)
				this.show();
		});
	}

	/* @state: what was asked before a restart. */
	#start(state) {
		const { signal } = this.#gone = new AbortController();
		const base = baseOf(this.#endpoint());
		const facets = this.#list('facets');
		const names = [...(facets ?? DEFAULT_FACETS), ...(this.#list('filters') ?? [])];
		const scope = this.getAttribute('scope');
		this.#controller = new SearchController(new SearchClient(base), {
			facets,
			perPage: Number(this.getAttribute('per-page')),
			debounce_ms: Number(this.getAttribute('debounce') ?? 120),
			scope: scope && new URLSearchParams(scope),
		});
		this.#makePanel(names);
		this.#panel.listen(signal);
		this.#frame(this.getAttribute('stylesheet') ?? `${base}/blogsearch.css`);
		document.addEventListener('keydown', (event) => this.#shortcut(event), { signal });
		if (this.#mode === 'page')
			this.#followAddress(names, state, signal);
		else
			this.#panel.showIdle(state ?? emptyState());
	}

	/* ---- attributes ---- */

	get #mode() {
		const mode = this.getAttribute('mode');
		return ['inline', 'page'].includes(mode) ? mode : 'modal';
	}

	#list(name) {
		return this.getAttribute(name)?.split(/[\s,]+/).filter(Boolean);
	}

	/* Of an address that is none comes one where nobody answers: the reader is told when it is asked. */
	#endpoint() {
		try {
			return new URL(this.getAttribute('endpoint') || '/', document.baseURI);
		} catch {
			return 'invalid:';
		}
	}

	#shortcuts() {
		return this.#list('shortcuts') ?? ['mod+k', '/'];
	}

	#translator() {
		let words = {};
		try {
			words = JSON.parse(this.getAttribute('strings') ?? '{}');
		} catch {
			console.error('blog-search: the attribute strings is no JSON');
		}
		return new Translator(KEYS, WORDS, this.closest('[lang]')?.lang, { ...words, ...this.strings });
	}

	/* ---- its parts ---- */

	#makePanel(names) {
		const mode = this.#mode;
		const strings = this.#translator();
		const label = this.getAttribute('label') ?? strings.text('search');
		const close = mode === 'modal' ? () => this.close() : null;
		this.#panel = new SearchPanel(this.#controller, strings, {
			mode, names, label, close,
			placeholder: this.getAttribute('placeholder') ?? strings.text('placeholder'),
			resultsPage: this.getAttribute('results-page'),
			renderHit: this.renderHit,
			browses: mode !== 'inline',
			tell: (type, detail) => this.#tell(type, detail),
		});
		if (close)
			this.#modal = new Modal(this.#panel.node, { label, shortcuts: this.#shortcuts(), open: () => this.show(), closed: () => this.#closed() });
	}

	/*
	 * Nothing shows before its style is there. On a search page what the daemon has put
	 * into the element stays until there is an answer to show in its place; words that somebody
	 * has begun to type there are taken along.
	 */
	#frame(stylesheet) {
		const nodes = this.#modal?.nodes ?? [this.#panel.node];
		const stays = this.#mode === 'page' && this.childElementCount;
		const place = el(stays ? 'slot' : 'span');
		const waits = [new Promise((load) => {
			this.shadowRoot.replaceChildren(el('link', { rel: 'stylesheet', href: stylesheet, load, error: load }), place);
		})];
		if (stays)
			waits.push(new Promise((come) => {
				for (const type of ['result', 'error'])
					this.#controller.addEventListener(type, come);
			}));
		this.#ready = Promise.all(waits).then(() => {
			const typed = this.contains(document.activeElement) && document.activeElement.value;
			place.replaceWith(...nodes);
			if (typed)
				this.show(typed);
		});
	}

	#closed() {
		this.#controller?.stop();
		this.#tell('close');
	}

	#tell(type, detail = {}) {
		return this.dispatchEvent(new CustomEvent(`blogsearch-${type}`, { detail, bubbles: true, composed: true, cancelable: type === 'select' }));
	}

	/* At first it is the page's address that says what is asked. */
	#followAddress(names, state, signal) {
		const controller = this.#controller;
		const address = new Address(names, signal);
		controller.addEventListener('change', ({ state: now, how }) => address.write(now, how), { signal });
		controller.addEventListener('result', async ({ how }) => {
			await this.#ready;
			if (how === 'restore')
				address.restorePlace();
		}, { signal });
		address.listen((now) => controller.restore(now));
		controller.restore(state ?? address.read());
	}

	/* Ours is the one place where a shortcut works although somebody types: there it closes what it opened. */
	#shortcut(event) {
		const shortcut = this.#shortcuts().find((one) => isShortcut(event, one));
		const isOurs = this.isOpen && event.composedPath().includes(this) && shortcut?.includes('+');
		if (!shortcut || event.defaultPrevented || (isTyping(event) && !isOurs))
			return;
		event.preventDefault();
		if (this.isOpen)
			this.close();
		else
			this.show();
	}
}

/*
 * The search as a conversation: holds the state, waits while somebody types, asks the
 * client, drops answers that come too late, and tells what happened by events. No DOM.
 *
 * Events: `busy` (busy), `change` (state, how: 'type' 'choose' 'page' 'restore'), `result`
 * (result, how), `error` (error). `how` lets listeners tell typing from choosing.
 */
import { emptyState, stateToParams, toggled, withoutFilters, withSlugs, DEFAULT_FACETS } from './state.js';

/* The daemon answers nothing beyond this hit. */
const LAST_HIT = 10_000;
const MANY_VALUES = 1000;

class ControllerEvent extends Event {
	constructor(type, fields) {
		super(type);
		Object.assign(this, fields);
	}
}

export class SearchController extends EventTarget {
	#client;
	#options;
	#state = emptyState();
	#timer = null;
	#request = null;
	/* Answers to the present question by page, and the question's parameters they belong to. */
	#pages = new Map();
	#question = null;
	#facets = {};
	#manyValues = false;

	/* options: debounce_ms, facets (names; null: the daemon's choice), perPage, scope (URLSearchParams sent with every question) */
	constructor(client, options = {}) {
		super();
		this.#client = client;
		this.#options = { debounce_ms: 120, facets: null, perPage: 0, scope: null, ...options };
	}

	get state() { return this.#state; }
	get isPending() { return this.#timer !== null || this.#request !== null; }

	type(q) {
		this.#state = { ...this.#state, q, page: 1, first: 1 };
		this.stop();
		this.#timer = setTimeout(() => this.#run('type'), this.#options.debounce_ms);
	}

	/* Asks at once what type() still waits to ask. */
	flush() {
		if (this.#timer !== null)
			this.#run('type');
	}

	ask(q) { this.#change({ ...this.#state, q, page: 1, first: 1 }); }
	toggle(facet, value) { this.#change(toggled(this.#state, facet, value)); }
	clearFilters() { this.#change(withoutFilters(this.#state)); }
	sort(sort) { this.#change({ ...this.#state, sort, page: 1, first: 1 }); }
	more() { this.#change({ ...this.#state, page: this.#state.page + 1 }, 'page'); }
	earlier() { this.#change({ ...this.#state, first: Math.max(1, this.#state.first - 1) }, 'page'); }
	restore(state) { this.#change(state, 'restore'); }
	retry() { this.#run('restore'); }

	/* Asks nothing any more: the words are gone and no answer is wanted. */
	forget() {
		this.stop();
		this.#state = { ...this.#state, q: '', page: 1, first: 1 };
		this.#tell('change', { state: this.#state, how: 'type' });
		this.#tell('busy', { busy: false });
	}

	/* All values of the facets from now on, not only the most frequent. */
	showManyValues() {
		if (!this.#manyValues) {
			this.#manyValues = true;
			this.#run('restore');
		}
	}

	/* Forgets what is under way; nothing of it will be told. */
	stop() {
		clearTimeout(this.#timer);
		this.#timer = null;
		this.#request?.abort();
		this.#request = null;
	}

	#change(state, how = 'choose') {
		this.#state = state;
		this.#run(how);
	}

	#tell(type, fields) {
		this.dispatchEvent(new ControllerEvent(type, fields));
	}

	async #run(how) {
		this.stop();
		const request = this.#request = new AbortController();
		this.#tell('change', { state: this.#state, how });
		this.#tell('busy', { busy: true });
		try {
			await this.#fetchPages(request.signal);
			if (request.signal.aborted)
				return;
			this.#request = null;
			this.#state = withSlugs(this.#state, this.#facets);
			this.#tell('result', { result: this.#result(), how });
		} catch (error) {
			if (request.signal.aborted)
				return;
			this.#request = null;
			/* The page that did not come can be asked for again. */
			if (how === 'page' && this.#pages.size)
				this.#state = { ...this.#state, first: Math.min(...this.#pages.keys()), page: Math.max(...this.#pages.keys()) };
			this.#tell('error', { error, how });
		} finally {
			if (this.#request === null)
				this.#tell('busy', { busy: false });
		}
	}

	/* The pages first to page that are not here yet; facets are counted with the first of them only. */
	async #fetchPages(signal) {
		const { first, page } = this.#state;
		const question = this.#params(first).toString();
		const same = this.#params(1).toString() === this.#question;
		const pages = same ? this.#pages : new Map();
		const missing = [];
		for (let n = first; n <= page; n++)
			if (!pages.has(n))
				missing.push(n);
		const answers = await Promise.all(missing.map((n) =>
			this.#client.search(pages.size || n > first ? this.#params(n, false) : new URLSearchParams(question), signal)));
		if (signal.aborted)
			return;
		if (!same)
			this.#facets = answers[0].facets ?? {};
		answers.forEach((answer, i) => pages.set(missing[i], answer));
		this.#pages = pages;
		this.#question = this.#params(1).toString();
	}

	#params(page, withFacets = true) {
		const { facets, perPage, scope } = this.#options;
		const params = stateToParams({ ...this.#state, page }, facets ?? DEFAULT_FACETS);
		for (const [name, value] of scope ?? [])
			params.append(name, value);
		if (perPage && !params.has('per_page'))
			params.set('per_page', perPage);
		if (!withFacets)
			params.set('facets', '');
		else if (facets)
			params.set('facets', facets.join());
		if (withFacets && this.#manyValues)
			params.set('facet_limit', MANY_VALUES);
		return params;
	}

	#result() {
		const { first, page } = this.#state;
		const numbers = [...this.#pages.keys()].filter((n) => n >= first && n <= page).sort((a, b) => a - b);
		const answers = numbers.map((n) => this.#pages.get(n));
		const last = answers.at(-1);
		return {
			...last,
			facets: this.#facets,
			hits: answers.flatMap((answer) => answer.hits),
			hasMore: page < last.pages && (page + 1) * last.per_page <= LAST_HIT,
			hasEarlier: first > 1 && last.pages > 0,
		};
	}
}

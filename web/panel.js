/*
 * What a reader sees and touches of a search, in whatever frame it stands: input, filters,
 * results, and what is said about them. Shows what the controller tells, tells it what was done.
 */
import { el } from './dom.js';
import { FacetPanel } from './facet_panel.js';
import { emptyMessage, errorMessage } from './message.js';
import { panelNodes } from './panel_nodes.js';
import { ResultList } from './result_list.js';
import { chosen, facetOf, parameterOf, stateToParams, SORTS } from './state.js';

const NOTHING = { hits: [], facets: {}, total: 0 };

export class SearchPanel {
	#controller;
	#strings;
	#options;
	#list;
	#facets;
	/* The nodes: see panel_nodes.js. */
	#at;
	#result = NOTHING;
	/* Enter was pressed before its answer was there: opens the first hit then. */
	#openFirst = null;
	/* After an error: asks again. */
	#retry = null;

	/*
	 * options: mode, label, placeholder, names (of facets), renderHit, resultsPage, browses (asks without
	 * words too), close () of a dialog, tell (type, detail) → false where a listener prevented what was to happen
	 */
	constructor(controller, strings, options) {
		this.#controller = controller;
		this.#strings = strings;
		this.#options = options;
		this.#list = new ResultList(strings, { ...options, clicked: (hit, url, event) => this.#clicked(hit, url, event) });
		this.#facets = new FacetPanel(strings, {
			toggled: (facet, slug) => controller.toggle(parameterOf(facet), slug), wantsAll: () => controller.showManyValues(),
		});
		this.#at = panelNodes(strings, options, this.#facets.node, this.#list.node);
		this.node = this.#at.panel;
		this.#wire();
	}

	/* Begins to show what the controller tells, until @signal aborts. */
	listen(signal) {
		const listen = (type, listener) => this.#controller.addEventListener(type, listener, { signal });
		listen('change', ({ state, how }) => this.#showState(state, how));
		listen('busy', ({ busy }) => this.#showBusy(busy));
		listen('result', ({ result, how }) => this.#showResult(result, how));
		listen('error', ({ error, how }) => this.#showError(error, how));
		window.addEventListener('online', () => this.#retry?.(), { signal });
	}

	focus() {
		this.#at.input.focus();
		this.#at.input.select();
	}

	/* Before the first question: what would be asked, and nothing found. */
	showIdle(state) {
		this.#showState(state, 'restore');
		this.#show(NOTHING);
	}

	#wire() {
		const { panel, input, clear, close, toggle, sort, earlier, more } = this.#at;
		const listen = (node, type, act) => node && node.addEventListener(type, act);
		listen(panel, 'submit', (event) => event.preventDefault());
		listen(input, 'input', (event) => event.isComposing || this.#typed());
		listen(input, 'compositionend', () => this.#typed());
		listen(input, 'keydown', (event) => event.isComposing || this.#key(event));
		listen(clear, 'click', () => this.#empty());
		listen(close, 'click', () => this.#options.close());
		listen(toggle, 'click', () => toggle.setAttribute('aria-expanded', this.#facets.node.classList.toggle('open')));
		listen(sort, 'change', () => this.#controller.sort(sort.value));
		listen(earlier, 'click', () => this.#controller.earlier());
		listen(more, 'click', () => this.#controller.more());
	}

	/* ---- what a reader does ---- */

	#typed() {
		const q = this.#at.input.value;
		this.#openFirst = null;
		this.#at.clear.hidden = !q;
		this.#activate(-1);
		if (this.#options.browses || q.trim() || chosen(this.#controller.state).length) {
			this.#controller.type(q);
		} else {
			this.#controller.forget();
			this.#show(NOTHING);
		}
	}

	#empty() {
		this.#at.input.value = '';
		this.#typed();
		this.#at.input.focus();
	}

	#key(event) {
		const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
		const act = {
			ArrowDown: () => isElsewhere || this.#move(1),
			ArrowUp: () => isElsewhere || this.#move(-1),
			Enter: () => this.#enter(isElsewhere),
			Escape: () => this.#escape(event),
		}[event.key];
		if (act) {
			event.preventDefault();
			act();
		} else if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(event.key)) {
			this.#activate(-1); /* the caret moves, as it always does */
		}
	}

	/* Down from the last option asks for more, and begins again where there are none; up from the first leads to none. */
	#move(step) {
		const { size, active } = this.#list;
		if (step > 0 && active === size - 1 && this.#result.hasMore)
			this.#controller.more();
		else if (size)
			this.#activate(step > 0 ? (active + 1) % size : (active < 0 ? size : active) - 1);
	}

	/* Typing makes no option active: one that is was chosen since, or belongs to an answer to all that is typed. */
	#enter(isElsewhere) {
		const opensFirst = this.#options.mode !== 'page' && this.#at.input.value.trim();
		if (this.#list.active >= 0 || (opensFirst && !this.#controller.isPending)) {
			this.#open(Math.max(this.#list.active, 0), isElsewhere);
		} else {
			this.#openFirst = opensFirst ? () => this.#open(0, isElsewhere) : null;
			this.#controller.flush();
		}
	}

	/* Closes a dialog; elsewhere takes back one thing at a time: the active option, then the words. */
	#escape(event) {
		event.stopPropagation();
		if (this.#options.close)
			this.#options.close();
		else if (this.#list.active >= 0)
			this.#activate(-1);
		else
			this.#empty();
	}

	/* The option at @index, as a click on it would; beside this page with @isElsewhere. */
	#open(index, isElsewhere) {
		const { link, hit, url } = this.#list.option(index) ?? {};
		if (!isElsewhere)
			link?.click();
		else if (link && this.#options.tell('select', { hit, url }))
			window.open(link.href, '_blank', 'noopener');
	}

	#clicked(hit, url, event) {
		if (!this.#options.tell('select', { hit, url }))
			event.preventDefault();
		if (!event.ctrlKey && !event.metaKey && !event.shiftKey)
			this.#options.close?.();
	}

	/* ---- what the controller tells ---- */

	#showState(state, how) {
		const { input, clear, all } = this.#at;
		if (how !== 'type') {
			input.value = state.q;
			clear.hidden = !state.q;
		}
		this.#showChips(state);
		this.#showOrders(state);
		all.href = `${this.#options.resultsPage}?${stateToParams(state, this.#options.names)}`;
	}

	#showBusy(isBusy) {
		this.node.classList.toggle('busy', isBusy);
		this.#list.node.setAttribute('aria-busy', isBusy);
	}

	#showResult(result, how) {
		const { active, size } = this.#list;
		const { q } = this.#controller.state;
		const keeps = how === 'page';
		this.#show(result, keeps);
		if (keeps && active >= 0 && active === size - 1)
			this.#activate(size % this.#list.size);
		else if (!keeps && this.#options.close && q.trim() && result.total)
			this.#activate(0);
		this.#options.tell('result', { result });
		this.#openFirst?.();
		this.#openFirst = null;
	}

	/* All of @result; with @keeps the place in the list stays. */
	#show(result, keeps = false) {
		const { toggle, bar, count, sort, earlier, more, message, all, body } = this.#at;
		const { state } = this.#controller;
		const filters = chosen(state).length;
		const counted = this.#strings.text('count', { n: result.total });
		this.#result = result;
		this.#retry = null;
		this.#list.show(result.hits, keeps);
		this.#facets.show(result.facets);
		this.#showChips(state);
		this.#showNotes(result);
		this.#activate(this.#list.active);
		earlier.hidden = !result.hasEarlier;
		more.hidden = !result.hasMore;
		toggle.hidden = this.#facets.isEmpty;
		sort.hidden = result.total < 2;
		all.hidden = !this.#options.resultsPage || !result.total;
		bar.hidden = !filters && !result.total;
		count.textContent = counted;
		message.replaceChildren(result === NOTHING || result.hits.length ? ''
			: emptyMessage(this.#strings, state.q.trim(), filters && (() => this.#clearFilters())));
		if (!keeps)
			body.scrollTop = 0;
		this.#say(result === NOTHING ? '' : counted);
	}

	#clearFilters() {
		this.#controller.clearFilters();
		this.#at.input.focus();
	}

	#showNotes({ corrected, corrected_total: n, is_corrected: isUsed, match, total }) {
		const [before, after] = this.#strings.text(isUsed ? 'looked_for' : 'did_you_mean').split('{q}');
		const counted = isUsed || !n ? '' : ` (${this.#strings.text('count', { n })})`;
		const ask = () => {
			this.#controller.ask(corrected);
			this.#at.input.focus();
		};
		this.#at.notes.replaceChildren(
			corrected ? el('p', {}, before, el('button.link', { click: ask }, corrected), after, counted) : '',
			match === 'relaxed' && total ? el('p', {}, this.#strings.text('relaxed')) : '');
	}

	/* Where only the next page did not come, the ones before stay. */
	#showError(error, how) {
		const isMore = how === 'page';
		if (!isMore)
			this.#show(NOTHING);
		this.#retry = () => isMore ? this.#controller.more() : this.#controller.retry();
		this.#at.more.hidden = true;
		this.#at.message.replaceChildren(errorMessage(this.#strings, error, () => {
			this.#at.input.focus();
			this.#retry();
		}));
		this.#options.tell('error', { error });
	}

	/* ---- the small things ---- */

	#showChips(state) {
		const { chips, input } = this.#at;
		const hadFocus = chips.contains(chips.getRootNode().activeElement);
		chips.replaceChildren(...chosen(state).map(({ facet, value }) => this.#chip(facet, value)));
		if (hadFocus)
			(chips.firstChild ?? input).focus();
	}

	#chip(facet, value) {
		const name = this.#result.facets[facetOf(facet)]?.find(({ slug }) => slug === value)?.name ?? value;
		const label = this.#strings.facet(facetOf(facet));
		return el('button.chip', {
			'aria-label': this.#strings.text('remove_filter', { name: `${label}, ${name}` }),
			click: () => this.#controller.toggle(facet, value),
		}, ['from', 'to'].includes(facet) ? `${label} ${name}` : name, ' ×');
	}

	/* Relevance means nothing without words, and the order of a series nothing without one. */
	#showOrders({ q, sort, filters }) {
		const orders = SORTS.filter((order) => order === sort || (order !== 'relevance' || q.trim()) && (order !== 'series' || filters.series));
		this.#at.sort.replaceChildren(...orders.map((order, i) =>
			el('option', { value: i ? order : '', selected: order === sort }, this.#strings.text(`sort_${order}`))));
	}

	#activate(index) {
		this.#list.activate(index);
		this.#at.input.setAttribute('aria-expanded', this.#list.size > 0);
		this.#at.input.setAttribute('aria-activedescendant', this.#list.option(index)?.link.id ?? '');
	}

	#say(text) {
		this.#at.status.textContent = text;
	}
}

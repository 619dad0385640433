/*
 * The page's address as the memory of a search: what is asked can be linked, and the back
 * button goes back one step. Typing is one step however many letters; each choice is its own.
 */
import { stateFromParams, stateToParams } from './state.js';

export class Address {
	#names;
	#signal;
	#isTypingStep = false;

	/* @names: of the facets that the page has. Until @signal aborts, the reader's place on the page is remembered. */
	constructor(names, signal) {
		this.#names = names;
		this.#signal = signal;
		/* The browser would go there before the results are, and as far as the page then reaches. */
		history.scrollRestoration = 'manual';
		/* What is noted while the page goes may be too late: a click that leads away notes it before. */
		for (const type of ['click', 'pagehide'])
			window.addEventListener(type, () => this.#note({ y: window.scrollY }), { capture: true, signal });
	}

	#note(more) {
		history.replaceState({ ...history.state, ...more }, '');
	}

	read() {
		return stateFromParams(new URLSearchParams(location.search), this.#names, history.state?.first);
	}

	/* Writes @state; how it came about decides whether it is a step of its own. */
	write(state, how) {
		const url = new URL(location.href);
		stateToParams(state, this.#names, url.searchParams);
		const isNew = url.href !== location.href;
		const isStep = isNew && (how === 'choose' || (how === 'type' && !this.#isTypingStep));
		this.#isTypingStep = how === 'type' && (isNew || this.#isTypingStep);
		if (isStep)
			history.pushState({}, '', url);
		else if (isNew)
			history.replaceState(history.state, '', url);
		this.#note({ first: state.first });
	}

	/* Tells @listener the state of each step that a reader goes back or forth to. */
	listen(listener) {
		window.addEventListener('popstate', () => {
			this.#isTypingStep = false;
			listener(this.read());
		}, { signal: this.#signal });
	}

	/* Goes to where the reader was, once what was shown then is shown again. */
	restorePlace() {
		if (history.state?.y)
			window.scrollTo(0, history.state.y);
	}
}

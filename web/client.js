/*
 * Asks the daemon: GET /v1/search, problem+json read into one kind of error, a bounded
 * memory of answers by address. No DOM, no state of the search; that is the controller's.
 */

/*
 * Why there is no answer. kind: 'offline' (nobody answered), 'timeout', 'problem' (the
 * daemon says what is wrong in `detail`), 'answer' (something else than our daemon answered).
 */
export class SearchError extends Error {
	constructor(kind, { status = 0, title = '', detail = '', parameter = '' } = {}) {
		super(detail || title || kind);
		Object.assign(this, { kind, status, title, detail, parameter });
	}
}

async function readProblem(response) {
	const isProblem = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
	const problem = isProblem ? await response.json().catch(() => null) : null;
	return new SearchError(problem?.title || problem?.detail ? 'problem' : 'answer', { ...problem, status: response.status });
}

/* The daemon's address from what a page's author may write: with or without /v1/search, or a slash at the end. */
export function baseOf(endpoint) {
	return String(endpoint).replace(/\/*(\/v1\/search)?\/*$/, '');
}

export class SearchClient {
	#answers = new Map();
	#endpoint;
	#options;

	/* @endpoint: address of the daemon, with or without /v1/search. */
	constructor(endpoint, options = {}) {
		this.#endpoint = `${baseOf(endpoint)}/v1/search`;
		this.#options = {
			fetch: (...args) => globalThis.fetch(...args),
			now: () => Date.now(),
			maxAnswers: 50, maxAge_ms: 60_000, timeout_ms: 10_000,
			...options,
		};
	}

	/* The answer to @params (URLSearchParams), or a SearchError; an AbortError once @signal aborts. */
	async search(params, signal) {
		const text = params.toString();
		const url = text ? `${this.#endpoint}?${text}` : this.#endpoint;
		const { now, maxAge_ms } = this.#options;
		const known = this.#answers.get(url);
		if (known && now() - known.at < maxAge_ms) {
			this.#remember(url, known);
			return known.answer;
		}
		const answer = await this.#ask(url, signal);
		this.#remember(url, { answer, at: now() });
		return answer;
	}

	/* A Map keeps the order of insertion: the first key is the one not used for longest. */
	#remember(url, entry) {
		this.#answers.delete(url);
		this.#answers.set(url, entry);
		if (this.#answers.size > this.#options.maxAnswers)
			this.#answers.delete(this.#answers.keys().next().value);
	}

	async #ask(url, signal) {
		const stop = new AbortController();
		const abort = () => stop.abort();
		const timer = setTimeout(abort, this.#options.timeout_ms);
		signal?.addEventListener('abort', abort);
		try {
			signal?.throwIfAborted();
			const response = await this.#options.fetch(url, { signal: stop.signal, headers: { accept: 'application/json' } });
			if (!response.ok)
				throw await readProblem(response);
			const answer = await response.json().catch((error) => {
				throw stop.signal.aborted ? error : new SearchError('answer', { status: response.status });
			});
			if (!Array.isArray(answer?.hits))
				throw new SearchError('answer', { status: response.status });
			return answer;
		} catch (error) {
			if (error instanceof SearchError || signal?.aborted)
				throw error;
			throw new SearchError(stop.signal.aborted ? 'timeout' : 'offline');
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
		}
	}
}

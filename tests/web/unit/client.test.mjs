import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseOf, SearchClient, SearchError } from '../../../web/client.js';

const ANSWER = { hits: [], total: 0 };

function clientFor(respond, options = {}) {
	const asked = [];
	const client = new SearchClient('https://search.example/', {
		fetch: async (url, init) => {
			asked.push(url);
			return respond(url, init);
		},
		...options,
	});
	return { client, asked, search: (text, signal) => client.search(new URLSearchParams(text), signal) };
}

const json = (body, init) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' }, ...init });

test('the endpoint may be written with or without its path', () => {
	for (const endpoint of ['https://a.example/s', 'https://a.example/s/', 'https://a.example/s/v1/search', 'https://a.example/s/v1/search/'])
		assert.equal(baseOf(endpoint), 'https://a.example/s');
	assert.equal(baseOf(new URL('https://a.example')), 'https://a.example');
});

test('the same question is asked once', async () => {
	const { asked, search } = clientFor(() => json(ANSWER));
	await search('q=a');
	await search('q=a');
	await search('q=b');
	assert.deepEqual(asked, ['https://search.example/v1/search?q=a', 'https://search.example/v1/search?q=b']);
});

test('an answer is asked for again once it is old', async () => {
	let now = 0;
	const { asked, search } = clientFor(() => json(ANSWER), { now: () => now, maxAge_ms: 1000 });
	await search('q=a');
	now = 999;
	await search('q=a');
	now = 1001;
	await search('q=a');
	assert.equal(asked.length, 2);
});

test('of the answers that are kept the one not used for longest goes first', async () => {
	const { asked, search } = clientFor(() => json(ANSWER), { maxAnswers: 2 });
	for (const text of ['q=a', 'q=b', 'q=a', 'q=c', 'q=a', 'q=b'])
		await search(text);
	assert.equal(asked.map((url) => url.at(-1)).join(''), 'abcb');
});

test('a problem of the daemon is an error that says what it says', async () => {
	const { search } = clientFor(() => new Response(JSON.stringify({ title: 'Bad Request', detail: 'page must be a number', parameter: 'page', status: 400 }),
		{ status: 400, headers: { 'content-type': 'application/problem+json' } }));
	await assert.rejects(search('page=x'), (error) => error instanceof SearchError && error.kind === 'problem' && error.status === 400 &&
		error.message === 'page must be a number' && error.parameter === 'page');
});

test('what is no answer of ours is an error of its own kind', async () => {
	for (const response of [new Response('<html>', { headers: { 'content-type': 'text/html' } }), json({ nope: 1 }), json(null), new Response('gone', { status: 502 })])
		await assert.rejects(clientFor(() => response).search('q=a'), (error) => error.kind === 'answer');
});

test('an error is not kept: the next question is asked', async () => {
	let n = 0;
	const { asked, search } = clientFor(() => n++ ? json(ANSWER) : new Response('', { status: 503 }));
	await assert.rejects(search('q=a'));
	assert.deepEqual(await search('q=a'), ANSWER);
	assert.equal(asked.length, 2);
});

test('nobody there, and nobody who answers in time, are told apart', async () => {
	await assert.rejects(clientFor(() => { throw new TypeError('failed'); }).search('q=a'), (error) => error.kind === 'offline');
	const never = (url, { signal }) => new Promise((resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason));
	});
	await assert.rejects(clientFor(never, { timeout_ms: 20 }).search('q=a'), (error) => error.kind === 'timeout');
});

test('a question that is taken back is aborted and is no error of the search', async () => {
	const gone = new AbortController();
	let wasAborted = false;
	const { search } = clientFor((url, { signal }) => new Promise((resolve, reject) => {
		signal.addEventListener('abort', () => {
			wasAborted = true;
			reject(signal.reason);
		});
		setTimeout(() => gone.abort(), 5);
	}));
	await assert.rejects(search('q=a', gone.signal), (error) => !(error instanceof SearchError));
	assert.equal(wasAborted, true);
});

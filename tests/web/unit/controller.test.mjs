import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { SearchController } from '../../../web/controller.js';
import { stateFromParams } from '../../../web/state.js';

/* A controller with a client that answers @respond(params, signal), and all that it told. */
function start(respond = () => ({}), options = {}) {
	const asked = [];
	const told = [];
	const client = {
		async search(params, signal) {
			asked.push(params.toString());
			return { hits: [`hit of ${params.get('page') ?? 1}`], total: 30, pages: 3, per_page: 10, facets: { tag: [] }, ...await respond(params, signal) };
		},
	};
	const controller = new SearchController(client, { debounce_ms: 20, ...options });
	for (const type of ['busy', 'change', 'result', 'error'])
		controller.addEventListener(type, (event) => told.push(type === 'busy' ? `busy ${event.busy}` : type === 'error' ? `error ${event.error.message}` : `${type} ${event.how}`));
	return { controller, asked, told };
}

const settled = (controller) => new Promise((resolve) => {
	controller.addEventListener('busy', ({ busy }) => busy || resolve());
});

test('while somebody types only the last is asked, after a pause', async () => {
	const { controller, asked, told } = start();
	controller.type('k');
	controller.type('ku');
	controller.type('kub');
	assert.deepEqual(asked, []);
	assert.equal(controller.isPending, true);
	await settled(controller);
	assert.deepEqual(asked, ['q=kub']);
	assert.deepEqual(told, ['change type', 'busy true', 'result type', 'busy false']);
	assert.equal(controller.isPending, false);
});

test('flush asks at once, and only what waits', async () => {
	const { controller, asked } = start();
	controller.flush();
	controller.type('x');
	controller.flush();
	assert.deepEqual(asked, ['q=x']);
	await wait(40);
	assert.deepEqual(asked, ['q=x']);
});

test('an answer that comes too late is never told', async () => {
	const { controller, told } = start(async (params, signal) => {
		if (params.get('q') === 'slow')
			await wait(50);
		return { q: params.get('q'), wasAborted: signal.aborted };
	});
	const results = [];
	controller.addEventListener('result', ({ result }) => results.push(result.q));
	controller.ask('slow');
	await wait(5);
	controller.ask('fast');
	await wait(80);
	assert.deepEqual(results, ['fast']);
	assert.deepEqual(told.filter((what) => what.startsWith('error')), []);
});

test('more pages are added to those that are there, and counted only once', async () => {
	const { controller, asked } = start();
	controller.ask('x');
	await settled(controller);
	const result = new Promise((resolve) => {
		controller.addEventListener('result', (event) => resolve(event.result));
	});
	controller.more();
	const { hits, hasMore, hasEarlier, facets } = await result;
	assert.deepEqual(hits, ['hit of 1', 'hit of 2']);
	assert.deepEqual([hasMore, hasEarlier], [true, false]);
	assert.deepEqual(facets, { tag: [] });
	assert.deepEqual(asked, ['q=x', 'q=x&page=2&facets=']);
});

test('a page that does not come can be asked for again', async () => {
	let fails = true;
	const { controller, told } = start((params) => {
		if (params.get('page') === '2' && fails)
			throw new Error('away');
		return {};
	});
	controller.ask('x');
	await settled(controller);
	controller.more();
	await settled(controller);
	assert.equal(controller.state.page, 1);
	assert.ok(told.includes('error away'));
	fails = false;
	controller.more();
	await settled(controller);
	assert.equal(controller.state.page, 2);
});

test('pages of a link are fetched together, and earlier ones can be', async () => {
	const { controller, asked } = start();
	controller.restore(stateFromParams(new URLSearchParams('q=x&page=3'), undefined, 2));
	const result = new Promise((resolve) => {
		controller.addEventListener('result', (event) => resolve(event.result));
	});
	assert.deepEqual((await result).hits, ['hit of 2', 'hit of 3']);
	assert.equal((await result).hasEarlier, true);
	assert.deepEqual(asked, ['q=x&page=2', 'q=x&page=3&facets=']);
	controller.earlier();
	await settled(controller);
	assert.equal(asked.at(-1), 'q=x&facets=');
});

test('nothing beyond the last hit that the daemon answers is offered', async () => {
	const { controller } = start(() => ({ pages: 2000, per_page: 10 }));
	controller.restore(stateFromParams(new URLSearchParams('page=1000')));
	const { result } = await new Promise((resolve) => {
		controller.addEventListener('result', resolve);
	});
	assert.equal(result.hasMore, false);
});

test('scope, page size and facets of the element are sent with every question', async () => {
	const { controller, asked } = start(undefined, { scope: new URLSearchParams('section=blog'), perPage: 5, facets: ['tag'] });
	controller.ask('x');
	await settled(controller);
	assert.deepEqual(asked, ['q=x&section=blog&per_page=5&facets=tag']);
});

test('all values of facets are asked for once somebody wants them', async () => {
	const { controller, asked } = start();
	controller.ask('x');
	await settled(controller);
	controller.showManyValues();
	await settled(controller);
	controller.showManyValues();
	assert.deepEqual(asked, ['q=x', 'q=x&facet_limit=1000']);
});

test('what is forgotten is not asked and not told', async () => {
	const { controller, asked, told } = start();
	controller.type('x');
	controller.forget();
	await wait(40);
	assert.deepEqual(asked, []);
	assert.equal(controller.state.q, '');
	assert.deepEqual(told, ['change type', 'busy false']);
});

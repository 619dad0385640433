import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, emptyState, facetOf, parameterOf, stateFromParams, stateToParams, toggled, withoutFilters, withSlugs } from '../../../web/state.js';

const read = (text, ...more) => stateFromParams(new URLSearchParams(text), ...more);
const written = (state, ...more) => stateToParams(state, ...more).toString();

test('what is written is read again', () => {
	for (const text of ['', 'q=blue+whale', 'q=x&tag=a&tag=b&category=c&sort=newest&page=3', 'series=s&from=2019&to=2020-05', 'q=x&match=any&per_page=5'])
		assert.equal(written(read(text)), text);
});

test('parameters of others are passed over when reading, and stay when writing', () => {
	assert.deepEqual(read('utm_source=x&q=y&__proto__=z').filters, {});
	assert.equal(written(read('q=y'), undefined, new URLSearchParams('utm_source=x&q=old&tag=old')), 'utm_source=x&q=y');
});

test('values that cannot be are as if they were not there', () => {
	const state = read('page=-1&sort=random&tag=&tag=a&tag=a');
	assert.equal(state.page, 1);
	assert.equal(state.sort, '');
	assert.deepEqual(state.filters, { tag: ['a'] });
});

test('facets of the site are filters like the others', () => {
	assert.deepEqual(read('topic=a&tag=b', ['topic']).filters, { topic: ['a'] });
});

test('a taxonomy that is called like a parameter is asked for as taxonomy.NAME, any other by both names', () => {
	const facets = ['sort', 'match', 'mood'];
	assert.deepEqual(read('sort=title&taxonomy.sort=weird&match=any&taxonomy.match=x&mood=a&taxonomy.mood=b', facets),
		{ ...emptyState(), sort: 'title', filters: { 'taxonomy.sort': ['weird'], match: ['any'], 'taxonomy.match': ['x'], mood: ['a', 'b'] } });
	assert.equal(written(toggled(emptyState(), parameterOf('sort'), 'weird'), facets), 'taxonomy.sort=weird');
	assert.equal(written(read('taxonomy.mood=b', facets), facets, new URLSearchParams('taxonomy.mood=b&taxonomy.sort=x')), 'mood=b');
	assert.deepEqual(facets.map(parameterOf).map(facetOf), facets);
	assert.deepEqual(withSlugs(read('taxonomy.sort=Very odd', facets), { sort: [{ name: 'Very odd', slug: 'very-odd', selected: true }] }).filters,
		{ 'taxonomy.sort': ['very-odd'] });
});

test('of a long list at most ten pages are shown again', () => {
	assert.equal(read('page=30', undefined, 1).first, 21);
	assert.equal(read('page=3', undefined, 1).first, 1);
	assert.equal(read('page=3').first, 3);
	assert.equal(read('page=3', undefined, 9).first, 3);
});

test('a value that is toggled twice is gone, and the first page is shown', () => {
	const state = toggled({ ...emptyState(), page: 4, first: 2 }, 'tag', 'a');
	assert.deepEqual([state.filters, state.page, state.first], [{ tag: ['a'] }, 1, 1]);
	assert.deepEqual(toggled(toggled(state, 'tag', 'b'), 'tag', 'a').filters, { tag: ['b'] });
	assert.deepEqual(toggled(state, 'tag', 'a').filters, {});
});

test('settings of a link are sent on, but are nothing that a reader chose', () => {
	const state = read('tag=a&match=any&per_page=3');
	assert.deepEqual(chosen(state), [{ facet: 'tag', value: 'a' }]);
	assert.deepEqual(withoutFilters(state).filters, { match: ['any'], per_page: ['3'] });
});

test('a term in a link may be its name; the answer knows its slug', () => {
	const state = read('tag=Machine Learning&tag=machine-learning&tag=Ünknown');
	const facets = { tag: [{ name: 'Machine learning', slug: 'machine-learning', selected: true }, { name: 'Other', slug: 'other', selected: false }] };
	assert.deepEqual(withSlugs(state, facets).filters, { tag: ['machine-learning', 'Ünknown'] });
});

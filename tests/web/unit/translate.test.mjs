import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Translator } from '../../../web/translate.js';

const folder = new URL('../../../web/strings/', import.meta.url);
const tables = Object.fromEntries(readdirSync(folder).map((file) => [file.split('.')[0], JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]));
const KEYS = Object.keys(tables.en).join('|');
const WORDS = Object.fromEntries(Object.entries(tables).map(([lang, table]) => [lang, Object.values(table).join('|')]));
const translator = (tag, own) => new Translator(KEYS, WORDS, tag, own);

test('every language has the keys and the places to fill that English has', () => {
	const places = (words) => [...new Set(words.match(/\{\w+\}/g))].sort();
	for (const [lang, table] of Object.entries(tables)) {
		assert.deepEqual(Object.keys(table), Object.keys(tables.en), lang);
		for (const [key, words] of Object.entries(table))
			if (!key.endsWith('_one'))
				assert.deepEqual(places(words), places(tables.en[key]), `${lang} ${key}`);
	}
	assert.deepEqual(Object.keys(tables), ['de', 'en', 'es', 'fr', 'ja']);
});

test('a region means its language, an unknown language English', () => {
	assert.equal(translator('de-AT').text('search'), 'Suchen');
	assert.equal(translator('FR').text('search'), 'Rechercher');
	for (const tag of ['tlh', '', null, 'not a tag!'])
		assert.equal(translator(tag).text('search'), 'Search');
});

test('plurals follow the language', () => {
	const counts = (tag) => [0, 1, 2].map((n) => translator(tag).text('count', { n }));
	assert.deepEqual(counts('en'), ['0 results', '1 result', '2 results']);
	assert.deepEqual(counts('fr'), ['0 résultat', '1 résultat', '2 résultats']);
	assert.deepEqual(counts('ja'), ['0件', '1件', '2件']);
});

test('numbers and days are written as the language does', () => {
	assert.equal(translator('de').text('count', { n: 12345 }), '12.345 Ergebnisse');
	assert.match(translator('de').day('2024-02-03T00:00:00Z'), /^0?3\.0?2\.2024$/);
	assert.equal(translator('en').day(null), '');
	assert.equal(translator('en').day('never'), '');
});

test('a value is put in as it is, whatever is in it', () => {
	assert.equal(translator('en').text('none', { q: '{q} $& $1' }), 'Nothing found for “{q} $& $1”');
});

test('words of the page take the place of ours', () => {
	const own = translator('de', { search: 'Finden', count_other: '{n} Treffer' });
	assert.equal(own.text('search'), 'Finden');
	assert.equal(own.text('count', { n: 3 }), '3 Treffer');
	assert.equal(own.text('close'), 'Schließen');
});

test('facets that are not known are called as the site calls them', () => {
	assert.equal(translator('de').facet('tag'), 'Schlagwörter');
	assert.equal(translator('de').facet('year'), 'Jahr');
	assert.equal(translator('en').facet('field-notes'), 'Field notes');
});

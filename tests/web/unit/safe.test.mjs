import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMarked, safeUrl } from '../../../web/safe.js';

const text = (html) => parseMarked(html).map((piece) => piece.marked ? `[${piece.text}]` : piece.text).join('');

test('marked pieces are told from the others', () => {
	assert.equal(text('a <mark>b</mark> c'), 'a [b] c');
	assert.deepEqual(parseMarked('<mark>x</mark>'), [{ text: 'x', marked: true }]);
});

test('escapes are undone once and only once', () => {
	assert.equal(text('&lt;b&gt; &amp;amp; &quot;&#39;&#x41;&nbsp;'), '<b> &amp; "\'A\u00a0');
});

test('what looks like another element stays text', () => {
	const html = '<img src=x onerror=alert(1)><mark class="x">a</mark><script>1</script>';
	assert.equal(text(html), html.replace('</mark>', ''));
});

test('marks that are not closed, not opened or nested harm nothing', () => {
	assert.equal(text('a <mark>b'), 'a [b]');
	assert.equal(text('a</mark> b'), 'a b');
	assert.equal(text('<mark>a<mark>b</mark>c'), '[a][b]c');
});

test('entities that name nothing stay as they are, numbers beyond Unicode are replaced', () => {
	assert.equal(text('&nope; &toString; &#x110000; &#0;'), '&nope; &toString; \ufffd \ufffd');
});

test('nothing at all is no text', () => {
	assert.deepEqual(parseMarked(null), []);
	assert.deepEqual(parseMarked(undefined), []);
});

test('only addresses of the web and of the site pass', () => {
	for (const url of ['https://a.example/x#y', 'HTTP://a.example/', '/posts/x/', '/a//b', '/?q=a%20b'])
		assert.equal(safeUrl(url), url);
	for (const url of ['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'mailto:a@b', 'posts/x', '//a.example/', '/\\a.example/', '/\t/a.example/', '\\\\a.example', '\n//a.example', '', null, undefined])
		assert.equal(safeUrl(url), null);
});

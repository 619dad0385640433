/* What a reader pays: script and style sheet together, as they go over the wire. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 15 * 1024;

test('script and style sheet are at most 15 KB together, gzipped', (t) => {
	const sizes = ['blogsearch.js', 'blogsearch.css'].map((name) =>
		gzipSync(readFileSync(path.join(process.env.WEB_BUILD, name)), { level: 9 }).length);
	const sum = sizes[0] + sizes[1];
	t.diagnostic(`${sizes.join(' + ')} = ${sum} bytes`);
	assert.ok(sum <= LIMIT_BYTES, `${sum} bytes`);
});

test('the script asks for no other one, and evaluates no text', () => {
	const script = readFileSync(path.join(process.env.WEB_BUILD, 'blogsearch.js'), 'utf8');
	assert.doesNotMatch(script, /\bimport\b|\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.style\s*=|setAttribute\('style/);
});

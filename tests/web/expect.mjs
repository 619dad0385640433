/* Waits until what @get gives is what @is wants, and fails with the last value where it never is. */
import assert from 'node:assert/strict';

const PATIENCE_MS = 20_000 * Number(process.env.BLOGSEARCH_TEST_SLOW ?? 1);

export async function expectSoon(get, is) {
	const end = Date.now() + PATIENCE_MS;
	for (;;) {
		const value = await get();
		if (is(value))
			return;
		if (Date.now() > end)
			assert.fail(`never as expected; last ${JSON.stringify(value)}`);
		await new Promise((resolve) => {
			setTimeout(resolve, 20);
		});
	}
}

// lunr as its guide sets it up: {documents, questions} on standard input, {question: [ids]} on standard output.
import lunr from 'lunr';

let input = '';
for await (const chunk of process.stdin)
	input += chunk;
const { documents, questions } = JSON.parse(input);
const index = lunr(function () {
	this.ref('_id');
	this.field('title');
	this.field('text');
	documents.forEach((document) => this.add(document));
});
const answers = {};
for (const [question, text] of Object.entries(questions)) {
	// Its own query language is not meant: punctuation that acts is left out.
	const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
	answers[question] = index.search(words.join(' ')).slice(0, 100).map((hit) => hit.ref);
}
process.stdout.write(JSON.stringify(answers));

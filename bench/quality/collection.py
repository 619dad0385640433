"""
A collection with relevance judgments: corpus.jsonl, queries.jsonl, qrels.tsv in a folder.

Cranfield lists for each question the paper that it was asked from, with grade 0. @judgments has
what is graded relevant; @listed counts such a row as grade 1, as the figures do that others
have measured on this copy (plain FTS5 porter 0.419 is found again in that way, and only so).
"""
import json
import pathlib
import string

ESCAPES = {ord(c): '\\' + c for c in string.punctuation}


class Collection:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.name = folder.name
        self.documents = [json.loads(line) for line in open(folder / 'corpus.jsonl', encoding='utf-8')]
        self.questions = {row['_id']: ' '.join(row['text'].split())
                          for row in map(json.loads, open(folder / 'queries.jsonl', encoding='utf-8'))}
        self.judgments, self.listed = {}, {}
        with open(folder / 'qrels.tsv', encoding='utf-8') as rows:
            next(rows)
            for row in rows:
                question, document, grade = row.split()
                self.listed.setdefault(question, {})[document] = max(int(grade), 1)
                if int(grade) > 0:
                    self.judgments.setdefault(question, {})[document] = int(grade)

    def write_site(self, folder):
        """As a plain folder of Markdown: the title in front matter, the text as one paragraph, nothing of it markup."""
        folder.mkdir(parents=True)
        for document in self.documents:
            text = ' '.join(document['text'].split()).translate(ESCAPES)
            title = json.dumps(' '.join(document['title'].split()))
            (folder / f'{document["_id"]}.md').write_text(f'---\ntitle: {title}\n---\n{text}\n', encoding='utf-8')

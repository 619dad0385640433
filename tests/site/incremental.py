#!/usr/bin/env python3
"""After any changes of a site an index that was brought up to date holds exactly the rows of one made anew.

    incremental.py PROGRAM [STEPS] [SEED]

Makes a small Hugo site and changes it at random: pages added, edited, deleted, renamed, moved, touched,
replaced within the same second by as many bytes; bundles made and undone, sections with cascades, terms'
pages, front matter, languages, configuration, blogsearch.yaml, and the clock, back and forth. After every
step it indexes once incrementally and once into a new file, and compares all tables by source file, not by
page number, and lets `check --integrity` compare the postings with the texts.
"""
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

WORDS = """search engine container network storage kernel compiler garden recipe bicycle python graph matrix
water winter naïve über München 東京都 データベース run running runner C++ .NET node.js utf-8 v1.2.3 the of and to
index indexes indexing query queries phrase tag tagging series draft future""".split()
NOW = 1767225600  # 2026-01-01
PAGES_WITH_PROBLEMS = 5  # exit status
LANGUAGES = ('en', 'de')


class Fault(Exception):
    pass


class SiteMaker:
    """A site in a folder, and ways to change it."""

    def __init__(self, root, rng):
        self.root, self.rng = root, rng
        self.now = NOW
        self.config = {'languages': False, 'permalink': False, 'future': False, 'base': 'https://one.example/',
                       'file_times': False}
        self.yaml = {'exclude': '', 'drafts': False}
        self.write_config()
        self.write('content/_index.md', '---\ntitle: Home\n---\nWelcome to the water garden\n')
        for n in range(12):
            self.write(f'content/posts/post-{n}.md', self.page())

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def words(self, n):
        return ' '.join(self.rng.choice(WORDS) for _ in range(n))

    def moment(self):
        return time_text(NOW + self.rng.randint(-400, 40) * 86400)

    def page(self):
        rng = self.rng
        lines = [f'title: "{self.words(3)}"']
        if rng.random() < 0.8:
            lines.append(f'date: {self.moment()}')
        if rng.random() < 0.15:
            lines.append(f'expiryDate: {self.moment()}')
        if rng.random() < 0.1:
            lines.append('draft: true')
        if rng.random() < 0.7:
            lines.append('tags: [' + ', '.join(f'"{rng.choice(["Docker", "docker", "K8s", "k8s", "Tea", "tea "])}"'
                                               for _ in range(rng.randint(1, 3))) + ']')
        if rng.random() < 0.3:
            lines.append(f'series: ["{rng.choice(("One", "Two"))}"]\nseries_order: {rng.randint(1, 9)}')
        if rng.random() < 0.1:
            lines.append('build: {render: never}')
        body = '\n\n'.join(f'## {self.words(2)}\n\n{self.words(rng.randint(1, 30))}' for _ in range(rng.randint(0, 4)))
        return '---\n' + '\n'.join(lines) + '\n---\n\n' + body + '\n'

    def write_config(self):
        config = self.config
        text = f'baseURL = "{config["base"]}"\ntitle = "Site"\nenableEmoji = true\n'
        text += f'buildFuture = {str(config["future"]).lower()}\n'
        text += '[taxonomies]\ntag = "tags"\nseries = "series"\n'
        if config['permalink']:
            text += '[permalinks]\nposts = "/:year/:slug/"\n'
        if config['file_times']:
            text += '[frontmatter]\nlastmod = [":fileModTime"]\n'
        if config['languages']:
            text += '[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n'
        self.write('hugo.toml', text)
        drafts = 'true' if self.yaml['drafts'] else 'false'
        exclude = f'  exclude: ["{self.yaml["exclude"]}"]\n' if self.yaml['exclude'] else ''
        self.write('blogsearch.yaml', f'index:\n  drafts: {drafts}\n{exclude}')

    def pages(self):
        found = []
        for folder, _, names in os.walk(self.path('content')):
            found += [os.path.relpath(os.path.join(folder, name), self.root) for name in names if name.endswith('.md')]
        return sorted(found)

    def some_page(self):
        return self.rng.choice(self.pages() or ['content/_index.md'])

    def new_name(self):
        rng = self.rng
        folder = rng.choice(('posts', 'posts', 'posts/deep', 'posts/2020', 'notes', 'notes/more/down', ''))
        stem = f'{rng.choice("abcdefgh")}{rng.randint(0, 30)}'
        kind = rng.random()
        if kind < 0.2:
            return os.path.join('content', folder, stem, 'index.md')
        if kind < 0.35:
            return os.path.join('content', folder, f'{stem}.{rng.choice(LANGUAGES)}.md')
        return os.path.join('content', folder, f'{stem}.md')

    # --- Steps; each returns what it did

    def add(self):
        name = self.new_name()
        self.write(name, self.page())
        return f'add {name}'

    def edit(self):
        name = self.some_page()
        self.write(name, self.page())
        return f'edit {name}'

    def delete(self):
        name = self.some_page()
        os.unlink(self.path(name))
        return f'delete {name}'

    def rename(self):
        name, to = self.some_page(), self.new_name()
        os.makedirs(os.path.dirname(self.path(to)), exist_ok=True)
        os.replace(self.path(name), self.path(to))
        return f'rename {name} to {to}'

    def move_folder(self):
        folder, to = self.rng.sample(('posts', 'notes', 'posts/deep', 'other'), 2)
        if not os.path.isdir(self.path(f'content/{folder}')) or os.path.exists(self.path(f'content/{to}')):
            return self.add()
        try:
            os.rename(self.path(f'content/{folder}'), self.path(f'content/{to}'))
        except OSError:
            return self.add()
        return f'move folder {folder} to {to}'

    def touch(self):
        name = self.some_page()
        os.utime(self.path(name), (NOW, NOW + self.rng.randint(-10**6, 10**6)))
        return f'touch {name}'

    def swap_same_stamp(self):
        """Other content of the same size and time: only possible to see where the time is in doubt."""
        name = self.some_page()
        with open(self.path(name), encoding='utf-8') as file:
            text = file.read()
        self.write(name, text.replace('e', 'o', 1) if 'e' in text[4:] else text + 'x')
        return f'one letter of {name}'

    def section(self):
        folder = self.rng.choice(('posts', 'notes', 'posts/deep', 'posts/2020'))
        name = f'content/{folder}/_index.md'
        if os.path.exists(self.path(name)) and self.rng.random() < 0.4:
            os.unlink(self.path(name))
            return f'delete {name}'
        cascade = self.rng.choice(('', 'cascade:\n  draft: true\n', 'cascade:\n  tags: ["Cascaded"]\n',
                                   'cascade:\n  date: 2030-01-01\n', 'draft: true\n', f'date: {self.moment()}\n',
                                   'cascade:\n  build: {render: never}\n'))
        self.write(name, f'---\ntitle: Section {self.words(1)}\n{cascade}---\n{self.words(4)}\n')
        return f'section {name}: {cascade!r}'

    def term_page(self):
        name = f'content/tags/{self.rng.choice(("docker", "k8s", "tea"))}/_index.md'
        if os.path.exists(self.path(name)) and self.rng.random() < 0.5:
            os.unlink(self.path(name))
            return f'delete {name}'
        self.write(name, f'---\ntitle: "Term {self.words(1)}"\n---\n{self.words(3)}\n')
        return f'term {name}'

    def resource(self):
        name = os.path.join(os.path.dirname(self.some_page()), self.rng.choice(('cover.png', 'feature.jpg', 'x.txt')))
        if os.path.exists(self.path(name)):
            os.unlink(self.path(name))
            return f'delete {name}'
        self.write(name, 'x')
        return f'resource {name}'

    def configure(self):
        key = self.rng.choice(list(self.config))
        if key == 'base':
            self.config['base'] = self.rng.choice(('https://one.example/', 'https://two.example/sub/', '/'))
        else:
            self.config[key] = not self.config[key]
        self.write_config()
        return f'config {key}: {self.config[key]}'

    def configure_search(self):
        if self.rng.random() < 0.5:
            self.yaml['drafts'] = not self.yaml['drafts']
        else:
            self.yaml['exclude'] = self.rng.choice(('', 'content/notes/**', 'content/**/a*', 'content/posts/post-1.md'))
        self.write_config()
        return f'blogsearch.yaml: {self.yaml}'

    def let_time_pass(self):
        self.now += self.rng.choice((3600, 86400, 10 * 86400, 60 * 86400))
        return f'now {time_text(self.now)}'

    def set_clock_back(self):
        self.now -= self.rng.choice((3600, 86400, 30 * 86400))
        return f'the clock is set back to {time_text(self.now)}'

    def change(self):
        steps = {self.add: 8, self.edit: 8, self.delete: 4, self.rename: 5, self.move_folder: 2, self.touch: 4,
                 self.swap_same_stamp: 5, self.section: 5, self.term_page: 2, self.resource: 3, self.configure: 2,
                 self.configure_search: 2, self.let_time_pass: 4, self.set_clock_back: 1}
        done = []
        for step in self.rng.choices(list(steps), weights=list(steps.values()), k=self.rng.choice((1, 1, 2, 5))):
            done.append(step())
        if not self.pages():
            done.append(self.add())
        return done


def time_text(seconds):
    import datetime
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


# --- What an index holds, whatever its pages' numbers


def tables(index):
    db = sqlite3.connect(f'file:{index}?mode=ro&immutable=1', uri=True)
    file_of = dict(db.execute('SELECT id, file FROM page'))
    columns = [row[1] for row in db.execute('PRAGMA table_info(page)') if row[1] not in ('id', 'terms')]
    term = {row[0]: row[1:] for row in db.execute('SELECT term.id, facet.name, slug FROM term'
                                                  ' JOIN facet ON facet.id = facet_id')}
    text = {}
    for row, piece in db.execute('SELECT id, piece FROM page_text ORDER BY id'):
        text[file_of[row // 64]] = text.get(file_of[row // 64], b'') + piece
    return {
        'page': dict((row[0], row) for row in db.execute(f'SELECT {", ".join(columns)} FROM page ORDER BY file')),
        'terms of pages': {file_of[row[0]]: unpack_terms(row[1], term) for row in db.execute('SELECT id, terms FROM page')},
        'texts': text,
        'published sources': {row[0]: row[1:] for row in db.execute(
            'SELECT file, document_hash, changes_at FROM source WHERE page_id > 0')},
        'facets': sorted(db.execute('SELECT name, plural FROM facet')),
        'terms': sorted((term[row[0]], row[1:]) for row in db.execute('SELECT term_id, lang, name, url FROM term_lang')),
        'own terms': sorted(db.execute('SELECT * FROM term_own')),
        'meta': {row[0]: row[1] for row in db.execute('SELECT key, value FROM meta')
                 if row[0] not in ('generation', 'built_at', 'glance')},
        'ranks': ranks(part(db, 'pages'), file_of),
        'titles': titles(part(db, 'titles'), file_of),
        'catalog of terms': db.execute("SELECT bytes FROM catalog WHERE part = 'terms'").fetchone(),
        'vocabulary': db.execute("SELECT bytes FROM catalog WHERE part = 'vocabulary'").fetchone(),
    }


def part(db, name):
    return db.execute('SELECT bytes FROM catalog WHERE part = ?', (name,)).fetchone()[0]


def ranks(pages, file_of):
    """Of each page by title and by file, out of the arrays of core/store/catalog_format.h."""
    n_slots = struct.unpack_from('<6I', pages)[1]
    at, arrays = 24 + 6 * 8, []
    for size in (8, 8, 4 * 6, 4, 4, 4, 4):  # published, updated, lengths, boost, series_order, title_rank, file_rank
        arrays.append(at)
        at += (n_slots * size + 7) // 8 * 8
    title_rank, file_rank = (struct.unpack_from(f'<{n_slots}I', pages, array) for array in arrays[5:7])
    return {file: (title_rank[page], file_rank[page]) for page, file in file_of.items()}


def titles(data, file_of):
    """The words and phrases of titles, and the entries with their files: core/store/title_index.h."""
    _, n_words, n_phrases, n_entries, n_bytes = struct.unpack_from('<5I', data)
    n_numbers = 2 * (n_words + n_phrases) + 1 + n_words + 1
    entries = struct.unpack_from(f'<{n_entries}I', data, 20 + 4 * n_numbers)
    return data[20:20 + 4 * n_numbers], [(file_of[entry >> 1], entry & 1) for entry in entries], data[-n_bytes:]


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def unpack_terms(packed, term):
    terms, at = [], 0
    while at < len(packed):
        number, at = varint(packed, at)
        length, at = varint(packed, at)
        name, at = packed[at:at + length], at + length
        length, at = varint(packed, at)
        url, at = packed[at:at + max(length - 1, 0)], at + max(length - 1, 0)
        terms.append((term[number], name, url))
    return terms


def compare(incremental, full):
    one, other = tables(incremental), tables(full)
    for name in one:
        if one[name] == other[name]:
            continue
        if isinstance(one[name], dict):
            for key in sorted(set(one[name]) | set(other[name])):
                if one[name].get(key) != other[name].get(key):
                    raise Fault(f'{name}: {key}\n  incremental {one[name].get(key)!r}\n  anew        {other[name].get(key)!r}')
        raise Fault(f'{name}\n  incremental {one[name]!r}\n  anew        {other[name]!r}'[:4000])


def run(program, site, *arguments):
    environment = dict(os.environ, BLOGSEARCH_NOW=str(site.now), TZ='UTC')
    result = subprocess.run([program, *arguments, site.root], env=environment, capture_output=True, text=True, check=False)
    if result.returncode not in (0, PAGES_WITH_PROBLEMS):
        raise Fault(f'{" ".join(arguments)}: exit status {result.returncode}: {result.stderr}')
    return result


def look_again(program, site, index, told):
    """A run without a change says the same and leaves the file alone."""
    before = os.stat(index)
    again = run(program, site, 'index', '--index', index).stderr
    after = os.stat(index)
    if again != told:
        raise Fault(f'told:\n{told}with nothing changed:\n{again}')
    if (before.st_ino, before.st_mtime_ns) != (after.st_ino, after.st_mtime_ns):
        raise Fault('the index was written although nothing had changed')


def walk(program, n_steps, seed, folder):
    rng = random.Random(seed)
    site = SiteMaker(os.path.join(folder, 'site'), rng)
    incremental, full = os.path.join(folder, 'incremental.db'), os.path.join(folder, 'full.db')
    history = []
    for step in range(n_steps):
        try:
            told = run(program, site, 'index', '--index', incremental, '--jobs', str(rng.choice((1, 2, 3)))).stderr
            told_anew = run(program, site, 'index', '--index', full, '--full').stderr
            if told != told_anew:
                raise Fault(f'told:\n{told}anew:\n{told_anew}')
            compare(incremental, full)
            look_again(program, site, incremental, told)
            run(program, site, 'check', '--integrity', '--index', incremental)
        except Fault as fault:
            raise Fault('\n'.join([f'seed {seed}, step {step}'] + history[-6:] + [str(fault)])) from fault
        history += site.change()
    return n_steps


def main():
    program = os.path.realpath(sys.argv[1])
    n_steps = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    folder = tempfile.mkdtemp(prefix='blogsearch-incremental.')
    try:
        n_done = sum(walk(program, n_steps // 3, seed + n, os.path.join(folder, str(n))) for n in range(3))
    except Fault as fault:
        print(fault)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'{n_done} steps: the same rows')
    return 0


if __name__ == '__main__':
    sys.exit(main())

"""Makes Hugo sites up at random, from the rules: configuration, folders, front matter, Markdown.

make_site(folder, seed): the same seed gives the same site. What Hugo 0.111 refuses to build, or
publishes by chance (two pages of one URL), is not made.
"""
import json
import random

WORDS = ('alpha beta gamma delta kubernetes Straße naïve coöperate façade 日本語 Über Élan öl c++ C# .NET node.js '
         'don\'t it\'s state-of-the-art snake_case camelCase v1.2.3 100% e.g. 42 x86_64 привет мир').split()
TITLES = ['Plain title', 'Over & Out', 'What\'s "new"?', 'C++ and C', 'Éléphants & Ñandús — 100% “quoted”', 'a - b', 'a--b',
          'Slash/and more', 'Größe über alles', '日本語の題', 'Semi; colon: comma, dot.', 'ALL CAPS', '🎉 Party time™',
          'plus + minus', '50% off', 'under_score', '  spaced  out  ', '#hash', '@at ~tilde', '(brackets) [square] {curly}',
          'Tab\tin it', 'trailing dots...', '1st, 2nd & 3rd', 'Ünïcödé', 'x%20y', 'ends with -', '- starts']
NAMES = ['post', 'Upper Case', 'with space', 'under_score', 'dots.in.name', 'Grüße', 'a-b', 'c++', 'näme', 'x (y)', 'n&m',
         'it\'s', 'double--dash', '日本', 'v1.0', 'ÄÖÜ', 'one - two', '50%', 'a,b', 'at@home', '~tilde', 'x+y']
FOLDERS = ['posts', 'notes', 'Docs Folder', 'guide', 'Ünter', 'deep', 'c++ corner', '2021']
TERMS = ['Go Lang', 'go lang', 'go-lang', 'C++', 'c++', '.NET', 'Café', 'A/B testing', ' spaced ', 'UPPER', 'upper', '日本語',
         'it\'s', 'what?', 'what', 'Über', 'x & y', '2021', 'true', '1.5', 'a--b']
DATES = ['2021-05-04', '2021-05-04T10:20:30Z', '2021-05-04T23:30:00-05:00', '2021-05-04T10:20:30+0200', '2021-05-04 10:20:30',
         '2021-05-04 10:20:30 +0200', '2021-05-04 10:20:30 -07:00', '2020-02-29T12:00:00', '04 May 2021',
         'Tue, 04 May 2021 10:20:30 GMT', 'Tue, 04 May 2021 10:20:30 +0200', '2019-12-31T23:59:59.999Z', '1999-01-01']
BAD_DATES = ['2021-5-4', '2021/05/04', '2021-05-04 10:20', 'yesterday', '4 May 2021', '']
PATTERNS = ['/:year/:month/:slug/', '/:year/:month/:day/:title', '/x/:filename/', '/s/:section/:slugorfilename/',
            '/:sections/:title/', '/:sections[1:]/:slug/', '/:sections[last]/:filename/', '/d/:yearday/:weekday/:slug',
            '/:monthname/:weekdayname/:slug/', '/go/:2006-:01-:02/:slug/', '/:sections[:last]/:slug/', '/:sections[0]/:title/']
INLINE = ['*emphasis*', '**strong words**', '***both***', '`inline code`', '``code with ` in it``', '[a link](https://example.com/x)',
          '[a *link*](/rel "title")', '[by reference][ref]', '![alt text](pic.png)', '![alt](pic.png "image title")',
          '<https://example.com/angle>', 'https://example.com/bare', 'me@example.com', '~~struck out~~', 'H~2~O', 'x^2^',
          'half*way*there', 'snake_case_word', 'a \\*star\\* escaped', '&amp; &copy; &eacute; &#228; &#x20AC;', 'a -- b --- c...',
          '"quoted words"', '\'single\'', 'it\'s', '<kbd>Ctrl</kbd>', 'line <br> break', 'H<sub>2</sub>O', 'a  \nhard break',
          'soft\nbreak', 'back\\\nslash break', ':smile:', ':notanemoji:', ':+1:', '{{< badge >}}', '{{< badge "one two" `three` four >}}', '{{< badge a="one two" b=4 >}}',
          '{{< inner >}}inner *text*{{< /inner >}}', '{{% pc %}}', '{{</* escaped */>}}', '<!-- comment -->', '<span class="x">span</span>',
          '5 > 3', 'a < b', 'AT&T', '$5 and $6', 'a_b*c*d', '**bold**text', '*a*b', '[not a link]', '[y]: z', '!bang', '1\\. no list',
          'tab\there', 'zero width', '{{< param own >}}', '[ref link]({{< ref "/" >}})']
CODE = ['package main', '## not a heading', '{{</* fenced */>}}', '<b>bold</b>', '    deep', '- no list', '[^1] no note', ': no definition',
        '*no emphasis*', '# comment', 'a "quoted" -- dash', '$$', '{.no-attr}']


PLURALS = ('tags', 'categories', 'series', 'moods', 'authors')


class Site:
    def __init__(self, folder, seed):
        self.folder, self.pick = folder, random.Random(seed)
        self.number = 0

    def chance(self, percent):
        return self.pick.random() * 100 < percent

    def one(self, values):
        return self.pick.choice(values)

    def some(self, values, most):
        return [self.one(values) for _ in range(self.pick.randint(0, most))]

    def unique(self):
        self.number += 1
        return self.number

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    # --- Configuration -----------------------------------------------------------------------------

    def config(self):
        config = {'baseURL': self.one(['https://example.org/', 'https://example.org/sub/', 'https://example.org/a/b',
                                       'http://localhost:1313/']),
                  'title': self.one(TITLES).strip()}
        for key in ('enableEmoji', 'removePathAccents', 'defaultContentLanguageInSubdir', 'buildDrafts', 'buildFuture',
                    'buildExpired', 'hasCJKLanguage'):
            if self.chance(25):
                config[key] = self.one([True, False])
        if self.chance(15):
            config['uglyURLs'] = self.one([True, {'posts': True}])
        if self.chance(30):
            config['summaryLength'] = self.pick.randint(1, 30)
        if self.chance(30):
            config['timeZone'] = self.one(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'])
        if self.chance(50):
            config['taxonomies'] = dict(self.pick.sample([('tag', 'tags'), ('category', 'categories'), ('series', 'series'),
                                                          ('mood', 'moods'), ('author', 'authors')], self.pick.randint(1, 4)))
        if self.chance(50):
            config['permalinks'] = {self.one([folder.lower(), folder]): self.one(PATTERNS) for folder in self.some(FOLDERS, 3)}
            if self.chance(20):
                config['permalinks']['tags'] = self.one(['/label/:slug/', '/t/:title/'])
            if self.chance(15):
                config['permalinks']['/'] = '/root/:slugorfilename/'
        self.languages = ['en']
        if self.chance(40):
            self.languages = self.one([['en', 'de'], ['en', 'de', 'fr']])
            config['defaultContentLanguage'] = self.one(self.languages)
            config['languages'] = {key: {'weight': weight + 1, 'title': f'Title in {key}'}
                                   for weight, key in enumerate(self.languages)}
        else:
            config['defaultContentLanguage'] = 'en'
        if self.chance(30):
            config['frontmatter'] = {'date': self.one([[':filename', ':default'], [':default', ':filename'], ['date', ':filename'],
                                                       ['lastmod', ':default']])}
        if self.chance(20):
            config['ignoreFiles'] = ['\\.skip\\.md$', 'never/']
        if self.chance(20):
            config['cascade'] = [{'_target': {'path': '/posts/**'}, 'weight': 7}]
        self.config_values = config
        self.goldmark(config)
        config['params'] = {'garden': 'of the site', 'own': 'site own'}
        return config

    def goldmark(self, config):
        goldmark = {'renderer': {'unsafe': self.chance(50)}, 'extensions': {}, 'parser': {}}
        for name in ('typographer', 'footnote', 'definitionList', 'strikethrough', 'taskList', 'table', 'linkify'):
            if self.chance(15):
                goldmark['extensions'][name] = False
        if self.chance(30):
            goldmark['parser']['autoHeadingIDType'] = self.one(['github', 'github-ascii', 'blackfriday'])
        if self.chance(30):
            goldmark['parser']['attribute'] = {'block': self.one([True, False]), 'title': True}
        config['markup'] = {'goldmark': goldmark}

    def write_config(self):
        config = self.config()
        name = self.one(['hugo', 'config'])
        kind = self.one(['json', 'yaml', 'toml'])
        if kind == 'toml':
            self.write(f'{name}.toml', toml(config))
        elif kind == 'yaml':
            self.write(f'{name}.yaml', json.dumps(config, ensure_ascii=False))  # JSON is YAML
        elif self.chance(30):
            parts = {key: config.pop(key) for key in ('params', 'permalinks', 'taxonomies', 'markup') if key in config}
            self.write('config/_default/hugo.json', json.dumps(config))
            for key, value in parts.items():
                self.write(f'config/_default/{key}.json', json.dumps(value))
        else:
            self.write(f'{name}.json', json.dumps(config))

    # --- Front matter ---------------------------------------------------------------------------------

    def front(self, is_list):
        front = {}
        if self.chance(90) or not is_list:
            front['title'] = f'{self.one(TITLES)} {self.unique()}'
        if self.chance(60):
            front['date'] = self.one(DATES if self.chance(85) else BAD_DATES)
        for key in ('publishDate', 'lastmod', 'expiryDate', 'pubdate', 'modified', 'published', 'unpublishdate'):
            if self.chance(8):
                front[key] = self.one(['2001-01-01', '2998-12-31', *DATES[:4]])
        if self.chance(10):
            front['draft'] = self.one([True, False, 'true', 'false'])
        if self.chance(20) and not is_list:
            front['slug'] = f'{self.one(["-My Slug-", "slug", "Ünder Slug", "a.b", "x/y", "UP"])} {self.unique()}'
        if self.chance(8):
            # A list's feed would be written over an address with an ending.
            front['url'] = self.one(['/own/{}/', '/Own Path/{}', 'rel/{}', '/ümlaut/{}/',
                                     '/more/{}/' if is_list else '/files/{}.html']).format(self.unique())
        if self.chance(25):
            front['description'] = ' '.join(self.some(WORDS, 8))
        if self.chance(10):
            front['summary'] = ' '.join(self.some(INLINE[:6] + WORDS, 6))
        if self.chance(15):
            front['weight'] = self.pick.randint(-5, 50)
        if self.chance(10):
            front['aliases'] = [f'/old/{self.unique()}/', f'/older/{self.unique()}.html']
        if self.chance(15):
            front['type'] = self.one(['note', 'Page Type'])
        if self.chance(10):
            front['series_order'] = self.pick.randint(1, 9)
        if self.chance(5):
            front['_build'] = self.one([{'render': 'never'}, {'list': 'never'}, {'render': 'link'}, {'render': 'always'}])
        if self.chance(30):
            front['own'] = 'of the page'
        for plural in PLURALS:
            if self.chance(30):
                front[plural] = self.some(TERMS, 4) if self.chance(85) else self.one(TERMS)
        if is_list and self.chance(25):
            front['cascade'] = self.cascade()
        return front

    def cascade(self):
        values = self.one([{'tags': ['from cascade']}, {'type': 'cascaded'}, {'description': 'cascaded words'},
                           {'series_order': 4}])
        if self.chance(50):
            return [{**values, '_target': self.one([{'kind': 'page'}, {'path': '/posts/**'}, {'lang': 'de'}, {'path': '/**'}])}]
        return values

    def write_front(self, front):
        """As one of the formats; a few come with CRLF or a mark of byte order."""
        kind = self.one(['yaml', 'yaml', 'toml', 'json', 'none' if len(front) < 2 else 'yaml'])
        if kind == 'toml':
            text = f'+++\n{toml(front)}+++\n'
        elif kind == 'json':
            text = json.dumps(front, indent=self.one([None, 2])) + '\n'
        elif kind == 'none' and not front:
            text = ''
        else:
            text = '---\n' + ''.join(f'{key}: {json.dumps(value, ensure_ascii=False)}\n' for key, value in front.items()) + '---\n'
        return ('\ufeff' if self.chance(3) else '') + text

    # --- Markdown ---------------------------------------------------------------------------------------

    def inline(self, most=8):
        parts = [self.one(INLINE if self.chance(35) else WORDS) for _ in range(self.pick.randint(1, most))]
        return ' '.join(parts)

    def line(self, most=5):
        return self.inline(most).replace('  \n', ' ').replace('\\\n', ' ').replace('\n', ' ')

    def block(self, notes):
        kind = self.pick.randint(0, 19)
        if kind < 6:
            return self.inline(14) + (self.note(notes) if self.chance(15) else '')
        if kind < 9:
            return '#' * self.pick.randint(1, 6) + ' ' + self.heading()
        if kind == 9:
            return self.line(4) + '\n' + self.one(['===', '---'])
        if kind == 10:
            mark = self.one(['-', '*', '+', '1.'])
            gap = self.one(['\n', '\n', '\n\n'])
            return gap.join(f'{mark} {self.line()}' for _ in range(self.pick.randint(1, 4)))
        if kind == 11:
            return '- ' + self.line() + '\n  - ' + self.line() + '\n  - ' + self.line() + '\n- ' + self.line()
        if kind == 12:
            fence = self.one(['```', '~~~', '````'])
            lang = self.one(['', 'go', 'sh', 'text'])
            return f'{fence}{lang}\n' + '\n'.join(self.some(CODE, 4)) + f'\n{fence}'
        if kind == 13:
            return '\n'.join('    ' + line for line in self.some(CODE, 3) + ['code'])
        if kind == 14:
            return '> ' + self.line() + '\n> ' + self.line() + self.one(['', '\n>\n> ' + self.line(), '\nlazy ' + self.line()])
        if kind == 15:
            head, line = self.one([('| Left | Right |', '|------|:-----:|'), ('Left | Right', '--|--'), ('| Left | Right', '| - | - |'),
                                   ('| Left `a|b` |', '|---|---|'), ('| One `a|b` | two |', '|:-|-:|'), ('| One |', '|-|')])
            return '\n'.join([head, line, *(f'| {self.cell()} | {self.cell()} |' for _ in range(2))])
        if kind == 16:
            return self.one(['Term', '*Term* two']) + '\n: ' + self.line() + self.one(['', '\n: ' + self.line()])
        if kind == 17:
            return self.one([f'<div class="x">\n{self.one(WORDS)} <b>bold</b>\n</div>', '<p>para <em>graph</em></p>', '<!-- block\ncomment -->',
                             '<h3 id="own-raw">Raw heading</h3>', '<script>var hidden = 1;</script>', '<style>.h { color: red }</style>',
                             '<details>\n<summary>Sum</summary>\n\nInside *details*\n\n</details>', '<hr>', '<table><tr><td>a</td> <td>b</td></tr></table>'])
        if kind == 18:
            return self.one(['{{< note >}}\nInner words here.\n{{< /note >}}', '{{% warning %}}\nMarkdown *inside* it.\n\n## Heading inside\n{{% /warning %}}',
                             '{{< outer >}}one {{< inner >}}two{{< /inner >}} three{{< /outer >}}', '{{< multi\n  a="b c"\n  d=`e "f"`\n>}}',
                             '{{< youtube abc123 >}}', '{{< figure src="c.jpg" caption="A caption" >}}', '{{< highlight go >}}\nfmt.Println("hi")\n{{< /highlight >}}'])
        return self.one(['---', '***', '- [ ] open\n- [x] done', 'A paragraph\n{.lead #par}', self.line()])

    def cell(self):
        return self.line(2) + self.one(['', '', '', ' `a|b`', ' `a\\|b`', ' a\\|b', ' ``a ` b``', ' c|d'])

    def heading(self):
        text = self.line(5)
        if self.chance(10):
            text += self.one([' {#own-%d}' % self.unique(), ' {.klass}', ' ##', ' {#own-%d .klass}' % self.unique()])
        return text

    def note(self, notes):
        label = f'n{self.unique()}'
        notes.append(f'[^{label}]: {self.line()}' + self.one(['', '', '\n\n    Second paragraph of it.']))
        return f'[^{label}]'

    def body(self):
        notes = []
        blocks = [self.block(notes) for _ in range(self.pick.randint(0, 9))]
        if self.chance(15) and blocks:
            self.divide(blocks)
        if any('[ref]' in block for block in blocks):
            blocks.append('[ref]: https://example.com/ref')
        text = '\n\n'.join(blocks + notes) + '\n'
        # Front matter is what a text begins with that looks like some: such texts are built by no Hugo.
        return ('Start.\n\n' + text) if text[:1] in '{-+#<' else text

    def divide(self, blocks):
        """A definition behind the divider would make a term of it, and Hugo lose what stands before."""
        at = self.pick.randint(0, len(blocks))
        if not ''.join(blocks[at:at + 1]).lstrip().startswith(':'):
            blocks.insert(at, '<!--more-->')

    # --- Content -----------------------------------------------------------------------------------------

    def page(self, path, is_list=False):
        front, body = self.front(is_list), self.body()
        if (is_list and not body.strip()) or front.get('_build', {}).get('render') in ('never', 'link'):
            # Not in the index, so that its spelling of a term cannot count there.
            front = {key: value for key, value in front.items() if key not in PLURALS}
        text = self.write_front(front) + body
        if self.chance(5):
            text = text.replace('\n', '\r\n')
        self.write(f'content/{path}', text)

    def suffix(self):
        others = [key for key in self.languages if key != self.config_values['defaultContentLanguage']]
        return f'.{self.one(others)}' if others and self.chance(30) else ''

    def name(self):
        name = f'{self.one(NAMES)} {self.unique()}' if self.chance(50) else f'{self.one(NAMES)}-{self.unique()}'
        return f'2020-0{self.pick.randint(1, 9)}-11-{name}' if self.chance(15) else name

    def folder_of_pages(self, path, depth):
        if self.chance(60):
            self.page(f'{path}/_index{self.suffix()}.md', is_list=True)
        for _ in range(self.pick.randint(0, 4)):
            self.page(f'{path}/{self.name()}{self.suffix()}{self.one([".md", ".md", ".md", ".markdown", ".skip.md"])}')
        if self.chance(40):
            bundle, suffix = f'{path}/{self.name()}', self.suffix()
            self.page(f'{bundle}/index{suffix}.md')
            # Hugo 0.111 has the bundle in the language of each page resource as well.
            if self.chance(40):
                self.page(f'{bundle}/resource{suffix}.md')
            if self.chance(30):
                self.page(f'{bundle}/sub/deeper{suffix}.md')
        if depth < 2 and self.chance(40):
            self.folder_of_pages(f'{path}/{self.one(["sub", "Mid Level", "näher", "c++", "2020", "_x", "zoo"])}', depth + 1)

    def make(self):
        self.write_config()
        if self.chance(70):
            self.page(f'_index{self.suffix()}.md', is_list=True)
        for _ in range(self.pick.randint(0, 2)):
            self.page(f'{self.name()}.md')
        for folder in self.pick.sample(FOLDERS, self.pick.randint(1, 4)):
            self.folder_of_pages(folder, 0)
        if self.chance(25):
            self.page('tags/c++/_index.md', is_list=True)
        self.write('content/always.md', '---\ntitle: Always there\n---\nSome words.\n')


def toml(value):
    """Plain values before tables, as TOML wants it."""
    lines, tables = [], []

    def table(value, path):
        for key, item in value.items():
            if not isinstance(item, dict) and not is_tables(item):
                lines.append(f'{quote(key)} = {scalar(item)}\n')
        for key, item in value.items():
            inner = [*path, quote(key)]
            if isinstance(item, dict):
                lines.append(f'[{".".join(inner)}]\n')
                table(item, inner)
            elif is_tables(item):
                for each in item:
                    lines.append(f'[[{".".join(inner)}]]\n')
                    table(each, inner)

    table(value, tables)
    return ''.join(lines)


def is_tables(item):
    return isinstance(item, list) and item and all(isinstance(each, dict) for each in item)


def quote(key):
    return json.dumps(key, ensure_ascii=False)


def scalar(item):
    if isinstance(item, bool):
        return 'true' if item else 'false'
    if isinstance(item, list):
        return '[' + ', '.join(scalar(each) for each in item) + ']'
    return json.dumps(item, ensure_ascii=False)


def make_site(folder, seed):
    Site(folder, seed).make()

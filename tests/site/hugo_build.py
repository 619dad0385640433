"""Builds a site with the real `hugo` and own layouts, and reads back what it publishes.

The site is copied without its own layouts, so that nothing of a theme has a say: every page
then prints what Hugo knows of it as JSON inside of a comment.
"""
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess

LEFT_BEHIND = ('layouts', 'public', 'resources', 'static', 'assets', '.git', 'node_modules', '.blogsearch')

PAGE = '''{{- $terms := dict -}}
{{- range $plural, $unused := .Site.Taxonomies -}}
	{{- $list := slice -}}
	{{- range ($.GetTerms $plural) -}}
		{{- $list = $list | append (dict "title" .LinkTitle "relpermalink" .RelPermalink) -}}
	{{- end -}}
	{{- $terms = merge $terms (dict $plural (dict "terms" $list)) -}}
{{- end -}}
{{- $file := "" -}}{{- $path := "" -}}
{{- with .File -}}{{- $file = .Filename -}}{{- $path = .Path -}}{{- end -}}
{{- $date := "" -}}{{- if not .Date.IsZero -}}{{- $date = .Date.Format "2006-01-02T15:04:05Z07:00" -}}{{- end -}}
{{- $lastmod := "" -}}{{- if not .Lastmod.IsZero -}}{{- $lastmod = .Lastmod.Format "2006-01-02T15:04:05Z07:00" -}}{{- end -}}
{{- $expiry := "" -}}{{- if not .ExpiryDate.IsZero -}}{{- $expiry = .ExpiryDate.Format "2006-01-02T15:04:05Z07:00" -}}{{- end -}}
{{- $json := dict "file" $file "path" $path "permalink" .Permalink "relpermalink" .RelPermalink "kind" .Kind
	"section" .Section "type" .Type "lang" .Lang "title" .Title "description" .Description "weight" .Weight
	"aliases" .Aliases "date" $date "lastmod" $lastmod "expirydate" $expiry "taxonomies" $terms
	"series_order" .Params.series_order "summary" (.Summary | plainify) "content" .Content | jsonify -}}
{{- printf "<!--BLOGSEARCH%sBLOGSEARCH-->" $json | safeHTML -}}
'''

# With a class, so that headings of raw HTML can be told apart.
HEADING = '<h{{ .Level }} id="{{ .Anchor | safeHTML }}" class="blogsearch-markdown">{{ .Text | safeHTML }}</h{{ .Level }}>\n'

TAG = re.compile(r'\{\{[<%]\s*(/?)\s*([\w./-]+)')
BUILT_IN = {'figure', 'gist', 'highlight', 'instagram', 'param', 'ref', 'relref', 'tweet', 'twitter', 'vimeo', 'youtube'}


def find_shortcodes(site):
    """Name → whether it is closed anywhere: what Hugo would know from the template."""
    found = {}
    for path in site.rglob('*'):
        if path.suffix in ('.md', '.markdown', '.html', '.org') and path.is_file():
            for closing, name in TAG.findall(path.read_text(encoding='utf-8', errors='replace')):
                if name not in BUILT_IN and not name.endswith('.inline'):
                    found[name] = found.get(name, False) or bool(closing)
    return found


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')


def write_layouts(site):
    layouts = site / 'layouts'
    for name in ('single', 'list'):
        write(layouts / '_default' / f'{name}.html', PAGE)
    write(layouts / 'index.html', PAGE)
    write(layouts / '_default' / '_markup' / 'render-heading.html', HEADING)
    for name, is_closed in find_shortcodes(site).items():
        write(layouts / 'shortcodes' / f'{name}.html', '{{ .Inner }}' if is_closed else '')


def copy_site(source, target):
    def is_left(folder, names):
        is_top = os.path.realpath(folder) == os.path.realpath(source)
        in_theme = os.path.basename(os.path.dirname(folder)) == 'themes'
        return [name for name in names if (is_top or in_theme) and name in LEFT_BEHIND]
    shutil.copytree(source, target, ignore=is_left)
    for path in [target, *target.rglob('*')]:
        path.chmod(path.stat().st_mode | 0o700 if path.is_dir() else path.stat().st_mode | 0o600)


INLINE = {'a', 'abbr', 'b', 'bdi', 'bdo', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'label',
          'mark', 'q', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr'}
SILENT = {'script', 'style', 'template', 'noscript', 'svg', 'math', 'iframe', 'object', 'textarea'}


class Content(html.parser.HTMLParser):
    """What a reader sees: the text, parted where a block or line ends, and h1 to h6 with id, level and text.

    (Hugo's own .Plain ends at the first `<` that begins no tag.)
    """

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.headings, self.open, self.parts, self.silent = [], None, [], None
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        if re.fullmatch('h[1-6]', tag):
            attributes = dict(attrs)
            self.open = {'level': int(tag[1]), 'id': attributes.get('id'), 'text': '',
                         'markdown': attributes.get('class') == 'blogsearch-markdown'}
        if tag in SILENT and not self.silent:
            self.silent = tag
        self.part(tag)

    def handle_endtag(self, tag):
        if re.fullmatch('h[1-6]', tag) and self.open:
            self.headings.append(self.open)
            self.open = None
        if tag == self.silent:
            self.silent = None
        self.part(tag)

    def part(self, tag):
        if tag not in INLINE:
            self.parts.append(' ')

    def handle_data(self, data):
        if self.silent:
            return
        self.parts.append(data)
        if self.open:
            self.open['text'] += data


def finish(record, site):
    record['file'] = os.path.relpath(record['file'], site) if record['file'] else None
    for key in ('date', 'lastmod', 'expirydate'):
        record[key] = record[key] or None
    content = Content(record.pop('content'))
    record['headings'], record['text'] = content.headings, ''.join(content.parts)
    record['summary'] = html.unescape(record['summary'])
    return record


def build(hugo, source, scratch, now):
    """Records of all pages that Hugo publishes of the site in @source, as compare() takes them."""
    site, public = pathlib.Path(scratch) / 'site', pathlib.Path(scratch) / 'public'
    copy_site(pathlib.Path(source), site)
    write_layouts(site)
    environment = {key: value for key, value in os.environ.items() if not key.startswith('HUGO')}
    run = subprocess.run([hugo, '--source', site, '--destination', public, '--clock', now,
                          '--cacheDir', pathlib.Path(scratch) / 'cache'],
                         capture_output=True, check=False, env={**environment, 'HUGO_ENVIRONMENT': 'production'})
    if run.returncode:
        raise RuntimeError('hugo: ' + (run.stdout + run.stderr).decode(errors='replace')[-2000:])
    records = []
    for path in sorted(public.rglob('*')):
        if not path.is_file():
            continue
        text = path.read_text(encoding='utf-8', errors='replace')
        match = re.match(r'<!--BLOGSEARCH(.*?)BLOGSEARCH-->', text, re.S)
        if match:
            records.append(finish(json.loads(match[1]), os.path.realpath(site)))
    return records

"""What Hugo publishes against what the index holds: reading both, and every difference between them.

Hugo's side is a list of records as ../shared/hugo-rules.md (section 17) describes them; the
index's side is what `blogsearch export` prints. Shared by expected.py and compare-with-hugo.
"""
import collections
import datetime
import json
import re
import subprocess

# What is said of a file with a date that is none.
NAMED_DATE = re.compile(r'blogsearch: (.*?)(?::\d+)?: has (?:a date that is|dates that are) none: ')

KINDS = ('home', 'section', 'taxonomy', 'term')


def read_lines(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


def index_site(program, site, index, settings=(), now=None):
    """Indexes @site and returns (exported pages, what was said on standard error, exit status)."""
    options = [option for setting in settings for option in ('--set', setting)]
    run = subprocess.run([program, 'index', site, '--index', index, '--full', '--quiet', *options],
                         capture_output=True, check=False)
    said = run.stderr.decode('utf-8', 'replace')
    if run.returncode not in (0, 5):
        raise RuntimeError(f'index of {site} ended with {run.returncode}: {said}')
    export = subprocess.run([program, 'export', '--index', index], capture_output=True, check=True)
    return [json.loads(line) for line in export.stdout.splitlines()], said, run.returncode


# --- Words ---------------------------------------------------------------------------------------

# Formulas set apart are no prose of ours: their words may be missing.
MATH = re.compile(r'\$\$.*?\$\$', re.S)
URL = re.compile(r'(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>"|`]*', re.I)
WORD = re.compile(r'\w+', re.U)


def words(text):
    """Words as a multiset; addresses are none, typographic apostrophes are apostrophes."""
    text = URL.sub(' ', text).replace('\u2019', "'").replace('\u2018', "'")
    return collections.Counter(WORD.findall(text.casefold()))


def word_list(text):
    return WORD.findall(URL.sub(' ', text).casefold())


# --- Times ---------------------------------------------------------------------------------------

def instant(text):
    """Seconds since 1970 of an RFC 3339 time, None of None."""
    if text is None:
        return None
    match = re.fullmatch(r'(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)', text)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    zone = match[7]
    offset = 0 if zone == 'Z' else (1 if zone[0] == '+' else -1) * (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60)
    days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    return days * 86400 + hour * 3600 + minute * 60 + second - offset


# --- One page ------------------------------------------------------------------------------------

def terms_of_hugo(record, page, published):
    """{plural: {(title, relpermalink)}} of the taxonomies that have terms with a page.

    A term whose own page has no title has none; ours is then called as pages write it.
    """
    result = {}
    for plural, values in (record['taxonomies'] or {}).items():
        ours = {term['relurl']: term['name'] for term in page['taxonomies'].get(plural, [])}
        terms = {(term['title'].strip() or ours.get(term['relpermalink']), term['relpermalink'])
                 for term in values['terms'] or [] if term['relpermalink'] in published}
        if terms:
            result[plural] = terms
    return result


def terms_of_ours(page):
    """The same; facets that the site does not declare (no page of their own) are ours alone."""
    result = {}
    for plural, terms in page['taxonomies'].items():
        known = {(term['name'], term['relurl']) for term in terms if term['relurl']}
        if known:
            result[plural] = known
    return result


def headings_of_hugo(record):
    """Those that something could be found by: with text, made by Markdown or with an id of their own."""
    return [(heading['level'], heading['id'], ' '.join(word_list(heading['text'])))
            for heading in record['headings'] if (heading['markdown'] or heading['id']) and word_list(heading['text'])]


def headings_of_ours(page):
    """Those in shortcodes have no anchor that could be known."""
    return [(heading['level'], heading['anchor'], ' '.join(word_list(heading['title'])))
            for heading in page['headings'] if heading['anchor'] and word_list(heading['title'])]


def words_of_ours(page):
    return words(' '.join([page['text'], *(heading['title'] for heading in page['headings']),
                           *(code['text'] for code in page['code'])]))


def forgive_note_numbers(missing, extra):
    """`word[^1]` is "word1" in Hugo's text: the number of a footnote is no part of ours."""
    for word in list(missing):
        for cut in range(1, 4):
            bare = word[:-cut]
            if word[-cut:].isdecimal() and (extra[bare] or not bare):
                missing[word] -= 1
                extra[bare] -= 1


def compare_words(record, page):
    """Words of the one text that are not in the other. Captions count where Hugo prints them."""
    hugo, ours = words(record['text']), words_of_ours(page)
    captions = words(' '.join(page['captions']))
    missing, extra = hugo - ours - captions, ours - hugo
    if '\u21a9' in record['text']:
        forgive_note_numbers(missing, extra)
    missing -= words(' '.join(MATH.findall(record['text'])))
    return [('words', dict(+missing), dict(+extra))] if +missing or +extra else []


def compare_summary(record, page, exactly):
    """Words of the one summary that are not in the other; a formula ends Hugo's, and none of ours.

    Where exactly an automatic summary of 0.111 ends depends on entities and notes in its HTML: not
    exactly, only what both have must be the same.
    """
    if not exactly:
        one, other = word_list(record['summary'])[:8], word_list(page['summary'])[:8]
        n = min(len(one), len(other))
        is_alike = ' '.join(one[:n]).startswith(' '.join(other[:n])) or ' '.join(other[:n]).startswith(' '.join(one[:n]))
        return [] if is_alike or page['captions'] or '\u21a9' in record['text'] else [
            ('summary', record['summary'], page['summary'])]
    hugo, ours = words(record['summary']), words(page['summary'])
    missing, extra = hugo - ours - words(' '.join(page['captions'])), ours - hugo
    forgive_note_numbers(missing, extra)
    if '$$' in record['text'] or not (+missing or +extra):
        return []
    return [('summary', record['summary'], page['summary'])]


def compare_page(record, page, published, exactly):
    """Differences of one page as (field, Hugo's, ours)."""
    found = []

    def check(field, hugo, ours):
        if hugo != ours:
            found.append((field, hugo, ours))

    check('url', record['permalink'], page['url'])
    check('relurl', record['relpermalink'], page['relurl'])
    check('kind', record['kind'], page['kind'])
    check('title', ' '.join(record['title'].split()), ' '.join(page['title'].split()))
    check('description', ' '.join(record['description'].split()), page['description'])
    check('section', record['section'], page['section'])
    check('type', record['type'], page['type'])
    check('lang', record['lang'], page['lang'])
    check('path', record['path'], page['path'])
    check('weight', record['weight'], page['weight'])
    if record['kind'] == 'page':
        check('published', instant(record['date']), instant(page['published']))
        updated = instant(record['lastmod'])
        check('updated', updated if updated != instant(record['date']) else None, instant(page['updated']))
    check('expires', instant(record['expirydate']), instant(page['expires']))
    check('aliases', sorted(record['aliases'] or []), sorted(page['aliases']))
    check('taxonomies', terms_of_hugo(record, page, published), terms_of_ours(page))
    order = record['series_order']
    check('series_order', int(order) if order is not None and str(order).strip('-').isdigit() else None,
          page['series_order'])
    check('headings', headings_of_hugo(record), headings_of_ours(page))
    found.extend(compare_summary(record, page, exactly))
    found.extend(compare_words(record, page))
    return found


def is_wanted(record):
    """Lists (home, sections, taxonomies, terms) are pages of the index when they have a text of their own: not an address."""
    return bool(record['file']) and (record['kind'] not in KINDS or bool(URL.sub('', record['text']).strip()))


def compare(records, pages, exactly=True):
    """Every difference as (file, field, Hugo's, ours); @exactly: to the end of automatic summaries."""
    hugo = {(record['file'], record['lang']): record for record in records if is_wanted(record)}
    ours = {(page['file'], page['lang']): page for page in pages}
    published = {record['relpermalink'] for record in records}
    found = []
    for key in sorted(hugo.keys() | ours.keys()):
        if key not in ours:
            found.append((key[0], 'page', f'published as {hugo[key]["relpermalink"]}', 'missing'))
        elif key not in hugo:
            found.append((key[0], 'page', 'not published', f'indexed as {ours[key]["relurl"]}'))
        else:
            found.extend((key[0], *difference) for difference in compare_page(hugo[key], ours[key], published, exactly))
    return found


def print_differences(found, out):
    for file, field, hugo, ours in found:
        print(f'{file}: {field}\n    hugo: {hugo}\n    ours: {ours}', file=out)

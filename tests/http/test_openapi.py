"""/openapi.json is true: every parameter it names is sent, every answer is checked against its schema by ajv."""
import json
import pathlib
import shutil
import subprocess
import urllib.parse

from harness import Daemon, Site, Skip, case, check, equal, main

HERE = pathlib.Path(__file__).resolve().parent


def validate(openapi, answers):
    if not shutil.which('node'):
        raise Skip('node is not installed (Debian: nodejs)')
    if not (HERE.parent / 'node_modules' / 'ajv').is_dir():
        raise Skip('npm packages are not installed (npm ci in tests/)')
    run = subprocess.run(['node', str(HERE / 'validate.mjs')], input=json.dumps({'openapi': openapi, 'answers': answers}),
                         capture_output=True, text=True, check=False)
    equal((run.returncode, run.stdout), (0, ''), run.stderr[-2000:])


def schema_of(operation, status, kind):
    return operation['responses'][str(status)]['content'][kind]['schema']['$ref']


def targets_of(path, operation):
    """Each parameter with its example alone, required ones always, and all together."""
    params = operation.get('parameters', [])
    for param in params:
        if param['in'] == 'path':
            path = path.replace('{%s}' % param['name'], param['example'])
    query = [param for param in params if param['in'] == 'query' and 'example' in param]
    needed = [(param['name'], param['example']) for param in query if param.get('required')]
    yield path, needed
    for param in query:
        yield path, dict(needed) | {param['name']: param['example']}
    yield path, {param['name']: param['example'] for param in query if param['name'] not in ('author', 'lang', 'month', 'page')}


@case('it is OpenAPI 3.1, kept and compressed like any answer')
def _(t):
    daemon = Daemon(t, Site(t).index())
    answer = daemon.get('/openapi.json')
    equal((answer.status, answer.json['openapi'], answer['Content-Type']), (200, '3.1.0', 'application/json'))
    equal(daemon.get('/openapi.json', {'If-None-Match': answer['ETag']}).status, 304)
    equal(daemon.get('/openapi.json', {'Accept-Encoding': 'gzip'})['Content-Encoding'], 'gzip')


@case('every documented parameter is taken, and every answer is as its schema says')
def _(t):
    daemon = Daemon(t, Site(t).index())
    openapi = daemon.get('/openapi.json').json
    answers = []
    for path, methods in openapi['paths'].items():
        if path in ('/openapi.json', '/metrics'):
            continue
        for target, params in targets_of(path, methods['get']):
            target = f'{target}?{urllib.parse.urlencode(dict(params), doseq=True)}'
            answer = daemon.get(target)
            equal(answer.status, 200, f'{target}: {answer.body[:300]}')
            answers.append({'name': target, 'schema': schema_of(methods['get'], 200, 'application/json'), 'body': answer.json})
    check(len(answers) > 40, f'only {len(answers)} answers')
    hits = [hit for answer in answers for hit in answer['body'].get('hits', [])]
    check(len(hits) > 50, 'too few hits to say anything')
    validate(openapi, answers)


@case('problems are as their schema says, with a status that is documented')
def _(t):
    daemon = Daemon(t, Site(t).index())
    openapi = daemon.get('/openapi.json').json
    answers = []
    for path, target in (('/v1/search', '/v1/search?page=0'), ('/v1/search', '/v1/search?nope=1'), ('/v1/search', '/v1/search?q=%00'),
                         ('/v1/search', '/v1/search?q=' + 'x' * 9000), ('/v1/suggest', '/v1/suggest?limit=0'), ('/v1/related', '/v1/related'),
                         ('/v1/related', '/v1/related?url=/nope/'), ('/v1/series/{name}', '/v1/series/nope'), ('/v1/facets/{name}', '/v1/facets/nope'),
                         ('/v1/facets', '/v1/facets?x=1'), ('/v1/status', '/v1/status?x=1'), ('/healthz', '/healthz?x=1')):
        answer = daemon.get(target)
        answers.append({'name': target, 'schema': schema_of(openapi['paths'][path]['get'], answer.status, 'application/problem+json'),
                        'body': answer.json})
    empty = Daemon(t, Site(t))
    for path in ('/v1/search', '/v1/status', '/readyz'):
        answer = empty.get(path)
        equal(answer.status, 503, path)
        answers.append({'name': path, 'schema': schema_of(openapi['paths'][path]['get'], 503, 'application/problem+json'),
                        'body': answer.json})
    validate(openapi, answers)


@case('each bound of a documented number is taken, and one beyond it is not')
def _(t):
    daemon = Daemon(t, Site(t).index())
    openapi = daemon.get('/openapi.json').json
    for path, methods in openapi['paths'].items():
        for param in methods['get'].get('parameters', []):
            schema = param['schema']
            if schema.get('type') != 'integer' or path == '/v1/related':
                continue
            target = path.replace('{name}', 'tag') + '?per_page=1&' if path == '/v1/search' else path.replace('{name}', 'tag') + '?'
            for value, status in ((schema['minimum'], 200), (schema['maximum'], 200), (schema['minimum'] - 1, 400), (schema['maximum'] + 1, 400)):
                name = f'{target}{param["name"]}={value}'
                equal(daemon.get(name).status, status, name)


@case('every parameter that is answered is documented')
def _(t):
    daemon = Daemon(t, Site(t).index())
    openapi = daemon.get('/openapi.json').json
    documented = {param['name'] for param in openapi['paths']['/v1/search']['get']['parameters']}
    for facet in daemon.get('/v1/status').json['facets']:
        check(facet in documented, f'{facet} is not documented')
    for name in documented:
        answer = daemon.get(f'/v1/search?{name}=%00')
        equal(answer.json.get('parameter'), name)


main()

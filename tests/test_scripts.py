import json
import logging
import os
import subprocess
import sys
import types

import check_site
import hooks
import pytest

HOME = '<h1 id="top-of-it">Home</h1><data class="quantity" value="456">456</data>'
NUMBERS = [{"page": "", "order": 1, "value": 456}]


def write_site(folder, files, numbers=NUMBERS):
    for name, text in {"index.html": HOME, "numbers.json": json.dumps(numbers), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def problems(folder):
    return list(check_site.problems(check_site.Site.read(folder)))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="../">home</a>',
        '<a href="..">home</a>',
        '<a href="/">home</a>',
        '<a href=".">here</a>',
        '<a href="../#top-of-it">heading</a>',
        '<a href="../index.html#top-of-it">heading</a>',
        '<a href="#top">browsers know this one</a><a href="#">and this</a>',
        '<a href="#h%C3%A9">escaped</a><i id="hé"></i>',
        '<a href="https://example.org/">elsewhere</a><a href="mailto:a@example.org">post</a>',
        '<a href="javascript:void(0)">share</a><img src="data:image/png;base64,AA==">',
        '<link rel="canonical" href="https://example.org/page/">',
        '<img src="../a.svg#only-light" srcset="../a.svg 1x, /a.svg?v=1 2x">',
        '<svg><use xlink:href="#part"/><g id="part"/></svg>',
        '<div class="highlight"><span class="filename">a.md</span><pre>{{ macro }}</pre></div>',
        "<script>let set = {{}}</script><style>a{b:c}</style><!-- {{ not shown }} -->",
    ],
)
def test_a_good_page_has_no_problem(tmp_path, html):
    write_site(tmp_path, {"page/index.html": html, "a.svg": "<svg/>"})
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<h1>Macro Rendering Error</h1>", "Macro Rendering Error"),
        ("<p>Macro Syntax Error</p>", "Macro Syntax Error"),
        ('<p class="mkdocs-cnn-error">no figure <b>x</b></p>', "error box: no figure x"),
        ("<p>{{ conv }}</p>", "leftover {{' conv }}'"),
        ("<code>{% set %}</code>", "leftover {%' set %}'"),
        (
            '<div class="highlight"><pre>{{ a_macro_of_more_than_thirty_letters }}</pre></div>',
            "leftover {{' a_macro_of_more_than_thirty_l'",
        ),
        ("<h2>Title {#title}</h2>", "leftover {#'title}'"),
        ('<img src="../a.svg" alt="{{ alt }}">', "leftover {{' alt }}'"),
        ('<i id="a"></i><b id="a"></b>', "id 'a' given 2 times"),
        ('<a href="gone/">x</a>', "<a> gone/: no such file"),
        ('<a href="../page">x</a>', "<a> ../page: no such file"),
        ('<a href="../A.svg">x</a>', "<a> ../A.svg: no such file"),
        ('<a href="/gone/">x</a>', "<a> /gone/: no such file"),
        ('<a href="../../a.svg">x</a>', "<a> ../../a.svg: no such file"),
        ('<a href="#gone">x</a>', "<a> #gone: no such anchor"),
        ('<a href="../#gone">x</a>', "<a> ../#gone: no such anchor"),
        ('<img src="a.svg">', "<img> a.svg: no such file"),
        ('<img srcset="../a.svg 1x, b.svg 2x">', "<img> b.svg: no such file"),
        ('<object data="b.svg"></object>', "<object> b.svg: no such file"),
        ('<script src="//a.example/x.js"></script>', "<script> loads //a.example/x.js"),
        ('<img src="https://a.example/x.png">', "<img> loads https://a.example/x.png"),
        (
            '<link rel="stylesheet" href="https://a.example/x.css">',
            "<link> loads https://a.example/x.css",
        ),
        ('<link rel="preconnect" href="https://a.example">', "<link> loads https://a.example"),
        (
            '<style>@import "https://a.example/x.css";</style>',
            "<style> style loads https://a.example/x.css",
        ),
        (
            '<p style="background:url(//a.example/x.png)">',
            "<p> style loads //a.example/x.png",
        ),
        ('<data class="quantity" value="1">1</data>', "1 numbers in the page, 0 in numbers.json"),
    ],
)
def test_a_problem_is_named_with_its_page(tmp_path, html, problem):
    write_site(tmp_path, {"page/index.html": html, "a.svg": "<svg/>"})
    assert problems(tmp_path) == [f"page/index.html: {problem}"]


def test_a_link_in_the_error_page_is_checked(tmp_path):
    write_site(tmp_path, {"404.html": '<a href="/gone/">x</a>'})
    assert problems(tmp_path) == ["404.html: <a> /gone/: no such file"]


def test_a_stylesheet_that_loads_from_another_host_is_found(tmp_path):
    write_site(tmp_path, {"x.css": "a{background:url('https://a.example/x.png')}"})
    assert problems(tmp_path) == ["x.css: loads https://a.example/x.png"]


@pytest.mark.parametrize(
    ("value", "shown"), [(456, "456"), (40.96, "40.96"), (1e22, "1e+22"), (10**30, str(10**30))]
)
def test_integers_and_floats_agree_with_their_text(tmp_path, value, shown):
    page = f'<data class="quantity" value="{shown}">about</data>'
    write_site(tmp_path, {"index.html": page}, [{"page": "", "order": 1, "value": value}])
    assert problems(tmp_path) == []


def test_numbers_are_compared_in_the_order_of_the_page(tmp_path):
    page = '<data class="quantity" value="1">1</data><data class="quantity" value="2">2</data>'
    numbers = [{"page": "", "order": order, "value": order} for order in (2, 1)]
    write_site(tmp_path, {"index.html": page}, numbers)
    assert problems(tmp_path) == []


def test_a_number_that_disagrees_is_found(tmp_path):
    write_site(tmp_path, {}, [{"page": "", "order": 1, "value": 457}])
    assert problems(tmp_path) == ["index.html: number 1 is 456 in the page, 457 in numbers.json"]


def test_numbers_of_a_page_that_is_not_there_are_found(tmp_path):
    write_site(tmp_path, {}, [*NUMBERS, {"page": "gone/", "order": 1, "value": 1}])
    assert problems(tmp_path) == ["numbers.json: lists a page 'gone/' that is not there"]


def test_a_site_without_pages_fails(tmp_path):
    assert problems(tmp_path) == ["site: no page", "site: no computed number"]


def test_a_site_without_numbers_fails(tmp_path):
    write_site(tmp_path, {"index.html": "<h1>Home</h1>"}, [])
    assert problems(tmp_path) == ["site: no computed number"]


def test_main_says_what_it_checked(tmp_path, capsys):
    write_site(tmp_path, {"page/index.html": '<a href="../">home</a>'})
    assert check_site.main([str(tmp_path)]) == 0
    summary = "2 pages, 1 addresses, 1 numbers checked, 0 problems"
    assert capsys.readouterr().out == f"{tmp_path}: {summary}\n"


def test_main_prints_problems_and_fails(tmp_path, capsys):
    write_site(tmp_path, {"page/index.html": '<a href="gone/">x</a>'})
    assert check_site.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("page/index.html: <a> gone/: no such file\n")


@pytest.mark.parametrize("arguments", [[], ["no such folder"], ["a", "b"]])
def test_main_refuses_what_is_no_folder(arguments, capsys):
    assert check_site.main(arguments) == 2
    assert capsys.readouterr().err == "usage: check_site.py SITE_DIR\n"


def test_every_rebuild_while_serving_starts_without_our_modules(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    server = types.SimpleNamespace(builder=lambda: seen.append("mkdocs_cnn.stale" in sys.modules))

    assert hooks.on_serve(server, config=None, builder=None) is server
    sys.modules["mkdocs_cnn.stale"] = types.ModuleType("mkdocs_cnn.stale")
    server.builder()

    assert seen == [False]
    assert "json" in sys.modules
    assert sys.dont_write_bytecode


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "unset")  # so that it is put back after the test
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return types.SimpleNamespace(config_file_path=str(tmp_path / "mkdocs.yml"))


def test_a_build_is_dated_by_its_commit(config, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1234567890 +0000")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    commit = ("commit", "-q", "--allow-empty", "-m", "first")
    for command in (("init", "-q"), (*identity, *commit)):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    assert hooks.on_config(config) is config
    assert os.environ["SOURCE_DATE_EPOCH"] == "1234567890"


def test_a_build_outside_git_is_dated_1970(config):
    hooks.on_config(config)
    assert os.environ["SOURCE_DATE_EPOCH"] == "0"


def test_a_build_where_there_is_no_git_is_dated_1970(config, monkeypatch):
    monkeypatch.setenv("PATH", "")
    hooks.on_config(config)
    assert os.environ["SOURCE_DATE_EPOCH"] == "0"


def test_a_date_that_is_given_is_kept(config, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    hooks.on_config(config)
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"


PAGE = types.SimpleNamespace(file=types.SimpleNamespace(src_uri="index.md"))


def test_the_search_dialog_is_named():
    html = f"<p>{hooks.SEARCH_DIALOG}"
    named = (
        '<p><div class="md-search" data-md-component="search" role="dialog" aria-label="Search">'
    )
    assert hooks.on_post_page(html, page=PAGE, config=None) == named
    assert hooks.on_post_template(html, template_name="404.html", config=None) == named


def test_other_templates_are_left_alone():
    assert hooks.on_post_template("<urlset/>", template_name="sitemap.xml") == "<urlset/>"


def test_markup_that_changed_is_a_warning_that_mkdocs_counts(caplog):
    with caplog.at_level(logging.WARNING):
        assert hooks.on_post_page("<main>", page=PAGE, config=None) == "<main>"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].name.startswith("mkdocs.")
    assert "index.md" in caplog.text

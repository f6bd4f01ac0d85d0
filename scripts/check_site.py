"""Check a built site: `check_site.py SITE_DIR` prints each problem as `page: problem`.

What a strict build cannot see is looked for in the HTML that readers get: macros that failed
or were never run, links, images and anchors that lead nowhere, ids given twice, numbers that
disagree with numbers.json, and anything that would be fetched from another host.
"""

import json
import posixpath
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Comment, Script, Stylesheet, Tag

MACRO_FAILURES = ("Macro Rendering Error", "Macro Syntax Error")
JINJA_MARKS = ("{{", "{%", "{#")
ADDRESS_ATTRIBUTES = ("href", "src", "xlink:href", "poster")
# A browser follows these when a reader asks for them and loads nothing by itself.
PASSIVE_LINKS = {"alternate", "author", "canonical", "help", "license", "next", "prev"}
FOREIGN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


@dataclass(frozen=True)
class Page:
    """One HTML file of the site; `path` is relative to the site's root."""

    path: str
    html: str

    @property
    def url(self) -> str:
        """The address that MkDocs gives the page: "" for the home page, else "name/"."""
        return self.path.removesuffix("index.html")

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return BeautifulSoup(self.html, "html.parser")

    @cached_property
    def tags(self) -> list[Tag]:
        """Every element, in document order."""
        return list(self.soup.find_all(True))

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id is given."""
        return Counter(str(tag["id"]) for tag in self.tags if tag.has_attr("id"))

    @cached_property
    def rendered(self) -> str:
        """The text that readers see, and the attributes that they see or follow.

        A file that is shown under its name is left out: it may hold templates.
        """
        files = {id(block) for block in self.soup.select(".highlight:has(> .filename)")}
        texts = (
            str(text)
            for text in self.soup.find_all(string=True)
            if not isinstance(text, (Comment, Script, Stylesheet))
            and files.isdisjoint(map(id, text.parents))
        )
        attributes = (str(value) for tag in self.tags for value in tag.attrs.values())
        return "\n".join((*texts, *attributes))

    @cached_property
    def addresses(self) -> list[tuple[Tag, str]]:
        """Every address in the page, with the element that names it."""
        return [(tag, address) for tag in self.tags for address in addresses_of(tag)]

    @cached_property
    def numbers(self) -> list[str]:
        """The values of the computed numbers, in document order."""
        return [str(tag.get("value")) for tag in self.soup.select("data.quantity")]


@dataclass(frozen=True)
class Site:
    """All pages of a built site and the paths of all its files."""

    pages: dict[str, Page]
    files: frozenset[str]
    stylesheets: dict[str, str]
    listed_numbers: dict[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> "Site":
        """Read the site built in `folder`."""
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
        files = {name: path for name, path in sorted(files.items()) if path.is_file()}
        texts = {
            name: path.read_text(encoding="utf-8")
            for name, path in files.items()
            if path.suffix in {".html", ".css"}
        }
        return cls(
            pages={name: Page(name, html) for name, html in texts.items() if name.endswith("html")},
            files=frozenset(files),
            stylesheets={name: css for name, css in texts.items() if name.endswith("css")},
            listed_numbers=listed_numbers(folder / "numbers.json"),
        )

    @property
    def summary(self) -> str:
        """What there was to check."""
        addresses = sum(len(page.addresses) for page in self.pages.values())
        numbers = sum(len(page.numbers) for page in self.pages.values())
        return f"{len(self.pages)} pages, {addresses} addresses, {numbers} numbers checked"


def listed_numbers(path: Path) -> dict[str, list[str]]:
    """The values that numbers.json gives for each page, by their order in the page."""
    entries = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    by_page: dict[str, list[str]] = {}
    for entry in sorted(entries, key=lambda entry: (entry["page"], entry["order"])):
        by_page.setdefault(entry["page"], []).append(str(entry["value"]))
    return by_page


def addresses_of(tag: Tag) -> Iterator[str]:
    """The addresses that an element links to or loads."""
    for attribute in ADDRESS_ATTRIBUTES:
        if tag.has_attr(attribute):
            yield str(tag[attribute])
    if tag.name == "object" and tag.has_attr("data"):
        yield str(tag["data"])
    for candidate in str(tag.get("srcset", "")).split(","):
        if candidate.strip():
            yield candidate.split()[0]


def problems(site: Site) -> Iterator[str]:
    """Every problem of the site as `page: problem`."""
    if not site.pages:
        yield "site: no page"
    if not any(page.numbers for page in site.pages.values()):
        yield "site: no computed number"
    for name, css in site.stylesheets.items():
        yield from (f"{name}: loads {address}" for address in FOREIGN_CSS.findall(css))
    missing = set(site.listed_numbers) - {page.url for page in site.pages.values()}
    yield from (f"numbers.json: lists a page {url!r} that is not there" for url in sorted(missing))
    for page in site.pages.values():
        for check in CHECKS:
            yield from (f"{page.path}: {problem}" for problem in check(page, site))


def failed_macros(page: Page, _: Site) -> Iterator[str]:
    """Messages and boxes that macros leave in the page when they fail."""
    yield from (failure for failure in MACRO_FAILURES if failure in page.html)
    for box in page.soup.select(".mkdocs-cnn-error"):
        yield f"error box: {box.get_text(' ', strip=True)}"


def leftovers(page: Page, _: Site) -> Iterator[str]:
    """Template code that nobody ran."""
    for mark in JINJA_MARKS:
        _before, found, after = page.rendered.partition(mark)
        if found:
            yield f"leftover {mark}{after[:30]!r}"


def repeated_ids(page: Page, _: Site) -> Iterator[str]:
    """Ids that more than one element has."""
    yield from (f"id {name!r} given {n} times" for name, n in page.ids.items() if n > 1)


def broken_addresses(page: Page, site: Site) -> Iterator[str]:
    """Internal links, images and anchors that lead nowhere."""
    for tag, address in page.addresses:
        scheme, host, path, _query, fragment = urlsplit(address)
        if scheme or host:
            continue
        target = target_of(page.path, unquote(path))
        if target not in site.files:
            yield f"<{tag.name}> {address}: no such file"
        elif target in site.pages and unquote(fragment) not in {"", "top", *site.pages[target].ids}:
            yield f"<{tag.name}> {address}: no such anchor"


def target_of(page: str, path: str) -> str:
    """The file that `path` means in `page`; begins with ".." when it lies outside the site."""
    if not path:
        return page
    folder = "" if path.startswith("/") else posixpath.dirname(page)
    target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    is_folder = path.endswith(("/", "/.", "/..")) or path in {".", ".."}
    return posixpath.normpath(posixpath.join(target, "index.html")) if is_folder else target


def foreign(page: Page, _: Site) -> Iterator[str]:
    """What a browser would fetch from another host by itself."""
    for tag, address in page.addresses:
        passive = tag.name == "a" or (
            tag.name == "link" and PASSIVE_LINKS.issuperset(tag.get_attribute_list("rel"))
        )
        if not passive and urlsplit(address).netloc:
            yield f"<{tag.name}> loads {address}"
    for css in (*page.soup.find_all("style"), *page.soup.select("[style]")):
        for address in FOREIGN_CSS.findall(css.get_text() + str(css.get("style", ""))):
            yield f"<{css.name}> style loads {address}"


def disagreements(page: Page, site: Site) -> Iterator[str]:
    """Numbers in the page that are not those that numbers.json lists for it, in order."""
    listed = site.listed_numbers.get(page.url, [])
    if len(listed) != len(page.numbers):
        yield f"{len(page.numbers)} numbers in the page, {len(listed)} in numbers.json"
    for order, (shown, value) in enumerate(zip(page.numbers, listed, strict=False), start=1):
        if shown != value:
            yield f"number {order} is {shown} in the page, {value} in numbers.json"


CHECKS = (failed_macros, leftovers, repeated_ids, broken_addresses, foreign, disagreements)


def main(arguments: list[str]) -> int:
    """Print every problem of the site in the folder given; return 1 if there is any."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: check_site.py SITE_DIR", file=sys.stderr)
        return 2
    site = Site.read(Path(arguments[0]))
    found = list(problems(site))
    for problem in found:
        print(problem)
    print(f"{arguments[0]}: {site.summary}, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The texts that the book audits, and the literature that it cites.

Of the audited texts only what the copy at hand says of itself is recorded: where it names no
author, year or address, none is given here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_cnn.registry import Registry


@dataclass(frozen=True)
class Source:
    """A text that can be quoted or cited.

    Args:
        key: Its name in pages and in claims.
        authors: "Family, Given", in the order of the text; none where the text names none.
        year: Of publication; None where unknown.
        title: As printed, or in brackets a description where the copy at hand has no title.
        where: The journal, volume and pages, or what kind of text it is.
        url: A lasting address, or "" where none is known.
        short_title: What citations call a text without an author.
    """

    key: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    where: str
    url: str = ""
    short_title: str = ""

    @property
    def cited_as(self) -> str:
        """How a sentence cites it: "Goodfellow et al. 2016", "Dumoulin and Visin 2016"."""
        return f"{self._by} {self.year}" if self.year is not None else self._by

    @property
    def _by(self) -> str:
        families = [author.partition(",")[0] for author in self.authors]
        if not families:
            return f"“{self.short_title or self.title}”"
        return f"{families[0]} et al." if len(families) > 2 else " and ".join(families)


_AUDITED = (
    Source(
        "answers-sparsity",
        (),
        None,
        'How does " Sparsity of connections" in CNNs causes the network to have less parameters?',
        "A student's question and its answers; authors not named",
        short_title="How does sparsity of connections …?",
    ),
    Source(
        "notes-why",
        (),
        None,
        "Why Convolutions",
        "Lecture notes; author not named",
    ),
    Source(
        "part-5",
        (),
        None,
        "Convolutional Neural Networks — Part 5: Why Convolutions ?",
        "The last of five blog posts; author not named",
        short_title="Part 5: Why Convolutions ?",
    ),
    Source(
        "econometrician",
        (),
        None,
        "[Sparsity of connections, parameter sharing, and hierarchical feature engineering]",
        "A blog post that draws on econometrics; author not named, title not in our copy",
        short_title="an econometrician's account",
    ),
    Source(
        "ma-2025",
        ("Ma, Chao",),
        2025,
        "Chapter 9.2: Motivation for Convolutional Networks",
        "A web page on section 9.2 of Goodfellow et al. 2016, published 22 November 2025",
    ),
)

_LITERATURE = (
    Source(
        "fukushima-1980",
        ("Fukushima, Kunihiko",),
        1980,
        "Neocognitron: A Self-organizing Neural Network Model for a Mechanism of Pattern "
        "Recognition Unaffected by Shift in Position",
        "Biological Cybernetics 36, 193–202",
        "https://doi.org/10.1007/BF00344251",
    ),
    Source(
        "lecun-1989",
        (
            "LeCun, Yann",
            "Boser, Bernhard",
            "Denker, John S.",
            "Henderson, Donnie",
            "Howard, Richard E.",
            "Hubbard, Wayne",
            "Jackel, Lawrence D.",
        ),
        1989,
        "Backpropagation Applied to Handwritten Zip Code Recognition",
        "Neural Computation 1(4), 541–551",
        "https://doi.org/10.1162/neco.1989.1.4.541",
    ),
    Source(
        "lecun-1998",
        ("LeCun, Yann", "Bottou, Léon", "Bengio, Yoshua", "Haffner, Patrick"),
        1998,
        "Gradient-Based Learning Applied to Document Recognition",
        "Proceedings of the IEEE 86(11), 2278–2324",
        "https://doi.org/10.1109/5.726791",
    ),
    Source(
        "corsi-2009",
        ("Corsi, Fulvio",),
        2009,
        "A Simple Approximate Long-Memory Model of Realized Volatility",
        "Journal of Financial Econometrics 7(2), 174–196",
        "https://doi.org/10.1093/jjfinec/nbp001",
    ),
    Source(
        "gregor-2010",
        ("Gregor, Karo", "LeCun, Yann"),
        2010,
        "Emergence of Complex-Like Cells in a Temporal Product Network with Local Receptive Fields",
        "arXiv:1006.0448",
        "https://arxiv.org/abs/1006.0448",
    ),
    Source(
        "krizhevsky-2012",
        ("Krizhevsky, Alex", "Sutskever, Ilya", "Hinton, Geoffrey E."),
        2012,
        "ImageNet Classification with Deep Convolutional Neural Networks",
        "Advances in Neural Information Processing Systems 25, 1097–1105",
        "https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html",
    ),
    Source(
        "dumoulin-2016",
        ("Dumoulin, Vincent", "Visin, Francesco"),
        2016,
        "A guide to convolution arithmetic for deep learning",
        "arXiv:1603.07285",
        "https://arxiv.org/abs/1603.07285",
    ),
    Source(
        "goodfellow-2016",
        ("Goodfellow, Ian", "Bengio, Yoshua", "Courville, Aaron"),
        2016,
        "Deep Learning",
        "MIT Press, chapter 9",
        "https://www.deeplearningbook.org/",
    ),
)


def _by_key(*sources: Source) -> Registry[Source]:
    registry: Registry[Source] = Registry("source")
    for source in sources:
        registry.add(source.key, source)
    return registry


SOURCES = _by_key(*_AUDITED, *_LITERATURE)

"""Texts from which the subject is learnt, and that no author and year would name.

Of the audited ones only what the copy at hand says of itself is recorded: where it names no
author, year or address, none is given here.
"""

from __future__ import annotations

from mkdocs_cnn.claims.source import Source

AUDITED = (
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

LIVING = (  # pages that are changed from time to time; quoted as we found them
    Source(
        "torchvision",
        (),
        None,
        "torchvision.models",
        "The figures that version 0.29.1 of the library gives with its weights",
        "https://github.com/pytorch/vision",
    ),
    Source(
        "receptive-field-library",
        (),
        None,
        "google-research/receptive_field",
        "README of the library that goes with Araujo, Norris and Sim 2019",
        "https://github.com/google-research/receptive_field",
        short_title="receptive_field, README",
    ),
    Source(
        "cs231n",
        (),
        None,
        "Convolutional Neural Networks (CNNs / ConvNets)",
        "Notes of Stanford's course CS231n",
        "https://cs231n.github.io/convolutional-networks/",
        short_title="CS231n notes",
    ),
    Source(
        "keras",
        (),
        None,
        "Keras Applications",
        "Documentation of the library",
        "https://keras.io/api/applications/",
    ),
)

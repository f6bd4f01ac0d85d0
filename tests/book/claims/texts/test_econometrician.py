from itertools import groupby

from mkdocs_cnn.book.claims.texts.econometrician import LAGS, means_with


def test_lags_are_in_the_same_means_as_corsis_model_has_them():
    groups = [list(lags) for _, lags in groupby(LAGS, means_with)]
    assert groups == [[1], [2, 3, 4, 5], list(range(6, 23))]

"""Networks, losses, optimisers and training, against hand-worked steps, SciPy and PyTorch."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from mkdocs_cnn.experiments.neural.layers import Conv2d, Linear
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.optimisers import SGD, Adam
from mkdocs_cnn.experiments.neural.training import (
    Examples,
    TrainingSettings,
    batches,
    best_of_rates,
    count_wrong,
    cross_entropy,
    descend,
    train,
    train_with_best_rate,
)
from mkdocs_cnn.experiments.neural.weightless import GlobalAvgPool2d, MaxPool2d, ReLU

NET = Network((Conv2d(1, 3, 3, padding=1), ReLU(), MaxPool2d(2), Linear(12, 3)))


@pytest.fixture
def task() -> Examples:
    """Three patterns in noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 60)
    patterns = rng.normal(size=(3, 1, 4, 4))
    return Examples(patterns[labels] + 0.3 * rng.normal(size=(60, 1, 4, 4)), labels)


# -- losses


def test_cross_entropy_is_scipys(task: Examples) -> None:
    logits = np.random.default_rng(1).normal(size=(60, 3)) * 4
    value, slope = cross_entropy(logits, task.y)
    assert value == pytest.approx(-log_softmax(logits, axis=1)[np.arange(60), task.y].mean())
    step = 1e-6
    for place in ((0, 0), (17, 2), (59, 1)):
        moved = [logits.copy(), logits.copy()]
        moved[0][place] += step
        moved[1][place] -= step
        ahead, behind = (cross_entropy(each, task.y)[0] for each in moved)
        assert slope[place] == pytest.approx((ahead - behind) / (2 * step), abs=1e-8)


def test_cross_entropy_of_large_logits_does_not_overflow() -> None:
    value, slope = cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    assert value == pytest.approx(1000)
    assert slope.tolist() == [[1, -1]]


def test_one_large_logit_does_not_silence_the_other_examples() -> None:
    value, slope = cross_entropy(np.array([[2000.0, 0.0], [0.0, 0.0]]), np.array([0, 1]))
    assert value == pytest.approx(np.log(2) / 2)
    assert slope.tolist() == [[0, 0], [0.25, -0.25]]


# -- networks


def test_a_network_takes_rates_back_through_all_its_layers(task: Examples) -> None:
    x, labels = task.x, task.y
    weights = NET.initial(np.random.default_rng(2))
    out, pullback = NET.forward(weights, x)
    of_x, of_weights = pullback(cross_entropy(out, labels)[1])
    step = 1e-6
    arrays = [(x, of_x)]
    for layer, gradients in zip(weights, of_weights, strict=True):
        arrays += list(zip(layer, gradients, strict=True))
    for array, gradient in arrays:
        place = np.unravel_index(abs(gradient).argmax(), gradient.shape)
        found = []
        for sign in (1, -1):
            array[place] += sign * step
            found.append(cross_entropy(NET(weights, x), labels)[0])
            array[place] -= sign * step
        assert gradient[place] == pytest.approx((found[0] - found[1]) / (2 * step), rel=1e-5)


def test_outputs_do_not_depend_on_how_many_are_computed_at_a_time(task: Examples) -> None:
    weights = NET.initial(np.random.default_rng(3))
    whole = NET.activations(weights, task.x)
    assert [part.shape[1:] for part in whole] == [(3, 4, 4), (3, 4, 4), (3, 2, 2), (3,)]
    assert np.allclose(NET(weights, task.x, batch_size=7), whole[-1])


def test_outputs_are_computed_no_more_than_a_batch_at_a_time() -> None:
    seen = []

    class Spy(ReLU):
        def forward(self, weights: Any, x: Any) -> Any:
            seen.append(len(x))
            return super().forward(weights, x)

    Network((Spy(),))(((),), np.ones((600, 2)))
    Network((Spy(),))(((),), np.ones((10, 2)), batch_size=4)
    assert seen == [256, 256, 88, 4, 4, 2]


def test_parameters_are_those_of_all_layers() -> None:
    assert NET.parameters == (9 + 1) * 3 + (12 + 1) * 3


def test_a_convolution_before_global_pooling_does_not_notice_a_shift_on_a_ring() -> None:
    net = Network(
        (
            Conv2d(1, 4, 3, padding=1, padding_mode="circular"),
            ReLU(),
            GlobalAvgPool2d(),
            Linear(4, 2),
        )
    )
    weights = net.initial(np.random.default_rng(4))
    x = np.random.default_rng(5).normal(size=(3, 1, 6, 6))
    assert np.allclose(net(weights, x), net(weights, np.roll(x, (2, 1), axis=(2, 3))))


# -- optimisers


def test_two_steps_of_sgd_with_momentum_by_hand() -> None:
    weight = np.array([1.0])
    rule = SGD(0.1, momentum=0.25)
    state = rule.start([weight])
    rule.step([weight], [np.array([2.0])], state)  # velocity 2
    assert weight[0] == pytest.approx(1 - 0.2)
    rule.step([weight], [np.array([1.0])], state)  # velocity 0.25 · 2 + 1
    assert weight[0] == pytest.approx(0.8 - 0.15)


def test_two_steps_of_adam_by_hand() -> None:
    weight = np.array([1.0])
    rule = Adam(0.1, beta1=0.5, beta2=0.75, epsilon=0)
    state = rule.start([weight])
    rule.step([weight], [np.array([4.0])], state)
    assert weight[0] == pytest.approx(1 - 0.1)  # the first step is the rate, whatever the gradient
    rule.step([weight], [np.array([-2.0])], state)
    # means: (0.5 · 2 − 1) / (1 − 0.25) = 0, so it stays
    assert weight[0] == pytest.approx(0.9)


def test_adam_is_its_papers_sums_over_past_gradients() -> None:
    rate, beta1, beta2, epsilon = 0.1, 0.9, 0.8, 0.5
    gradients = np.random.default_rng(9).normal(size=(5, 3))
    weight = np.zeros(3)
    rule = Adam(rate, beta1, beta2, epsilon)
    state = rule.start([weight])
    expected = np.zeros(3)
    for now in range(1, 6):
        rule.step([weight], [gradients[now - 1]], state)
        ages = np.arange(now)[::-1, None]
        mean = (beta1**ages * gradients[:now]).sum(0) / (beta1**ages).sum()
        square = (beta2**ages * gradients[:now] ** 2).sum(0) / (beta2**ages).sum()
        expected -= rate * mean / (np.sqrt(square) + epsilon)
        assert np.allclose(weight, expected)


def test_optimisers_begin_with_the_settings_of_their_papers() -> None:
    assert SGD(0.1) == SGD(0.1, momentum=0.9)
    assert Adam(0.1) == Adam(0.1, beta1=0.9, beta2=0.999, epsilon=1e-8)


@pytest.mark.parametrize("rule", [SGD(0.1), Adam(0.1)], ids=["SGD", "Adam"])
def test_a_weight_without_gradient_stays_where_it_is(rule: Any) -> None:
    weight = np.array([0.7])
    state = rule.start([weight])
    for _ in range(3):
        rule.step([weight], [np.zeros(1)], state)
    assert weight[0] == 0.7


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_steps_are_pytorchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(6)
    weight = rng.normal(size=(3, 4))
    there = torch.tensor(weight.copy(), requires_grad=True)
    rule: Any = SGD(0.05, 0.9) if name == "SGD" else Adam(0.05)
    extra = {"momentum": 0.9} if name == "SGD" else {}
    theirs = getattr(torch.optim, name)([there], lr=0.05, **extra)
    state = rule.start([weight])
    for _ in range(6):
        gradient = rng.normal(size=(3, 4))
        rule.step([weight], [gradient], state)
        there.grad = torch.tensor(gradient)
        theirs.step()
    assert np.allclose(weight, there.detach().numpy())


# -- training


def fit(task: Examples, seed: Any = 0, rate: float = 0.02, steps: int = 60) -> Any:
    settings = TrainingSettings(steps=steps, batch_size=16)
    return train(NET, task, settings, Adam(rate), np.random.default_rng(seed))


def test_training_learns(task: Examples) -> None:
    before = NET.initial(np.random.default_rng(0))
    assert count_wrong(NET, before, task) > 20
    assert count_wrong(NET, fit(task), task) == 0


def test_the_same_generator_gives_the_same_weights(task: Examples) -> None:
    first, again, other = fit(task), fit(task), fit(task, seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(first[0], again[0], strict=True))
    assert not np.array_equal(first[0][0], other[0][0])


def test_the_first_weights_are_those_of_the_generator(task: Examples) -> None:
    for seed in (0, 1):
        first, expected = fit(task, seed, steps=0), NET.initial(np.random.default_rng(seed))
        for layer, of_layer in zip(first, expected, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(layer, of_layer, strict=True))


def test_training_is_pytorchs_step_for_step(task: Examples) -> None:
    torch = pytest.importorskip("torch")
    x, labels = (torch.tensor(each) for each in (task.x, task.y))
    conv, linear = torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.Linear(12, 3)
    theirs = torch.nn.Sequential(
        conv, torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), linear
    ).double()
    rng = np.random.default_rng(0)
    first = [array for layer in NET.initial(rng) for array in layer]
    with torch.no_grad():
        for parameter, array in zip(theirs.parameters(), first, strict=True):
            parameter.copy_(torch.tensor(array).reshape(parameter.shape))
    rule = torch.optim.Adam(theirs.parameters(), lr=0.02)
    for chosen in batches(60, 16, 10, rng):
        rule.zero_grad()
        torch.nn.functional.cross_entropy(theirs(x[chosen]), labels[chosen]).backward()
        rule.step()
    found = [array for layer in fit(task, steps=10) for array in layer]
    for array, parameter in zip(found, theirs.parameters(), strict=True):
        assert np.allclose(array.ravel(), parameter.detach().numpy().ravel())


def test_every_example_is_seen_before_one_is_seen_again() -> None:
    rng = np.random.default_rng(7)
    seen = np.concatenate(list(batches(10, 4, 10, rng)))
    assert len(seen) == 40
    for epoch in seen.reshape(4, 10):
        assert sorted(epoch) == list(range(10))
    assert not np.array_equal(seen[:10], seen[10:20])


def test_where_there_are_few_examples_a_batch_is_all_of_them() -> None:
    for batch in batches(3, 8, 5, np.random.default_rng(8)):
        assert sorted(batch) == [0, 1, 2]


def test_those_that_watch_see_every_step(task: Examples) -> None:
    seen: list[Any] = []

    def watch(step: int, weights: Any) -> None:
        seen.append((step, weights[0][0].copy()))

    descend(NET, NET.initial(np.random.default_rng(0)), [task] * 3, SGD(0.01), watch)
    assert [step for step, _ in seen] == [0, 1, 2, 3]
    assert all(not np.array_equal(a, b) for (_, a), (_, b) in pairwise(seen))


def test_the_rate_with_the_fewest_errors_is_chosen(task: Examples) -> None:
    rates = (1e-9, 0.02, 1e-8)
    best = best_of_rates(rates, lambda rate: fit(task, rate=rate), NET, task)
    assert best.rate == 0.02
    assert np.array_equal(best.weights[0][0], fit(task)[0][0])
    settings = TrainingSettings(rates=rates, steps=60, batch_size=16)
    same = train_with_best_rate(NET, task, task, settings, [0])
    assert same.rate == 0.02
    assert np.array_equal(same.weights[0][0], fit(task, seed=[0])[0][0])


def test_of_rates_with_as_many_errors_the_lower_loss_is_chosen(task: Examples) -> None:
    def found(rate: float) -> Any:
        weights = fit(task)
        return (*weights[:-1], tuple(rate * array for array in weights[-1]))

    assert best_of_rates((1.0, 3.0), found, NET, task).rate == 3.0


def test_fewer_errors_are_chosen_before_a_lower_loss() -> None:
    line = Network((Linear(1, 2),))
    x, labels = np.array([[1.0], [1.0], [-1.0]]), np.array([0, 0, 1])

    def found(rate: float) -> Any:
        """Rate 1 is right and sure of nothing; rate 2 is surer, and wrong once."""
        if rate == 1:
            return ((np.array([[1e-3], [0.0]]), np.zeros(2)),)
        return ((np.zeros((2, 1)), np.array([0.5, 0.0])),)

    losses = [cross_entropy(line(found(rate), x), labels)[0] for rate in (1.0, 2.0)]
    assert losses[1] < losses[0]
    best = best_of_rates((2.0, 1.0), found, line, Examples(x, labels))
    assert best.rate == 1.0

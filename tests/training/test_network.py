"""The network has the published shape, and a grown one computes what it grew from."""

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.grow import copies, grow  # noqa: E402 - only where torch is
from cxr_desktop.training.network import YoloV5Classifier  # noqa: E402 - only where torch is

# Published parameter counts of the family with 2 classes.
PARAMETERS = {"n": 1_214_562, "s": 4_175_042, "m": 11_679_202, "l": 25_274_242, "x": 46_818_722}


@pytest.mark.parametrize("scale", PARAMETERS)
def test_a_network_has_the_published_number_of_parameters(scale: str) -> None:
    with torch.device("meta"):
        network = YoloV5Classifier(scale)
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS[scale]


def test_the_head_normalises_with_its_own_epsilon() -> None:
    with torch.device("meta"):
        network = YoloV5Classifier("n")
    assert network.head.conv.bn.eps == 1e-5
    epsilons = {m.eps for m in network.stages.modules() if isinstance(m, torch.nn.BatchNorm2d)}
    assert epsilons == {1e-3}


def _shaken(scale: str) -> YoloV5Classifier:
    """A network whose every BatchNorm does something, as after training."""
    torch.manual_seed(3)
    network = YoloV5Classifier(scale)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
    network.head.linear.weight.data.normal_()
    return network.eval()


def test_a_grown_network_computes_the_same() -> None:
    small, large = _shaken("n"), YoloV5Classifier("s").eval()
    grow(small, large, noise=0.0)
    film = torch.randn(2, 3, 64, 64)
    torch.testing.assert_close(large(film), small(film), rtol=1e-4, atol=1e-4)


def test_noise_parts_the_copies() -> None:
    small, large = _shaken("n"), YoloV5Classifier("s").eval()
    grow(small, large, noise=0.02)
    weight = large.state_dict()["stages.0.conv.weight"]
    first, copy = weight[0], weight[16]
    assert not torch.equal(first, copy)
    torch.testing.assert_close(first, copy, rtol=0.3, atol=1e-3)


def test_a_network_does_not_shrink() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        grow(YoloV5Classifier("s"), YoloV5Classifier("n"))


def test_copies_start_with_the_channels_themselves() -> None:
    assert copies(3, 7).tolist() == [0, 1, 2, 0, 1, 2, 0]

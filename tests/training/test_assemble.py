"""Small networks side by side in a large one give the mean of their answers."""

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from torch import Tensor  # noqa: E402 - only where torch is

from cxr_desktop.training.assemble import assemble  # noqa: E402 - only where torch is
from cxr_desktop.training.network import YoloV5Classifier  # noqa: E402 - only where torch is


def _member(seed: int, scale: str = "n", head_channels: int = 256) -> YoloV5Classifier:
    """A network whose every BatchNorm does something, as after training."""
    torch.manual_seed(seed)
    network = YoloV5Classifier(scale, head_channels=head_channels)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
    network.head.linear.weight.data.normal_()
    network.head.linear.bias.data.normal_()
    return network.eval()


@torch.inference_mode()
def _mean(members: list[YoloV5Classifier], film: Tensor) -> Tensor:
    return torch.stack([member(film) for member in members]).mean(0)


def test_two_members_of_half_the_width_fill_a_network_exactly() -> None:
    members = [_member(1, head_channels=640), _member(2, head_channels=640)]
    large = YoloV5Classifier("s").eval()
    assemble(members, large)
    film = torch.randn(2, 3, 64, 64)
    torch.testing.assert_close(large(film), _mean(members, film), rtol=1e-4, atol=1e-4)


def test_five_small_members_fill_the_largest_of_the_family() -> None:
    members = [_member(seed) for seed in range(5)]
    large = YoloV5Classifier("x").eval()
    assemble(members, large)
    film = torch.randn(1, 3, 64, 64)
    torch.testing.assert_close(large(film), _mean(members, film), rtol=1e-4, atol=1e-4)


def test_members_of_different_width_share_a_network() -> None:
    members = [_member(1, "m", 768), _member(2, "s", 512)]
    large = YoloV5Classifier("x").eval()
    assemble(members, large)
    film = torch.randn(1, 3, 64, 64)
    torch.testing.assert_close(large(film), _mean(members, film), rtol=1e-4, atol=1e-4)


def test_nothing_crosses_between_members_at_first() -> None:
    members = [_member(1, head_channels=640), _member(2, head_channels=640)]
    large = YoloV5Classifier("s")
    assemble(members, large)
    weight = large.state_dict()["stages.1.conv.weight"]
    own = members[0].state_dict()["stages.1.conv.weight"]
    assert torch.equal(weight[: own.shape[0], : own.shape[1]], own)
    assert not weight[: own.shape[0], own.shape[1] :].any()


def test_members_that_are_too_narrow_are_refused() -> None:
    with pytest.raises(ValueError, match="not as wide"):
        assemble([_member(1)], YoloV5Classifier("x"))


def test_members_with_heads_that_do_not_add_up_are_refused() -> None:
    members = [_member(seed, head_channels=1280) for seed in range(2)]
    with pytest.raises(ValueError, match="not as wide"):
        assemble(members, YoloV5Classifier("s"))

"""Linear layers with a LoRA adapter that bfloat16 does not swallow."""

from typing import Any

import torch
from peft.tuners.lora import Linear
from torch.nn import functional


class AdaptedLinear(torch.nn.Module):
    """W x + s B A x as one product, of [W, s B] with x and A x below it.

    The product is summed in float32 and rounded once. To add s B A x to a W x that is rounded
    already, or s B A to the weights W, loses whatever is below half a unit in the last of their 8
    bits, and of a small adapter that is half and more.
    """

    def __init__(self, layer: Linear) -> None:
        """
        Args:
            layer: PEFT's, in the number format of the weights.
        """
        super().__init__()
        base, name = layer.get_base_layer(), layer.active_adapters[0]
        dtype = base.weight.dtype
        up = layer.lora_B[name].weight * layer.scaling[name]
        self.weight = _frozen(torch.cat([base.weight, up.to(dtype)], dim=1))
        self.bias = base.bias
        self.down = _frozen(layer.lora_A[name].weight.to(dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The layer's output, in the number format of the weights."""
        low = functional.linear(x, self.down)
        return functional.linear(torch.cat([x, low], dim=-1), self.weight, self.bias)


def join_products(model: Any) -> None:
    """Replace the bfloat16 layers of a model to which PEFT has applied a plain LoRA adapter; those
    with another kind of adapter stay."""
    for name, layer in [*model.named_modules()]:
        if (
            type(layer) is Linear
            and not layer.lora_variant
            and not any(layer.lora_bias.values())
            and layer.get_base_layer().weight.dtype == torch.bfloat16
        ):
            model.set_submodule(name, AdaptedLinear(layer))


def _frozen(weight: torch.Tensor) -> torch.nn.Parameter:
    return torch.nn.Parameter(weight.detach(), requires_grad=False)

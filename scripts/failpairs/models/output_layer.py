"""The output layer of a model, which gives the logits."""

from typing import Any

import torch


class Float32Linear(torch.nn.Linear):
    """A linear layer that computes in float32, also where mixed precision is on."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__(layer.in_features, layer.out_features, bias=False, device="meta")
        self.weight = _in_float32(layer.weight)
        self.bias = None if layer.bias is None else _in_float32(layer.bias)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Logits of hidden states of any number format."""
        with torch.autocast(hidden.device.type, enabled=False):
            return super().forward(hidden.float())


def compute_logits_in_float32(model: Any) -> None:
    """Have the output layer of a bfloat16 model compute in float32, so that logits are not rounded
    to 8 bits, of which half a unit is a sixteenth of a nat at logits from 16 to 32.

    The copy of its weights takes vocabulary x hidden size x 4 bytes, in place of half of that where
    the model does not share them with its embeddings, which stay as they are (1.2 GiB for
    Qwen2.5-Coder-3B, which shares them). A float32 model is left as it is.
    """
    layer = model.get_output_embeddings()
    if isinstance(layer, torch.nn.Linear) and layer.weight.dtype != torch.float32:
        model.set_output_embeddings(Float32Linear(layer))
        model.config.tie_word_embeddings = False


def _in_float32(weight: torch.Tensor) -> torch.nn.Parameter:
    return torch.nn.Parameter(weight.data.float(), requires_grad=False)

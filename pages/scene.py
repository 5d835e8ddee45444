"""What a page reads: a state through the forward pass, as one frozen value."""

from dataclasses import dataclass

from core import Architecture, Example, Parameters, Trace, forward
from core.network import every_value
from core.parameters import Vector
from core.settings import Place, Settings


@dataclass(frozen=True)
class Scene:
    """The network, its example, where it is computed, and the forward pass that every page shows."""

    parameters: Parameters
    example: Example
    architecture: Architecture
    device: str
    precision: str
    trace: Trace[Vector, float]

    @property
    def known(self) -> dict[str, float]:
        """The number behind every symbol, by key."""
        return every_value(self.parameters, self.example, self.trace)

    @property
    def place(self) -> Place:
        """The keyword arguments that say where core computes."""
        return {"device": self.device, "precision": self.precision}


def scene_of(settings: Settings) -> Scene:
    """A state, through the forward pass."""
    point = settings.parameters, settings.example
    trace = forward(*point, architecture=settings.architecture, **settings.place)
    return Scene(*point, settings.architecture, settings.device, settings.precision, trace)

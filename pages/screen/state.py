"""What the person has chosen, as one frozen value that a page reads and never changes."""

from dataclasses import dataclass

from core import Architecture, Example, Parameters, Trace, forward
from core.network import every_value
from core.parameters import Vector
from core.settings import Place, Settings
from pages.screen.session import settings_now


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


def compute_scene() -> Scene:
    """What the screen says, through the forward pass, once a run."""
    return scene_of(settings_now())


def scene_of(settings: Settings) -> Scene:
    """A state through the forward pass."""
    parameters, example, architecture = settings.parameters, settings.example, settings.architecture
    trace = forward(parameters, example, architecture=architecture, **settings.place)
    return Scene(parameters, example, architecture, settings.device, settings.precision, trace)

"""What the network learns from, in words."""

from core import DATASETS
from core.settings import Settings


def about_the_data(settings: Settings) -> list[str]:
    """What the rows are, what to look for, and what is stochastic about the steps."""
    rows, size = settings.chosen_rows, settings.batch_size
    if rows is None:
        return [
            "With a single example there is nothing to draw at random, so **stochastic gradient descent** (SGD) is "
            "here plain gradient descent. Choose a data set above, and each step draws some of its rows."
        ]
    if size:
        drawn = (
            f"Each step draws {size} of the {len(rows)} rows at random and goes by their mean loss alone: that is what "
            "makes gradient descent **stochastic**. Within an epoch every row is drawn once; the same seed draws the "
            "same rows."
        )
    else:
        drawn = (
            f"Each step uses the mean loss of all {len(rows)} rows, so nothing is left to chance. Let a step draw "
            "fewer rows, and it becomes **stochastic**."
        )
    known = DATASETS.get(settings.data)
    lesson = [f"{known.name}: {known.sentence} {known.look_for}"] if known else []
    return [*lesson, drawn, "The sliders’ example is the row that the other pages study; it is drawn as a diamond."]

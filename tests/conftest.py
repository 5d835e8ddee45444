"""Settings every test shares: hypothesis draws the same examples on every machine and keeps no stop-watch."""

import torch
from hypothesis import settings

# A test that fails today fails tomorrow too, and a busy machine is no reason to fail.
settings.register_profile("house", deadline=None, derandomize=True, database=None, print_blob=False)
settings.load_profile("house")

# As the server has it: tensors of a dozen numbers gain nothing from a second thread, and two workers share the cores.
torch.set_num_threads(1)

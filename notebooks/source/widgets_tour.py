# ---
# title: All widgets, one after another
# summary: Each cell stands alone, so copy the one you want into a notebook of yours.
# ---

# %% [markdown]
# ## TokenizerLab
#
# Type a text with your own name in it, and see where four tokenizers cut it.

# %%
from widgets.tokenization import TokenizerLab

TokenizerLab()

# %% [markdown]
# ## BPEStepper
#
# Guess which pair is merged next, pick it, and go on one step.

# %%
from widgets.bpe import BPEStepper

BPEStepper()

# %% [markdown]
# ## NextTokenLab
#
# Lower top-p until one token is left; then take another one and let the text branch.

# %%
from widgets.generation import NextTokenLab

NextTokenLab()

# %% [markdown]
# ## TrainingLab
#
# Start a run, halve the learning rate while it trains, and compare it with the run
# before.

# %%
from widgets.training import TrainingLab

TrainingLab()

# %% [markdown]
# ## SearchLab
#
# Brush the learning rate to the best trials, and see what else they have in common.

# %%
from widgets.hyperparameters import SearchLab

SearchLab()

# %% [markdown]
# ## EvaluationLab
#
# Pick the cell with the misses, and read which texts they are; then move the threshold.

# %%
from widgets.evaluation import EvaluationLab

EvaluationLab()

# %% [markdown]
# ## OverlapLab
#
# Choose *the the the*, and see what clipping is for; then write a better translation.

# %%
from widgets.overlap import OverlapLab

OverlapLab()

# %% [markdown]
# ## ExplanationLab
#
# Pick a word, change it, and see whose value was right about it.

# %%
from widgets.explanation import ExplanationLab

ExplanationLab()

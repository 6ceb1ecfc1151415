"""From priors and targets to an ensemble of parameter sets: screening, history matching in waves, a posterior.

`language` is what a study file says, `read` reads it, `evidence` is what a figure may be used for. Numbers lie in
`priors` (parameters on the unit cube) and `targets` (levels with their variances). `runs` makes runs of the model by
the sweep engine. The method is in `design`, `screening`, `emulator`, `implausibility`, `retained` and `posterior`;
`waves` puts it together and knows nothing of the model, so that `recovery` can try it on problems whose answer is
known. `files` keeps what comes out, and `page` tells it.
"""

"""Draw hidden data and parameters until every mistake shows on them.

`samplers` draw the inputs of many candidates at once, each by what the forward pass does with it; `evidence`
determines on which of them the gradients show mistakes; `draw` combines the two.
"""
